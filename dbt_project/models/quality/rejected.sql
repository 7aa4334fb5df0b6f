{#- What the latest reading of each delivery did not load, and the files that were lost while tonight's night read them. -#}
with refused as (

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
    union all
    select
        lost.source_id,
        lost.address,
        lost.raw_text,
        lost.reason_code,
        lost.reason,
        lost.file_name,
        night.now_utc as recorded_from
    from {{ ref('stg_night__lost_files') }} as lost
    cross join {{ ref('stg_night__night') }} as night

)

select
    refused.source_id,
    refused.address,
    refused.raw_text,
    refused.reason_code,
    refused.reason,
    reasons.remedy_zh,
    reasons.remedy_en,
    reasons.who_fixes,
    refused.file_name,
    refused.recorded_from
from refused
left join {{ ref('rejection_reasons') }} as reasons
    on refused.reason_code = reasons.reason_code
