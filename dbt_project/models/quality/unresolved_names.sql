{#- The steward's queue: names that fit no indicator, each with its first printing and the seed line that resolves it. -#}
with unresolved as (
    select
        document_id,
        indicator_as_printed,
        figure_id,
        source_id,
        printed_text,
        printed_unit,
        kind,
        line_start,
        address,
        row_number() over (
            partition by document_id, indicator_as_printed
            order by line_start asc nulls last, figure_id asc
        ) as place
    from {{ ref('current_figures') }}
    where
        indicator_code is null
        and indicator_as_printed is not null
        -- items of enterprise forms are concepts of their form, none of ours is meant
        and source_id not in (select source_id from {{ ref('publications') }} where kind = 'enterprise_return')
),

counted as (
    select
        document_id,
        indicator_as_printed,
        cast(count(*) as bigint) as figures,
        cast(sum(case when kind in ('target', 'baseline') then 1 else 0 end) as bigint) as of_targets
    from unresolved
    group by document_id, indicator_as_printed
)

select
    counted.document_id,
    counted.indicator_as_printed,
    counted.figures,
    counted.of_targets,
    first_printing.printed_text,
    first_printing.printed_unit,
    first_printing.source_id,
    first_printing.address,
    first_printing.figure_id,
    counted.indicator_as_printed || ',<indicator_code>,_T,_T,any,' as alias_line
from counted
inner join unresolved as first_printing
    on
        counted.document_id = first_printing.document_id
        and counted.indicator_as_printed = first_printing.indicator_as_printed
        and first_printing.place = 1
