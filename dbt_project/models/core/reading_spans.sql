{#- When each reading was the one that we held. A re-reading closes the reading before of its own delivery, whatever it
    changed. An edition is one publication of a document (document, date, release type): a strictly later delivery of
    it supersedes the earlier ones for good, however often those are read again; another date or release type is a
    vintage beside it. A delivery of which nothing could be loaded supersedes none: what we held stays. -#}
with editions as (

    select
        *,
        {{ stable_id('edn', ['document_id', 'published_at', 'release_type']) }} as edition_id,
        -- the order of deliveries is the order in which they first came, under whichever edition
        min(recorded_at) over (partition by source_id) as delivered_at,
        lead(recorded_at) over (partition by source_id order by recorded_at, sequence) as read_again_at
    from {{ ref('stg_lake__readings') }}

),

arrivals as (

    select
        edition_id,
        source_id,
        min(delivered_at) as delivered_at,
        min(recorded_at) as arrived_at
    from editions
    where case when loaded = 0 and refused > 0 then 0 else 1 end = 1
    group by edition_id, source_id

),

superseded as (

    select
        editions.reading_id,
        min(arrivals.arrived_at) as superseded_at
    from editions
    inner join arrivals
        on editions.edition_id = arrivals.edition_id
        and arrivals.delivered_at > editions.delivered_at
    group by editions.reading_id

),

spans as (

    select
        editions.*,
        editions.recorded_at as valid_from,
        case
            when superseded.superseded_at < editions.read_again_at or editions.read_again_at is null then superseded.superseded_at
            else editions.read_again_at
        end as valid_to
    from editions
    left join superseded
        on editions.reading_id = superseded.reading_id

)

-- A reading that a later one replaced in the same moment, or that came after its delivery was superseded, never held.
select
    *,
    dense_rank() over (partition by source_id order by recorded_at, sequence) as edition_step
from spans
where valid_to is null or valid_to > valid_from
