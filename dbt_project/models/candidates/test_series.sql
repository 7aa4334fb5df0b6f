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

-- One value a year: where the line printed several vintages of it, the current one or the latest. Only keys that were
-- printed more than once have to be ranked.
several as (

    select line_code, region_code, indicator_code, variant, breakdown, year
    from {{ ref('levels') }}
    where year is not null
    group by line_code, region_code, indicator_code, variant, breakdown, year
    having count(*) > 1

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

points as (

    select
        levels.figure_id, levels.origin_id, levels.document_id, levels.line_code, levels.region_code, levels.indicator_code,
        levels.variant, levels.breakdown, levels.year, levels.value, levels.value_lo, levels.value_hi, levels.printed_decimals,
        levels.printed_unit
    from {{ ref('levels') }} as levels
    left join ranked
        on levels.figure_id = ranked.figure_id and ranked.precedence > 1
    where levels.year is not null and levels.is_cited = 0 and ranked.figure_id is null

),

-- Each value with the one of the year before.
steps as (

    select
        later.*,
        former.figure_id as former_id,
        former.value as former_value,
        former.value_lo as former_lo,
        former.value_hi as former_hi,
        former.printed_unit as former_unit
    from points as later
    inner join points as former
        on later.line_code = former.line_code
        and later.region_code = former.region_code
        and later.indicator_code = former.indicator_code
        and later.variant = former.variant
        and later.breakdown = former.breakdown
        and later.year = former.year + 1
    where later.value_lo > 0 and former.value_lo > 0

),

-- What a year's step is held against, by indicator: the factor of the seed where it has one.
step_limits as (

    select
        parameters.rule_id,
        parameters.kind,
        indicators.indicator_code,
        coalesce(limits.variant, '*') as variant,
        parameters.percent,
        {{ as_value('coalesce(limits.limit_hi, parameters.usual_factor)') }} as factor,
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
    select {{ exponent }} as exponent, {{ as_value(10 ** exponent) }} as power_of_ten
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

steps_asked as (

    select limits.rule_id, sum(asked.tests) as tests
    from (
        select indicator_code, variant, count(*) as tests
        from steps
        group by indicator_code, variant
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
        on abs({{ as_double('greatest(steps.value, steps.former_value)') }} / {{ as_double('least(steps.value, steps.former_value)') }} / {{ as_double('powers.power_of_ten') }} - 1)
            <= {{ as_double('limits.percent') }} / 100
    where least(steps.value, steps.former_value) >= limits.least_value

),

-- The latest growth of each series against the five before it.
extents as (

    select line_code, region_code, indicator_code, variant, breakdown, min(year) as first_year, max(year) as last_year, count(*) as points
    from points
    group by line_code, region_code, indicator_code, variant, breakdown

),

growths as (

    select
        steps.figure_id, steps.former_id, steps.document_id, steps.line_code, steps.region_code, steps.indicator_code, steps.variant, steps.breakdown, steps.year,
        steps.value, steps.former_value, steps.value_lo, steps.value_hi,
        ln({{ as_double('steps.value') }} / {{ as_double('steps.former_value') }}) as growth,
        extents.last_year
    from steps
    inner join extents
        on steps.line_code = extents.line_code
        and steps.region_code = extents.region_code
        and steps.indicator_code = extents.indicator_code
        and steps.variant = extents.variant
        and steps.breakdown = extents.breakdown
    where extents.points >= 6 and steps.year > extents.last_year - 6

),

middles as (

    select line_code, region_code, indicator_code, variant, breakdown, {{ median_of('growth') }} as middle, count(*) as growths
    from growths
    where year < last_year
    group by line_code, region_code, indicator_code, variant, breakdown

),

deviations as (

    select
        growths.line_code, growths.region_code, growths.indicator_code, growths.variant, growths.breakdown,
        max(middles.middle) as middle,
        {{ median_of('abs(growths.growth - middles.middle)') }} as deviation
    from growths
    inner join middles
        on growths.line_code = middles.line_code
        and growths.region_code = middles.region_code
        and growths.indicator_code = middles.indicator_code
        and growths.variant = middles.variant
        and growths.breakdown = middles.breakdown
    where growths.year < growths.last_year and middles.growths >= 4
    group by growths.line_code, growths.region_code, growths.indicator_code, growths.variant, growths.breakdown

),

outlier_tests as (

    select
        parameters.rule_id,
        parameters.kind,
        growths.*,
        deviations.middle,
        case
            when abs(growths.growth - deviations.middle)
                > greatest({{ as_double('parameters.deviations') }} * deviations.deviation, {{ as_double('parameters.least_deviation') }} / 100)
                and greatest(growths.value, growths.former_value) >= case when units.dimension in ('count', 'persons', 'person_years') then parameters.least_value else 0 end
                then 'fail'
            else 'pass'
        end as outcome
    from growths
    inner join deviations
        on growths.line_code = deviations.line_code
        and growths.region_code = deviations.region_code
        and growths.indicator_code = deviations.indicator_code
        and growths.variant = deviations.variant
        and growths.breakdown = deviations.breakdown
    inner join {{ ref('indicators') }} as indicators
        on growths.indicator_code = indicators.indicator_code
    inner join {{ ref('units') }} as units
        on indicators.unit = units.unit
    inner join parameters
        on parameters.kind = 'outlier' and {{ in_scope('parameters', 'growths.indicator_code') }}
    where growths.year = growths.last_year

),

-- The same value in three years running, with at least three digits that are not all round.
frozen as (

    select parameters.rule_id, parameters.kind, steps.*
    from steps
    inner join steps as before
        on steps.former_id = before.figure_id and steps.value = before.value and before.value = before.former_value
    inner join parameters
        on parameters.kind = 'frozen' and {{ in_scope('parameters', 'steps.indicator_code') }}
    where steps.value = steps.former_value
        and steps.value >= parameters.least_value * (steps.value_hi - steps.value_lo)
        and steps.value <> floor({{ as_double('steps.value') }} / {{ as_double('steps.value_hi - steps.value_lo') }} / 10) * 10 * (steps.value_hi - steps.value_lo)

),

-- A year that the line printed for other regions and not for this one, although it has the years on both sides.
printed_years as (

    select line_code, indicator_code, variant, breakdown, year, count(*) as regions
    from points
    group by line_code, indicator_code, variant, breakdown, year

),

holes as (

    select
        parameters.rule_id, parameters.kind, later.figure_id, earlier.figure_id as former_id, later.document_id, later.region_code,
        later.indicator_code, later.variant, later.breakdown, printed_years.year
    from extents
    inner join parameters
        on parameters.kind = 'hole' and {{ in_scope('parameters', 'extents.indicator_code') }}
    inner join printed_years
        on extents.line_code = printed_years.line_code
        and extents.indicator_code = printed_years.indicator_code
        and extents.variant = printed_years.variant
        and extents.breakdown = printed_years.breakdown
        and printed_years.year between extents.first_year + 1 and extents.last_year - 1
        and printed_years.regions >= parameters.least_value
    inner join points as earlier
        on extents.line_code = earlier.line_code
        and extents.region_code = earlier.region_code
        and extents.indicator_code = earlier.indicator_code
        and extents.variant = earlier.variant
        and extents.breakdown = earlier.breakdown
        and printed_years.year - 1 = earlier.year
    inner join points as later
        on extents.line_code = later.line_code
        and extents.region_code = later.region_code
        and extents.indicator_code = later.indicator_code
        and extents.variant = later.variant
        and extents.breakdown = later.breakdown
        and printed_years.year + 1 = later.year
    left join points as present
        on extents.line_code = present.line_code
        and extents.region_code = present.region_code
        and extents.indicator_code = present.indicator_code
        and extents.variant = present.variant
        and extents.breakdown = present.breakdown
        and printed_years.year = present.year
    where extents.points < extents.last_year - extents.first_year + 1 and present.figure_id is null

),

failed as (

    select
        rule_id, kind, figure_id, former_id, document_id, region_code, indicator_code, variant, breakdown, year, value, former_value,
        cast(factor as {{ value_type() }}) as factor, exponent,
        case when kind = 'unit_slip' and coalesce(printed_unit, '') <> coalesce(former_unit, '') then 'error' end as severity
    from spikes
    union all
    select
        rule_id, kind, figure_id, former_id, document_id, region_code, indicator_code, variant, breakdown, year, value, former_value,
        factor, exponent, case when coalesce(printed_unit, '') <> coalesce(former_unit, '') then 'error' end
    from slips
    union all
    select
        rule_id, kind, figure_id, former_id, document_id, region_code, indicator_code, variant, breakdown, year, value, former_value,
        {{ as_value('100 * middle') }}, null, null
    from outlier_tests
    where outcome = 'fail'
    union all
    select
        rule_id, kind, figure_id, former_id, document_id, region_code, indicator_code, variant, breakdown, year, value, former_value,
        null, null, null
    from frozen
    union all
    select
        rule_id, kind, figure_id, former_id, document_id, region_code, indicator_code, variant, breakdown, year, null, null, null, null, null
    from holes

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
    select rule_id, count(*) from outlier_tests group by rule_id
    union all
    select parameters.rule_id, count(*) from steps cross join parameters where parameters.kind = 'frozen' group by parameters.rule_id
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
        when 'outlier' then 'the growth is far from the usual one of the five years before (about ' || " ~ shown('factor', 1) ~ " || ' %) and should be verified'
        else 'the same value three years running; is it a copy?' end",
    'observed': "case when value is not null then " ~ shown('value', 2) ~ " end", 'imbalance': "case when kind in ('spike', 'outlier', 'unit_slip') then value - former_value end",
    'figure_id': 'operands.figure_id', 'role': 'operands.role', 'fit_lo': 'operands.fit_lo', 'fit_hi': 'operands.fit_hi',
}) }}
