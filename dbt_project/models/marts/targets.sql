{#- A baseline that an open finding calls contradictory is a conflict; a judged one is stated again, and starts from the
    printing that the steward prefers. To say that a correction will come judges nothing. -#}
with open_conflicts as (

    select distinct
        tests.document_id,
        tests.region_code,
        tests.indicator_code,
        tests.variant,
        tests.breakdown,
        tests.period
    from {{ ref('rule_tests') }} as tests
    inner join {{ ref('stg_night__finding_status') }} as states
        on tests.finding_id = states.finding_id
    left join {{ ref('decided_figures') }} as decisions
        on tests.finding_id = decisions.finding_id
    where tests.rule_id in ('B1-36', 'B1-37')
        and tests.outcome = 'fail'
        and (
            states.status in ('open', 'queried', 'answered')
            or (states.status in ('corrected', 'our_error') and decisions.finding_id is null)
        )

),

preferred as (

    select
        *,
        row_number() over (
            partition by document_id, region_code, indicator_code, variant, breakdown, period
            order by decided_at desc nulls last, finding_id
        ) as latest_first
    from {{ ref('decided_figures') }}
    where kind = 'baseline'

),

judged as (

    select
        groups.target_id,
        groups.document_id,
        groups.region_code,
        groups.indicator_code,
        groups.variant,
        groups.breakdown,
        groups.target_kind,
        groups.milestone,
        groups.comparator,
        groups.strength,
        groups.nature,
        groups.value,
        groups.range_hi,
        groups.unit,
        groups.figure_id,
        groups.baseline_period,
        coalesce(preferred.value, groups.baseline_value) as baseline_value,
        coalesce(preferred.figure_id, groups.baseline_figure_id) as baseline_figure_id,
        case
            when open_conflicts.document_id is not null then 'conflict'
            when preferred.value = 0 then 'zero'
            when preferred.value is not null then 'stated'
            else groups.printed_baseline_status
        end as baseline_status
    from {{ ref('target_groups') }} as groups
    left join preferred
        on groups.document_id = preferred.document_id
        and groups.region_code = preferred.region_code
        and groups.indicator_code = preferred.indicator_code
        and groups.variant = preferred.variant
        and groups.breakdown = preferred.breakdown
        and groups.baseline_period = preferred.period
        and preferred.latest_first = 1
    left join open_conflicts
        on groups.document_id = open_conflicts.document_id
        and groups.region_code = open_conflicts.region_code
        and groups.indicator_code = open_conflicts.indicator_code
        and groups.variant = open_conflicts.variant
        and groups.breakdown = open_conflicts.breakdown
        and groups.baseline_period = open_conflicts.period

),

levelled as (

    select
        *,
        case
            when target_kind = 'level' then value
            when baseline_value is null then null
            when target_kind = 'multiple' then {{ as_value('value * baseline_value') }}
            when target_kind = 'growth_total' then {{ as_value(as_double('baseline_value * (100 + value)') ~ ' / 100') }}
            when target_kind = 'growth_avg' and baseline_period is not null
                then {{ as_value(as_double('baseline_value') ~ ' * power(1 + ' ~ as_double('value') ~ ' / 100, cast(milestone as integer) - ' ~ last_year('baseline_period') ~ ')') }}
            when target_kind = 'rank' then value
            when target_kind = 'rank_change' then {{ as_value('baseline_value - value') }}
        end as level_value
    from judged

)

select
    target_id,
    document_id,
    region_code,
    indicator_code,
    variant,
    breakdown,
    target_kind,
    milestone,
    comparator,
    strength,
    nature,
    value,
    {{ as_value(threshold_lo('comparator', 'value')) }} as value_lo,
    {{ as_value(threshold_hi('comparator', 'value', 'range_hi')) }} as value_hi,
    comparator not in ('gt', 'le', 'lt') as lo_closed,
    comparator not in ('ge', 'gt', 'lt') as hi_closed,
    unit,
    level_value,
    case when target_kind in ('rank', 'rank_change') then null else {{ as_value(threshold_lo('comparator', 'level_value')) }} end as level_lo,
    case
        when target_kind in ('rank', 'rank_change') then level_value
        else {{ as_value(threshold_hi('comparator', 'level_value', 'case when target_kind = \'level\' then range_hi end')) }}
    end as level_hi,
    baseline_value,
    baseline_period,
    baseline_status,
    figure_id,
    baseline_figure_id
from levelled
