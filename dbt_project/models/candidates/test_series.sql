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
        {{ parameter_of('rules', 'wide_percent') }} as wide_percent,
        {{ parameter_of('rules', 'deviations') }} as deviations,
        {{ parameter_of('rules', 'least_deviation') }} as least_deviation,
        {{ parameter_of('rules', 'years') }} as years
    from rules

),

lines as (

    {{ numbered_keys('line_number', ['line_code', 'indicator_code', 'variant', 'breakdown']) }}

),

regions_of as (

    {{ numbered_keys('region_number', ['region_code']) }}

),

-- One value a year: where the line printed several vintages of it, the current one or the latest. A key is current once,
-- so only the keys of rows that are not have to be ranked.
several as (

    select distinct line_code, region_code, indicator_code, variant, breakdown, year
    from {{ ref('levels') }}
    where not is_current and year is not null and is_cited = 0

),

ranked as (

    select
        levels.*,
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
    where levels.is_cited = 0

),

chosen as (

    select line_code, region_code, indicator_code, variant, breakdown, year, figure_id, value, value_lo, value_hi
    from {{ ref('levels') }}
    where is_current and year is not null and is_cited = 0
    union all
    select line_code, region_code, indicator_code, variant, breakdown, year, figure_id, value, value_lo, value_hi
    from ranked
    where precedence = 1 and not is_current

),

points as (

    select
        {{ with_region('lines.line_number', 'regions_of.region_number') }} as series_number,
        {{ with_year(with_region('lines.line_number', 'regions_of.region_number'), 'chosen.year') }} as point_number,
        lines.line_number, regions_of.region_number, chosen.year, chosen.figure_id, chosen.value, chosen.value_lo, chosen.value_hi
    from chosen
    inner join lines
        on chosen.line_code = lines.line_code
        and chosen.indicator_code = lines.indicator_code
        and chosen.variant = lines.variant
        and chosen.breakdown = lines.breakdown
    inner join regions_of
        on chosen.region_code = regions_of.region_code

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
        {{ as_double('coalesce(parameters.wide_percent, parameters.percent)') }} as wide_percent,
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

-- The smallest factor that any rule asks about: what moved less is counted and never looked at again. A growth of less
-- than half the least deviation cannot be an outlier, nor make another one.
least_factors as (

    select
        {{ as_factor("least(coalesce(min(factor), 9), 9)") }} as factor,
        {{ as_factor("(select 1 + min(least_deviation) * 0.005 from parameters where kind = 'outlier')") }} as brisk_factor
    from step_limits
    where kind = 'spike'

),

positive as (

    select series_number, point_number, line_number, year, value
    from points
    where value_lo > 0

),

steps as (

    select
        later.series_number, later.point_number, later.line_number, later.year,
        case
            when later.value = former.value
                or later.value > former.value * (select factor from least_factors)
                or former.value > later.value * (select factor from least_factors)
                then 1
            else 0
        end as is_suspect,
        case
            when later.value > former.value * (select brisk_factor from least_factors)
                or former.value > later.value * (select brisk_factor from least_factors)
                then 1
            else 0
        end as is_brisk
    from positive as later
    inner join positive as former
        on later.point_number = former.point_number + 1

),

steps_of as (

    select line_number, count(*) as steps
    from steps
    group by line_number

),

steps_asked as (

    select limits.rule_id, sum(asked.tests) as tests
    from (
        select lines.indicator_code, lines.variant, sum(steps_of.steps) as tests
        from steps_of
        inner join lines
            on steps_of.line_number = lines.line_number
        group by lines.indicator_code, lines.variant
    ) as asked
    inner join step_limits as limits
        on asked.indicator_code = limits.indicator_code and limits.variant in ('*', asked.variant)
    group by limits.rule_id

),

-- The growth of the years before the last one of each series, and of the last one; medians are taken only where one of
-- them is brisk.
recent as (

    select
        steps.series_number,
        sum(case when steps.year < extents.last_year then 1 else 0 end) as growths,
        max(case when steps.year = extents.last_year then 1 else 0 end) as has_last,
        max(steps.is_brisk) as is_brisk
    from steps
    inner join extents
        on steps.series_number = extents.series_number and steps.year > extents.last_year - 6 and extents.points >= 6
    where exists (select 1 from parameters where parameters.kind = 'outlier')
    group by steps.series_number

),

brisk as (

    select recent.series_number, extents.last_year
    from recent
    inner join extents
        on recent.series_number = extents.series_number
    where recent.is_brisk = 1 and recent.has_last = 1 and recent.growths >= 4

),

-- A year that the line printed for other regions and not for this one, although it has the years on both sides.
holed as (

    select extents.*, {{ line_of('extents.series_number') }} as line_number
    from extents
    where extents.points < extents.last_year - extents.first_year + 1

),

printed_years as (

    select points.line_number, points.year, count(*) as regions
    from points
    inner join (select distinct line_number from holed) as lines_with_holes
        on points.line_number = lines_with_holes.line_number
    group by points.line_number, points.year

),

asked_years as (

    select parameters.rule_id, parameters.kind, printed_years.year, {{ with_year('holed.series_number', 'printed_years.year') }} as point_number
    from holed
    inner join lines
        on holed.line_number = lines.line_number
    inner join parameters
        on parameters.kind = 'hole' and {{ in_scope('parameters', 'lines.indicator_code') }}
    inner join printed_years
        on holed.line_number = printed_years.line_number
        and printed_years.year between holed.first_year + 1 and holed.last_year - 1
        and printed_years.regions >= parameters.least_value

),

-- The printings that any of the rules has to look at, fetched at once: both ends of a suspect step, the last six years
-- and the one before of a brisk series, a year that may be missing and its neighbours.
wanted as (

    select point_number from steps where is_suspect = 1
    union
    select point_number - 1 from steps where is_suspect = 1
    union
    select {{ with_year('brisk.series_number', 'brisk.last_year') }} - back.years
    from brisk
    cross join (
        {%- for years in range(7) %}
        select {{ years }} as years
        {{ 'union all' if not loop.last }}
        {%- endfor %}
    ) as back
    union
    select asked_years.point_number + side.step
    from asked_years
    cross join (select -1 as step union all select 0 union all select 1) as side

),

printings as (

    select
        points.series_number, points.point_number, points.year, points.figure_id, points.value,
        {{ as_double('points.value_lo') }} as value_lo, {{ as_double('points.value_hi') }} as value_hi,
        regions_of.region_code, lines.indicator_code, lines.variant, lines.breakdown
    from points
    inner join wanted
        on points.point_number = wanted.point_number
    inner join lines
        on points.line_number = lines.line_number
    inner join regions_of
        on points.region_number = regions_of.region_number

),

moved as (

    select
        later.*,
        former.figure_id as former_id, former.value as former_value, former.value_lo as former_lo, former.value_hi as former_hi
    from printings as later
    inner join printings as former
        on later.point_number = former.point_number + 1
    where later.value_lo > 0 and former.value_lo > 0

),

-- Beyond the factor even when both ends of the rounding intervals are read in favour of the source.
spikes as (

    select limits.rule_id, limits.kind, limits.factor, moved.*, cast(null as integer) as exponent
    from moved
    inner join step_limits as limits
        on moved.indicator_code = limits.indicator_code and limits.variant in ('*', moved.variant) and limits.kind = 'spike'
    where (moved.value_lo > moved.former_hi * limits.factor or moved.former_lo > moved.value_hi * limits.factor)
        and greatest(moved.value, moved.former_value) >= limits.least_value
        and moved.value_hi < 1000000000000 and moved.former_hi < 1000000000000

),

slips as (

    select
        limits.rule_id, limits.kind, powers.power_of_ten as factor, moved.*,
        case when moved.value > moved.former_value then powers.exponent else -powers.exponent end as exponent
    from moved
    inner join step_limits as limits
        on moved.indicator_code = limits.indicator_code and limits.variant in ('*', moved.variant) and limits.kind = 'unit_slip'
    inner join powers
        on abs({{ as_double('greatest(moved.value, moved.former_value)') }} / {{ as_double('least(moved.value, moved.former_value)') }} / powers.power_of_ten - 1)
            <= case when powers.exponent >= 3 then limits.wide_percent else limits.percent end * 0.01
    where least(moved.value, moved.former_value) >= limits.least_value

),

-- The latest growth of each series against those of the up to five years before it. A growth within thirty points of all of them is no
-- outlier whatever their median, so medians are taken of the others only.
growths as (

    select
        moved.series_number, moved.point_number, brisk.last_year, moved.year,
        ln({{ as_double('moved.value') }} / {{ as_double('moved.former_value') }}) as growth
    from moved
    inner join brisk
        on moved.series_number = brisk.series_number and moved.year > brisk.last_year - 6

),

spans as (

    select
        series_number,
        min(case when year < last_year then growth end) as least_growth,
        max(case when year < last_year then growth end) as most_growth,
        max(case when year = last_year then growth end) as last_growth
    from growths
    group by series_number

),

lively as (

    select spans.series_number
    from spans
    cross join parameters
    where parameters.kind = 'outlier'
        and greatest(spans.most_growth - spans.last_growth, spans.last_growth - spans.least_growth) > {{ as_double('parameters.least_deviation') }} / 100

),

middles as (

    select growths.series_number, {{ median_of('growths.growth') }} as middle
    from growths
    inner join lively
        on growths.series_number = lively.series_number
    where growths.year < growths.last_year
    group by growths.series_number

),

deviations as (

    select growths.series_number, max(middles.middle) as middle, {{ median_of('abs(growths.growth - middles.middle)') }} as deviation
    from growths
    inner join middles
        on growths.series_number = middles.series_number
    where growths.year < growths.last_year
    group by growths.series_number

),

outliers as (

    select parameters.rule_id, parameters.kind, moved.*, deviations.middle
    from growths
    inner join deviations
        on growths.series_number = deviations.series_number
    inner join moved
        on growths.point_number = moved.point_number
    inner join {{ ref('indicators') }} as indicators
        on moved.indicator_code = indicators.indicator_code
    inner join {{ ref('units') }} as units
        on indicators.unit = units.unit
    inner join parameters
        on parameters.kind = 'outlier' and {{ in_scope('parameters', 'moved.indicator_code') }}
    where growths.year = growths.last_year
        and abs(growths.growth - deviations.middle) > greatest({{ as_double('parameters.deviations') }} * deviations.deviation, {{ as_double('parameters.least_deviation') }} / 100)
        and greatest(moved.value, moved.former_value) >= case when units.dimension in ('count', 'persons', 'person_years') then parameters.least_value else 0 end

),

-- The same value in three years running, with at least three digits that are not all round.
frozen as (

    select parameters.rule_id, parameters.kind, moved.*
    from moved
    inner join moved as before
        on moved.point_number = before.point_number + 1 and before.value = before.former_value
    inner join parameters
        on parameters.kind = 'frozen' and {{ in_scope('parameters', 'moved.indicator_code') }}
    where moved.value = moved.former_value
        and {{ as_double('moved.value') }} >= {{ as_double('parameters.least_value') }} * (moved.value_hi - moved.value_lo)
        and abs(round(cast({{ as_double('moved.value') }} / (moved.value_hi - moved.value_lo) as decimal(28, 4)), 0)
            - 10 * floor({{ as_double('moved.value') }} / (moved.value_hi - moved.value_lo) / 10 + 0.01)) > 0.5

),

holes as (

    select
        asked_years.rule_id, asked_years.kind, later.figure_id, earlier.figure_id as former_id, later.region_code, later.indicator_code,
        later.variant, later.breakdown, asked_years.year
    from asked_years
    inner join printings as earlier
        on asked_years.point_number - 1 = earlier.point_number
    inner join printings as later
        on asked_years.point_number + 1 = later.point_number
    left join printings as present
        on asked_years.point_number = present.point_number
    where present.point_number is null

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

addresses as (

    select levels.figure_id, levels.document_id, levels.printed_unit
    from {{ ref('levels') }} as levels
    inner join (select figure_id from found union select former_id from found) as named
        on levels.figure_id = named.figure_id

),

failed as (

    select
        found.*,
        later.document_id,
        case when found.kind = 'unit_slip' and coalesce(later.printed_unit, '') <> coalesce(former.printed_unit, '') then 'error' end as severity
    from found
    inner join addresses as later
        on found.figure_id = later.figure_id
    inner join addresses as former
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
    select parameters.rule_id, count(*) from recent cross join parameters where parameters.kind = 'outlier' and recent.growths >= 4 and recent.has_last = 1 group by parameters.rule_id
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
