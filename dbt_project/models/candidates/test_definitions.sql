{#- What a glossary says that a ratio is made of, against the registry: other parts make another indicator under the same
    name, and its figures cannot be compared with others. -#}
with tests as (

    select
        'B1-43' as rule_id,
        {{ stable_id('fnd', ["'B1-43'", 'definitions.document_id', 'definitions.region_code', 'definitions.indicator_code', 'definitions.term']) }} as finding_id,
        definitions.*,
        registered.name_zh,
        registered.name_en,
        above.name_zh as numerator_zh,
        below.name_zh as denominator_zh,
        own_above.name_zh as registry_numerator_zh,
        own_below.name_zh as registry_denominator_zh,
        case comparison when 'differs' then 'fail' when 'same' then 'pass' else 'not_applicable' end as outcome,
        cast(night.now_utc as date) as today
    from {{ ref('compared_definitions') }} as definitions
    inner join {{ ref('indicators') }} as registered
        on definitions.indicator_code = registered.indicator_code
    left join {{ ref('indicators') }} as above
        on definitions.numerator_code = above.indicator_code
    left join {{ ref('indicators') }} as below
        on definitions.denominator_code = below.indicator_code
    left join {{ ref('indicators') }} as own_above
        on definitions.registry_numerator_code = own_above.indicator_code
    left join {{ ref('indicators') }} as own_below
        on definitions.registry_denominator_code = own_below.indicator_code
    cross join {{ ref('stg_night__night') }} as night

),

-- The figures that the definition is about: the latest level of the indicator in the same delivery.
printed as (

    select
        figures.source_id,
        figures.indicator_code,
        figures.figure_id,
        figures.period,
        row_number() over (
            partition by figures.source_id, figures.indicator_code
            order by case when figures.kind in ('baseline', 'actual') then 0 else 1 end, figures.period desc nulls last, figures.figure_id
        ) as precedence
    from {{ ref('current_figures') }} as figures
    where figures.indicator_code is not null

),

failed as (

    select
        tests.*,
        printed.figure_id,
        coalesce(printed.period, cast({{ year_of('tests.today') }} as {{ dbt.type_string() }})) as period,
        row_number() over (partition by tests.finding_id order by tests.line_start, tests.address) as precedence
    from tests
    left join printed
        on tests.source_id = printed.source_id and tests.indicator_code = printed.indicator_code and printed.precedence = 1
    where tests.outcome = 'fail'

),

counted as (

    select rule_id, outcome, count(*) as tests
    from tests
    group by rule_id, outcome

)

{{ counted_rows('counted') }}
union all
{{ test_rows('failed', {
    'finding_id': 'finding_id', 'rule_id': 'rule_id', 'outcome': 'outcome', 'tests': '1', 'document_id': 'document_id', 'region_code': 'region_code',
    'indicator_code': 'indicator_code', 'variant': "'_T'", 'breakdown': "'_T'", 'period': 'period',
    'title_zh': "'《' || document_title || '》名词解释（' || address || '）：“' || term || '”'"
        ~ " || coalesce('为' || numerator_zh || '与' || denominator_zh || '之比', '的解释用“' || contrary_word || '”', '的分子分母不同') || '，本库' || name_zh || '为'"
        ~ " || registry_numerator_zh || '与' || registry_denominator_zh || '之比，口径不同。'",
    'title_en': "document_title || ' (' || address || '): “' || term || '” is defined with ' || coalesce(numerator_code, '“' || contrary_word || '”', '') || ' over ' || coalesce(denominator_code, '…')"
        ~ " || ', ' || name_en || ' of the registry is ' || registry_numerator_code || ' over ' || registry_denominator_code || '.'",
    'expected': "registry_numerator_code || '/' || registry_denominator_code",
    'observed': "coalesce(numerator_code || '/' || denominator_code, contrary_word)",
    'figure_id': 'figure_id', 'role': "'level'", 'operand': "coalesce(numerator_code || '/' || denominator_code, contrary_word)",
}) ~ " where precedence = 1" }}
