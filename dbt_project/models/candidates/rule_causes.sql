{#- Which findings are symptoms of one cause. A finding about values (rule types VIR, VCO, VAD, VNO, VRT, VMP) would go
    away if one of its figures were another; the figure under suspicion is the one that most of those findings share.
    Findings that suspect the same figure have one cause, the gravest of them: an error before a warning, then the rule
    that knows the value that would fit, then by id. Suspicion that rests on information alone moves nothing. A finding
    that shares its suspect with nothing is its own cause. -#}
with doubts as (

    select distinct
        operands.finding_id,
        operands.figure_id,
        tests.rule_id,
        tests.severity,
        tests.region_code,
        max(case when operands.fit_lo is not null or operands.fit_hi is not null then 1 else 0 end)
            over (partition by operands.finding_id) as knows_fit
    from {{ ref('rule_test_figures') }} as operands
    inner join {{ ref('rule_tests') }} as tests
        on operands.finding_id = tests.finding_id
    inner join {{ ref('stg_night__rules') }} as rules
        on tests.rule_id = rules.rule_id
    where operands.figure_id is not null and rules.ess_type in ('VIR', 'VCO', 'VAD', 'VNO', 'VRT', 'VMP')

),

suspicion as (

    select figure_id, count(*) as findings
    from doubts
    group by figure_id

),

suspects as (

    select
        doubts.*,
        suspicion.findings,
        row_number() over (
            partition by doubts.finding_id
            order by suspicion.findings desc nulls last, doubts.figure_id
        ) as precedence
    from doubts
    inner join suspicion
        on doubts.figure_id = suspicion.figure_id

),

ranked as (

    select
        finding_id,
        figure_id,
        count(*) over (partition by figure_id) as symptoms,
        first_value(finding_id) over (
            partition by figure_id
            order by
                case severity when 'error' then 0 when 'warning' then 1 else 2 end,
                knows_fit desc nulls last, rule_id, finding_id
        ) as root_cause_id
    from suspects
    where precedence = 1 and findings > 1

)

select
    tests.finding_id,
    coalesce(ranked.root_cause_id, tests.finding_id) as root_cause_id,
    case when ranked.symptoms > 1 then ranked.figure_id end as suspect_figure_id,
    cast(coalesce(ranked.symptoms, 1) as bigint) as symptoms
from {{ ref('rule_tests') }} as tests
left join ranked
    on tests.finding_id = ranked.finding_id
