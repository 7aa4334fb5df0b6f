select
    origins.source_id,
    origins.document_id,
    origins.title,
    origins.publisher,
    origins.document_number,
    origins.region_code,
    cast(origins.published_at as date) as published_at,
    origins.published_precision,
    origins.release_type,
    origins.kind,
    origins.reading_id
from {{ source('lake', 'origins') }} as origins
inner join {{ ref('stg_lake__readings') }} as readings
    on origins.reading_id = readings.reading_id
