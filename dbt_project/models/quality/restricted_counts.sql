{#- The counts that may be told of enterprise returns. -#}
select
    source_id,
    file_name,
    form_id,
    form_year,
    period,
    measure,
    subject,
    severity,
    row_count,
    is_suppressed,
    recorded_at
from {{ ref('current_restricted_counts') }}
