{#- From the baseline of a plan over its milestones to the target: PT-03 in the right direction, PT-04 milestone by
    milestone, PT-05 a doubling that doubles, PT-10 a baseline of zero. Printed numbers are intervals and a target printed
    in several places is what any of them says, so that neither rounding nor two printings that differ (B1-36) fire here. -#}
with targets as (

    select
        target_groups.*,
        indicators.name_zh,
        indicators.name_en,
        indicators.name_zh as indicator_as_printed,
        indicators.additive,
        cast(target_groups.milestone as integer) as year,
        case
            when target_groups.target_kind in ('multiple', 'rank_change', 'cumulative_flow') then 'up'
            else target_groups.direction
        end as way,
        case target_groups.comparator when 'approx' then {{ as_value(var('approx_band')) }} else {{ as_value('0') }} end as band,
        case when target_groups.target_kind = 'rank_change' then '提升' else '' end || {{ printed_label('target_groups') }} as label,
        cast(target_groups.value as {{ dbt.type_string() }}) || target_groups.comparator as target_operand,
        figures.section,
        figures.base_period
    from {{ ref('target_groups') }} as target_groups
    inner join {{ ref('indicators') }} as indicators
        on target_groups.indicator_code = indicators.indicator_code
    inner join {{ ref('current_figures') }} as figures
        on target_groups.figure_id = figures.figure_id
    -- A cap on what should rise (控制在…以内) is a wish of the plan's own, not one of the indicator's direction.
    where not (target_groups.direction = 'up' and target_groups.comparator in ('le', 'lt'))
        and not (target_groups.direction = 'down' and target_groups.comparator in ('ge', 'gt') and target_groups.target_kind in ('level', 'rank'))
        and target_groups.value < 1000000000000

),

-- What any printing of the target allows.
reaches as (

    select
        targets.target_id,
        min({{ as_value('printings.value_lo * (1 - targets.band)') }}) as lowest,
        max({{ as_value('printings.value_hi * (1 + targets.band)') }}) as highest
    from targets
    inner join {{ ref('current_figures') }} as printings
        on targets.edition_id = printings.edition_id
        and targets.region_code = printings.region_code
        and targets.indicator_code = printings.indicator_code
        and targets.variant = printings.variant
        and targets.breakdown = printings.breakdown
        and targets.target_kind = printings.target_kind
        and targets.milestone = cast({{ last_year('printings.period') }} as {{ dbt.type_string() }})
        and printings.kind = 'target'
    where printings.value_hi < 1000000000000
    group by targets.target_id

),

goals as (

    select
        targets.*,
        reaches.lowest,
        reaches.highest,
        {{ spot_zh('targets') }} as spot_zh,
        {{ spot_en('targets') }} as spot_en
    from targets
    inner join reaches
        on targets.target_id = reaches.target_id

),

baselines as (

    select
        goals.target_id,
        figures.figure_id,
        figures.value,
        figures.value_lo,
        figures.value_hi,
        {{ printed_label('figures') }} as label,
        {{ spot_zh('figures') }} as spot_zh,
        {{ spot_en('figures') }} as spot_en,
        {{ operand('figures') }} as operand,
        min(figures.value_lo) over (partition by goals.target_id) as lowest,
        max(figures.value_hi) over (partition by goals.target_id) as highest,
        max(figures.value) over (partition by goals.target_id) as largest,
        row_number() over (partition by goals.target_id order by figures.layout_rank, figures.line_start, figures.figure_id) as precedence
    from goals
    inner join {{ ref('current_figures') }} as figures
        on goals.edition_id = figures.edition_id
        and goals.region_code = figures.region_code
        and goals.indicator_code = figures.indicator_code
        and goals.variant = figures.variant
        and goals.breakdown = figures.breakdown
        and goals.baseline_period = figures.period
        and figures.kind = 'baseline'
        and figures.comparator = 'eq'
    where figures.value_hi < 1000000000000

),

-- 保持在12%以上 after 12.4 % is a floor that the plan means to hold: no step back, neither from the baseline nor between milestones.
kept as (

    select distinct goals.document_id, goals.region_code, goals.indicator_code, goals.variant, goals.breakdown
    from goals
    inner join {{ ref('current_figures') }} as printings
        on goals.edition_id = printings.edition_id
        and goals.region_code = printings.region_code
        and goals.indicator_code = printings.indicator_code
        and goals.variant = printings.variant
        and goals.breakdown = printings.breakdown
        and printings.kind = 'target'
        and printings.layout <> 'table'
    inner join {{ ref('reading_spans') }} as readings
        on printings.source_id = readings.source_id and readings.valid_to is null
    inner join {{ ref('stg_lake__lines') }} as lines
        on readings.reading_id = lines.reading_id and lines.line_start between printings.line_start and printings.line_end
    where goals.target_kind in ('level', 'rank')
        and (
            {%- for word in ['保持在', '稳定在', '维持在', '保持'] %}
            {{ text_contains("replace(lines.raw_text, ' ', '')", "'" ~ word ~ "' || printings.printed_text") }}
            {{ 'or' if not loop.last }}
            {%- endfor %}
        )

),

-- PT-03: the target lies beyond every printed baseline on the wrong side.
directions as (

    select
        {{ finding_id("'PT-03'", 'goals', "''") }} as finding_id,
        goals.*,
        baselines.figure_id as start_id,
        baselines.label as start_label,
        baselines.spot_zh as start_zh,
        baselines.spot_en as start_en,
        baselines.operand as start_operand,
        baselines.value as start_value,
        case
            when goals.way = 'up' and goals.highest <= baselines.lowest then 'fail'
            when goals.way = 'down' and goals.lowest >= baselines.highest then 'fail'
            else 'pass'
        end as outcome,
        case goals.way when 'up' then baselines.lowest - goals.highest else goals.lowest - baselines.highest end as gap
    from goals
    inner join baselines
        on goals.target_id = baselines.target_id and baselines.precedence = 1
    left join kept
        on goals.document_id = kept.document_id
        and goals.region_code = kept.region_code
        and goals.indicator_code = kept.indicator_code
        and goals.variant = kept.variant
        and goals.breakdown = kept.breakdown
    where goals.target_kind in ('level', 'rank') and goals.way in ('up', 'down') and kept.document_id is null

),

-- One finding per indicator: the last milestone that goes the wrong way speaks for all.
reversed as (

    select
        *,
        row_number() over (partition by finding_id order by year desc, target_id) as precedence
    from directions
    where outcome = 'fail'

),

-- PT-04: each milestone against the next one.
steps as (

    select
        *,
        lead(target_id) over (
            partition by document_id, region_code, indicator_code, variant, breakdown, target_kind
            order by year
        ) as next_id
    from goals
    where target_kind in ('level', 'rank', 'rank_change', 'cumulative_flow') and way in ('up', 'down')

),

milestones as (

    select
        {{ finding_id("'PT-04'", 'steps', "steps.milestone || '/' || later.milestone") }} as finding_id,
        steps.*,
        later.milestone as later_milestone,
        later.figure_id as later_id,
        later.label as later_label,
        later.spot_zh as later_zh,
        later.spot_en as later_en,
        later.value as later_value,
        later.target_operand as later_operand,
        case
            when steps.way = 'up' and later.highest <= steps.lowest then 'fail'
            when steps.way = 'down' and later.lowest >= steps.highest then 'fail'
            else 'pass'
        end as outcome,
        case steps.way when 'up' then steps.lowest - later.highest else later.lowest - steps.highest end as gap
    from steps
    inner join goals as later
        on steps.next_id = later.target_id
    left join kept
        on steps.document_id = kept.document_id
        and steps.region_code = kept.region_code
        and steps.indicator_code = kept.indicator_code
        and steps.variant = kept.variant
        and steps.breakdown = kept.breakdown
    where kept.document_id is null

),

-- PT-05: a multiple with the level that it is to reach; the baseline is printed, or the statistic of the base year.
multiples as (

    select
        {{ finding_id("'PT-05'", 'goals', 'goals.milestone') }} as finding_id,
        goals.*,
        levels.figure_id as level_id,
        levels.label as level_label,
        levels.spot_zh as level_zh,
        levels.spot_en as level_en,
        levels.highest as level_highest,
        levels.value as level_value,
        levels.target_operand as level_operand,
        case when length(goals.base_period) = 4 then cast(goals.base_period as integer) else windows.first_year - 1 end as base_year
    from goals
    inner join goals as levels
        on goals.document_id = levels.document_id
        and goals.region_code = levels.region_code
        and goals.indicator_code = levels.indicator_code
        and goals.variant = levels.variant
        and goals.breakdown = levels.breakdown
        and goals.milestone = levels.milestone
        and levels.target_kind = 'level'
    left join {{ ref('plan_windows') }} as windows
        on goals.edition_id = windows.edition_id
    where goals.target_kind = 'multiple'

),

doublings as (

    select
        multiples.*,
        coalesce(baselines.figure_id, statistics.figure_id) as start_id,
        case when baselines.figure_id is not null then 'baseline' else 'published' end as start_role,
        coalesce(baselines.lowest, statistics.value_lo) as start_lo,
        coalesce(baselines.value, statistics.value) as start_value,
        coalesce(baselines.label, {{ printed_number('statistics.value', 'statistics.printed_decimals') }}) as start_label,
        coalesce(baselines.spot_zh, '《' || publications.title || '》') as start_zh,
        coalesce(baselines.spot_en, publications.title) as start_en,
        row_number() over (partition by multiples.target_id order by statistics.published_at desc nulls last, statistics.figure_id) as precedence
    from multiples
    left join baselines
        on multiples.target_id = baselines.target_id and baselines.precedence = 1
        -- 比2015年翻一番 does not speak of the baseline of 2020
        and coalesce(multiples.base_period, multiples.baseline_period) = multiples.baseline_period
    left join {{ ref('levels') }} as statistics
        on baselines.figure_id is null
        and multiples.additive
        and multiples.region_code = statistics.region_code
        and multiples.indicator_code = statistics.indicator_code
        and multiples.variant = statistics.variant
        and multiples.breakdown = statistics.breakdown
        and multiples.base_year = statistics.year
        and length(statistics.period) = 4
        and statistics.is_current
        and statistics.is_cited = 0
    left join {{ ref('publications') }} as publications
        on statistics.origin_id = publications.source_id

),

doubled as (

    select
        *,
        case
            when start_lo is null then 'not_applicable'
            when {{ as_value('level_highest * 100') }} <= {{ as_value(as_value('start_lo * value') ~ ' * (100 - ' ~ rule_parameter('PT-05', 'shortfall_percent') ~ ')') }} then 'fail'
            else 'pass'
        end as outcome
    from doublings
    where precedence = 1 and (start_lo is null or start_lo < 1000000000000)

),

zeros as (

    select
        {{ finding_id("'PT-10'", 'goals', 'goals.milestone') }} as finding_id,
        goals.*,
        baselines.figure_id as start_id,
        baselines.label as start_label,
        baselines.spot_zh as start_zh,
        baselines.spot_en as start_en,
        baselines.operand as start_operand,
        case when baselines.largest = 0 then 'fail' else 'pass' end as outcome
    from goals
    inner join baselines
        on goals.target_id = baselines.target_id and baselines.precedence = 1
    where goals.target_kind = 'level'

),

counted as (

    select 'PT-03' as rule_id, outcome, count(*) as tests from directions group by outcome
    union all
    select 'PT-04', outcome, count(*) from milestones group by outcome
    union all
    select 'PT-05', outcome, count(*) from doubled group by outcome
    union all
    select 'PT-10', outcome, count(*) from zeros group by outcome

),

failed as (

    select
        finding_id, 'PT-03' as rule_id, document_id, region_code, indicator_code, variant, breakdown, milestone as period,
        '《' || document_title || '》' || name_zh || '：' || milestone || '年目标' || label || '（' || spot_zh || '）'
            || case way when 'up' then '低于' else '高于' end || '基期值' || start_label || '（' || start_zh || '），与指标改善的方向相反。' as title_zh,
        document_title || ': ' || name_en || ', the target ' || label || ' for ' || milestone || ' (' || spot_en || ') lies '
            || case way when 'up' then 'below' else 'above' end || ' the baseline ' || start_label || ' (' || start_en
            || '), against the direction in which the indicator improves.' as title_en,
        start_label as expected, label as observed, value - start_value as imbalance, gap,
        figure_id as first_id, 'target' as first_role, target_operand as first_operand,
        start_id as second_id, 'baseline' as second_role, start_operand as second_operand
    from reversed
    where precedence = 1
    union all
    select
        finding_id, 'PT-04', document_id, region_code, indicator_code, variant, breakdown, later_milestone,
        '《' || document_title || '》' || name_zh || '：' || later_milestone || '年目标' || later_label || '（' || later_zh || '）反而'
            || case way when 'up' then '低于' else '高于' end || milestone || '年目标' || label || '（' || spot_zh || '），里程碑前后矛盾。',
        document_title || ': ' || name_en || ', the target ' || later_label || ' for ' || later_milestone || ' (' || later_en || ') falls behind the '
            || label || ' set for ' || milestone || ' (' || spot_en || ').',
        label, later_label, later_value - value, gap,
        figure_id, 'milestone', target_operand, later_id, 'target', later_operand
    from milestones
    where outcome = 'fail'
    union all
    select
        finding_id, 'PT-05', document_id, region_code, indicator_code, variant, breakdown, milestone,
        '《' || document_title || '》' || name_zh || '：到' || milestone || '年的目标是基期的' || {{ plain_number('value') }} || '倍（' || spot_zh || '），但目标值'
            || level_label || '（' || level_zh || '）不到基期值' || start_label || '（' || start_zh || '）的' || {{ plain_number('value') }} || '倍。',
        document_title || ': ' || name_en || ' is to be ' || {{ plain_number('value') }} || ' times the baseline by ' || milestone || ' (' || spot_en
            || '), but the target ' || level_label || ' (' || level_en || ') is less than that of ' || start_label || ' (' || start_en || ').',
        {{ plain_number(as_value('start_value * value')) }}, level_label, {{ as_value('level_value - start_value * value') }}, {{ as_value('start_lo * value') }} - level_highest,
        level_id, 'target', level_operand, start_id, start_role, cast(start_value as {{ dbt.type_string() }})
    from doubled
    where outcome = 'fail'
    union all
    select
        finding_id, 'PT-10', document_id, region_code, indicator_code, variant, breakdown, milestone,
        '《' || document_title || '》' || name_zh || '：基期值为' || start_label || '（' || start_zh || '），到' || milestone || '年的目标为' || label
            || '（' || spot_zh || '）；基期为零，增速和倍数无从计算，进展只按差额评估。',
        document_title || ': ' || name_en || ' starts from ' || start_label || ' (' || start_en || ') and has the target ' || label || ' for ' || milestone
            || ' (' || spot_en || '); from zero there is neither growth nor multiple, progress is measured by differences.',
        null, label, null, null,
        figure_id, 'target', target_operand, start_id, 'baseline', start_operand
    from zeros
    where outcome = 'fail'

),

operands as (

    select finding_id, first_id as figure_id, first_role as role, first_operand as operand from failed
    union all
    select finding_id, second_id, second_role, second_operand from failed

)

{{ counted_rows('counted') }}
union all
{{ test_rows('failed inner join operands on failed.finding_id = operands.finding_id', {
    'finding_id': 'failed.finding_id', 'rule_id': 'rule_id', 'outcome': "'fail'", 'tests': '1', 'document_id': 'document_id',
    'region_code': 'region_code', 'indicator_code': 'indicator_code', 'variant': 'variant', 'breakdown': 'breakdown', 'period': 'period',
    'title_zh': 'title_zh', 'title_en': 'title_en', 'expected': 'expected', 'observed': 'observed', 'imbalance': 'imbalance', 'gap': 'gap',
    'figure_id': 'operands.figure_id', 'role': 'operands.role', 'operand': 'operands.operand',
}) }}
