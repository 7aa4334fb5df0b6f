{#- A printed ratio against numerator and denominator of other publications, and shares of whole units. Only vintages of the
    year in which the ratio was published are compared, and of those the reading that fits best: GDP is revised, a ratio
    cannot know what came later, and of an older one nobody knows whether it still held. What one publication prints of
    all three is B1-27. -#}
with rules as (

    {{ rules_of_kind(['ratio_across_sources', 'whole_units']) }}

),

identities as (

    {{ ratio_identities() }}

),

asked as (

    select rules.rule_id, rules.kind, identities.*
    from identities
    inner join rules
        on {{ in_scope('rules', 'identities.ratio_code') }}
        and (rules.kind = 'ratio_across_sources' or identities.is_share_of_units = 1)

),

published as (

    select levels.*
    from {{ ref('levels') }} as levels
    inner join (
        select ratio_code as indicator_code from asked
        union
        select numerator_code from asked
        union
        select denominator_code from asked
    ) as used
        on levels.indicator_code = used.indicator_code
    where levels.is_cited = 0 and levels.published_at is not null and levels.value_lo >= 0

),

ratios as (

    select
        asked.rule_id,
        asked.kind,
        asked.ratio_code,
        asked.numerator_code,
        asked.denominator_code,
        asked.ratio_factor,
        asked.numerator_factor,
        asked.denominator_factor,
        ratio.figure_id, ratio.origin_id, ratio.document_id, ratio.region_code, ratio.variant, ratio.breakdown, ratio.period,
        ratio.published_at, ratio.value_lo, ratio.value_hi, ratio.value
    from published as ratio
    inner join asked
        on ratio.indicator_code = asked.ratio_code
    where ratio.value_lo > 0 and {{ as_double('ratio.value_hi') }} * {{ as_double('asked.ratio_factor') }} < 1e5

),

-- The hull of what was known of each operand.
numerators as (

    select
        ratios.rule_id, ratios.figure_id,
        min(known.value_lo) as n_lo, max(known.value_hi) as n_hi, max(known.figure_id) as numerator_id,
        min(case when known.origin_id = ratios.origin_id then 1 else 0 end) as is_own
    from ratios
    inner join published as known
        on ratios.numerator_code = known.indicator_code
        and ratios.region_code = known.region_code
        and ratios.variant = known.variant
        and ratios.breakdown = known.breakdown
        and ratios.period = known.period
    where {{ year_of('known.published_at') }} = {{ year_of('ratios.published_at') }} and {{ as_double('known.value_hi') }} * {{ as_double('ratios.numerator_factor') }} < 1e13
        and ratios.kind = 'ratio_across_sources'
    group by ratios.rule_id, ratios.figure_id

),

denominators as (

    select
        ratios.rule_id, ratios.figure_id,
        min(known.value_lo) as d_lo, max(known.value_hi) as d_hi, min(known.value) as d_least, max(known.value) as d_most,
        max(known.figure_id) as denominator_id,
        min(case when known.origin_id = ratios.origin_id then 1 else 0 end) as is_own
    from ratios
    inner join published as known
        on ratios.denominator_code = known.indicator_code
        and ratios.region_code = known.region_code
        and ratios.period = known.period
        and known.variant = '_T'
        and known.breakdown = '_T'
    where ({{ year_of('known.published_at') }} = {{ year_of('ratios.published_at') }} or ratios.kind = 'whole_units') and known.value_lo > 0
        and {{ as_double('known.value_hi') }} * {{ as_double('ratios.denominator_factor') }} < 1e17
    group by ratios.rule_id, ratios.figure_id

),

across as (

    select
        ratios.*,
        numerators.numerator_id,
        denominators.denominator_id,
        {{ as_double('numerators.n_lo') }} * {{ as_double('ratios.numerator_factor') }} * 10000 / {{ as_double('denominators.d_hi') }} / {{ as_double('ratios.denominator_factor') }} / {{ as_double('ratios.ratio_factor') }} as fit_lo,
        {{ as_double('numerators.n_hi') }} * {{ as_double('ratios.numerator_factor') }} * 10000 / {{ as_double('denominators.d_lo') }} / {{ as_double('ratios.denominator_factor') }} / {{ as_double('ratios.ratio_factor') }} as fit_hi,
        case
            when {{ ratio_outside(
                as_value('numerators.n_lo * ratios.numerator_factor') ~ ' * 10000', as_value('numerators.n_hi * ratios.numerator_factor') ~ ' * 10000',
                'cast(denominators.d_lo * ratios.denominator_factor as decimal(28, 4))', 'cast(denominators.d_hi * ratios.denominator_factor as decimal(28, 4))',
                as_value('ratios.value_lo * ratios.ratio_factor'), as_value('ratios.value_hi * ratios.ratio_factor')
            ) }} then 'fail'
            else 'pass'
        end as outcome
    from ratios
    inner join numerators
        on ratios.figure_id = numerators.figure_id and ratios.rule_id = numerators.rule_id
    inner join denominators
        on ratios.figure_id = denominators.figure_id and ratios.rule_id = denominators.rule_id
    where numerators.is_own = 0 or denominators.is_own = 0

),

-- r % of N units: some whole number k has to give r. Only where N is known without doubt.
whole_units as (

    select
        ratios.*,
        cast(null as {{ dbt.type_string() }}) as numerator_id,
        denominators.denominator_id,
        {{ as_double('floor(ratios.value_hi * denominators.d_least / 100)') }} as k,
        denominators.d_least as units_counted,
        case
            when floor(ratios.value_hi * denominators.d_least * 0.01) < ratios.value_lo * denominators.d_least * 0.01
                or (floor(ratios.value_hi * denominators.d_least * 0.01) = ratios.value_hi * denominators.d_least * 0.01
                    and floor(ratios.value_hi * denominators.d_least * 0.01) - 1 < ratios.value_lo * denominators.d_least * 0.01)
                then 'fail'
            else 'pass'
        end as outcome
    from ratios
    inner join denominators
        on ratios.figure_id = denominators.figure_id and ratios.rule_id = denominators.rule_id
    where ratios.kind = 'whole_units' and denominators.d_least = denominators.d_most and denominators.d_most < 10000000

),

counted as (

    select rule_id, outcome, count(*) as tests
    from across
    group by rule_id, outcome
    union all
    select rule_id, outcome, count(*)
    from whole_units
    group by rule_id, outcome

),

failed as (

    select
        {{ key_id('keyed', 'keyed.origin_id', 'keyed.period') }} as finding_id,
        keyed.*
    from (
        select
            rule_id, kind, ratio_code as indicator_code, origin_id, document_id, region_code, variant, breakdown, period, figure_id, numerator_id, denominator_id,
            value, value_lo, value_hi, fit_lo, fit_hi
        from across
        where outcome = 'fail'
        union all
        select
            rule_id, kind, ratio_code, origin_id, document_id, region_code, variant, breakdown, period, figure_id, numerator_id, denominator_id,
            value, value_lo, value_hi,
            100 * k / {{ as_double('units_counted') }}, 100 * (k + 1) / {{ as_double('units_counted') }}
        from whole_units
        where outcome = 'fail'
    ) as keyed

),

operands as (

    select finding_id, figure_id, 'ratio' as role, case when kind = 'ratio_across_sources' then fit_lo end as fit_lo, case when kind = 'ratio_across_sources' then fit_hi end as fit_hi
    from failed
    union all
    select finding_id, numerator_id, 'numerator', null, null from failed where numerator_id is not null
    union all
    select finding_id, denominator_id, 'denominator', null, null from failed

)

{{ counted_rows('counted') }}
union all
{{ test_rows('failed inner join operands on failed.finding_id = operands.finding_id', {
    'finding_id': 'failed.finding_id', 'rule_id': 'rule_id', 'outcome': "'fail'", 'tests': '1', 'document_id': 'document_id',
    'region_code': 'region_code', 'indicator_code': 'indicator_code', 'variant': 'variant', 'breakdown': 'breakdown', 'period': 'period',
    'said_zh': "case kind when 'whole_units' then '没有任何整数个单位能得到这一占比，最接近的是' || " ~ shown('failed.fit_lo', 3) ~ " || '%和' || " ~ shown('failed.fit_hi', 3) ~ " || '%'
        else '按同年公布的分子与分母计算应在' || " ~ shown('failed.fit_lo', 3) ~ " || '至' || " ~ shown('failed.fit_hi', 3) ~ " || '之间' end",
    'said_en': "case kind when 'whole_units' then 'no whole number of units gives this share; the nearest are ' || " ~ shown('failed.fit_lo', 3) ~ " || ' and ' || " ~ shown('failed.fit_hi', 3) ~ " || ' %'
        else 'numerator and denominator published in the same year give ' || " ~ shown('failed.fit_lo', 3) ~ " || ' to ' || " ~ shown('failed.fit_hi', 3) ~ " end",
    'expected': shown('failed.fit_lo', 3) ~ " || '–' || " ~ shown('failed.fit_hi', 3), 'observed': shown('value', 3),
    'imbalance': as_double('value') ~ ' - (failed.fit_lo + failed.fit_hi) / 2',
    'gap': "case when kind = 'whole_units' then null when value_lo > failed.fit_hi then value_lo - failed.fit_hi else failed.fit_lo - value_hi end",
    'figure_id': 'operands.figure_id', 'role': 'operands.role', 'fit_lo': 'operands.fit_lo', 'fit_hi': 'operands.fit_hi',
}) }}
