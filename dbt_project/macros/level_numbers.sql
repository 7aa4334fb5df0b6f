{# Whole numbers for the text keys of core.levels, within one model: joining and grouping ten million rows by two whole
   numbers takes a fifth of the time that six texts take. The key tables are small; a number means nothing outside the
   model that gave it. Text comes back at the end, for what failed. #}

{# The distinct values of some columns of levels, numbered. #}
{% macro numbered_keys(number, columns) -%}
    select
        row_number() over (order by {{ columns | join(', ') }}) as {{ number }},
        {{ columns | join(', ') }}
    from (
        select distinct {{ columns | join(', ') }}
        from {{ ref('levels') }}
    ) as keys
{%- endmacro %}

{# One number out of two: there are fewer than a million regions, and a year has four digits. A single number also keeps
   engines from joining the two sides of a pair on the series alone. #}
{% macro with_region(number, region_number) -%} ({{ number }} * 1000000 + {{ region_number }}) {%- endmacro %}
{% macro with_year(number, year) -%} ({{ number }} * 10000 + {{ year }}) {%- endmacro %}
{% macro line_of(series_number) -%} cast(floor({{ as_double(series_number) }} / 1000000) as bigint) {%- endmacro %}

{# A factor that a decimal value is multiplied with to be compared exactly; casting ten million decimals to double takes
   longer than joining them. #}
{% macro as_factor(expression) -%} cast({{ expression }} as decimal(10, 4)) {%- endmacro %}
