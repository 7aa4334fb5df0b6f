{#- Average growth over years against the levels at both ends, in one document. The exponent is the number of years between
    the levels; where the printed rate does not fit it, one year more, one year less and the total spread evenly over the
    years are tried, and what fits is named. A span 2016-2020 that names growth years starts from 2015; printed as two
    ends it may also start from 2016, so both are tried. Also here: whether the years of a five-year plan that a statement
    is put under are the years that it uses. -#}
with levels as (

    select *
    from ({{ reported_levels() }}) as reported
    where kind in ('baseline', 'actual', 'share') and value_lo > 0 and length(period) = 4

),

averages as (

    select
        relations.*,
        {{ last_year('relations.period') }} as end_year,
        case when relations.base_period is not null then {{ last_year('relations.base_period') }} end as base_year,
        case when {{ is_span('relations.period') }} then {{ first_year('relations.period') }} end as span_year,
        case when relations.named_period is not null then {{ first_year('relations.named_period') }} end as named_first,
        case when relations.named_period is not null then {{ last_year('relations.named_period') }} end as named_last
    from {{ ref('current_relations') }} as relations
    where relations.relation_kind in ('average_growth', 'period_length')
        and not coalesce(relations.is_told, false)
        and relations.period is not null

),

-- The years that a statement may speak of, the likelier reading first.
readings as (

    select *, 1 as reading, base_year as first_year
    from averages
    where base_year is not null
    union all
    select *, 1, span_year - 1
    from averages
    where base_year is null and span_year is not null
    union all
    select *, 2, span_year
    from averages
    where base_year is null and span_year is not null and coalesce(named_period, '') <> period
    union all
    select *, 1, end_year - stated_years
    from averages
    where base_year is null and span_year is null and stated_years is not null
    union all
    select *, 1, named_first - 1
    from averages
    where base_year is null and span_year is null and stated_years is null and named_last = end_year

),

{% for name, year in [('at_end', 'end_year'), ('at_base', 'first_year')] %}
{{ name }} as (

    select
        readings.relation_id,
        readings.reading,
        levels.*,
        row_number() over (partition by readings.relation_id, readings.reading order by {{ nearest_level('readings', 'levels') }}) as precedence
    from readings
    inner join levels
        on readings.edition_id = levels.edition_id
        and readings.region_code = levels.region_code
        and readings.series_key = levels.series_key
        and cast(readings.{{ year }} as {{ dbt.type_string() }}) = levels.period

),
{% endfor %}
powers as (

    select
        readings.*,
        readings.end_year - readings.first_year as years,
        at_end.figure_id as end_id,
        at_end.label as end_label,
        at_base.figure_id as base_id,
        at_base.label as base_label,
        {{ as_double('at_end.value_lo') }} / {{ as_double('at_base.value_hi') }} as ratio_lo,
        {{ as_double('at_end.value_hi') }} / {{ as_double('at_base.value_lo') }} as ratio_hi,
        {{ as_double('readings.value_lo') }} / 100 as rate_lo,
        {{ as_double('readings.value_hi') }} / 100 as rate_hi
    from readings
    inner join at_end
        on readings.relation_id = at_end.relation_id and readings.reading = at_end.reading and at_end.precedence = 1
    inner join at_base
        on readings.relation_id = at_base.relation_id and readings.reading = at_base.reading and at_base.precedence = 1
        and at_base.unit = at_end.unit
    where readings.relation_kind = 'average_growth'
        and readings.end_year > readings.first_year
        and readings.value > -99 and readings.value < 1000
        and not {{ is_at_constant_prices('readings') }}

),

-- A rate fits where the ratio that it gives over the years can be the ratio of the levels, a hair outward.
fitted as (

    select
        *,
        power(ratio_lo, {{ as_double('1') }} / {{ as_double('years') }}) - 1 as expected_lo,
        power(ratio_hi, {{ as_double('1') }} / {{ as_double('years') }}) - 1 as expected_hi,
        case when power(1 + rate_lo, years) <= ratio_hi * 1.00000001 and power(1 + rate_hi, years) >= ratio_lo * 0.99999999 then 1 else 0 end as fits,
        case when power(1 + rate_lo, years + 1) <= ratio_hi and power(1 + rate_hi, years + 1) >= ratio_lo then 1 else 0 end as fits_more,
        case when years > 1 and power(1 + rate_lo, years - 1) <= ratio_hi and power(1 + rate_hi, years - 1) >= ratio_lo then 1 else 0 end as fits_less,
        case when 1 + rate_lo * years <= ratio_hi and 1 + rate_hi * years >= ratio_lo then 1 else 0 end as fits_evenly
    from powers

),

chosen as (

    select
        *,
        case when fits_less = 1 then years - 1 when fits_more = 1 then years + 1 end as fitting_years,
        row_number() over (partition by relation_id order by case fits when 1 then 0 else 1 end, reading) as precedence
    from fitted

),

average_tests as (

    select 'B1-33' as rule_id, chosen.*, case when fits = 1 then 'pass' else 'fail' end as outcome
    from chosen
    where precedence = 1

),

-- The years of the named plan against the years that the statement prints or uses.
named_tests as (

    select
        'B1-44' as rule_id,
        averages.*,
        average_tests.end_id,
        average_tests.base_id,
        case
            when averages.relation_kind = 'period_length' then
                case when averages.end_year = averages.named_last and averages.span_year in (averages.named_first, averages.named_first - 1) then 'pass' else 'fail' end
            when averages.base_year is not null and averages.end_year = averages.named_last and averages.base_year <> averages.named_first - 1 then 'fail'
            when averages.base_year is null and averages.named_period = averages.period and averages.stated_years is not null
                and averages.stated_years <> averages.named_last - averages.named_first + 1 then 'fail'
            when average_tests.outcome = 'fail' and average_tests.fitting_years is not null
                and average_tests.end_year = averages.named_last and average_tests.first_year = averages.named_first - 1 then 'fail'
            else 'pass'
        end as outcome,
        case
            when averages.relation_kind = 'period_length' then '标注为' || averages.period || '年'
            when averages.base_year is not null and averages.end_year = averages.named_last and averages.base_year <> averages.named_first - 1
                then '按' || cast(averages.base_year as {{ dbt.type_string() }}) || '年至' || cast(averages.end_year as {{ dbt.type_string() }}) || '年'
                    || cast(averages.end_year - averages.base_year as {{ dbt.type_string() }}) || '年计算'
            when averages.stated_years is not null and averages.stated_years <> averages.named_last - averages.named_first + 1
                then '印为' || cast(averages.stated_years as {{ dbt.type_string() }}) || '年'
            else '按' || cast(average_tests.fitting_years as {{ dbt.type_string() }}) || '年计算'
        end as used_zh,
        case
            when averages.relation_kind = 'period_length' then 'is printed as ' || averages.period
            when averages.base_year is not null and averages.end_year = averages.named_last and averages.base_year <> averages.named_first - 1
                then 'is counted from ' || cast(averages.base_year as {{ dbt.type_string() }})
            when averages.stated_years is not null and averages.stated_years <> averages.named_last - averages.named_first + 1
                then 'is printed with ' || cast(averages.stated_years as {{ dbt.type_string() }}) || ' years'
            else 'fits ' || cast(average_tests.fitting_years as {{ dbt.type_string() }}) || ' years'
        end as used_en
    from averages
    left join average_tests
        on averages.relation_id = average_tests.relation_id
    where averages.named_period is not null
        and (averages.relation_kind = 'period_length' or averages.end_year = averages.named_last)

),

failed as (

    select
        {{ finding_id("'B1-33'", 'average_tests', "average_tests.period || '/' || coalesce(average_tests.base_period, '')") }} as finding_id,
        rule_id, document_id, region_code, indicator_code, variant, breakdown, period, line_start, relation_id,
        figure_id, end_id, base_id,
        '《' || document_title || '》' || section_zh || {{ place_zh('average_tests') }} || '：' || subject_zh || '年均增长印为' || printed_text || '，按'
            || cast(first_year as {{ dbt.type_string() }}) || '年' || base_label || '至' || cast(end_year as {{ dbt.type_string() }}) || '年' || end_label || '共'
            || cast(years as {{ dbt.type_string() }}) || '年计算应在' || {{ shown('expected_lo * 100', 2) }} || '至' || {{ shown('expected_hi * 100', 2) }} || '%之间'
            || case
                when fitting_years is not null then '；印数与按' || cast(fitting_years as {{ dbt.type_string() }}) || '年计算相符。'
                when fits_evenly = 1 then '；印数与总增幅除以年数相符。'
                else '。'
            end as title_zh,
        document_title || section_en || ' (' || {{ place_en('average_tests') }} || '): average growth of ' || subject_en || ' is printed as ' || printed_text
            || '; ' || base_label || ' in ' || cast(first_year as {{ dbt.type_string() }}) || ' and ' || end_label || ' in '
            || cast(end_year as {{ dbt.type_string() }}) || ' give ' || {{ shown('expected_lo * 100', 2) }} || ' to ' || {{ shown('expected_hi * 100', 2) }} || '% over '
            || cast(years as {{ dbt.type_string() }}) || ' years'
            || case
                when fitting_years is not null then '; it fits ' || cast(fitting_years as {{ dbt.type_string() }}) || ' years.'
                when fits_evenly = 1 then '; it is the total growth over the number of years.'
                else '.'
            end as title_en,
        {{ shown('expected_lo * 100', 2) }} || '–' || {{ shown('expected_hi * 100', 2) }} || '%' as expected,
        printed_text as observed,
        {{ as_double('value') }} - (expected_lo + expected_hi) * 50 as imbalance,
        case when rate_lo > expected_hi then rate_lo - expected_hi else expected_lo - rate_hi end * 100 as gap,
        expected_lo * 100 as fit_lo,
        expected_hi * 100 as fit_hi
    from average_tests
    where outcome = 'fail'
    union all
    select
        {{ finding_id("'B1-44'", 'named_tests', "named_tests.named_period || '/' || named_tests.period || '/' || named_tests.relation_kind") }},
        rule_id, document_id, region_code, indicator_code, variant, breakdown, named_period, line_start, relation_id,
        figure_id, end_id, base_id,
        '《' || document_title || '》' || section_zh || {{ place_zh('named_tests') }} || '：' || subject_zh || '“' || printed_text || '”属'
            || cast(named_first as {{ dbt.type_string() }}) || '—' || cast(named_last as {{ dbt.type_string() }}) || '年规划期，应以'
            || cast(named_first - 1 as {{ dbt.type_string() }}) || '年为基期、跨' || cast(named_last - named_first + 1 as {{ dbt.type_string() }}) || '年，文中'
            || used_zh || '。',
        document_title || section_en || ' (' || {{ place_en('named_tests') }} || '): ' || subject_en || ' “' || printed_text || '” is put under the plan of '
            || named_period || ', which spans ' || cast(named_last - named_first + 1 as {{ dbt.type_string() }}) || ' years from '
            || cast(named_first - 1 as {{ dbt.type_string() }}) || '; it ' || used_en || '.',
        named_period, printed_text, null, null, null, null
    from named_tests
    where outcome = 'fail'

),

worded as (

    select *, row_number() over (partition by finding_id order by line_start, relation_id) as precedence
    from failed

),

roles as (

    select finding_id, figure_id, 'growth' as role, observed as operand, fit_lo, fit_hi from worded where precedence = 1
    union all
    select finding_id, end_id, 'later', null, null, null from worded where precedence = 1 and end_id is not null
    union all
    select finding_id, base_id, 'former', null, null, null from worded where precedence = 1 and base_id is not null

),

counted as (

    select rule_id, outcome, count(*) as tests from average_tests group by rule_id, outcome
    union all
    select rule_id, outcome, count(*) from named_tests group by rule_id, outcome

)

{{ counted_rows('counted') }}
union all
{{ test_rows('worded inner join roles on worded.finding_id = roles.finding_id and worded.precedence = 1', {
    'finding_id': 'worded.finding_id', 'rule_id': 'worded.rule_id', 'outcome': "'fail'", 'tests': '1', 'document_id': 'worded.document_id',
    'region_code': 'worded.region_code', 'indicator_code': 'worded.indicator_code', 'variant': 'worded.variant',
    'breakdown': 'worded.breakdown', 'period': 'worded.period', 'title_zh': 'worded.title_zh', 'title_en': 'worded.title_en',
    'expected': 'worded.expected', 'observed': 'worded.observed', 'imbalance': 'worded.imbalance', 'gap': 'worded.gap',
    'figure_id': 'roles.figure_id', 'role': 'roles.role', 'operand': 'roles.operand', 'fit_lo': 'roles.fit_lo', 'fit_hi': 'roles.fit_hi',
}) }}
