{#- Region x indicator x variant x breakdown x period x vintage. Targets never enter; several printings inside one
    origin give one row, by declared precedence, and the others stay in figures. A number printed with a comparator
    (超过 30) is a bound, not an observation. -#}
with levels as (

    select *
    from {{ ref('figure_versions') }}
    where kind in ('baseline', 'actual')
        and indicator_code is not null
        and comparator = 'eq'
        -- a level over a span of years (十三五累计) is no annual observation
        and not (length(period) = 9 and substr(period, 6, 1) in ('1', '2'))

),

ranked as (

    select
        *,
        row_number() over (
            partition by
                region_code, indicator_code, variant, breakdown, period, origin_id,
                case when recorded_to is null then 1 else 0 end,
                case when recorded_to is null then cast(null as timestamp) else recorded_from end
            order by layout_rank, case kind when 'baseline' then 0 else 1 end, line_start, figure_id
        ) as precedence
    from levels

),

chosen as (

    select *
    from ranked
    where precedence = 1

),

valued as (

    select
        chosen.*,
        publications.authority_rank,
        case chosen.release_type
            when 'census_revision' then 1
            when 'revised' then 2
            when 'final' then 3
            when 'preliminary' then 4
            else 5
        end as release_rank
    from chosen
    inner join {{ ref('publications') }} as publications
        on chosen.origin_id = publications.source_id

)

select
    valued.*,
    case when valued.release_type = 'preliminary' then 'P' else valued.obs_status end as status_code,
    case
        when valued.recorded_to is not null then false
        else row_number() over (
            partition by
                valued.region_code, valued.indicator_code, valued.variant, valued.breakdown, valued.period,
                case when valued.recorded_to is null then 1 else 0 end
            order by
                valued.authority_rank,
                valued.release_rank,
                valued.published_at desc nulls last,
                valued.recorded_from desc,
                valued.figure_id
        ) = 1
    end as is_current
from valued
