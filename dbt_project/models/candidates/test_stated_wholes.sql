{#- Numbers against a whole that their own sentence states without adding it up: B1-29 shares that leave nothing out (企业、
    高校、其他分别占…) against 100 %, B1-41 a place against the number of places that it is said to be among. -#}
with share_lists as (

    select
        relations.*,
        sums.value as sum_value,
        sums.value_lo as sum_lo,
        sums.value_hi as sum_hi,
        sums.list_zh,
        sums.list_en,
        case
            when sums.value_lo > 100 or (sums.value_hi < 100 and relations.coverage = 'complete') then 'fail'
            else 'pass'
        end as outcome
    from {{ ref('current_relations') }} as relations
    inner join (
        select
            relation_id,
            reading_id,
            sum(value) as value,
            sum(value_lo) as value_lo,
            sum(value_hi) as value_hi,
            {{ ordered_text("label || printed_text", '、', 'ordinal') }} as list_zh,
            {{ ordered_text("label || ' ' || printed_text", ', ', 'ordinal') }} as list_en
        from {{ ref('stg_lake__relation_operands') }}
        where role = 'part'
        group by relation_id, reading_id
    ) as sums
        on relations.relation_id = sums.relation_id and relations.reading_id = sums.reading_id
    where relations.relation_kind = 'shares' and relations.coverage in ('complete', 'disjoint')

),

places as (

    select
        relations.*,
        peers.value as peers,
        peers.printed_text as peers_text,
        case when relations.value < 1 or relations.value > peers.value then 'fail' else 'pass' end as outcome
    from {{ ref('current_relations') }} as relations
    inner join {{ ref('stg_lake__relation_operands') }} as peers
        on relations.relation_id = peers.relation_id and relations.reading_id = peers.reading_id and peers.role = 'peers'
    where relations.relation_kind = 'place' and peers.value > 0

),

worded as (

    select
        {{ finding_id("'B1-29'", 'share_lists', 'share_lists.period') }} as finding_id,
        'B1-29' as rule_id,
        relation_id, reading_id, document_id, region_code, indicator_code, variant, breakdown, period, line_start,
        '《' || document_title || '》' || section_zh || {{ place_zh('share_lists') }} || '：' || list_zh || '合计' || {{ shown('sum_value', 2) }}
            || '%，不等于100%，修约不能解释。' as title_zh,
        document_title || section_en || ' (' || {{ place_en('share_lists') }} || '): ' || list_en || ' add up to ' || {{ shown('sum_value', 2) }}
            || ' %, not to 100 %; rounding does not explain it.' as title_en,
        '100%' as expected,
        {{ shown('sum_value', 2) }} || '%' as observed,
        sum_value - 100 as imbalance,
        case when sum_lo > 100 then sum_lo - 100 else 100 - sum_hi end as gap,
        figure_id
    from share_lists
    where outcome = 'fail'
    union all
    select
        {{ finding_id("'B1-41'", 'places', "coalesce(places.period, '') || '/' || places.peers_text") }},
        'B1-41',
        relation_id, reading_id, document_id, region_code, indicator_code, variant, breakdown, period, line_start,
        '《' || document_title || '》' || section_zh || {{ place_zh('places') }} || '：' || subject_zh || '印为' || printed_text || '，但文中所称参加排名的只有'
            || peers_text || '。',
        document_title || section_en || ' (' || {{ place_en('places') }} || '): ' || subject_en || ' is printed as ' || printed_text || ', among only '
            || peers_text || '.',
        '1–' || {{ printed_number('peers', '0') }},
        printed_text,
        value - peers,
        value - peers,
        figure_id
    from places
    where outcome = 'fail'

),

chosen as (

    select *
    from (
        select *, row_number() over (partition by finding_id order by line_start, relation_id) as precedence
        from worded
    ) as numbered
    where precedence = 1

),

roles as (

    select finding_id, figure_id, 'rank' as role, observed as operand
    from chosen
    where rule_id = 'B1-41'
    union all
    select chosen.finding_id, figures.figure_id, 'share', operands.label || operands.printed_text
    from chosen
    inner join {{ ref('stg_lake__relation_operands') }} as operands
        on chosen.relation_id = operands.relation_id and chosen.reading_id = operands.reading_id
    inner join {{ ref('current_figures') }} as figures
        on operands.figure_id = figures.figure_id
    where chosen.rule_id = 'B1-29'

),

-- Shares none of which is a figure are still shown where they stand: by a figure of their line, if it has one.
said_of as (

    select finding_id, figure_id, role, operand
    from roles
    union all
    select chosen.finding_id, min(figures.figure_id), 'printing', min(chosen.observed)
    from chosen
    left join roles
        on chosen.finding_id = roles.finding_id
    left join {{ ref('current_figures') }} as figures
        on chosen.document_id = figures.document_id and chosen.line_start = figures.line_start
    where roles.finding_id is null
    group by chosen.finding_id

),

counted as (

    select 'B1-29' as rule_id, outcome, count(*) as tests from share_lists group by outcome
    union all
    select 'B1-41', outcome, count(*) from places group by outcome

)

{{ counted_rows('counted') }}
union all
{{ test_rows('chosen inner join said_of on chosen.finding_id = said_of.finding_id', {
    'finding_id': 'chosen.finding_id', 'rule_id': 'chosen.rule_id', 'outcome': "'fail'", 'tests': '1', 'document_id': 'chosen.document_id',
    'region_code': 'chosen.region_code', 'indicator_code': 'chosen.indicator_code', 'variant': 'chosen.variant',
    'breakdown': 'chosen.breakdown', 'period': 'chosen.period', 'title_zh': 'chosen.title_zh', 'title_en': 'chosen.title_en',
    'expected': 'chosen.expected', 'observed': 'chosen.observed', 'imbalance': 'chosen.imbalance', 'gap': 'chosen.gap',
    'figure_id': 'said_of.figure_id', 'role': 'said_of.role', 'operand': 'said_of.operand',
}) }}
