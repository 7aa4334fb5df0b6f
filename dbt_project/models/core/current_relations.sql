{#- What the documents that we hold tonight say of figures by means of another number. series_key ties a relation to the
    levels that it speaks of: by indicator, else by its printed
    name, else by the statement that its figure belongs to (macro relation_series). -#}
select
    relations.relation_id,
    relations.reading_id,
    relations.source_id,
    relations.document_id,
    spans.edition_id,
    spans.title as document_title,
    relations.region_code,
    relations.indicator_code,
    relations.variant,
    relations.breakdown,
    relations.indicator_as_printed,
    coalesce(indicators.name_zh, relations.indicator_as_printed) as subject_zh,
    coalesce(indicators.name_en, relations.indicator_as_printed) as subject_en,
    coalesce(
        relations.indicator_code || '/' || relations.variant || '/' || relations.breakdown,
        case when length(relations.indicator_as_printed) >= 5 then relations.indicator_as_printed else figures.statement_id end
    ) as series_key,
    relations.relation_kind,
    relations.coverage,
    relations.wording,
    relations.direction,
    relations.period,
    relations.base_period,
    relations.named_period,
    relations.stated_years,
    relations.printed_text,
    relations.value,
    relations.value_lo,
    relations.value_hi,
    relations.lo_closed,
    relations.hi_closed,
    relations.unit,
    -- told together with its levels: test_told_changes compares them, the others leave it
    coalesce(told.is_told, false) as is_told,
    figures.figure_id,
    figures.statement_id,
    figures.unit as figure_unit,
    relations.section,
    relations.line_start,
    relations.line_end,
    relations.page,
    cast(null as {{ dbt.type_string() }}) as sheet,
    cast(null as {{ dbt.type_string() }}) as cell,
    case when relations.section is not null then '“' || relations.section || '”' else '' end as section_zh,
    case when relations.section is not null then ', “' || relations.section || '”' else '' end as section_en
from {{ ref('stg_lake__stated_relations') }} as relations
inner join {{ ref('reading_spans') }} as spans
    on relations.reading_id = spans.reading_id
    and spans.valid_to is null
left join (
    select relation_id, reading_id, true as is_told
    from {{ ref('stg_lake__relation_operands') }}
    where role in ('former', 'difference')
    group by relation_id, reading_id
) as told
    on relations.relation_id = told.relation_id and relations.reading_id = told.reading_id and relations.relation_kind <> 'direction'
left join {{ ref('current_figures') }} as figures
    on relations.figure_id = figures.figure_id
left join {{ ref('indicators') }} as indicators
    on relations.indicator_code = indicators.indicator_code
