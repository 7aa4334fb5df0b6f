{#- Contradictions with a life: what fails tonight joined to what the ledger knows. Tests that pass are no findings;
    a finding that passes again stays in the ledger as closed. -#}
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
    tests.finding_id as root_cause_id,
    tests.evidence_hash,
    states.first_seen,
    states.last_seen
from {{ ref('rule_tests') }} as tests
inner join {{ ref('stg_night__finding_status') }} as states
    on tests.finding_id = states.finding_id
where tests.outcome = 'fail'
