{#- A change that a sentence tells together with the levels it lies between (由232家扩至286家,净多出54家), whatever it is a
    number of. All operands are printed there, so nothing is looked up: B1-31 differences, B1-32 growth, B1-33 and B1-44
    averages over years, B1-34 points called per cent, B1-35 times called times more, B1-38 words against the levels, B1-42
    places, PT-05 doublings, PT-10 growth from zero. The other models leave these relations. -#}
with operands as (

    select
        operands.relation_id,
        operands.reading_id,
        operands.role,
        operands.printed_text as label,
        figures.figure_id,
        {{ as_double('operands.value_lo') }} as value_lo,
        {{ as_double('operands.value_hi') }} as value_hi
    from {{ ref('stg_lake__relation_operands') }} as operands
    left join {{ ref('current_figures') }} as figures
        on operands.figure_id = figures.figure_id
    where operands.role in ('former', 'later', 'difference')

),

told as (

    select
        relations.*,
        {{ as_double('relations.value_lo') }} as change_lo,
        {{ as_double('relations.value_hi') }} as change_hi,
        {{ as_double('relations.value') }} as change_value,
        later.label as end_label,
        later.figure_id as end_id,
        later.value_lo as end_lo,
        later.value_hi as end_hi,
        former.label as base_label,
        former.figure_id as base_id,
        case when former.value_hi > 0 then former.value_lo end as base_lo,
        case when former.value_hi > 0 then former.value_hi end as base_hi,
        case when former.value_hi = 0 then 1 else 0 end as is_from_zero,
        difference.label as difference_label,
        difference.figure_id as difference_id,
        difference.value_lo as difference_lo,
        difference.value_hi as difference_hi,
        case when relations.direction = 'down' then -1 else 1 end as sense,
        case when relations.relation_kind = 'average_growth' and {{ is_at_constant_prices('relations') }} then 1 else 0 end as is_real,
        relations.stated_years as years
    from {{ ref('current_relations') }} as relations
    inner join operands as later
        on relations.relation_id = later.relation_id and relations.reading_id = later.reading_id and later.role = 'later'
    left join operands as former
        on relations.relation_id = former.relation_id and relations.reading_id = former.reading_id and former.role = 'former'
    left join operands as difference
        on relations.relation_id = difference.relation_id and relations.reading_id = difference.reading_id and difference.role = 'difference'
    where relations.is_told
        and later.value_lo > 0
        and (former.value_lo > 0 or (former.value_hi = 0 and relations.relation_kind in ('growth', 'average_growth', 'multiple', 'doubling')) or (difference.value_lo > 0 and later.value_lo > difference.value_hi))
        and abs(relations.value) < 1000000000000000
        and not (relations.relation_kind = 'growth' and {{ is_at_constant_prices('relations') }})

),

-- What each way of saying it should have printed: the difference, the growth, the multiple.
expectations as (

    select
        *,
        case when sense = 1 then end_lo - base_hi else base_lo - end_hi end as difference_by_lo,
        case when sense = 1 then end_hi - base_lo else base_hi - end_lo end as difference_by_hi,
        case
            when base_lo is null then {{ as_double('difference_lo') }} / {{ as_double('end_hi - sense * difference_lo') }}
            when sense = 1 then {{ as_double('end_lo') }} / {{ as_double('base_hi') }} - 1
            else 1 - {{ as_double('end_hi') }} / {{ as_double('base_lo') }}
        end as growth_lo,
        case
            when base_lo is null then {{ as_double('difference_hi') }} / {{ as_double('end_lo - sense * difference_hi') }}
            when sense = 1 then {{ as_double('end_hi') }} / {{ as_double('base_lo') }} - 1
            else 1 - {{ as_double('end_lo') }} / {{ as_double('base_hi') }}
        end as growth_hi,
        {{ as_double('end_lo') }} / {{ as_double('base_hi') }} as ratio_lo,
        {{ as_double('end_hi') }} / {{ as_double('base_lo') }} as ratio_hi,
        case when (direction = 'up' and end_hi <= base_lo) or (direction = 'down' and end_lo >= base_hi) then 1 else 0 end as is_against
    from told

),

fitted as (

    select
        *,
        case when change_lo <= difference_by_hi + 0.000000001 and change_hi >= difference_by_lo - 0.000000001 then 1 else 0 end as fits_difference,
        case when change_lo <= growth_hi * 100 + 0.000000001 and change_hi >= growth_lo * 100 - 0.000000001 then 1 else 0 end as fits_percent,
        case when change_lo <= growth_hi and change_hi >= growth_lo then 1 else 0 end as fits_times_more,
        case when change_lo <= ratio_hi and change_hi >= ratio_lo then 1 else 0 end as fits_times,
        case
            when ratio_hi >= change_value * (1 - {{ as_double(rule_parameter('PT-05', 'shortfall_percent')) }} * 0.01) and ratio_lo < change_value * 1.5 then 1
            else 0
        end as fits_doubling,
        case when power(1 + rate_lo, years) <= ratio_hi * 1.00000001 and power(1 + rate_hi, years) >= ratio_lo * 0.99999999 then 1 else 0 end as fits_years,
        case when power(1 + rate_lo, years + 1) <= ratio_hi and power(1 + rate_hi, years + 1) >= ratio_lo then 1 else 0 end as fits_more,
        case when years > 1 and power(1 + rate_lo, years - 1) <= ratio_hi and power(1 + rate_hi, years - 1) >= ratio_lo then 1 else 0 end as fits_less,
        case when years > 0 then power(ratio_lo, {{ as_double('1') }} / {{ as_double('years') }}) - 1 end as average_lo,
        case when years > 0 then power(ratio_hi, {{ as_double('1') }} / {{ as_double('years') }}) - 1 end as average_hi
    from (
        select
            *,
            -- a rate no sentence means is left at nought, so that its powers stay within bounds
            case when relation_kind = 'average_growth' and change_hi < 100 then case when sense = 1 then change_lo else -change_hi end * 0.01 else 0 end as rate_lo,
            case when relation_kind = 'average_growth' and change_hi < 100 then case when sense = 1 then change_hi else -change_lo end * 0.01 else 0 end as rate_hi
        from expectations
    ) as rated

),

judged as (

    select
        *,
        case when fits_less = 1 then years - 1 when fits_more = 1 then years + 1 end as fitting_years,
        case
            when named_period is not null
                then cast(substr(named_period, 6, 4) as integer) - cast(substr(named_period, 1, 4) as integer) + 1
        end as named_years,
        -- from the first year of the plan that it is put under to its last: a year less than the plan has
        case when base_period = substr(named_period, 1, 4) and period = substr(named_period, 6, 4) then 1 else 0 end as starts_within,
        case
            when is_from_zero = 1 then 'PT-10'
            when is_against = 1 and relation_kind <> 'rank_change' then 'B1-38'
            when relation_kind = 'difference' then 'B1-31'
            when relation_kind = 'points' then case when fits_difference = 0 and fits_percent = 1 then 'B1-34' else 'B1-31' end
            when relation_kind = 'growth' and unit = '%' and {{ text_contains('end_label', "'%'") }} and fits_percent = 0 and fits_difference = 1 then 'B1-34'
            when relation_kind = 'growth' and unit = '倍' and fits_times_more = 0 and fits_times = 1 then 'B1-35'
            when relation_kind = 'growth' then 'B1-32'
            when relation_kind = 'multiple' then case when fits_times = 0 and fits_times_more = 1 then 'B1-35' else 'B1-32' end
            when relation_kind = 'doubling' then 'PT-05'
            when relation_kind = 'average_growth' then 'B1-33'
            when relation_kind = 'rank_change' then 'B1-42'
        end as rule_id,
        case
            when is_from_zero = 1 then 'fail'
            when is_against = 1 and relation_kind <> 'rank_change' then 'fail'
            when relation_kind = 'difference' or relation_kind = 'points' then case when fits_difference = 1 then 'pass' else 'fail' end
            when relation_kind = 'growth' and unit = '%' then case when fits_percent = 1 then 'pass' else 'fail' end
            when relation_kind = 'growth' then case when fits_times_more = 1 then 'pass' else 'fail' end
            when relation_kind = 'multiple' then case when fits_times = 1 then 'pass' else 'fail' end
            when relation_kind = 'doubling' then case when fits_doubling = 1 then 'pass' else 'fail' end
            -- real growth may lie below what current prices give, but is not above it by the very step of a year less,
            -- nor the very growth of current prices
            when is_real = 1 and fits_less = 0 and not (fits_years = 1 and starts_within = 1) then 'not_applicable'
            when relation_kind = 'average_growth' then case when coalesce(years, 0) < 1 or change_hi >= 100 then 'not_applicable' when fits_years = 1 then 'pass' else 'fail' end
            -- a better place is a lower number
            when relation_kind = 'rank_change' then case when (base_lo - end_lo) * sense = change_value then 'pass' else 'fail' end
            else 'not_applicable'
        end as outcome
    from fitted

),

tests as (

    select
        judged.*,
        told_rules.rule_code,
        case when told_rules.rule_code = 'B1-44' then 'fail' else judged.outcome end as told_outcome
    from judged
    inner join (select 'of_itself' as told_by, 'all' as rule_code union all select 'named', 'B1-44') as told_rules
        -- an average under a named plan that fits another number of years is doubted as such too
        on told_rules.told_by = 'of_itself'
        or (
            judged.rule_id = 'B1-33'
            and judged.named_period is not null
            and (
                (judged.outcome = 'fail' and judged.fitting_years is not null)
                or (judged.outcome = 'pass' and judged.starts_within = 1)
            )
        )

),

shown as (

    select
        tests.*,
        case when rule_code = 'B1-44' then 'B1-44' else rule_id end as told_rule,
        coalesce(wording, '') || printed_text as change_label,
        case when wording like '相比%' then end_label || '与' || base_label when base_label is not null then '由' || base_label || '到' || end_label else '本期' || end_label || '、增减' || difference_label end as between_zh,
        case when wording like '相比%' then end_label || ' against ' || base_label when base_label is not null then base_label || ' to ' || end_label else end_label || ' with a change of ' || difference_label end as between_en,
        case
            when rule_code = 'B1-44' then cast(case when outcome = 'pass' then years else fitting_years end as {{ dbt.type_string() }}) || '年'
            when rule_id = 'B1-38' then base_label || '→' || end_label
            when rule_id = 'PT-10' then base_label || '起无增速'
            when relation_kind = 'rank_change' then {{ printed_number('cast((base_lo - end_lo) * sense as decimal(18, 0))', '0') }} || '位'
            when relation_kind in ('difference', 'points') or rule_id = 'B1-34'
                then {{ shown(as_double('difference_by_lo') ~ ' / ' ~ as_double('coalesce(units.factor, 1)'), 2) }} || '–' || {{ shown(as_double('difference_by_hi') ~ ' / ' ~ as_double('coalesce(units.factor, 1)'), 2) }}
                    || case when relation_kind = 'difference' then unit else '个百分点' end
            when relation_kind = 'average_growth' then {{ shown('average_lo * sense * 100', 2) }} || '–' || {{ shown('average_hi * sense * 100', 2) }} || '%'
            when relation_kind = 'growth' and unit = '%' then {{ shown('growth_lo * 100', 2) }} || '–' || {{ shown('growth_hi * 100', 2) }} || '%'
            when relation_kind = 'growth' then {{ shown('growth_lo', 2) }} || '–' || {{ shown('growth_hi', 2) }} || '倍'
            else {{ shown('ratio_lo', 2) }} || '–' || {{ shown('ratio_hi', 2) }} || '倍'
        end as expected
    from tests
    left join (
        select unit as unit_code, {{ as_double('factor') }} as factor
        from {{ ref('units') }}
        where dimension not in ('ratio', 'percentage_points')
    ) as units
        on tests.unit = units.unit_code
    where tests.told_outcome = 'fail'

),

worded as (

    select
        {{ finding_id('shown.told_rule', 'shown', "coalesce(shown.period, '') || '/' || coalesce(shown.base_period, '') || '/' || shown.between_zh || '/' || shown.relation_kind") }} as finding_id,
        shown.*,
        row_number() over (
            partition by shown.told_rule, shown.document_id, shown.between_zh, shown.relation_kind, shown.indicator_as_printed
            order by shown.line_start, shown.relation_id
        ) as precedence,
        '《' || document_title || '》' || section_zh || {{ place_zh('shown') }} || '：' || subject_zh || between_zh || '，印为' || change_label
            || case
                when told_rule = 'B1-44' then '，属' || named_period || '年规划期，应跨' || cast(named_years as {{ dbt.type_string() }}) || '年，按' || expected || '计算才相符。'
                when told_rule = 'B1-38' then '，文字方向与数字相反。'
                when told_rule = 'PT-10' then '；基期为零，增速和倍数无从计算，只能说明增加了多少。'
                when told_rule = 'B1-34' and relation_kind = 'growth' then '；两期相差' || expected || '，“%”与“个百分点”混用。'
                when told_rule = 'B1-34' then '；两期相差' || expected || '，按百分比才相符，“%”与“个百分点”混用。'
                when told_rule = 'B1-35' then '；按' || case when relation_kind = 'growth' then '“是原来的”' else '“增长”' end || '才相符，“增长N倍”与“是N倍”混用。'
                when told_rule = 'B1-33' then '，按' || cast(years as {{ dbt.type_string() }}) || '年计算应为' || expected
                    || case when fitting_years is not null then '；印数与按' || cast(fitting_years as {{ dbt.type_string() }}) || '年计算相符。' else '。' end
                when told_rule = 'PT-05' then '，实为' || expected || '，不是' || cast(cast(change_value as integer) as {{ dbt.type_string() }}) || '倍。'
                else '，计算应为' || expected || '。'
            end as title_zh,
        document_title || section_en || ' (' || {{ place_en('shown') }} || '): ' || subject_en || ', ' || between_en || ', is printed as ' || change_label
            || case
                when told_rule = 'B1-44' then ' under the plan of ' || named_period || '; it fits ' || replace(expected, '年', '') || ' years.'
                when told_rule = 'B1-38' then ', against the way of the numbers.'
                when told_rule = 'PT-10' then '; from zero there is neither growth nor multiple.'
                when told_rule = 'B1-34' then ', which fits only if per cent and points are exchanged.'
                when told_rule = 'B1-35' then ', which fits only if growth and multiple are exchanged.'
                else '; the numbers give ' || expected || '.'
            end as title_en
    from shown

),

roles as (

    select finding_id, figure_id, 'change' as role, printed_text || '|' || expected as operand from worded where precedence = 1
    union all
    select finding_id, end_id, 'later', null from worded where precedence = 1 and end_id is not null
    union all
    select finding_id, base_id, 'former', null from worded where precedence = 1 and base_id is not null
    union all
    select finding_id, difference_id, 'difference', null from worded where precedence = 1 and difference_id is not null

),

counted as (

    select rule_id, outcome, count(*) as tests
    from judged
    group by rule_id, outcome

)

{{ counted_rows('counted') }}
union all
{{ test_rows('worded inner join roles on worded.finding_id = roles.finding_id and worded.precedence = 1', {
    'finding_id': 'worded.finding_id', 'rule_id': 'worded.told_rule', 'outcome': "'fail'", 'tests': '1', 'document_id': 'worded.document_id',
    'region_code': 'worded.region_code', 'indicator_code': 'worded.indicator_code', 'variant': 'worded.variant',
    'breakdown': 'worded.breakdown', 'period': 'worded.period', 'title_zh': 'worded.title_zh', 'title_en': 'worded.title_en',
    'expected': 'worded.expected', 'observed': 'worded.printed_text', 'figure_id': 'roles.figure_id', 'role': 'roles.role', 'operand': 'roles.operand',
}) }}
