{#- Printed shares of a total that are no indicators of their own: the share against part and total printed in the same
    document, the share of a region in a larger one (占全市比重) against both, and the shares of a partition against 100 %. -#}
with rules as (

    {{ rules_of_kind(['share_of_total', 'shares_close']) }}

),

shares as (

    select figures.*, breakdowns.dimension, breakdowns.partition
    from {{ ref('current_figures') }} as figures
    inner join {{ ref('breakdowns') }} as breakdowns
        on figures.breakdown = breakdowns.breakdown
    where figures.kind = 'share' and figures.comparator = 'eq' and figures.unit = '%' and figures.indicator_code is not null
        and figures.breakdown <> '_T'

),

-- The share of a region in the one that the words name: 占全省, 占全市.
shares_of_regions as (

    select
        figures.*,
        own.parent_code,
        upper_region.parent_code as upper_code,
        {%- for name, kind in {'国': 'country', '省': 'province', '市': 'prefecture', '州': 'prefecture', '盟': 'prefecture', '区': 'county', '县': 'county'}.items() %}
        {{ 'case' if loop.first }} when {{ text_contains('figures.indicator_as_printed', "'占全" ~ name ~ "'") }} then '{{ kind }}'{{ ' end as whole_kind' if loop.last }}
        {%- endfor %}
    from {{ ref('current_figures') }} as figures
    inner join {{ ref('regions') }} as own
        on figures.region_code = own.region_code
    left join {{ ref('regions') }} as upper_region
        on own.parent_code = upper_region.region_code
    where figures.kind = 'share' and figures.comparator = 'eq' and figures.unit = '%' and figures.layout = 'cell'
        and figures.indicator_code is not null and {{ text_contains('figures.indicator_as_printed', "'占全'") }}

),

-- Few publications print shares: only what they print is looked at.
beside as (

    select levels.*
    from {{ ref('levels') }} as levels
    inner join (
        select origin_id, indicator_code from shares
        union
        select origin_id, indicator_code from shares_of_regions
    ) as sharing
        on levels.origin_id = sharing.origin_id and levels.indicator_code = sharing.indicator_code

),

-- Both kinds of shares: of a code in its total (whole_kind null), of a region in a larger one.
compared as (

    select
        figure_id, origin_id, document_id, region_code, indicator_code, variant, breakdown, period, value, value_lo, value_hi,
        cast(null as {{ dbt.type_string() }}) as parent_code,
        cast(null as {{ dbt.type_string() }}) as upper_code,
        cast(null as {{ dbt.type_string() }}) as whole_kind
    from shares
    union all
    select
        figure_id, origin_id, document_id, region_code, indicator_code, variant, breakdown, period, value, value_lo, value_hi,
        parent_code, upper_code, whole_kind
    from shares_of_regions

),

recomputed as (

    select
        rules.rule_id,
        rules.kind,
        compared.figure_id, compared.document_id, compared.region_code, compared.indicator_code, compared.variant, compared.breakdown, compared.period,
        compared.value, compared.value_lo, compared.value_hi,
        part.figure_id as part_id,
        whole.figure_id as whole_id,
        100 * {{ as_double('part.value_lo') }} / {{ as_double('whole.value_hi') }} as fit_lo,
        100 * {{ as_double('part.value_hi') }} / {{ as_double('whole.value_lo') }} as fit_hi,
        case
            when part.value_hi * 100 <= compared.value_lo * whole.value_lo or part.value_lo * 100 >= compared.value_hi * whole.value_hi then 'fail'
            else 'pass'
        end as outcome
    from compared
    inner join beside as part
        on compared.origin_id = part.origin_id
        and compared.region_code = part.region_code
        and compared.indicator_code = part.indicator_code
        and compared.variant = part.variant
        and compared.breakdown = part.breakdown
        and compared.period = part.period
    inner join beside as whole
        on compared.origin_id = whole.origin_id
        and compared.indicator_code = whole.indicator_code
        and compared.variant = whole.variant
        and compared.period = whole.period
        and (
            (compared.whole_kind is null and compared.region_code = whole.region_code and whole.breakdown = '_T')
            or (whole.region_code in (compared.parent_code, compared.upper_code) and compared.breakdown = whole.breakdown)
        )
    left join {{ ref('regions') }} as wholes
        on whole.region_code = wholes.region_code
    inner join rules
        on rules.kind = 'share_of_total' and {{ in_scope('rules', 'compared.indicator_code') }}
    -- products of two such numbers stay inside DECIMAL(38, 20)
    where whole.value_lo > 0 and whole.value_hi < 1000000000000 and compared.value_hi < 100000
        and (compared.whole_kind is null or compared.whole_kind = wholes.kind)

),

dimensions as (

    select dimension, count(*) as codes
    from {{ ref('breakdowns') }}
    where partition
    group by dimension

),

-- One printing of each code; a code that a document prints twice is B1-36's.
once as (

    select
        shares.*,
        row_number() over (
            partition by shares.edition_id, shares.region_code, shares.indicator_code, shares.variant, shares.breakdown, shares.period
            order by shares.layout_rank, shares.line_start, shares.figure_id
        ) as precedence
    from shares
    where shares.partition

),

closures as (

    select
        rules.rule_id,
        rules.kind,
        once.edition_id, once.document_id, once.region_code, once.indicator_code, once.variant, once.period, once.dimension,
        sum(once.value) as value,
        sum(once.value_lo) as value_lo,
        sum(once.value_hi) as value_hi,
        case when sum(once.value_lo) >= 100 or sum(once.value_hi) <= 100 then 'fail' else 'pass' end as outcome
    from once
    inner join dimensions
        on once.dimension = dimensions.dimension
    inner join rules
        on rules.kind = 'shares_close' and {{ in_scope('rules', 'once.indicator_code') }}
    where once.precedence = 1
    group by rules.rule_id, rules.kind, once.edition_id, once.document_id, once.region_code, once.indicator_code, once.variant, once.period, once.dimension
    having count(*) = max(dimensions.codes)

),

counted as (

    select rule_id, outcome, count(*) as tests from recomputed group by rule_id, outcome
    union all
    select rule_id, outcome, count(*) from closures group by rule_id, outcome

),

failed as (

    select
        {{ key_id('recomputed', 'recomputed.document_id', 'recomputed.period') }} as finding_id,
        rule_id, kind, document_id, region_code, indicator_code, variant, breakdown, period, value, value_lo, value_hi, fit_lo, fit_hi
    from recomputed
    where outcome = 'fail'
    union all
    select
        {{ stable_id('fnd', ['rule_id', 'document_id', 'region_code', 'indicator_code', 'variant', 'dimension', 'period']) }},
        rule_id, kind, document_id, region_code, indicator_code, variant, '_T', period, value, value_lo, value_hi, 100, 100
    from closures
    where outcome = 'fail'

),

operands as (

    select {{ key_id('recomputed', 'recomputed.document_id', 'recomputed.period') }} as finding_id, figure_id, 'share' as role, fit_lo, fit_hi
    from recomputed
    where outcome = 'fail'
    union all
    select {{ key_id('recomputed', 'recomputed.document_id', 'recomputed.period') }}, part_id, 'part', null, null from recomputed where outcome = 'fail'
    union all
    select {{ key_id('recomputed', 'recomputed.document_id', 'recomputed.period') }}, whole_id, 'whole', null, null from recomputed where outcome = 'fail'
    union all
    select
        {{ stable_id('fnd', ['closures.rule_id', 'closures.document_id', 'closures.region_code', 'closures.indicator_code', 'closures.variant', 'closures.dimension', 'closures.period']) }},
        once.figure_id, 'share',
        once.value_hi + 100 - closures.value_hi,
        once.value_lo + 100 - closures.value_lo
    from closures
    inner join once
        on closures.edition_id = once.edition_id
        and closures.region_code = once.region_code
        and closures.indicator_code = once.indicator_code
        and closures.variant = once.variant
        and closures.period = once.period
        and closures.dimension = once.dimension
        and once.precedence = 1
    where closures.outcome = 'fail'

)

{{ counted_rows('counted') }}
union all
{{ test_rows('failed inner join operands on failed.finding_id = operands.finding_id', {
    'finding_id': 'failed.finding_id', 'rule_id': 'rule_id', 'outcome': "'fail'", 'tests': '1', 'document_id': 'document_id',
    'region_code': 'region_code', 'indicator_code': 'indicator_code', 'variant': 'variant', 'breakdown': 'breakdown', 'period': 'period',
    'said_zh': "case kind when 'shares_close' then '各部分占比合计为' || " ~ shown('value', 2) ~ " || '%，不等于100%，修约不能解释'
        else '按部分与合计计算，占比应在' || " ~ shown('failed.fit_lo', 2) ~ " || '%至' || " ~ shown('failed.fit_hi', 2) ~ " || '%之间' end",
    'said_en': "case kind when 'shares_close' then 'the shares add up to ' || " ~ shown('value', 2) ~ " || ' %, not to 100 %; rounding does not explain it'
        else 'part and total give a share of ' || " ~ shown('failed.fit_lo', 2) ~ " || ' to ' || " ~ shown('failed.fit_hi', 2) ~ " || ' %' end",
    'expected': shown('failed.fit_lo', 2) ~ " || '–' || " ~ shown('failed.fit_hi', 2) ~ " || '%'", 'observed': shown('value', 2) ~ " || '%'",
    'imbalance': as_double('value') ~ ' - ' ~ as_double('failed.fit_lo + failed.fit_hi') ~ ' / 2',
    'gap': 'case when value_lo > failed.fit_hi then value_lo - failed.fit_hi else failed.fit_lo - value_hi end',
    'figure_id': 'operands.figure_id', 'role': 'operands.role', 'fit_lo': 'operands.fit_lo', 'fit_hi': 'operands.fit_hi',
}) }}
