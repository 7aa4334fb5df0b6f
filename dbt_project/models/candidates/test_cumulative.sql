{#- Values counted from the start of a year: the first quarter, the half-year, three quarters, the year. What has been
    counted cannot become less, so each is at least the one before it, under rounding and within one vintage. The quarters
    and the year are often told by different publications: then a part of the year may exceed it by what revisions do. -#}
with rules as (

    {{ rules_of_kind(['cumulative']) }}

),

parameters as (

    select rules.*, coalesce({{ as_double(parameter_of('rules', 'percent')) }}, 0) as percent
    from rules

),

counted_from_start as (

    select
        parameters.rule_id,
        parameters.percent,
        levels.*,
        substr(levels.period, 1, 4) as year_text,
        case
            when length(levels.period) = 4 then 12
            when substr(levels.period, 5) = '-Q1' then 3
            when substr(levels.period, 5) in ('-S1', '-Q1--Q2') then 6
            when substr(levels.period, 5) = '-Q1--Q3' then 9
            when substr(levels.period, 5) = '-Q1--Q4' then 12
        end as months
    from {{ ref('levels') }} as levels
    inner join {{ ref('indicators') }} as indicators
        on levels.indicator_code = indicators.indicator_code and indicators.indicator_type = 'flow' and indicators.valid_min >= 0
    inner join parameters
        on {{ in_scope('parameters', 'levels.indicator_code') }}

),

-- Only where something was printed for less than the year.
partial as (

    select *
    from counted_from_start
    where months < 12

),

tests as (

    select
        partial.rule_id,
        later.figure_id,
        partial.figure_id as former_id,
        later.document_id, later.region_code, later.indicator_code, later.variant, later.breakdown, later.period,
        partial.period as former_period,
        later.value, later.value_lo, later.value_hi,
        partial.value as former_value,
        partial.value_lo as former_lo,
        partial.value_hi as former_hi,
        case
            when partial.line_code = later.line_code and later.value_hi <= partial.value_lo then 'fail'
            when {{ as_double('later.value_hi') }} * (1 + partial.percent * 0.01) <= {{ as_double('partial.value_lo') }} then 'fail'
            else 'pass'
        end as outcome
    from partial
    inner join counted_from_start as later
        on partial.rule_id = later.rule_id
        and partial.region_code = later.region_code
        and partial.indicator_code = later.indicator_code
        and partial.variant = later.variant
        and partial.breakdown = later.breakdown
        and partial.year_text = later.year_text
        and partial.months < later.months
        -- what a plan cites of others is held against itself alone
        and (partial.is_cited + later.is_cited = 0 or partial.origin_id = later.origin_id)
        and (
            (partial.line_code = later.line_code and (partial.release_type = later.release_type or partial.origin_id = later.origin_id))
            or (partial.line_code <> later.line_code and partial.is_current and later.is_current)
        )

),

counted as (

    select rule_id, outcome, count(*) as tests
    from tests
    group by rule_id, outcome

),

failed as (

    select
        {{ key_id('tests', 'tests.document_id', "tests.former_period || '/' || tests.period") }} as finding_id,
        tests.*
    from tests
    where outcome = 'fail'

),

operands as (

    select finding_id, figure_id, 'later' as role, former_lo as fit_lo, cast(null as {{ value_type() }}) as fit_hi from failed
    union all
    select finding_id, former_id, 'former', null, value_hi from failed

)

{{ counted_rows('counted') }}
union all
{{ test_rows('failed inner join operands on failed.finding_id = operands.finding_id', {
    'finding_id': 'failed.finding_id', 'rule_id': 'rule_id', 'outcome': "'fail'", 'tests': '1', 'document_id': 'document_id',
    'region_code': 'region_code', 'indicator_code': 'indicator_code', 'variant': 'variant', 'breakdown': 'breakdown', 'period': 'period',
    'said_zh': "'累计数小于年内较早时期的累计数'", 'said_en': "'the cumulative value is below that of an earlier part of the year'",
    'expected': "'≥ ' || " ~ shown('former_lo', 2), 'observed': shown('value', 2), 'imbalance': 'value - former_value', 'gap': 'former_lo - value_hi',
    'figure_id': 'operands.figure_id', 'role': 'operands.role', 'fit_lo': 'operands.fit_lo', 'fit_hi': 'operands.fit_hi',
}) }}
