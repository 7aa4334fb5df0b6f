{#- The text as it was delivered, line by line: what a rule about characters and labels reads. -#}
select
    lines.reading_id,
    lines.sheet,
    cast(lines.page as integer) as page,
    cast(lines.line as integer) as line_start,
    lines.text as raw_text
from {{ source('lake', 'lines') }} as lines
inner join {{ ref('stg_lake__readings') }} as readings
    on lines.reading_id = readings.reading_id
