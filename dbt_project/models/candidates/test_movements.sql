{#- How a movement is worded against the levels that it speaks of, in one document: per cent where points are meant and the
    reverse (B1-34), 增长N倍 where 是N倍 is meant and the reverse (B1-35), a direction against its numbers (B1-38), places
    gained against the places (B1-42). Where the other reading fits, this is the finding and test_changes leaves it; a
    multiple that fits neither way is B1-32. Without the former level both readings of a doubtful wording are given. -#}
with reported as (

    {{ reported_levels() }}

),

levels as (

    select *
    from reported
    where kind in ('baseline', 'actual', 'share') and value < 1000000000000

),

movements as (

    select *
    from {{ ref('current_relations') }} as relations
    where relations.relation_kind in ('growth', 'points', 'multiple', 'difference', 'rank_change', 'direction')
        and relations.period is not null
        and not coalesce(relations.is_told, false)
        and not {{ is_at_constant_prices('relations') }}

),

{% for name, period in [('at_end', 'period'), ('at_base', 'base_period')] %}
{{ name }} as (

    select
        movements.relation_id,
        levels.*,
        row_number() over (partition by movements.relation_id order by {{ nearest_level('movements', 'levels') }}) as precedence
    from movements
    inner join levels
        on movements.edition_id = levels.edition_id
        and movements.region_code = levels.region_code
        and movements.series_key = levels.series_key
        and movements.{{ period }} = levels.period

),
{% endfor %}
paired as (

    select
        movements.*,
        at_end.figure_id as end_id,
        at_end.label as end_label,
        at_end.unit as end_unit,
        at_end.value_lo as end_lo,
        at_end.value as end_value,
        at_end.value_hi as end_hi,
        at_base.figure_id as base_id,
        at_base.label as base_label,
        at_base.value_lo as base_lo,
        at_base.value as base_value,
        at_base.value_hi as base_hi
    from movements
    inner join at_end
        on movements.relation_id = at_end.relation_id and at_end.precedence = 1 and at_end.value_lo > 0
    left join at_base
        on movements.relation_id = at_base.relation_id and at_base.precedence = 1 and at_base.unit = at_end.unit and at_base.value_lo > 0
    where movements.relation_kind <> 'direction' and movements.relation_kind <> 'rank_change'
        and movements.base_period is not null
        and abs(movements.value) < 100000

),

-- Each way to read the printed number, as the ratio or the difference of the levels; a reading touches its ends.
readings as (

    select
        *,
        case when end_hi - base_lo > value_lo and end_lo - base_hi < value_hi then 1 else 0 end as fits_points,
        case when end_hi * 100 > base_lo * (100 + value_lo) and end_lo * 100 < base_hi * (100 + value_hi) then 1 else 0 end as fits_percent,
        case when end_hi > base_lo * (1 + value_lo) and end_lo < base_hi * (1 + value_hi) then 1 else 0 end as fits_growth,
        case when end_hi > base_lo * value_lo and end_lo < base_hi * value_hi then 1 else 0 end as fits_multiple,
        {{ as_double('end_value') }} - {{ as_double('value') }} as base_by_points,
        {{ as_double('end_value') }} / nullif(1 + {{ as_double('value') }} / 100, 0) as base_by_percent,
        {{ as_double('end_value') }} / nullif(1 + {{ as_double('value') }}, 0) as base_by_growth,
        {{ as_double('end_value') }} / nullif({{ as_double('value') }}, 0) as base_by_multiple
    from paired

),

worded_tests as (

    -- a change of a percentage, in per cent or in points
    select
        'B1-34' as rule_id,
        readings.*,
        case
            when base_id is not null and relation_kind = 'growth' then case when fits_percent = 1 then 'pass' when fits_points = 1 then 'fail' else 'not_applicable' end
            when base_id is not null then case when fits_points = 1 then 'pass' when fits_percent = 1 then 'fail' else 'not_applicable' end
            when relation_kind = 'growth' and base_by_points > 0 and base_by_percent > 0
                and ({% for word in ['提', '升', '降', '加', '减', '回落'] %}{{ text_contains('wording', "'" ~ word ~ "'") }}{{ ' or ' if not loop.last }}{% endfor %}) then 'fail'
            else 'not_applicable'
        end as outcome,
        base_by_points as one_base,
        base_by_percent as other_base
    from readings
    where end_unit = '%' and ((relation_kind = 'growth' and unit = '%') or relation_kind = 'points')
    union all
    -- so many times more, or so many times
    select
        'B1-35',
        readings.*,
        case
            when base_id is not null and relation_kind = 'growth' then case when fits_growth = 1 then 'pass' when fits_multiple = 1 then 'fail' else 'not_applicable' end
            when base_id is not null then case when fits_multiple = 1 then 'pass' when fits_growth = 1 then 'fail' else 'not_applicable' end
            when relation_kind = 'growth' and value > 1 then 'fail'
            else 'not_applicable'
        end,
        base_by_growth,
        base_by_multiple
    from readings
    where unit = '倍' and relation_kind in ('growth', 'multiple')
    union all
    select
        'B1-32',
        readings.*,
        case when fits_multiple = 1 then 'pass' when fits_growth = 1 then 'not_applicable' else 'fail' end,
        null,
        null
    from readings
    where unit = '倍' and relation_kind = 'multiple' and base_id is not null
    union all
    -- the words rise and the levels fall, or the reverse
    select
        'B1-38',
        readings.*,
        case
            when direction = 'up' and end_hi <= base_lo then 'fail'
            when direction = 'down' and end_lo >= base_hi then 'fail'
            else 'pass'
        end,
        null,
        null
    from readings
    where direction is not null and base_id is not null and relation_kind in ('growth', 'points', 'difference')

),

-- 从…下降到…: the two levels of the sentence itself.
turned as (

    select
        relations.*,
        later.figure_id as end_id,
        later.printed_text as end_label,
        former.figure_id as base_id,
        former.printed_text as base_label,
        case
            when relations.direction = 'up' and later.value_hi <= former.value_lo then 'fail'
            when relations.direction = 'down' and later.value_lo >= former.value_hi then 'fail'
            else 'pass'
        end as outcome
    from movements as relations
    inner join {{ ref('stg_lake__relation_operands') }} as former
        on relations.relation_id = former.relation_id and relations.reading_id = former.reading_id and former.role = 'former'
    inner join {{ ref('stg_lake__relation_operands') }} as later
        on relations.relation_id = later.relation_id and relations.reading_id = later.reading_id and later.role = 'later'
    where relations.relation_kind = 'direction'

),

-- 持续下滑 without numbers: the first and the last level of the document within the years spoken of, and its growth rates.
told as (

    select relations.*
    from {{ ref('current_relations') }} as relations
    where relations.relation_kind = 'direction' and relations.indicator_code is not null and relations.figure_id is null
        and relations.base_period is null
        and not {{ is_at_constant_prices('relations') }}

),

told_levels as (

    select
        told.relation_id,
        levels.figure_id, levels.label, levels.period, levels.value_lo, levels.value_hi, levels.unit,
        row_number() over (partition by told.relation_id order by levels.period, {{ nearest_level('told', 'levels') }}) as first_place,
        row_number() over (partition by told.relation_id order by levels.period desc nulls last, {{ nearest_level('told', 'levels') }}) as last_place
    from told
    inner join levels
        on told.edition_id = levels.edition_id
        and told.region_code = levels.region_code
        and told.series_key = levels.series_key
        and length(levels.period) = 4
    where told.period is null
        or ({{ first_year('levels.period') }} >= {{ first_year('told.period') }} - 1 and {{ first_year('levels.period') }} <= {{ last_year('told.period') }})

),

told_growth as (

    select
        told.relation_id,
        growth.figure_id,
        growth.label,
        growth.period,
        growth.value_lo,
        growth.value_hi,
        row_number() over (partition by told.relation_id order by abs(growth.line_start - told.line_start), growth.figure_id) as precedence
    from told
    inner join reported as growth
        on told.edition_id = growth.edition_id
        and told.region_code = growth.region_code
        and told.series_key = growth.series_key
        and growth.kind = 'growth'
    where (told.direction = 'up' and growth.value_hi <= 0) or (told.direction = 'down' and growth.value_lo >= 0)

),

told_tests as (

    select
        told.*,
        coalesce(told.period, told_growth.period, later.period) as spoken_period,
        coalesce(told_growth.figure_id, later.figure_id) as end_id,
        coalesce(told_growth.label, later.label) as end_label,
        case when told_growth.figure_id is null then former.figure_id end as base_id,
        case when told_growth.figure_id is null then former.label end as base_label,
        case
            when told_growth.figure_id is not null then 'fail'
            when former.period = later.period or former.unit <> later.unit then 'not_applicable'
            when told.direction = 'up' and later.value_hi <= former.value_lo then 'fail'
            when told.direction = 'down' and later.value_lo >= former.value_hi then 'fail'
            when former.figure_id is null then 'not_applicable'
            else 'pass'
        end as outcome
    from told
    left join told_levels as former
        on told.relation_id = former.relation_id and former.first_place = 1
    left join told_levels as later
        on told.relation_id = later.relation_id and later.last_place = 1
    left join told_growth
        on told.relation_id = told_growth.relation_id and told_growth.precedence = 1

),

-- Places: a better place is a lower number, so places gained are the former place less the later one.
places as (

    select
        movements.relation_id,
        ranks.figure_id, ranks.label, ranks.period, ranks.value, ranks.statement_id,
        case when ranks.period = movements.period then 1 else 0 end as is_end,
        row_number() over (
            partition by movements.relation_id, case when ranks.period = movements.period then 1 else 0 end
            order by {{ nearest_level('movements', 'ranks') }}
        ) as precedence
    from movements
    inner join reported as ranks
        on movements.edition_id = ranks.edition_id
        and movements.region_code = ranks.region_code
        and movements.series_key = ranks.series_key
        and ranks.kind = 'rank'
        and (
            ranks.period in (movements.period, movements.base_period)
            or (movements.base_period is null and ranks.statement_id = movements.statement_id and ranks.period < movements.period)
        )
    where movements.relation_kind = 'rank_change'

),

place_tests as (

    select
        movements.*,
        later.figure_id as end_id,
        later.label as end_label,
        former.figure_id as base_id,
        former.label as base_label,
        former.period as former_period,
        former.value - later.value as gained,
        case when former.value - later.value = movements.value then 'pass' else 'fail' end as outcome
    from movements
    inner join places as later
        on movements.relation_id = later.relation_id and later.is_end = 1 and later.precedence = 1
    inner join places as former
        on movements.relation_id = former.relation_id and former.is_end = 0 and former.precedence = 1

),

failed as (

    select
        rule_id, relation_id, document_id, document_title, region_code, indicator_code, indicator_as_printed, variant, breakdown, period, base_period,
        section_zh, section_en, line_start, page, sheet, cell, subject_zh, subject_en, printed_text, figure_id, end_id, base_id,
        case
            when rule_id = 'B1-34' and base_id is null
                then coalesce(wording, '') || printed_text || '，本期' || end_label || '；如为百分点，基期应为' || {{ shown('one_base', 2) }} || '%，如为百分比，基期应为'
                    || {{ shown('other_base', 2) }} || '%，宜写明'
            when rule_id = 'B1-34'
                then '由' || base_label || '到' || end_label || '，' || coalesce(wording, '') || '印为' || printed_text || '；按'
                    || case when relation_kind = 'growth' then '百分点' else '百分比' end || '才相符，“%”与“个百分点”混用'
            when rule_id = 'B1-35' and base_id is null
                then coalesce(wording, '') || printed_text || '，本期' || end_label || '；如为“增长”，基期应为' || {{ shown('one_base', 3) }} || coalesce(end_unit, '')
                    || '，如为“是原来的”，基期应为' || {{ shown('other_base', 3) }} || coalesce(end_unit, '') || '，宜写明'
            when rule_id = 'B1-35'
                then '由' || base_label || '到' || end_label || '，印为' || coalesce(wording, '') || printed_text || '；按'
                    || case when relation_kind = 'growth' then '“是原来的”' else '“增长”' end || '才相符，“增长N倍”与“是N倍”混用'
            when rule_id = 'B1-32'
                then '由' || base_label || '到' || end_label || '，不是' || printed_text
            else '由' || base_label || '到' || end_label || '，文字却为“' || coalesce(wording, '') || '”'
        end as said_zh,
        case
            when rule_id = 'B1-34' and base_id is null
                then 'a change of ' || printed_text || ' to ' || end_label || ' comes from ' || {{ shown('one_base', 2) }} || '% if points are meant and from '
                    || {{ shown('other_base', 2) }} || '% if per cent are meant'
            when rule_id = 'B1-34' then base_label || ' to ' || end_label || ' is printed as ' || printed_text || ', which fits only if per cent and points are exchanged'
            when rule_id = 'B1-35' and base_id is null
                then 'a rise by ' || printed_text || ' to ' || end_label || ' comes from ' || {{ shown('one_base', 3) }} || ' if it is the growth and from '
                    || {{ shown('other_base', 3) }} || ' if it is the multiple'
            when rule_id = 'B1-35' then base_label || ' to ' || end_label || ' is printed as ' || printed_text || ', which fits only if growth and multiple are exchanged'
            when rule_id = 'B1-32' then base_label || ' to ' || end_label || ' is not ' || printed_text
            else base_label || ' to ' || end_label || ' goes against the word “' || coalesce(wording, '') || '”'
        end as said_en,
        coalesce(base_label, '') || '→' || end_label as expected
    from worded_tests
    where outcome = 'fail'
    union all
    select
        'B1-38', relation_id, document_id, document_title, region_code, indicator_code, indicator_as_printed, variant, breakdown, period, base_period,
        section_zh, section_en, line_start, page, sheet, cell, subject_zh, subject_en, printed_text, figure_id, end_id, base_id,
        '由' || base_label || '到' || end_label || '，文字却为“' || wording || '”',
        base_label || ' to ' || end_label || ' goes against the word “' || wording || '”',
        base_label || '→' || end_label
    from turned
    where outcome = 'fail'
    union all
    select
        'B1-38', relation_id, document_id, document_title, region_code, indicator_code, indicator_as_printed, variant, breakdown, spoken_period, base_period,
        section_zh, section_en, line_start, page, sheet, cell, subject_zh, subject_en, printed_text, figure_id, end_id, base_id,
        '文字为“' || wording || '”，同一文件中' || case when base_id is null then '增速为' || end_label else '由' || base_label || '到' || end_label end,
        'the words say “' || wording || '”, the same document prints ' || case when base_id is null then 'a growth of ' || end_label else base_label || ' and then ' || end_label end,
        coalesce(base_label || '→', '') || end_label
    from told_tests
    where outcome = 'fail'
    union all
    select
        'B1-42', relation_id, document_id, document_title, region_code, indicator_code, indicator_as_printed, variant, breakdown, period,
        coalesce(base_period, former_period),
        section_zh, section_en, line_start, page, sheet, cell, subject_zh, subject_en, printed_text, figure_id, end_id, base_id,
        '位次由' || base_label || '到' || end_label || '，变动应为' || {{ printed_number('abs(gained)', '0') }} || '位，印为' || coalesce(wording, '') || printed_text,
        'place ' || base_label || ' to ' || end_label || ' is a change of ' || {{ printed_number('gained', '0') }} || ', printed as ' || printed_text,
        {{ printed_number('gained', '0') }} || '位'
    from place_tests
    where outcome = 'fail'

),

keyed as (

    select
        {{ finding_id('failed.rule_id', 'failed', "coalesce(failed.period, '') || '/' || coalesce(failed.base_period, '')") }} as finding_id,
        failed.*,
        row_number() over (
            partition by {{ finding_id('failed.rule_id', 'failed', "coalesce(failed.period, '') || '/' || coalesce(failed.base_period, '')") }}
            order by failed.line_start, failed.relation_id
        ) as precedence
    from failed

),

worded as (

    select
        *,
        '《' || document_title || '》' || section_zh || {{ place_zh('keyed') }} || '：' || subject_zh || said_zh || '。' as title_zh,
        document_title || section_en || ' (' || {{ place_en('keyed') }} || '): ' || subject_en || ': ' || said_en || '.' as title_en
    from keyed
    where precedence = 1

),

roles as (

    select finding_id, figure_id, 'change' as role, printed_text || '|' || expected as operand from worded
    union all
    select finding_id, end_id, 'level', null from worded where end_id is not null
    union all
    select finding_id, base_id, 'former', null from worded where base_id is not null

),

counted as (

    select rule_id, outcome, count(*) as tests from worded_tests group by rule_id, outcome
    union all
    select 'B1-38', outcome, count(*) from turned group by outcome
    union all
    select 'B1-38', outcome, count(*) from told_tests group by outcome
    union all
    select 'B1-42', outcome, count(*) from place_tests group by outcome

)

{{ counted_rows('counted') }}
union all
{{ test_rows('worded inner join roles on worded.finding_id = roles.finding_id', {
    'finding_id': 'worded.finding_id', 'rule_id': 'worded.rule_id', 'outcome': "'fail'", 'tests': '1', 'document_id': 'worded.document_id',
    'region_code': 'worded.region_code', 'indicator_code': 'worded.indicator_code', 'variant': 'worded.variant',
    'breakdown': 'worded.breakdown', 'period': 'worded.period', 'title_zh': 'worded.title_zh', 'title_en': 'worded.title_en',
    'expected': 'worded.expected', 'observed': 'worded.printed_text', 'figure_id': 'roles.figure_id', 'role': 'roles.role', 'operand': 'roles.operand',
}) }}
