{#- B1-36 and B1-37: what the text prints and what the table prints of one key in one document. The rounding intervals
    must share a value; B1-37 is the same question where the two print different units. -#}
with printings as (

    select
        figures.*,
        case when figures.layout = 'table' then 'table' else 'text' end as role,
        case when figures.kind = 'target' then figures.target_kind else 'fact' end as aspect,
        indicators.name_zh,
        indicators.name_en
    from {{ ref('current_figures') }} as figures
    inner join {{ ref('indicators') }} as indicators
        on figures.indicator_code = indicators.indicator_code
    where figures.layout in ('table', 'box', 'narrative')
        and (figures.kind = 'target' or (figures.kind in ('baseline', 'actual') and figures.comparator = 'eq'))

),

pairs as (

    select
        case
            when coalesce(in_text.printed_unit, in_table.printed_unit, '') = coalesce(in_table.printed_unit, in_text.printed_unit, '')
                then 'B1-36'
            else 'B1-37'
        end as rule_id,
        in_table.document_id,
        in_table.document_title,
        in_table.region_code,
        in_table.indicator_code,
        in_table.indicator_as_printed,
        in_table.name_zh,
        in_table.name_en,
        in_table.variant,
        in_table.breakdown,
        in_table.period,
        in_table.aspect,
        in_table.figure_id as table_figure_id,
        in_text.figure_id as text_figure_id,
        {{ printed_label('in_table') }} as table_label,
        {{ printed_label('in_text') }} as text_label,
        {{ place_zh('in_table') }} as table_place_zh,
        {{ place_zh('in_text') }} as text_place_zh,
        {{ place_en('in_table') }} as table_place_en,
        {{ place_en('in_text') }} as text_place_en,
        {{ operand('in_table') }} as table_operand,
        {{ operand('in_text') }} as text_operand,
        case when {{ disjoint('in_text', 'in_table') }} then 1 else 0 end as is_disjoint,
        {{ interval_gap('in_text', 'in_table') }} as gap,
        in_text.value - in_table.value as imbalance,
        in_text.line_start as text_line
    from printings as in_table
    inner join printings as in_text
        on in_table.edition_id = in_text.edition_id
        and in_table.region_code = in_text.region_code
        and in_table.indicator_code = in_text.indicator_code
        and in_table.variant = in_text.variant
        and in_table.breakdown = in_text.breakdown
        and in_table.period = in_text.period
        and in_table.aspect = in_text.aspect
        and in_table.role = 'table'
        and in_text.role = 'text'

),

keyed as (

    select
        {{ finding_id('pairs.rule_id', 'pairs', "pairs.period || '/' || pairs.aspect") }} as finding_id,
        pairs.*,
        case when pairs.aspect = 'fact' then '' else '目标' end as aspect_zh,
        case when pairs.aspect = 'fact' then '' else ' target' end as aspect_en
    from pairs

),

ranked as (

    select
        *,
        max(is_disjoint) over (partition by finding_id) as fails,
        row_number() over (partition by finding_id order by is_disjoint desc, text_line, text_figure_id, table_figure_id) as precedence
    from keyed

),

worded as (

    select
        *,
        case when fails = 1 then 'fail' else 'pass' end as outcome,
        '《' || document_title || '》' || period || '年' || name_zh || aspect_zh || '：正文' || text_place_zh || '为' || text_label
            || '，表格' || table_place_zh || '为' || table_label
            || case when fails = 1 then '，两处不一致。' else '，两处一致。' end as title_zh,
        document_title || ': ' || name_en || aspect_en || ', ' || period || ': the text (' || text_place_en || ') prints ' || text_label
            || ', the table (' || table_place_en || ') prints ' || table_label
            || case when fails = 1 then '; rounding does not explain the difference.' else '; they agree.' end as title_en
    from ranked
    where precedence = 1

),

printed as (

    select finding_id, table_figure_id as figure_id, 'table' as role, table_operand as operand
    from ranked
    where is_disjoint = fails
    union
    select finding_id, text_figure_id as figure_id, 'text' as role, text_operand as operand
    from ranked
    where is_disjoint = fails

)

select
    worded.finding_id,
    worded.rule_id,
    cast(null as {{ dbt.type_string() }}) as severity,
    worded.document_id,
    worded.region_code,
    worded.indicator_code,
    worded.variant,
    worded.breakdown,
    worded.period,
    worded.outcome,
    worded.title_zh,
    worded.title_en,
    worded.table_label as expected,
    worded.text_label as observed,
    {{ as_value('worded.imbalance') }} as imbalance,
    printed.figure_id,
    printed.role,
    printed.operand
from worded
inner join printed
    on worded.finding_id = printed.finding_id
