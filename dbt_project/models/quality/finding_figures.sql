select
    links.finding_id,
    links.figure_id,
    links.role
from {{ ref('rule_test_figures') }} as links
inner join {{ ref('findings') }} as findings
    on links.finding_id = findings.finding_id
-- a finding about a delivery of which nothing was loaded has none
where links.figure_id is not null
