{# The identities of the seed, ratio = numerator / denominator, with the exact factors that bring each into base units
   (ratios times 10,000, so that no factor loses a digit). #}
{% macro ratio_identities() -%}
    select
        ratio.indicator_code as ratio_code,
        ratio.numerator_code,
        ratio.denominator_code,
        {{ as_value('ratio_units.factor * 10000') }} as ratio_factor,
        {{ as_value('numerator_units.factor') }} as numerator_factor,
        {{ as_value('denominator_units.factor') }} as denominator_factor,
        case when numerator_units.dimension = 'count' and denominator_units.dimension = 'count' and ratio_units.dimension = 'ratio' then 1 else 0 end as is_share_of_units
    from {{ ref('indicators') }} as ratio
    inner join {{ ref('indicators') }} as numerators
        on ratio.numerator_code = numerators.indicator_code
    inner join {{ ref('indicators') }} as denominators
        on ratio.denominator_code = denominators.indicator_code
    inner join {{ ref('units') }} as ratio_units
        on ratio.unit = ratio_units.unit
    inner join {{ ref('units') }} as numerator_units
        on numerators.unit = numerator_units.unit
    inner join {{ ref('units') }} as denominator_units
        on denominators.unit = denominator_units.unit
{%- endmacro %}
