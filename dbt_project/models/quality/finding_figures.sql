select
    links.finding_id,
    links.figure_id,
    links.role
from {{ ref('rule_test_figures') }} as links
inner join {{ ref('findings') }} as findings
    on links.finding_id = findings.finding_id
