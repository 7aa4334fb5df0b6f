{#- PT-12: one indicator under several names in one document. Where the names carry different words of scope (内部, 交易 …,
    seed name_words) they may count different things: a doubt. Names that merely differ are told without doubt; a shorter
    form of a longer name is no other name. -#}
with printed as (

    select
        document_id, document_title, edition_id, region_code, indicator_code, variant, breakdown, indicator_as_printed as name,
        figure_id, cast(null as {{ dbt.type_string() }}) as statement_id, section, line_start, page, sheet, cell
    from {{ ref('current_figures') }}
    where layout <> 'cell' and indicator_code is not null
    union all
    select
        statements.document_id, publications.title, statements.edition_id, statements.region_code, statements.indicator_code, statements.variant,
        statements.breakdown, statements.indicator_as_printed, null, statements.statement_id, statements.section, statements.line_start, statements.page,
        null, null
    from {{ ref('directional_statement_versions') }} as statements
    inner join {{ ref('publications') }} as publications
        on statements.source_id = publications.source_id
    where statements.recorded_to is null

),

-- Each name once, where it first stands.
names as (

    select
        *,
        -- letters that make no other name: 高新技术企业数量 is 高新技术企业
        {{ without_characters(
            "replace(replace(replace(replace(replace(replace(name, '研究与试验发展', 'R&D'), '(R&D)', ''), '研发', 'R&D'), '规模以上', '规上'), '地区生产总值', 'GDP'), '比例', '比重')",
            "'的中之数量总额全社会市县区省州每户家个人口及和（）() '"
        ) }} as bare_name,
        row_number() over (
            partition by edition_id, region_code, indicator_code, variant, breakdown, name
            order by case when figure_id is null then 1 else 0 end, line_start, page, figure_id, statement_id
        ) as precedence
    from printed

),

worded as (

    select
        names.edition_id, names.region_code, names.indicator_code, names.variant, names.breakdown, names.name,
        {{ ordered_text('words.word', '、', 'words.word') }} as scope_words
    from names
    inner join {{ ref('name_words') }} as words
        on words.word_kind = 'scope' and names.indicator_code = words.indicator_code and {{ text_contains('names.name', 'words.word') }}
    where names.precedence = 1
    group by names.edition_id, names.region_code, names.indicator_code, names.variant, names.breakdown, names.name

),

scoped as (

    select
        names.*,
        coalesce(worded.scope_words, '') as scope_words,
        {{ finding_id("'PT-12'", 'names', "''") }} as finding_id
    from (select *, name as indicator_as_printed from names where precedence = 1) as names
    left join worded
        on names.edition_id = worded.edition_id
        and names.region_code = worded.region_code
        and names.indicator_code = worded.indicator_code
        and names.variant = worded.variant
        and names.breakdown = worded.breakdown
        and names.name = worded.name

),

drifts as (

    select distinct one.finding_id
    from scoped as one
    inner join scoped as other
        on one.finding_id = other.finding_id and one.edition_id = other.edition_id and one.name < other.name
    where not {{ text_contains('one.bare_name', 'other.bare_name') }}
        and not {{ text_contains('other.bare_name', 'one.bare_name') }}

),

subjects as (

    select
        scoped.finding_id,
        max(scoped.document_id) as document_id,
        max(scoped.document_title) as document_title,
        max(scoped.region_code) as region_code,
        max(scoped.indicator_code) as indicator_code,
        max(scoped.variant) as variant,
        max(scoped.breakdown) as breakdown,
        count(distinct scoped.name) as names,
        count(distinct scoped.scope_words) as scopes,
        max(case when drifts.finding_id is null then 0 else 1 end) as has_drift,
        {{ ordered_text("'“' || scoped.name || '”（' || " ~ spot_zh('scoped') ~ " || '）'", '、', 'scoped.line_start, scoped.name') }} as list_zh,
        {{ ordered_text("'“' || scoped.name || '” (' || " ~ spot_en('scoped') ~ " || ')'", ', ', 'scoped.line_start, scoped.name') }} as list_en
    from scoped
    left join drifts
        on scoped.finding_id = drifts.finding_id
    group by scoped.finding_id

),

tests as (

    select
        subjects.*,
        indicators.name_zh,
        indicators.name_en,
        case when scopes > 1 or has_drift = 1 then 'fail' else 'pass' end as outcome
    from subjects
    inner join {{ ref('indicators') }} as indicators
        on subjects.indicator_code = indicators.indicator_code
    where subjects.names > 1

),

failed as (

    select
        tests.*,
        scoped.figure_id,
        scoped.name as operand,
        '《' || tests.document_title || '》对“' || tests.name_zh || '”用了' || cast(names as {{ dbt.type_string() }}) || '个名称：' || list_zh
            || case when scopes > 1 then '；用词不同，口径可能不同，请确认是否同一指标。' else '；均按同一指标登记。' end as title_zh,
        tests.document_title || ' calls “' || tests.name_en || '” by ' || cast(names as {{ dbt.type_string() }}) || ' names: ' || list_en
            || case when scopes > 1 then '; the words differ in scope, verify that they mean one indicator.' else '; all are taken for one indicator.' end as title_en
    from tests
    inner join scoped
        on tests.finding_id = scoped.finding_id
    where tests.outcome = 'fail'

),

counted as (

    select 'PT-12' as rule_id, outcome, count(*) as tests
    from tests
    group by outcome

)

{{ counted_rows('counted') }}
union all
{{ test_rows('failed', {
    'finding_id': 'finding_id', 'rule_id': "'PT-12'", 'outcome': "'fail'", 'tests': '1',
    'severity': "case when scopes > 1 then null else 'information' end", 'document_id': 'document_id', 'region_code': 'region_code',
    'indicator_code': 'indicator_code', 'variant': 'variant', 'breakdown': 'breakdown', 'period': "''",
    'title_zh': 'title_zh', 'title_en': 'title_en', 'figure_id': 'figure_id', 'role': "'printing'", 'operand': 'operand',
}) }}
