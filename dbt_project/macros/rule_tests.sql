{# The columns that every rule model yields. A failing test is one row per figure that it compares; all tests of a rule
   that passed, or could not be made, are one row with their number and nothing else. Sentences are built once, in
   rule_tests, from said_zh, said_en and the figures; a model whose sentence has a form of its own gives title_zh and
   title_en. fit_lo and fit_hi: where the figure would have to lie for the test to hold, the others being right. #}
{% macro rule_test_types() -%}
{{ return({
    'finding_id': 'text', 'rule_id': 'text', 'outcome': 'text', 'tests': 'count', 'severity': 'text', 'document_id': 'text',
    'region_code': 'text', 'indicator_code': 'text', 'variant': 'text', 'breakdown': 'text', 'period': 'text',
    'title_zh': 'text', 'title_en': 'text', 'said_zh': 'text', 'said_en': 'text', 'expected': 'text', 'observed': 'text',
    'imbalance': 'value', 'gap': 'value', 'figure_id': 'text', 'role': 'text', 'operand': 'text', 'fit_lo': 'value', 'fit_hi': 'value'
}) }}
{%- endmacro %}
{% macro rule_test_columns() -%} {{ rule_test_types() | list | join(', ') }} {%- endmacro %}

{# Rows of a rule model out of a relation: the given columns as expressions, the others null. #}
{% macro test_rows(relation, given) -%}
    select
        {%- for name, kind in rule_test_types().items() %}
        {%- set type = {'text': dbt.type_string(), 'count': 'bigint', 'value': value_type()}[kind] %}
        cast({{ given.get(name, 'null') }} as {{ type }}) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ relation }}
{%- endmacro %}

{# The tests that did not fail, of a relation with rule_id, outcome and tests. #}
{% macro counted_rows(relation) -%}
    {{ test_rows(relation, {'rule_id': 'rule_id', 'outcome': 'outcome', 'tests': 'sum(tests)'}) }}
    where outcome <> 'fail' and tests > 0
    group by rule_id, outcome
{%- endmacro %}

{# Identity of a finding: rule, document, region, indicator, variant, breakdown, period. A subject that fits no
   indicator is named by its printed words. #}
{% macro finding_id(rule_id, alias, period) -%}
    {{ stable_id('fnd', [
        rule_id,
        alias ~ '.document_id',
        alias ~ '.region_code',
        'coalesce(' ~ alias ~ '.indicator_code, ' ~ alias ~ '.indicator_as_printed)',
        alias ~ '.variant',
        alias ~ '.breakdown',
        period,
    ]) }}
{%- endmacro %}

{# The same where every subject is an indicator; across sources document_id is the pair of their origins. #}
{% macro key_id(alias, document_id, period) -%}
    {{ stable_id('fnd', [
        alias ~ '.rule_id',
        document_id,
        alias ~ '.region_code',
        alias ~ '.indicator_code',
        alias ~ '.variant',
        alias ~ '.breakdown',
        period,
    ]) }}
{%- endmacro %}

{# The operand of a test as evidence: the value as we understood it, never where it stood. #}
{% macro operand(alias) -%}
    cast({{ alias }}.value as {{ dbt.type_string() }}) || coalesce({{ alias }}.unit, '') || {{ alias }}.comparator
{%- endmacro %}

{# A shown decimal from a double: one decimal place. #}
{% macro shown(expression, places=1) -%}
    cast(cast(round(cast({{ expression }} as decimal(28, 6)), {{ places }}) as decimal(28, {{ places }})) as {{ dbt.type_string() }})
{%- endmacro %}

{# The rules of one kind that are in force, from the catalogue, with the indicators that each is about. #}
{% macro rules_of_kind(kinds) -%}
    select rules.rule_id, rules.kind, scopes.indicator_code as scope_code
    from {{ ref('stg_night__rules') }} as rules
    inner join {{ ref('stg_night__rule_scopes') }} as scopes
        on rules.rule_id = scopes.rule_id
    where rules.kind in ({% for kind in kinds %}'{{ kind }}'{{ ', ' if not loop.last }}{% endfor %})
{%- endmacro %}
{% macro in_scope(rules, indicator_code) -%}
    ({{ rules }}.scope_code = '*' or {{ rules }}.scope_code = {{ indicator_code }})
{%- endmacro %}

{# A parameter of the rule of a row, from the catalogue. #}
{% macro parameter_of(alias, name) -%}
    (select {{ as_value('parameters.value') }} from {{ ref('stg_night__rule_parameters') }} as parameters
     where parameters.rule_id = {{ alias }}.rule_id and parameters.name = '{{ name }}')
{%- endmacro %}

{# The models that hold the tests, one per family; the only list of them. #}
{% macro rule_families() -%}
{{ return([
    'test_ambitions',
    'test_average_growth',
    'test_changes',
    'test_counted_shares',
    'test_cumulative',
    'test_declared_lists',
    'test_definitions',
    'test_deliveries',
    'test_enumerations',
    'test_movements',
    'test_named_multiples',
    'test_named_targets',
    'test_names',
    'test_parts',
    'test_ranges',
    'test_ranks',
    'test_ratio_identities',
    'test_ratio_sources',
    'test_region_sums',
    'test_restricted',
    'test_revisions',
    'test_scopes',
    'test_series',
    'test_shares',
    'test_sources',
    'test_stated_wholes',
    'test_stock_flows',
    'test_subsets',
    'test_target_paths',
    'test_target_wording',
    'test_target_years',
    'test_targets',
    'test_text_table',
    'test_texts',
    'test_told_changes',
    'test_told_flows',
    'test_told_ratios',
    'test_units',
    'test_unlisted',
    'test_year_sums',
]) }}
{%- endmacro %}
