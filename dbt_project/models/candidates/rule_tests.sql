{#- Every test of every rule, passed or failed, one row each. -#}
with tests as (

    {%- for family in ['test_text_table', 'test_ratio_identities', 'test_changes', 'test_targets'] %}
    select {{ rule_test_columns() }}
    from {{ ref(family) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}

)

select
    tests.finding_id,
    tests.rule_id,
    coalesce(max(tests.severity), max(rules.severity)) as severity,
    max(rules.fault) as fault,
    max(case when rules.blocks then 1 else 0 end) = 1 as blocks,
    max(tests.document_id) as document_id,
    max(tests.region_code) as region_code,
    max(tests.indicator_code) as indicator_code,
    max(tests.variant) as variant,
    max(tests.breakdown) as breakdown,
    max(tests.period) as period,
    max(tests.outcome) as outcome,
    max(tests.title_zh) as title_zh,
    max(tests.title_en) as title_en,
    max(tests.expected) as expected,
    max(tests.observed) as observed,
    max(tests.imbalance) as imbalance,
    md5({{ ordered_text("tests.role || '=' || tests.operand", '|', 'tests.role, tests.operand') }}) as evidence_hash
from tests
inner join {{ ref('stg_night__rules') }} as rules
    on tests.rule_id = rules.rule_id
group by tests.finding_id, tests.rule_id
