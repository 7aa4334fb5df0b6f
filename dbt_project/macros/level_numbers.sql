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

{# A cell of a publication as one number: publication, period, region and column (indicator, variant, breakdown). The place
   is the cell without its column, where parts and wholes, ratios and their operands are looked for. There are fewer than
   ten thousand periods, a hundred thousand regions and columns, and ninety thousand publications. #}
{% macro place_number(publication_number, period_number, region_number) -%}
    (({{ publication_number }} * 10000 + {{ period_number }}) * 100000 + {{ region_number }})
{%- endmacro %}
{% macro cell_number(place_number, column_number) -%} ({{ place_number }} * 100000 + {{ column_number }}) {%- endmacro %}

{# The key tables of cells, and the cells themselves: what levels print in the columns of a CTE used_columns, with further
   columns of levels. Text is joined back onto what failed by cell_texts. A model may read a CTE instead of levels, and have
   further keys in a column. #}
{% macro cell_columns() -%} {{ return(['indicator_code', 'variant', 'breakdown']) }} {%- endmacro %}

{% macro cell_keys(columns=none) -%}
publications_of as (

    {{ numbered_keys('publication_number', ['origin_id', 'document_id']) }}

),

periods as (

    {{ numbered_keys('period_number', ['period']) }}

),

regions_of as (

    {{ numbered_keys('region_number', ['region_code']) }}

),

columns_of as (

    {{ numbered_keys('column_number', columns or cell_columns()) }}

),
{%- endmacro %}

{% macro printed_cells(columns, relation=none, keys=none) -%}
    {%- set place = place_number('publications_of.publication_number', 'periods.period_number', 'regions_of.region_number') -%}
    select
        {{ place }} as place_number,
        {{ cell_number(place, 'columns_of.column_number') }} as cell_number,
        publications_of.publication_number, periods.period_number, regions_of.region_number, columns_of.column_number,
        {%- for column in columns %}
        levels.{{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ relation or ref('levels') }} as levels
    inner join columns_of
        on {% for key in keys or cell_columns() %}levels.{{ key }} = columns_of.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}
    inner join used_columns
        on columns_of.column_number = used_columns.column_number
    inner join publications_of
        on levels.origin_id = publications_of.origin_id
        and levels.document_id = publications_of.document_id
    inner join periods
        on levels.period = periods.period
    inner join regions_of
        on levels.region_code = regions_of.region_code
{%- endmacro %}

{% macro cell_texts(cells) -%}
    inner join publications_of
        on {{ cells }}.publication_number = publications_of.publication_number
    inner join periods
        on {{ cells }}.period_number = periods.period_number
    inner join regions_of
        on {{ cells }}.region_number = regions_of.region_number
    inner join columns_of
        on {{ cells }}.column_number = columns_of.column_number
{%- endmacro %}
