{#- The content hash covers what was understood, not how often it was read: an equal re-reading is one version. -#}
{%- set interpretation = [
    'region_code', 'scope_note', 'indicator_code', 'variant', 'breakdown', 'indicator_as_printed', 'period',
    'period_basis', 'direction', 'strength', 'printed_text',
] -%}
select
    statements.statement_id,
    statements.source_id,
    statements.document_id,
    statements.region_code,
    statements.scope_note,
    statements.indicator_code,
    statements.variant,
    statements.breakdown,
    statements.indicator_as_printed,
    statements.period,
    statements.period_basis,
    statements.direction,
    statements.strength,
    statements.printed_text,
    statements.section,
    cast(statements.line_start as integer) as line_start,
    cast(statements.line_end as integer) as line_end,
    cast(statements.page as integer) as page,
    statements.address,
    statements.reading_id,
    {{ stable_id('ver', interpretation | map('replace', '', 'statements.', 1) | list) }} as content_hash
from {{ source('lake', 'directional_statements') }} as statements
inner join {{ ref('stg_lake__readings') }} as readings
    on statements.reading_id = readings.reading_id
