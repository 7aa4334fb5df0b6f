{#- One key in two publications that are no line: two returns, a plan and the statistic that it cites, two plans. Like
    vintages only; a plan is held against what was published when it was written. And the sum of two scopes that is
    printed as one of them. -#}
with rules as (

    {{ rules_of_kind(['two_sources', 'plan_baseline', 'two_plans', 'double_counting']) }}

),

-- A key that more than one origin prints has a row that is not current.
several as (

    select distinct region_code, indicator_code, variant, breakdown, period
    from {{ ref('levels') }}
    where not is_current

),

compared as (

    select levels.*
    from {{ ref('levels') }} as levels
    inner join several
        on levels.region_code = several.region_code
        and levels.indicator_code = several.indicator_code
        and levels.variant = several.variant
        and levels.breakdown = several.breakdown
        and levels.period = several.period

),

pairs as (

    select
        rules.rule_id,
        rules.kind,
        one.figure_id, one.origin_id, one.document_id, one.region_code, one.indicator_code, one.variant, one.breakdown, one.period,
        one.value, one.value_lo, one.value_hi,
        other.figure_id as other_id,
        other.origin_id as other_origin_id,
        other.value as other_value,
        other.value_lo as other_lo,
        other.value_hi as other_hi,
        other.is_current as other_is_current,
        case when one.published_at is null or other.published_at is null then 1 else 0 end as is_undated,
        -- a statistic counts against a plan where it was out by then
        case when other.published_at <= one.published_at then 1 else 0 end as is_known,
        case when one.value_hi <= other.value_lo or other.value_hi <= one.value_lo then 1 else 0 end as is_disjoint
    from compared as one
    inner join compared as other
        on one.region_code = other.region_code
        and one.indicator_code = other.indicator_code
        and one.variant = other.variant
        and one.breakdown = other.breakdown
        and one.period = other.period
    inner join rules
        on {{ in_scope('rules', 'one.indicator_code') }}
        and (
            (
                rules.kind = 'two_sources' and one.is_cited = 0 and other.is_cited = 0 and one.line_code < other.line_code
                and one.release_type = other.release_type
                -- of one year of publication; where a date is unknown the difference is merely worth knowing
                and coalesce({{ year_of('one.published_at') }}, {{ year_of('other.published_at') }}, 0)
                    = coalesce({{ year_of('other.published_at') }}, {{ year_of('one.published_at') }}, 0)
            )
            or (rules.kind = 'plan_baseline' and one.is_cited = 1 and other.is_cited = 0)
            or (rules.kind = 'two_plans' and one.is_cited = 1 and other.is_cited = 1 and one.document_id < other.document_id)
        )

),

-- The vintages that count: known by then, else the current one. A plan is right when one of them fits.
weighed as (

    select
        pairs.*,
        max(case when kind = 'plan_baseline' then is_known else 1 end) over (partition by rule_id, figure_id) as any_known
    from pairs

),

counting as (

    select
        *,
        min(is_disjoint) over (partition by rule_id, figure_id) as fits_none,
        row_number() over (
            partition by rule_id, figure_id
            order by case when other_is_current then 0 else 1 end, other_id
        ) as precedence
    from weighed
    where kind <> 'plan_baseline' or is_known = 1 or (any_known = 0 and other_is_current)

),

tests as (

    select
        counting.*,
        case
            when kind = 'plan_baseline' then case when fits_none = 1 then 'fail' else 'pass' end
            when is_disjoint = 1 then 'fail'
            else 'pass'
        end as outcome
    from counting
    where kind <> 'plan_baseline' or precedence = 1

),

-- 成交额 that is output plus inflow: the total fits the sum and neither of the two.
doubles as (

    select
        rules.rule_id,
        rules.kind,
        total.figure_id, total.document_id, total.origin_id, total.region_code, total.indicator_code, total.variant, total.breakdown, total.period,
        total.value, total.value_lo, total.value_hi,
        outward.figure_id as outward_id,
        inward.figure_id as inward_id,
        outward.value as outward_value,
        outward.value_lo + inward.value_lo as sum_lo,
        outward.value_hi + inward.value_hi as sum_hi,
        case
            when outward.value_lo + inward.value_lo < total.value_hi and total.value_lo < outward.value_hi + inward.value_hi
                and total.value_lo >= outward.value_hi and total.value_lo >= inward.value_hi
                then 'fail'
            else 'pass'
        end as outcome
    from {{ ref('levels') }} as outward
    inner join {{ ref('levels') }} as inward
        on outward.region_code = inward.region_code
        and outward.indicator_code = inward.indicator_code
        and outward.breakdown = inward.breakdown
        and outward.period = inward.period
        and outward.release_type = inward.release_type
    inner join {{ ref('levels') }} as total
        on outward.region_code = total.region_code
        and outward.indicator_code = total.indicator_code
        and outward.breakdown = total.breakdown
        and outward.period = total.period
    inner join rules
        on rules.kind = 'double_counting' and {{ in_scope('rules', 'total.indicator_code') }}
    where outward.variant = 'output' and inward.variant = 'inflow' and total.variant = '_T' and outward.value_lo > 0 and inward.value_lo > 0

),

counted as (

    select rule_id, outcome, count(*) as tests from tests group by rule_id, outcome
    union all
    select rule_id, outcome, count(*) from doubles group by rule_id, outcome

),

failed as (

    select
        {{ key_id('tests', "tests.origin_id || '+' || tests.other_origin_id", 'tests.period') }} as finding_id,
        rule_id, kind, document_id, region_code, indicator_code, variant, breakdown, period, figure_id, other_id,
        cast(null as {{ dbt.type_string() }}) as third_id, value, value_lo, value_hi, other_value, other_lo, other_hi,
        case when kind = 'two_sources' and is_undated = 1 then 'information' end as severity
    from tests
    where outcome = 'fail'
    union all
    select
        {{ key_id('doubles', 'doubles.origin_id', 'doubles.period') }},
        rule_id, kind, document_id, region_code, indicator_code, variant, breakdown, period, figure_id, outward_id, inward_id,
        value, value_lo, value_hi, outward_value, sum_lo, sum_hi, null
    from doubles
    where outcome = 'fail'

),

operands as (

    select
        finding_id, figure_id, case kind when 'plan_baseline' then 'cited' else 'one' end as role,
        case when kind <> 'double_counting' then other_lo end as fit_lo, case when kind <> 'double_counting' then other_hi end as fit_hi
    from failed
    union all
    select
        finding_id, other_id, case kind when 'plan_baseline' then 'published' when 'double_counting' then 'part' else 'other' end,
        case when kind <> 'double_counting' then value_lo end, case when kind <> 'double_counting' then value_hi end
    from failed
    union all
    select finding_id, third_id, 'part', null, null from failed where third_id is not null

)

{{ counted_rows('counted') }}
union all
{{ test_rows('failed inner join operands on failed.finding_id = operands.finding_id', {
    'finding_id': 'failed.finding_id', 'rule_id': 'rule_id', 'outcome': "'fail'", 'tests': '1', 'severity': 'severity', 'document_id': 'document_id',
    'region_code': 'region_code', 'indicator_code': 'indicator_code', 'variant': 'variant', 'breakdown': 'breakdown', 'period': 'period',
    'said_zh': "case kind when 'plan_baseline' then '规划引用的数与当时已公布的统计数不符' when 'two_plans' then '两份规划引用的数不一致'
        when 'double_counting' then '所印成交额恰为输出与吸纳之和，属重复计算' else '两个来源的同类数字不一致，修约不能解释' end",
    'said_en': "case kind when 'plan_baseline' then 'the plan cites another value than the statistics published by then' when 'two_plans' then 'two plans cite different values'
        when 'double_counting' then 'the printed value is the sum of output and inflow: it counts twice' else 'two sources of one vintage disagree; rounding does not explain it' end",
    'expected': shown('other_value', 2), 'observed': shown('value', 2), 'imbalance': 'value - other_value',
    'gap': "case when kind = 'double_counting' then null when value_lo > other_hi then value_lo - other_hi else other_lo - value_hi end",
    'figure_id': 'operands.figure_id', 'role': 'operands.role', 'fit_lo': 'operands.fit_lo', 'fit_hi': 'operands.fit_hi',
}) }}
