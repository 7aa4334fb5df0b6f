{#- What is told of the latest reading of each delivery of enterprise returns, and of their sums. -#}
select
    spans.source_id,
    spans.document_id,
    spans.region_code,
    spans.file_name,
    counts.form_id,
    counts.form_year,
    counts.period,
    counts.measure,
    counts.subject,
    counts.severity,
    counts.row_count,
    counts.is_suppressed,
    spans.recorded_at
from {{ ref('stg_lake__restricted_counts') }} as counts
inner join {{ ref('reading_spans') }} as spans
    on counts.reading_id = spans.reading_id
where spans.valid_to is null
