select
    rule_id,
    name,
    {{ as_value('value') }} as value,
    reason
from {{ source('night', 'rule_parameters') }}
