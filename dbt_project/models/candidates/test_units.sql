{#- B1-05: a number in a table whose unit stands neither in its cell, nor in its row, nor in the header. Counts are then
    taken in the unit of the indicator; everything else is refused by the reader and counted there. -#}
with cells as (

    select
        {{ finding_id("'B1-05'", 'figures', "''") }} as finding_id,
        figures.*,
        indicators.name_zh,
        indicators.name_en,
        {{ printed_label('figures') }} as label,
        {{ spot_zh('figures') }} as spot_zh,
        {{ spot_en('figures') }} as spot_en,
        {{ operand('figures') }} as operand,
        case when figures.printed_unit is null then 'fail' else 'pass' end as outcome,
        case when elsewhere.indicator_code is not null then 'information' end as severity
    from {{ ref('current_figures') }} as figures
    inner join {{ ref('indicators') }} as indicators
        on figures.indicator_code = indicators.indicator_code
    inner join {{ ref('units') }} as units
        on indicators.unit = units.unit
    -- where the text prints the unit, nothing has to be guessed
    left join (
        select distinct edition_id, region_code, indicator_code, variant, breakdown
        from {{ ref('current_figures') }}
        where printed_unit is not null and kind in ('baseline', 'actual', 'target') and coalesce(target_kind, 'level') = 'level'
    ) as elsewhere
        on figures.edition_id = elsewhere.edition_id
        and figures.region_code = elsewhere.region_code
        and figures.indicator_code = elsewhere.indicator_code
        and figures.variant = elsewhere.variant
        and figures.breakdown = elsewhere.breakdown
    where figures.layout = 'table' and figures.kind in ('baseline', 'actual', 'target')
        and coalesce(figures.target_kind, 'level') in ('level', 'new_flow', 'cumulative_flow')
        -- a place in a ranking needs no unit
        and units.dimension <> 'rank'

),

-- A row of a table is one cause.
ranked as (

    select
        *,
        row_number() over (partition by finding_id order by line_start, period, figure_id) as place_number
    from cells
    where outcome = 'fail'

),

worded as (

    select
        *,
        '《' || document_title || '》' || spot_zh || '：“' || indicator_as_printed || '”一行没有计量单位，现按“' || unit || '”登记，请核实。' as title_zh,
        document_title || ' (' || spot_en || '): the row “' || indicator_as_printed || '” has no unit; it is taken in ' || unit || ', verify it.' as title_en
    from ranked
    where place_number = 1

),

counted as (

    select 'B1-05' as rule_id, outcome, count(*) as tests
    from cells
    group by outcome

)

{{ counted_rows('counted') }}
union all
{{ test_rows('worded inner join ranked on worded.finding_id = ranked.finding_id', {
    'finding_id': 'worded.finding_id', 'rule_id': "'B1-05'", 'outcome': "'fail'", 'tests': '1', 'severity': 'worded.severity', 'document_id': 'worded.document_id',
    'region_code': 'worded.region_code', 'indicator_code': 'worded.indicator_code', 'variant': 'worded.variant', 'breakdown': 'worded.breakdown',
    'period': "''", 'title_zh': 'worded.title_zh', 'title_en': 'worded.title_en', 'expected': 'worded.unit',
    'figure_id': 'ranked.figure_id', 'role': "'printing'", 'operand': 'ranked.operand',
}) }}
