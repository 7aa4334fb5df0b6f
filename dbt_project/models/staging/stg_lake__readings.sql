{#- With an as-of date, what was recorded later does not exist. -#}
select
    readings.reading_id,
    readings.sequence,
    cast(readings.recorded_at as timestamp) as recorded_at,
    readings.withdrawn,
    readings.recognised,
    readings.loaded,
    readings.refused,
    readings.source_id,
    readings.document_id,
    readings.file_name,
    readings.sha256,
    readings.title,
    readings.publisher,
    readings.document_number,
    readings.region_code,
    cast(readings.published_at as date) as published_at,
    readings.published_precision,
    readings.release_type,
    readings.kind,
    readings.inferred
from {{ source('lake', 'sources') }} as readings
cross join {{ ref('stg_night__night') }} as night
where night.as_of is null or cast(readings.recorded_at as date) <= night.as_of
