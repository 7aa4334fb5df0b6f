{#- Contradictions with a life: what fails tonight joined to what the ledger knows. Tests that pass are no findings;
    a finding that passes again stays in the ledger as closed. Influence counts the rows of the marts that rest on a figure
    of the finding: current observations, targets and progress. -#}
with used as (

    select figure_id, count(*) as rows_used
    from (
        select figure_id from {{ ref('observations') }} where is_current
        union all
        select figure_id from {{ ref('targets') }}
        union all
        select links.figure_id
        from {{ ref('target_progress') }} as progress
        inner join {{ ref('target_figures') }} as links
            on progress.target_id = links.target_id
    ) as dependants
    group by figure_id

),

influences as (

    select operands.finding_id, sum(used.rows_used) as influence
    from (
        select distinct finding_id, figure_id
        from {{ ref('rule_test_figures') }}
    ) as operands
    inner join used
        on operands.figure_id = used.figure_id
    group by operands.finding_id

)

select
    tests.finding_id,
    tests.rule_id,
    tests.severity,
    tests.fault,
    tests.blocks,
    states.status,
    tests.document_id,
    tests.region_code,
    tests.indicator_code,
    tests.variant,
    tests.breakdown,
    tests.period,
    tests.title_zh,
    tests.title_en,
    tests.expected,
    tests.observed,
    tests.imbalance,
    tests.gap,
    causes.root_cause_id,
    causes.suspect_figure_id,
    causes.symptoms,
    cast(coalesce(influences.influence, 0) as bigint) as influence,
    tests.evidence_hash,
    states.first_seen,
    states.last_seen
from {{ ref('rule_tests') }} as tests
inner join {{ ref('stg_night__finding_status') }} as states
    on tests.finding_id = states.finding_id
inner join {{ ref('rule_causes') }} as causes
    on tests.finding_id = causes.finding_id
left join influences
    on tests.finding_id = influences.finding_id
