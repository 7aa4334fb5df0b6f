select
    rule_id,
    reason_code
from {{ source('night', 'rule_refusals') }}
