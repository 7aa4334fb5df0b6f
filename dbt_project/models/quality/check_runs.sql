{#- Every rule of the catalogue that is in force, with its outcome tonight; the reader's refusals count for the rules that
    they enforce. Publication adds the seconds and the rows of the other checks. A rule that could not run has no row
    here: the night is held, so that it never looks as if nothing had been found. -#}
with refused as (

    select refusals.rule_id, count(*) as findings
    from {{ ref('stg_night__rule_refusals') }} as refusals
    inner join {{ ref('rejected') }} as rejected
        on refusals.reason_code = rejected.reason_code
    group by refusals.rule_id

),

recognised as (

    select coalesce(sum(recognised), 0) as tested
    from {{ ref('source_balance') }}

),

counts as (

    select rule_id, outcome, tests
    from {{ ref('rule_counts') }}
    union all
    select rule_id, 'fail', findings
    from refused
    union all
    select refusals.rule_id, 'pass', recognised.tested - coalesce(refused.findings, 0)
    from (select distinct rule_id from {{ ref('stg_night__rule_refusals') }}) as refusals
    cross join recognised
    left join refused
        on refusals.rule_id = refused.rule_id

),

counted as (

    select
        rule_id,
        sum(case when outcome in ('pass', 'fail') then tests else 0 end) as tested,
        sum(case when outcome = 'fail' then tests else 0 end) as findings
    from counts
    group by rule_id

)

select
    night.run_id,
    rules.rule_id,
    case
        when coalesce(counted.findings, 0) > 0 then 'fail'
        when coalesce(counted.tested, 0) > 0 then 'pass'
        else 'not_applicable'
    end as outcome,
    cast(coalesce(counted.tested, 0) as bigint) as tested,
    cast(coalesce(counted.findings, 0) as bigint) as findings,
    cast(null as decimal(18, 3)) as seconds
from {{ ref('stg_night__rules') }} as rules
cross join {{ ref('stg_night__night') }} as night
left join counted
    on rules.rule_id = counted.rule_id
where rules.engine = 'sql' and rules.state = 'implemented'
