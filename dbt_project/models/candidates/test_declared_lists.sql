{#- PT-11 where the plan itself says that its table lists all targets (全部量化目标均列入表1): a level that the text sets for
    what is none of our indicators, and that stands in no row of a table by its name or by its number. Of indicators
    test_targets tells the same. -#}
with lines as (

    select
        readings.edition_id,
        lines.line_start,
        replace(lines.raw_text, ' ', '') as said
    from {{ ref('stg_lake__lines') }} as lines
    inner join {{ ref('reading_spans') }} as readings
        on lines.reading_id = readings.reading_id
    where readings.kind = 'plan' and readings.valid_to is null

),

declared as (

    select edition_id, min(line_start) as line_start
    from lines
    where ({{ text_contains('said', "'目标'") }} or {{ text_contains('said', "'指标'") }})
        and (
            {%- for words in ['表外不', '专栏外不', '表外无', '表外没有'] %}
            {{ text_contains('said', "'" ~ words ~ "'") }} or
            {%- endfor %}
            (
                ({% for words in ['全部', '所有', '均', '一律'] %}{{ text_contains('said', "'" ~ words ~ "'") }}{{ ' or ' if not loop.last }}{% endfor %})
                and {{ text_contains('said', "'量化'") }}
                and ({% for words in ['列入', '列于', '纳入', '载于', '见于', '列在', '集中于'] %}{{ text_contains('said', "'" ~ words ~ "'") }}{{ ' or ' if not loop.last }}{% endfor %})
                and ({% for words in ['表1', '表2', '附表', '下表', '本表', '指标表', '目标表', '专栏'] %}{{ text_contains('said', "'" ~ words ~ "'") }}{{ ' or ' if not loop.last }}{% endfor %})
            )
        )
    group by edition_id

),

goals as (

    select
        figures.*,
        {{ last_year('figures.period') }} as year,
        {{ printed_label('figures') }} as label,
        {{ spot_zh('figures') }} as spot_zh,
        {{ spot_en('figures') }} as spot_en,
        {{ operand('figures') }} as evidence
    from {{ ref('current_figures') }} as figures
    where figures.kind = 'target' and figures.target_kind = 'level'

),

tests as (

    select
        texts.figure_id,
        max(case
            when tabled.figure_id is null then 0
            when tabled.value = texts.value and coalesce(tabled.unit, '') = coalesce(texts.unit, '') then 1
            when {{ text_contains('tabled.indicator_as_printed', 'texts.indicator_as_printed') }} then 1
            when {{ text_contains('texts.indicator_as_printed', 'tabled.indicator_as_printed') }} then 1
            else 0
        end) as is_listed,
        count(tabled.figure_id) as listed
    from goals as texts
    inner join declared
        on texts.edition_id = declared.edition_id
    left join goals as tabled
        on texts.edition_id = tabled.edition_id and tabled.layout = 'table'
    where texts.layout = 'narrative' and texts.indicator_code is null and length(texts.indicator_as_printed) >= 4
    group by texts.figure_id

),

told as (

    select
        {{ finding_id("'PT-11'", 'goals', "cast(goals.year as " ~ dbt.type_string() ~ ")") }} as finding_id,
        goals.*,
        '《' || document_title || '》' || spot_zh || '：' || indicator_as_printed || cast(year as {{ dbt.type_string() }}) || '年目标' || label
            || '只见于正文，而规划称全部目标都列入目标表。' as title_zh,
        document_title || ' (' || spot_en || '): the target ' || label || ' of ' || indicator_as_printed || ' for ' || cast(year as {{ dbt.type_string() }})
            || ' stands in the text alone, though the plan says that its table lists all targets.' as title_en
    from goals
    inner join tests
        on goals.figure_id = tests.figure_id
    where tests.is_listed = 0 and tests.listed > 0

),

counted as (

    select 'PT-11' as rule_id, 'pass' as outcome, count(*) as tests
    from tests
    where is_listed = 1

)

{{ counted_rows('counted') }}
union all
{{ test_rows('told', {
    'finding_id': 'finding_id', 'rule_id': "'PT-11'", 'outcome': "'fail'", 'tests': '1', 'document_id': 'document_id',
    'region_code': 'region_code', 'variant': 'variant', 'breakdown': 'breakdown', 'period': 'cast(year as ' ~ dbt.type_string() ~ ')',
    'title_zh': 'title_zh', 'title_en': 'title_en', 'observed': 'label', 'figure_id': 'figure_id', 'role': "'target'", 'operand': 'evidence',
}) }}
