select
    definitions.source_id,
    definitions.term,
    definitions.indicator_code,
    definitions.definition,
    definitions.numerator_code,
    definitions.denominator_code,
    cast(definitions.line as integer) as line_start,
    definitions.address,
    definitions.reading_id
from {{ source('lake', 'definitions') }} as definitions
inner join {{ ref('stg_lake__readings') }} as readings
    on definitions.reading_id = readings.reading_id
