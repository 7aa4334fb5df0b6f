{#- Enumerations in running text: the parts against the total that is printed with them. What the wording ties to the
    total decides what is asked: all parts (complete) must add up to it; parts that should be all (expected) must not
    exceed it, and a shortfall is worth a look; parts that only do not overlap (disjoint) must not exceed it; that kinds
    of one thing exceed it is worth a look; of parts that may overlap each must fit alone. The kinds that a glossary counts
    (defined) must add up to the number used: B1-40. Numbers counted one by one are exact, others are rounding intervals. -#}
with parts as (

    select
        relations.*,
        operands.ordinal,
        operands.label,
        operands.times,
        operands.printed_text as part_text,
        operands.value as part_value,
        operands.value_lo as part_lo,
        operands.value_hi as part_hi,
        figures.figure_id as part_figure_id,
        {{ as_value('units.factor') }} as factor
    from {{ ref('current_relations') }} as relations
    inner join {{ ref('stg_lake__relation_operands') }} as operands
        on relations.relation_id = operands.relation_id and relations.reading_id = operands.reading_id
    inner join {{ ref('units') }} as units
        on relations.unit = units.unit
    left join {{ ref('current_figures') }} as figures
        on operands.figure_id = figures.figure_id
    where relations.relation_kind = 'sum'

),

sums as (

    select
        relation_id,
        sum(part_value * times) as value,
        sum(part_lo * times) as value_lo,
        sum(part_hi * times) as value_hi,
        max(case when part_lo = part_hi then 0 else 1 end) as is_rounded,
        {{ ordered_text("label || case when times > 1 then '各' else '' end || part_text", '、', 'ordinal') }} as list_zh,
        {{ ordered_text("label || ' ' || part_text || case when times > 1 then ' each' else '' end", ', ', 'ordinal') }} as list_en,
        {{ ordered_text("label", '+', 'ordinal') }} as labels
    from parts
    group by relation_id

),

compared as (

    select
        relations.*,
        {{ as_value('units.factor') }} as factor,
        sums.value as sum_value,
        sums.value_lo as sum_lo,
        sums.value_hi as sum_hi,
        sums.is_rounded,
        sums.list_zh,
        sums.list_en,
        sums.labels,
        case
            when sums.value_lo > relations.value_hi or (sums.value_lo = relations.value_hi and not relations.hi_closed) then 'over'
            when sums.value_hi < relations.value_lo or (sums.value_hi = relations.value_lo and sums.is_rounded = 1) then 'under'
            else 'equal'
        end as finding
    from {{ ref('current_relations') }} as relations
    inner join sums
        on relations.relation_id = sums.relation_id
    inner join {{ ref('units') }} as units
        on relations.unit = units.unit

),

sum_tests as (

    select
        case when coverage = 'defined' then 'B1-40' else 'B1-39' end as rule_id,
        compared.*,
        case
            when finding = 'equal' then 'pass'
            when coverage in ('complete', 'defined') then 'fail'
            when coverage in ('expected', 'disjoint') and finding = 'over' then 'fail'
            when coverage = 'expected' or (coverage = 'kinds' and finding = 'over') then 'fail'
            else 'not_applicable'
        end as outcome,
        case
            when (coverage = 'expected' and finding = 'under') or coverage = 'kinds' then 'information'
            when coverage = 'defined' then 'warning'
            else 'error'
        end as severity
    from compared

),

-- A part above its whole says it all: the sum of those parts adds nothing.
part_tests as (

    select
        'B1-12' as rule_id,
        parts.*,
        case
            when parts.part_lo > parts.value_hi or (parts.part_lo = parts.value_hi and not parts.hi_closed) then 'fail'
            else 'pass'
        end as outcome
    from parts
    where parts.coverage in ('overlapping', 'kinds')

),

-- A share right behind its part: part / total.
share_tests as (

    select
        'B1-30' as rule_id,
        relations.*,
        part.printed_text as part_text,
        part.label as part_label,
        part_figures.figure_id as part_figure_id,
        whole.printed_text as whole_text,
        whole.label as whole_label,
        whole_figures.figure_id as whole_figure_id,
        100 * {{ as_double('part.value_lo') }} / {{ as_double('whole.value_hi') }} as share_lo,
        100 * {{ as_double('part.value_hi') }} / {{ as_double('whole.value_lo') }} as share_hi,
        case
            when 100 * {{ as_double('part.value_hi') }} < {{ as_double('relations.value_lo') }} * {{ as_double('whole.value_lo') }}
                or 100 * {{ as_double('part.value_lo') }} > {{ as_double('relations.value_hi') }} * {{ as_double('whole.value_hi') }} then 'fail'
            else 'pass'
        end as outcome
    from {{ ref('current_relations') }} as relations
    inner join {{ ref('stg_lake__relation_operands') }} as part
        on relations.relation_id = part.relation_id and relations.reading_id = part.reading_id and part.role = 'part'
    inner join {{ ref('stg_lake__relation_operands') }} as whole
        on relations.relation_id = whole.relation_id and relations.reading_id = whole.reading_id and whole.role = 'whole'
    left join {{ ref('current_figures') }} as part_figures
        on part.figure_id = part_figures.figure_id
    left join {{ ref('current_figures') }} as whole_figures
        on whole.figure_id = whole_figures.figure_id
    where relations.relation_kind = 'share' and relations.value < 1000 and whole.value_lo > 0

),

failed_shares as (

    select
        {{ finding_id("'B1-30'", 'tests', "coalesce(tests.period, '') || '/' || tests.whole_label") }} as finding_id,
        tests.*,
        row_number() over (
            partition by {{ finding_id("'B1-30'", 'tests', "coalesce(tests.period, '') || '/' || tests.whole_label") }}
            order by tests.line_start, tests.relation_id
        ) as precedence
    from share_tests as tests
    where outcome = 'fail'

),

failed_sums as (

    select
        {{ finding_id('tests.rule_id', 'tests', "coalesce(tests.period, '') || '/' || tests.labels") }} as finding_id,
        tests.*,
        case
            when is_rounded = 0 and factor = 1 then {{ printed_number('sum_value', '0') }}
            else {{ shown(as_double('sum_value') ~ ' / ' ~ as_double('factor'), 2) }}
        end || unit as sum_label,
        row_number() over (
            partition by {{ finding_id('tests.rule_id', 'tests', "coalesce(tests.period, '') || '/' || tests.labels") }}
            order by tests.line_start, tests.relation_id
        ) as precedence
    from sum_tests as tests
    where outcome = 'fail'

),

failed_parts as (

    select
        {{ finding_id("'B1-12'", 'tests', "coalesce(tests.period, '') || '/' || tests.label") }} as finding_id,
        tests.*,
        row_number() over (
            partition by {{ finding_id("'B1-12'", 'tests', "coalesce(tests.period, '') || '/' || tests.label") }}
            order by tests.line_start, tests.relation_id
        ) as precedence
    from part_tests as tests
    where outcome = 'fail'

),

worded as (

    select
        finding_id, rule_id, severity, relation_id, document_id, region_code, indicator_code, variant, breakdown, period, figure_id,
        '《' || document_title || '》' || section_zh || {{ place_zh('failed_sums') }} || '：' || subject_zh || '印为' || printed_text
            || case when coverage = 'defined' then '，名词解释计入的' else '，所列' end || list_zh || '合计' || sum_label
            || case
                when coverage = 'expected' and finding = 'under' then '，少于印出的合计；如所列应为全部，则不相符。'
                when finding = 'over' then '，超过印出的合计。'
                else '，与印出的合计不符。'
            end as title_zh,
        document_title || section_en || ' (' || {{ place_en('failed_sums') }} || '): ' || subject_en || ' is printed as ' || printed_text
            || case when coverage = 'defined' then '; the kinds that its glossary counts (' else '; the parts listed (' end || list_en || ') add up to ' || sum_label || '.' as title_en,
        sum_label as expected,
        printed_text as observed,
        value - sum_value as imbalance,
        case when sum_lo > value_hi then sum_lo - value_hi when value_lo > sum_hi then value_lo - sum_hi else 0 end as gap,
        printed_text || '=' || list_zh as operand,
        case when figure_unit = unit then {{ as_double('sum_lo') }} / {{ as_double('factor') }} end as fit_lo,
        case when figure_unit = unit then {{ as_double('sum_hi') }} / {{ as_double('factor') }} end as fit_hi
    from failed_sums
    where precedence = 1
    union all
    select
        finding_id, rule_id, 'error', relation_id, document_id, region_code, indicator_code, variant, breakdown, period, figure_id,
        '《' || document_title || '》' || section_zh || {{ place_zh('failed_parts') }} || '：' || subject_zh || '印为' || printed_text || '，其中'
            || label || part_text || '，子项大于合计。',
        document_title || section_en || ' (' || {{ place_en('failed_parts') }} || '): ' || subject_en || ' is printed as ' || printed_text
            || ', of which ' || label || ' ' || part_text || ': the part exceeds the whole.',
        '≤ ' || printed_text,
        part_text,
        part_value - value,
        part_lo - value_hi,
        printed_text || '>=' || part_text,
        null,
        null
    from failed_parts
    where precedence = 1
    union all
    select
        finding_id, rule_id, 'error', relation_id, document_id, region_code, indicator_code, variant, breakdown, period, figure_id,
        '《' || document_title || '》' || section_zh || {{ place_zh('failed_shares') }} || '：' || part_label || part_text || '占' || whole_label || whole_text
            || '的比重印为' || printed_text || '，计算应在' || {{ shown('share_lo', 2) }} || '至' || {{ shown('share_hi', 2) }} || '%之间。',
        document_title || section_en || ' (' || {{ place_en('failed_shares') }} || '): the share of ' || part_label || ' ' || part_text || ' in ' || whole_label || ' '
            || whole_text || ' is printed as ' || printed_text || '; it is ' || {{ shown('share_lo', 2) }} || ' to ' || {{ shown('share_hi', 2) }} || '%.',
        {{ shown('share_lo', 2) }} || '–' || {{ shown('share_hi', 2) }} || '%',
        printed_text,
        {{ as_double('value') }} - (share_lo + share_hi) / 2,
        case when value_lo > share_hi then value_lo - share_hi else share_lo - value_hi end,
        printed_text || '=' || part_text || '/' || whole_text,
        share_lo,
        share_hi
    from failed_shares
    where precedence = 1

),

roles as (

    select finding_id, figure_id, case rule_id when 'B1-30' then 'share' else 'whole' end as role, operand, fit_lo, fit_hi
    from worded
    union all
    select finding_id, part_figure_id, 'part', null, null, null
    from failed_shares
    where precedence = 1 and part_figure_id is not null
    union all
    select finding_id, whole_figure_id, 'whole', null, null, null
    from failed_shares
    where precedence = 1 and whole_figure_id is not null
    union all
    select worded.finding_id, parts.part_figure_id, 'part', parts.label || parts.part_text, null, null
    from worded
    inner join parts
        on worded.relation_id = parts.relation_id
        and (worded.rule_id in ('B1-39', 'B1-40') or worded.observed = parts.part_text)
        and parts.part_figure_id is not null

),

counted as (

    select rule_id, outcome, count(*) as tests
    from sum_tests
    group by rule_id, outcome
    union all
    select rule_id, outcome, count(*)
    from part_tests
    group by rule_id, outcome
    union all
    select rule_id, outcome, count(*)
    from share_tests
    group by rule_id, outcome

)

{{ counted_rows('counted') }}
union all
{{ test_rows('worded inner join roles on worded.finding_id = roles.finding_id', {
    'finding_id': 'worded.finding_id', 'rule_id': 'worded.rule_id', 'outcome': "'fail'", 'tests': '1', 'severity': 'worded.severity',
    'document_id': 'worded.document_id', 'region_code': 'worded.region_code', 'indicator_code': 'worded.indicator_code',
    'variant': 'worded.variant', 'breakdown': 'worded.breakdown', 'period': 'worded.period', 'title_zh': 'worded.title_zh',
    'title_en': 'worded.title_en', 'expected': 'worded.expected', 'observed': 'worded.observed', 'imbalance': 'worded.imbalance',
    'gap': 'worded.gap', 'figure_id': 'roles.figure_id', 'role': 'roles.role', 'operand': 'roles.operand',
    'fit_lo': 'roles.fit_lo', 'fit_hi': 'roles.fit_hi',
}) }}
