{#- Observations with what stewards decided. The rules ask observation_versions and never this model: a decision must not
    move the evidence that it rests on. Where it prefers another printing of a vintage, the one set aside was held to be
    so until the decision; where several decisions speak of one vintage, the latest leads. -#}
with preferred as (

    select *
    from (
        select
            *,
            row_number() over (
                partition by region_code, indicator_code, variant, breakdown, period, origin_id
                order by decided_at desc nulls last, finding_id
            ) as latest_first
        from {{ ref('decided_figures') }}
    ) as decisions
    where latest_first = 1

),

declared as (

    select
        observations.*,
        preferred.finding_id as decided_finding_id,
        preferred.figure_id as preferred_figure_id,
        preferred.decided_at
    from {{ ref('observation_versions') }} as observations
    left join preferred
        on observations.region_code = preferred.region_code
        and observations.indicator_code = preferred.indicator_code
        and observations.variant = preferred.variant
        and observations.breakdown = preferred.breakdown
        and observations.period = preferred.period
        and observations.origin_id = preferred.origin_id
        and observations.recorded_to is null

),

united as (

    select
        region_code, indicator_code, variant, breakdown, period, origin_id, figure_id,
        value, value_lo, value_hi, lo_closed, hi_closed, unit, status_code, release_type, published_at, published_precision,
        recorded_from, recorded_to, authority_rank, release_rank, decided_finding_id, decided_at
    from declared
    where preferred_figure_id is null or preferred_figure_id = figure_id
    union all
    select
        region_code, indicator_code, variant, breakdown, period, origin_id, figure_id,
        value, value_lo, value_hi, lo_closed, hi_closed, unit, status_code, release_type, published_at, published_precision,
        recorded_from, decided_at as recorded_to, authority_rank, release_rank,
        cast(null as {{ dbt.type_string() }}) as decided_finding_id,
        cast(null as timestamp) as decided_at
    from declared
    where preferred_figure_id <> figure_id and recorded_from < decided_at
    union all
    select
        declared.region_code, declared.indicator_code, declared.variant, declared.breakdown, declared.period,
        declared.origin_id, preferred.figure_id,
        preferred.value, preferred.value_lo, preferred.value_hi, preferred.lo_closed, preferred.hi_closed, preferred.unit,
        declared.status_code, preferred.release_type, preferred.published_at, preferred.published_precision,
        greatest(preferred.recorded_from, preferred.decided_at) as recorded_from,
        cast(null as timestamp) as recorded_to,
        declared.authority_rank, declared.release_rank, declared.decided_finding_id, declared.decided_at
    from declared
    inner join preferred
        on declared.decided_finding_id = preferred.finding_id
    where declared.preferred_figure_id <> declared.figure_id

)

select
    region_code, indicator_code, variant, breakdown, period, origin_id, figure_id,
    value, value_lo, value_hi, lo_closed, hi_closed, unit,
    case when decided_finding_id is not null then '{{ var("decided_obs_status") }}' else status_code end as status_code,
    release_type, published_at, published_precision, recorded_from, recorded_to, decided_finding_id,
    case
        when recorded_to is not null then false
        else row_number() over (
            partition by
                region_code, indicator_code, variant, breakdown, period,
                case when recorded_to is null then 1 else 0 end
            order by
                decided_at desc nulls last,
                authority_rank,
                release_rank,
                published_at desc nulls last,
                recorded_from desc,
                figure_id
        ) = 1
    end as is_current
from united
