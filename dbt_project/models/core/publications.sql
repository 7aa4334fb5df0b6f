{#- Deliveries and the publications that they cite, one row each, with the authority of their class. -#}
with deliveries as (

    select
        source_id,
        document_id,
        file_name,
        sha256,
        title,
        publisher,
        document_number,
        region_code,
        published_at,
        published_precision,
        release_type,
        kind,
        row_number() over (partition by source_id order by sequence desc) as latest_first
    from {{ ref('stg_lake__readings') }}

),

origins as (

    select
        source_id,
        document_id,
        title,
        publisher,
        document_number,
        region_code,
        published_at,
        published_precision,
        release_type,
        kind,
        row_number() over (partition by source_id order by reading_id desc) as latest_first
    from {{ ref('stg_lake__origins') }}
    where kind = 'origin'

),

united as (

    select
        source_id, document_id, file_name, sha256, title, publisher, document_number, region_code,
        published_at, published_precision, release_type, kind
    from deliveries
    where latest_first = 1
    union all
    select
        source_id, document_id,
        cast(null as {{ dbt.type_string() }}) as file_name,
        cast(null as {{ dbt.type_string() }}) as sha256,
        title, publisher, document_number, region_code,
        published_at, published_precision, release_type, kind
    from origins
    where latest_first = 1

),

classified as (

    select
        united.*,
        authority.source_class,
        authority.authority_rank,
        row_number() over (
            partition by united.source_id
            order by length(coalesce(authority.title_contains, '')) desc, authority.authority_rank
        ) as longest_first
    from united
    left join {{ ref('source_authority') }} as authority
        on (united.kind = 'plan' and coalesce(united.release_type, 'cited') = 'cited' and authority.source_class = 'plan_cited')
        or (
            -- a statistical communiqué is read like a plan and publishes its figures, as a return does
            (united.kind <> 'plan' or united.release_type <> 'cited')
            and authority.source_class <> 'plan_cited'
            and (
                coalesce(authority.title_contains, '') = ''
                or {{ text_contains('united.title', 'authority.title_contains') }}
            )
        )

)

select
    source_id,
    document_id,
    file_name,
    sha256,
    title,
    publisher,
    document_number,
    region_code,
    published_at,
    published_precision,
    release_type,
    kind,
    source_class,
    authority_rank
from classified
where longest_first = 1
