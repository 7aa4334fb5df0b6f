{#- B2-11 where a sentence itself rolls a stock forward (2009年末42家, 新认定15家, 取消资格3家, 年末58家): the closing stock is the opening
    one with what entered and less what left, whatever is counted. Of indicators in returns test_stock_flows tells the same. -#}
with flows as (

    select
        relations.relation_id,
        sum(case operands.role when 'exit' then -operands.value else operands.value end) as fit_value,
        sum(case operands.role when 'exit' then -operands.value_hi else operands.value_lo end) as fit_lo,
        sum(case operands.role when 'exit' then -operands.value_lo else operands.value_hi end) as fit_hi
    from {{ ref('current_relations') }} as relations
    inner join {{ ref('stg_lake__relation_operands') }} as operands
        on relations.relation_id = operands.relation_id and relations.reading_id = operands.reading_id
    where relations.relation_kind = 'stock_flow'
    group by relations.relation_id

),

tests as (

    select
        {{ stable_id('fnd', ["'B2-11'", 'relations.document_id', 'relations.region_code', 'relations.indicator_as_printed', 'relations.period', 'relations.printed_text']) }} as finding_id,
        relations.*,
        flows.fit_value, flows.fit_lo, flows.fit_hi,
        case when flows.fit_lo > relations.value_hi or flows.fit_hi < relations.value_lo then 'fail' else 'pass' end as outcome
    from {{ ref('current_relations') }} as relations
    inner join flows
        on relations.relation_id = flows.relation_id
    where relations.relation_kind = 'stock_flow'

),

told as (

    select
        tests.*,
        '《' || document_title || '》' || section_zh || {{ place_zh('tests') }} || '：' || subject_zh || '上期存量加新增减退出应为'
            || {{ shown('fit_value', 0) }} || '，期末印为' || printed_text || '。' as title_zh,
        document_title || ' (' || {{ place_en('tests') }} || section_en || '): the former stock of ' || subject_en || ' plus entries less exits gives '
            || {{ shown('fit_value', 0) }} || '; the closing stock is printed as ' || printed_text || '.' as title_en
    from tests
    where outcome = 'fail'

),

operands as (

    select told.finding_id, told.figure_id, 'later' as role
    from told
    where told.figure_id is not null
    union
    select told.finding_id, figures.figure_id, case operands.role when 'former' then 'former' else 'flow' end
    from told
    inner join {{ ref('stg_lake__relation_operands') }} as operands
        on told.relation_id = operands.relation_id and told.reading_id = operands.reading_id
    inner join {{ ref('current_figures') }} as figures
        on operands.figure_id = figures.figure_id

),

counted as (

    select 'B2-11' as rule_id, outcome, count(*) as tests
    from tests
    group by outcome

)

{{ counted_rows('counted') }}
union all
{{ test_rows('told left join operands on told.finding_id = operands.finding_id', {
    'finding_id': 'told.finding_id', 'rule_id': "'B2-11'", 'outcome': "'fail'", 'tests': '1', 'document_id': 'told.document_id',
    'region_code': 'told.region_code', 'indicator_code': 'told.indicator_code', 'variant': 'told.variant', 'breakdown': 'told.breakdown',
    'period': 'told.period', 'title_zh': 'told.title_zh', 'title_en': 'told.title_en', 'expected': shown('told.fit_value', 0),
    'observed': 'told.printed_text', 'imbalance': 'told.value - told.fit_value', 'figure_id': 'operands.figure_id', 'role': 'operands.role',
}) }}
