select
    finding_id,
    status,
    cast(first_seen as timestamp) as first_seen,
    cast(last_seen as timestamp) as last_seen
from {{ source('night', 'finding_status') }}
