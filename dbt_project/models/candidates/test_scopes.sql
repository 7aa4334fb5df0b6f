{#- What a target covers: PT-13 an indicator that sounds like one of the statistics and is counted differently (seed
    similar_indicators), PT-16 a composite region (贵阳贵安) that statistics of one region do not cover. -#}
with printed as (

    select
        figures.*,
        {{ printed_label('figures') }} as label,
        {{ spot_zh('figures') }} as spot_zh,
        {{ spot_en('figures') }} as spot_en,
        {{ operand('figures') }} as operand,
        row_number() over (
            partition by figures.edition_id, figures.region_code, figures.indicator_code, figures.kind
            order by figures.period desc, figures.layout_rank, figures.line_start, figures.figure_id
        ) as precedence
    from {{ ref('current_figures') }} as figures
    where figures.layout <> 'cell' and figures.indicator_code is not null
        and (figures.kind in ('baseline', 'actual', 'target') and coalesce(figures.target_kind, 'level') = 'level')

),

targets as (

    select printed.*, alike.similar_code, alike.is_surveyed, alike.difference_zh, alike.difference_en
    from printed
    inner join {{ ref('similar_indicators') }} as alike
        on printed.indicator_code = alike.indicator_code
    where printed.kind = 'target' and printed.precedence = 1

),

-- The similar indicator in the same document: as the start of a target that has none of its own, or with the same number.
mixed as (

    select
        targets.figure_id as target_id,
        starts.figure_id as start_id,
        starts.label as start_label,
        starts.spot_zh as start_zh,
        starts.spot_en as start_en,
        starts.operand as start_operand,
        starts.indicator_as_printed as start_name,
        row_number() over (partition by targets.figure_id order by starts.layout_rank, starts.line_start, starts.figure_id) as precedence
    from targets
    inner join printed as starts
        on targets.edition_id = starts.edition_id
        and targets.region_code = starts.region_code
        and targets.similar_code = starts.indicator_code
        and targets.breakdown = starts.breakdown
    left join printed as own
        on targets.edition_id = own.edition_id
        and targets.region_code = own.region_code
        and targets.indicator_code = own.indicator_code
        and own.kind in ('baseline', 'actual')
        and own.precedence = 1
    left join printed as theirs
        on targets.edition_id = theirs.edition_id
        and targets.region_code = theirs.region_code
        and targets.similar_code = theirs.indicator_code
        and theirs.kind = 'target'
        and theirs.precedence = 1
    where (starts.kind in ('baseline', 'actual') and own.figure_id is null and theirs.figure_id is null)
        or (starts.kind = 'target' and starts.period = targets.period and starts.value = targets.value)
        or (starts.kind in ('baseline', 'actual') and starts.kind = own.kind and starts.period = own.period and starts.value = own.value)

),

similarities as (

    select
        {{ finding_id("'PT-13'", 'targets', "''") }} as finding_id,
        targets.*,
        indicators.name_zh,
        indicators.name_en,
        others.name_zh as similar_zh,
        others.name_en as similar_en,
        mixed.start_id,
        mixed.start_label,
        mixed.start_zh,
        mixed.start_en,
        mixed.start_operand,
        mixed.start_name,
        case when mixed.start_id is not null or not targets.is_surveyed then 'fail' else 'pass' end as outcome
    from targets
    inner join {{ ref('indicators') }} as indicators
        on targets.indicator_code = indicators.indicator_code
    inner join {{ ref('indicators') }} as others
        on targets.similar_code = others.indicator_code
    left join mixed
        on targets.figure_id = mixed.target_id and mixed.precedence = 1

),

-- One per document and composite.
composites as (

    select
        {{ stable_id('fnd', ["'PT-16'", 'figures.document_id', 'figures.region_code', 'figures.scope_note']) }} as finding_id,
        figures.document_id,
        figures.region_code,
        figures.scope_note,
        max(figures.document_title) as document_title,
        min(figures.figure_id) as figure_id,
        count(*) as figures
    from {{ ref('current_figures') }} as figures
    where figures.scope_note is not null and figures.layout <> 'cell'
    group by figures.document_id, figures.region_code, figures.scope_note

),

members as (

    select
        regions.name_zh as composite_zh,
        {{ ordered_text('parts.name_zh', '、', 'parts.region_code') }} as members_zh
    from {{ ref('regions') }} as regions
    inner join {{ ref('region_members') }} as memberships
        on regions.region_code = memberships.composite_code
    inner join {{ ref('regions') }} as parts
        on memberships.member_code = parts.region_code
    where regions.kind = 'composite'
    group by regions.name_zh

),

resolved as (

    select composites.*, regions.name_zh as region_zh, members.members_zh
    from composites
    inner join {{ ref('regions') }} as regions
        on composites.region_code = regions.region_code
    left join members
        on composites.scope_note = members.composite_zh

),

failed as (

    select
        finding_id, 'PT-13' as rule_id, case when start_id is null then 'information' end as severity,
        document_id, region_code, indicator_code, variant, breakdown, {{ last_year('period') }} as milestone,
        '《' || document_title || '》' || spot_zh || '：目标为“' || indicator_as_printed || '”' || label
            || case when start_id is not null then '，而' || start_zh || '给出的是“' || start_name || '”' || start_label else '' end
            || '；' || difference_zh || case when start_id is not null then '，两个数不能对比。' else '，进展不能用后者评估。' end as title_zh,
        document_title || ' (' || spot_en || '): the target is “' || indicator_as_printed || '” ' || label
            || case when start_id is not null then ', while “' || start_name || '” ' || start_label || ' is given (' || start_en || ')' else '' end
            || '; ' || difference_en || '.' as title_en,
        similar_zh as expected, name_zh as observed,
        figure_id as first_id, 'target' as first_role, operand as first_operand, start_id as second_id, start_operand as second_operand
    from similarities
    where outcome = 'fail'
    union all
    select
        finding_id, 'PT-16', case when members_zh is not null then 'information' else 'warning' end,
        document_id, region_code, null, '_T', '_T', null,
        '《' || document_title || '》的数字以“' || scope_note || '”为范围'
            || coalesce('（含' || members_zh || '）', '，其组成未登记') || '，现记在' || region_zh || '名下（' || cast(figures as {{ dbt.type_string() }})
            || '个）；与' || region_zh || '的统计数口径不同，比较时应注意。',
        document_title || ' is about “' || scope_note || '”' || coalesce(' (' || members_zh || ')', ', of unknown members') || '; its '
            || cast(figures as {{ dbt.type_string() }}) || ' figures are kept under ' || region_zh || ', whose statistics cover less.',
        null, scope_note, figure_id, 'printing', scope_note, null, null
    from resolved

),

operands as (

    select finding_id, first_id as figure_id, first_role as role, first_operand as operand from failed
    union
    select finding_id, second_id, 'level', second_operand from failed where second_id is not null

),

counted as (

    select 'PT-13' as rule_id, outcome, count(*) as tests
    from similarities
    group by outcome
    union all
    select 'PT-16', 'pass', count(distinct edition_id)
    from {{ ref('current_figures') }}
    where scope_note is null and layout <> 'cell'

)

{{ counted_rows('counted') }}
union all
{{ test_rows('failed inner join operands on failed.finding_id = operands.finding_id', {
    'finding_id': 'failed.finding_id', 'rule_id': 'rule_id', 'outcome': "'fail'", 'tests': '1', 'severity': 'severity', 'document_id': 'document_id',
    'region_code': 'region_code', 'indicator_code': 'indicator_code', 'variant': 'variant', 'breakdown': 'breakdown',
    'period': "coalesce(cast(milestone as " ~ dbt.type_string() ~ "), '')", 'title_zh': 'title_zh', 'title_en': 'title_en', 'expected': 'expected',
    'observed': 'observed', 'figure_id': 'operands.figure_id', 'role': 'operands.role', 'operand': 'operands.operand',
}) }}
