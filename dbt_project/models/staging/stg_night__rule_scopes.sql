select
    rule_id,
    indicator_code
from {{ source('night', 'rule_scopes') }}
