select
    rejected.source_id,
    rejected.address,
    rejected.raw_text,
    rejected.reason_code,
    rejected.reason,
    rejected.reading_id
from {{ source('lake', 'rejected') }} as rejected
inner join {{ ref('stg_lake__readings') }} as readings
    on rejected.reading_id = readings.reading_id
