{#- PT-02: the base year lies before the plan, its milestones inside it. One finding per document and year: a column of a
    table is one cause. Only the plan's own statements count: its tables, what stands under a heading of goals, and the
    base year that it declares (以2022年为基期). -#}
with stated as (

    select
        figures.*,
        {{ last_year('figures.period') }} as year,
        {{ printed_label('figures') }} as label,
        {{ spot_zh('figures') }} as spot_zh,
        {{ spot_en('figures') }} as spot_en,
        {{ operand('figures') }} as operand,
        coalesce(indicators.name_zh, figures.indicator_as_printed) as name_zh,
        coalesce(indicators.name_en, figures.indicator_as_printed) as name_en
    from {{ ref('current_figures') }} as figures
    left join {{ ref('indicators') }} as indicators
        on figures.indicator_code = indicators.indicator_code
    where figures.kind in ('baseline', 'target')
        -- of what is none of our indicators only the table says that it is a goal
        and (indicators.indicator_code is not null or figures.layout = 'table')
        and (figures.layout = 'table' or {{ text_contains('figures.section', "'目标'") }})

),

placed as (

    select
        stated.*,
        windows.first_year,
        windows.last_year as final_year,
        case
            when windows.first_year is null then 'not_applicable'
            when stated.kind = 'baseline' and stated.layout = 'table' and stated.year >= windows.first_year then 'late_base'
            when stated.kind = 'target' and stated.year < windows.first_year then 'early_milestone'
            -- What a plan looks out to (2030, 2035) ends a later five-year plan; any other year beyond it is a slip.
            when stated.kind = 'target' and stated.year > windows.last_year and substr(stated.period, 4, 1) not in ('0', '5')
                then 'late_milestone'
            else 'pass'
        end as verdict
    from stated
    left join {{ ref('plan_windows') }} as windows
        on stated.source_id = windows.source_id

),

-- A target older than its own baseline needs no window; of one year a table may print what was set and what was reached.
turned as (

    select
        targets.*,
        starts.figure_id as start_id,
        starts.year as start_year,
        row_number() over (partition by targets.figure_id order by starts.year, starts.figure_id) as precedence
    from placed as targets
    inner join placed as starts
        on targets.edition_id = starts.edition_id
        and targets.region_code = starts.region_code
        and targets.indicator_code = starts.indicator_code
        and targets.variant = starts.variant
        and targets.breakdown = starts.breakdown
        and targets.layout = 'table'
        and starts.layout = 'table'
        and targets.section = starts.section
        and targets.kind = 'target'
        and starts.kind = 'baseline'
    where targets.target_kind = 'level' and starts.year > targets.year
        and targets.verdict in ('pass', 'not_applicable') and starts.verdict in ('pass', 'not_applicable')

),

declared as (

    select
        relations.*,
        windows.first_year,
        windows.last_year as final_year,
        {{ last_year('relations.period') }} as year,
        {{ spot_zh('relations') }} as spot_zh,
        {{ spot_en('relations') }} as spot_en,
        case
            when windows.first_year is null then 'not_applicable'
            when {{ last_year('relations.period') }} between windows.first_year and windows.last_year then 'late_base'
            else 'pass'
        end as verdict
    from {{ ref('current_relations') }} as relations
    left join {{ ref('plan_windows') }} as windows
        on relations.source_id = windows.source_id
    where relations.relation_kind = 'base_year'

),

faults as (

    select
        document_id, document_title, region_code, verdict, year, first_year, final_year,
        figure_id, label, spot_zh, spot_en, operand, name_zh, name_en, line_start
    from placed
    where verdict not in ('pass', 'not_applicable')
    union all
    select
        document_id, document_title, region_code, 'turned', start_year, null, null,
        figure_id, label, spot_zh, spot_en, operand, name_zh, name_en, line_start
    from turned
    where precedence = 1
    union all
    select
        document_id, document_title, region_code, verdict, year, first_year, final_year,
        null, '“' || printed_text || '”', spot_zh, spot_en, printed_text, '规划所述', 'The declared', line_start
    from declared
    where verdict not in ('pass', 'not_applicable')

),

ranked as (

    select
        {{ stable_id('fnd', ["'PT-02'", 'document_id', 'region_code', 'verdict', 'year']) }} as finding_id,
        *,
        row_number() over (partition by document_id, region_code, verdict, year order by line_start, figure_id) as place_number,
        count(*) over (partition by document_id, region_code, verdict, year) as places
    from faults

),

heads as (

    select
        *,
        cast(year as {{ dbt.type_string() }}) as year_text,
        name_zh || label || '（' || spot_zh || '）' || case when places > 1 then '等' || cast(places as {{ dbt.type_string() }}) || '个' else '' end as subject_zh,
        name_en || ' ' || label || ' (' || spot_en || ')' || case when places > 1 then ' and ' || cast(places - 1 as {{ dbt.type_string() }}) || ' more' else '' end as subject_en,
        cast(first_year as {{ dbt.type_string() }}) || '—' || cast(final_year as {{ dbt.type_string() }}) || '年' as window_zh
    from ranked
    where place_number = 1

),

worded as (

    select
        *,
        '《' || document_title || '》' || subject_zh || case verdict
            when 'late_base' then '的基期为' || year_text || '年，已在规划期（' || window_zh || '）之内；基期应在规划首年之前。'
            when 'early_milestone' then '的目标年份为' || year_text || '年，早于规划期（' || window_zh || '）。'
            when 'late_milestone' then '的目标年份为' || year_text || '年，晚于规划期（' || window_zh || '）。'
            else '的目标年份早于其基期' || year_text || '年。'
        end as title_zh,
        document_title || ': ' || subject_en || case verdict
            when 'late_base' then ' has the base year ' || year_text || ', inside the years of the plan; a baseline lies before them.'
            when 'early_milestone' then ' has the milestone ' || year_text || ', before the years of the plan.'
            when 'late_milestone' then ' has the milestone ' || year_text || ', after the years of the plan.'
            else ' has a milestone before its base year ' || year_text || '.'
        end as title_en
    from heads

),

counted as (

    select 'PT-02' as rule_id, case when verdict = 'not_applicable' then 'not_applicable' else 'pass' end as outcome, count(*) as tests
    from (select verdict from placed union all select verdict from declared) as tested
    where verdict in ('pass', 'not_applicable')
    group by case when verdict = 'not_applicable' then 'not_applicable' else 'pass' end

)

{{ counted_rows('counted') }}
union all
{{ test_rows('worded inner join ranked on worded.finding_id = ranked.finding_id', {
    'finding_id': 'worded.finding_id', 'rule_id': "'PT-02'", 'outcome': "'fail'", 'tests': '1', 'document_id': 'worded.document_id',
    'region_code': 'worded.region_code', 'variant': "'_T'", 'breakdown': "'_T'", 'period': 'worded.year_text',
    'title_zh': 'worded.title_zh', 'title_en': 'worded.title_en', 'expected': 'worded.window_zh', 'observed': 'worded.year_text',
    'figure_id': 'ranked.figure_id', 'role': "case when ranked.verdict = 'late_base' then 'baseline' else 'target' end",
    'operand': "ranked.operand || ranked.verdict || worded.year_text",
}) }}
