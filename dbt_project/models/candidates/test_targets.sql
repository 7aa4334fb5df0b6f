{#- PT-01 baseline stated, PT-08 trivial or insensitive target, PT-11 target only in the text or only in the table; B2-16
    a statistic that equals its target to the last digit. -#}
with targets as (

    select
        target_groups.*,
        indicators.name_zh,
        indicators.name_en,
        indicators.indicator_type,
        indicators.name_zh as indicator_as_printed,
        case target_groups.target_kind
            when 'rank_change' then '提升'
            when 'growth_avg' then '年均增长'
            when 'growth_total' then '增长'
            when 'multiple' then '基期的'
            else ''
        end || {{ printed_label('target_groups') }} as target_label,
        case target_groups.target_kind
            when 'rank_change' then 'a gain of '
            when 'growth_avg' then 'average growth of '
            when 'growth_total' then 'growth of '
            else ''
        end || {{ printed_label('target_groups') }} as target_label_en,
        {{ place_zh('target_groups') }} as target_place_zh,
        {{ place_en('target_groups') }} as target_place_en,
        cast(target_groups.value as {{ dbt.type_string() }}) || target_groups.comparator as target_operand
    from {{ ref('target_groups') }} as target_groups
    inner join {{ ref('indicators') }} as indicators
        on target_groups.indicator_code = indicators.indicator_code
    -- A direction has no number and no figure: there is nothing that a rule could test.
    where target_groups.target_kind <> 'directional'

),

-- PT-01: flows count from zero and a place needs no base; every other target needs the level that it starts from.
without_baseline as (

    select
        *,
        max(milestone) over (partition by document_id, region_code, indicator_code, variant, breakdown) as last_milestone,
        min(case when printed_baseline_status in ('stated', 'zero') then 1 else 0 end)
            over (partition by document_id, region_code, indicator_code, variant, breakdown) as has_baseline,
        row_number() over (
            partition by document_id, region_code, indicator_code, variant, breakdown
            order by milestone desc, case target_kind when 'level' then 0 else 1 end, target_id
        ) as precedence
    from targets
    where target_kind not in ('new_flow', 'cumulative_flow', 'rank')

),

pt_01 as (

    select
        {{ finding_id("'PT-01'", 'without_baseline', 'without_baseline.last_milestone') }} as finding_id,
        'PT-01' as rule_id,
        cast(null as {{ dbt.type_string() }}) as severity,
        document_id,
        region_code,
        indicator_code,
        variant,
        breakdown,
        last_milestone as period,
        '《' || document_title || '》' || target_place_zh || '：' || name_zh || '到' || milestone || '年的目标为' || target_label
            || case
                when printed_baseline_status = 'implied' then '，规划中没有列明基期值，由倍数推算不高于' || {{ plain_number(as_value('baseline_value')) }} || coalesce(unit, '') || '。'
                else '，规划中没有列明基期值。'
            end as title_zh,
        document_title || ' (' || target_place_en || '): ' || name_en || ' has the target ' || target_label_en || ' for ' || milestone
            || case
                when printed_baseline_status = 'implied' then '; no baseline is stated, the multiple implies at most ' || {{ plain_number(as_value('baseline_value')) }} || coalesce(unit, '') || '.'
                else '; no baseline is stated.'
            end as title_en,
        cast(null as {{ dbt.type_string() }}) as expected,
        printed_baseline_status as observed,
        cast(null as {{ value_type() }}) as imbalance,
        figure_id,
        'target' as role,
        target_operand as operand
    from without_baseline
    where precedence = 1 and has_baseline = 0

),

-- PT-08: each printed baseline against the target. Counts are exact, so the steps of rounding do not speak there.
baselines as (

    select
        targets.*,
        figures.figure_id as start_figure_id,
        figures.value as start_value,
        figures.period as start_period,
        {{ printed_label('figures') }} as start_label,
        {{ place_zh('figures') }} as start_place_zh,
        {{ place_en('figures') }} as start_place_en,
        {{ operand('figures') }} as start_operand,
        -- one step of the printed statistic, in the canonical unit
        (figures.value_hi - figures.value_lo) as step,
        (targets.value - figures.value) * case when targets.direction = 'down' then -1 else 1 end as way
    from targets
    inner join {{ ref('current_figures') }} as figures
        on targets.edition_id = figures.edition_id
        and targets.region_code = figures.region_code
        and targets.indicator_code = figures.indicator_code
        and targets.variant = figures.variant
        and targets.breakdown = figures.breakdown
        and figures.kind = 'baseline'
        and figures.comparator = 'eq'
    where targets.target_kind = 'level'
        and targets.direction in ('up', 'down')
        and targets.indicator_type in ('ratio', 'index', 'flow')
        and {{ last_year('figures.period') }} < cast(targets.milestone as integer)

),

pt_08_tests as (

    select
        {{ finding_id("'PT-08'", 'baselines', "baselines.milestone || '/' || baselines.start_period") }} as finding_id,
        baselines.*,
        case
            -- more than a step the wrong way is a contradiction (PT-03), not a target that asks for nothing
            when way < -step then null
            when way <= 0 then 'met'
            when way <= step * {{ rule_parameter('PT-08', 'steps') }} then 'insensitive'
            when start_value > 0 and direction = 'up' and {{ as_double('value') }} / {{ as_double('start_value') }}
                < power(1 + {{ as_double(rule_parameter('PT-08', 'annual_growth_percent')) }} / 100, cast(milestone as integer) - {{ last_year('start_period') }})
                then 'slow'
        end as why
    from baselines

),

pt_08_ranked as (

    select
        *,
        max(case when why is not null then 1 else 0 end) over (partition by finding_id) as fails,
        row_number() over (
            partition by finding_id
            order by case when why is not null then 0 else 1 end, start_place_zh, start_figure_id
        ) as precedence
    from pt_08_tests

),

pt_08_worded as (

    select
        *,
        '《' || document_title || '》' || name_zh || '：基期值' || start_label || '（' || start_place_zh || '）与' || milestone || '年目标'
            || target_label || '（' || target_place_zh || '）'
            || case why
                when 'met' then '相比，目标在基期已经达到。'
                when 'insensitive' then '相差不超过三个末位修约单位，目标难以区分进展与修约。'
                else '相比，所需年均增速不足0.5%。'
            end as title_zh,
        document_title || ': ' || name_en || ', baseline ' || start_label || ' (' || start_place_en || ') and target ' || target_label_en || ' for '
            || milestone || ' (' || target_place_en || ')'
            || case why
                when 'met' then ': met at the baseline.'
                when 'insensitive' then ' differ by at most three rounding steps: progress cannot be told from rounding.'
                else ': the growth needed is below 0.5 % a year.'
            end as title_en
    from pt_08_ranked
    where precedence = 1 and fails = 1

),

pt_08_roles as (

    select finding_id, start_figure_id as figure_id, 'baseline' as role, start_operand as operand
    from pt_08_ranked
    where why is not null
    union
    select finding_id, figure_id, 'target' as role, target_operand as operand
    from pt_08_ranked

),

pt_08 as (

    select
        pt_08_worded.finding_id,
        'PT-08' as rule_id,
        cast(null as {{ dbt.type_string() }}) as severity,
        pt_08_worded.document_id,
        pt_08_worded.region_code,
        pt_08_worded.indicator_code,
        pt_08_worded.variant,
        pt_08_worded.breakdown,
        pt_08_worded.milestone as period,
        pt_08_worded.title_zh,
        pt_08_worded.title_en,
        pt_08_worded.target_label as expected,
        pt_08_worded.start_label as observed,
        {{ as_value('pt_08_worded.way') }} as imbalance,
        pt_08_roles.figure_id,
        pt_08_roles.role,
        pt_08_roles.operand
    from pt_08_worded
    inner join pt_08_roles
        on pt_08_worded.finding_id = pt_08_roles.finding_id

),

-- PT-11: only where the plan prints a table of targets, and only for the milestones that the table has.
printings as (

    select
        figures.*,
        cast({{ last_year('figures.period') }} as {{ dbt.type_string() }}) as milestone,
        case when figures.layout = 'table' then 1 else 0 end as in_table
    from {{ ref('current_figures') }} as figures
    where figures.kind = 'target' and figures.target_kind = 'level' and figures.indicator_code is not null

),

tables as (

    select distinct edition_id, region_code, milestone
    from printings
    where in_table = 1

),

-- Under the heading of the table, or of goals: there the text sums up what the table lists.
goals as (

    select distinct printings.figure_id
    from printings
    inner join printings as tabled
        on printings.edition_id = tabled.edition_id and tabled.in_table = 1
    where printings.in_table = 0
        and (
            printings.section is null
            or substr(tabled.section, 1, length(printings.section)) = printings.section
            or {{ text_contains(innermost('printings.section'), "'目标'") }}
        )

),

-- A row of the table that the reader refused lists its target all the same.
refused as (

    select distinct printings.figure_id
    from printings
    inner join {{ ref('stg_lake__rejected') }} as rejected
        on printings.source_id = rejected.source_id
        and rejected.reason_code = 'columns_unclear'
        and {{ text_contains('rejected.raw_text', 'printings.indicator_as_printed') }}
    where printings.in_table = 0

),

keyed as (

    select
        printings.*,
        {{ finding_id("'PT-11'", 'printings', 'printings.milestone') }} as finding_id,
        max(case when refused.figure_id is null then printings.in_table else 1 end)
            over (partition by printings.edition_id, printings.region_code, printings.indicator_code, printings.variant, printings.breakdown, printings.milestone) as anywhere_in_table,
        min(printings.in_table) over (partition by printings.edition_id, printings.region_code, printings.indicator_code, printings.variant, printings.breakdown, printings.milestone) as only_in_table,
        max(case when goals.figure_id is null then 0 else 1 end)
            over (partition by printings.edition_id, printings.region_code, printings.indicator_code, printings.variant, printings.breakdown, printings.milestone) as is_goal,
        row_number() over (
            partition by printings.edition_id, printings.region_code, printings.indicator_code, printings.variant, printings.breakdown, printings.milestone
            order by case when goals.figure_id is null then 1 else 0 end, printings.layout_rank, printings.line_start, printings.figure_id
        ) as precedence
    from printings
    inner join tables
        on printings.edition_id = tables.edition_id
        and printings.region_code = tables.region_code
        and printings.milestone = tables.milestone
    left join goals
        on printings.figure_id = goals.figure_id
    left join refused
        on printings.figure_id = refused.figure_id

),

-- A table that lists all goals of the text but one is the plan's full list, and the one was forgotten. Other tables are excerpts.
presence as (

    select
        *,
        100 * sum(is_goal * anywhere_in_table) over (partition by edition_id, region_code, milestone)
            >= {{ rule_parameter('PT-11', 'least_share') }} * sum(is_goal) over (partition by edition_id, region_code, milestone)
        and sum(is_goal * (1 - anywhere_in_table)) over (partition by edition_id, region_code, milestone)
            <= {{ rule_parameter('PT-11', 'most_omitted') }} as is_full_list,
        -- where the text names no target for the year at all, the table says what it leaves out
        case
            when only_in_table = 1 and min(only_in_table) over (partition by edition_id, region_code, milestone) = 1 then 'table_of_the_year'
            when only_in_table = 1 then 'table'
            when anywhere_in_table = 0 then 'text'
            else 'both'
        end as seen_in
    from keyed
    where precedence = 1

),

forgotten as (

    select
        presence.*,
        indicators.name_zh,
        indicators.name_en,
        case when presence.seen_in = 'text' and presence.is_goal = 1 and presence.is_full_list then 1 else 0 end as is_forgotten,
        {{ stable_id('fnd', ["'PT-11'", 'presence.document_id', 'presence.region_code', 'presence.milestone', 'presence.seen_in']) }} as group_id,
        row_number() over (
            partition by presence.edition_id, presence.region_code, presence.milestone, presence.seen_in,
                case when presence.seen_in = 'text' and presence.is_goal = 1 and presence.is_full_list then 1 else 0 end
            order by presence.line_start, presence.page, presence.figure_id
        ) as place_number,
        count(*) over (
            partition by presence.edition_id, presence.region_code, presence.milestone, presence.seen_in,
                case when presence.seen_in = 'text' and presence.is_goal = 1 and presence.is_full_list then 1 else 0 end
        ) as places
    from presence
    inner join {{ ref('indicators') }} as indicators
        on presence.indicator_code = indicators.indicator_code
    where presence.seen_in in ('table', 'text')

),

-- What stands in one place alone by habit is told once per document.
told as (

    select
        group_id,
        {{ ordered_text("case when place_number <= 6 then name_zh || " ~ printed_label('forgotten') ~ " || '（' || " ~ place_zh('forgotten') ~ " || '）' end", '、', 'place_number') }} as list_zh,
        {{ ordered_text("case when place_number <= 6 then name_en || ' ' || " ~ printed_label('forgotten') ~ " || ' (' || " ~ place_en('forgotten') ~ " || ')' end", ', ', 'place_number') }} as list_en
    from forgotten
    where is_forgotten = 0
    group by group_id

),

pt_11 as (

    select
        finding_id,
        'PT-11' as rule_id,
        cast(null as {{ dbt.type_string() }}) as severity,
        document_id,
        region_code,
        indicator_code,
        variant,
        breakdown,
        milestone as period,
        '《' || document_title || '》' || {{ spot_zh('forgotten') }} || '：' || name_zh || milestone || '年目标' || {{ printed_label('forgotten') }}
            || '只见于正文，目标表中没有。' as title_zh,
        document_title || ' (' || {{ spot_en('forgotten') }} || '): the target ' || {{ printed_label('forgotten') }} || ' of ' || name_en || ' for ' || milestone
            || ' stands in the text and not in the table of targets.' as title_en,
        cast(null as {{ dbt.type_string() }}) as expected,
        {{ printed_label('forgotten') }} as observed,
        cast(null as {{ value_type() }}) as imbalance,
        figure_id,
        'target' as role,
        {{ operand('forgotten') }} as operand
    from forgotten
    where is_forgotten = 1
    union all
    select
        forgotten.group_id,
        'PT-11',
        'information',
        forgotten.document_id,
        forgotten.region_code,
        null,
        '_T',
        '_T',
        forgotten.milestone,
        '《' || forgotten.document_title || '》' || forgotten.milestone || '年的' || cast(forgotten.places as {{ dbt.type_string() }}) || '个目标只见于'
            || case forgotten.seen_in when 'text' then '正文，目标表中没有：' else '目标表，正文中没有：' end
            || told.list_zh || case when forgotten.places > 6 then '等' else '' end || '。',
        forgotten.document_title || ': ' || cast(forgotten.places as {{ dbt.type_string() }}) || ' target(s) for ' || forgotten.milestone || ' stand only in the '
            || case forgotten.seen_in when 'text' then 'text' else 'table' end || ': ' || told.list_en || case when forgotten.places > 6 then ' and others' else '' end || '.',
        null,
        forgotten.seen_in,
        null,
        forgotten.figure_id,
        'target',
        {{ operand('forgotten') }}
    from forgotten
    inner join told
        on forgotten.group_id = told.group_id
    where forgotten.is_forgotten = 0

),

-- B2-16: the value that counts at the milestone, printed with decimals.
reached as (

    select
        {{ finding_id("'B2-16'", 'targets', 'targets.milestone') }} as finding_id,
        targets.document_id,
        targets.region_code,
        targets.indicator_code,
        targets.variant,
        targets.breakdown,
        targets.milestone as period,
        targets.figure_id as target_id,
        levels.figure_id as level_id,
        levels.value,
        case when levels.value = targets.value then 'fail' else 'pass' end as outcome
    from targets
    inner join {{ ref('levels') }} as levels
        on targets.region_code = levels.region_code
        and targets.indicator_code = levels.indicator_code
        and targets.variant = levels.variant
        and targets.breakdown = levels.breakdown
        and targets.milestone = levels.period
        and levels.is_current
        and levels.is_cited = 0
    where targets.target_kind = 'level' and levels.printed_decimals >= {{ rule_parameter('B2-16', 'least_decimals') }}

),

reached_figures as (

    select finding_id, target_id as figure_id, 'target' as role from reached where outcome = 'fail'
    union
    select finding_id, level_id, 'level' from reached where outcome = 'fail'

),

counted as (

    select 'B2-16' as rule_id, outcome, count(*) as tests
    from reached
    group by outcome
    union all
    select 'PT-01' as rule_id, 'pass' as outcome, count(*) as tests
    from without_baseline
    where precedence = 1 and has_baseline = 1
    union all
    select 'PT-08', 'pass', count(*)
    from pt_08_ranked
    where precedence = 1 and fails = 0
    union all
    select 'PT-11', 'pass', count(*)
    from presence
    where seen_in in ('both', 'table_of_the_year')

)

{{ counted_rows('counted') }}
{%- for rule in ['pt_01', 'pt_08', 'pt_11'] %}
union all
{{ test_rows(rule, {
    'finding_id': 'finding_id', 'rule_id': 'rule_id', 'outcome': "'fail'", 'tests': '1', 'severity': 'severity', 'document_id': 'document_id',
    'region_code': 'region_code', 'indicator_code': 'indicator_code', 'variant': 'variant', 'breakdown': 'breakdown', 'period': 'period',
    'title_zh': 'title_zh', 'title_en': 'title_en', 'expected': 'expected', 'observed': 'observed', 'imbalance': 'imbalance',
    'figure_id': 'figure_id', 'role': 'role', 'operand': 'operand',
}) }}
{%- endfor %}
union all
{{ test_rows('(select distinct finding_id, document_id, region_code, indicator_code, variant, breakdown, period, value from reached) as reached inner join reached_figures on reached.finding_id = reached_figures.finding_id', {
    'finding_id': 'reached.finding_id', 'rule_id': "'B2-16'", 'outcome': "'fail'", 'tests': '1', 'document_id': 'document_id',
    'region_code': 'region_code', 'indicator_code': 'indicator_code', 'variant': 'variant', 'breakdown': 'breakdown', 'period': 'period',
    'said_zh': "'实际值与目标值到末位完全相同，应核实'", 'said_en': "'the statistic equals the target to the last digit and should be verified'",
    'observed': shown('reached.value', 2), 'figure_id': 'reached_figures.figure_id', 'role': 'reached_figures.role',
}) }}
