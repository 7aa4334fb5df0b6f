{#- Every rule of the catalogue with its outcome tonight. Publication adds the rows of the other checks. -#}
with counted as (

    select
        rule_id,
        count(*) as tested,
        sum(case when outcome = 'fail' then 1 else 0 end) as findings
    from {{ ref('rule_tests') }}
    group by rule_id

)

select
    night.run_id,
    rules.rule_id,
    case
        when counted.rule_id is null then 'not_applicable'
        when counted.findings > 0 then 'fail'
        else 'pass'
    end as outcome,
    cast(coalesce(counted.tested, 0) as bigint) as tested,
    cast(coalesce(counted.findings, 0) as bigint) as findings,
    cast(null as decimal(18, 3)) as seconds
from {{ ref('stg_night__rules') }} as rules
cross join {{ ref('stg_night__night') }} as night
left join counted
    on rules.rule_id = counted.rule_id
where rules.engine = 'sql'
