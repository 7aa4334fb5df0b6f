{#- Linear method (目标一致法 against 序时进度): completion C = (v - v0) / (vT - v0), elapsed E = (t - t0) / (T - t0),
    pace A = C / E, with [A_lo, A_hi] from the rounding intervals of v and v0; a count printed to the unit is exact. Flows: C = sum of the window's years over
    the target, E from the window. A status that straddles a cut takes the worse class. -#}
with targets as (

    select
        targets.*,
        indicators.direction,
        coalesce(units.dimension in ('count', 'rank'), false) as is_counted,
        target_groups.period as target_period
    from {{ ref('targets') }} as targets
    inner join {{ ref('target_groups') }} as target_groups
        on targets.target_id = target_groups.target_id
    inner join {{ ref('indicators') }} as indicators
        on targets.indicator_code = indicators.indicator_code
    left join {{ ref('units') }} as units
        on indicators.unit = units.unit

),

current_levels as (

    select
        *,
        {{ last_year('period') }} as year
    from {{ ref('decided_observations') }}
    -- a former level that a change implies is compared, never the yardstick of progress
    where recorded_to is null and length(period) = 4 and coalesce(release_type, '') <> 'implied'

),

latest as (

    select *
    from (
        select
            targets.target_id,
            levels.origin_id,
            levels.period,
            levels.year,
            levels.value,
            levels.value_lo,
            levels.value_hi,
            row_number() over (partition by targets.target_id order by levels.year desc) as newest_first
        from targets
        inner join current_levels as levels
            on targets.region_code = levels.region_code
            and targets.indicator_code = levels.indicator_code
            and targets.variant = levels.variant
            and targets.breakdown = levels.breakdown
            and levels.is_current
            and levels.year > coalesce({{ last_year('targets.baseline_period') }}, 0)
            and levels.year <= cast(targets.milestone as integer)
        where targets.target_kind not in ('new_flow', 'cumulative_flow')
            and targets.baseline_period is not null
    ) as candidates
    where newest_first = 1

),

printed_baselines as (

    select
        targets.target_id,
        figures.figure_id,
        figures.period,
        figures.value,
        figures.value_lo,
        figures.value_hi,
        case when figures.figure_id = targets.baseline_figure_id then 1 else 0 end as is_chosen
    from targets
    inner join {{ ref('target_figures') }} as links
        on targets.target_id = links.target_id and links.role = 'baseline'
    inner join {{ ref('current_figures') }} as figures
        on links.figure_id = figures.figure_id

),

-- One row per printed value of the baseline: two printings of the same value are one baseline.
distinct_baselines as (

    select *
    from (
        select
            *,
            row_number() over (partition by target_id, value order by is_chosen desc, figure_id) as precedence
        from printed_baselines
    ) as numbered
    where precedence = 1

),

revised_baselines as (

    select
        latest.target_id,
        levels.figure_id,
        levels.period,
        levels.value,
        levels.value_lo,
        levels.value_hi
    from latest
    inner join targets
        on latest.target_id = targets.target_id
    inner join current_levels as levels
        on targets.region_code = levels.region_code
        and targets.indicator_code = levels.indicator_code
        and targets.variant = levels.variant
        and targets.breakdown = levels.breakdown
        and targets.baseline_period = levels.period
        and latest.origin_id = levels.origin_id

),

starts as (

    select
        target_id,
        'as_planned' as basis,
        figure_id as baseline_figure_id,
        is_chosen,
        period,
        value,
        value_lo,
        value_hi
    from distinct_baselines
    union all
    select
        target_id,
        'as_revised' as basis,
        figure_id as baseline_figure_id,
        1 as is_chosen,
        period,
        value,
        value_lo,
        value_hi
    from revised_baselines

),

measured as (

    select
        targets.target_id,
        targets.baseline_status,
        targets.comparator,
        targets.direction,
        starts.basis,
        starts.baseline_figure_id,
        starts.is_chosen,
        latest.value as latest_value,
        latest.value_lo as latest_lo,
        latest.value_hi as latest_hi,
        latest.period as latest_period,
        {{ as_double('starts.value') }} as v0,
        {{ as_double(exact_if_counted('starts', 'lo')) }} as v0_lo,
        {{ as_double(exact_if_counted('starts', 'hi')) }} as v0_hi,
        {{ as_double('latest.value') }} as v,
        {{ as_double(exact_if_counted('latest', 'lo')) }} as v_lo,
        {{ as_double(exact_if_counted('latest', 'hi')) }} as v_hi,
        {{ as_double('targets.level_value') }} as goal,
        targets.level_value,
        targets.level_lo,
        targets.level_hi,
        {{ as_double('latest.year - ' ~ last_year('starts.period')) }}
            / nullif({{ as_double('cast(targets.milestone as integer) - ' ~ last_year('starts.period')) }}, 0) as elapsed,
        case
            when targets.target_kind in ('relative', 'directional') then 'kind_not_supported'
            when targets.level_value is null then 'level_unknown'
            when latest.period is null then 'no_observation'
            when starts.value = targets.level_value then 'target_equals_baseline'
        end as obstacle
    from targets
    inner join starts
        on targets.target_id = starts.target_id
    left join latest
        on targets.target_id = latest.target_id
    where targets.target_kind not in ('new_flow', 'cumulative_flow')

),

flow_years as (

    select
        targets.target_id,
        sum(levels.value) as total,
        max(levels.year) as last_year
    from targets
    inner join current_levels as levels
        on targets.region_code = levels.region_code
        and targets.indicator_code = levels.indicator_code
        and targets.variant = levels.variant
        and targets.breakdown = levels.breakdown
        and levels.is_current
        and levels.year between {{ first_year('targets.target_period') }} and cast(targets.milestone as integer)
    where targets.target_kind in ('new_flow', 'cumulative_flow')
    group by targets.target_id

),

linear as (

    select
        measured.*,
        (v - v0) / nullif(goal - v0, 0) as completion,
        least((v_lo - v0_lo) / nullif(goal - v0_lo, 0), (v_lo - v0_hi) / nullif(goal - v0_hi, 0), (v_hi - v0_lo) / nullif(goal - v0_lo, 0), (v_hi - v0_hi) / nullif(goal - v0_hi, 0)) as completion_lo,
        greatest((v_lo - v0_lo) / nullif(goal - v0_lo, 0), (v_lo - v0_hi) / nullif(goal - v0_hi, 0), (v_hi - v0_lo) / nullif(goal - v0_lo, 0), (v_hi - v0_hi) / nullif(goal - v0_hi, 0)) as completion_hi,
        -- the published value itself decides: 2.00 meets 达到2, and does not meet 突破2
        case
            when comparator = 'gt' then latest_value > level_value
            when comparator = 'lt' then latest_value < level_value
            else (level_lo is null or latest_value >= level_lo) and (level_hi is null or latest_value <= level_hi)
        end as is_met
    from measured

),

assessed as (

    select
        target_id,
        basis,
        baseline_figure_id,
        is_chosen = 1 and baseline_status <> 'conflict' as is_headline,
        latest_value,
        latest_period,
        completion,
        elapsed,
        completion / nullif(elapsed, 0) as pace,
        completion_lo / nullif(elapsed, 0) as pace_lo,
        completion_hi / nullif(elapsed, 0) as pace_hi,
        is_met,
        obstacle
    from linear
    union all
    -- the headline of a contradicted baseline
    select
        target_id,
        'as_planned' as basis,
        cast(null as {{ dbt.type_string() }}) as baseline_figure_id,
        true as is_headline,
        cast(null as {{ value_type() }}) as latest_value,
        cast(null as {{ dbt.type_string() }}) as latest_period,
        null as completion,
        null as elapsed,
        null as pace,
        null as pace_lo,
        null as pace_hi,
        false as is_met,
        case when target_kind in ('relative', 'directional') then 'kind_not_supported' else 'baseline_conflict' end as obstacle
    from targets
    where baseline_status = 'conflict' and target_kind not in ('new_flow', 'cumulative_flow')
    union all
    -- no printed baseline: said, not left out
    select
        targets.target_id,
        'as_planned' as basis,
        cast(null as {{ dbt.type_string() }}) as baseline_figure_id,
        true as is_headline,
        cast(null as {{ value_type() }}) as latest_value,
        cast(null as {{ dbt.type_string() }}) as latest_period,
        null as completion,
        null as elapsed,
        null as pace,
        null as pace_lo,
        null as pace_hi,
        false as is_met,
        case
            when targets.target_kind in ('relative', 'directional') then 'kind_not_supported'
            else 'baseline_' || targets.baseline_status
        end as obstacle
    from targets
    left join starts
        on targets.target_id = starts.target_id and starts.basis = 'as_planned'
    where starts.target_id is null and targets.baseline_status <> 'conflict'
        and targets.target_kind not in ('new_flow', 'cumulative_flow')
    union all
    -- the revised basis where the latest value's publication prints no baseline year
    select
        targets.target_id,
        'as_revised' as basis,
        cast(null as {{ dbt.type_string() }}) as baseline_figure_id,
        true as is_headline,
        latest.value as latest_value,
        latest.period as latest_period,
        null as completion,
        null as elapsed,
        null as pace,
        null as pace_lo,
        null as pace_hi,
        false as is_met,
        case
            when targets.target_kind in ('relative', 'directional') then 'kind_not_supported'
            when latest.period is null then 'no_observation'
            else 'no_baseline_of_that_vintage'
        end as obstacle
    from targets
    left join latest
        on targets.target_id = latest.target_id
    left join revised_baselines
        on targets.target_id = revised_baselines.target_id
    where revised_baselines.target_id is null
        and targets.target_kind not in ('new_flow', 'cumulative_flow')
    union all
    -- flows: what was added so far over what should be added
    select
        targets.target_id,
        'as_planned' as basis,
        cast(null as {{ dbt.type_string() }}) as baseline_figure_id,
        true as is_headline,
        flow_years.total as latest_value,
        cast(flow_years.last_year as {{ dbt.type_string() }}) as latest_period,
        {{ as_double('flow_years.total') }} / nullif({{ as_double('targets.value') }}, 0) as completion,
        {{ as_double('flow_years.last_year - ' ~ first_year('targets.target_period') ~ ' + 1') }}
            / {{ as_double('cast(targets.milestone as integer) - ' ~ first_year('targets.target_period') ~ ' + 1') }} as elapsed,
        {{ as_double('flow_years.total') }} / nullif({{ as_double('targets.value') }}, 0)
            / ({{ as_double('flow_years.last_year - ' ~ first_year('targets.target_period') ~ ' + 1') }}
                / {{ as_double('cast(targets.milestone as integer) - ' ~ first_year('targets.target_period') ~ ' + 1') }}) as pace,
        null as pace_lo,
        null as pace_hi,
        coalesce(flow_years.total >= targets.value, false) as is_met,
        case when flow_years.target_id is null then 'no_observation' end as obstacle
    from targets
    left join flow_years
        on targets.target_id = flow_years.target_id
    where targets.target_kind in ('new_flow', 'cumulative_flow')

),

classed as (

    select
        *,
        case
            when obstacle is not null then 'not_assessable'
            when is_met then 'achieved'
            when elapsed = 0 or pace is null then 'not_assessable'
            when coalesce(pace_lo, pace) < 0 and pace < 0 then 'reversing'
            -- the cuts apply to the published decimals: a double of 0.95 may be a hair less
            when cast(coalesce(pace_lo, pace) as decimal(18, 6)) >= {{ var('pace_on_track') }} then 'on_track'
            when cast(coalesce(pace_lo, pace) as decimal(18, 6)) >= {{ var('pace_slightly_behind') }} then 'slightly_behind'
            else 'behind'
        end as status
    from assessed

)

select
    {{ stable_id('prg', ['target_id', 'basis', 'baseline_figure_id', 'obstacle']) }} as progress_id,
    target_id,
    basis,
    baseline_figure_id,
    is_headline,
    {{ as_value('latest_value') }} as latest_value,
    latest_period,
    cast(completion as decimal(18, 6)) as completion,
    cast(elapsed as decimal(18, 6)) as elapsed,
    cast(pace as decimal(18, 6)) as pace,
    cast(pace_lo as decimal(18, 6)) as pace_lo,
    cast(pace_hi as decimal(18, 6)) as pace_hi,
    status,
    case when status = 'not_assessable' then coalesce(obstacle, 'no_time_elapsed') end as reason_code,
    case status
        when 'achieved' then 'green'
        when 'on_track' then 'green'
        when 'slightly_behind' then 'yellow'
        when 'not_assessable' then 'grey'
        else 'red'
    end as lamp
from classed
