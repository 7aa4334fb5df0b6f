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

{{ cell_keys() }}

summed_limits as (

    select limits.indicator_code, limits.region_kind, limits.variant, limits.first_year, limits.limit_hi
    from {{ ref('indicator_limits') }} as limits
    where limits.limit_kind = 'region_sum'

),

-- Columns that are parts, with the number of their total (indicator and variant) and, where it is printed, its column.
part_columns as (

    select
        parts.column_number,
        breakdowns.dimension,
        dimensions.codes,
        totals.total_number,
        wholes.column_number as whole_column
    from columns_of as parts
    inner join {{ ref('breakdowns') }} as breakdowns
        on parts.breakdown = breakdowns.breakdown and breakdowns.partition
    inner join dimensions
        on breakdowns.dimension = dimensions.dimension
    inner join {{ ref('indicators') }} as indicators
        on parts.indicator_code = indicators.indicator_code and indicators.additive
    inner join (
        select indicator_code, variant, min(column_number) as total_number
        from columns_of
        group by indicator_code, variant
    ) as totals
        on parts.indicator_code = totals.indicator_code and parts.variant = totals.variant
    left join columns_of as wholes
        on parts.indicator_code = wholes.indicator_code and parts.variant = wholes.variant and wholes.breakdown = '_T'
    where parts.breakdown <> '_T'

),

summed_columns as (

    select columns_of.column_number
    from columns_of
    inner join (select distinct indicator_code from summed_limits) as summed
        on columns_of.indicator_code = summed.indicator_code

),

used_columns as (

    select column_number from part_columns
    union
    select whole_column from part_columns where whole_column is not null
    union
    select column_number from summed_columns

),

printed as (

    {{ printed_cells(['figure_id', 'value', 'value_lo', 'value_hi', 'is_told']) }}

),

-- The sums over each partition, of every publication.
partition_sums as (

    select
        printed.place_number,
        part_columns.total_number,
        part_columns.dimension,
        max(part_columns.whole_column) as whole_column,
        max(part_columns.codes) as parts_needed,
        count(*) as parts,
        sum(printed.value) as value,
        sum(printed.value_lo) as value_lo,
        sum(printed.value_hi) as value_hi
    from printed
    inner join part_columns
        on printed.column_number = part_columns.column_number
    group by printed.place_number, part_columns.total_number, part_columns.dimension

),

members as (

    select
        {{ place_number('0', 'periods.period_number', 'children.region_number') }} as child_place,
        periods.period_number,
        parents.region_number as parent_number,
        children.region_number as child_number,
        members.parts,
        case when members.member_kind = 'part' then 1 else 0 end as is_part,
        case when members.member_kind = 'unallocated' then 1 else 0 end as is_own,
        case when members.member_kind = 'functional_zone' then 1 else 0 end as is_zone
    from {{ ref('region_memberships') }} as members
    inner join regions_of as children
        on members.child_code = children.region_code
    inner join regions_of as parents
        on members.parent_code = parents.region_code
    inner join periods
        on members.year = cast(substr(periods.period, 1, 4) as integer)

),

-- The sums over the regions that make up a region, of every publication; zones and own level kept apart.
region_sums as (

    select
        {{ cell_number(place_number('printed.publication_number', 'printed.period_number', 'members.parent_number'), 'printed.column_number') }} as cell_number,
        max(members.parts) as parts_needed,
        sum(members.is_part) as parts,
        sum(members.is_own) as own_rows,
        max(coalesce(printed.is_told, 0)) as is_told,
        sum(case when members.is_zone = 0 then printed.value else 0 end) as value,
        sum(case when members.is_zone = 0 then printed.value_lo else 0 end) as value_lo,
        sum(case when members.is_zone = 0 then printed.value_hi else 0 end) as value_hi,
        sum(printed.value_lo) as with_zones_lo,
        sum(printed.value_hi) as with_zones_hi
    from printed
    inner join summed_columns
        on printed.column_number = summed_columns.column_number
    inner join members
        on {{ place_number('0', 'printed.period_number', 'printed.region_number') }} = members.child_place
    group by {{ cell_number(place_number('printed.publication_number', 'printed.period_number', 'members.parent_number'), 'printed.column_number') }}

),

wholes as (

    select
        whole.place_number, whole.publication_number, whole.period_number, whole.region_number, whole.column_number, sums.total_number,
        sums.dimension as parts_kind,
        whole.figure_id, whole.value as whole_value, whole.value_lo as whole_lo, whole.value_hi as whole_hi,
        sums.value, sums.value_lo, sums.value_hi, sums.value_lo as wide_lo, sums.value_hi as wide_hi,
        case when sums.parts < sums.parts_needed then 1 else 0 end as is_incomplete,
        0 as own_percent
    from partition_sums as sums
    inner join printed as whole
        on {{ cell_number('sums.place_number', 'sums.whole_column') }} = whole.cell_number
    union all
    select
        whole.place_number, whole.publication_number, whole.period_number, whole.region_number, whole.column_number, null,
        'regions',
        whole.figure_id, whole.value, whole.value_lo, whole.value_hi,
        sums.value, sums.value_lo, sums.value_hi, sums.with_zones_lo, sums.with_zones_hi,
        -- places named in running text need not be all that there are (B1-39 asks where the sentence says so), and what the
        -- known ones fall short by may stand in a row whose place nobody knows
        case when sums.parts < sums.parts_needed or sums.is_told = 1 or unknown_places.document_id is not null then 1 else 0 end,
        case when sums.own_rows > 0 then 0 else limits.limit_hi end
    from region_sums as sums
    inner join printed as whole
        on sums.cell_number = whole.cell_number
    {{ cell_texts('whole') }}
    left join {{ ref('unknown_places') }} as unknown_places
        on publications_of.document_id = unknown_places.document_id
    inner join {{ ref('regions') }} as regions
        on regions_of.region_code = regions.region_code
    inner join summed_limits as limits
        on columns_of.indicator_code = limits.indicator_code
        and limits.region_kind in ('*', regions.kind)
        and limits.variant in ('*', columns_of.variant)
        and (limits.first_year is null or cast(substr(periods.period, 1, 4) as integer) >= limits.first_year)
    -- a single member says nothing of the rest
    where sums.parts > 1

),

whole_tests as (

    select
        rules.rule_id,
        wholes.*,
        case
            -- the parts exceed the total, whichever way the zones are read
            when wholes.value_lo >= wholes.whole_hi then 'fail'
            when wholes.is_incomplete = 1 then 'not_applicable'
            -- and fall short of it by more than the upper level may have of its own
            when wholes.whole_lo >= 0 and wholes.wide_hi > wholes.whole_lo * 1.0001 then 'pass'
            when wholes.own_percent = 0 and wholes.wide_hi <= wholes.whole_lo then 'fail'
            when {{ as_double('wholes.wide_hi') }} <= {{ as_double('wholes.whole_lo') }} * (1 - {{ as_double('wholes.own_percent') }} / 100) then 'fail'
            else 'pass'
        end as outcome
    from wholes
    inner join columns_of
        on wholes.column_number = columns_of.column_number
    inner join rules
        on rules.kind = 'parts_of_total' and {{ in_scope('rules', 'columns_of.indicator_code') }}

),

-- Two partitions of one total that the publication does not print.
partition_tests as (

    select
        rules.rule_id,
        one.*,
        two.dimension as two_dimension,
        two.value as two_value,
        two.value_lo as two_lo,
        two.value_hi as two_hi,
        case when one.value_hi <= two.value_lo or two.value_hi <= one.value_lo then 'fail' else 'pass' end as outcome
    from partition_sums as one
    inner join partition_sums as two
        on {{ cell_number('one.place_number', 'one.total_number') }} = {{ cell_number('two.place_number', 'two.total_number') }}
        and one.dimension < two.dimension
    inner join columns_of
        on one.total_number = columns_of.column_number
    inner join rules
        on rules.kind = 'partitions_agree' and {{ in_scope('rules', 'columns_of.indicator_code') }}
    left join wholes
        on one.place_number = wholes.place_number
        and one.total_number = wholes.total_number
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

failed_wholes as (

    select
        whole_tests.*,
        publications_of.origin_id, publications_of.document_id, regions_of.region_code, periods.period,
        columns_of.indicator_code, columns_of.variant, columns_of.breakdown,
        {{ as_double('whole_hi - whole_lo + value_hi - value_lo') }} * {{ as_double(parameter_of('whole_tests', 'error_beyond_times_rounding')) }} * 0.5 as contradiction_beyond
    from whole_tests
    {{ cell_texts('whole_tests') }}
    where whole_tests.outcome = 'fail'

),

-- A place has its numbers in any cell of it.
failed_partitions as (

    select
        partition_tests.*,
        columns_of.indicator_code, columns_of.variant, '_T' as breakdown,
        places.publication_number, places.period_number, places.region_number,
        publications_of.origin_id, publications_of.document_id, regions_of.region_code, periods.period
    from partition_tests
    inner join (
        select printed.place_number, printed.publication_number, printed.period_number, printed.region_number
        from printed
        group by printed.place_number, printed.publication_number, printed.period_number, printed.region_number
    ) as places
        on partition_tests.place_number = places.place_number
    inner join publications_of
        on places.publication_number = publications_of.publication_number
    inner join periods
        on places.period_number = periods.period_number
    inner join regions_of
        on places.region_number = regions_of.region_number
    inner join columns_of
        on partition_tests.total_number = columns_of.column_number
    where partition_tests.outcome = 'fail'

),

failed as (

    select
        {{ key_id('failed_wholes', 'failed_wholes.document_id', "failed_wholes.period || '/' || failed_wholes.parts_kind") }} as finding_id,
        rule_id, origin_id, document_id, region_code, indicator_code, variant, breakdown, period, parts_kind, '' as two_kind, figure_id,
        case when abs(whole_value - value) > contradiction_beyond then 'error' else 'warning' end as severity,
        value, value_lo, wide_hi as value_hi, whole_value, whole_lo, whole_hi, is_incomplete,
        place_number, publication_number, period_number, region_number, column_number, total_number
    from failed_wholes
    union all
    select
        {{ key_id('failed_partitions', 'failed_partitions.document_id', "failed_partitions.period || '/' || failed_partitions.dimension || '/' || failed_partitions.two_dimension") }},
        rule_id, origin_id, document_id, region_code, indicator_code, variant, breakdown, period, dimension, two_dimension, null,
        null, two_value, two_lo, two_hi, value, value_lo, value_hi, 0,
        place_number, publication_number, period_number, region_number, null, total_number
    from failed_partitions

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
    inner join part_columns
        on failed.total_number = part_columns.total_number and part_columns.dimension in (failed.parts_kind, failed.two_kind)
    inner join printed as part
        on {{ cell_number('failed.place_number', 'part_columns.column_number') }} = part.cell_number
    union all
    select
        failed.finding_id, part.figure_id, 'part',
        case when failed.is_incomplete = 0 then part.value_hi + failed.whole_lo - failed.value_hi end,
        part.value_lo + failed.whole_hi - failed.value_lo
    from failed
    inner join members
        on failed.region_number = members.parent_number and failed.period_number = members.period_number and failed.parts_kind = 'regions'
    inner join printed as part
        on {{ cell_number(place_number('failed.publication_number', 'failed.period_number', 'members.child_number'), 'failed.column_number') }} = part.cell_number

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
