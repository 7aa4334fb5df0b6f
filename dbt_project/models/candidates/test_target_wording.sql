{#- What the words of a target say: PT-06 comparators of text and table, PT-09 what is added is no stock, PT-14 binding or
    expected. -#}
with printed as (

    select
        figures.*,
        cast({{ last_year('figures.period') }} as {{ dbt.type_string() }}) as milestone,
        case when indicators.indicator_code is not null then 1 else 0 end as is_ours,
        coalesce(indicators.name_zh, figures.indicator_as_printed) as name_zh,
        coalesce(indicators.name_en, figures.indicator_as_printed) as name_en,
        case
            when figures.comparator <> 'eq' then figures.comparator
            when indicators.direction = 'up' then 'ge'
            when indicators.direction = 'down' then 'le'
            else 'eq'
        end as read_comparator,
        case when figures.layout = 'table' then 1 else 0 end as in_table,
        {{ printed_label('figures') }} as label,
        {{ spot_zh('figures') }} as spot_zh,
        {{ spot_en('figures') }} as spot_en,
        {{ operand('figures') }} as operand
    from {{ ref('current_figures') }} as figures
    left join {{ ref('indicators') }} as indicators
        on figures.indicator_code = indicators.indicator_code
    where figures.kind = 'target' and figures.layout <> 'cell'

),

comparators as (

    select code, name_zh, name_en
    from {{ ref('vocabularies') }}
    where vocabulary = 'comparator'

),

-- PT-06: one number, two comparators.
pairs as (

    select
        {{ finding_id("'PT-06'", 'in_table', 'in_table.milestone') }} as finding_id,
        in_table.*,
        in_text.figure_id as text_id,
        in_text.label as text_label,
        in_text.spot_zh as text_zh,
        in_text.spot_en as text_en,
        in_text.operand as text_operand,
        case in_text.read_comparator when 'approx' then in_text.label || text_words.name_zh else text_words.name_zh || in_text.label end as text_said,
        text_words.name_en as text_word_en,
        case in_table.read_comparator when 'approx' then in_table.label || table_words.name_zh else table_words.name_zh || in_table.label end as table_said,
        table_words.name_en as table_word_en,
        case when in_text.read_comparator <> in_table.read_comparator then 'fail' else 'pass' end as outcome,
        row_number() over (
            partition by in_table.edition_id, in_table.region_code, in_table.indicator_code, in_table.variant, in_table.breakdown, in_table.milestone
            order by
                case when in_text.read_comparator <> in_table.read_comparator then 0 else 1 end,
                in_text.line_start, in_text.figure_id, in_table.figure_id
        ) as precedence
    from printed as in_table
    inner join printed as in_text
        on in_table.edition_id = in_text.edition_id
        and in_table.region_code = in_text.region_code
        and in_table.indicator_code = in_text.indicator_code
        and in_table.variant = in_text.variant
        and in_table.breakdown = in_text.breakdown
        and in_table.milestone = in_text.milestone
        and in_table.target_kind = in_text.target_kind
        and in_table.in_table = 1
        and in_text.in_table = 0
    inner join comparators as text_words
        on in_text.read_comparator = text_words.code
    inner join comparators as table_words
        on in_table.read_comparator = table_words.code
    where in_table.target_kind = 'level' and not {{ disjoint('in_text', 'in_table') }}

),

-- PT-09: the words that count what is added, and how the target was taken.
flows as (

    select
        printed.*,
        words.word,
        case when printed.target_kind = 'level' and words.word_kind = 'flow' then 1 else 0 end as as_stock,
        row_number() over (partition by printed.figure_id order by length(words.word) desc nulls last, words.word) as precedence
    from printed
    inner join {{ ref('name_words') }} as words
        on words.word_kind in ('flow', 'sum') and {{ text_contains('printed.indicator_as_printed', 'words.word') }}
    where printed.target_kind in ('level', 'new_flow', 'cumulative_flow') and printed.is_ours = 1

),

named_flows as (

    select
        {{ stable_id('fnd', ["'PT-09'", 'document_id', 'region_code']) }} as finding_id,
        *,
        row_number() over (
            partition by document_id, region_code
            order by line_start, page, figure_id
        ) as place_number,
        count(*) over (partition by document_id, region_code) as places
    from flows
    where precedence = 1 and as_stock = 0 and target_kind <> 'level'

),

-- The same number once as what is added and once as the whole, although there was something before.
taken_twice as (

    select
        {{ finding_id("'PT-09'", 'added', 'added.milestone') }} as finding_id,
        added.*,
        levels.figure_id as level_id,
        levels.label as level_label,
        levels.spot_zh as level_zh,
        levels.spot_en as level_en,
        levels.operand as level_operand,
        starts.figure_id as start_id,
        {{ printed_label('starts') }} as start_label,
        {{ operand('starts') }} as start_operand,
        row_number() over (
            partition by added.document_id, added.region_code, added.indicator_code, added.variant, added.breakdown, added.milestone
            order by added.line_start, levels.line_start, starts.layout_rank, added.figure_id, levels.figure_id, starts.figure_id
        ) as precedence
    from printed as added
    inner join printed as levels
        on added.edition_id = levels.edition_id
        and added.region_code = levels.region_code
        and added.indicator_code = levels.indicator_code
        and added.variant = levels.variant
        and added.breakdown = levels.breakdown
        and added.milestone = levels.milestone
        and levels.target_kind = 'level'
        and added.target_kind in ('new_flow', 'cumulative_flow')
        and added.value = levels.value
    inner join {{ ref('current_figures') }} as starts
        on added.edition_id = starts.edition_id
        and added.region_code = starts.region_code
        and added.indicator_code = starts.indicator_code
        and added.variant = starts.variant
        and added.breakdown = starts.breakdown
        and starts.kind = 'baseline'
        and starts.comparator = 'eq'
        and starts.value_lo > 0
        and {{ as_value('starts.value * 10') }} >= added.value
    where added.value < 1000000000000 and starts.value < 1000000000000

),

-- PT-14: one target, two natures; and a word in the row of a table that speaks of natures and is none.
natures as (

    select
        {{ finding_id("'PT-14'", 'one', "one.milestone || '/' || one.target_kind") }} as finding_id,
        one.*,
        other.figure_id as other_id,
        other.spot_zh as other_zh,
        other.spot_en as other_en,
        one_words.name_zh as one_zh,
        one_words.name_en as one_en,
        other_words.name_zh as other_nature_zh,
        other_words.name_en as other_nature_en,
        case when one.nature <> other.nature then 'fail' else 'pass' end as outcome,
        row_number() over (
            partition by one.edition_id, one.region_code, one.indicator_code, one.variant, one.breakdown, one.target_kind, one.milestone
            order by case when one.nature <> other.nature then 0 else 1 end, one.figure_id, other.figure_id
        ) as precedence
    from printed as one
    inner join printed as other
        on one.edition_id = other.edition_id
        and one.region_code = other.region_code
        and one.indicator_code = other.indicator_code
        and one.variant = other.variant
        and one.breakdown = other.breakdown
        and one.target_kind = other.target_kind
        and one.milestone = other.milestone
        and one.figure_id < other.figure_id
    inner join {{ ref('vocabularies') }} as one_words
        on one_words.vocabulary = 'nature' and one.nature = one_words.code
    inner join {{ ref('vocabularies') }} as other_words
        on other_words.vocabulary = 'nature' and other.nature = other_words.code
    where one.nature <> 'unstated' and other.nature <> 'unstated'

),

tables as (

    select edition_id, section
    from printed
    where in_table = 1 and nature <> 'unstated'
    group by edition_id, section

),

unknown_words as (

    select
        printed.*,
        {{ text_part('lines.raw_text', '(?:^|[\t|,，　 ])([一-龥]{1,3}性)(?:$|[\t|,，　 ])') }} as word,
        row_number() over (partition by printed.figure_id order by lines.line_start) as precedence
    from printed
    inner join tables
        on printed.edition_id = tables.edition_id and printed.section = tables.section
    inner join {{ ref('reading_spans') }} as readings
        on printed.source_id = readings.source_id and readings.valid_to is null
    inner join {{ ref('stg_lake__lines') }} as lines
        on readings.reading_id = lines.reading_id
        and lines.line_start between printed.line_start and printed.line_end
    where printed.in_table = 1 and printed.nature = 'unstated'
        and {{ text_fits('lines.raw_text', '(?:^|[\t|,，　 ])[一-龥]{1,3}性(?:$|[\t|,，　 ])') }}

),

unknown_natures as (

    select
        {{ finding_id("'PT-14'", 'unknown_words', "'word'") }} as finding_id,
        *,
        row_number() over (partition by document_id, region_code, indicator_code, name_zh, variant, breakdown order by milestone desc, figure_id) as latest_first
    from unknown_words
    where precedence = 1

),

counted as (

    select 'PT-06' as rule_id, outcome, count(*) as tests from pairs where precedence = 1 group by outcome
    union all
    select 'PT-09', 'pass', count(*)
    from printed
    left join taken_twice
        on printed.figure_id = taken_twice.figure_id and taken_twice.precedence = 1
    where printed.target_kind in ('new_flow', 'cumulative_flow') and taken_twice.figure_id is null and printed.is_ours = 1
    union all
    select 'PT-14', 'pass', count(*) from printed where in_table = 1 and nature <> 'unstated'

),

failed as (

    select
        finding_id, 'PT-06' as rule_id, cast(null as {{ dbt.type_string() }}) as severity,
        document_id, region_code, indicator_code, variant, breakdown, milestone as period,
        '《' || document_title || '》' || name_zh || milestone || '年目标：正文' || text_zh || '为' || text_said || '，表格' || spot_zh || '为' || table_said
            || '，数值相同而比较词不同。' as title_zh,
        document_title || ': ' || name_en || ', target for ' || milestone || ': the text (' || text_en || ') says ' || text_word_en || ' ' || text_label
            || ', the table (' || spot_en || ') ' || table_word_en || ' ' || label || '; one number, two comparators.' as title_en,
        table_said as expected, text_said as observed,
        figure_id as first_id, 'table' as first_role, operand as first_operand,
        text_id as second_id, 'text' as second_role, text_operand as second_operand
    from pairs
    where precedence = 1 and outcome = 'fail'
    union all
    select
        {{ finding_id("'PT-09'", 'flows', "flows.milestone || '/stock'") }}, 'PT-09', null,
        document_id, region_code, indicator_code, variant, breakdown, milestone,
        '《' || document_title || '》' || spot_zh || '：“' || indicator_as_printed || '”' || label || '说的是“' || word || '”的数量，却作为' || milestone
            || '年末的总量列出；增量与存量不能混用。',
        document_title || ' (' || spot_en || '): “' || indicator_as_printed || '” ' || label || ' counts what is added, yet it is set as the whole at the end of '
            || milestone || '; a flow is no stock.',
        null, label, figure_id, 'flow', operand, null, null, null
    from flows
    where precedence = 1 and as_stock = 1
    union all
    select
        finding_id, 'PT-09', null, document_id, region_code, indicator_code, variant, breakdown, milestone,
        '《' || document_title || '》' || name_zh || milestone || '年目标：' || spot_zh || '为' || indicator_as_printed || label || '（增量），' || level_zh || '为总数达到'
            || level_label || '（存量），基期已有' || start_label || '；同一个数不能既是增量又是总量。',
        document_title || ': ' || name_en || ', target for ' || milestone || ': ' || label || ' (' || spot_en || ') is what is added, ' || level_label || ' ('
            || level_en || ') is the whole, and there were ' || start_label || ' before; one number cannot be both.',
        level_label, label, figure_id, 'flow', operand, level_id, 'level', level_operand
    from taken_twice
    where precedence = 1
    union all
    select
        finding_id, 'PT-14', null, document_id, region_code, indicator_code, variant, breakdown, milestone,
        '《' || document_title || '》' || name_zh || milestone || '年目标：' || spot_zh || '标为' || one_zh || '，' || other_zh || '标为' || other_nature_zh || '，指标属性前后不一。',
        document_title || ': ' || name_en || ', target for ' || milestone || ' is ' || one_en || ' (' || spot_en || ') and ' || other_nature_en || ' (' || other_en || ').',
        one_zh, other_nature_zh, figure_id, 'target', nature, other_id, 'target', other_nature_zh
    from natures
    where precedence = 1 and outcome = 'fail'
    union all
    select
        finding_id, 'PT-14', null, document_id, region_code, indicator_code, variant, breakdown, milestone,
        '《' || document_title || '》' || spot_zh || '：' || name_zh || '的指标属性写作“' || word || '”，应为约束性或预期性。',
        document_title || ' (' || spot_en || '): the nature of ' || name_en || ' is given as “' || word || '”; it is binding or expected.',
        '约束性/预期性', word, figure_id, 'target', word, null, null, null
    from unknown_natures
    where latest_first = 1

),

operands as (

    select finding_id, first_id as figure_id, first_role as role, first_operand as operand from failed
    union
    select finding_id, second_id, second_role, second_operand from failed where second_id is not null

),

-- Known and right, and worth knowing: such targets are never set against a stock. One word per document.
listed as (

    select
        finding_id, document_id, region_code,
        max(document_title) as document_title,
        max(places) as places,
        max(milestone) as milestone,
        {{ ordered_text("case when place_number <= 6 then spot_zh || '“' || indicator_as_printed || '”' || label end", '、', 'place_number') }} as list_zh,
        {{ ordered_text("case when place_number <= 6 then '“' || indicator_as_printed || '” ' || label || ' (' || spot_en || ')' end", ', ', 'place_number') }} as list_en
    from named_flows
    group by finding_id, document_id, region_code

),

told as (

    select
        listed.*,
        named_flows.figure_id,
        named_flows.operand,
        '《' || listed.document_title || '》有' || cast(listed.places as {{ dbt.type_string() }}) || '个目标是规划期内的增量，不是年末存量：' || listed.list_zh
            || '；从零起累计，不与存量统计数比较。' as title_zh,
        listed.document_title || ' sets ' || cast(listed.places as {{ dbt.type_string() }}) || ' target(s) for what is added within its years, not for a stock: '
            || listed.list_en || '; they count from zero and are never set against a stock.' as title_en
    from listed
    inner join named_flows
        on listed.finding_id = named_flows.finding_id

)

{{ counted_rows('counted') }}
union all
{{ test_rows('failed inner join operands on failed.finding_id = operands.finding_id', {
    'finding_id': 'failed.finding_id', 'rule_id': 'rule_id', 'outcome': "'fail'", 'tests': '1', 'severity': 'severity', 'document_id': 'document_id',
    'region_code': 'region_code', 'indicator_code': 'indicator_code', 'variant': 'variant', 'breakdown': 'breakdown', 'period': 'period',
    'title_zh': 'title_zh', 'title_en': 'title_en', 'expected': 'expected', 'observed': 'observed',
    'figure_id': 'operands.figure_id', 'role': 'operands.role', 'operand': 'operands.operand',
}) }}
union all
{{ test_rows('told', {
    'finding_id': 'finding_id', 'rule_id': "'PT-09'", 'outcome': "'fail'", 'tests': '1', 'severity': "'information'", 'document_id': 'document_id',
    'region_code': 'region_code', 'variant': "'_T'", 'breakdown': "'_T'", 'period': 'milestone',
    'title_zh': 'title_zh', 'title_en': 'title_en', 'figure_id': 'figure_id', 'role': "'flow'", 'operand': 'operand',
}) }}
