{#- An edition is one publication of a document: a delivery with the same document, date and release type replaces an
    earlier one, another date or release type is a vintage beside it. Only a strictly later delivery replaces. -#}
with editions as (

    select
        *,
        {{ stable_id('edn', ['document_id', 'published_at', 'release_type']) }} as edition_id
    from {{ ref('stg_lake__readings') }}

),

moments as (

    select
        edition_id,
        recorded_at,
        lead(recorded_at) over (partition by edition_id order by recorded_at) as next_recorded_at
    from (select distinct edition_id, recorded_at from editions) as distinct_moments

)

select
    editions.*,
    editions.recorded_at as valid_from,
    moments.next_recorded_at as valid_to,
    dense_rank() over (partition by editions.edition_id order by editions.recorded_at) as edition_step
from editions
inner join moments
    on editions.edition_id = moments.edition_id and editions.recorded_at = moments.recorded_at
