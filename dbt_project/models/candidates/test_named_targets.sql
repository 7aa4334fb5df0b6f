{#- Targets of what is none of our indicators, told apart by their printed name and unit: PT-04 milestones that turn back
    after they went away from the printed level before the plan, PT-08 a ratio that is to reach what it had reached before,
    PT-10 a baseline of zero. In which direction such a thing
    improves nobody has told us: only a path that turns is a contradiction, one that falls throughout is none. -#}
with named as (

    {{ named_figures() }}
        and (
            (figures.kind = 'target' and figures.target_kind = 'level' and figures.comparator in ('eq', 'ge', 'gt'))
            or (figures.kind in ('baseline', 'actual') and figures.comparator = 'eq')
        )

),

-- What any printing of a milestone allows, and the printing that speaks for it (table before text).
goals as (

    select *
    from (
        select
            named.*,
            min(value_lo) over (partition by edition_id, region_code, name, unit, year) as lowest,
            max(value_hi) over (partition by edition_id, region_code, name, unit, year) as highest,
            -- the table prints a bare number where the text says 达到…以上
            max(case when comparator in ('ge', 'gt') then 1 else 0 end) over (partition by edition_id, region_code, name, unit, year) as is_floor,
            row_number() over (partition by edition_id, region_code, name, unit, year order by layout_rank, line_start, figure_id) as precedence
        from named
        where kind = 'target'
    ) as printings
    where precedence = 1

),

-- The last level before the first milestone, a table's baseline before what the text tells.
starts as (

    select *
    from (
        select
            levels.*,
            min(levels.value_lo) over (partition by levels.edition_id, levels.region_code, levels.name, levels.unit, levels.year) as lowest,
            max(levels.value_hi) over (partition by levels.edition_id, levels.region_code, levels.name, levels.unit, levels.year) as highest,
            row_number() over (
                partition by levels.edition_id, levels.region_code, levels.name, levels.unit
                order by levels.year desc, levels.layout_rank, levels.line_start, levels.figure_id
            ) as precedence
        from named as levels
        inner join (select edition_id, region_code, name, unit, min(year) as year from goals group by edition_id, region_code, name, unit) as firsts
            on levels.edition_id = firsts.edition_id
            and levels.region_code = firsts.region_code
            and levels.name = firsts.name
            and levels.unit = firsts.unit
            and levels.year < firsts.year
        where levels.kind in ('baseline', 'actual') and length(levels.period) = 4
    ) as printings
    where precedence = 1

),

steps as (

    select
        goals.*,
        lead(figure_id) over (partition by edition_id, region_code, name, unit order by year) as next_id
    from goals

),

turns as (

    select
        {{ finding_id("'PT-04'", 'later', "cast(steps.year as " ~ dbt.type_string() ~ ") || '/' || cast(later.year as " ~ dbt.type_string() ~ ")") }} as finding_id,
        steps.figure_id as first_id,
        steps.evidence as first_evidence,
        steps.label as first_label,
        steps.spot_zh as first_zh,
        steps.spot_en as first_en,
        steps.year as first_year,
        starts.figure_id as start_id,
        starts.evidence as start_evidence,
        starts.label as start_label,
        later.*,
        later.value - steps.value as imbalance,
        case when later.highest <= steps.lowest then steps.lowest - later.highest else later.lowest - steps.highest end as gap,
        case
            when starts.highest <= steps.lowest and later.highest <= steps.lowest then 'fail'
            when starts.lowest >= steps.highest and later.lowest >= steps.highest then 'fail'
            else 'pass'
        end as outcome
    from steps
    inner join goals as later
        on steps.next_id = later.figure_id
    inner join starts
        on steps.edition_id = starts.edition_id
        and steps.region_code = starts.region_code
        and steps.name = starts.name
        and steps.unit = starts.unit

),

zeros as (

    select
        {{ finding_id("'PT-10'", 'goals', "cast(goals.year as " ~ dbt.type_string() ~ ")") }} as finding_id,
        goals.*,
        starts.figure_id as start_id,
        starts.evidence as start_evidence,
        starts.label as start_label,
        case when starts.value = 0 and goals.value > 0 then 'fail' else 'pass' end as outcome
    from goals
    inner join starts
        on goals.edition_id = starts.edition_id
        and goals.region_code = starts.region_code
        and goals.name = starts.name
        and goals.unit = starts.unit
        and starts.kind = 'baseline'

),

-- 达到58% of a ratio that stood at 61.4 %: whatever the ratio is, what is to be reached was reached.
met as (

    select
        {{ finding_id("'PT-08'", 'goals', "cast(goals.year as " ~ dbt.type_string() ~ ")") }} as finding_id,
        goals.*,
        starts.figure_id as start_id,
        starts.evidence as start_evidence,
        starts.label as start_label,
        starts.spot_zh as start_zh,
        starts.spot_en as start_en,
        starts.year as start_year,
        case when starts.lowest >= goals.highest or starts.value >= goals.value then 'fail' else 'pass' end as outcome
    from goals
    inner join starts
        on goals.edition_id = starts.edition_id
        and goals.region_code = starts.region_code
        and goals.name = starts.name
        and goals.unit = starts.unit
    where goals.is_floor = 1 and goals.unit in ('%', '‰')

),

failed as (

    select
        finding_id, 'PT-08' as rule_id, document_id, region_code, variant, breakdown, cast(year as {{ dbt.type_string() }}) as milestone,
        '《' || document_title || '》' || name || '：' || cast(year as {{ dbt.type_string() }}) || '年目标' || label || '（' || spot_zh || '）在'
            || cast(start_year as {{ dbt.type_string() }}) || '年（' || start_label || '，' || start_zh || '）已经达到。' as title_zh,
        document_title || ': ' || name || ', the target ' || label || ' for ' || cast(year as {{ dbt.type_string() }}) || ' (' || spot_en || ') was met in '
            || cast(start_year as {{ dbt.type_string() }}) || ' (' || start_label || ', ' || start_en || ').' as title_en,
        label as expected, start_label as observed, cast(null as {{ value_type() }}) as imbalance, cast(null as {{ value_type() }}) as gap, figure_id, evidence,
        cast(null as {{ dbt.type_string() }}) as first_id, cast(null as {{ dbt.type_string() }}) as first_evidence, start_id, start_evidence
    from met
    where outcome = 'fail'
    union all
    select
        finding_id, 'PT-04' as rule_id, document_id, region_code, variant, breakdown, cast(year as {{ dbt.type_string() }}) as milestone,
        '《' || document_title || '》' || name || '：' || cast(year as {{ dbt.type_string() }}) || '年目标' || label || '（' || spot_zh || '）从'
            || cast(first_year as {{ dbt.type_string() }}) || '年目标' || first_label || '（' || first_zh || '）折回，此前为' || start_label || '，里程碑前后矛盾。' as title_zh,
        document_title || ': ' || name || ', the target ' || label || ' for ' || cast(year as {{ dbt.type_string() }}) || ' (' || spot_en || ') turns back behind the '
            || first_label || ' set for ' || cast(first_year as {{ dbt.type_string() }}) || ' (' || first_en || '), from ' || start_label || ' before.' as title_en,
        first_label as expected, label as observed, imbalance, gap, figure_id, evidence, first_id, first_evidence, start_id, start_evidence
    from turns
    where outcome = 'fail'
    union all
    select
        finding_id, 'PT-10', document_id, region_code, variant, breakdown, cast(year as {{ dbt.type_string() }}),
        '《' || document_title || '》' || name || '：基期值为' || start_label || '，到' || cast(year as {{ dbt.type_string() }}) || '年的目标为' || label || '（' || spot_zh
            || '）；基期为零，增速和倍数无从计算，进展只按差额评估。',
        document_title || ': ' || name || ' starts from ' || start_label || ' and has the target ' || label || ' for ' || cast(year as {{ dbt.type_string() }})
            || ' (' || spot_en || '); from zero there is neither growth nor multiple, progress is measured by differences.',
        null, label, null, null, figure_id, evidence, null, null, start_id, start_evidence
    from zeros
    where outcome = 'fail'

),

roles as (

    select finding_id, figure_id, 'target' as role, evidence as operand from failed
    union all
    select finding_id, first_id, 'milestone', first_evidence from failed where first_id is not null
    union all
    select finding_id, start_id, 'baseline', start_evidence from failed

),

counted as (

    select 'PT-04' as rule_id, outcome, count(*) as tests from turns group by outcome
    union all
    select 'PT-10', outcome, count(*) from zeros group by outcome
    union all
    select 'PT-08', outcome, count(*) from met group by outcome

)

{{ counted_rows('counted') }}
union all
{{ test_rows('failed inner join roles on failed.finding_id = roles.finding_id', {
    'finding_id': 'failed.finding_id', 'rule_id': 'failed.rule_id', 'outcome': "'fail'", 'tests': '1', 'document_id': 'failed.document_id',
    'region_code': 'failed.region_code', 'variant': 'failed.variant', 'breakdown': 'failed.breakdown', 'period': 'failed.milestone',
    'title_zh': 'failed.title_zh', 'title_en': 'failed.title_en', 'expected': 'failed.expected', 'observed': 'failed.observed',
    'imbalance': 'failed.imbalance', 'gap': 'failed.gap', 'figure_id': 'roles.figure_id', 'role': 'roles.role', 'operand': 'roles.operand',
}) }}
