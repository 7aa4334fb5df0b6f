{#- What the latest reading of each delivery did not load. -#}
select
    rejected.source_id,
    rejected.address,
    rejected.raw_text,
    rejected.reason_code,
    rejected.reason,
    spans.file_name,
    spans.recorded_at as recorded_from
from {{ ref('stg_lake__rejected') }} as rejected
inner join {{ ref('reading_spans') }} as spans
    on rejected.reading_id = spans.reading_id
where spans.valid_to is null
