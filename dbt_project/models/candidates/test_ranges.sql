{#- One value against what the registry says of its indicator: lower and upper limit, plausible band, whole numbers, usual
    decimals. A limit is one row (rule, indicator, kind of region); how many values it was asked of is counted per
    indicator and kind of region, so that only values outside a limit are ever looked at one by one. -#}
with rules as (

    {{ rules_of_kind(['minimum', 'maximum', 'plausible_band', 'whole_number', 'usual_decimals']) }}

),

limits as (

    select
        rules.rule_id,
        rules.kind,
        indicators.indicator_code,
        '*' as region_kind,
        '*' as variant,
        case when rules.kind = 'minimum' then indicators.valid_min end as limit_lo,
        case when rules.kind = 'maximum' then indicators.valid_max end as limit_hi,
        indicators.usual_decimals + {{ parameter_of('rules', 'extra_decimals') }} as most_decimals
    from rules
    inner join {{ ref('indicators') }} as indicators
        on {{ in_scope('rules', 'indicators.indicator_code') }}
    inner join {{ ref('units') }} as units
        on indicators.unit = units.unit
    where (rules.kind = 'minimum' and indicators.valid_min is not null)
        or (rules.kind = 'maximum' and indicators.valid_max is not null)
        or (rules.kind = 'whole_number' and units.dimension in ('count', 'persons') and units.factor = 1
            and indicators.usual_decimals = 0 and indicators.indicator_type in ('stock', 'flow'))
        or rules.kind = 'usual_decimals'
    union all
    select
        rules.rule_id,
        rules.kind,
        bands.indicator_code,
        bands.region_kind,
        bands.variant,
        bands.limit_lo,
        bands.limit_hi,
        null
    from rules
    inner join {{ ref('indicator_limits') }} as bands
        on {{ in_scope('rules', 'bands.indicator_code') }} and bands.limit_kind = rules.kind
    where rules.kind = 'plausible_band'

),

-- A target is a value too: a share of 120 % cannot be reached.
target_values as (

    select
        figure_id, document_id, region_code, indicator_code, variant, breakdown, milestone as period, value,
        value as value_lo, value as value_hi
    from {{ ref('target_groups') }}
    where target_kind = 'level'

),

-- A share of something that the registry does not know is a part of it all the same; how much of a task was done is none.
shares as (

    select *
    from {{ ref('current_figures') }}
    where indicator_code is null and unit = '%' and kind in ('actual', 'share', 'baseline', 'target') and comparator = 'eq'
        and value_lo > 100
        and (indicator_as_printed like '%占%' or indicator_as_printed like '%比重' or indicator_as_printed like '%份额')
        and indicator_as_printed not like '%任务%' and indicator_as_printed not like '%目标%'
        and indicator_as_printed not like '%计划%' and indicator_as_printed not like '%预算数%'
        and indicator_as_printed not like '%年初%' and indicator_as_printed not like '%上年%'
        and indicator_as_printed not like '%同期%' and indicator_as_printed not like '%去年%'
        and indicator_as_printed not like '%基期%' and indicator_as_printed not like '%20__年%'

),

asked as (

    select levels.indicator_code, levels.variant, levels.breakdown, regions.kind as region_kind, count(*) as tests
    from {{ ref('levels') }} as levels
    left join {{ ref('regions') }} as regions
        on levels.region_code = regions.region_code
    group by levels.indicator_code, levels.variant, levels.breakdown, regions.kind
    union all
    select targets.indicator_code, targets.variant, targets.breakdown, regions.kind, count(*)
    from target_values as targets
    left join {{ ref('regions') }} as regions
        on targets.region_code = regions.region_code
    group by targets.indicator_code, targets.variant, targets.breakdown, regions.kind

),

asked_of as (

    select limits.rule_id, sum(asked.tests) as tests
    from limits
    inner join asked
        on limits.indicator_code = asked.indicator_code
        and limits.region_kind in ('*', asked.region_kind)
        and limits.variant in ('*', asked.variant)
    where limits.kind <> 'plausible_band' or asked.breakdown = '_T'
    group by limits.rule_id

),

outside as (

    select
        limits.rule_id, limits.kind, limits.limit_lo, limits.limit_hi, limits.most_decimals,
        levels.figure_id, levels.document_id, levels.region_code, levels.indicator_code, levels.variant, levels.breakdown,
        levels.period, levels.value, levels.value_lo, levels.value_hi, levels.printed_decimals, null as share_name
    from {{ ref('levels') }} as levels
    inner join {{ ref('regions') }} as regions
        on levels.region_code = regions.region_code
    inner join limits
        on levels.indicator_code = limits.indicator_code
        and limits.region_kind in ('*', regions.kind)
        and limits.variant in ('*', levels.variant)
    where (limits.kind = 'minimum' and levels.value_hi <= limits.limit_lo and levels.value < limits.limit_lo)
        or (limits.kind = 'maximum' and levels.value_lo > limits.limit_hi)
        or (limits.kind = 'plausible_band' and levels.breakdown = '_T' and (levels.value_hi < limits.limit_lo or levels.value_lo > limits.limit_hi))
        or (limits.kind = 'whole_number' and floor(levels.value_hi) < levels.value_lo)
        or (limits.kind = 'usual_decimals' and levels.printed_decimals > limits.most_decimals)
    union all
    select
        limits.rule_id, limits.kind, limits.limit_lo, limits.limit_hi, limits.most_decimals,
        targets.figure_id, targets.document_id, targets.region_code, targets.indicator_code, targets.variant, targets.breakdown,
        targets.period || '/target', targets.value, targets.value_lo, targets.value_hi, null, null
    from target_values as targets
    inner join limits
        on targets.indicator_code = limits.indicator_code
    where (limits.kind = 'minimum' and targets.value < limits.limit_lo)
        or (limits.kind = 'maximum' and targets.value > limits.limit_hi)
        or (limits.kind = 'whole_number' and floor(targets.value) < targets.value)
    union all
    select
        rules.rule_id, rules.kind, null, 100, null,
        shares.figure_id, shares.document_id, shares.region_code, shares.indicator_code, shares.variant, shares.breakdown,
        shares.period, shares.value, shares.value_lo, shares.value_hi, null, shares.indicator_as_printed
    from shares
    inner join rules
        on rules.kind = 'maximum'

),

-- Decimals are a habit of a table: one finding for an indicator of a document.
ranked as (

    select
        outside.*,
        row_number() over (
            partition by rule_id, document_id, indicator_code, case when kind = 'usual_decimals' then '' else figure_id end
            order by region_code, period, figure_id
        ) as precedence
    from outside

),

failed as (

    select
        {{ key_id('outside', 'outside.document_id', "case when outside.kind = 'usual_decimals' then '' when outside.indicator_code is null then outside.figure_id else outside.period end") }} as finding_id,
        outside.*,
        case
            when kind = 'whole_number' then '整数'
            when kind = 'usual_decimals' then '不超过' || cast(cast(most_decimals as integer) as {{ dbt.type_string() }}) || '位小数'
            when limit_lo is not null and limit_hi is not null then {{ shown('limit_lo', 2) }} || '至' || {{ shown('limit_hi', 2) }}
            when limit_lo is not null then '不小于' || {{ shown('limit_lo', 2) }}
            else '不大于' || {{ shown('limit_hi', 2) }}
        end as fits_zh,
        case
            when kind = 'whole_number' then 'a whole number'
            when kind = 'usual_decimals' then 'at most ' || cast(cast(most_decimals as integer) as {{ dbt.type_string() }}) || ' decimals'
            when limit_lo is not null and limit_hi is not null then {{ shown('limit_lo', 2) }} || ' to ' || {{ shown('limit_hi', 2) }}
            when limit_lo is not null then 'at least ' || {{ shown('limit_lo', 2) }}
            else 'at most ' || {{ shown('limit_hi', 2) }}
        end as fits_en
    from ranked as outside
    where precedence = 1

),

-- one test each, however many versions of one key fail
failed_counts as (

    select rule_id, count(distinct finding_id) as tests
    from failed
    where indicator_code is not null
    group by rule_id

),

counted as (

    select asked_of.rule_id, 'pass' as outcome, asked_of.tests - coalesce(failed_counts.tests, 0) as tests
    from asked_of
    left join failed_counts
        on asked_of.rule_id = failed_counts.rule_id

)

{{ counted_rows('counted') }}
union all
{{ test_rows('failed', {
    'finding_id': 'finding_id', 'rule_id': 'rule_id', 'outcome': "'fail'", 'tests': '1', 'document_id': 'document_id',
    'region_code': 'region_code', 'indicator_code': 'indicator_code', 'variant': 'variant', 'breakdown': 'breakdown',
    'period': "replace(period, '/target', '')",
    'said_zh': "coalesce('“' || share_name || '”一项', '') || case kind when 'plausible_band' then '超出通常范围，应核实；通常为' when 'usual_decimals' then '小数位数超出惯例，惯例为' else '不可能成立，应为' end || fits_zh",
    'said_en': "coalesce('“' || share_name || '”: ', '') || case kind when 'plausible_band' then 'this is outside the usual range and should be verified; usual is ' when 'usual_decimals' then 'more decimals than usual; usual is ' else 'this is not possible; it has to be ' end || fits_en",
    'expected': 'fits_zh', 'observed': shown('value', 2),
    'imbalance': "case when value > limit_hi then value - limit_hi when value < limit_lo then value - limit_lo end",
    'gap': "case when value_lo > limit_hi then value_lo - limit_hi when value_hi < limit_lo then limit_lo - value_hi end",
    'figure_id': 'figure_id', 'role': "'level'", 'fit_lo': 'limit_lo', 'fit_hi': 'limit_hi',
}) }}
