select
    run_id,
    cast(now_utc as timestamp) as now_utc,
    cast(as_of as date) as as_of
from {{ source('night', 'night') }}
