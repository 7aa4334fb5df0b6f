{#- Figures in = figures out + refused, for every delivery that is current. -#}
with loaded as (

    select source_id, count(*) as figures
    from {{ ref('figures') }}
    where recorded_to is null
    group by source_id

),

refused as (

    select source_id, count(*) as refused
    from {{ ref('rejected') }}
    group by source_id

)

select
    spans.source_id,
    spans.file_name,
    spans.recognised,
    coalesce(loaded.figures, 0) as figures,
    coalesce(refused.refused, 0) as refused,
    spans.recognised - coalesce(loaded.figures, 0) - coalesce(refused.refused, 0) as lost
from {{ ref('reading_spans') }} as spans
left join loaded
    on spans.source_id = loaded.source_id
left join refused
    on spans.source_id = refused.source_id
where spans.valid_to is null
