select
    source_id,
    indicator_code,
    term,
    definition,
    registry_definition,
    numerator_code,
    denominator_code,
    registry_numerator_code,
    registry_denominator_code,
    comparison,
    line_start,
    address
from {{ ref('compared_definitions') }}
