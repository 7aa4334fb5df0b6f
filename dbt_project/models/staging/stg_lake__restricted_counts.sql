select
    counts.form_id,
    cast(counts.form_year as integer) as form_year,
    counts.period,
    counts.measure,
    counts.subject,
    counts.severity,
    cast(counts.row_count as bigint) as row_count,
    counts.is_suppressed,
    counts.reading_id
from {{ source('lake', 'restricted_counts') }} as counts
inner join {{ ref('stg_lake__readings') }} as readings
    on counts.reading_id = readings.reading_id
