{#- The printing that each decision in force prefers, as it is held tonight. A re-delivery prints the same value in the same
    role of the finding under another figure_id, and the decision goes on. -#}
with matches as (

    select
        decisions.finding_id,
        decisions.decided_at,
        figures.figure_id,
        figures.origin_id,
        figures.document_id,
        figures.region_code,
        figures.indicator_code,
        figures.variant,
        figures.breakdown,
        figures.period,
        figures.kind,
        figures.value,
        figures.value_lo,
        figures.value_hi,
        figures.lo_closed,
        figures.hi_closed,
        figures.unit,
        figures.release_type,
        figures.published_at,
        figures.published_precision,
        figures.recorded_from,
        row_number() over (
            partition by decisions.finding_id
            order by
                case when figures.figure_id = decisions.figure_id then 0 else 1 end,
                figures.layout_rank, figures.line_start, figures.figure_id
        ) as precedence
    from {{ ref('stg_night__decisions') }} as decisions
    inner join {{ ref('rule_test_figures') }} as links
        on decisions.finding_id = links.finding_id
        and decisions.role = links.role
    inner join {{ ref('current_figures') }} as figures
        on links.figure_id = figures.figure_id
        and decisions.value = figures.value
    -- what is a level may be preferred; a target is no observation
    where figures.kind in ('baseline', 'actual') and figures.comparator = 'eq'

)

select *
from matches
where precedence = 1
