{#- The observations that are compared with each other, narrow: what is held true tonight, each vintage of it, without
    what was only implied by a printed change. line_code says which of them are one line of publications, so that
    neighbouring years and earlier vintages are looked for in the same place. The editions of one publication without a
    class of its own (a city's yearbook) share the title but for its numbers; any other such source stands alone.
    is_told: whether running text prints it, where what is named need not be all. -#}
with lines as (

    select
        source_id,
        case
            when source_class in ('press', 'aggregator', 'plan_cited') then source_id
            when source_class not in ('other', 'regional_yearbook') then source_class
            when {% for word in ['年鉴', '公报', '年报', '手册', '资料', '统计', '快报', '汇编'] -%}
                {{ text_contains('title', "'" ~ word ~ "'") }}{{ ' or ' if not loop.last }}
            {%- endfor %} then 'title/' || {{ without_characters('title', "'0123456789'") }}
            else source_id
        end as line_code,
        case when source_class = 'plan_cited' then 1 else 0 end as is_cited
    from {{ ref('publications') }}

)

select
    observations.figure_id,
    observations.origin_id,
    observations.document_id,
    lines.line_code,
    lines.is_cited,
    case when observations.layout = 'narrative' then 1 else 0 end as is_told,
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
inner join lines
    on observations.origin_id = lines.source_id
where observations.recorded_to is null and observations.release_type <> 'implied'
