{#- What came with a delivery rather than what is printed in it: its envelope, its source, the region of a figure, its name.
    B1-03 counts the names that fit no indicator; they are kept in the steward's queue and are no findings. -#}
with deliveries as (

    select *
    from {{ ref('publications') }}
    where kind in ('plan', 'return')

),

-- A finding about a delivery points to its first figure, so that it leads somewhere.
first_figures as (

    select source_id, min(figure_id) as figure_id
    from {{ ref('current_figures') }}
    group by source_id

),

envelopes as (

    select
        deliveries.*,
        first_figures.figure_id,
        case when publisher is null then '发布单位' else '' end || case when title is null then ' 题名' else '' end
            || case when published_at is null then ' 发布日期' else '' end as lacking_zh,
        case when publisher is null then 'publisher' else '' end || case when title is null then ' title' else '' end
            || case when published_at is null then ' date of publication' else '' end as lacking_en
    from deliveries
    left join first_figures
        on deliveries.source_id = first_figures.source_id

),

copies as (

    select sha256, min(source_id) as source_id, min(document_id) as document_id, min(region_code) as region_code, min(file_name) as first_name, max(file_name) as last_name,
        count(distinct file_name) as files
    from {{ ref('stg_lake__readings') }}
    group by sha256

),

-- Figures rest on the source that they cite.
entitled as (

    select
        publications.source_id, publications.title, publications.region_code, publications.source_class,
        min(levels.document_id) as document_id,
        min(levels.figure_id) as figure_id
    from {{ ref('publications') }} as publications
    inner join {{ ref('levels') }} as levels
        on publications.source_id = levels.origin_id
    where levels.is_current
    group by publications.source_id, publications.title, publications.region_code, publications.source_class

),

placed as (

    select
        levels.*,
        regions.name_zh as region_zh,
        case
            when {{ year_of('regions.valid_to') }} < levels.year then 'abolished'
            when {{ year_of('regions.valid_from') }} > {{ year_of('levels.published_at') }} then 'not_yet'
        end as fault
    from {{ ref('levels') }} as levels
    inner join {{ ref('regions') }} as regions
        on levels.region_code = regions.region_code
    where levels.year is not null and (regions.valid_to is not null or regions.valid_from is not null)

),

-- One per region and publication: its years share one cause.
misplaced as (

    select
        placed.*,
        row_number() over (partition by origin_id, region_code order by indicator_code, period, figure_id) as precedence
    from placed
    where fault is not null

),

names as (

    select document_id, indicator_as_printed, max(case when indicator_code is null then 0 else 1 end) as is_resolved
    from {{ ref('current_figures') }}
    where indicator_as_printed is not null
    group by document_id, indicator_as_printed

),

tests as (

    select
        {{ stable_id('fnd', ["'B0-01'", 'document_id', 'region_code']) }} as finding_id,
        'B0-01' as rule_id,
        case when lacking_en <> '' then 'fail' else 'pass' end as outcome,
        document_id, region_code,
        coalesce(cast({{ year_of('published_at') }} as {{ dbt.type_string() }}), '') as period,
        '《' || coalesce(title, file_name, document_id) || '》缺少来源信息：' || trim(lacking_zh) || '；请在sources.yml中补充。' as title_zh,
        coalesce(title, file_name, document_id) || ': the source is described without ' || trim(lacking_en) || '; add it in sources.yml.' as title_en,
        figure_id,
        lacking_en as operand
    from envelopes
    union all
    select
        {{ stable_id('fnd', ["'B0-08'", 'copies.sha256']) }},
        'B0-08',
        case when files > 1 then 'fail' else 'pass' end,
        copies.document_id, copies.region_code, '',
        '文件' || first_name || '与' || last_name || '内容完全相同，只读取一次。',
        'The files ' || first_name || ' and ' || last_name || ' are identical; they are read once.',
        first_figures.figure_id,
        copies.sha256
    from copies
    left join first_figures
        on copies.source_id = first_figures.source_id
    union all
    select
        {{ stable_id('fnd', ["'B0-09'", 'source_id']) }},
        'B0-09',
        case when source_class = 'other' then 'fail' else 'pass' end,
        document_id, region_code, '',
        '《' || title || '》不在来源权威等级表中，其数字现被采用；请核实来源。',
        title || ': this source has no class in the authority matrix, and values of it are in use; verify the source.',
        figure_id,
        source_id
    from entitled
    union all
    select
        {{ stable_id('fnd', ["'B1-02'", 'origin_id', 'region_code', 'fault']) }},
        'B1-02',
        'fail',
        document_id, region_code, period,
        null,
        null,
        figure_id,
        region_code || fault
    from misplaced
    where precedence = 1

),

failed as (

    select
        tests.*,
        placed.fault,
        placed.indicator_code,
        placed.variant,
        placed.breakdown
    from tests
    left join placed
        on tests.rule_id = 'B1-02' and tests.figure_id = placed.figure_id
    where tests.outcome = 'fail'

),

counted as (

    select rule_id, outcome, count(*) as tests from tests where rule_id <> 'B1-02' group by rule_id, outcome
    union all
    select 'B1-02', 'pass', count(*) from placed where fault is null
    union all
    select 'B1-03', 'pass', count(*) from names where is_resolved = 1

),

-- Counted and kept elsewhere.
queued as (

    select 'B1-03' as rule_id, count(*) as tests
    from names
    where is_resolved = 0

)

{{ counted_rows('counted') }}
union all
{{ test_rows('queued', {'rule_id': 'rule_id', 'outcome': "'fail'", 'tests': 'tests'}) }}
where tests > 0
union all
{{ test_rows('failed', {
    'finding_id': 'finding_id', 'rule_id': 'rule_id', 'outcome': "'fail'", 'tests': '1', 'document_id': 'document_id',
    'region_code': "coalesce(region_code, '000000')", 'indicator_code': 'indicator_code', 'variant': "coalesce(variant, '_T')", 'breakdown': "coalesce(breakdown, '_T')", 'period': 'period',
    'title_zh': 'title_zh', 'title_en': 'title_en',
    'said_zh': "case fault when 'abolished' then '该地区在所属时期之前已撤销' when 'not_yet' then '该地区在发布之后才设立' end",
    'said_en': "case fault when 'abolished' then 'the region had been abolished before that period' when 'not_yet' then 'the region was established after the publication' end",
    'figure_id': 'figure_id', 'role': "'source'", 'operand': 'operand',
}) }}
