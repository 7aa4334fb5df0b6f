{#- One series in one line of publications, from year to year: holes, spikes, slips of a power of ten, outliers, frozen
    values. A series of small counts moves by chance, so each rule says how large a value has to be. Neighbouring years are
    joined, not windowed: ten million values need no sort. -#}
with rules as (

    {{ rules_of_kind(['hole', 'spike', 'unit_slip', 'outlier', 'frozen']) }}

),

parameters as (

    select
        rules.*,
        {{ parameter_of('rules', 'least_value') }} as least_value,
        {{ parameter_of('rules', 'usual_factor') }} as usual_factor,
        {{ parameter_of('rules', 'percent') }} as percent,
        {{ parameter_of('rules', 'deviations') }} as deviations,
        {{ parameter_of('rules', 'least_deviation') }} as least_deviation,
        {{ parameter_of('rules', 'years') }} as years
    from rules

),

-- One value a year: where the line printed several vintages of it, the current one or the latest. A key with more than
-- one vintage has a row that is not current, so only those have to be ranked.
several as (

    select distinct line_code, region_code, indicator_code, variant, breakdown, year
    from {{ ref('levels') }}
    where not is_current and year is not null

),

ranked as (

    select
        levels.figure_id,
        row_number() over (
            partition by levels.line_code, levels.region_code, levels.indicator_code, levels.variant, levels.breakdown, levels.year
            order by case when levels.is_current then 0 else 1 end, levels.published_at desc nulls last, levels.figure_id
        ) as precedence
    from {{ ref('levels') }} as levels
    inner join several
        on levels.line_code = several.line_code
        and levels.region_code = several.region_code
        and levels.indicator_code = several.indicator_code
        and levels.variant = several.variant
        and levels.breakdown = several.breakdown
        and levels.year = several.year

),

dropped as (

    select figure_id
    from ranked
    where precedence > 1

),

-- A number for each series: years are then joined on two whole numbers.
series as (

    select
        keys.*,
        row_number() over (order by line_code, region_code, indicator_code, variant, breakdown) as series_number
    from (
        select distinct line_code, region_code, indicator_code, variant, breakdown
        from {{ ref('levels') }}
        where year is not null and is_cited = 0
    ) as keys

),

points as (

    select series.series_number, levels.year, levels.figure_id, levels.value, levels.value_lo, levels.value_hi
    from {{ ref('levels') }} as levels
    inner join series
        on levels.line_code = series.line_code
        and levels.region_code = series.region_code
        and levels.indicator_code = series.indicator_code
        and levels.variant = series.variant
        and levels.breakdown = series.breakdown
    left join dropped
        on levels.figure_id = dropped.figure_id
    where levels.year is not null and levels.is_cited = 0 and dropped.figure_id is null

),

extents as (

    select series_number, min(year) as first_year, max(year) as last_year, count(*) as points
    from points
    group by series_number

),

-- What a year's step is held against, by indicator: the factor of the seed where it has one.
step_limits as (

    select
        parameters.rule_id,
        parameters.kind,
        indicators.indicator_code,
        coalesce(limits.variant, '*') as variant,
        {{ as_double('parameters.percent') }} as percent,
        {{ as_double('coalesce(limits.limit_hi, parameters.usual_factor)') }} as factor,
        -- in units of the indicator: a count below the least value moves by chance
        case when units.dimension in ('count', 'persons', 'person_years') then parameters.least_value else 0 end as least_value
    from parameters
    inner join {{ ref('indicators') }} as indicators
        on {{ in_scope('parameters', 'indicators.indicator_code') }}
    inner join {{ ref('units') }} as units
        on indicators.unit = units.unit
    left join {{ ref('indicator_limits') }} as limits
        on limits.limit_kind = parameters.kind and indicators.indicator_code = limits.indicator_code
    where parameters.kind in ('spike', 'unit_slip') and indicators.indicator_type <> 'index'

),

powers as (

    {%- for exponent in [1, 2, 3, 4, 8] %}
    select {{ exponent }} as exponent, {{ as_double(10 ** exponent) }} as power_of_ten
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

-- The smallest factor that any rule asks about: what moved less is counted and never looked at again.
least_factor as (

    select least(coalesce(min(factor), 9), 9) as factor
    from step_limits
    where kind = 'spike'

),

steps_of as (

    select later.series_number, count(*) as steps
    from points as later
    inner join points as former
        on later.series_number = former.series_number and later.year = former.year + 1
    where later.value_lo > 0 and former.value_lo > 0
    group by later.series_number

),

steps as (

    select
        moved.*,
        series.region_code, series.indicator_code, series.variant, series.breakdown
    from (
        select
            later.series_number, later.year, later.figure_id, later.value,
            {{ as_double('later.value_lo') }} as value_lo, {{ as_double('later.value_hi') }} as value_hi,
            former.figure_id as former_id, former.value as former_value,
            {{ as_double('former.value_lo') }} as former_lo, {{ as_double('former.value_hi') }} as former_hi
        from points as later
        inner join points as former
            on later.series_number = former.series_number and later.year = former.year + 1
        cross join least_factor
        where later.value_lo > 0 and former.value_lo > 0
            and (
                later.value = former.value
                or {{ as_double('later.value') }} > {{ as_double('former.value') }} * least_factor.factor
                or {{ as_double('former.value') }} > {{ as_double('later.value') }} * least_factor.factor
            )
    ) as moved
    inner join series
        on moved.series_number = series.series_number

),

steps_asked as (

    select limits.rule_id, sum(asked.tests) as tests
    from (
        select series.indicator_code, series.variant, sum(steps_of.steps) as tests
        from steps_of
        inner join series
            on steps_of.series_number = series.series_number
        group by series.indicator_code, series.variant
    ) as asked
    inner join step_limits as limits
        on asked.indicator_code = limits.indicator_code and limits.variant in ('*', asked.variant)
    group by limits.rule_id

),

-- Beyond the factor even when both ends of the rounding intervals are read in favour of the source.
spikes as (

    select limits.rule_id, limits.kind, limits.factor, steps.*, cast(null as integer) as exponent
    from steps
    inner join step_limits as limits
        on steps.indicator_code = limits.indicator_code and limits.variant in ('*', steps.variant) and limits.kind = 'spike'
    where (steps.value_lo > steps.former_hi * limits.factor or steps.former_lo > steps.value_hi * limits.factor)
        and greatest(steps.value, steps.former_value) >= limits.least_value
        and steps.value_hi < 1000000000000 and steps.former_hi < 1000000000000

),

slips as (

    select
        limits.rule_id, limits.kind, powers.power_of_ten as factor, steps.*,
        case when steps.value > steps.former_value then powers.exponent else -powers.exponent end as exponent
    from steps
    inner join step_limits as limits
        on steps.indicator_code = limits.indicator_code and limits.variant in ('*', steps.variant) and limits.kind = 'unit_slip'
    inner join powers
        on abs({{ as_double('greatest(steps.value, steps.former_value)') }} / {{ as_double('least(steps.value, steps.former_value)') }} / powers.power_of_ten - 1)
            <= limits.percent * 0.01
    where least(steps.value, steps.former_value) >= limits.least_value

),

-- The latest growth of each series against those of the up to five years before it. A growth within thirty points of all of them is no
-- outlier whatever their median, so medians are taken of the others only.
recent as (

    select
        later.series_number, later.year, extents.last_year, later.figure_id, former.figure_id as former_id,
        later.value, former.value as former_value,
        ln({{ as_double('later.value') }} / {{ as_double('former.value') }}) as growth
    from points as later
    inner join extents
        on later.series_number = extents.series_number and later.year > extents.last_year - 6 and extents.points >= 6
    inner join points as former
        on later.series_number = former.series_number and later.year = former.year + 1
    where later.value_lo > 0 and former.value_lo > 0
        and exists (select 1 from parameters where parameters.kind = 'outlier')

),

spans as (

    select
        series_number,
        min(case when year < last_year then growth end) as least_growth,
        max(case when year < last_year then growth end) as most_growth,
        sum(case when year < last_year then 1 else 0 end) as growths,
        max(case when year = last_year then growth end) as last_growth
    from recent
    group by series_number

),

lively as (

    select spans.series_number
    from spans
    cross join parameters
    where parameters.kind = 'outlier' and spans.growths >= 4
        and greatest(spans.most_growth - spans.last_growth, spans.last_growth - spans.least_growth) > {{ as_double('parameters.least_deviation') }} / 100

),

middles as (

    select recent.series_number, {{ median_of('recent.growth') }} as middle
    from recent
    inner join lively
        on recent.series_number = lively.series_number
    where recent.year < recent.last_year
    group by recent.series_number

),

deviations as (

    select recent.series_number, max(middles.middle) as middle, {{ median_of('abs(recent.growth - middles.middle)') }} as deviation
    from recent
    inner join middles
        on recent.series_number = middles.series_number
    where recent.year < recent.last_year
    group by recent.series_number

),

outliers as (

    select
        parameters.rule_id, parameters.kind, recent.figure_id, recent.former_id, series.region_code, series.indicator_code, series.variant,
        series.breakdown, recent.year, recent.value, recent.former_value, deviations.middle
    from recent
    inner join deviations
        on recent.series_number = deviations.series_number
    inner join series
        on recent.series_number = series.series_number
    inner join {{ ref('indicators') }} as indicators
        on series.indicator_code = indicators.indicator_code
    inner join {{ ref('units') }} as units
        on indicators.unit = units.unit
    inner join parameters
        on parameters.kind = 'outlier' and {{ in_scope('parameters', 'series.indicator_code') }}
    where recent.year = recent.last_year
        and abs(recent.growth - deviations.middle) > greatest({{ as_double('parameters.deviations') }} * deviations.deviation, {{ as_double('parameters.least_deviation') }} / 100)
        and greatest(recent.value, recent.former_value) >= case when units.dimension in ('count', 'persons', 'person_years') then parameters.least_value else 0 end

),

-- The same value in three years running, with at least three digits that are not all round.
frozen as (

    select parameters.rule_id, parameters.kind, steps.*
    from steps
    inner join steps as before
        on steps.series_number = before.series_number and steps.year = before.year + 1 and before.value = before.former_value
    inner join parameters
        on parameters.kind = 'frozen' and {{ in_scope('parameters', 'steps.indicator_code') }}
    where steps.value = steps.former_value
        and {{ as_double('steps.value') }} >= {{ as_double('parameters.least_value') }} * (steps.value_hi - steps.value_lo)
        and abs(round(cast({{ as_double('steps.value') }} / (steps.value_hi - steps.value_lo) as decimal(28, 4)), 0)
            - 10 * floor({{ as_double('steps.value') }} / (steps.value_hi - steps.value_lo) / 10 + 0.01)) > 0.5

),

-- A year that the line printed for other regions and not for this one, although it has the years on both sides.
holed as (

    select extents.*, series.line_code, series.region_code, series.indicator_code, series.variant, series.breakdown
    from extents
    inner join series
        on extents.series_number = series.series_number
    where extents.points < extents.last_year - extents.first_year + 1

),

printed_years as (

    select series.line_code, series.indicator_code, series.variant, series.breakdown, points.year, count(*) as regions
    from points
    inner join series
        on points.series_number = series.series_number
    inner join (
        select distinct line_code, indicator_code, variant, breakdown
        from holed
    ) as lines_with_holes
        on series.line_code = lines_with_holes.line_code
        and series.indicator_code = lines_with_holes.indicator_code
        and series.variant = lines_with_holes.variant
        and series.breakdown = lines_with_holes.breakdown
    group by series.line_code, series.indicator_code, series.variant, series.breakdown, points.year

),

holes as (

    select
        parameters.rule_id, parameters.kind, later.figure_id, earlier.figure_id as former_id, holed.region_code,
        holed.indicator_code, holed.variant, holed.breakdown, printed_years.year
    from holed
    inner join parameters
        on parameters.kind = 'hole' and {{ in_scope('parameters', 'holed.indicator_code') }}
    inner join printed_years
        on holed.line_code = printed_years.line_code
        and holed.indicator_code = printed_years.indicator_code
        and holed.variant = printed_years.variant
        and holed.breakdown = printed_years.breakdown
        and printed_years.year between holed.first_year + 1 and holed.last_year - 1
        and printed_years.regions >= parameters.least_value
    inner join points as earlier
        on holed.series_number = earlier.series_number and printed_years.year - 1 = earlier.year
    inner join points as later
        on holed.series_number = later.series_number and printed_years.year + 1 = later.year
    left join points as present
        on holed.series_number = present.series_number and printed_years.year = present.year
    where present.figure_id is null

),

found as (

    select rule_id, kind, figure_id, former_id, region_code, indicator_code, variant, breakdown, year, value, former_value, factor, exponent from spikes
    union all
    select rule_id, kind, figure_id, former_id, region_code, indicator_code, variant, breakdown, year, value, former_value, factor, exponent from slips
    union all
    select rule_id, kind, figure_id, former_id, region_code, indicator_code, variant, breakdown, year, value, former_value, 100 * middle, null from outliers
    union all
    select rule_id, kind, figure_id, former_id, region_code, indicator_code, variant, breakdown, year, value, former_value, null, null from frozen
    union all
    select rule_id, kind, figure_id, former_id, region_code, indicator_code, variant, breakdown, year, null, null, null, null from holes

),

failed as (

    select
        found.*,
        later.document_id,
        case when found.kind = 'unit_slip' and coalesce(later.printed_unit, '') <> coalesce(former.printed_unit, '') then 'error' end as severity
    from found
    inner join {{ ref('levels') }} as later
        on found.figure_id = later.figure_id
    inner join {{ ref('levels') }} as former
        on found.former_id = former.figure_id

),

keyed as (

    select
        {{ key_id('failed', 'failed.document_id', 'failed.year') }} as finding_id,
        failed.*
    from failed

),

failed_counts as (

    select rule_id, count(distinct finding_id) as tests
    from keyed
    group by rule_id

),

asked as (

    select rule_id, tests from steps_asked
    union all
    select parameters.rule_id, count(*) from spans cross join parameters where parameters.kind = 'outlier' and spans.growths >= 4 and spans.last_growth is not null group by parameters.rule_id
    union all
    select parameters.rule_id, sum(steps_of.steps) from steps_of cross join parameters where parameters.kind = 'frozen' group by parameters.rule_id
    union all
    select parameters.rule_id, count(*) from extents cross join parameters where parameters.kind = 'hole' and extents.points > 2 group by parameters.rule_id

),

counted as (

    select asked.rule_id, 'pass' as outcome, asked.tests - coalesce(failed_counts.tests, 0) as tests
    from asked
    left join failed_counts
        on asked.rule_id = failed_counts.rule_id

),

operands as (

    select
        finding_id, figure_id, case when kind = 'hole' then 'neighbour' else 'later' end as role,
        case when kind = 'unit_slip' then former_value * 0.2 when kind = 'spike' then {{ as_double('former_value') }} / {{ as_double('factor') }} end as fit_lo,
        case when kind = 'unit_slip' then former_value * 5 when kind = 'spike' then {{ as_double('former_value') }} * {{ as_double('factor') }} end as fit_hi
    from keyed
    union all
    select
        finding_id, former_id, case when kind = 'hole' then 'neighbour' else 'former' end,
        case when kind = 'unit_slip' then value * 0.2 when kind = 'spike' then {{ as_double('value') }} / {{ as_double('factor') }} end,
        case when kind = 'unit_slip' then value * 5 when kind = 'spike' then {{ as_double('value') }} * {{ as_double('factor') }} end
    from keyed

)

{{ counted_rows('counted') }}
union all
{{ test_rows('keyed inner join operands on keyed.finding_id = operands.finding_id', {
    'finding_id': 'keyed.finding_id', 'rule_id': 'rule_id', 'outcome': "'fail'", 'tests': '1', 'severity': 'severity', 'document_id': 'document_id',
    'region_code': 'region_code', 'indicator_code': 'indicator_code', 'variant': 'variant', 'breakdown': 'breakdown', 'period': 'cast(year as ' ~ dbt.type_string() ~ ')',
    'said_zh': "case kind when 'hole' then '前后两年都有数、其他地区该年也有数，本地区该年缺数'
        when 'spike' then '与上年相比变动超过' || " ~ shown('factor', 1) ~ " || '倍，应核实'
        when 'unit_slip' then '与上年之比接近10的' || cast(exponent as " ~ dbt.type_string() ~ ") || '次方，可能是单位或小数点错位'
        when 'outlier' then '增幅明显偏离本序列近五年的通常增幅（约' || " ~ shown('factor', 1) ~ " || '%），应核实'
        else '连续三年数值完全相同，应核实是否照抄' end",
    'said_en': "case kind when 'hole' then 'the years before and after are printed, and this year for other regions, not for this one'
        when 'spike' then 'the change from year to year is beyond a factor of ' || " ~ shown('factor', 1) ~ " || ' and should be verified'
        when 'unit_slip' then 'the ratio to the year before is close to 10 to the power of ' || cast(exponent as " ~ dbt.type_string() ~ ") || ': possibly a slip of the unit or the point'
        when 'outlier' then 'the growth is far from the usual one of the five years before, about ' || " ~ shown('factor', 1) ~ " || ' %, and should be verified'
        else 'the same value three years running; is it a copy?' end",
    'observed': "case when value is not null then " ~ shown('value', 2) ~ " end", 'imbalance': "case when kind in ('spike', 'outlier', 'unit_slip') then value - former_value end",
    'figure_id': 'operands.figure_id', 'role': 'operands.role', 'fit_lo': 'operands.fit_lo', 'fit_hi': 'operands.fit_hi',
}) }}
