{#- A part and the whole that contains it, in one publication: a breakdown of an additive indicator, or an indicator that
    the registry declares a subset of another one. The part must be able to lie below the whole under rounding. A part of a
    part (equipment within assets) is held against both. Full-time equivalents are at most the persons, and at least the
    tenth of their time that makes somebody one of them. -#}
with rules as (

    {{ rules_of_kind(['breakdown_of_total', 'indicator_subset', 'equivalent_of_persons']) }}

),

-- What may contain what: the factor brings the part into the unit of the whole.
relations as (

    select
        rules.rule_id,
        rules.kind,
        parts.indicator_code as part_code,
        case when rules.kind = 'breakdown_of_total' then parts.indicator_code else parts.subset_of end as whole_code,
        {{ as_value('part_units.factor') }} as part_factor,
        {{ as_value('whole_units.factor') }} as whole_factor
    from rules
    inner join {{ ref('indicators') }} as parts
        on {{ in_scope('rules', 'parts.indicator_code') }}
    inner join {{ ref('indicators') }} as wholes
        on wholes.indicator_code = case when rules.kind = 'breakdown_of_total' then parts.indicator_code else parts.subset_of end
    inner join {{ ref('units') }} as part_units
        on parts.unit = part_units.unit
    inner join {{ ref('units') }} as whole_units
        on wholes.unit = whole_units.unit
    where (rules.kind = 'equivalent_of_persons' and part_units.dimension = 'person_years' and whole_units.dimension = 'persons')
        or (rules.kind <> 'equivalent_of_persons' and part_units.dimension = whole_units.dimension and (rules.kind = 'indicator_subset' or parts.additive))

),

{{ cell_keys() }}

-- The same by column: a part and its whole in every variant and breakdown that is printed.
column_relations as (

    select
        relations.*,
        part.column_number as part_column,
        whole.column_number as whole_column,
        case when relations.kind = 'breakdown_of_total' then whole.breakdown else '_T' end as whole_breakdown
    from relations
    inner join columns_of as part
        on relations.part_code = part.indicator_code
    left join {{ ref('breakdowns') }} as breakdowns
        on part.breakdown = breakdowns.breakdown
    inner join columns_of as whole
        on relations.whole_code = whole.indicator_code
        and part.variant = whole.variant
        and (
            (relations.kind <> 'breakdown_of_total' and whole.breakdown = part.breakdown)
            or (relations.kind = 'breakdown_of_total' and whole.breakdown in ('_T', breakdowns.part_of))
        )
    where part.breakdown <> '_T' or relations.kind <> 'breakdown_of_total'

),

used_columns as (

    select part_column as column_number from column_relations
    union
    select whole_column from column_relations

),

printed as (

    {{ printed_cells(['figure_id', 'value', 'value_lo', 'value_hi']) }}

),

-- What is safely below its whole is counted in decimals and never looked at again.
compared as (

    select
        column_relations.rule_id,
        column_relations.kind,
        column_relations.whole_code,
        column_relations.whole_breakdown,
        column_relations.part_factor,
        column_relations.whole_factor,
        part.publication_number, part.period_number, part.region_number, part.column_number,
        part.figure_id as part_id,
        whole.figure_id as whole_id,
        part.value_lo as part_lo,
        part.value_hi as part_hi,
        part.value as part_value,
        whole.value_lo as whole_lo,
        whole.value_hi as whole_hi,
        whole.value as whole_value,
        case
            when column_relations.part_factor <> column_relations.whole_factor or column_relations.kind = 'equivalent_of_persons' then 1
            when part.value_lo <= 0 and whole.value_hi > 0 then 0
            when part.value_lo > 0 and part.value_lo * 1.0001 < whole.value_hi then 0
            else 1
        end as is_doubtful
    from printed as part
    inner join column_relations
        on part.column_number = column_relations.part_column
    inner join printed as whole
        on {{ cell_number('part.place_number', 'column_relations.whole_column') }} = whole.cell_number

),

tests as (

    select
        compared.*,
        publications_of.document_id, regions_of.region_code, periods.period, columns_of.indicator_code, columns_of.variant, columns_of.breakdown,
        case
            when compared.kind = 'equivalent_of_persons'
                and {{ as_double('compared.part_hi') }} * {{ as_double('compared.part_factor') }} * 10 <= {{ as_double('compared.whole_lo') }} * {{ as_double('compared.whole_factor') }} then 'fail'
            when {{ as_double('compared.part_lo') }} * {{ as_double('compared.part_factor') }} < {{ as_double('compared.whole_hi') }} * {{ as_double('compared.whole_factor') }} then 'pass'
            else 'fail'
        end as outcome
    from compared
    {{ cell_texts('compared') }}
    where compared.is_doubtful = 1

),

counted as (

    select rule_id, 'pass' as outcome, count(*) as tests
    from compared
    where is_doubtful = 0
    group by rule_id
    union all
    select rule_id, outcome, count(*)
    from tests
    group by rule_id, outcome

),

failed as (

    select
        {{ key_id('tests', 'tests.document_id', "tests.period || case when tests.whole_breakdown = '_T' then '' else '/' || tests.whole_breakdown end") }} as finding_id,
        tests.*,
        {{ as_double('part_lo') }} * {{ as_double('part_factor') }} / {{ as_double('whole_factor') }} as least,
        {{ as_double('whole_hi') }} * {{ as_double('whole_factor') }} / {{ as_double('part_factor') }} as most
    from tests
    where outcome = 'fail'

),

operands as (

    select finding_id, part_id as figure_id, 'subset' as role, {{ as_double('null') }} as fit_lo, most as fit_hi from failed
    union all
    select finding_id, whole_id, 'whole', least, null from failed

)

{{ counted_rows('counted') }}
union all
{{ test_rows('failed inner join operands on failed.finding_id = operands.finding_id', {
    'finding_id': 'failed.finding_id', 'rule_id': 'rule_id', 'outcome': "'fail'", 'tests': '1', 'document_id': 'document_id',
    'region_code': 'region_code', 'indicator_code': 'indicator_code', 'variant': 'variant', 'breakdown': 'breakdown', 'period': 'period',
    'said_zh': "case when kind = 'equivalent_of_persons' then '折合全时当量应在人员数的十分之一与人员数之间' else '子项大于所属合计，修约不能解释' end",
    'said_en': "case when kind = 'equivalent_of_persons' then 'full-time equivalents lie between a tenth of the persons and the persons' else 'the part exceeds the whole that contains it; rounding does not explain it' end",
    'expected': "'≤ ' || " ~ shown('most', 2), 'observed': shown('part_value', 2), 'imbalance': 'part_value - most',
    'gap': 'part_lo - most', 'figure_id': 'operands.figure_id', 'role': 'operands.role', 'fit_lo': 'operands.fit_lo', 'fit_hi': 'operands.fit_hi',
}) }}
