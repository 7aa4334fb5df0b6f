{# Questions about the text of a source as it was delivered. Engines spell these differently; every pattern given to them
   is of character classes and single repetitions, so that the time grows with the text and not faster. #}

{# The text has a place that fits the pattern. #}
{% macro text_fits(text, pattern) -%} {{ adapter.dispatch('text_fits', 'provstat')(text, pattern) }} {%- endmacro %}
{% macro default__text_fits(text, pattern) -%} regexp_matches({{ text }}, '{{ pattern }}') {%- endmacro %}
{% macro postgres__text_fits(text, pattern) -%} ({{ text }} ~ '{{ pattern }}') {%- endmacro %}
{% macro spark__text_fits(text, pattern) -%} ({{ text }} rlike '{{ pattern }}') {%- endmacro %}

{# The part in the first bracket of the pattern, where it first fits; blank where it does not. #}
{% macro text_part(text, pattern) -%} {{ adapter.dispatch('text_part', 'provstat')(text, pattern) }} {%- endmacro %}
{% macro default__text_part(text, pattern) -%} regexp_extract({{ text }}, '{{ pattern }}', 1) {%- endmacro %}
{% macro postgres__text_part(text, pattern) -%} coalesce(substring({{ text }} from '{{ pattern }}'), '') {%- endmacro %}

{# The text without any of the characters. #}
{% macro without_characters(text, characters) -%} {{ adapter.dispatch('without_characters', 'provstat')(text, characters) }} {%- endmacro %}
{% macro default__without_characters(text, characters) -%} translate({{ text }}, {{ characters }}, '') {%- endmacro %}

{# The innermost heading of a section: 二、目标 > (三)主要指标 gives (三)主要指标. #}
{% macro innermost(section) -%} {{ adapter.dispatch('innermost', 'provstat')(section) }} {%- endmacro %}
{% macro default__innermost(section) -%} split_part({{ section }}, ' > ', -1) {%- endmacro %}

{# Where it is printed, with the section that it stands in: “(三)发展目标”第374行. #}
{% macro spot_zh(alias) -%}
    case when {{ alias }}.section is not null then '“' || {{ innermost(alias ~ '.section') }} || '”' else '' end || {{ place_zh(alias) }}
{%- endmacro %}
{% macro spot_en(alias) -%}
    {{ place_en(alias) }} || case when {{ alias }}.section is not null then ' in “' || {{ innermost(alias ~ '.section') }} || '”' else '' end
{%- endmacro %}

{# A decimal for a person: no more decimals than it has. #}
{% macro plain_number(value) -%}
    case
        when round({{ value }}, 0) = {{ value }} then {{ printed_number(value, 0) }}
        when round({{ value }}, 1) = {{ value }} then {{ printed_number(value, 1) }}
        else {{ printed_number('round(' ~ value ~ ', 2)', 2) }}
    end
{%- endmacro %}
