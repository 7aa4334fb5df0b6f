{#- What we hold true tonight: the open version of every figure, with the document it stands in. -#}
select
    figures.*,
    documents.title as document_title
from {{ ref('figure_versions') }} as figures
inner join (
    select
        source_id,
        min(title) as title
    from {{ ref('stg_lake__readings') }}
    group by source_id
) as documents
    on figures.source_id = documents.source_id
where figures.recorded_to is null
