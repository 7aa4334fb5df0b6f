{#- How often each rule was tested and with which outcome; failing tests count once however many figures they have. A
    family may also tell of failures that are no findings, because they are kept elsewhere (refused cells, names in the
    steward's queue). -#}
with united as (

    {%- for family in rule_families() %}
    select rule_id, outcome, tests, finding_id
    from {{ ref(family) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

counts as (

    select rule_id, outcome, sum(tests) as tests
    from united
    where finding_id is null
    group by rule_id, outcome
    union all
    select rule_id, 'fail', count(distinct finding_id)
    from united
    where finding_id is not null
    group by rule_id

)

select
    rule_id,
    outcome,
    cast(sum(tests) as bigint) as tests
from counts
group by rule_id, outcome
