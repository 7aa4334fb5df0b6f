{# What the models of stated relations share: the levels that they speak of, and what cannot be compared with them. #}

{# What a series is named by: the indicator; else a printed name long enough to mean one thing in one document, else the
   statement that it stands in. #}
{% macro relation_series(alias) -%}
    coalesce(
        {{ alias }}.indicator_code || '/' || {{ alias }}.variant || '/' || {{ alias }}.breakdown,
        case when length({{ alias }}.indicator_as_printed) >= 5 then {{ alias }}.indicator_as_printed else {{ alias }}.statement_id end
    )
{%- endmacro %}

{# The reported levels of plan documents with the series that they belong to. #}
{% macro reported_levels() -%}
    select
        figures.figure_id,
        figures.edition_id,
        figures.region_code,
        {{ relation_series('figures') }} as series_key,
        figures.statement_id,
        figures.kind,
        figures.period,
        figures.value,
        figures.value_lo,
        figures.value_hi,
        figures.unit,
        figures.comparator,
        figures.layout_rank,
        figures.line_start,
        figures.line_end,
        figures.page,
        figures.sheet,
        figures.cell,
        {{ printed_label('figures') }} as label,
        {{ operand('figures') }} as operand
    from {{ ref('current_figures') }} as figures
    where figures.layout <> 'cell' and figures.comparator = 'eq'
{%- endmacro %}

{# Growth of output is reported at constant prices, its levels at current ones: the two are not comparable. #}
{% macro is_at_constant_prices(alias) -%}
    (
        coalesce({{ alias }}.indicator_code, '') in ('gdp', 'gdp_per_capita')
        or (
            {{ alias }}.indicator_code is null
            and ({{ text_contains(alias ~ '.indicator_as_printed', "'生产总值'") }} or {{ text_contains(alias ~ '.indicator_as_printed', "'增加值'") }} or {{ text_contains(alias ~ '.indicator_as_printed', "'GDP'") }})
            and not {{ text_contains(alias ~ '.indicator_as_printed', "'占'") }}
        )
    )
{%- endmacro %}

{# The nearest level of a movement: of its own statement if there is one, else of the document, table before text. #}
{% macro nearest_level(relation, level) -%}
    case when {{ level }}.statement_id = {{ relation }}.statement_id then 0 else 1 end,
    {{ level }}.layout_rank, abs({{ level }}.line_start - {{ relation }}.line_start), {{ level }}.figure_id
{%- endmacro %}

{# The figures of a document that are none of our indicators, told apart by their printed name without 数 and 数量. #}
{% macro named_figures() -%}
    select
        figures.*,
        {{ last_year('figures.period') }} as year,
        case
            when figures.indicator_as_printed like '%数量' then substr(figures.indicator_as_printed, 1, length(figures.indicator_as_printed) - 2)
            when figures.indicator_as_printed like '%数' then substr(figures.indicator_as_printed, 1, length(figures.indicator_as_printed) - 1)
            else figures.indicator_as_printed
        end as name,
        {{ printed_label('figures') }} as label,
        {{ spot_zh('figures') }} as spot_zh,
        {{ spot_en('figures') }} as spot_en,
        {{ operand('figures') }} as evidence
    from {{ ref('current_figures') }} as figures
    where figures.indicator_code is null
        and figures.layout <> 'cell'
        and length(figures.indicator_as_printed) >= 4
        and figures.value_hi < 1000000000000
{%- endmacro %}
