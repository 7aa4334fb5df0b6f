{#- Places in a ranking: a whole number between one and the number of regions of the kind, given once in a table; and the
    order of the places against the order of the values beside them. -#}
with rules as (

    {{ rules_of_kind(['rank_in_range', 'rank_order']) }}

),

peers as (

    select kind as region_kind, count(*) as regions
    from {{ ref('regions') }}
    where kind in ('province', 'prefecture', 'county')
    group by kind

),

places as (

    select
        figures.figure_id, figures.origin_id, figures.document_id, figures.edition_id, figures.region_code, figures.indicator_code, figures.variant,
        figures.breakdown, figures.period, figures.value, figures.layout,
        coalesce(figures.printed_value, figures.value) as place,
        regions.kind as region_kind,
        regions.parent_code,
        peers.regions
    from {{ ref('current_figures') }} as figures
    inner join {{ ref('indicators') }} as indicators
        on figures.indicator_code = indicators.indicator_code
    inner join {{ ref('regions') }} as regions
        on figures.region_code = regions.region_code
    inner join peers
        on regions.kind = peers.region_kind
    where figures.comparator = 'eq'
        and (figures.kind = 'rank' or (indicators.unit = '位' and figures.kind in ('baseline', 'actual')))

),

place_tests as (

    select
        rules.rule_id,
        rules.kind,
        places.*,
        case when places.place < 1 or places.place > places.regions or floor(places.place) <> places.place then 'fail' else 'pass' end as outcome
    from places
    inner join rules
        on rules.kind = 'rank_in_range' and {{ in_scope('rules', 'places.indicator_code') }}

),

-- One column of places per publication, among the regions of one parent.
columns_of as (

    select places.*
    from places
    where places.layout in ('table', 'cell')

),

twice as (

    select
        rules.rule_id, rules.kind, one.figure_id, other.figure_id as other_id, one.document_id, one.region_code, one.indicator_code, one.variant, one.breakdown, one.period, one.place
    from columns_of as one
    inner join columns_of as other
        on one.origin_id = other.origin_id
        and one.document_id = other.document_id
        and one.indicator_code = other.indicator_code
        and one.variant = other.variant
        and one.breakdown = other.breakdown
        and one.period = other.period
        and one.region_kind = other.region_kind
        and one.parent_code = other.parent_code
        and one.place = other.place
        and one.region_code < other.region_code
    inner join rules
        on rules.kind = 'rank_in_range' and {{ in_scope('rules', 'one.indicator_code') }}

),

valued as (

    select
        columns_of.*,
        levels.figure_id as level_id,
        levels.value as level,
        levels.value_lo as level_lo,
        levels.value_hi as level_hi,
        case when indicators.direction = 'down' then -1 else 1 end as way
    from columns_of
    inner join {{ ref('levels') }} as levels
        on columns_of.origin_id = levels.origin_id
        and columns_of.region_code = levels.region_code
        and columns_of.indicator_code = levels.indicator_code
        and columns_of.variant = levels.variant
        and columns_of.breakdown = levels.breakdown
        and columns_of.period = levels.period
    inner join {{ ref('indicators') }} as indicators
        on columns_of.indicator_code = indicators.indicator_code
    where indicators.unit <> '位'

),

orders as (

    select
        rules.rule_id,
        rules.kind,
        better.document_id, better.parent_code as region_code, better.indicator_code, better.variant, better.breakdown, better.period,
        better.figure_id, better.level_id, worse.figure_id as worse_id, worse.level_id as worse_level_id,
        case when (better.way = 1 and better.level_hi <= worse.level_lo) or (better.way = -1 and better.level_lo >= worse.level_hi) then 1 else 0 end as is_inverted,
        row_number() over (
            partition by better.document_id, better.origin_id, better.parent_code, better.indicator_code, better.variant, better.breakdown, better.period
            order by
                case when (better.way = 1 and better.level_hi <= worse.level_lo) or (better.way = -1 and better.level_lo >= worse.level_hi) then 0 else 1 end,
                abs(worse.level - better.level) desc, better.figure_id, worse.figure_id
        ) as precedence
    from valued as better
    inner join valued as worse
        on better.origin_id = worse.origin_id
        and better.document_id = worse.document_id
        and better.indicator_code = worse.indicator_code
        and better.variant = worse.variant
        and better.breakdown = worse.breakdown
        and better.period = worse.period
        and better.region_kind = worse.region_kind
        and better.parent_code = worse.parent_code
        and better.place < worse.place
    inner join rules
        on rules.kind = 'rank_order' and {{ in_scope('rules', 'better.indicator_code') }}

),

counted as (

    select rule_id, outcome, count(*) as tests from place_tests group by rule_id, outcome
    union all
    select rule_id, 'pass', count(*) from orders where precedence = 1 and is_inverted = 0 group by rule_id

),

failed as (

    select
        {{ key_id('place_tests', 'place_tests.document_id', 'place_tests.period') }} as finding_id,
        rule_id, 'range' as aspect, document_id, region_code, indicator_code, variant, breakdown, period,
        figure_id as one_id, cast(null as {{ dbt.type_string() }}) as two_id, cast(null as {{ dbt.type_string() }}) as three_id, cast(null as {{ dbt.type_string() }}) as four_id
    from place_tests
    where outcome = 'fail'
    union all
    select
        {{ key_id('twice', 'twice.document_id', "twice.period || '/twice'") }},
        rule_id, 'twice', document_id, region_code, indicator_code, variant, breakdown, period, figure_id, other_id, null, null
    from twice
    union all
    select
        {{ key_id('orders', 'orders.document_id', 'orders.period') }},
        rule_id, 'order', document_id, region_code, indicator_code, variant, breakdown, period, figure_id, worse_id, level_id, worse_level_id
    from orders
    where precedence = 1 and is_inverted = 1

),

operands as (

    select finding_id, one_id as figure_id, 'rank' as role from failed
    union
    select finding_id, two_id, 'rank' from failed where two_id is not null
    union
    select finding_id, three_id, 'level' from failed where three_id is not null
    union
    select finding_id, four_id, 'level' from failed where four_id is not null

)

{{ counted_rows('counted') }}
union all
{{ test_rows('failed inner join operands on failed.finding_id = operands.finding_id', {
    'finding_id': 'failed.finding_id', 'rule_id': 'rule_id', 'outcome': "'fail'", 'tests': '1',
    'severity': "case aspect when 'twice' then 'information' end", 'document_id': 'document_id',
    'region_code': 'region_code', 'indicator_code': 'indicator_code', 'variant': 'variant', 'breakdown': 'breakdown', 'period': 'period',
    'said_zh': "case aspect when 'range' then '位次应为整数，且不超过同级地区数' when 'twice' then '两个地区位次相同，应核实是否并列' else '位次与数值的大小顺序不一致' end",
    'said_en': "case aspect when 'range' then 'a place is a whole number, at most the number of regions of that kind' when 'twice' then 'two regions have the same place; is it a tie?' else 'the places do not follow the order of the values' end",
    'figure_id': 'operands.figure_id', 'role': 'operands.role',
}) }}
