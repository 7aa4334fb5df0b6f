{#- Which regions make up which in a year: administrative ones by their parent, at the end of the year, and the members of
    composites. What a parent reports and no child does (本级), and zones that overlap counties, are listed with their
    kind and never make a whole incomplete. -#}
with years as (

    select distinct cast(substr(period, 1, 4) as integer) as year
    from {{ ref('levels') }}

),

parented as (

    select
        years.year,
        children.parent_code,
        children.region_code as child_code,
        case
            when children.kind in ('province', 'prefecture', 'county') then 'part'
            else children.kind
        end as member_kind
    from {{ ref('regions') }} as children
    inner join {{ ref('regions') }} as parents
        on children.parent_code = parents.region_code
    inner join years
        on (children.valid_from is null or {{ year_of('children.valid_from') }} <= years.year)
        and (children.valid_to is null or {{ year_of('children.valid_to') }} > years.year)
    where children.kind in ('province', 'prefecture', 'county', 'unallocated', 'functional_zone')
        -- groupings without a government of their own (市辖区) are parents of counties that belong one level higher
        and parents.kind <> 'composite'

),

composed as (

    select
        years.year,
        members.composite_code as parent_code,
        members.member_code as child_code,
        'part' as member_kind
    from {{ ref('region_members') }} as members
    inner join {{ ref('regions') }} as children
        on members.member_code = children.region_code
    inner join years
        on (children.valid_from is null or {{ year_of('children.valid_from') }} <= years.year)
        and (children.valid_to is null or {{ year_of('children.valid_to') }} > years.year)

),

united as (

    select year, parent_code, child_code, member_kind from parented
    union all
    select year, parent_code, child_code, member_kind from composed

)

select
    year,
    parent_code,
    child_code,
    member_kind,
    sum(case when member_kind = 'part' then 1 else 0 end) over (partition by year, parent_code) as parts
from united
