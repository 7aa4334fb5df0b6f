{#- PT-07: the yearly growth that a target asks for against the yearly growth of the years before its baseline. Both ends
    are taken in the plan's favour: the slowest growth that still reaches the target, the fastest that the past may have
    had. Without a past of some years nothing is said. -#}
with goals as (

    select
        target_groups.*,
        indicators.name_zh,
        indicators.name_en,
        indicators.name_zh as indicator_as_printed,
        figures.section,
        figures.value_lo as goal_lo,
        cast(target_groups.milestone as integer) as year,
        cast(target_groups.baseline_period as integer) as base_year,
        {{ printed_label('target_groups') }} as label,
        cast(target_groups.value as {{ dbt.type_string() }}) || target_groups.comparator as target_operand
    from {{ ref('target_groups') }} as target_groups
    inner join {{ ref('indicators') }} as indicators
        on target_groups.indicator_code = indicators.indicator_code
    inner join {{ ref('current_figures') }} as figures
        on target_groups.figure_id = figures.figure_id
    where target_groups.target_kind = 'level' and target_groups.direction = 'up' and target_groups.comparator not in ('le', 'lt')
        and target_groups.baseline_lo > 0 and length(target_groups.baseline_period) = 4
        -- growth of a handful of enterprises is chance
        and (indicators.indicator_type <> 'stock' or target_groups.baseline_value >= {{ rule_parameter('PT-07', 'least_count') }})

),

-- A growth that its line calls an average (年均增长27%) is none over the whole span, so it implies no level.
averages as (

    select distinct figures.figure_id
    from {{ ref('current_figures') }} as figures
    inner join {{ ref('reading_spans') }} as readings
        on figures.source_id = readings.source_id and readings.valid_to is null
    inner join {{ ref('stg_lake__lines') }} as lines
        on readings.reading_id = lines.reading_id and lines.line_start between figures.line_start and figures.line_end
    where figures.kind = 'growth' and figures.layout <> 'cell'
        and ({{ text_contains('lines.raw_text', "'年均'") }} or {{ text_contains('lines.raw_text', "'平均'") }})

),

-- Levels of earlier years: of the plan itself first, then what is published; the year nearest to as long a past as the future.
pasts as (

    select
        goals.target_id,
        earlier.figure_id,
        earlier.period,
        earlier.value,
        earlier.value_lo,
        earlier.release_type,
        goals.base_year - cast(earlier.period as integer) as years,
        row_number() over (
            partition by goals.target_id
            order by
                case when earlier.document_id = goals.document_id then 0 else 1 end,
                abs(goals.base_year - cast(earlier.period as integer) - 5),
                case when earlier.is_current then 0 else 1 end,
                earlier.figure_id
        ) as precedence
    from goals
    inner join {{ ref('observation_versions') }} as earlier
        on goals.region_code = earlier.region_code
        and goals.indicator_code = earlier.indicator_code
        and goals.variant = earlier.variant
        and goals.breakdown = earlier.breakdown
        and earlier.recorded_to is null
        and length(earlier.period) = 4
        and earlier.value_lo > 0
        and goals.base_year - cast(substr(earlier.period, 1, 4) as integer) >= {{ rule_parameter('PT-07', 'least_years') }}
    left join averages
        on earlier.figure_id = averages.figure_id
    where averages.figure_id is null

),

growths as (

    select
        {{ finding_id("'PT-07'", 'goals', 'goals.milestone') }} as finding_id,
        goals.*,
        pasts.figure_id as past_id,
        pasts.period as past_period,
        pasts.release_type as past_release_type,
        pasts.years as past_years,
        starts.figure_id as start_id,
        {{ printed_label('starts') }} as start_label,
        {{ operand('starts') }} as start_operand,
        {{ spot_zh('starts') }} as start_zh,
        {{ spot_en('starts') }} as start_en,
        {{ spot_zh('goals') }} as goal_zh,
        {{ spot_en('goals') }} as goal_en,
        cast(pasts.value as {{ dbt.type_string() }}) as past_operand,
        100 * (power({{ as_double('goals.goal_lo') }} / {{ as_double('goals.baseline_hi') }}, {{ as_double('1') }} / (goals.year - goals.base_year)) - 1) as needed,
        100 * (power({{ as_double('goals.baseline_hi') }} / {{ as_double('pasts.value_lo') }}, {{ as_double('1') }} / pasts.years) - 1) as had
    from goals
    inner join {{ ref('current_figures') }} as starts
        on goals.baseline_figure_id = starts.figure_id
    left join pasts
        on goals.target_id = pasts.target_id and pasts.precedence = 1
    where goals.year > goals.base_year and goals.goal_lo > 0

),

tests as (

    select
        *,
        case
            when past_id is null then 'not_applicable'
            when needed >= {{ as_double(rule_parameter('PT-07', 'least_growth_percent')) }}
                and needed > {{ as_double(rule_parameter('PT-07', 'times')) }} * had
                then 'fail'
            else 'pass'
        end as outcome
    from growths

),

-- Several milestones of one indicator are one ambition: the last one speaks.
ranked as (

    select
        *,
        row_number() over (
            partition by document_id, region_code, indicator_code, variant, breakdown
            order by year desc, target_id
        ) as precedence
    from tests
    where outcome = 'fail'

),

worded as (

    select
        *,
        '《' || document_title || '》' || name_zh || '：从' || baseline_period || '年的' || start_label || '（' || start_zh || '）到' || milestone || '年的目标'
            || label || '（' || goal_zh || '），每年须增长' || {{ shown('needed') }} || '%以上，而' || past_period || '—' || baseline_period || '年每年只增长'
            || {{ shown('had') }} || '%，目标力度异常，请核实数字和单位。' as title_zh,
        document_title || ': ' || name_en || ' has to grow by at least ' || {{ shown('needed') }} || ' % a year from ' || start_label || ' in '
            || baseline_period || ' (' || start_en || ') to the target ' || label || ' for ' || milestone || ' (' || goal_en || '), after '
            || {{ shown('had') }} || ' % a year in ' || past_period || '–' || baseline_period || '; verify number and unit.' as title_en
    from ranked
    where precedence = 1

),

-- A target that grew no faster than the bound would fit: what a slip of the unit leads back to.
operands as (

    select
        finding_id, figure_id, 'target' as role, target_operand as operand,
        baseline_lo as fit_lo,
        case
            when had > 0 and had < 100
                then {{ as_value(as_double('baseline_hi') ~ ' * power(1 + ' ~ as_double(rule_parameter('PT-07', 'times')) ~ ' * had / 100, year - base_year)') }}
        end as fit_hi
    from worded
    union
    select finding_id, start_id, 'baseline', start_operand || '/' || past_operand, null, null from worded
    union
    -- a former level that a growth implies is printed nowhere
    select finding_id, past_id, 'former', past_operand, null, null from worded where past_release_type <> 'implied'

),

counted as (

    select 'PT-07' as rule_id, outcome, count(*) as tests
    from tests
    group by outcome

)

{{ counted_rows('counted') }}
union all
{{ test_rows('worded inner join operands on worded.finding_id = operands.finding_id', {
    'finding_id': 'worded.finding_id', 'rule_id': "'PT-07'", 'outcome': "'fail'", 'tests': '1', 'document_id': 'document_id',
    'region_code': 'region_code', 'indicator_code': 'indicator_code', 'variant': 'variant', 'breakdown': 'breakdown', 'period': 'milestone',
    'title_zh': 'title_zh', 'title_en': 'title_en', 'expected': shown('had'), 'observed': shown('needed'), 'imbalance': 'needed - had',
    'figure_id': 'operands.figure_id', 'role': 'operands.role', 'operand': 'operands.operand', 'fit_lo': 'operands.fit_lo', 'fit_hi': 'operands.fit_hi',
}) }}
