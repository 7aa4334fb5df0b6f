{#- B1-27 and B1-28: ratio = numerator / denominator, declared once in the seed indicators. Where one publication prints
    all three, the printed ratio must be possible; where it prints two ratios over the same denominator, the
    denominators that they imply must overlap. Everything is cross-multiplied in exact decimals, in base units
    (ratios times 10,000, so that no factor loses a digit). -#}
with identities as (

    {{ ratio_identities() }}

),

{{ cell_keys() }}

-- The columns of each identity: a ratio and its numerator in every variant and breakdown, over the plain denominator.
-- Ratios of one over_number are over one denominator. Beyond the sizes given here a printed number is a slip of the pen
-- and a product could overflow DECIMAL(38, 20).
ratio_columns as (

    select
        ratio.column_number,
        numerator.column_number as numerator_column,
        denominator.column_number as denominator_column,
        min(ratio.column_number) over (partition by identities.denominator_code, ratio.variant, ratio.breakdown) as over_number,
        {{ as_double('identities.ratio_factor') }} as ratio_factor,
        {{ as_double('identities.numerator_factor') }} as numerator_factor,
        {{ as_double('identities.denominator_factor') }} as denominator_factor,
        {{ as_value(as_double('100000') ~ ' / ' ~ as_double('identities.ratio_factor')) }} as ratio_most,
        {{ as_value(as_double('10000000000000') ~ ' / ' ~ as_double('identities.numerator_factor')) }} as numerator_most,
        {{ as_value(as_double('100000000000000000') ~ ' / ' ~ as_double('identities.denominator_factor')) }} as denominator_most
    from identities
    inner join columns_of as ratio
        on identities.ratio_code = ratio.indicator_code
    inner join columns_of as numerator
        on identities.numerator_code = numerator.indicator_code
        and ratio.variant = numerator.variant
        and ratio.breakdown = numerator.breakdown
    left join columns_of as denominator
        on identities.denominator_code = denominator.indicator_code
        and denominator.variant = '_T'
        and denominator.breakdown = '_T'

),

used_columns as (

    select column_number from ratio_columns
    union
    select numerator_column from ratio_columns
    union
    select denominator_column from ratio_columns where denominator_column is not null

),

printed as (

    {{ printed_cells(['figure_id', 'value_lo', 'value_hi']) }}
    where levels.value_lo > 0

),

-- First in double and a little too severe, to find the places where a ratio may be impossible; a number so small that its
-- last decimal may decide is always doubted.
quotients as (

    select
        ratio.place_number,
        ratio.column_number,
        ratio_columns.over_number,
        {{ cell_number('ratio.place_number', 'ratio_columns.denominator_column') }} as denominator_cell,
        ratio_columns.denominator_factor,
        ratio_columns.denominator_most,
        {{ as_double('ratio.value_lo') }} * ratio_columns.ratio_factor as r_lo,
        {{ as_double('ratio.value_hi') }} * ratio_columns.ratio_factor as r_hi,
        {{ as_double('numerator.value_lo') }} * ratio_columns.numerator_factor as n_lo,
        {{ as_double('numerator.value_hi') }} * ratio_columns.numerator_factor as n_hi
    from printed as ratio
    inner join ratio_columns
        on ratio.column_number = ratio_columns.column_number and ratio.value_hi < ratio_columns.ratio_most
    inner join printed as numerator
        on {{ cell_number('ratio.place_number', 'ratio_columns.numerator_column') }} = numerator.cell_number
        and numerator.value_hi < ratio_columns.numerator_most

),

recomputed as (

    select
        quotients.place_number,
        case
            when quotients.r_lo < 0.001 or quotients.n_lo < 0.001
                or {{ as_double('denominator.value_lo') }} * quotients.denominator_factor < 1000
                or quotients.n_hi * 9999.999 <= quotients.r_lo * {{ as_double('denominator.value_lo') }} * quotients.denominator_factor
                or quotients.n_lo * 10000.001 >= quotients.r_hi * {{ as_double('denominator.value_hi') }} * quotients.denominator_factor
                then 1
            else 0
        end as is_doubtful
    from quotients
    inner join printed as denominator
        on quotients.denominator_cell = denominator.cell_number
        and denominator.value_hi < quotients.denominator_most

),

-- Ratios over one denominator imply denominators that overlap, each two of them, if all of them have a value in common.
implied_places as (

    select
        place_number,
        over_number,
        case when max({{ as_double('n_lo') }} / r_hi) * 1.0000001 >= min({{ as_double('n_hi') }} / r_lo) or min(r_lo) < 0.001 or min(n_lo) < 0.001 then 1 else 0 end as is_doubtful
    from quotients
    group by place_number, over_number
    having min(column_number) < max(column_number)

),

doubtful as (

    select
        printed.figure_id, publications_of.origin_id, publications_of.document_id, regions_of.region_code, periods.period,
        columns_of.indicator_code, columns_of.variant, columns_of.breakdown, printed.value_lo, printed.value_hi
    from printed
    inner join (
        select place_number from recomputed where is_doubtful = 1
        union
        select place_number from implied_places where is_doubtful = 1
    ) as places
        on printed.place_number = places.place_number
    {{ cell_texts('printed') }}

),

-- From here on in exact decimals.
ratios as (

    select
        identities.ratio_code,
        identities.numerator_code,
        identities.denominator_code,
        identities.ratio_factor,
        identities.denominator_factor,
        ratio.origin_id,
        ratio.document_id,
        ratio.region_code,
        ratio.variant,
        ratio.breakdown,
        ratio.period,
        ratio.figure_id as ratio_figure_id,
        numerator.figure_id as numerator_figure_id,
        {{ as_value('ratio.value_lo * identities.ratio_factor') }} as r_lo,
        {{ as_value('ratio.value_hi * identities.ratio_factor') }} as r_hi,
        {{ as_value('numerator.value_lo * identities.numerator_factor') }} as n_lo,
        {{ as_value('numerator.value_hi * identities.numerator_factor') }} as n_hi
    from doubtful as ratio
    inner join identities
        on ratio.indicator_code = identities.ratio_code
    inner join doubtful as numerator
        on ratio.origin_id = numerator.origin_id
        and ratio.document_id = numerator.document_id
        and ratio.region_code = numerator.region_code
        and ratio.period = numerator.period
        and ratio.variant = numerator.variant
        and ratio.breakdown = numerator.breakdown
        and identities.numerator_code = numerator.indicator_code
    where ratio.value_lo > 0
        and numerator.value_lo > 0
        -- Beyond these sizes a printed number is a slip of the pen and a product could overflow DECIMAL(38, 20).
        and {{ as_double('ratio.value_hi') }} * {{ as_double('identities.ratio_factor') }} < 1e5
        and {{ as_double('numerator.value_hi') }} * {{ as_double('identities.numerator_factor') }} < 1e13

),

-- B1-27. Four decimals of a base unit (yuan, person) are enough and leave room for a denominator in a wrong unit.
denominated as (

    select
        ratios.*,
        denominator.figure_id as denominator_figure_id,
        cast(denominator.value_lo * ratios.denominator_factor as decimal(28, 4)) as d_lo,
        cast(denominator.value_hi * ratios.denominator_factor as decimal(28, 4)) as d_hi
    from ratios
    inner join doubtful as denominator
        on ratios.origin_id = denominator.origin_id
        and ratios.document_id = denominator.document_id
        and ratios.region_code = denominator.region_code
        and ratios.period = denominator.period
        and ratios.denominator_code = denominator.indicator_code
        and denominator.variant = '_T'
        and denominator.breakdown = '_T'
    where denominator.value_lo > 0 and {{ as_double('denominator.value_hi') }} * {{ as_double('ratios.denominator_factor') }} < 1e17

),

recomputed_tests as (

    select
        *,
        case when {{ ratio_outside('n_lo * 10000', 'n_hi * 10000', 'd_lo', 'd_hi', 'r_lo', 'r_hi') }} then 'fail' else 'pass' end as outcome
    from denominated

),

-- B1-28, pair by pair.
pairs as (

    select
        one.*,
        two.ratio_code as two_ratio_code,
        two.ratio_figure_id as two_ratio_figure_id,
        two.numerator_figure_id as two_numerator_figure_id,
        case
            when one.n_hi * two.r_hi <= two.n_lo * one.r_lo or two.n_hi * one.r_hi <= one.n_lo * two.r_lo then 1
            else 0
        end as is_disjoint,
        {{ as_double('one.n_lo') }} * 10000 / {{ as_double('one.r_hi') }} / {{ as_double('one.denominator_factor') }} as one_lo,
        {{ as_double('one.n_hi') }} * 10000 / {{ as_double('one.r_lo') }} / {{ as_double('one.denominator_factor') }} as one_hi,
        {{ as_double('two.n_lo') }} * 10000 / {{ as_double('two.r_hi') }} / {{ as_double('one.denominator_factor') }} as two_lo,
        {{ as_double('two.n_hi') }} * 10000 / {{ as_double('two.r_lo') }} / {{ as_double('one.denominator_factor') }} as two_hi
    from ratios as one
    inner join ratios as two
        on one.origin_id = two.origin_id
        and one.document_id = two.document_id
        and one.region_code = two.region_code
        and one.period = two.period
        and one.variant = two.variant
        and one.breakdown = two.breakdown
        and one.denominator_code = two.denominator_code
        and one.ratio_code < two.ratio_code

),

-- The printings of what failed, fetched once.
figures as (

    select current_figures.*
    from {{ ref('current_figures') }} as current_figures
    inner join (
        select ratio_figure_id as figure_id from recomputed_tests where outcome = 'fail'
        union
        select numerator_figure_id from recomputed_tests where outcome = 'fail'
        union
        select denominator_figure_id from recomputed_tests where outcome = 'fail'
        union
        select ratio_figure_id from pairs where is_disjoint = 1
        union
        select numerator_figure_id from pairs where is_disjoint = 1
        union
        select two_ratio_figure_id from pairs where is_disjoint = 1
        union
        select two_numerator_figure_id from pairs where is_disjoint = 1
    ) as named
        on current_figures.figure_id = named.figure_id

),

recomputed_worded as (

    select
        {{ stable_id('fnd', ["'B1-27'", 'tests.document_id', 'tests.region_code', 'tests.ratio_code', 'tests.variant', 'tests.breakdown', 'tests.period']) }}
            as finding_id,
        tests.*,
        {{ printed_label('ratio') }} as ratio_label,
        {{ shown('computed_lo', 3) }} || '–' || {{ shown('computed_hi', 3) }} as expected,
        '《' || publications.title || '》' || tests.period || '年' || ratio_indicators.name_zh || '印为' || {{ printed_label('ratio') }} || '（' || {{ place_zh('ratio') }}
            || '），按' || {{ printed_label('numerator') }} || '除以' || denominator_indicators.name_zh || {{ printed_label('denominator') }} || '计算应在'
            || {{ shown('computed_lo', 3) }} || '至' || {{ shown('computed_hi', 3) }} || '之间。' as title_zh,
        publications.title || ': ' || ratio_indicators.name_en || ' ' || tests.period || ' is printed as ' || {{ printed_label('ratio') }} || '; '
            || {{ printed_label('numerator') }} || ' over ' || denominator_indicators.name_en || ' ' || {{ printed_label('denominator') }} || ' gives '
            || {{ shown('computed_lo', 3) }} || ' to ' || {{ shown('computed_hi', 3) }} || '.' as title_en,
        {{ as_double('tests.r_lo + tests.r_hi') }} / 2 / {{ as_double('tests.ratio_factor') }} - (computed_lo + computed_hi) / 2 as imbalance,
        {{ as_double('tests.r_lo') }} / {{ as_double('tests.ratio_factor') }} as printed_lo,
        {{ as_double('tests.r_hi') }} / {{ as_double('tests.ratio_factor') }} as printed_hi,
        {{ operand('ratio') }} as ratio_operand,
        {{ operand('numerator') }} as numerator_operand,
        {{ operand('denominator') }} as denominator_operand
    from (
        select
            *,
            {{ as_double('n_lo') }} * 10000 / {{ as_double('d_hi') }} / {{ as_double('ratio_factor') }} as computed_lo,
            {{ as_double('n_hi') }} * 10000 / {{ as_double('d_lo') }} / {{ as_double('ratio_factor') }} as computed_hi
        from recomputed_tests
        where outcome = 'fail'
    ) as tests
    inner join {{ ref('publications') }} as publications
        on tests.origin_id = publications.source_id
    inner join figures as ratio
        on tests.ratio_figure_id = ratio.figure_id
    inner join figures as numerator
        on tests.numerator_figure_id = numerator.figure_id
    inner join figures as denominator
        on tests.denominator_figure_id = denominator.figure_id
    inner join {{ ref('indicators') }} as ratio_indicators
        on tests.ratio_code = ratio_indicators.indicator_code
    inner join {{ ref('indicators') }} as denominator_indicators
        on tests.denominator_code = denominator_indicators.indicator_code

),

-- What each figure would have to be, the other two being right: in its own unit.
recomputed_figures as (

    select
        finding_id, ratio_figure_id as figure_id, 'ratio' as role, ratio_operand as operand, computed_lo as fit_lo, computed_hi as fit_hi
    from recomputed_worded
    union all
    select finding_id, numerator_figure_id, 'numerator', numerator_operand, null, null from recomputed_worded
    union all
    select
        finding_id, denominator_figure_id, 'denominator', denominator_operand,
        {{ as_double('n_lo') }} * 10000 / {{ as_double('r_hi') }} / {{ as_double('denominator_factor') }},
        {{ as_double('n_hi') }} * 10000 / {{ as_double('r_lo') }} / {{ as_double('denominator_factor') }}
    from recomputed_worded

),

implied_tests as (

    select document_id, region_code, denominator_code, variant, breakdown, period, max(is_disjoint) as fails
    from pairs
    group by document_id, region_code, denominator_code, variant, breakdown, period

),

implied as (

    select
        {{ stable_id('fnd', ["'B1-28'", 'document_id', 'region_code', 'denominator_code', 'variant', 'breakdown', 'period']) }} as finding_id,
        *,
        row_number() over (
            partition by document_id, region_code, denominator_code, variant, breakdown, period
            order by abs(one_lo + one_hi - two_lo - two_hi) desc, ratio_code, two_ratio_figure_id
        ) as precedence
    from pairs
    where is_disjoint = 1

),

implied_worded as (

    select
        implied.*,
        '《' || publications.title || '》' || implied.period || '年两个比率推算的' || denominators.name_zh || '互不相容：'
            || {{ printed_label('one_numerator') }} || '（' || {{ place_zh('one_numerator') }} || '）与' || ones.name_zh || {{ printed_label('one') }}
            || '（' || {{ place_zh('one') }} || '）推得' || {{ shown('one_lo') }} || '至' || {{ shown('one_hi') }} || denominators.unit || '，'
            || {{ printed_label('two_numerator') }} || '（' || {{ place_zh('two_numerator') }} || '）与' || twos.name_zh || {{ printed_label('two') }}
            || '（' || {{ place_zh('two') }} || '）推得' || {{ shown('two_lo') }} || '至' || {{ shown('two_hi') }} || denominators.unit || '。' as title_zh,
        publications.title || ': the ' || denominators.name_en || ' of ' || implied.period || ' implied by ' || {{ printed_label('one_numerator') }} || ' at '
            || {{ printed_label('one') }} || ' (' || ones.name_en || ') is ' || {{ shown('one_lo') }} || ' to ' || {{ shown('one_hi') }} || ' '
            || denominators.unit || ', by ' || {{ printed_label('two_numerator') }} || ' at ' || {{ printed_label('two') }} || ' (' || twos.name_en || ') '
            || {{ shown('two_lo') }} || ' to ' || {{ shown('two_hi') }} || ' ' || denominators.unit || '; the two have no value in common.' as title_en,
        {{ shown('one_lo') }} || '–' || {{ shown('one_hi') }} || denominators.unit as expected,
        {{ shown('two_lo') }} || '–' || {{ shown('two_hi') }} || denominators.unit as observed,
        case when two_lo > one_hi then two_lo - one_hi when one_lo > two_hi then one_lo - two_hi else 0 end as imbalance
    from implied
    inner join {{ ref('publications') }} as publications
        on implied.origin_id = publications.source_id
    inner join figures as one
        on implied.ratio_figure_id = one.figure_id
    inner join figures as one_numerator
        on implied.numerator_figure_id = one_numerator.figure_id
    inner join figures as two
        on implied.two_ratio_figure_id = two.figure_id
    inner join figures as two_numerator
        on implied.two_numerator_figure_id = two_numerator.figure_id
    inner join {{ ref('indicators') }} as ones
        on implied.ratio_code = ones.indicator_code
    inner join {{ ref('indicators') }} as twos
        on implied.two_ratio_code = twos.indicator_code
    inner join {{ ref('indicators') }} as denominators
        on implied.denominator_code = denominators.indicator_code
    where implied.precedence = 1

),

implied_figures as (

    select finding_id, ratio_figure_id as figure_id, 'ratio' as role from implied
    union
    select finding_id, two_ratio_figure_id, 'ratio' from implied
    union
    select finding_id, numerator_figure_id, 'numerator' from implied
    union
    select finding_id, two_numerator_figure_id, 'numerator' from implied

),

counted as (

    select 'B1-27' as rule_id, 'pass' as outcome, asked.tests - failing.tests as tests
    from (select count(*) as tests from recomputed) as asked
    cross join (select count(*) as tests from recomputed_tests where outcome = 'fail') as failing
    union all
    select 'B1-28', 'pass', asked.tests - failing.tests
    from (select count(*) as tests from implied_places) as asked
    cross join (select count(*) as tests from implied_tests where fails = 1) as failing

)

{{ counted_rows('counted') }}
union all
{{ test_rows('recomputed_worded as worded inner join recomputed_figures as operands on worded.finding_id = operands.finding_id', {
    'finding_id': 'worded.finding_id', 'rule_id': "'B1-27'", 'outcome': "'fail'", 'tests': '1', 'document_id': 'worded.document_id',
    'region_code': 'worded.region_code', 'indicator_code': 'worded.ratio_code', 'variant': 'worded.variant',
    'breakdown': 'worded.breakdown', 'period': 'worded.period', 'title_zh': 'worded.title_zh', 'title_en': 'worded.title_en',
    'expected': 'worded.expected', 'observed': 'worded.ratio_label', 'imbalance': 'worded.imbalance',
    'gap': 'case when worded.printed_lo > worded.computed_hi then worded.printed_lo - worded.computed_hi else worded.computed_lo - worded.printed_hi end',
    'figure_id': 'operands.figure_id', 'role': 'operands.role', 'operand': 'operands.operand', 'fit_lo': 'operands.fit_lo', 'fit_hi': 'operands.fit_hi',
}) }}
union all
{{ test_rows('implied_worded as worded inner join implied_figures as operands on worded.finding_id = operands.finding_id', {
    'finding_id': 'worded.finding_id', 'rule_id': "'B1-28'", 'outcome': "'fail'", 'tests': '1', 'document_id': 'worded.document_id',
    'region_code': 'worded.region_code', 'indicator_code': 'worded.denominator_code', 'variant': 'worded.variant',
    'breakdown': 'worded.breakdown', 'period': 'worded.period', 'title_zh': 'worded.title_zh', 'title_en': 'worded.title_en',
    'expected': 'worded.expected', 'observed': 'worded.observed', 'imbalance': 'worded.imbalance', 'gap': 'worded.imbalance',
    'figure_id': 'operands.figure_id', 'role': 'operands.role',
}) }}
