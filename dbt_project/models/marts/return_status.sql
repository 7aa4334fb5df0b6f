{#- Which figures of the release calendar were expected, which arrived, which are late, on the day of the night. A series
    is expected where we once held a figure of it, from its first year; where at least half of its sister regions (of
    one level, in one region) were ever told, also of the others, from the last year of those. Figures that a plan cites
    or a change implies are no returns. -#}
with night as (

    select coalesce(as_of, cast(now_utc as date)) as today
    from {{ ref('stg_night__night') }}

),

-- What should have come before we began to keep figures and is there now did not come late; what came due before the
-- year that precedes our first night and is not there is a gap of the collection, and nobody can be asked to hurry.
beginning as (

    select min(cast(recorded_at as date)) as first_day
    from {{ ref('stg_lake__readings') }}

),

held as (

    select
        observations.indicator_code,
        observations.region_code,
        observations.period,
        observations.release_type,
        observations.recorded_from,
        observations.origin_id,
        regions.kind as region_kind,
        coalesce(regions.parent_code, '') as parent_code,
        cast(substr(observations.period, 1, 4) as integer) as year,
        substr(observations.period, 5) as period_suffix
    from {{ ref('observation_versions') }} as observations
    inner join {{ ref('regions') }} as regions
        on observations.region_code = regions.region_code
    where observations.variant = '_T'
        and observations.breakdown = '_T'
        and observations.release_type not in ('implied', 'cited')

),

calendar as (

    select
        release_calendar.*,
        coalesce(release_calendar.period_suffix, '') as suffix
    from {{ ref('release_calendar') }} as release_calendar

),

families as (

    select
        kind,
        coalesce(parent_code, '') as parent_code,
        count(*) as members
    from {{ ref('regions') }}
    where valid_to is null
    group by kind, coalesce(parent_code, '')

),

sisters as (

    select
        calendar.calendar_id,
        held.parent_code,
        max(held.year) as last_year,
        count(distinct held.region_code) as told
    from calendar
    inner join held
        on calendar.indicator_code = held.indicator_code
        and calendar.region_kind = held.region_kind
        and calendar.suffix = held.period_suffix
    group by calendar.calendar_id, held.parent_code

),

own as (

    select
        indicator_code,
        region_code,
        period_suffix,
        min(year) as first_year
    from held
    group by indicator_code, region_code, period_suffix

),

digits as (

    {% for digit in range(10) -%}
    select {{ digit }} as digit {{ "union all" if not loop.last }}
    {% endfor %}
),

expected as (

    select
        calendar.calendar_id,
        calendar.indicator_code,
        calendar.release_type,
        calendar.reporter_zh,
        calendar.reporter_en,
        regions.region_code,
        years.year,
        cast(years.year as {{ dbt.type_string() }}) || calendar.suffix as period,
        cast(cast(years.year + calendar.from_offset as {{ dbt.type_string() }}) || '-' || calendar.from_day as date) as expected_from,
        cast(cast(years.year + calendar.to_offset as {{ dbt.type_string() }}) || '-' || calendar.to_day as date) as expected_to
    from calendar
    inner join sisters
        on calendar.calendar_id = sisters.calendar_id
    inner join {{ ref('regions') }} as regions
        on calendar.region_kind = regions.kind
        and sisters.parent_code = coalesce(regions.parent_code, '')
    left join families
        on regions.kind = families.kind
        and coalesce(regions.parent_code, '') = families.parent_code
    left join own
        on calendar.indicator_code = own.indicator_code
        and calendar.suffix = own.period_suffix
        and regions.region_code = own.region_code
    inner join (
        select 1949 + 100 * hundreds.digit + 10 * tens.digit + ones.digit as year
        from digits as ones
        cross join digits as tens
        cross join digits as hundreds
        where hundreds.digit < 2
    ) as years
        on years.year >= coalesce(own.first_year, sisters.last_year)
    cross join night
    where (own.first_year is not null or sisters.told * 2 >= families.members)
        and years.year <= cast(substr(cast(night.today as {{ dbt.type_string() }}), 1, 4) as integer)
        and (regions.valid_from is null or regions.valid_from <= cast(cast(years.year as {{ dbt.type_string() }}) || '-12-31' as date))
        and (regions.valid_to is null or regions.valid_to > cast(cast(years.year as {{ dbt.type_string() }}) || '-12-31' as date))

),

arrivals as (

    select
        expected.calendar_id,
        expected.region_code,
        expected.period,
        held.recorded_from,
        held.origin_id,
        row_number() over (
            partition by expected.calendar_id, expected.region_code, expected.period
            order by held.recorded_from, held.origin_id
        ) as first_come
    from expected
    inner join held
        on expected.indicator_code = held.indicator_code
        and expected.region_code = held.region_code
        and expected.period = held.period
        -- a preliminary figure is no final one; a final one makes the preliminary one needless
        and (expected.release_type = 'preliminary' or held.release_type <> 'preliminary')

)

select
    expected.calendar_id,
    expected.indicator_code,
    expected.region_code,
    expected.period,
    expected.release_type,
    expected.reporter_zh,
    expected.reporter_en,
    expected.expected_from,
    expected.expected_to,
    arrivals.recorded_from as arrived_at,
    case
        when arrivals.recorded_from is not null
            and cast(arrivals.recorded_from as date) >= expected.expected_to
            and expected.expected_to > beginning.first_day then 'late_arrived'
        when arrivals.recorded_from is not null then 'arrived'
        when {{ year_of('expected.expected_to') }} < {{ year_of('beginning.first_day') }} - 1 then 'not_held'
        when night.today >= expected.expected_to then 'late'
        when night.today >= expected.expected_from then 'due'
        else 'not_yet_due'
    end as status,
    arrivals.origin_id as source_id
from expected
cross join night
cross join beginning
left join arrivals
    on expected.calendar_id = arrivals.calendar_id
    and expected.region_code = arrivals.region_code
    and expected.period = arrivals.period
    and arrivals.first_come = 1
