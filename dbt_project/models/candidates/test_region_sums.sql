{#- A region against the regions that make it up, across publications, and the targets of the lower level against those of
    the upper one. Like vintages only: all operands of one release type, none of them cited by a plan. Only what is
    complete is compared. A ratio of a region lies between the smallest and the largest ratio of its parts. -#}
with rules as (

    {{ rules_of_kind(['region_sum', 'region_hull', 'target_cascade']) }}

),

{{ cell_keys(['indicator_code', 'variant', 'breakdown', 'release_type']) }}

origins as (

    select publication_number, min(publication_number) over (partition by origin_id) as origin_number
    from publications_of

),

used_columns as (

    select columns_of.column_number, columns_of.indicator_code
    from columns_of
    inner join (
        select indicator_code from {{ ref('indicator_limits') }} where limit_kind = 'region_sum'
        union
        select indicator_code from {{ ref('indicators') }} where indicator_type = 'ratio' and numerator_code is not null
    ) as compared
        on columns_of.indicator_code = compared.indicator_code

),

-- One value per key, region and release type: the current one where there is a choice. A key is current once, so only
-- the keys of rows that are not have to be ranked.
several as (

    select distinct region_code, indicator_code, variant, breakdown, period, release_type
    from {{ ref('levels') }}
    where not is_current and is_cited = 0

),

ranked as (

    select
        levels.*,
        row_number() over (
            partition by levels.region_code, levels.indicator_code, levels.variant, levels.breakdown, levels.period, levels.release_type
            order by case when levels.is_current then 0 else 1 end, levels.published_at desc nulls last, levels.figure_id
        ) as precedence
    from {{ ref('levels') }} as levels
    inner join several
        on levels.region_code = several.region_code
        and levels.indicator_code = several.indicator_code
        and levels.variant = several.variant
        and levels.breakdown = several.breakdown
        and levels.period = several.period
        and levels.release_type = several.release_type
    where levels.is_cited = 0

),

one_each as (

    select figure_id, origin_id, document_id, region_code, indicator_code, variant, breakdown, period, release_type, value, value_lo, value_hi
    from {{ ref('levels') }}
    where is_current and is_cited = 0
    union all
    select figure_id, origin_id, document_id, region_code, indicator_code, variant, breakdown, period, release_type, value, value_lo, value_hi
    from ranked
    where precedence = 1 and not is_current

),

chosen as (

    {{ printed_cells(['figure_id', 'value', 'value_lo', 'value_hi'], 'one_each', ['indicator_code', 'variant', 'breakdown', 'release_type']) }}

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

-- Over all publications: the cell of the upper region, whoever printed it.
sums as (

    select
        {{ cell_number(place_number('0', 'chosen.period_number', 'members.parent_number'), 'chosen.column_number') }} as cell_number,
        max(members.parts) as parts_needed,
        sum(members.is_part) as parts,
        sum(members.is_own) as own_rows,
        min(case when members.is_part = 1 then origins.origin_number end) as first_origin,
        max(case when members.is_part = 1 then origins.origin_number end) as last_origin,
        sum(case when members.is_zone = 0 then chosen.value else 0 end) as value,
        sum(case when members.is_zone = 0 then chosen.value_lo else 0 end) as value_lo,
        sum(case when members.is_zone = 0 then chosen.value_hi else 0 end) as value_hi,
        sum(chosen.value_hi) as wide_hi,
        min(case when members.is_part = 1 then chosen.value_lo end) as least,
        max(case when members.is_part = 1 then chosen.value_hi end) as most
    from chosen
    inner join origins
        on chosen.publication_number = origins.publication_number
    inner join members
        on {{ place_number('0', 'chosen.period_number', 'chosen.region_number') }} = members.child_place
    group by {{ cell_number(place_number('0', 'chosen.period_number', 'members.parent_number'), 'chosen.column_number') }}

),

complete as (

    select *
    from sums
    where parts = parts_needed and parts > 1

),

tests as (

    select
        rules.rule_id,
        rules.kind,
        whole.figure_id,
        whole.period_number,
        whole.region_number,
        whole.column_number,
        publications_of.document_id,
        regions_of.region_code,
        columns_of.indicator_code,
        columns_of.variant,
        columns_of.breakdown,
        periods.period,
        columns_of.release_type,
        whole.value as whole_value,
        whole.value_lo as whole_lo,
        whole.value_hi as whole_hi,
        complete.value,
        case when rules.kind = 'region_hull' then complete.least else complete.value_lo end as fit_lo,
        case when rules.kind = 'region_hull' then complete.most else complete.wide_hi end as fit_hi,
        case
            when rules.kind = 'region_hull' and (whole.value_hi <= complete.least or whole.value_lo >= complete.most) then 'fail'
            when rules.kind = 'region_sum' and (complete.value_lo >= whole.value_hi
                or (complete.wide_hi <= whole.value_lo
                    and {{ as_double('complete.wide_hi') }} <= {{ as_double('whole.value_lo') }} * (1 - case when complete.own_rows > 0 then 0 else {{ as_double('limits.limit_hi') }} end / {{ as_double('100') }}))) then 'fail'
            else 'pass'
        end as outcome,
        {{ as_double('whole.value_hi - whole.value_lo + complete.value_hi - complete.value_lo') }} * {{ as_double(parameter_of('rules', 'error_beyond_times_rounding')) }} * 0.5 as contradiction_beyond
    from complete
    inner join chosen as whole
        on complete.cell_number = {{ cell_number(place_number('0', 'whole.period_number', 'whole.region_number'), 'whole.column_number') }}
    {{ cell_texts('whole') }}
    inner join origins
        on whole.publication_number = origins.publication_number
    inner join {{ ref('indicators') }} as indicators
        on columns_of.indicator_code = indicators.indicator_code
    inner join {{ ref('regions') }} as regions
        on regions_of.region_code = regions.region_code
    inner join rules
        on {{ in_scope('rules', 'columns_of.indicator_code') }}
        and ((rules.kind = 'region_sum' and indicators.additive) or (rules.kind = 'region_hull' and indicators.indicator_type = 'ratio'))
    left join {{ ref('indicator_limits') }} as limits
        on limits.limit_kind = 'region_sum'
        and columns_of.indicator_code = limits.indicator_code
        and limits.region_kind in ('*', regions.kind)
        and limits.variant in ('*', columns_of.variant)
        and (limits.first_year is null or cast(substr(periods.period, 1, 4) as integer) >= limits.first_year)
    where (limits.indicator_code is not null or rules.kind = 'region_hull')
        -- within one publication this is B1-11
        and (rules.kind = 'region_hull' or origins.origin_number <> complete.first_origin or origins.origin_number <> complete.last_origin)

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
        value, fit_lo, fit_hi, period_number, region_number, column_number,
        case when kind = 'region_sum' and abs(whole_value - value) <= contradiction_beyond then 'warning' end as severity
    from tests
    where outcome = 'fail'
    union all
    select
        {{ key_id('cascades', 'cascades.document_id', 'cascades.period') }},
        rule_id, 'target_cascade', figure_id, document_id, region_code, indicator_code, variant, breakdown, period, null, whole_value, whole_value, whole_value,
        value, value, value, null, null, null, null
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
    inner join members
        on failed.region_number = members.parent_number and failed.period_number = members.period_number
    inner join chosen as lower_value
        on {{ cell_number(place_number('0', 'failed.period_number', 'members.child_number'), 'failed.column_number') }}
            = {{ cell_number(place_number('0', 'lower_value.period_number', 'lower_value.region_number'), 'lower_value.column_number') }}

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
