{#- One row per directional statement and unbroken stretch of equal readings, as figure_versions has them of figures. A
    statement is a target of its own kind: what is to rise is at least what it is, what is to fall at most. -#}
with readings as (

    select
        statements.*,
        spans.edition_id,
        spans.published_at,
        spans.valid_from,
        spans.valid_to,
        spans.edition_step
    from {{ ref('stg_lake__directional_statements') }} as statements
    inner join {{ ref('reading_spans') }} as spans
        on statements.reading_id = spans.reading_id

),

islands as (

    select
        *,
        edition_step - row_number() over (partition by statement_id, content_hash order by edition_step) as island
    from readings

),

stretches as (

    select
        *,
        'directional' as target_kind,
        cast({{ last_year('period') }} as {{ dbt.type_string() }}) as milestone,
        min(valid_from) over (partition by statement_id, content_hash, island) as recorded_from,
        row_number() over (partition by statement_id, content_hash, island order by edition_step desc) as latest_first
    from islands

)

select
    statement_id,
    {{ target_id() }} as target_id,
    source_id,
    document_id,
    edition_id,
    published_at,
    region_code,
    scope_note,
    indicator_code,
    variant,
    breakdown,
    target_kind,
    milestone,
    indicator_as_printed,
    period,
    period_basis,
    direction,
    case direction when 'up' then 'ge' when 'down' then 'le' else 'eq' end as comparator,
    strength,
    printed_text,
    section,
    line_start,
    line_end,
    page,
    address,
    recorded_from,
    valid_to as recorded_to
from stretches
where latest_first = 1
