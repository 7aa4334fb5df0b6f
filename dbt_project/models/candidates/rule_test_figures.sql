{#- The figures of every failing test, with the part that each plays in it. The operand is the evidence: the value as we
    understood it. A finding about a source and not about a number has one row without a figure. -#}
with united as (

    {%- for family in rule_families() %}
    select {{ rule_test_columns() }}
    from {{ ref(family) }}
    where finding_id is not null
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

named as (

    select
        united.*,
        coalesce(united.operand, {{ operand('figures') }}, 'none') as evidence,
        figures.origin_id as figure_origin_id,
        figures.region_code as figure_region_code,
        figures.indicator_code as figure_indicator_code,
        figures.breakdown as figure_breakdown,
        figures.period as figure_period,
        {{ printed_label('figures') }} as printed_label,
        {{ place_zh('figures') }} as place_zh,
        {{ place_en('figures') }} as place_en,
        row_number() over (
            partition by united.finding_id, united.figure_id, united.role
            order by coalesce(united.operand, ''), united.expected, united.observed
        ) as precedence
    from united
    left join {{ ref('current_figures') }} as figures
        on united.figure_id = figures.figure_id

)

select *
from named
where precedence = 1
