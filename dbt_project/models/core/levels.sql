{#- The observations that are compared with each other, narrow: what is held true tonight, each vintage of it, without
    what was only implied by a printed change. line_code says which of them are one line of publications, so that
    neighbouring years and earlier vintages are looked for in the same place; an unclassified source stands alone. -#}
select
    observations.figure_id,
    observations.origin_id,
    observations.document_id,
    case
        when publications.source_class in ('other', 'press', 'aggregator', 'plan_cited') then observations.origin_id
        else publications.source_class
    end as line_code,
    case when publications.source_class = 'plan_cited' then 1 else 0 end as is_cited,
    observations.region_code,
    observations.indicator_code,
    observations.variant,
    observations.breakdown,
    observations.period,
    case when length(observations.period) = 4 then cast(observations.period as integer) end as year,
    observations.value,
    observations.value_lo,
    observations.value_hi,
    observations.printed_decimals,
    observations.printed_unit,
    observations.release_type,
    observations.published_at,
    observations.is_current
from {{ ref('observation_versions') }} as observations
inner join {{ ref('publications') }} as publications
    on observations.origin_id = publications.source_id
where observations.recorded_to is null and observations.release_type <> 'implied'
