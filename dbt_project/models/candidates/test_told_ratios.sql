{#- Ratios that running text tells of numbers which need not be indicators: B1-27 an average against what it divides (人均R&D经费
    35.4万元); where the words leave open by which number, none of them may fit. B1-28 the wholes that parts and their shares
    imply (占地方财政支出的1.56%, 与地区生产总值之比为0.68%), each two of one name and period, and a told one against the
    identities of the registry. Intervals in base units, in double with a margin far below rounding. -#}
with numbers as (

    select
        operands.relation_id,
        operands.reading_id,
        operands.ordinal,
        operands.role,
        operands.label,
        operands.printed_text,
        {{ as_double('operands.value_lo') }} as value_lo,
        {{ as_double('operands.value_hi') }} as value_hi,
        figures.figure_id
    from {{ ref('stg_lake__relation_operands') }} as operands
    left join {{ ref('current_figures') }} as figures
        on operands.figure_id = figures.figure_id
    where operands.value_lo > 0

),

averages as (

    select
        relations.*,
        {{ as_double('units.factor') }} as factor,
        above.printed_text as above_text,
        above.label as above_label,
        above.figure_id as above_figure_id,
        below.ordinal as below_ordinal,
        below.printed_text as below_text,
        below.figure_id as below_figure_id,
        {{ as_double('above.value_lo') }} / below.value_hi as fit_lo,
        {{ as_double('above.value_hi') }} / below.value_lo as fit_hi
    from {{ ref('current_relations') }} as relations
    inner join {{ ref('units') }} as units
        on relations.unit = units.unit
    inner join numbers as above
        on relations.relation_id = above.relation_id and relations.reading_id = above.reading_id and above.role = 'numerator'
    inner join numbers as below
        on relations.relation_id = below.relation_id and relations.reading_id = below.reading_id and below.role = 'denominator'
    where relations.relation_kind = 'average'

),

-- The reading that comes nearest to what is printed is meant.
average_tests as (

    select
        averages.*,
        case
            when fit_lo > {{ as_double('value_hi') }} * 1.000001 or fit_hi < {{ as_double('value_lo') }} * 0.999999 then 'fail'
            else 'pass'
        end as outcome,
        row_number() over (
            partition by relation_id
            order by
                case when fit_lo > {{ as_double('value_hi') }} * 1.000001 or fit_hi < {{ as_double('value_lo') }} * 0.999999 then 1 else 0 end,
                abs((fit_lo + fit_hi) / 2 - {{ as_double('value') }}), below_ordinal
        ) as precedence
    from averages

),

told as (

    select
        relations.relation_id,
        relations.document_id,
        relations.document_title,
        relations.region_code,
        relations.period,
        coalesce(relations.indicator_code, relations.indicator_as_printed) as whole,
        relations.indicator_code,
        relations.indicator_as_printed,
        relations.variant,
        relations.breakdown,
        relations.subject_zh,
        relations.subject_en,
        relations.unit,
        {{ as_double('units.factor') }} as factor,
        relations.line_start,
        part.label || part.printed_text || '与占比' || relations.printed_text || '（' || {{ place_zh('relations') }} || '）' as said_zh,
        part.label || ' ' || part.printed_text || ' at ' || relations.printed_text || ' (' || {{ place_en('relations') }} || ')' as said_en,
        part.value_lo * 100 / {{ as_double('relations.value_hi') }} as whole_lo,
        part.value_hi * 100 / {{ as_double('relations.value_lo') }} as whole_hi,
        part.figure_id as part_figure_id,
        relations.figure_id as share_figure_id,
        figures.indicator_code as share_code,
        0 as is_identity
    from {{ ref('current_relations') }} as relations
    inner join {{ ref('units') }} as units
        on relations.unit = units.unit
    inner join numbers as part
        on relations.relation_id = part.relation_id and relations.reading_id = part.reading_id and part.role = 'part'
    left join {{ ref('current_figures') }} as figures
        on relations.figure_id = figures.figure_id
    where relations.relation_kind = 'implied_whole' and relations.value_lo > 0

),

identities as (

    {{ ratio_identities() }}

),

-- A ratio of the registry with its numerator implies its denominator too: 研发经费投入强度 the GDP.
known as (

    select
        'identity/' || ratio.figure_id as relation_id,
        ratio.document_id,
        cast(null as {{ dbt.type_string() }}) as document_title,
        ratio.region_code,
        ratio.period,
        identities.denominator_code as whole,
        identities.denominator_code as indicator_code,
        identities.denominator_code as indicator_as_printed,
        '_T' as variant,
        '_T' as breakdown,
        cast(null as {{ dbt.type_string() }}) as subject_zh,
        cast(null as {{ dbt.type_string() }}) as subject_en,
        cast(null as {{ dbt.type_string() }}) as unit,
        {{ as_double('1') }} as factor,
        ratio_figures.line_start,
        {{ printed_label('numerator_figures') }} || '与' || {{ printed_label('ratio_figures') }} || '（' || {{ place_zh('ratio_figures') }} || '）' as said_zh,
        {{ printed_label('numerator_figures') }} || ' at ' || {{ printed_label('ratio_figures') }} || ' (' || {{ place_en('ratio_figures') }} || ')' as said_en,
        {{ as_double('numerator.value_lo') }} * {{ as_double('identities.numerator_factor') }} * 10000
            / ({{ as_double('ratio.value_hi') }} * {{ as_double('identities.ratio_factor') }}) as whole_lo,
        {{ as_double('numerator.value_hi') }} * {{ as_double('identities.numerator_factor') }} * 10000
            / ({{ as_double('ratio.value_lo') }} * {{ as_double('identities.ratio_factor') }}) as whole_hi,
        numerator.figure_id as part_figure_id,
        ratio.figure_id as share_figure_id,
        ratio.indicator_code as share_code,
        1 as is_identity
    from {{ ref('levels') }} as ratio
    inner join (select distinct document_id, whole from told) as asked
        on ratio.document_id = asked.document_id
    inner join identities
        on ratio.indicator_code = identities.ratio_code and asked.whole = identities.denominator_code
    inner join {{ ref('levels') }} as numerator
        on ratio.document_id = numerator.document_id
        and ratio.region_code = numerator.region_code
        and ratio.period = numerator.period
        and numerator.indicator_code = identities.numerator_code
        and numerator.variant = '_T'
        and numerator.breakdown = '_T'
    inner join {{ ref('current_figures') }} as ratio_figures
        on ratio.figure_id = ratio_figures.figure_id
    inner join {{ ref('current_figures') }} as numerator_figures
        on numerator.figure_id = numerator_figures.figure_id
    where ratio.variant = '_T' and ratio.breakdown = '_T' and ratio.value_lo > 0 and numerator.value_lo > 0

),

implied as (

    select * from told
    union all
    select * from known

),

-- Two ratios of the registry are asked for by test_ratio_identities.
pairs as (

    select
        one.*,
        two.said_zh as two_said_zh,
        two.said_en as two_said_en,
        two.whole_lo as two_lo,
        two.whole_hi as two_hi,
        two.part_figure_id as two_part_figure_id,
        two.share_figure_id as two_share_figure_id,
        case
            when one.whole_lo > two.whole_hi * 1.000001 or two.whole_lo > one.whole_hi * 1.000001 then 'fail'
            else 'pass'
        end as outcome
    from told as one
    inner join implied as two
        on one.document_id = two.document_id
        and one.region_code = two.region_code
        and one.period = two.period
        and one.whole = two.whole
    where (two.is_identity = 1 or one.line_start < two.line_start or (one.line_start = two.line_start and one.relation_id < two.relation_id))
        and (one.share_code is null or two.share_code is null or (two.is_identity = 0 and one.share_code = two.share_code))
        and coalesce(one.share_figure_id, one.relation_id) <> coalesce(two.share_figure_id, two.relation_id)

),

failed_averages as (

    select
        {{ finding_id("'B1-27'", 'tests', "coalesce(tests.period, '') || '/' || tests.above_label") }} as finding_id,
        tests.*,
        row_number() over (
            partition by {{ finding_id("'B1-27'", 'tests', "coalesce(tests.period, '') || '/' || tests.above_label") }}
            order by tests.line_start, tests.relation_id
        ) as nearest
    from average_tests as tests
    where precedence = 1 and outcome = 'fail'

),

failed_pairs as (

    select
        {{ stable_id('fnd', ["'B1-28'", 'pairs.document_id', 'pairs.region_code', 'pairs.whole', "'told'", 'pairs.period']) }} as finding_id,
        pairs.*,
        row_number() over (
            partition by pairs.document_id, pairs.region_code, pairs.whole, pairs.period
            order by abs(pairs.whole_lo + pairs.whole_hi - pairs.two_lo - pairs.two_hi) desc, pairs.relation_id, pairs.two_said_zh
        ) as precedence
    from pairs
    where outcome = 'fail'

),

worded as (

    select
        finding_id, 'B1-27' as rule_id, document_id, region_code, indicator_code, variant, breakdown, period,
        '《' || document_title || '》' || section_zh || {{ place_zh('failed_averages') }} || '：' || subject_zh || '印为' || printed_text || '，按'
            || above_text || '除以' || below_text || '计算应在' || {{ shown(as_double('fit_lo') ~ ' / factor', 2) }} || '至' || {{ shown(as_double('fit_hi') ~ ' / factor', 2) }} || unit || '之间。' as title_zh,
        document_title || section_en || ' (' || {{ place_en('failed_averages') }} || '): ' || subject_en || ' is printed as ' || printed_text || '; '
            || above_text || ' over ' || below_text || ' is ' || {{ shown(as_double('fit_lo') ~ ' / factor', 2) }} || ' to ' || {{ shown(as_double('fit_hi') ~ ' / factor', 2) }} || ' ' || unit || '.' as title_en,
        {{ shown(as_double('fit_lo') ~ ' / factor', 2) }} || '–' || {{ shown(as_double('fit_hi') ~ ' / factor', 2) }} || unit as expected,
        printed_text as observed,
        ({{ as_double('value') }} - (fit_lo + fit_hi) / 2) / factor as imbalance
    from failed_averages
    where nearest = 1
    union all
    select
        finding_id, 'B1-28', document_id, region_code, indicator_code, variant, breakdown, period,
        '《' || document_title || '》' || period || '年两个比率推算的' || subject_zh || '互不相容：' || said_zh || '推得'
            || {{ shown(as_double('whole_lo') ~ ' / factor') }} || '至' || {{ shown(as_double('whole_hi') ~ ' / factor') }} || unit || '，' || two_said_zh || '推得'
            || {{ shown(as_double('two_lo') ~ ' / factor') }} || '至' || {{ shown(as_double('two_hi') ~ ' / factor') }} || unit || '。',
        document_title || ': the ' || subject_en || ' of ' || period || ' implied by ' || said_en || ' is ' || {{ shown(as_double('whole_lo') ~ ' / factor') }} || ' to '
            || {{ shown(as_double('whole_hi') ~ ' / factor') }} || ' ' || unit || ', by ' || two_said_en || ' ' || {{ shown(as_double('two_lo') ~ ' / factor') }} || ' to '
            || {{ shown(as_double('two_hi') ~ ' / factor') }} || ' ' || unit || '; the two have no value in common.',
        {{ shown(as_double('whole_lo') ~ ' / factor') }} || '–' || {{ shown(as_double('whole_hi') ~ ' / factor') }} || unit,
        {{ shown(as_double('two_lo') ~ ' / factor') }} || '–' || {{ shown(as_double('two_hi') ~ ' / factor') }} || unit,
        {{ as_double('two_lo + two_hi - whole_lo - whole_hi') }} / 2 / factor
    from failed_pairs
    where precedence = 1

),

roles as (

    select finding_id, figure_id, 'ratio' as role from failed_averages where nearest = 1
    union
    select finding_id, above_figure_id, 'numerator' from failed_averages where nearest = 1
    union
    select finding_id, below_figure_id, 'denominator' from failed_averages where nearest = 1
    union
    select finding_id, share_figure_id, 'ratio' from failed_pairs where precedence = 1
    union
    select finding_id, two_share_figure_id, 'ratio' from failed_pairs where precedence = 1
    union
    select finding_id, part_figure_id, 'numerator' from failed_pairs where precedence = 1
    union
    select finding_id, two_part_figure_id, 'numerator' from failed_pairs where precedence = 1

),

-- A finding about numbers none of which is a figure still has its row.
said_of as (

    select finding_id, figure_id, role
    from roles
    where figure_id is not null
    union all
    select finding_id, cast(null as {{ dbt.type_string() }}), 'ratio'
    from roles
    group by finding_id
    having max(figure_id) is null

),

counted as (

    select 'B1-27' as rule_id, outcome, count(*) as tests from average_tests where precedence = 1 group by outcome
    union all
    select 'B1-28', outcome, count(*) from pairs group by outcome

)

{{ counted_rows('counted') }}
union all
{{ test_rows('worded inner join said_of on worded.finding_id = said_of.finding_id', {
    'finding_id': 'worded.finding_id', 'rule_id': 'worded.rule_id', 'outcome': "'fail'", 'tests': '1', 'document_id': 'worded.document_id',
    'region_code': 'worded.region_code', 'indicator_code': 'worded.indicator_code', 'variant': 'worded.variant',
    'breakdown': 'worded.breakdown', 'period': 'worded.period', 'title_zh': 'worded.title_zh', 'title_en': 'worded.title_en',
    'expected': 'worded.expected', 'observed': 'worded.observed', 'imbalance': 'worded.imbalance', 'gap': 'abs(worded.imbalance)',
    'figure_id': 'said_of.figure_id', 'role': 'said_of.role', 'operand': 'worded.observed',
}) }}
