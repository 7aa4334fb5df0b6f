{#- Glossaries against our registry: a ratio of other parts is another indicator under the same name. A ratio whose
    numerator was not recognised says nothing. -#}
select
    definitions.source_id,
    spans.document_id,
    spans.title as document_title,
    spans.region_code,
    definitions.indicator_code,
    definitions.term,
    definitions.definition,
    indicators.definition_zh as registry_definition,
    definitions.numerator_code,
    definitions.denominator_code,
    indicators.numerator_code as registry_numerator_code,
    indicators.denominator_code as registry_denominator_code,
    case
        when definitions.numerator_code is null or definitions.denominator_code is null or indicators.denominator_code is null then 'not_comparable'
        when
            definitions.numerator_code = indicators.numerator_code
            and definitions.denominator_code = indicators.denominator_code
            then 'same'
        else 'differs'
    end as comparison,
    definitions.line_start,
    definitions.address
from {{ ref('stg_lake__definitions') }} as definitions
inner join {{ ref('reading_spans') }} as spans
    on definitions.reading_id = spans.reading_id
inner join {{ ref('indicators') }} as indicators
    on definitions.indicator_code = indicators.indicator_code
where spans.valid_to is null
