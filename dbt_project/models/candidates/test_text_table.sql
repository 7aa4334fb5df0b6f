{#- B1-36 and B1-37: what the text prints and what the table prints of one key in one document. The rounding intervals
    must share a value; B1-37 is the same question where the two print different units. What is none of our indicators is
    told apart by its whole name and unit, and a fact of it only where it is a share and its year is printed beside it. -#}
with printings as (

    select
        figures.*,
        case when figures.layout = 'table' then 'table' else 'text' end as role,
        case when figures.kind = 'target' then figures.target_kind else 'fact' end as aspect,
        coalesce(figures.indicator_code, figures.indicator_as_printed || '/' || figures.unit) as subject,
        coalesce(indicators.name_zh, figures.indicator_as_printed) as name_zh,
        coalesce(indicators.name_en, figures.indicator_as_printed) as name_en
    from {{ ref('current_figures') }} as figures
    left join {{ ref('indicators') }} as indicators
        on figures.indicator_code = indicators.indicator_code
    where figures.layout in ('table', 'box', 'narrative')
        and (
            figures.kind = 'target'
            or (figures.kind in ('baseline', 'actual') and figures.comparator = 'eq')
            or (figures.indicator_code is null and figures.kind = 'share' and figures.comparator = 'eq')
        )
        and (
            indicators.indicator_code is not null
            or (
                figures.indicator_code is null
                and length(figures.indicator_as_printed) >= 6
                and (figures.kind = 'target' or (figures.period_basis = 'printed' and figures.unit = '%'))
            )
        )

),

pairs as (

    select
        -- 件 and 件/万人 print one number alike: what counts is whether the units have to be converted into each other
        case
            when coalesce(in_text.printed_unit, in_table.printed_unit, '') = coalesce(in_table.printed_unit, in_text.printed_unit, '')
                then 'B1-36'
            when in_text.printed_value = in_text.value and in_table.printed_value = in_table.value then 'B1-36'
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
        in_text.line_start as text_line,
        in_text.value_lo as text_lo,
        in_text.value_hi as text_hi,
        in_table.value_lo as table_lo,
        in_table.value_hi as table_hi
    from printings as in_table
    inner join printings as in_text
        on in_table.edition_id = in_text.edition_id
        and in_table.region_code = in_text.region_code
        and in_table.subject = in_text.subject
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
        '《' || document_title || '》' || period || '年' || name_zh || aspect_zh || '：正文' || text_place_zh || '为' || text_label
            || '，表格' || table_place_zh || '为' || table_label
            || '，两处不一致。' as title_zh,
        document_title || ': ' || name_en || aspect_en || ', ' || period || ': the text (' || text_place_en || ') prints ' || text_label
            || ', the table (' || table_place_en || ') prints ' || table_label
            || '; rounding does not explain the difference.' as title_en
    from ranked
    where precedence = 1 and fails = 1

),

printed as (

    select finding_id, table_figure_id as figure_id, 'table' as role, table_operand as operand, text_lo as fit_lo, text_hi as fit_hi
    from ranked
    where is_disjoint = 1
    union
    select finding_id, text_figure_id as figure_id, 'text' as role, text_operand as operand, table_lo as fit_lo, table_hi as fit_hi
    from ranked
    where is_disjoint = 1

),

-- One row per printing: the first of the intervals that it would have to meet.
operands as (

    select finding_id, figure_id, role, operand, min(fit_lo) as fit_lo, min(fit_hi) as fit_hi
    from printed
    group by finding_id, figure_id, role, operand

),

counted as (

    select rule_id, 'pass' as outcome, count(*) as tests
    from ranked
    where precedence = 1 and fails = 0
    group by rule_id

)

{{ counted_rows('counted') }}
union all
{{ test_rows('worded inner join operands on worded.finding_id = operands.finding_id', {
    'finding_id': 'worded.finding_id', 'rule_id': 'worded.rule_id', 'outcome': "'fail'", 'tests': '1', 'document_id': 'worded.document_id',
    'region_code': 'worded.region_code', 'indicator_code': 'worded.indicator_code', 'variant': 'worded.variant',
    'breakdown': 'worded.breakdown', 'period': 'worded.period', 'title_zh': 'worded.title_zh', 'title_en': 'worded.title_en',
    'expected': 'worded.table_label', 'observed': 'worded.text_label', 'imbalance': 'worded.imbalance', 'gap': 'worded.gap',
    'figure_id': 'operands.figure_id', 'role': 'operands.role', 'operand': 'operands.operand',
    'fit_lo': 'operands.fit_lo', 'fit_hi': 'operands.fit_hi',
}) }}
