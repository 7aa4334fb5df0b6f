{#- Region x indicator x variant x breakdown x period x vintage. Targets never enter; several printings inside one
    origin give one row, by declared precedence, and the others stay in figures. A number printed with a comparator
    (超过 30) is a bound, not an observation. A former level that a change states is a vintage too: it gives way to every
    printed one, inside its origin and among all. -#}
{%- set level_columns = [
    'figure_id', 'source_id', 'origin_id', 'document_id', 'region_code', 'indicator_code', 'variant', 'breakdown',
    'indicator_as_printed', 'period', 'kind', 'comparator', 'printed_value', 'printed_unit', 'printed_decimals',
    'value', 'value_lo', 'value_hi', 'lo_closed', 'hi_closed', 'unit', 'layout', 'layout_rank', 'line_start', 'page',
    'sheet', 'cell', 'published_at', 'published_precision', 'release_type', 'obs_status', 'recorded_from', 'recorded_to',
] | join(', ') -%}
with levels as (

    select {{ level_columns }}
    from {{ ref('figure_versions') }}
    where kind in ('baseline', 'actual')
        and indicator_code is not null
        and comparator = 'eq'
        -- a level over a span of years (十三五累计) is no annual observation
        and not {{ is_span('period') }}
    union all
    select {{ level_columns }}
    from {{ ref('implied_levels') }}

),

ranked as (

    select
        *,
        row_number() over (
            partition by
                region_code, indicator_code, variant, breakdown, period, origin_id,
                case when recorded_to is null then 1 else 0 end,
                case when recorded_to is null then cast(null as timestamp) else recorded_from end
            order by
                case release_type when 'implied' then 1 else 0 end,
                layout_rank, case kind when 'baseline' then 0 else 1 end,
                -- of a difference and a growth rate the one that says it more exactly
                case release_type when 'implied' then value_hi - value_lo else 0 end,
                line_start, figure_id
        ) as precedence
    from levels

),

chosen as (

    select *
    from ranked
    where precedence = 1

),

-- The first figure of a series after the boundary of its region moved: a break in the series.
boundary_breaks as (

    select distinct
        successor_code as region_code,
        {{ first_year('cast(effective_date as ' ~ dbt.type_string() ~ ')') }} as break_year
    from {{ ref('region_changes') }}
    where boundary_break and successor_code is not null

),

first_after_break as (

    select
        region_code,
        indicator_code,
        variant,
        breakdown,
        first_period
    from (
        select
            chosen.region_code,
            chosen.indicator_code,
            chosen.variant,
            chosen.breakdown,
            boundary_breaks.break_year,
            min(chosen.period) as first_period
        from chosen
        inner join boundary_breaks
            on chosen.region_code = boundary_breaks.region_code
            and {{ first_year('chosen.period') }} >= boundary_breaks.break_year
        group by chosen.region_code, chosen.indicator_code, chosen.variant, chosen.breakdown, boundary_breaks.break_year
    ) as by_break
    group by region_code, indicator_code, variant, breakdown, first_period

),

valued as (

    select
        chosen.*,
        first_after_break.first_period,
        publications.authority_rank,
        case chosen.release_type
            when 'census_revision' then 1
            when 'revised' then 2
            when 'final' then 3
            when 'preliminary' then 4
            else 5
        end as release_rank
    from chosen
    inner join {{ ref('publications') }} as publications
        on chosen.origin_id = publications.source_id
    left join first_after_break
        on chosen.region_code = first_after_break.region_code
        and chosen.indicator_code = first_after_break.indicator_code
        and chosen.variant = first_after_break.variant
        and chosen.breakdown = first_after_break.breakdown
        and chosen.period = first_after_break.first_period

)

select
    valued.*,
    case
        when valued.release_type = 'preliminary' then 'P'
        when valued.first_period is not null and valued.obs_status = 'A' then 'B'
        else valued.obs_status
    end as status_code,
    case
        when valued.recorded_to is not null then false
        else row_number() over (
            partition by
                valued.region_code, valued.indicator_code, valued.variant, valued.breakdown, valued.period,
                case when valued.recorded_to is null then 1 else 0 end
            order by
                case valued.release_type when 'implied' then 1 else 0 end,
                valued.authority_rank,
                valued.release_rank,
                valued.published_at desc nulls last,
                valued.recorded_from desc,
                valued.figure_id
        ) = 1
    end as is_current
from valued
