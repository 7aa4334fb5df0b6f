{#- Parts and whole in one publication. The parts are the codes of a breakdown that partitions the total, or the regions
    that make up a region; the whole is the printed total. Rounding: the sum of the parts' intervals and the interval of the
    total must meet. Beyond that the difference is a doubt, beyond three times the rounding it is a contradiction.
    Missing parts (mode partial_null): the sum is then only a lower bound, and fails when it alone exceeds the total.
    What the upper region itself reports (本级) belongs to the sum where it is printed; zones that overlap counties may or
    may not, so both readings are tried. Also here: two partitions of one total that is not printed. -#}
with rules as (

    {{ rules_of_kind(['parts_of_total', 'partitions_agree']) }}

),

dimensions as (

    select dimension, count(*) as codes
    from {{ ref('breakdowns') }}
    where partition
    group by dimension

),

-- The sums over each partition, of every publication.
partition_sums as (

    select
        levels.origin_id, levels.document_id, levels.region_code, levels.indicator_code, levels.variant, levels.period,
        breakdowns.dimension,
        max(dimensions.codes) as parts_needed,
        count(*) as parts,
        sum(levels.value) as value,
        sum(levels.value_lo) as value_lo,
        sum(levels.value_hi) as value_hi
    from {{ ref('levels') }} as levels
    inner join {{ ref('breakdowns') }} as breakdowns
        on levels.breakdown = breakdowns.breakdown and breakdowns.partition
    inner join dimensions
        on breakdowns.dimension = dimensions.dimension
    inner join {{ ref('indicators') }} as indicators
        on levels.indicator_code = indicators.indicator_code and indicators.additive
    where levels.breakdown <> '_T'
    group by levels.origin_id, levels.document_id, levels.region_code, levels.indicator_code, levels.variant, levels.period, breakdowns.dimension

),

summed_limits as (

    select limits.indicator_code, limits.region_kind, limits.variant, limits.first_year, limits.limit_hi
    from {{ ref('indicator_limits') }} as limits
    where limits.limit_kind = 'region_sum'

),

-- The sums over the regions that make up a region, of every publication; zones and own level kept apart.
region_sums as (

    select
        levels.origin_id, levels.document_id, members.parent_code as region_code, levels.indicator_code, levels.variant,
        levels.breakdown, levels.period,
        max(members.parts) as parts_needed,
        sum(case when members.member_kind = 'part' then 1 else 0 end) as parts,
        sum(case when members.member_kind = 'unallocated' then 1 else 0 end) as own_rows,
        sum(case when members.member_kind <> 'functional_zone' then levels.value else 0 end) as value,
        sum(case when members.member_kind <> 'functional_zone' then levels.value_lo else 0 end) as value_lo,
        sum(case when members.member_kind <> 'functional_zone' then levels.value_hi else 0 end) as value_hi,
        sum(levels.value_lo) as with_zones_lo,
        sum(levels.value_hi) as with_zones_hi
    from {{ ref('levels') }} as levels
    inner join {{ ref('region_memberships') }} as members
        on levels.region_code = members.child_code
        and cast(substr(levels.period, 1, 4) as integer) = members.year
    inner join (select distinct indicator_code from summed_limits) as summed
        on levels.indicator_code = summed.indicator_code
    group by levels.origin_id, levels.document_id, members.parent_code, levels.indicator_code, levels.variant, levels.breakdown, levels.period

),

wholes as (

    select
        sums.origin_id, sums.document_id, sums.region_code, sums.indicator_code, sums.variant, '_T' as breakdown, sums.period,
        sums.dimension as parts_kind,
        whole.figure_id, whole.value as whole_value, whole.value_lo as whole_lo, whole.value_hi as whole_hi,
        sums.value, sums.value_lo, sums.value_hi, sums.value_lo as wide_lo, sums.value_hi as wide_hi,
        case when sums.parts < sums.parts_needed then 1 else 0 end as is_incomplete,
        0 as own_percent
    from partition_sums as sums
    inner join {{ ref('levels') }} as whole
        on sums.origin_id = whole.origin_id
        and sums.document_id = whole.document_id
        and sums.region_code = whole.region_code
        and sums.indicator_code = whole.indicator_code
        and sums.variant = whole.variant
        and sums.period = whole.period
        and whole.breakdown = '_T'
    union all
    select
        sums.origin_id, sums.document_id, sums.region_code, sums.indicator_code, sums.variant, sums.breakdown, sums.period,
        'regions',
        whole.figure_id, whole.value, whole.value_lo, whole.value_hi,
        sums.value, sums.value_lo, sums.value_hi, sums.with_zones_lo, sums.with_zones_hi,
        case when sums.parts < sums.parts_needed then 1 else 0 end,
        case when sums.own_rows > 0 then 0 else limits.limit_hi end
    from region_sums as sums
    inner join {{ ref('levels') }} as whole
        on sums.origin_id = whole.origin_id
        and sums.document_id = whole.document_id
        and sums.region_code = whole.region_code
        and sums.indicator_code = whole.indicator_code
        and sums.variant = whole.variant
        and sums.breakdown = whole.breakdown
        and sums.period = whole.period
    inner join {{ ref('regions') }} as regions
        on sums.region_code = regions.region_code
    inner join summed_limits as limits
        on sums.indicator_code = limits.indicator_code
        and limits.region_kind in ('*', regions.kind)
        and limits.variant in ('*', sums.variant)
        and (limits.first_year is null or cast(substr(sums.period, 1, 4) as integer) >= limits.first_year)
    -- a single member says nothing of the rest
    where sums.parts > 1

),

whole_tests as (

    select
        rules.rule_id,
        wholes.*,
        case
            -- the parts exceed the total, whichever way the zones are read
            when value_lo >= whole_hi then 'fail'
            when is_incomplete = 1 then 'not_applicable'
            -- and fall short of it by more than the upper level may have of its own
            when own_percent = 0 and wide_hi <= whole_lo then 'fail'
            when {{ as_double('wide_hi') }} <= {{ as_double('whole_lo') }} * (1 - {{ as_double('own_percent') }} / 100) then 'fail'
            else 'pass'
        end as outcome,
        {{ as_double('whole_hi - whole_lo + value_hi - value_lo') }} * {{ as_double(parameter_of('rules', 'error_beyond_times_rounding')) }} * 0.5 as contradiction_beyond
    from wholes
    inner join rules
        on rules.kind = 'parts_of_total' and {{ in_scope('rules', 'wholes.indicator_code') }}

),

-- Two partitions of one total that the publication does not print.
partition_tests as (

    select
        rules.rule_id,
        one.*,
        '_T' as breakdown,
        two.dimension as two_dimension,
        two.value as two_value,
        two.value_lo as two_lo,
        two.value_hi as two_hi,
        case when one.value_hi <= two.value_lo or two.value_hi <= one.value_lo then 'fail' else 'pass' end as outcome
    from partition_sums as one
    inner join partition_sums as two
        on one.origin_id = two.origin_id
        and one.document_id = two.document_id
        and one.region_code = two.region_code
        and one.indicator_code = two.indicator_code
        and one.variant = two.variant
        and one.period = two.period
        and one.dimension < two.dimension
    inner join rules
        on rules.kind = 'partitions_agree' and {{ in_scope('rules', 'one.indicator_code') }}
    left join wholes
        on one.origin_id = wholes.origin_id
        and one.document_id = wholes.document_id
        and one.region_code = wholes.region_code
        and one.indicator_code = wholes.indicator_code
        and one.variant = wholes.variant
        and one.period = wholes.period
        and one.dimension = wholes.parts_kind
    where one.parts = one.parts_needed and two.parts = two.parts_needed and wholes.figure_id is null

),

counted as (

    select rule_id, outcome, count(*) as tests
    from whole_tests
    group by rule_id, outcome
    union all
    select rule_id, outcome, count(*)
    from partition_tests
    group by rule_id, outcome

),

failed as (

    select
        {{ key_id('whole_tests', 'whole_tests.document_id', "whole_tests.period || '/' || whole_tests.parts_kind") }} as finding_id,
        rule_id, origin_id, document_id, region_code, indicator_code, variant, breakdown, period, parts_kind, '' as two_kind, figure_id,
        case when abs(whole_value - value) > contradiction_beyond then 'error' else 'warning' end as severity,
        value, value_lo, wide_hi as value_hi, whole_value, whole_lo, whole_hi, is_incomplete
    from whole_tests
    where outcome = 'fail'
    union all
    select
        {{ key_id('partition_tests', 'partition_tests.document_id', "partition_tests.period || '/' || partition_tests.dimension || '/' || partition_tests.two_dimension") }},
        rule_id, origin_id, document_id, region_code, indicator_code, variant, '_T', period, dimension, two_dimension, null,
        null, two_value, two_lo, two_hi, value, value_lo, value_hi, 0
    from partition_tests
    where outcome = 'fail'

),

-- The whole would have to be the sum; a part, the total less the other parts.
operands as (

    select finding_id, figure_id, 'whole' as role, value_lo as fit_lo, case when is_incomplete = 0 then value_hi end as fit_hi
    from failed
    where figure_id is not null
    union all
    select
        failed.finding_id, part.figure_id, 'part',
        case when failed.is_incomplete = 0 and failed.figure_id is not null then part.value_hi + failed.whole_lo - failed.value_hi end,
        case when failed.figure_id is not null then part.value_lo + failed.whole_hi - failed.value_lo end
    from failed
    inner join {{ ref('levels') }} as part
        on failed.origin_id = part.origin_id
        and failed.document_id = part.document_id
        and failed.region_code = part.region_code
        and failed.indicator_code = part.indicator_code
        and failed.variant = part.variant
        and failed.period = part.period
    inner join {{ ref('breakdowns') }} as breakdowns
        on part.breakdown = breakdowns.breakdown and breakdowns.partition and breakdowns.dimension in (failed.parts_kind, failed.two_kind)
    union all
    select
        failed.finding_id, part.figure_id, 'part',
        case when failed.is_incomplete = 0 then part.value_hi + failed.whole_lo - failed.value_hi end,
        part.value_lo + failed.whole_hi - failed.value_lo
    from failed
    inner join {{ ref('region_memberships') }} as members
        on failed.region_code = members.parent_code
        and cast(substr(failed.period, 1, 4) as integer) = members.year
        and failed.parts_kind = 'regions'
    inner join {{ ref('levels') }} as part
        on failed.origin_id = part.origin_id
        and failed.document_id = part.document_id
        and members.child_code = part.region_code
        and failed.indicator_code = part.indicator_code
        and failed.variant = part.variant
        and failed.breakdown = part.breakdown
        and failed.period = part.period

)

{{ counted_rows('counted') }}
union all
{{ test_rows('failed inner join operands on failed.finding_id = operands.finding_id', {
    'finding_id': 'failed.finding_id', 'rule_id': 'rule_id', 'outcome': "'fail'", 'tests': '1', 'severity': 'severity', 'document_id': 'document_id',
    'region_code': 'region_code', 'indicator_code': 'indicator_code', 'variant': 'variant', 'breakdown': 'breakdown', 'period': 'period',
    'said_zh': "case when two_kind <> '' then '两种分组各自的合计' else '各部分之和' end || '在' || " ~ shown('value_lo', 2) ~ " || '至' || " ~ shown('value_hi', 2)
        ~ " || '之间，与' || case when two_kind <> '' then '另一分组' else '印出的合计' end || '不符，修约不能解释'",
    'said_en': "case when two_kind <> '' then 'the sum over one breakdown' else 'the parts add up' end || ' to ' || " ~ shown('value_lo', 2) ~ " || '–' || " ~ shown('value_hi', 2)
        ~ " || case when two_kind <> '' then ', not to the sum over the other' else ', not to the printed total' end || '; rounding does not explain it'",
    'expected': shown('value_lo', 2) ~ " || '–' || " ~ shown('value_hi', 2), 'observed': shown('whole_value', 2), 'imbalance': 'whole_value - value',
    'gap': 'case when whole_lo > value_hi then whole_lo - value_hi else value_lo - whole_hi end',
    'figure_id': 'operands.figure_id', 'role': 'operands.role', 'fit_lo': 'operands.fit_lo', 'fit_hi': 'operands.fit_hi',
}) }}
