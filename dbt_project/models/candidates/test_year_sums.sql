{#- B1-11 over time: what is printed for each year of a span and what the same row or sentence prints for the span as a
    whole. Only what is counted over a year adds up; of what is none of our indicators, a sum that is a year's level, or
    the gain since the year before the span, is read as a stock and not tested. -#}
with printed as (

    select
        figures.*,
        coalesce(figures.indicator_code, figures.indicator_as_printed) as name,
        coalesce(indicators.name_zh, figures.indicator_as_printed) as name_zh,
        coalesce(indicators.name_en, figures.indicator_as_printed) as name_en,
        {{ printed_label('figures') }} as label,
        {{ spot_zh('figures') }} as spot_zh,
        {{ spot_en('figures') }} as spot_en,
        {{ operand('figures') }} as evidence
    from {{ ref('current_figures') }} as figures
    left join {{ ref('indicators') }} as indicators
        on figures.indicator_code = indicators.indicator_code
    where figures.layout <> 'cell'
        and figures.comparator = 'eq'
        and figures.value_hi < 1000000000000
        and (indicators.indicator_code is null or indicators.indicator_type = 'flow')
        and (figures.kind in ('baseline', 'actual') or (figures.kind = 'target' and figures.target_kind in ('level', 'cumulative_flow')))

),

wholes as (

    select
        printed.*,
        cast(substr(period, 1, 4) as integer) as first_year,
        cast(substr(period, 6, 4) as integer) as final_year
    from printed
    where length(period) = 9 and substr(period, 5, 1) = '-' and coalesce(target_kind, 'cumulative_flow') = 'cumulative_flow'

),

years as (

    select
        wholes.figure_id as whole_id,
        parts.figure_id,
        parts.evidence,
        parts.value_lo,
        parts.value_hi,
        cast(parts.period as integer) as year,
        wholes.first_year,
        wholes.final_year
    from wholes
    inner join printed as parts
        on wholes.edition_id = parts.edition_id
        and wholes.region_code = parts.region_code
        and wholes.name = parts.name
        and wholes.variant = parts.variant
        and wholes.breakdown = parts.breakdown
        and wholes.layout = parts.layout
        and wholes.line_start = parts.line_start
        and coalesce(wholes.unit, '') = coalesce(parts.unit, '')
        and length(parts.period) = 4
        and coalesce(parts.target_kind, 'level') = 'level'
    where cast(parts.period as integer) between wholes.first_year - 1 and wholes.final_year

),

sums as (

    select
        whole_id,
        count(distinct case when year >= first_year then year end) as years,
        count(case when year >= first_year then 1 end) as printings,
        sum(case when year >= first_year then value_lo else 0 end) as lowest,
        sum(case when year >= first_year then value_hi else 0 end) as highest,
        min(case when year = final_year then value_lo end) as last_lo,
        max(case when year = final_year then value_hi end) as last_hi,
        min(case when year = first_year - 1 then value_lo end) as base_lo,
        max(case when year = first_year - 1 then value_hi end) as base_hi
    from years
    group by whole_id

),

tests as (

    select
        {{ finding_id("'B1-11'", 'wholes', 'wholes.period') }} as finding_id,
        wholes.*,
        sums.lowest,
        sums.highest,
        case when sums.highest <= wholes.value_lo then wholes.value_lo - sums.highest else sums.lowest - wholes.value_hi end as gap,
        case when sums.highest <= wholes.value_lo or sums.lowest >= wholes.value_hi then 'fail' else 'pass' end as outcome
    from wholes
    inner join sums
        on wholes.figure_id = sums.whole_id
    where sums.years = wholes.final_year - wholes.first_year + 1
        and sums.printings = sums.years
        and (
            wholes.indicator_code is not null
            or not (
                (sums.last_lo < wholes.value_hi and sums.last_hi > wholes.value_lo)
                or coalesce(sums.last_lo - sums.base_hi < wholes.value_hi and sums.last_hi - sums.base_lo > wholes.value_lo, false)
            )
        )

),

failed as (

    select
        tests.*,
        -- beyond three times what rounding allows no chain of roundings explains the difference (B1-11)
        case when gap > highest - lowest then 'error' else 'warning' end as severity,
        '《' || document_title || '》' || spot_zh || '：' || name_zh || period || '年累计印为' || label || '，所印各年之和应在'
            || {{ shown('lowest', 2) }} || '至' || {{ shown('highest', 2) }} || coalesce(unit, '') || '之间。' as title_zh,
        document_title || ' (' || spot_en || '): ' || name_en || ', ' || period || ', is printed as ' || label || '; the years printed beside it add up to between '
            || {{ shown('lowest', 2) }} || ' and ' || {{ shown('highest', 2) }} || ' ' || coalesce(unit, '') || '.' as title_en
    from tests
    where outcome = 'fail'

),

roles as (

    select finding_id, figure_id, 'total' as role, evidence as operand from failed
    union all
    select failed.finding_id, years.figure_id, 'part', years.evidence
    from failed
    inner join years
        on failed.figure_id = years.whole_id and years.year >= years.first_year

),

counted as (

    select 'B1-11' as rule_id, outcome, count(*) as tests
    from tests
    group by outcome

)

{{ counted_rows('counted') }}
union all
{{ test_rows('failed inner join roles on failed.finding_id = roles.finding_id', {
    'finding_id': 'failed.finding_id', 'rule_id': "'B1-11'", 'outcome': "'fail'", 'tests': '1', 'severity': 'failed.severity',
    'document_id': 'failed.document_id', 'region_code': 'failed.region_code', 'indicator_code': 'failed.indicator_code', 'variant': 'failed.variant', 'breakdown': 'failed.breakdown',
    'period': 'failed.period', 'title_zh': 'failed.title_zh', 'title_en': 'failed.title_en', 'expected': 'failed.label',
    'observed': shown('failed.lowest', 2), 'gap': 'failed.gap', 'figure_id': 'roles.figure_id', 'role': 'roles.role', 'operand': 'roles.operand',
}) }}
