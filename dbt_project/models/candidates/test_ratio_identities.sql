{#- B1-27 and B1-28: ratio = numerator / denominator, declared once in the seed indicators. Where one publication prints
    all three, the printed ratio must be possible; where it prints two ratios over the same denominator, the
    denominators that they imply must overlap. Everything is cross-multiplied in exact decimals, in base units
    (ratios times 10,000, so that no factor loses a digit). -#}
with identities as (

    select
        ratio.indicator_code as ratio_code,
        ratio.numerator_code,
        ratio.denominator_code,
        ratio.name_zh,
        ratio.name_en,
        denominators.name_zh as denominator_zh,
        denominators.name_en as denominator_en,
        denominators.unit as denominator_unit,
        {{ as_value('ratio_units.factor * 10000') }} as ratio_factor,
        {{ as_value('numerator_units.factor') }} as numerator_factor,
        {{ as_value('denominator_units.factor') }} as denominator_factor
    from {{ ref('indicators') }} as ratio
    inner join {{ ref('indicators') }} as numerators
        on ratio.numerator_code = numerators.indicator_code
    inner join {{ ref('indicators') }} as denominators
        on ratio.denominator_code = denominators.indicator_code
    inner join {{ ref('units') }} as ratio_units
        on ratio.unit = ratio_units.unit
    inner join {{ ref('units') }} as numerator_units
        on numerators.unit = numerator_units.unit
    inner join {{ ref('units') }} as denominator_units
        on denominators.unit = denominator_units.unit

),

levels as (

    select
        observations.*,
        publications.title as publication_title
    from {{ ref('observation_versions') }} as observations
    inner join {{ ref('publications') }} as publications
        on observations.origin_id = publications.source_id
    -- nobody printed an implied level: it contradicts no printed one
    where observations.recorded_to is null and observations.value_lo > 0
        and coalesce(observations.release_type, '') <> 'implied'

),

ratios as (

    select
        identities.*,
        ratio.origin_id,
        ratio.document_id,
        ratio.publication_title,
        ratio.region_code,
        ratio.variant,
        ratio.breakdown,
        ratio.period,
        ratio.figure_id as ratio_figure_id,
        numerator.figure_id as numerator_figure_id,
        {{ printed_label('ratio') }} as ratio_label,
        {{ printed_label('numerator') }} as numerator_label,
        {{ place_zh('ratio') }} as ratio_place_zh,
        {{ place_zh('numerator') }} as numerator_place_zh,
        {{ operand('ratio') }} as ratio_operand,
        {{ operand('numerator') }} as numerator_operand,
        {{ as_value('ratio.value_lo * identities.ratio_factor') }} as r_lo,
        {{ as_value('ratio.value_hi * identities.ratio_factor') }} as r_hi,
        {{ as_value('numerator.value_lo * identities.numerator_factor') }} as n_lo,
        {{ as_value('numerator.value_hi * identities.numerator_factor') }} as n_hi
    from levels as ratio
    inner join identities
        on ratio.indicator_code = identities.ratio_code
    inner join levels as numerator
        on ratio.origin_id = numerator.origin_id
        and ratio.document_id = numerator.document_id
        and ratio.region_code = numerator.region_code
        and ratio.period = numerator.period
        and ratio.variant = numerator.variant
        and ratio.breakdown = numerator.breakdown
        and identities.numerator_code = numerator.indicator_code
    -- Beyond these sizes a printed number is a slip of the pen and a product could overflow DECIMAL(38, 20).
    where {{ as_double('ratio.value_hi') }} * {{ as_double('identities.ratio_factor') }} < 1e5
        and {{ as_double('numerator.value_hi') }} * {{ as_double('identities.numerator_factor') }} < 1e13

),

recomputed as (

    select
        {{ stable_id('fnd', ["'B1-27'", 'ratios.document_id', 'ratios.region_code', 'ratios.ratio_code', 'ratios.variant', 'ratios.breakdown', 'ratios.period']) }}
            as finding_id,
        'B1-27' as rule_id,
        ratios.document_id,
        ratios.region_code,
        ratios.ratio_code as indicator_code,
        ratios.variant,
        ratios.breakdown,
        ratios.period,
        case
            when {{ ratio_outside('ratios.n_lo * 10000', 'ratios.n_hi * 10000', 'd_lo', 'd_hi', 'ratios.r_lo', 'ratios.r_hi') }}
                then 'fail'
            else 'pass'
        end as outcome,
        '《' || ratios.publication_title || '》' || ratios.period || '年' || ratios.name_zh || '印为' || ratios.ratio_label || '（' || ratios.ratio_place_zh
            || '），按' || ratios.numerator_label || '除以' || ratios.denominator_zh || denominator_label || '计算应在'
            || {{ shown('computed_lo', 3) }} || '至' || {{ shown('computed_hi', 3) }} || '之间。' as title_zh,
        ratios.publication_title || ': ' || ratios.name_en || ' ' || ratios.period || ' is printed as ' || ratios.ratio_label || '; '
            || ratios.numerator_label || ' over ' || ratios.denominator_en || ' ' || denominator_label || ' gives '
            || {{ shown('computed_lo', 3) }} || ' to ' || {{ shown('computed_hi', 3) }} || '.' as title_en,
        {{ shown('computed_lo', 3) }} || '–' || {{ shown('computed_hi', 3) }} as expected,
        ratios.ratio_label as observed,
        {{ as_value(as_double('ratios.r_lo + ratios.r_hi') ~ ' / 2 / ' ~ as_double('ratios.ratio_factor') ~ ' - (computed_lo + computed_hi) / 2') }}
            as imbalance,
        ratios.ratio_figure_id,
        ratios.numerator_figure_id,
        ratios.denominator_figure_id,
        ratios.ratio_operand,
        ratios.numerator_operand,
        ratios.denominator_operand
    from (
        select
            ratios.*,
            denominator.figure_id as denominator_figure_id,
            {{ printed_label('denominator') }} as denominator_label,
            {{ operand('denominator') }} as denominator_operand,
            -- four decimals of a base unit (yuan, person) are enough and leave room for a denominator in a wrong unit
            cast(denominator.value_lo * ratios.denominator_factor as decimal(28, 4)) as d_lo,
            cast(denominator.value_hi * ratios.denominator_factor as decimal(28, 4)) as d_hi,
            {{ as_double('ratios.n_lo') }} * 10000 / {{ as_double('denominator.value_hi * ratios.denominator_factor') }} / {{ as_double('ratios.ratio_factor') }} as computed_lo,
            {{ as_double('ratios.n_hi') }} * 10000 / {{ as_double('denominator.value_lo * ratios.denominator_factor') }} / {{ as_double('ratios.ratio_factor') }} as computed_hi
        from ratios
        inner join levels as denominator
            on ratios.origin_id = denominator.origin_id
            and ratios.document_id = denominator.document_id
            and ratios.region_code = denominator.region_code
            and ratios.period = denominator.period
            and ratios.denominator_code = denominator.indicator_code
            and denominator.variant = '_T'
            and denominator.breakdown = '_T'
        where {{ as_double('denominator.value_hi') }} * {{ as_double('ratios.denominator_factor') }} < 1e17
    ) as ratios

),

pairs as (

    select
        {{ stable_id('fnd', ["'B1-28'", 'one.document_id', 'one.region_code', 'one.denominator_code', 'one.variant', 'one.breakdown', 'one.period']) }}
            as finding_id,
        one.*,
        two.name_zh as two_zh,
        two.name_en as two_en,
        two.ratio_figure_id as two_ratio_figure_id,
        two.numerator_figure_id as two_numerator_figure_id,
        two.ratio_label as two_ratio_label,
        two.numerator_label as two_numerator_label,
        two.ratio_place_zh as two_ratio_place_zh,
        two.numerator_place_zh as two_numerator_place_zh,
        two.ratio_operand as two_ratio_operand,
        two.numerator_operand as two_numerator_operand,
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

implied as (

    select
        *,
        max(is_disjoint) over (partition by finding_id) as fails,
        row_number() over (
            partition by finding_id
            order by is_disjoint desc, abs(one_lo + one_hi - two_lo - two_hi) desc, ratio_code, two_ratio_figure_id
        ) as precedence
    from pairs

),

implied_worded as (

    select
        finding_id,
        document_id,
        region_code,
        denominator_code as indicator_code,
        variant,
        breakdown,
        period,
        case when fails = 1 then 'fail' else 'pass' end as outcome,
        '《' || publication_title || '》' || period || '年两个比率推算的' || denominator_zh
            || case when fails = 1 then '互不相容：' else '相容：' end
            || numerator_label || '（' || numerator_place_zh || '）与' || name_zh || ratio_label || '（' || ratio_place_zh || '）推得'
            || {{ shown('one_lo') }} || '至' || {{ shown('one_hi') }} || denominator_unit || '，'
            || two_numerator_label || '（' || two_numerator_place_zh || '）与' || two_zh || two_ratio_label || '（' || two_ratio_place_zh || '）推得'
            || {{ shown('two_lo') }} || '至' || {{ shown('two_hi') }} || denominator_unit || '。' as title_zh,
        publication_title || ': the ' || denominator_en || ' of ' || period || ' implied by ' || numerator_label || ' at ' || ratio_label
            || ' (' || name_en || ') is ' || {{ shown('one_lo') }} || ' to ' || {{ shown('one_hi') }} || ' ' || denominator_unit || ', by '
            || two_numerator_label || ' at ' || two_ratio_label || ' (' || two_en || ') '
            || {{ shown('two_lo') }} || ' to ' || {{ shown('two_hi') }} || ' ' || denominator_unit
            || case when fails = 1 then '; the two have no value in common.' else '; they agree.' end as title_en,
        {{ shown('one_lo') }} || '–' || {{ shown('one_hi') }} || denominator_unit as expected,
        {{ shown('two_lo') }} || '–' || {{ shown('two_hi') }} || denominator_unit as observed,
        {{ as_value('case when two_lo > one_hi then two_lo - one_hi when one_lo > two_hi then one_lo - two_hi else 0 end') }} as imbalance
    from implied
    where precedence = 1

),

implied_figures as (

    select finding_id, ratio_figure_id as figure_id, 'ratio' as role, ratio_operand as operand from implied where is_disjoint = fails
    union
    select finding_id, two_ratio_figure_id, 'ratio', two_ratio_operand from implied where is_disjoint = fails
    union
    select finding_id, numerator_figure_id, 'numerator', numerator_operand from implied where is_disjoint = fails
    union
    select finding_id, two_numerator_figure_id, 'numerator', two_numerator_operand from implied where is_disjoint = fails

),

recomputed_figures as (

    select finding_id, ratio_figure_id as figure_id, 'ratio' as role, ratio_operand as operand from recomputed
    union
    select finding_id, numerator_figure_id, 'numerator', numerator_operand from recomputed
    union
    select finding_id, denominator_figure_id, 'denominator', denominator_operand from recomputed

)

select
    recomputed.finding_id,
    recomputed.rule_id,
    cast(null as {{ dbt.type_string() }}) as severity,
    recomputed.document_id,
    recomputed.region_code,
    recomputed.indicator_code,
    recomputed.variant,
    recomputed.breakdown,
    recomputed.period,
    recomputed.outcome,
    recomputed.title_zh,
    recomputed.title_en,
    recomputed.expected,
    recomputed.observed,
    recomputed.imbalance,
    recomputed_figures.figure_id,
    recomputed_figures.role,
    recomputed_figures.operand
from recomputed
inner join recomputed_figures
    on recomputed.finding_id = recomputed_figures.finding_id
union all
select
    implied_worded.finding_id,
    'B1-28' as rule_id,
    cast(null as {{ dbt.type_string() }}) as severity,
    implied_worded.document_id,
    implied_worded.region_code,
    implied_worded.indicator_code,
    implied_worded.variant,
    implied_worded.breakdown,
    implied_worded.period,
    implied_worded.outcome,
    implied_worded.title_zh,
    implied_worded.title_en,
    implied_worded.expected,
    implied_worded.observed,
    implied_worded.imbalance,
    implied_figures.figure_id,
    implied_figures.role,
    implied_figures.operand
from implied_worded
inner join implied_figures
    on implied_worded.finding_id = implied_figures.finding_id
