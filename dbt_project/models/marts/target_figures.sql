with printings as (

    select
        targets.target_id,
        figures.figure_id,
        case when figures.kind = 'target' then 'target' else 'baseline' end as role
    from {{ ref('targets') }} as targets
    inner join {{ ref('current_figures') }} as figures
        on targets.document_id = figures.document_id
        and targets.region_code = figures.region_code
        and targets.indicator_code = figures.indicator_code
        and targets.variant = figures.variant
        and targets.breakdown = figures.breakdown
    where (
        figures.kind = 'target'
        and figures.target_kind = targets.target_kind
        and cast({{ last_year('figures.period') }} as {{ dbt.type_string() }}) = targets.milestone
    )
    or (figures.kind = 'baseline' and figures.comparator = 'eq' and figures.period = targets.baseline_period)

)

select target_id, figure_id, role
from printings
