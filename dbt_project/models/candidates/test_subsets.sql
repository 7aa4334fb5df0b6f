{#- A part and the whole that contains it, in one publication: a breakdown of an additive indicator, or an indicator that
    the registry declares a subset of another one. The part must be able to lie below the whole under rounding. -#}
with rules as (

    {{ rules_of_kind(['breakdown_of_total', 'indicator_subset']) }}

),

-- What may contain what: the factor brings the part into the unit of the whole.
relations as (

    select
        rules.rule_id,
        rules.kind,
        parts.indicator_code as part_code,
        case when rules.kind = 'indicator_subset' then parts.subset_of else parts.indicator_code end as whole_code,
        {{ as_value('part_units.factor') }} as part_factor,
        {{ as_value('whole_units.factor') }} as whole_factor
    from rules
    inner join {{ ref('indicators') }} as parts
        on {{ in_scope('rules', 'parts.indicator_code') }}
    inner join {{ ref('indicators') }} as wholes
        on wholes.indicator_code = case when rules.kind = 'indicator_subset' then parts.subset_of else parts.indicator_code end
    inner join {{ ref('units') }} as part_units
        on parts.unit = part_units.unit
    inner join {{ ref('units') }} as whole_units
        on wholes.unit = whole_units.unit
    where part_units.dimension = whole_units.dimension
        and (rules.kind = 'indicator_subset' or parts.additive)

),

tests as (

    select
        relations.rule_id,
        relations.kind,
        relations.whole_code,
        relations.part_factor,
        relations.whole_factor,
        part.document_id,
        part.region_code,
        part.indicator_code,
        part.variant,
        part.breakdown,
        part.period,
        part.figure_id as part_id,
        whole.figure_id as whole_id,
        part.value_lo as part_lo,
        part.value as part_value,
        whole.value_hi as whole_hi,
        whole.value as whole_value,
        case
            when {{ as_double('part.value_lo') }} * {{ as_double('relations.part_factor') }} < {{ as_double('whole.value_hi') }} * {{ as_double('relations.whole_factor') }} then 'pass'
            else 'fail'
        end as outcome
    from {{ ref('levels') }} as part
    inner join relations
        on part.indicator_code = relations.part_code
    inner join {{ ref('levels') }} as whole
        on part.origin_id = whole.origin_id
        and part.document_id = whole.document_id
        and part.region_code = whole.region_code
        and part.variant = whole.variant
        and part.period = whole.period
        and relations.whole_code = whole.indicator_code
        and whole.breakdown = case when relations.kind = 'indicator_subset' then part.breakdown else '_T' end
    where part.breakdown <> '_T' or relations.kind = 'indicator_subset'

),

counted as (

    select rule_id, outcome, count(*) as tests
    from tests
    group by rule_id, outcome

),

failed as (

    select
        {{ key_id('tests', 'tests.document_id', 'tests.period') }} as finding_id,
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
    'said_zh': "'子项大于所属合计，修约不能解释'", 'said_en': "'the part exceeds the whole that contains it; rounding does not explain it'",
    'expected': "'≤ ' || " ~ shown('most', 2), 'observed': shown('part_value', 2), 'imbalance': 'part_value - most',
    'gap': 'part_lo - most', 'figure_id': 'operands.figure_id', 'role': 'operands.role', 'fit_lo': 'operands.fit_lo', 'fit_hi': 'operands.fit_hi',
}) }}
