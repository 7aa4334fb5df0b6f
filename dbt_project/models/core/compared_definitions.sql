{#- Glossaries against our registry: a ratio of other parts is another indicator under the same name. A ratio whose parts
    were not recognised differs where it is made of something that the registry knows to be another thing (户籍人口 where
    常住人口 is meant), and else says nothing. -#}
with contrary as (

    select
        definitions.reading_id,
        definitions.line_start,
        definitions.term,
        min(words.word) as contrary_word
    from {{ ref('stg_lake__definitions') }} as definitions
    inner join {{ ref('indicators') }} as indicators
        on definitions.indicator_code = indicators.indicator_code
    inner join {{ ref('name_words') }} as words
        on words.word_kind = 'contrary'
        and words.indicator_code in (indicators.numerator_code, indicators.denominator_code)
        and {{ text_contains('definitions.definition', 'words.word') }}
    where not {{ text_contains('definitions.definition', "'不'") }}
        and not {{ text_contains('definitions.definition', "'非' || words.word") }}
        and (
            {{ text_contains('definitions.definition', "'之比'") }}
            or {{ text_contains('definitions.definition', "'比重'") }}
            or {{ text_contains('definitions.definition', "'比值'") }}
            or {{ text_contains('definitions.definition', "'比例'") }}
            or {{ text_contains('definitions.definition', "'除以'") }}
            or {{ text_contains('definitions.definition', "'每万'") }}
        )
    group by definitions.reading_id, definitions.line_start, definitions.term

)

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
    contrary.contrary_word,
    case
        when contrary.contrary_word is not null
            and (definitions.numerator_code is null or definitions.denominator_code is null)
            then 'differs'
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
left join contrary
    on definitions.reading_id = contrary.reading_id
    and definitions.line_start = contrary.line_start
    and definitions.term = contrary.term
where spans.valid_to is null
