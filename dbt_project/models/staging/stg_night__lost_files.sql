select
    source_id,
    file_name,
    address,
    raw_text,
    reason_code,
    reason
from {{ source('night', 'lost_files') }}
