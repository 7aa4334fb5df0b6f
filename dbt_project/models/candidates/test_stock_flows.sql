{#- A stock against the stock of the year before, what entered it and what left it. The three of this year are of one
    publication, the former stock of any vintage of its line: rounding and vintage are read in favour of the source. -#}
with rules as (

    {{ rules_of_kind(['stock_flow']) }}

),

{%- set key = ['region_code', 'variant', 'breakdown'] %}
balances as (

    select
        rules.rule_id,
        stock.figure_id, stock.origin_id, stock.document_id, stock.line_code, stock.region_code, stock.indicator_code, stock.variant,
        stock.breakdown, stock.period, stock.year, stock.value, stock.value_lo, stock.value_hi,
        entries.figure_id as entries_id,
        exits.figure_id as exits_id,
        entries.value - exits.value as net_value,
        entries.value_lo - exits.value_hi as net_lo,
        entries.value_hi - exits.value_lo as net_hi
    from {{ ref('stock_flows') }} as flows
    inner join {{ ref('levels') }} as stock
        on flows.stock_code = stock.indicator_code
    inner join rules
        on {{ in_scope('rules', 'stock.indicator_code') }}
    {%- for name in ['entries', 'exits'] %}
    inner join {{ ref('levels') }} as {{ name }}
        on flows.{{ name }}_code = {{ name }}.indicator_code
        and stock.origin_id = {{ name }}.origin_id
        and stock.period = {{ name }}.period
        {%- for column in key %}
        and stock.{{ column }} = {{ name }}.{{ column }}
        {%- endfor %}
    {%- endfor %}
    where stock.year is not null and stock.is_cited = 0

),

tests as (

    select
        balances.rule_id, balances.figure_id, balances.document_id, balances.region_code, balances.indicator_code, balances.variant,
        balances.breakdown, balances.period, balances.value, balances.entries_id, balances.exits_id,
        max(balances.value_lo) as value_lo,
        max(balances.value_hi) as value_hi,
        max(balances.net_lo) as net_lo,
        max(balances.net_hi) as net_hi,
        max(former.figure_id) as former_id,
        max(former.value) + max(balances.net_value) as fit_value,
        min(former.value_lo) + max(balances.net_lo) as fit_lo,
        max(former.value_hi) + max(balances.net_hi) as fit_hi,
        min(
            case
                when former.value_hi + balances.net_hi <= balances.value_lo or former.value_lo + balances.net_lo >= balances.value_hi then 1
                else 0
            end
        ) as fits_none
    from balances
    inner join {{ ref('levels') }} as former
        on balances.indicator_code = former.indicator_code
        and balances.line_code = former.line_code
        and balances.year = former.year + 1
        {%- for column in key %}
        and balances.{{ column }} = former.{{ column }}
        {%- endfor %}
    group by
        balances.rule_id, balances.figure_id, balances.document_id, balances.region_code, balances.indicator_code, balances.variant,
        balances.breakdown, balances.period, balances.value, balances.entries_id, balances.exits_id

),

counted as (

    select rule_id, case when fits_none = 1 then 'fail' else 'pass' end as outcome, count(*) as tests
    from tests
    group by rule_id, case when fits_none = 1 then 'fail' else 'pass' end

),

failed as (

    select {{ key_id('tests', 'tests.document_id', 'tests.period') }} as finding_id, tests.*
    from tests
    where fits_none = 1

),

operands as (

    select finding_id, figure_id, 'later' as role, fit_lo, fit_hi from failed
    union all
    select finding_id, former_id, 'former', value_lo - net_hi, value_hi - net_lo from failed
    union all
    select finding_id, entries_id, 'flow', null, null from failed
    union all
    select finding_id, exits_id, 'flow', null, null from failed

)

{{ counted_rows('counted') }}
union all
{{ test_rows('failed inner join operands on failed.finding_id = operands.finding_id', {
    'finding_id': 'failed.finding_id', 'rule_id': 'rule_id', 'outcome': "'fail'", 'tests': '1', 'document_id': 'document_id',
    'region_code': 'region_code', 'indicator_code': 'indicator_code', 'variant': 'variant', 'breakdown': 'breakdown', 'period': 'period',
    'said_zh': "'上期存量加本期新增减退出应为' || " ~ shown('fit_value', 2) ~ " || '，与印出的存量不符'",
    'said_en': "'the former stock plus entries less exits gives ' || " ~ shown('fit_value', 2) ~ " || ', not the printed stock'",
    'expected': shown('fit_value', 2), 'observed': shown('value', 2), 'imbalance': 'value - fit_value',
    'figure_id': 'operands.figure_id', 'role': 'operands.role', 'fit_lo': 'operands.fit_lo', 'fit_hi': 'operands.fit_hi',
}) }}
