{#- A region against the regions that make it up, across publications, and the targets of the lower level against those of
    the upper one. Like vintages only: all operands of one release type, none of them cited by a plan. Only what is
    complete is compared. A ratio of a region lies between the smallest and the largest ratio of its parts. -#}
with rules as (

    {{ rules_of_kind(['region_sum', 'region_hull', 'target_cascade']) }}

),

-- One value per key, region and release type: the current one where there is a choice.
values_of as (

    select
        levels.*,
        row_number() over (
            partition by levels.region_code, levels.indicator_code, levels.variant, levels.breakdown, levels.period, levels.release_type
            order by case when levels.is_current then 0 else 1 end, levels.published_at desc nulls last, levels.figure_id
        ) as precedence
    from {{ ref('levels') }} as levels
    inner join (
        select indicator_code from {{ ref('indicator_limits') }} where limit_kind = 'region_sum'
        union
        select indicator_code from {{ ref('indicators') }} where indicator_type = 'ratio' and numerator_code is not null
    ) as compared
        on levels.indicator_code = compared.indicator_code
    where levels.is_cited = 0

),

chosen as (

    select *
    from values_of
    where precedence = 1

),

sums as (

    select
        members.parent_code as region_code, chosen.indicator_code, chosen.variant, chosen.breakdown, chosen.period, chosen.release_type,
        max(members.parts) as parts_needed,
        sum(case when members.member_kind = 'part' then 1 else 0 end) as parts,
        sum(case when members.member_kind = 'unallocated' then 1 else 0 end) as own_rows,
        min(case when members.member_kind = 'part' then chosen.origin_id end) as first_origin,
        max(case when members.member_kind = 'part' then chosen.origin_id end) as last_origin,
        sum(case when members.member_kind <> 'functional_zone' then chosen.value else 0 end) as value,
        sum(case when members.member_kind <> 'functional_zone' then chosen.value_lo else 0 end) as value_lo,
        sum(case when members.member_kind <> 'functional_zone' then chosen.value_hi else 0 end) as value_hi,
        sum(chosen.value_hi) as wide_hi,
        min(case when members.member_kind = 'part' then chosen.value_lo end) as least,
        max(case when members.member_kind = 'part' then chosen.value_hi end) as most
    from chosen
    inner join {{ ref('region_memberships') }} as members
        on chosen.region_code = members.child_code
        and cast(substr(chosen.period, 1, 4) as integer) = members.year
    group by members.parent_code, chosen.indicator_code, chosen.variant, chosen.breakdown, chosen.period, chosen.release_type

),

tests as (

    select
        rules.rule_id,
        rules.kind,
        whole.figure_id,
        whole.origin_id,
        whole.document_id,
        whole.region_code,
        whole.indicator_code,
        whole.variant,
        whole.breakdown,
        whole.period,
        whole.release_type,
        whole.value as whole_value,
        whole.value_lo as whole_lo,
        whole.value_hi as whole_hi,
        sums.value,
        case when rules.kind = 'region_hull' then sums.least else sums.value_lo end as fit_lo,
        case when rules.kind = 'region_hull' then sums.most else sums.wide_hi end as fit_hi,
        case
            when rules.kind = 'region_hull' and (whole.value_hi <= sums.least or whole.value_lo >= sums.most) then 'fail'
            when rules.kind = 'region_sum' and (sums.value_lo >= whole.value_hi
                or (sums.wide_hi <= whole.value_lo
                    and {{ as_double('sums.wide_hi') }} <= {{ as_double('whole.value_lo') }} * (1 - case when sums.own_rows > 0 then 0 else {{ as_double('limits.limit_hi') }} end / {{ as_double('100') }}))) then 'fail'
            else 'pass'
        end as outcome,
        {{ as_double('whole.value_hi - whole.value_lo + sums.value_hi - sums.value_lo') }} * {{ as_double(parameter_of('rules', 'error_beyond_times_rounding')) }} * 0.5 as contradiction_beyond
    from chosen as whole
    inner join sums
        on whole.region_code = sums.region_code
        and whole.indicator_code = sums.indicator_code
        and whole.variant = sums.variant
        and whole.breakdown = sums.breakdown
        and whole.period = sums.period
        and whole.release_type = sums.release_type
    inner join {{ ref('indicators') }} as indicators
        on whole.indicator_code = indicators.indicator_code
    inner join {{ ref('regions') }} as regions
        on whole.region_code = regions.region_code
    inner join rules
        on {{ in_scope('rules', 'whole.indicator_code') }}
        and ((rules.kind = 'region_sum' and indicators.additive) or (rules.kind = 'region_hull' and indicators.indicator_type = 'ratio'))
    left join {{ ref('indicator_limits') }} as limits
        on limits.limit_kind = 'region_sum'
        and whole.indicator_code = limits.indicator_code
        and limits.region_kind in ('*', regions.kind)
        and limits.variant in ('*', whole.variant)
        and (limits.first_year is null or cast(substr(whole.period, 1, 4) as integer) >= limits.first_year)
    where sums.parts = sums.parts_needed
        and sums.parts > 1
        and (limits.indicator_code is not null or rules.kind = 'region_hull')
        -- within one publication this is B1-11
        and (rules.kind = 'region_hull' or whole.origin_id <> sums.first_origin or whole.origin_id <> sums.last_origin)

),

-- The targets of all parts of a region against its own.
cascades as (

    select
        rules.rule_id,
        upper_target.figure_id,
        upper_target.document_id,
        upper_target.region_code,
        upper_target.indicator_code,
        upper_target.variant,
        upper_target.breakdown,
        upper_target.milestone as period,
        max(upper_target.value) as whole_value,
        sum(lower_target.value) as value,
        case when sum(lower_target.value) < max(upper_target.value) then 'fail' else 'pass' end as outcome
    from {{ ref('target_groups') }} as upper_target
    inner join rules
        on rules.kind = 'target_cascade' and {{ in_scope('rules', 'upper_target.indicator_code') }}
    inner join {{ ref('indicators') }} as indicators
        on upper_target.indicator_code = indicators.indicator_code and indicators.additive
    inner join {{ ref('region_memberships') }} as members
        on upper_target.region_code = members.parent_code and members.member_kind = 'part'
        -- the latest year of which regions are known
        and members.year = (select max(year) from {{ ref('region_memberships') }})
    inner join {{ ref('target_groups') }} as lower_target
        on members.child_code = lower_target.region_code
        and upper_target.indicator_code = lower_target.indicator_code
        and upper_target.variant = lower_target.variant
        and upper_target.breakdown = lower_target.breakdown
        and upper_target.target_kind = lower_target.target_kind
        and upper_target.milestone = lower_target.milestone
    where upper_target.target_kind = 'level' and upper_target.comparator in ('ge', 'gt') and lower_target.comparator in ('ge', 'gt')
    group by
        rules.rule_id, upper_target.figure_id, upper_target.document_id, upper_target.region_code, upper_target.indicator_code,
        upper_target.variant, upper_target.breakdown, upper_target.milestone
    having count(distinct lower_target.region_code) = max(members.parts)

),

counted as (

    select rule_id, outcome, count(*) as tests
    from tests
    group by rule_id, outcome
    union all
    select rule_id, outcome, count(*)
    from cascades
    group by rule_id, outcome

),

failed as (

    select
        {{ key_id('tests', 'tests.document_id', "tests.period || '/' || tests.release_type") }} as finding_id,
        rule_id, kind, figure_id, document_id, region_code, indicator_code, variant, breakdown, period, release_type, whole_value, whole_lo, whole_hi,
        value, fit_lo, fit_hi,
        case when kind = 'region_sum' and abs(whole_value - value) <= contradiction_beyond then 'warning' end as severity
    from tests
    where outcome = 'fail'
    union all
    select
        {{ key_id('cascades', 'cascades.document_id', 'cascades.period') }},
        rule_id, 'target_cascade', figure_id, document_id, region_code, indicator_code, variant, breakdown, period, null, whole_value, whole_value, whole_value,
        value, value, value, null
    from cascades
    where outcome = 'fail'

),

operands as (

    select finding_id, figure_id, 'upper' as role, fit_lo, fit_hi from failed
    union all
    select
        failed.finding_id, lower_value.figure_id, 'lower',
        case when failed.kind = 'region_sum' then lower_value.value_hi + failed.whole_lo - failed.fit_hi end,
        case when failed.kind = 'region_sum' then lower_value.value_lo + failed.whole_hi - failed.fit_lo end
    from failed
    inner join {{ ref('region_memberships') }} as members
        on failed.region_code = members.parent_code and members.year = cast(substr(failed.period, 1, 4) as integer)
    inner join chosen as lower_value
        on members.child_code = lower_value.region_code
        and failed.indicator_code = lower_value.indicator_code
        and failed.variant = lower_value.variant
        and failed.breakdown = lower_value.breakdown
        and failed.period = lower_value.period
        and failed.release_type = lower_value.release_type

)

{{ counted_rows('counted') }}
union all
{{ test_rows('failed inner join operands on failed.finding_id = operands.finding_id', {
    'finding_id': 'failed.finding_id', 'rule_id': 'rule_id', 'outcome': "'fail'", 'tests': '1', 'severity': 'severity', 'document_id': 'document_id',
    'region_code': 'region_code', 'indicator_code': 'indicator_code', 'variant': 'variant', 'breakdown': 'breakdown', 'period': 'period',
    'said_zh': "case kind when 'region_hull' then '上级比率不在各下级的最小值与最大值之间，应在' when 'target_cascade' then '各下级目标之和不足上级目标，合计为' else '各下级之和与上级数不符，合计在' end || "
        ~ shown('failed.fit_lo', 2) ~ " || '至' || " ~ shown('failed.fit_hi', 2),
    'said_en': "case kind when 'region_hull' then 'the ratio lies outside those of its parts, which span ' when 'target_cascade' then 'the targets of the parts add up to less, to ' else 'the parts do not add up to it, but to ' end || "
        ~ shown('failed.fit_lo', 2) ~ " || '–' || " ~ shown('failed.fit_hi', 2),
    'expected': shown('failed.fit_lo', 2) ~ " || '–' || " ~ shown('failed.fit_hi', 2), 'observed': shown('whole_value', 2),
    'imbalance': "case when kind <> 'region_hull' then whole_value - value when whole_value > failed.fit_hi then whole_value - failed.fit_hi else whole_value - failed.fit_lo end",
    'gap': 'case when whole_lo > failed.fit_hi then whole_lo - failed.fit_hi else failed.fit_lo - whole_hi end',
    'figure_id': 'operands.figure_id', 'role': 'operands.role', 'fit_lo': 'operands.fit_lo', 'fit_hi': 'operands.fit_hi',
}) }}
