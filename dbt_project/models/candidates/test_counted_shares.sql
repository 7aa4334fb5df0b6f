{#- B4-05 in running text: a share of things counted one by one, where only their number is printed (85家企业中，46.1%建有…).
    Some whole number of them has to give the printed share. -#}
with asked as (

    select
        relations.*,
        whole.label as whole_label,
        whole.printed_text as whole_text,
        figures.figure_id as whole_figure_id,
        floor({{ as_double('relations.value_hi') }} * {{ as_double('whole.value') }} * 0.01) as most,
        ceil({{ as_double('relations.value_lo') }} * {{ as_double('whole.value') }} * 0.01) as least,
        round({{ as_double('relations.value') }} * {{ as_double('whole.value') }} * 0.01) as nearest,
        100 / {{ as_double('whole.value') }} as percent_of_one,
        {{ as_double('whole.value') }} as units_counted
    from {{ ref('current_relations') }} as relations
    inner join {{ ref('stg_lake__relation_operands') }} as whole
        on relations.relation_id = whole.relation_id and relations.reading_id = whole.reading_id and whole.role = 'whole'
    left join {{ ref('current_figures') }} as figures
        on whole.figure_id = figures.figure_id
    where relations.relation_kind = 'counted_share' and whole.value > 0 and whole.value < 1000000000000 and relations.value_hi < 100000

),

-- The rounded share lies below its upper end, but a hair of binary fractions is no contradiction.
tests as (

    select
        *,
        case when most < least and most + 1 > ({{ as_double('value_hi') }} * units_counted * 0.01) + 0.000001 then 'fail' else 'pass' end as outcome
    from asked

),

failed as (

    select
        {{ stable_id('fnd', ["'B4-05'", 'tests.document_id', 'tests.region_code', 'tests.whole_label', 'tests.printed_text', 'tests.whole_text', 'tests.period']) }} as finding_id,
        tests.*,
        row_number() over (
            partition by document_id, region_code, whole_label, printed_text, whole_text, period order by line_start, relation_id
        ) as precedence
    from tests
    where outcome = 'fail'

),

worded as (

    select
        failed.*,
        '《' || document_title || '》' || section_zh || {{ place_zh('failed') }} || '：' || whole_label || whole_text || '中的占比印为' || printed_text || '，没有整数能得到：'
            || cast(cast(most as bigint) as {{ dbt.type_string() }}) || '个为' || {{ shown('most * percent_of_one', 2) }} || '%，'
            || cast(cast(most as bigint) + 1 as {{ dbt.type_string() }}) || '个为' || {{ shown('(most + 1) * percent_of_one', 2) }} || '%。' as title_zh,
        document_title || section_en || ' (' || {{ place_en('failed') }} || '): ' || printed_text || ' of ' || whole_text || ' ' || whole_label || ' is no whole number: '
            || cast(cast(most as bigint) as {{ dbt.type_string() }}) || ' are ' || {{ shown('most * percent_of_one', 2) }} || '%, '
            || cast(cast(most as bigint) + 1 as {{ dbt.type_string() }}) || ' are ' || {{ shown('(most + 1) * percent_of_one', 2) }} || '%.' as title_en
    from failed
    where precedence = 1

),

-- A finding about numbers none of which is a figure still has its row.
roles as (

    select finding_id, figure_id, 'share' as role, printed_text as operand from worded
    union all
    select finding_id, whole_figure_id, 'whole', whole_text from worded where whole_figure_id is not null

),

counted as (

    select 'B4-05' as rule_id, outcome, count(*) as tests from tests group by outcome

)

{{ counted_rows('counted') }}
union all
{{ test_rows('worded inner join roles on worded.finding_id = roles.finding_id', {
    'finding_id': 'worded.finding_id', 'rule_id': "'B4-05'", 'outcome': "'fail'", 'tests': '1', 'document_id': 'worded.document_id',
    'region_code': 'worded.region_code', 'indicator_code': 'worded.indicator_code', 'variant': 'worded.variant',
    'breakdown': 'worded.breakdown', 'period': 'worded.period', 'title_zh': 'worded.title_zh', 'title_en': 'worded.title_en',
    'expected': shown('worded.nearest * worded.percent_of_one', 2) ~ " || '%'", 'observed': 'worded.printed_text',
    'imbalance': as_double('worded.value') ~ ' - worded.nearest * worded.percent_of_one',
    'gap': 'abs(' ~ as_double('worded.value') ~ ' - worded.nearest * worded.percent_of_one)',
    'figure_id': 'roles.figure_id', 'role': 'roles.role', 'operand': 'roles.operand',
}) }}
