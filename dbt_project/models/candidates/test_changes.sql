{#- B1-31 and B1-32: a printed change or growth against the levels that it speaks of, inside one document. The former
    level is the printed one where there is one, else the level less the printed change. Intervals throughout: 286 % on
    1.44 with +1.07 holds, although the point values give 289 %. -#}
with figures as (

    select
        current_figures.*,
        coalesce(
            current_figures.indicator_code || '/' || current_figures.variant || '/' || current_figures.breakdown,
            current_figures.statement_id
        ) as series_key,
        coalesce(indicators.name_zh, current_figures.indicator_as_printed) as subject_zh,
        coalesce(indicators.name_en, current_figures.indicator_as_printed) as subject_en
    from {{ ref('current_figures') }} as current_figures
    left join {{ ref('indicators') }} as indicators
        on current_figures.indicator_code = indicators.indicator_code
    where current_figures.layout <> 'cell'

),

-- Averages over years are no growth from one end to the other; test_average_growth asks for them. What is told together
-- with its levels is asked of test_told_changes.
averages as (

    select figure_id
    from {{ ref('current_relations') }}
    where (relation_kind = 'average_growth' or coalesce(is_told, false)) and figure_id is not null

),

levels as (

    select *
    from figures
    where kind in ('baseline', 'actual', 'share') and comparator = 'eq'

),

movements as (

    select *
    from figures
    where kind in ('growth', 'change')
        and figure_id not in (select averages.figure_id from averages)
        and not {{ is_at_constant_prices('figures') }}
        and base_period is not null
        and comparator = 'eq'
        and (
            (kind = 'growth' and printed_unit in ('%', '倍'))
            or (kind = 'change' and coalesce(printed_unit, '') not in ('%', '倍'))
        )

),

-- The level at the end and at the base of each movement: of its own statement if there is one, else of the document.
{%- for name, period in [('at_end', 'period'), ('at_base', 'base_period')] %}
{{ name }} as (

    select
        movements.figure_id as movement_id,
        levels.*,
        row_number() over (
            partition by movements.figure_id
            order by
                case when levels.statement_id = movements.statement_id then 0 else 1 end,
                levels.layout_rank, abs(levels.line_start - movements.line_start), levels.figure_id
        ) as precedence
    from movements
    inner join levels
        on movements.edition_id = levels.edition_id
        and movements.region_code = levels.region_code
        and movements.series_key = levels.series_key
        and movements.{{ period }} = levels.period

),
{% endfor %}
companions as (

    select
        growth.figure_id as movement_id,
        change.*,
        row_number() over (
            partition by growth.figure_id
            order by
                case when change.statement_id = growth.statement_id then 0 else 1 end,
                abs(change.line_start - growth.line_start), change.figure_id
        ) as precedence
    from movements as growth
    inner join movements as change
        on growth.edition_id = change.edition_id
        and growth.region_code = change.region_code
        and growth.series_key = change.series_key
        and growth.period = change.period
        and growth.base_period = change.base_period
        and growth.kind = 'growth'
        and change.kind = 'change'
        and change.printed_unit <> '个百分点'

),

operands as (

    select
        movements.*,
        at_end.figure_id as end_id,
        at_end.value_lo as end_lo,
        at_end.value_hi as end_hi,
        at_end.unit as end_unit,
        -- 0.9件增加到2.1件: the level is per head, the change is printed in the same short unit
        case when at_end.printed_unit = movements.printed_unit and at_end.printed_value = at_end.value then 1 else 0 end as is_printed_alike,
        {{ printed_label('at_end') }} as end_label,
        {{ operand('at_end') }} as end_operand,
        at_base.figure_id as base_id,
        at_base.value_lo as base_lo,
        at_base.value_hi as base_hi,
        {{ printed_label('at_base') }} as base_label,
        {{ operand('at_base') }} as base_operand,
        companions.figure_id as change_id,
        companions.value_lo as change_lo,
        companions.value_hi as change_hi,
        {{ printed_label('companions') }} as change_label,
        {{ operand('companions') }} as change_operand,
        -- growth as a factor: 12 % is 1.12, 增长14.6倍 is 15.6
        case when movements.printed_unit = '%' then 100 else 1 end as scale
    from movements
    inner join at_end
        on movements.figure_id = at_end.movement_id and at_end.precedence = 1
    left join at_base
        on movements.figure_id = at_base.movement_id and at_base.precedence = 1 and at_base.unit = at_end.unit
        and at_base.value_hi < 1000000000000
    left join companions
        on movements.figure_id = companions.movement_id and companions.precedence = 1 and companions.unit = at_end.unit
    -- Beyond these sizes a printed number is a slip of the pen and a product could overflow DECIMAL(38, 20).
    where at_end.value_hi < 1000000000000
        and (movements.kind = 'change' or movements.value_hi < 100000)
        and at_end.value_lo > 0

),

differences as (

    select
        *,
        'B1-31' as rule_id,
        end_lo - base_hi as expected_lo,
        end_hi - base_lo as expected_hi,
        case
            when not (end_hi - base_lo <= value_lo or end_lo - base_hi >= value_hi) then 'pass'
            -- points that are a growth in per cent: test_movements says so
            when unit = '个百分点' and end_hi * 100 > base_lo * (100 + value_lo) and end_lo * 100 < base_hi * (100 + value_hi) then 'not_applicable'
            else 'fail'
        end as outcome
    from operands
    where kind = 'change' and base_id is not null
        -- a change of a percentage is in points; in the level's unit otherwise
        and (unit = '个百分点' or unit = end_unit or is_printed_alike = 1)

),

growths as (

    select
        *,
        'B1-32' as rule_id,
        case
            when base_id is not null then {{ as_double('end_lo') }} / {{ as_double('base_hi') }} - 1
            else {{ as_double('change_lo') }} / {{ as_double('end_hi - change_lo') }}
        end * scale as expected_lo,
        case
            when base_id is not null then {{ as_double('end_hi') }} / {{ as_double('base_lo') }} - 1
            else {{ as_double('change_hi') }} / {{ as_double('end_lo - change_hi') }}
        end * scale as expected_hi,
        case
            when base_id is not null then
                case
                    when not (end_hi * scale <= base_lo * (scale + value_lo) or end_lo * scale >= base_hi * (scale + value_hi)) then 'pass'
                    -- points called per cent, times called times more: test_movements says so
                    when scale = 100 and end_unit = '%' and end_hi - base_lo > value_lo and end_lo - base_hi < value_hi then 'not_applicable'
                    when scale = 1 and end_hi > base_lo * value_lo and end_lo < base_hi * value_hi then 'not_applicable'
                    else 'fail'
                end
            when change_hi * scale <= value_lo * (end_lo - change_hi) or change_lo * scale >= value_hi * (end_hi - change_lo) then 'fail'
            else 'pass'
        end as outcome
    from operands
    where kind = 'growth'
        and (
            (base_id is not null and base_lo > 0)
            or (base_id is null and change_id is not null and end_lo > change_hi and change_lo > 0)
        )

),

tests as (

    select
        figure_id, rule_id, outcome, value, value_lo, value_hi, unit, document_id, document_title, region_code, indicator_code, indicator_as_printed, variant,
        breakdown, period, base_period, subject_zh, subject_en, cell, sheet, page, line_start, printed_value, printed_decimals,
        printed_unit, comparator, end_id, end_label, end_operand, base_id, base_label, base_operand,
        cast(null as {{ dbt.type_string() }}) as change_id,
        cast(null as {{ dbt.type_string() }}) as change_label,
        cast(null as {{ dbt.type_string() }}) as change_operand,
        cast(expected_lo as decimal(28, 6)) as expected_lo,
        cast(expected_hi as decimal(28, 6)) as expected_hi
    from differences
    union all
    select
        figure_id, rule_id, outcome, value, value_lo, value_hi, unit, document_id, document_title, region_code, indicator_code, indicator_as_printed, variant,
        breakdown, period, base_period, subject_zh, subject_en, cell, sheet, page, line_start, printed_value, printed_decimals,
        printed_unit, comparator, end_id, end_label, end_operand, base_id, base_label, base_operand,
        case when base_id is null then change_id end as change_id,
        case when base_id is null then change_label end as change_label,
        case when base_id is null then change_operand end as change_operand,
        cast(expected_lo as decimal(28, 6)) as expected_lo,
        cast(expected_hi as decimal(28, 6)) as expected_hi
    from growths

),

worded as (

    select
        {{ finding_id('tests.rule_id', 'tests', "tests.period || '/' || tests.base_period") }} as finding_id,
        tests.*,
        '《' || document_title || '》' || {{ place_zh('tests') }} || '：' || subject_zh || period || '年较' || base_period || '年'
            || case when rule_id = 'B1-31' then '增减' else '增长' end || '印为' || {{ printed_label('tests') }} || '，按' || end_label || '与'
            || coalesce(base_label, '增量' || change_label) || '计算应在' || {{ shown('expected_lo', 2) }} || '至' || {{ shown('expected_hi', 2) }}
            || coalesce(unit, '') || '之间。' as title_zh,
        document_title || ' (' || {{ place_en('tests') }} || '): ' || subject_en || ' ' || period || ' against ' || base_period || ' is printed as '
            || {{ printed_label('tests') }} || '; ' || end_label || ' and ' || coalesce(base_label, 'the change ' || change_label) || ' give '
            || {{ shown('expected_lo', 2) }} || ' to ' || {{ shown('expected_hi', 2) }} || coalesce(unit, '') || '.' as title_en,
        {{ operand('tests') }} as movement_operand,
        row_number() over (
            partition by {{ finding_id('tests.rule_id', 'tests', "tests.period || '/' || tests.base_period") }}
            order by case tests.outcome when 'fail' then 0 else 1 end, tests.line_start, tests.figure_id
        ) as precedence
    from tests

),

chosen as (

    select *
    from worded
    where precedence = 1 and outcome = 'fail'

),

roles as (

    select finding_id, figure_id, 'change' as role, movement_operand as operand, expected_lo as fit_lo, expected_hi as fit_hi from chosen
    union all
    select finding_id, end_id, 'level', end_operand, null, null from chosen
    union all
    select finding_id, base_id, 'former_level', base_operand, null, null from chosen where base_id is not null
    union all
    select finding_id, change_id, 'difference', change_operand, null, null from chosen where change_id is not null

),

counted as (

    select rule_id, outcome, count(*) as tests
    from worded
    where precedence = 1
    group by rule_id, outcome

)

{{ counted_rows('counted') }}
union all
{{ test_rows('chosen inner join roles on chosen.finding_id = roles.finding_id', {
    'finding_id': 'chosen.finding_id', 'rule_id': 'chosen.rule_id', 'outcome': 'chosen.outcome', 'tests': '1', 'document_id': 'chosen.document_id',
    'region_code': 'chosen.region_code', 'indicator_code': 'chosen.indicator_code', 'variant': 'chosen.variant',
    'breakdown': 'chosen.breakdown', 'period': 'chosen.period', 'title_zh': 'chosen.title_zh', 'title_en': 'chosen.title_en',
    'expected': shown('chosen.expected_lo', 2) ~ " || '–' || " ~ shown('chosen.expected_hi', 2) ~ " || coalesce(chosen.unit, '')",
    'observed': printed_label('chosen'),
    'imbalance': 'chosen.value - ' ~ as_double('chosen.expected_lo + chosen.expected_hi') ~ ' / 2',
    'gap': 'case when chosen.value_lo > chosen.expected_hi then chosen.value_lo - chosen.expected_hi else chosen.expected_lo - chosen.value_hi end',
    'figure_id': 'roles.figure_id', 'role': 'roles.role', 'operand': 'roles.operand', 'fit_lo': 'roles.fit_lo', 'fit_hi': 'roles.fit_hi',
}) }}
