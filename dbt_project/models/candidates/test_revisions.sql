{#- Earlier and later vintages of one key in one line of publications, and what a printed change implies of the value
    before. A publication that revises much is told once (share of records); of its keys only those are told that are nothing like
    the others. A value
    published for the first time is no revision. -#}
with rules as (

    {{ rules_of_kind(['revised_share', 'revision_size', 'revision_reason', 'release_order', 'flash_against_annual', 'implied_previous', 'stale_provisional']) }}

),

parameters as (

    select
        rules.*,
        {{ parameter_of('rules', 'percent') }} as percent,
        {{ parameter_of('rules', 'warning_percent') }} as warning_percent,
        {{ parameter_of('rules', 'least_records') }} as least_records,
        {{ parameter_of('rules', 'times_typical') }} as times_typical,
        {{ parameter_of('rules', 'months') }} as months
    from rules

),

several as (

    select distinct line_code, region_code, indicator_code, variant, breakdown, period
    from {{ ref('levels') }}
    where not is_current and is_cited = 0

),

vintages as (

    select
        levels.*,
        row_number() over (
            partition by levels.line_code, levels.region_code, levels.indicator_code, levels.variant, levels.breakdown, levels.period
            order by levels.published_at, case levels.release_type when 'preliminary' then 0 else 1 end, levels.origin_id, levels.figure_id
        ) as vintage_number
    from {{ ref('levels') }} as levels
    inner join several
        on levels.line_code = several.line_code
        and levels.region_code = several.region_code
        and levels.indicator_code = several.indicator_code
        and levels.variant = several.variant
        and levels.breakdown = several.breakdown
        and levels.period = several.period
    where levels.published_at is not null and levels.is_cited = 0

),

pairs as (

    select
        later.figure_id, later.document_id, later.origin_id, later.line_code, later.region_code, later.indicator_code, later.variant,
        later.breakdown, later.period, later.value, later.value_lo, later.value_hi, later.release_type, later.published_at,
        earlier.figure_id as earlier_id,
        earlier.origin_id as earlier_origin_id,
        earlier.value as earlier_value,
        earlier.value_lo as earlier_lo,
        earlier.value_hi as earlier_hi,
        earlier.release_type as earlier_type,
        earlier.published_at as earlier_published_at,
        case when later.value_hi <= earlier.value_lo or earlier.value_hi <= later.value_lo then 1 else 0 end as is_changed,
        -- change in per cent, as small as rounding allows
        case
            when earlier.value_lo > 0 and later.value_lo >= earlier.value_hi
                then 100 * ({{ as_double('later.value_lo') }} / {{ as_double('earlier.value_hi') }} - 1)
            when earlier.value_lo > 0 and later.value_hi <= earlier.value_lo
                then 100 * (1 - {{ as_double('later.value_hi') }} / {{ as_double('earlier.value_lo') }})
            else 0
        end as least_percent
    from vintages as later
    inner join vintages as earlier
        on later.line_code = earlier.line_code
        and later.region_code = earlier.region_code
        and later.indicator_code = earlier.indicator_code
        and later.variant = earlier.variant
        and later.breakdown = earlier.breakdown
        and later.period = earlier.period
        and later.vintage_number = earlier.vintage_number + 1
        and later.origin_id <> earlier.origin_id
        -- of one year of publication the preliminary value came first
        and (later.published_at > earlier.published_at
            or (later.published_at = earlier.published_at and earlier.release_type = 'preliminary' and later.release_type <> 'preliminary'))

),

-- What one publication made of an earlier one, per indicator. A declared revision needs no doubt.
settled as (

    select *
    from pairs
    where release_type in ('final', 'unknown') and earlier_type in ('final', 'unknown', 'revised', 'census_revision')

),

-- A region whose whole series moved was revised as a whole; a single year that moved alone was not.
of_series as (

    select
        origin_id, earlier_origin_id, region_code, indicator_code, variant, breakdown,
        count(*) as years,
        sum(least_percent) as percents
    from settled
    group by origin_id, earlier_origin_id, region_code, indicator_code, variant, breakdown

),

revisions as (

    select
        line_code, origin_id, earlier_origin_id, indicator_code,
        count(*) as records,
        sum(is_changed) as changed,
        case when sum(is_changed) > 0 then {{ as_double("sum(case when is_changed = 1 then least_percent else 0 end)") }} / {{ as_double("sum(is_changed)") }} end as typical_percent
    from settled
    group by line_code, origin_id, earlier_origin_id, indicator_code

),

examples as (

    select
        settled.*,
        revisions.records,
        revisions.changed,
        row_number() over (
            partition by settled.origin_id, settled.earlier_origin_id, settled.indicator_code
            order by settled.least_percent desc nulls last, settled.region_code, settled.period, settled.figure_id
        ) as precedence
    from settled
    inner join revisions
        on settled.origin_id = revisions.origin_id
        and settled.earlier_origin_id = revisions.earlier_origin_id
        and settled.indicator_code = revisions.indicator_code
    where settled.is_changed = 1

),

share_tests as (

    select
        parameters.rule_id, parameters.kind, revisions.origin_id, revisions.earlier_origin_id, revisions.indicator_code,
        case when revisions.changed * 100 > revisions.records * parameters.percent then 'fail' else 'pass' end as outcome
    from revisions
    inner join parameters
        on parameters.kind = 'revised_share' and {{ in_scope('parameters', 'revisions.indicator_code') }} and revisions.records >= parameters.least_records

),

many as (

    select revisions.origin_id, revisions.earlier_origin_id, revisions.indicator_code, revisions.typical_percent
    from share_tests
    inner join revisions
        on share_tests.origin_id = revisions.origin_id
        and share_tests.earlier_origin_id = revisions.earlier_origin_id
        and share_tests.indicator_code = revisions.indicator_code
    where share_tests.outcome = 'fail'

),

publication_tests as (

    select rule_id, kind, origin_id, earlier_origin_id, indicator_code, outcome
    from share_tests
    union all
    select
        parameters.rule_id, parameters.kind, revisions.origin_id, revisions.earlier_origin_id, revisions.indicator_code,
        case when revisions.changed > 0 then 'fail' else 'pass' end
    from revisions
    inner join parameters
        on parameters.kind = 'revision_reason' and {{ in_scope('parameters', 'revisions.indicator_code') }}
    left join many
        on revisions.origin_id = many.origin_id and revisions.earlier_origin_id = many.earlier_origin_id and revisions.indicator_code = many.indicator_code
    where many.origin_id is null

),

key_tests as (

    select
        parameters.rule_id,
        parameters.kind,
        pairs.*,
        coalesce(limits.limit_hi, parameters.percent) as percent,
        case
            when pairs.least_percent > coalesce(limits.limit_hi, parameters.percent) then 'fail'
            else 'pass'
        end as outcome,
        case when parameters.kind = 'flash_against_annual' and pairs.least_percent > parameters.warning_percent then 'warning' end as severity
    from pairs
    inner join parameters
        on {{ in_scope('parameters', 'pairs.indicator_code') }}
        and (
            (parameters.kind = 'revision_size' and pairs.release_type in ('final', 'revised', 'unknown') and pairs.earlier_type in ('final', 'revised', 'unknown'))
            or (parameters.kind = 'flash_against_annual' and pairs.release_type in ('final', 'revised') and pairs.earlier_type = 'preliminary')
        )
    left join {{ ref('indicator_limits') }} as limits
        on limits.limit_kind = 'revision' and parameters.kind = 'revision_size' and pairs.indicator_code = limits.indicator_code
    left join many
        on pairs.origin_id = many.origin_id and pairs.earlier_origin_id = many.earlier_origin_id and pairs.indicator_code = many.indicator_code
    left join of_series
        on pairs.origin_id = of_series.origin_id
        and pairs.earlier_origin_id = of_series.earlier_origin_id
        and pairs.region_code = of_series.region_code
        and pairs.indicator_code = of_series.indicator_code
        and pairs.variant = of_series.variant
        and pairs.breakdown = of_series.breakdown
    where many.origin_id is null
        or parameters.kind <> 'revision_size'
        -- among many revisions, one that is nothing like the others
        or (
            pairs.least_percent > {{ as_double('parameters.times_typical') }} * many.typical_percent
            and pairs.least_percent * (of_series.years - 1) > {{ as_double('parameters.times_typical') }} * (of_series.percents - pairs.least_percent)
        )
    union all
    select
        parameters.rule_id,
        parameters.kind,
        pairs.*,
        null,
        case
            when pairs.release_type = 'preliminary' and pairs.earlier_type in ('final', 'revised', 'census_revision')
                -- of a publication only the year may be known, and then counts as its last day
                and {{ year_of('pairs.published_at') }} > {{ year_of('pairs.earlier_published_at') }} then 'fail'
            else 'pass'
        end,
        null
    from pairs
    inner join parameters
        on parameters.kind = 'release_order' and {{ in_scope('parameters', 'pairs.indicator_code') }}

),

-- A value that a printed change implies, against every printed vintage of it.
implied as (

    select
        parameters.rule_id, parameters.kind, implied_value.figure_id, implied_value.document_id, implied_value.region_code, implied_value.indicator_code,
        implied_value.variant, implied_value.breakdown, implied_value.period,
        max(implied_value.value) as value,
        max(implied_value.value_lo) as value_lo,
        max(implied_value.value_hi) as value_hi,
        max(case when printed.is_current then printed.figure_id end) as earlier_id,
        max(case when printed.is_current then printed.value end) as earlier_value,
        min(printed.value_lo) as earlier_lo,
        max(printed.value_hi) as earlier_hi,
        min(case when implied_value.value_hi <= printed.value_lo or printed.value_hi <= implied_value.value_lo then 1 else 0 end) as fits_none
    from {{ ref('observation_versions') }} as implied_value
    inner join parameters
        on parameters.kind = 'implied_previous' and {{ in_scope('parameters', 'implied_value.indicator_code') }}
    inner join {{ ref('levels') }} as printed
        on implied_value.region_code = printed.region_code
        and implied_value.indicator_code = printed.indicator_code
        and implied_value.variant = printed.variant
        and implied_value.breakdown = printed.breakdown
        and implied_value.period = printed.period
        and printed.is_cited = 0
    where implied_value.release_type = 'implied' and implied_value.recorded_to is null
    group by
        parameters.rule_id, parameters.kind, implied_value.figure_id, implied_value.document_id, implied_value.region_code,
        implied_value.indicator_code, implied_value.variant, implied_value.breakdown, implied_value.period

),

-- Preliminary values that nothing has followed: one test per publication, the latest period speaks.
provisional as (

    select
        parameters.rule_id, parameters.kind, levels.figure_id, levels.document_id, levels.origin_id, levels.region_code, levels.indicator_code,
        levels.variant, levels.breakdown, levels.period, levels.value,
        case
            when ({{ year_of('night.now_utc') }} - cast(substr(levels.period, 1, 4) as integer) - 1) * 12 >= parameters.months then 'fail'
            else 'pass'
        end as outcome,
        row_number() over (
            partition by levels.origin_id
            order by levels.period desc, levels.region_code, levels.indicator_code, levels.figure_id
        ) as precedence
    from {{ ref('levels') }} as levels
    inner join parameters
        on parameters.kind = 'stale_provisional' and {{ in_scope('parameters', 'levels.indicator_code') }}
    cross join {{ ref('stg_night__night') }} as night
    where levels.release_type = 'preliminary' and levels.is_current and levels.year is not null

),

counted as (

    select rule_id, outcome, count(*) as tests from publication_tests group by rule_id, outcome
    union all
    select rule_id, outcome, count(*) from key_tests group by rule_id, outcome
    union all
    select rule_id, case when fits_none = 1 then 'fail' else 'pass' end, count(*) from implied group by rule_id, case when fits_none = 1 then 'fail' else 'pass' end
    union all
    select rule_id, outcome, count(*) from provisional where precedence = 1 group by rule_id, outcome

),

failed as (

    select
        {{ key_id('tests', 'tests.origin_id', 'tests.period') }} as finding_id,
        tests.rule_id, tests.kind, tests.severity, tests.document_id, tests.region_code, tests.indicator_code, tests.variant, tests.breakdown, tests.period,
        tests.figure_id, tests.earlier_id, tests.value, tests.earlier_value, tests.least_percent as shown_percent,
        cast(null as bigint) as records, cast(null as bigint) as changed
    from key_tests as tests
    where outcome = 'fail'
    union all
    select
        {{ stable_id('fnd', ['tests.rule_id', 'tests.origin_id', 'tests.earlier_origin_id', 'tests.indicator_code']) }},
        tests.rule_id, tests.kind, null, examples.document_id, examples.region_code, examples.indicator_code, examples.variant, examples.breakdown,
        examples.period, examples.figure_id, examples.earlier_id, examples.value, examples.earlier_value, examples.least_percent, examples.records, examples.changed
    from publication_tests as tests
    inner join examples
        on tests.origin_id = examples.origin_id
        and tests.earlier_origin_id = examples.earlier_origin_id
        and tests.indicator_code = examples.indicator_code
        and examples.precedence = 1
    where tests.outcome = 'fail'
    union all
    select
        {{ key_id('implied', 'implied.document_id', 'implied.period') }},
        rule_id, kind, null, document_id, region_code, indicator_code, variant, breakdown, period, figure_id, earlier_id, value, earlier_value, null, null, null
    from implied
    where fits_none = 1
    union all
    select
        {{ stable_id('fnd', ['rule_id', 'origin_id']) }},
        rule_id, kind, null, document_id, region_code, indicator_code, variant, breakdown, period, figure_id, null, value, null, null, null, null
    from provisional
    where precedence = 1 and outcome = 'fail'

),

operands as (

    select finding_id, figure_id, case when kind = 'implied_previous' then 'implied' else 'later_vintage' end as role from failed
    union all
    select finding_id, earlier_id, 'earlier_vintage' from failed where earlier_id is not null

)

{{ counted_rows('counted') }}
union all
{{ test_rows('failed inner join operands on failed.finding_id = operands.finding_id', {
    'finding_id': 'failed.finding_id', 'rule_id': 'rule_id', 'outcome': "'fail'", 'tests': '1', 'severity': 'severity', 'document_id': 'document_id',
    'region_code': 'region_code', 'indicator_code': 'indicator_code', 'variant': 'variant', 'breakdown': 'breakdown', 'period': 'period',
    'said_zh': "case kind
        when 'revised_share' then '后一次发布修改了' || cast(records as " ~ dbt.type_string() ~ ") || '个数中的' || cast(changed as " ~ dbt.type_string() ~ ") || '个，如此例，应有修订说明'
        when 'revision_reason' then '后一次发布改动了已公布的数（' || cast(changed as " ~ dbt.type_string() ~ ") || '处，如此例），却未标明是修订'
        when 'revision_size' then '修订幅度至少' || " ~ shown('shown_percent', 1) ~ " || '%，超出通常范围'
        when 'flash_against_annual' then '快报数与年报数至少相差' || " ~ shown('shown_percent', 1) ~ " || '%'
        when 'release_order' then '最终数公布之后又公布了初步数'
        when 'implied_previous' then '增减量推算的上期数与已公布的各次数字都不符，可能另有修订'
        else '初步数长期未见最终数' end",
    'said_en': "case kind
        when 'revised_share' then 'the later release changes ' || cast(changed as " ~ dbt.type_string() ~ ") || ' of ' || cast(records as " ~ dbt.type_string() ~ ") || ' values, such as this one; a revision on that scale needs a reason'
        when 'revision_reason' then 'the later release changes published values, ' || cast(changed as " ~ dbt.type_string() ~ ") || ' of them and such as this one, without calling it a revision'
        when 'revision_size' then 'the revision is at least ' || " ~ shown('shown_percent', 1) ~ " || ' %, more than usual'
        when 'flash_against_annual' then 'the preliminary and the annual value differ by at least ' || " ~ shown('shown_percent', 1) ~ " || ' %'
        when 'release_order' then 'a preliminary value was published after the final one'
        when 'implied_previous' then 'the value that the printed change implies fits no published vintage; there may have been another revision'
        else 'no final value has followed the preliminary one' end",
    'expected': "case when earlier_value is not null then " ~ shown('earlier_value', 2) ~ " end", 'observed': shown('value', 2), 'imbalance': 'value - earlier_value',
    'figure_id': 'operands.figure_id', 'role': 'operands.role',
}) }}
