select
    operands.relation_id,
    cast(operands.ordinal as integer) as ordinal,
    operands.role,
    operands.label,
    operands.printed_text,
    cast(operands.times as integer) as times,
    operands.value,
    operands.value_lo,
    operands.value_hi,
    operands.figure_id,
    operands.reading_id
from {{ source('lake', 'relation_operands') }} as operands
inner join {{ ref('stg_lake__readings') }} as readings
    on operands.reading_id = readings.reading_id
