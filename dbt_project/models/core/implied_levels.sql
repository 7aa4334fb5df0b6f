{#- The former level that a printed change states: "2.69 %, up 0.11 points on the year before" says that the year before
    is 2.58, whatever was published for it then. One row per change and stretch of time in which level and change were
    both held; the figure of the row is the change. By interval arithmetic:
        difference  former = level - change           [lo - change_hi, hi - change_lo]
        growth      former = level / (1 + growth)     [lo / (1 + growth_hi), hi / (1 + growth_lo)], outward
    In a table the change stands in a column of its own beside the level: both are of one sheet and row. Growth of output
    is left out there, for it is at constant prices.
    No former level is implied where the words have two readings (a percentage that rises by so many %, 增长14.6倍), nor
    without a printed base period, nor of spans of years. -#}
{%- set place = "coalesce(statement_id, case when layout = 'cell' then 'cell/' || coalesce(sheet, '') end)" -%}
with levels as (

    select *, {{ place }} as place_key
    from {{ ref('figure_versions') }}
    where kind in ('baseline', 'actual')
        and indicator_code is not null
        and comparator = 'eq'
        -- Beyond this size a printed number is a slip of the pen and a product could overflow DECIMAL(38, 20).
        and value_lo > 0
        and value_hi < 1000000000000

),

movements as (

    select *, {{ place }} as place_key
    from {{ ref('figure_versions') }} as printed
    where kind in ('change', 'growth')
        and indicator_code is not null
        and (statement_id is not null or layout = 'cell')
        and not (layout = 'cell' and {{ is_at_constant_prices('printed') }})
        and comparator = 'eq'
        and base_period is not null
        and not {{ is_span('base_period') }}
        and not {{ is_span('period') }}

),

pairs as (

    select
        movements.*,
        levels.value as level_value,
        levels.value_lo as level_lo,
        levels.value_hi as level_hi,
        levels.lo_closed as level_lo_closed,
        levels.hi_closed as level_hi_closed,
        levels.unit as level_unit,
        greatest(levels.recorded_from, movements.recorded_from) as held_from,
        case
            when levels.recorded_to is null then movements.recorded_to
            when movements.recorded_to is null then levels.recorded_to
            else least(levels.recorded_to, movements.recorded_to)
        end as held_to,
        row_number() over (
            partition by movements.figure_id, movements.recorded_from, greatest(levels.recorded_from, movements.recorded_from)
            order by levels.layout_rank, abs(levels.line_start - movements.line_start), levels.figure_id
        ) as nearest_first
    from movements
    inner join levels
        on movements.source_id = levels.source_id
        and movements.place_key = levels.place_key
        and movements.region_code = levels.region_code
        and movements.indicator_code = levels.indicator_code
        and movements.variant = levels.variant
        and movements.breakdown = levels.breakdown
        and movements.period = levels.period
        and (levels.recorded_to is null or levels.recorded_to > movements.recorded_from)
        and (movements.recorded_to is null or movements.recorded_to > levels.recorded_from)

),

implied as (

    select
        *,
        level_value - value as former_value,
        level_lo - value_hi as former_lo,
        level_hi - value_lo as former_hi
    from pairs
    where nearest_first = 1
        and kind = 'change'
        -- a change of a percentage is in points; in the level's own unit otherwise
        and ((printed_unit = '个百分点' and level_unit = '%') or (printed_unit <> '%' and unit = level_unit))
    union all
    select
        *,
        {{ quotient('level_value * 100', '100 + value') }} as former_value,
        {{ quotient('level_lo * 100', '100 + value_hi') }} - {{ as_value('0.0000000001') }} as former_lo,
        {{ quotient('level_hi * 100', '100 + value_lo') }} + {{ as_value('0.0000000001') }} as former_hi
    from pairs
    where nearest_first = 1
        and kind = 'growth'
        and printed_unit = '%'
        and level_unit <> '%'
        and value_lo > -100
        and value_hi < 100000

)

select
    figure_id,
    source_id,
    origin_id,
    document_id,
    region_code,
    indicator_code,
    variant,
    breakdown,
    indicator_as_printed,
    base_period as period,
    'actual' as kind,
    comparator,
    printed_value,
    printed_unit,
    printed_decimals,
    {{ as_value('former_value') }} as value,
    {{ as_value('former_lo') }} as value_lo,
    {{ as_value('former_hi') }} as value_hi,
    level_lo_closed and hi_closed as lo_closed,
    level_hi_closed and lo_closed as hi_closed,
    level_unit as unit,
    layout,
    layout_rank,
    line_start,
    page,
    sheet,
    cell,
    published_at,
    published_precision,
    'implied' as release_type,
    'E' as obs_status,
    held_from as recorded_from,
    held_to as recorded_to
from implied
-- A former level that may be nought or less is no level of an indicator that is counted or measured.
where former_lo > 0
