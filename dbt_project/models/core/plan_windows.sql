{#- The years that a plan is for, as its title says them: a span of years (2021—2025年), else the five-year plan that it
    names. A title that names a single year or calls itself an evaluation says nothing of the plan's own years. -#}
with titles as (

    select distinct source_id, edition_id, document_id, title
    from {{ ref('reading_spans') }}
    where valid_to is null and kind = 'plan' and title is not null
        {%- for word in ['评估', '中期', '修订'] %}
        and not {{ text_contains('title', "'" ~ word ~ "'") }}
        {%- endfor %}

),

printed as (

    select
        *,
        {{ text_part('title', '((?:19|20)[0-9][0-9])年?(?:-|－|—|–|~|至)+(?:19|20)[0-9][0-9]') }} as first_text,
        {{ text_part('title', '(?:19|20)[0-9][0-9]年?(?:-|－|—|–|~|至)+((?:19|20)[0-9][0-9])') }} as last_text,
        {{ text_fits('title', '(?:19|20)[0-9][0-9]') }} as has_year
    from titles

),

named as (

    select
        printed.source_id,
        periods.first_year,
        periods.last_year,
        row_number() over (partition by printed.source_id order by periods.last_year desc nulls last, periods.period_name) as precedence
    from printed
    inner join {{ ref('plan_periods') }} as periods
        on {{ text_contains('printed.title', 'periods.period_name') }}
    -- A programme that carries out a five-year plan may begin years after it.
    where not printed.has_year and ({{ text_contains('printed.title', "'规划'") }} or {{ text_contains('printed.title', "'纲要'") }})

),

windows as (

    select
        printed.source_id,
        printed.edition_id,
        printed.document_id,
        printed.title,
        case when printed.first_text <> '' then cast(printed.first_text as integer) else named.first_year end as first_year,
        case when printed.last_text <> '' then cast(printed.last_text as integer) else named.last_year end as last_year
    from printed
    left join named
        on printed.source_id = named.source_id and named.precedence = 1

)

select *
from windows
where first_year is not null and first_year < last_year
