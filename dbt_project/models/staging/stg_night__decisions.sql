select
    finding_id,
    figure_id,
    role,
    value,
    cast(decided_at as timestamp) as decided_at
from {{ source('night', 'decisions') }}
