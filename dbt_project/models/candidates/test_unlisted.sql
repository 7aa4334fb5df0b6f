{#- What is none of our indicators and can be tested by its own printing alone: B1-09 whole numbers of things counted, B2-04
    a slip of a power of ten within the years that one sentence lists, B1-37 text and table in different units of one name.
    Of indicators test_ranges, test_series and test_text_table tell the same. -#}
{%- set averages = ['均', '每', '率', '比', '密度', '强度', '指数', '占', '倍', '得分', '折合', '当量'] %}
{%- set verbs = ['安排', '投入', '拨付', '落实', '实际', '当年'] %}
with figures as (

    select
        figures.figure_id, figures.edition_id, figures.document_id, figures.document_title, figures.region_code, figures.indicator_as_printed, figures.variant,
        figures.breakdown, figures.period, figures.period_basis, figures.kind, figures.target_kind, figures.comparator, figures.layout, figures.statement_id,
        figures.line_start, figures.printed_value, figures.printed_decimals,
        cast(null as {{ dbt.type_string() }}) as indicator_code,
        units.unit,
        units.dimension,
        units.factor,
        {{ as_double('figures.value') }} as value,
        {{ as_double('figures.value') }} * {{ as_double('units.factor') }} as size,
        {{ as_double('figures.value_lo') }} * {{ as_double('units.factor') }} as size_lo,
        {{ as_double('figures.value_hi') }} * {{ as_double('units.factor') }} as size_hi,
        {%- set plain = namespace(name='figures.indicator_as_printed') %}
        {%- for verb in verbs %}{% set plain.name = "replace(" ~ plain.name ~ ", '" ~ verb ~ "', '')" %}{% endfor %}
        {{ plain.name }} as plain_name,
        {{ printed_label('figures') }} as label,
        {{ spot_zh('figures') }} as spot_zh,
        {{ spot_en('figures') }} as spot_en,
        {{ place_zh('figures') }} as place_zh,
        {{ place_en('figures') }} as place_en,
        {{ operand('figures') }} as evidence
    from {{ ref('current_figures') }} as figures
    inner join {{ ref('units') }} as units
        on figures.unit = units.unit
    where figures.indicator_code is null and figures.comparator = 'eq'
        and (figures.kind in ('actual', 'baseline') or (figures.kind = 'target' and coalesce(figures.target_kind, 'level') = 'level'))

),

-- B1-09: 386.5家. An average is none; a small number of anything but organisations may be one that does not say so.
counts as (

    select
        figures.*,
        case when floor(size_hi) < size_lo and floor(size) < size then 'fail' else 'pass' end as outcome
    from figures
    cross join (select 'B1-09' as rule_id) as rules
    where dimension in ('count', 'persons') and factor = 1
        and (unit = '家' or size >= {{ as_double(parameter_of('rules', 'least_value')) }})
        {%- for word in averages %}
        and not {{ text_contains('indicator_as_printed', "'" ~ word ~ "'") }}
        {%- endfor %}

),

-- B2-04: the years that one sentence lists of one thing.
listed as (

    select
        edition_id, statement_id, indicator_as_printed, region_code, unit, cast(period as integer) as year,
        max(figure_id) as figure_id, max(value) as value, count(*) as printings
    from figures
    where kind = 'actual' and layout <> 'table' and statement_id is not null and length(period) = 4 and value > 0
    group by edition_id, statement_id, indicator_as_printed, region_code, unit, cast(period as integer)

),

-- Each year against the span of all others.
others as (

    select
        one.figure_id,
        min(other.value) as least,
        max(other.value) as most
    from listed as one
    inner join listed as other
        on one.edition_id = other.edition_id
        and one.statement_id = other.statement_id
        and one.indicator_as_printed = other.indicator_as_printed
        and one.region_code = other.region_code
        and one.unit = other.unit
        and one.year <> other.year
    where one.printings = 1
    group by one.figure_id
    having count(*) >= 3 and max(other.printings) = 1

),

slips as (

    select
        figures.*,
        spans.least,
        spans.most,
        case
            when spans.most > spans.most_factor * spans.least then 'pass'
            when figures.dimension in ('count', 'persons', 'person_times', 'person_years') and spans.most < spans.least_value then 'pass'
            {%- for power in [10, 100, 1000, 10000] %}
            when figures.value * {{ power }} * spans.near_factor >= spans.least and figures.value * {{ power }} <= spans.most * spans.near_factor then 'fail'
            when figures.value * spans.near_factor >= {{ power }} * spans.least and figures.value <= {{ power }} * spans.most * spans.near_factor then 'fail'
            {%- endfor %}
            else 'pass'
        end as outcome
    from (
        select
            others.*,
            {{ as_double(parameter_of('rules', 'most_factor')) }} as most_factor,
            {{ as_double(parameter_of('rules', 'near_factor')) }} as near_factor,
            {{ as_double(parameter_of('rules', 'least_value')) }} as least_value
        from others
        cross join (select 'B2-04' as rule_id) as rules
    ) as spans
    inner join figures
        on spans.figure_id = figures.figure_id

),

-- B1-37: 3.26亿元 in the text, 36200万元 in the table. The name of the text may begin with an area.
pairs as (

    select
        in_table.figure_id as table_id,
        in_text.figure_id as text_id,
        in_text.size as text_size,
        case
            when in_text.size_lo >= in_table.size_hi or in_table.size_lo >= in_text.size_hi then 'fail'
            else 'pass'
        end as outcome
    from figures as in_table
    inner join figures as in_text
        on in_table.edition_id = in_text.edition_id
        and in_table.region_code = in_text.region_code
        and in_table.period = in_text.period
        and in_table.dimension = in_text.dimension
        and in_table.unit <> in_text.unit
        and case when in_table.kind = 'target' then 1 else 0 end = case when in_text.kind = 'target' then 1 else 0 end
    where in_table.layout = 'table' and in_text.layout <> 'table'
        and (in_text.period_basis = 'printed' or in_text.kind = 'target')
        and length(in_table.plain_name) >= 4
        and (
            in_text.plain_name = in_table.plain_name
            or (
                substr(in_text.plain_name, length(in_text.plain_name) - length(in_table.plain_name) + 1) = in_table.plain_name
                and length(in_text.plain_name) - length(in_table.plain_name) between 2 and 4
                and substr(in_text.plain_name, length(in_text.plain_name) - length(in_table.plain_name), 1) in ('市', '县', '区', '州', '省', '旗', '盟')
            )
        )
        -- of one thing: near each other, or a power of ten apart
        and in_text.size > 0 and in_table.size > 0
        and (
            greatest(in_text.size, in_table.size) <= {{ rule_parameter('B1-37', 'most_factor') }} * least(in_text.size, in_table.size)
            {%- for power in [10, 100, 1000, 10000] %}
            or abs(greatest(in_text.size, in_table.size) - {{ power }} * least(in_text.size, in_table.size)) * 100 <= {{ rule_parameter('B1-37', 'percent') }} * {{ power }} * least(in_text.size, in_table.size)
            {%- endfor %}
        )

),

told as (

    select
        'B1-09' as rule_id, counts.figure_id as key_id, counts.figure_id, 'level' as role,
        '《' || document_title || '》' || spot_zh || '：' || indicator_as_printed || '印为' || label || '，按个计的数应为整数。' as title_zh,
        document_title || ' (' || spot_en || '): ' || indicator_as_printed || ' is printed as ' || label || '; what is counted one by one is a whole number.' as title_en,
        '整数' as expected,
        label as observed,
        cast(null as {{ value_type() }}) as fit_lo,
        cast(null as {{ value_type() }}) as fit_hi
    from counts
    where outcome = 'fail'
    union all
    select
        'B2-04', slips.figure_id, slips.figure_id, 'later',
        '《' || document_title || '》' || spot_zh || '：' || indicator_as_printed || period || '年印为' || label || '，同句所列其余各年在' || {{ shown('least', 2) }}
            || '至' || {{ shown('most', 2) }} || unit || '之间，可能是小数点或单位错位。',
        document_title || ' (' || spot_en || '): ' || indicator_as_printed || ', ' || period || ', is printed as ' || label || '; the other years of the sentence lie between '
            || {{ shown('least', 2) }} || ' and ' || {{ shown('most', 2) }} || ' ' || unit || ': possibly a slip of the point or the unit.',
        {{ shown('least', 2) }} || '–' || {{ shown('most', 2) }},
        label,
        least,
        most
    from slips
    where outcome = 'fail'
    union all
    select
        'B1-37', pairs.table_id, figures.figure_id, case when figures.figure_id = pairs.table_id then 'table' else 'text' end,
        '《' || in_table.document_title || '》' || in_table.period || '年' || in_table.indicator_as_printed || '：正文' || in_text.place_zh || '为' || in_text.label
            || '，表格' || in_table.place_zh || '为' || in_table.label || '，换算单位后两处不一致。',
        in_table.document_title || ': ' || in_table.indicator_as_printed || ', ' || in_table.period || ': the text (' || in_text.place_en || ') prints ' || in_text.label
            || ', the table (' || in_table.place_en || ') prints ' || in_table.label || '; converted into one unit they differ.',
        in_table.label,
        in_text.label,
        null,
        null
    from pairs
    inner join figures as in_table
        on pairs.table_id = in_table.figure_id
    inner join figures as in_text
        on pairs.text_id = in_text.figure_id
    inner join figures
        on figures.figure_id in (pairs.table_id, pairs.text_id)
    where pairs.outcome = 'fail'

),

keyed as (

    select
        {{ finding_id('told.rule_id', 'keys', 'keys.period') }} as finding_id,
        told.*,
        keys.document_id, keys.region_code, keys.variant, keys.breakdown, keys.period,
        figures.evidence
    from told
    inner join figures as keys
        on told.key_id = keys.figure_id
    inner join figures
        on told.figure_id = figures.figure_id

),

counted as (

    select 'B1-09' as rule_id, 'pass' as outcome, count(*) as tests from counts where outcome = 'pass'
    union all
    select 'B2-04', 'pass', count(*) from slips where outcome = 'pass'
    union all
    select 'B1-37', 'pass', count(*) from pairs where outcome = 'pass'

)

{{ counted_rows('counted') }}
union all
{{ test_rows('keyed', {
    'finding_id': 'finding_id', 'rule_id': 'rule_id', 'outcome': "'fail'", 'tests': '1', 'document_id': 'document_id',
    'region_code': 'region_code', 'variant': 'variant', 'breakdown': 'breakdown', 'period': 'period',
    'title_zh': 'title_zh', 'title_en': 'title_en', 'expected': 'expected', 'observed': 'observed', 'figure_id': 'figure_id', 'role': 'role',
    'operand': 'evidence', 'fit_lo': 'fit_lo', 'fit_hi': 'fit_hi',
}) }}
