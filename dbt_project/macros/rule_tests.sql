{# The columns that every rule model yields: one row per test and figure. A test without figures is no test. #}
{% macro rule_test_columns() -%}
    finding_id, rule_id, severity, document_id, region_code, indicator_code, variant, breakdown, period,
    outcome, title_zh, title_en, expected, observed, imbalance, figure_id, role, operand
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

{# The operand of a test as evidence: the value as we understood it, never where it stood. #}
{% macro operand(alias) -%}
    cast({{ alias }}.value as {{ dbt.type_string() }}) || coalesce({{ alias }}.unit, '') || {{ alias }}.comparator
{%- endmacro %}

{# A shown decimal from a double: one decimal place. #}
{% macro shown(expression, places=1) -%}
    cast(cast(round(cast({{ expression }} as decimal(28, 6)), {{ places }}) as decimal(28, {{ places }})) as {{ dbt.type_string() }})
{%- endmacro %}
