{#- Document x region x indicator x variant x breakdown x target kind x milestone, with the printing that speaks for the
    target (table before text) and the printed baseline that it starts from. A directional target is stated, not
    printed as a figure: its numbers and its figure are null. -#}
with printed as (

    select
        figures.*,
        cast({{ last_year('figures.period') }} as {{ dbt.type_string() }}) as milestone,
        -- A bare number in a table is a threshold in the indicator's direction.
        case
            when figures.comparator <> 'eq' then figures.comparator
            when figures.target_kind in ('multiple', 'growth_avg', 'growth_total', 'new_flow', 'cumulative_flow', 'rank_change')
                then 'ge'
            when indicators.direction = 'up' then 'ge'
            when indicators.direction = 'down' then 'le'
            else 'eq'
        end as read_comparator,
        indicators.direction
    from {{ ref('current_figures') }} as figures
    inner join {{ ref('indicators') }} as indicators
        on figures.indicator_code = indicators.indicator_code
    where figures.kind = 'target'

),

printings as (

    select
        document_id,
        document_title,
        edition_id,
        published_at,
        region_code,
        indicator_code,
        variant,
        breakdown,
        target_kind,
        milestone,
        period,
        figure_id,
        cast(null as {{ dbt.type_string() }}) as statement_id,
        read_comparator,
        strength,
        nature,
        direction,
        value,
        printed_value,
        printed_value_hi,
        printed_decimals,
        printed_unit,
        unit,
        layout,
        layout_rank,
        line_start,
        sheet,
        page,
        cell
    from printed
    union all
    select
        statements.document_id,
        cast(null as {{ dbt.type_string() }}) as document_title,
        statements.edition_id,
        statements.published_at,
        statements.region_code,
        statements.indicator_code,
        statements.variant,
        statements.breakdown,
        statements.target_kind,
        statements.milestone,
        statements.period,
        cast(null as {{ dbt.type_string() }}) as figure_id,
        statements.statement_id,
        statements.comparator as read_comparator,
        statements.strength,
        'unstated' as nature,
        indicators.direction,
        cast(null as {{ value_type() }}) as value,
        cast(null as {{ value_type() }}) as printed_value,
        cast(null as {{ value_type() }}) as printed_value_hi,
        cast(null as integer) as printed_decimals,
        cast(null as {{ dbt.type_string() }}) as printed_unit,
        cast(null as {{ dbt.type_string() }}) as unit,
        'narrative' as layout,
        3 as layout_rank,
        statements.line_start,
        cast(null as {{ dbt.type_string() }}) as sheet,
        statements.page,
        cast(null as {{ dbt.type_string() }}) as cell
    from {{ ref('directional_statement_versions') }} as statements
    inner join {{ ref('indicators') }} as indicators
        on statements.indicator_code = indicators.indicator_code
    where statements.recorded_to is null

),

ranked as (

    select
        *,
        {{ target_id() }} as target_id,
        row_number() over (
            partition by document_id, region_code, indicator_code, variant, breakdown, target_kind, milestone
            order by published_at desc nulls last, layout_rank, line_start, figure_id, statement_id
        ) as precedence
    from printings

),

baselines as (

    select
        figures.*,
        row_number() over (
            partition by document_id, region_code, indicator_code, variant, breakdown
            order by period desc, published_at desc nulls last, layout_rank, line_start, figure_id
        ) as precedence
    from {{ ref('current_figures') }} as figures
    where figures.kind = 'baseline' and figures.indicator_code is not null and figures.comparator = 'eq'

),

multiples as (

    select document_id, region_code, indicator_code, variant, breakdown, milestone, max(value) as factor
    from ranked
    where target_kind = 'multiple'
    group by document_id, region_code, indicator_code, variant, breakdown, milestone

),

levels as (

    select document_id, region_code, indicator_code, variant, breakdown, milestone, max(value) as level_value
    from ranked
    where target_kind = 'level' and precedence = 1
    group by document_id, region_code, indicator_code, variant, breakdown, milestone

)

select
    ranked.target_id,
    ranked.document_id,
    ranked.document_title,
    ranked.edition_id,
    ranked.region_code,
    ranked.indicator_code,
    ranked.variant,
    ranked.breakdown,
    ranked.target_kind,
    ranked.milestone,
    ranked.period,
    ranked.figure_id,
    ranked.read_comparator as comparator,
    ranked.strength,
    ranked.nature,
    ranked.direction,
    ranked.value,
    ranked.printed_value_hi,
    -- the upper end of a range in the unit of value: the two ends are printed in one unit
    case
        when ranked.printed_value_hi is null or ranked.value = ranked.printed_value then ranked.printed_value_hi
        when ranked.printed_value <> 0
            then {{ as_value(as_double('ranked.printed_value_hi') ~ ' * ' ~ as_double('ranked.value') ~ ' / ' ~ as_double('ranked.printed_value')) }}
    end as range_hi,
    ranked.printed_value,
    ranked.printed_decimals,
    ranked.printed_unit,
    ranked.unit,
    ranked.layout,
    ranked.line_start,
    ranked.sheet,
    ranked.page,
    ranked.cell,
    baselines.figure_id as baseline_figure_id,
    coalesce(
        baselines.value,
        case
            when multiples.factor > 0
                then {{ as_value(as_double('levels.level_value') ~ ' / ' ~ as_double('multiples.factor')) }}
        end
    ) as baseline_value,
    baselines.value_lo as baseline_lo,
    baselines.value_hi as baseline_hi,
    baselines.period as baseline_period,
    baselines.printed_decimals as baseline_decimals,
    case
        when baselines.value = 0 then 'zero'
        when baselines.value is not null then 'stated'
        when multiples.factor is not null and levels.level_value is not null then 'implied'
        else 'missing'
    end as printed_baseline_status
from ranked
left join baselines
    on ranked.document_id = baselines.document_id
    and ranked.region_code = baselines.region_code
    and ranked.indicator_code = baselines.indicator_code
    and ranked.variant = baselines.variant
    and ranked.breakdown = baselines.breakdown
    and baselines.precedence = 1
    and {{ last_year('baselines.period') }} < cast(ranked.milestone as integer)
left join multiples
    on ranked.document_id = multiples.document_id
    and ranked.region_code = multiples.region_code
    and ranked.indicator_code = multiples.indicator_code
    and ranked.variant = multiples.variant
    and ranked.breakdown = multiples.breakdown
    and ranked.milestone = multiples.milestone
left join levels
    on ranked.document_id = levels.document_id
    and ranked.region_code = levels.region_code
    and ranked.indicator_code = levels.indicator_code
    and ranked.variant = levels.variant
    and ranked.breakdown = levels.breakdown
    and ranked.milestone = levels.milestone
where ranked.precedence = 1
