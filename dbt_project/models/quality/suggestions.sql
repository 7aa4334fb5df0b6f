{#- What might have happened, and it changes nothing: for each figure of a finding whose rule knows the values that would fit,
    the nearest slip that leads into them. A power of ten; two neighbouring digits exchanged; one digit that is another;
    and, where several findings share a figure, that this one value would explain them all. The printed digits are taken
    one by one with a table of places, so nothing here depends on an engine's lists. -#}
with fits as (

    select
        operands.finding_id,
        operands.rule_id,
        operands.figure_id,
        operands.fit_lo,
        operands.fit_hi,
        figures.value,
        figures.printed_value,
        figures.printed_decimals,
        figures.printed_unit,
        -- the printed digits as one whole number, and what a unit of it is in the canonical unit
        cast(cast(round(abs(figures.printed_value) * power_of.ten, 0) as decimal(28, 0)) as {{ dbt.type_string() }}) as digits,
        {{ as_double('figures.value') }} / {{ as_double('figures.printed_value') }} as scale,
        power_of.ten as power_of_ten
    from {{ ref('rule_test_figures') }} as operands
    inner join {{ ref('current_figures') }} as figures
        on operands.figure_id = figures.figure_id
    inner join (
        {%- for places in range(7) %}
        select {{ places }} as places, cast({{ 10 ** places }} as decimal(18, 0)) as ten
        {{ 'union all' if not loop.last }}
        {%- endfor %}
    ) as power_of
        on figures.printed_decimals = power_of.places
    where operands.fit_lo is not null and operands.fit_hi is not null
        and figures.printed_value > 0 and figures.value > 0 and figures.printed_value < 1000000000000

),

places as (

    {%- for place in range(1, 13) %}
    select {{ place }} as place
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

numerals as (

    {%- for numeral in range(10) %}
    select '{{ numeral }}' as numeral
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

powers as (

    {%- for exponent in [-8, -4, -3, -2, -1, 1, 2, 3, 4, 8] %}
    select {{ exponent }} as exponent, cast({{ '%.8f' % (10.0 ** exponent) }} as decimal(18, 8)) as factor
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

candidates as (

    select
        fits.finding_id, fits.figure_id, 'power_of_ten' as kind,
        {{ as_double('fits.value') }} * {{ as_double('powers.factor') }} as suggested_value,
        cast(powers.exponent as {{ dbt.type_string() }}) as detail
    from fits
    cross join powers
    union all
    select
        fits.finding_id, fits.figure_id, 'transposed_digits',
        {{ as_double("substr(fits.digits, 1, places.place - 1) || substr(fits.digits, places.place + 1, 1) || substr(fits.digits, places.place, 1) || substr(fits.digits, places.place + 2)") }}
            / {{ as_double('fits.power_of_ten') }} * fits.scale,
        substr(fits.digits, places.place, 2)
    from fits
    inner join places
        on places.place < length(fits.digits)
        and substr(fits.digits, places.place, 1) <> substr(fits.digits, places.place + 1, 1)
    union all
    select
        fits.finding_id, fits.figure_id, 'one_digit',
        {{ as_double("substr(fits.digits, 1, places.place - 1) || numerals.numeral || substr(fits.digits, places.place + 1)") }} / {{ as_double('fits.power_of_ten') }} * fits.scale,
        substr(fits.digits, places.place, 1) || numerals.numeral
    from fits
    inner join places
        on places.place <= length(fits.digits)
    inner join numerals
        on numerals.numeral <> substr(fits.digits, places.place, 1)
    where not (places.place = 1 and numerals.numeral = '0')

),

-- Only what leads into the values that fit; of the digits, the one that comes nearest to their middle.
fitting as (

    select
        candidates.*,
        row_number() over (
            partition by candidates.finding_id, candidates.figure_id, candidates.kind
            order by abs(candidates.suggested_value - {{ as_double('fits.fit_lo + fits.fit_hi') }} / 2), candidates.detail
        ) as precedence
    from candidates
    inner join fits
        on candidates.finding_id = fits.finding_id and candidates.figure_id = fits.figure_id
        and candidates.suggested_value >= {{ as_double('fits.fit_lo') }} and candidates.suggested_value <= {{ as_double('fits.fit_hi') }}

),

-- Where many figures of one finding could have slipped, the digits say nothing.
telling as (

    select
        fitting.*,
        count(*) over (partition by finding_id, kind) as rivals
    from fitting
    where precedence = 1

),

localised as (

    select finding_id, suspect_figure_id as figure_id, 'single_value' as kind, cast(null as {{ value_type() }}) as suggested_value, cast(symptoms as {{ dbt.type_string() }}) as detail
    from {{ ref('rule_causes') }}
    where finding_id = root_cause_id and suspect_figure_id is not null

),

united as (

    select finding_id, figure_id, kind, {{ as_value('cast(suggested_value as decimal(28, 6))') }} as suggested_value, detail
    from telling
    where rivals <= 3 and suggested_value < 1000000000000000
    union all
    select finding_id, figure_id, kind, suggested_value, detail
    from localised

)

select
    united.finding_id,
    united.kind,
    united.figure_id,
    united.suggested_value,
    {{ place_zh('figures') }} || '的' || {{ printed_label('figures') }}
        || case united.kind
            when 'power_of_ten' then '若错了10的' || united.detail || '次方，应为' || {{ shown('united.suggested_value', 2) }} || figures.unit || '，则相符。'
            when 'transposed_digits' then '若“' || united.detail || '”两位颠倒，应为' || {{ shown('united.suggested_value', 2) }} || figures.unit || '，则相符。'
            when 'one_digit' then '若“' || substr(united.detail, 1, 1) || '”应为“' || substr(united.detail, 2, 1) || '”，即' || {{ shown('united.suggested_value', 2) }} || figures.unit || '，则相符。'
            else '若仅此一处有误，可同时解释' || united.detail || '个问题。'
        end as sentence_zh,
    {{ printed_label('figures') }} || ' (' || {{ place_en('figures') }} || ')'
        || case united.kind
            when 'power_of_ten' then ' would fit if it were off by 10 to the power of ' || united.detail || ': ' || {{ shown('united.suggested_value', 2) }} || figures.unit || '.'
            when 'transposed_digits' then ' would fit with the digits ' || united.detail || ' exchanged: ' || {{ shown('united.suggested_value', 2) }} || figures.unit || '.'
            when 'one_digit' then ' would fit with ' || substr(united.detail, 2, 1) || ' instead of ' || substr(united.detail, 1, 1) || ': ' || {{ shown('united.suggested_value', 2) }} || figures.unit || '.'
            else ' alone, if wrong, would explain ' || united.detail || ' findings.'
        end as sentence_en
from united
inner join {{ ref('current_figures') }} as figures
    on united.figure_id = figures.figure_id
