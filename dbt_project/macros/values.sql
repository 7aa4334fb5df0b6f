{# Types and text that engines spell differently, and the stable ids. #}

{% macro value_type() -%} decimal(28, 10) {%- endmacro %}

{# A product or quotient operand: fewer digits, so that two of them fit into DECIMAL(38, 20). #}
{% macro as_value(expression) -%} cast({{ expression }} as {{ value_type() }}) {%- endmacro %}

{# Double for ratios that are shown, never compared. #}
{% macro as_double(expression) -%} {{ adapter.dispatch('as_double', 'provstat')(expression) }} {%- endmacro %}
{% macro default__as_double(expression) -%} cast({{ expression }} as double) {%- endmacro %}
{% macro postgres__as_double(expression) -%} cast({{ expression }} as double precision) {%- endmacro %}

{# A stable id: prefix and the first twenty hex digits of md5 over the parts; null differs from blank. #}
{% macro stable_id(prefix, parts) -%}
    '{{ prefix }}_' || substr(md5(
    {%- for part in parts %}
        coalesce(cast({{ part }} as {{ dbt.type_string() }}), '~') {{ "|| '|' ||" if not loop.last }}
    {%- endfor %}
    ), 1, 20)
{%- endmacro %}

{# Identity of a target: the document and what is to be reached by when, never where it is printed. #}
{% macro target_id() -%}
    {{ stable_id('tgt', ['document_id', 'region_code', 'indicator_code', 'variant', 'breakdown', 'target_kind', 'milestone']) }}
{%- endmacro %}

{# A text contains another one, letter by letter. #}
{% macro text_contains(text, part) -%} {{ adapter.dispatch('text_contains', 'provstat')(text, part) }} {%- endmacro %}
{% macro default__text_contains(text, part) -%} strpos({{ text }}, {{ part }}) > 0 {%- endmacro %}
{% macro spark__text_contains(text, part) -%} instr({{ text }}, {{ part }}) > 0 {%- endmacro %}

{# Text of a group in a declared order. #}
{% macro ordered_text(expression, separator, order_by) -%}
    {{ adapter.dispatch('ordered_text', 'provstat')(expression, separator, order_by) }}
{%- endmacro %}
{% macro default__ordered_text(expression, separator, order_by) -%}
    string_agg({{ expression }}, '{{ separator }}' order by {{ order_by }})
{%- endmacro %}
{% macro spark__ordered_text(expression, separator, order_by) -%}
    array_join(transform(sort_array(collect_list(struct({{ order_by }}, {{ expression }} as item))), x -> x.item), '{{ separator }}')
{%- endmacro %}

{# A number with the decimals that were printed: 2.6800000000 and 2 give 2.68. #}
{% macro printed_number(value, decimals) -%}
    substr(
        cast({{ as_value(value) }} as {{ dbt.type_string() }}),
        1,
        length(cast({{ as_value(value) }} as {{ dbt.type_string() }})) - 10
            + case when {{ decimals }} = 0 then -1 when {{ decimals }} > 10 then 10 else {{ decimals }} end
    )
{%- endmacro %}

{# What a person reads for a figure: number and unit as printed. #}
{% macro printed_label(alias) -%}
    {{ printed_number(alias ~ '.printed_value', alias ~ '.printed_decimals') }} || coalesce({{ alias }}.printed_unit, '')
{%- endmacro %}

{# Where it is printed, for a person: 第44行, 表1!B5. #}
{% macro place_zh(alias) -%}
    case
        when {{ alias }}.cell is not null then coalesce({{ alias }}.sheet || '!', '') || {{ alias }}.cell
        when {{ alias }}.page is not null then '第' || cast({{ alias }}.page as {{ dbt.type_string() }}) || '页第' || cast({{ alias }}.line_start as {{ dbt.type_string() }}) || '行'
        else '第' || cast({{ alias }}.line_start as {{ dbt.type_string() }}) || '行'
    end
{%- endmacro %}
{% macro place_en(alias) -%}
    case
        when {{ alias }}.cell is not null then 'cell ' || coalesce({{ alias }}.sheet || '!', '') || {{ alias }}.cell
        when {{ alias }}.page is not null then 'page ' || cast({{ alias }}.page as {{ dbt.type_string() }}) || ' line ' || cast({{ alias }}.line_start as {{ dbt.type_string() }})
        else 'line ' || cast({{ alias }}.line_start as {{ dbt.type_string() }})
    end
{%- endmacro %}

{# First year of a period and last year of a period: 2020, 2020-07, 2016-2020. #}
{% macro first_year(period) -%} cast(substr({{ period }}, 1, 4) as integer) {%- endmacro %}
{% macro last_year(period) -%}
    case
        when length({{ period }}) = 9 and substr({{ period }}, 5, 1) = '-' and substr({{ period }}, 6, 1) in ('1', '2')
            then cast(substr({{ period }}, 6, 4) as integer)
        else cast(substr({{ period }}, 1, 4) as integer)
    end
{%- endmacro %}

{# A period that spans years: 2016-2020. #}
{% macro is_span(period) -%} (length({{ period }}) = 9 and substr({{ period }}, 6, 1) in ('1', '2')) {%- endmacro %}

{# numerator / denominator in decimals, within one unit of the tenth decimal: engines divide decimals in double, so the
   double quotient is set right by the exact remainder that it leaves. |numerator| < 10^17, 1 <= denominator < 10^6. #}
{% macro quotient(numerator, denominator) -%}
    {%- set rough = as_value(as_double(numerator) ~ ' / ' ~ as_double(denominator)) -%}
    {{ as_value(
        rough ~ ' + ' ~ as_value(
            as_double(as_value(numerator) ~ ' - ' ~ rough ~ ' * ' ~ as_value(denominator)) ~ ' / ' ~ as_double(denominator)
        )
    ) }}
{%- endmacro %}

{# A rule's parameter, from the catalogue. #}
{% macro rule_parameter(rule_id, name) -%}
    (select {{ as_value('parameters.value') }} from {{ ref('stg_night__rule_parameters') }} as parameters
     where parameters.rule_id = '{{ rule_id }}' and parameters.name = '{{ name }}')
{%- endmacro %}

{# The year of a date. #}
{% macro year_of(day) -%} {{ adapter.dispatch('year_of', 'provstat')(day) }} {%- endmacro %}
{% macro default__year_of(day) -%} cast(extract(year from {{ day }}) as integer) {%- endmacro %}

{# The middle of a group of doubles. #}
{% macro median_of(expression) -%} {{ adapter.dispatch('median_of', 'provstat')(expression) }} {%- endmacro %}
{% macro default__median_of(expression) -%} percentile_cont(0.5) within group (order by {{ expression }}) {%- endmacro %}
