{#- Every failing test, one row each, in words. Most sentences have one form: the publication, the period, the region and
    the indicator; then the printings that were compared, each with its place; then what the rule says of them. -#}
with tests as (

    select
        finding_id,
        rule_id,
        max(severity) as severity,
        max(document_id) as document_id,
        max(region_code) as region_code,
        max(indicator_code) as indicator_code,
        max(variant) as variant,
        max(breakdown) as breakdown,
        max(period) as period,
        max(title_zh) as title_zh,
        max(title_en) as title_en,
        max(said_zh) as said_zh,
        max(said_en) as said_en,
        max(expected) as expected,
        max(observed) as observed,
        max(imbalance) as imbalance,
        max(gap) as gap,
        md5({{ ordered_text("role || '=' || evidence", '|', 'role, evidence') }}) as evidence_hash
    from {{ ref('rule_test_figures') }}
    group by finding_id, rule_id

),

printings as (

    select
        operands.finding_id,
        coalesce(roles.name_zh, '') || operands.printed_label as label_zh,
        coalesce(roles.name_en || ' ', '') || operands.printed_label as label_en,
        operands.place_zh,
        operands.place_en,
        publications.title,
        case when operands.figure_period <> operands.period then operands.figure_period || '年' else '' end
            || case when operands.figure_region_code <> operands.region_code then coalesce(regions.name_zh, operands.figure_region_code) else '' end as key_zh,
        case when operands.figure_region_code <> operands.region_code then coalesce(regions.name_zh, operands.figure_region_code) || ' ' else '' end
            || case when operands.figure_period <> operands.period then operands.figure_period || ' ' else '' end as key_en,
        row_number() over (
            partition by operands.finding_id
            order by
                case when operands.figure_region_code = operands.region_code and operands.figure_period = operands.period then 0 else 1 end,
                case when operands.figure_indicator_code = operands.indicator_code and operands.figure_breakdown = operands.breakdown then 0 else 1 end,
                operands.role, operands.figure_period, operands.figure_region_code, operands.figure_id
        ) as place_number,
        count(*) over (partition by operands.finding_id) as printings
    from {{ ref('rule_test_figures') }} as operands
    inner join {{ ref('publications') }} as publications
        on operands.figure_origin_id = publications.source_id
    left join {{ ref('regions') }} as regions
        on operands.figure_region_code = regions.region_code
    left join {{ ref('vocabularies') }} as roles
        on roles.vocabulary = 'operand_role' and operands.role = roles.code
    where operands.said_zh is not null and operands.figure_id is not null

),

heads as (

    select finding_id, max(title) as title
    from printings
    where place_number = 1
    group by finding_id

),

listed as (

    select
        printings.finding_id,
        max(heads.title) as title,
        max(printings.printings) as printings,
        {{ ordered_text(
            "printings.key_zh || printings.label_zh || '（' || case when printings.title <> heads.title then '《' || printings.title || '》' else '' end || printings.place_zh || '）'",
            '、', 'printings.place_number'
        ) }} as list_zh,
        {{ ordered_text(
            "printings.key_en || printings.label_en || ' (' || case when printings.title <> heads.title then printings.title || ', ' else '' end || printings.place_en || ')'",
            ', ', 'printings.place_number'
        ) }} as list_en
    from printings
    inner join heads
        on printings.finding_id = heads.finding_id
    -- Six printings are what a sentence carries; the others are in finding_figures.
    where printings.place_number <= 6
    group by printings.finding_id

)

select
    tests.finding_id,
    tests.rule_id,
    coalesce(tests.severity, rules.severity) as severity,
    rules.fault,
    rules.blocks,
    tests.document_id,
    tests.region_code,
    tests.indicator_code,
    tests.variant,
    tests.breakdown,
    tests.period,
    'fail' as outcome,
    coalesce(
        tests.title_zh,
        '《' || listed.title || '》' || tests.period || '年' || coalesce(regions.name_zh, '') || coalesce(indicators.name_zh, '')
            || case when tests.breakdown <> '_T' then '（' || coalesce(breakdowns.name_zh, tests.breakdown) || '）' else '' end || '：'
            || listed.list_zh || case when listed.printings > 6 then '等' || cast(listed.printings as {{ dbt.type_string() }}) || '处' else '' end
            || '；' || tests.said_zh || '。'
    ) as title_zh,
    coalesce(
        tests.title_en,
        listed.title || ': ' || coalesce(indicators.name_en, '')
            || case when tests.breakdown <> '_T' then ' (' || coalesce(breakdowns.name_en, tests.breakdown) || ')' else '' end
            || ', ' || coalesce(regions.name_zh, tests.region_code, '') || ', ' || tests.period || ': ' || listed.list_en
            || case when listed.printings > 6 then ' and ' || cast(listed.printings - 6 as {{ dbt.type_string() }}) || ' more' else '' end
            || '; ' || tests.said_en || '.'
    ) as title_en,
    tests.expected,
    tests.observed,
    tests.imbalance,
    tests.gap,
    tests.evidence_hash
from tests
inner join {{ ref('stg_night__rules') }} as rules
    on tests.rule_id = rules.rule_id and rules.state = 'implemented'
left join listed
    on tests.finding_id = listed.finding_id
left join {{ ref('regions') }} as regions
    on tests.region_code = regions.region_code
left join {{ ref('indicators') }} as indicators
    on tests.indicator_code = indicators.indicator_code
left join {{ ref('breakdowns') }} as breakdowns
    on tests.breakdown = breakdowns.breakdown
