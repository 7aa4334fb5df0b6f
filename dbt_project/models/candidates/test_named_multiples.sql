{#- Doublings of what is none of our indicators, told apart by their printed name: PT-01 no level to double from is printed
    anywhere in the document, PT-05 the level that is set beside the doubling falls short of it. -#}
with named as (

    {{ named_figures() }}

),

doublings as (

    select *
    from (
        select
            named.*,
            row_number() over (partition by edition_id, region_code, name order by year desc, layout_rank, line_start, figure_id) as precedence
        from named
        where kind = 'target' and target_kind = 'multiple'
    ) as printings
    where precedence = 1

),

levels as (

    select *
    from named
    where kind in ('baseline', 'actual') and comparator = 'eq' and length(period) = 4

),

-- Any level under a name that is the same or a part of it will do: a doubt about words is no missing baseline.
bases as (

    select distinct doublings.figure_id
    from doublings
    inner join levels
        on doublings.edition_id = levels.edition_id
        and doublings.year > levels.year
        and ({{ text_contains('levels.name', 'doublings.name') }} or {{ text_contains('doublings.name', 'levels.name') }})

),

without_base as (

    select
        {{ finding_id("'PT-01'", 'doublings', "cast(doublings.year as " ~ dbt.type_string() ~ ")") }} as finding_id,
        doublings.*,
        case when bases.figure_id is null then 'fail' else 'pass' end as outcome
    from doublings
    left join bases
        on doublings.figure_id = bases.figure_id

),

starts as (

    select *
    from (
        select
            levels.*,
            doublings.figure_id as doubling_id,
            row_number() over (partition by doublings.figure_id order by levels.year desc, levels.layout_rank, levels.line_start, levels.figure_id) as precedence
        from doublings
        inner join levels
            on doublings.edition_id = levels.edition_id
            and doublings.region_code = levels.region_code
            and doublings.name = levels.name
            and doublings.year > levels.year
    ) as printings
    where precedence = 1

),

goals as (

    select
        doublings.figure_id as doubling_id,
        doublings.evidence as doubling_evidence,
        doublings.value as factor,
        named.*,
        row_number() over (partition by doublings.figure_id order by named.layout_rank, named.line_start, named.figure_id) as precedence
    from doublings
    inner join named
        on doublings.edition_id = named.edition_id
        and doublings.region_code = named.region_code
        and doublings.name = named.name
        and doublings.year = named.year
        and named.kind = 'target'
        and named.target_kind = 'level'

),

shortfalls as (

    select
        {{ finding_id("'PT-05'", 'goals', "cast(goals.year as " ~ dbt.type_string() ~ ")") }} as finding_id,
        goals.*,
        starts.figure_id as start_id,
        starts.evidence as start_evidence,
        starts.label as start_label,
        starts.spot_zh as start_zh,
        starts.spot_en as start_en,
        case
            when 100 * goals.value_hi <= goals.factor * starts.value_lo * (100 - {{ rule_parameter('PT-05', 'shortfall_percent') }}) then 'fail'
            else 'pass'
        end as outcome
    from goals
    inner join starts
        on goals.doubling_id = starts.doubling_id
        and coalesce(goals.unit, '') = coalesce(starts.unit, '')
    where goals.precedence = 1

),

failed as (

    select
        finding_id, 'PT-01' as rule_id, document_id, region_code, variant, breakdown, cast(year as {{ dbt.type_string() }}) as milestone,
        '《' || document_title || '》' || spot_zh || '：' || name || '到' || cast(year as {{ dbt.type_string() }}) || '年的目标为基期的' || label || '，规划中没有列明基期值。' as title_zh,
        document_title || ' (' || spot_en || '): ' || name || ' is to be ' || label || ' of its baseline by ' || cast(year as {{ dbt.type_string() }}) || '; no baseline is stated.' as title_en,
        cast(null as {{ dbt.type_string() }}) as expected, label as observed, figure_id, evidence,
        cast(null as {{ dbt.type_string() }}) as start_id, cast(null as {{ dbt.type_string() }}) as start_evidence,
        cast(null as {{ dbt.type_string() }}) as doubling_id, cast(null as {{ dbt.type_string() }}) as doubling_evidence
    from without_base
    where outcome = 'fail'
    union all
    select
        finding_id, 'PT-05', document_id, region_code, variant, breakdown, cast(year as {{ dbt.type_string() }}),
        '《' || document_title || '》' || name || '：到' || cast(year as {{ dbt.type_string() }}) || '年的目标是基期的' || cast(cast(factor as integer) as {{ dbt.type_string() }}) || '倍，但目标值'
            || label || '（' || spot_zh || '）不到基期值' || start_label || '（' || start_zh || '）的' || cast(cast(factor as integer) as {{ dbt.type_string() }}) || '倍。',
        document_title || ': ' || name || ' is to be ' || cast(cast(factor as integer) as {{ dbt.type_string() }}) || ' times its baseline by ' || cast(year as {{ dbt.type_string() }})
            || ', but ' || label || ' (' || spot_en || ') is less than that of ' || start_label || ' (' || start_en || ').',
        start_label, label, figure_id, evidence, start_id, start_evidence, doubling_id, doubling_evidence
    from shortfalls
    where outcome = 'fail'

),

roles as (

    select finding_id, figure_id, 'target' as role, evidence as operand from failed
    union all
    select finding_id, start_id, 'baseline', start_evidence from failed where start_id is not null
    union all
    select finding_id, doubling_id, 'target', doubling_evidence from failed where doubling_id is not null

),

counted as (

    select 'PT-01' as rule_id, outcome, count(*) as tests from without_base group by outcome
    union all
    select 'PT-05', outcome, count(*) from shortfalls group by outcome

)

{{ counted_rows('counted') }}
union all
{{ test_rows('failed inner join roles on failed.finding_id = roles.finding_id', {
    'finding_id': 'failed.finding_id', 'rule_id': 'failed.rule_id', 'outcome': "'fail'", 'tests': '1', 'document_id': 'failed.document_id',
    'region_code': 'failed.region_code', 'variant': 'failed.variant', 'breakdown': 'failed.breakdown', 'period': 'failed.milestone',
    'title_zh': 'failed.title_zh', 'title_en': 'failed.title_en', 'expected': 'failed.expected', 'observed': 'failed.observed',
    'figure_id': 'roles.figure_id', 'role': 'roles.role', 'operand': 'roles.operand',
}) }}
