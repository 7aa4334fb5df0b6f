{#- One row per figure and unbroken stretch of equal readings (gaps and islands over the readings of its delivery). -#}
with readings as (

    select
        figures.*,
        spans.edition_id,
        spans.valid_from,
        spans.valid_to,
        spans.edition_step
    from {{ ref('stg_lake__figures') }} as figures
    inner join {{ ref('reading_spans') }} as spans
        on figures.reading_id = spans.reading_id

),

islands as (

    select
        *,
        edition_step - row_number() over (partition by figure_id, content_hash order by edition_step) as island
    from readings

),

stretches as (

    select
        *,
        min(valid_from) over (partition by figure_id, content_hash, island) as recorded_from,
        row_number() over (partition by figure_id, content_hash, island order by edition_step desc) as latest_first
    from islands

)

select
    stretches.figure_id,
    stretches.source_id,
    stretches.origin_id,
    stretches.document_id,
    stretches.edition_id,
    stretches.region_code,
    stretches.scope_note,
    stretches.indicator_code,
    stretches.variant,
    stretches.breakdown,
    stretches.indicator_as_printed,
    stretches.period,
    stretches.period_basis,
    stretches.base_period,
    stretches.kind,
    stretches.target_kind,
    stretches.comparator,
    stretches.nature,
    stretches.strength,
    stretches.statement_id,
    stretches.printed_text,
    stretches.printed_value,
    stretches.printed_value_hi,
    stretches.printed_unit,
    stretches.printed_decimals,
    stretches.value,
    stretches.value_lo,
    stretches.value_hi,
    stretches.lo_closed,
    stretches.hi_closed,
    stretches.unit,
    stretches.layout,
    stretches.section,
    stretches.line_start,
    stretches.line_end,
    stretches.page,
    stretches.sheet,
    stretches.cell,
    stretches.address,
    stretches.published_at,
    stretches.published_precision,
    stretches.release_type,
    stretches.obs_status,
    stretches.recorded_from,
    stretches.valid_to as recorded_to,
    -- Table before text: the table is the plan's own summary; among equals the first printing.
    case stretches.layout when 'cell' then 0 when 'table' then 1 when 'box' then 2 else 3 end as layout_rank
from stretches
where stretches.latest_first = 1
