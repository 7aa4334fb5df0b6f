{# Interval arithmetic in exact decimals. An interval is four columns: <prefix>_lo, <prefix>_hi (null = unbounded),
   lo_closed, hi_closed. Comparisons of ratios are cross-multiplied, never divided. #}

{# One interval ends before the other starts: a.hi < b.lo, or they touch in a point that one of them leaves out. #}
{% macro ends_before(a, b) -%}
    ({{ a }}.value_hi is not null and {{ b }}.value_lo is not null and (
        {{ a }}.value_hi < {{ b }}.value_lo
        or ({{ a }}.value_hi = {{ b }}.value_lo and not ({{ a }}.hi_closed and {{ b }}.lo_closed))
    ))
{%- endmacro %}

{# Two intervals share no value. #}
{% macro disjoint(a, b) -%}
    ({{ ends_before(a, b) }} or {{ ends_before(b, a) }})
{%- endmacro %}

{# Gap between two disjoint intervals, in their unit; zero when they meet. #}
{% macro interval_gap(a, b) -%}
    case
        when {{ ends_before(a, b) }} then {{ b }}.value_lo - {{ a }}.value_hi
        when {{ ends_before(b, a) }} then {{ a }}.value_lo - {{ b }}.value_hi
        else {{ as_value('0') }}
    end
{%- endmacro %}

{# numerator / denominator lies outside ratio, all positive and in base units:
   hi(N) <= lo(R) * lo(D)  or  lo(N) >= hi(R) * hi(D). Rounding intervals are half-open, so touching counts as outside
   only where the end does not belong to both; the closed lower product keeps equality inside. #}
{% macro ratio_outside(n_lo, n_hi, d_lo, d_hi, r_lo, r_hi) -%}
    ({{ n_hi }} <= {{ r_lo }} * {{ d_lo }} or {{ n_lo }} >= {{ r_hi }} * {{ d_hi }})
{%- endmacro %}

{# Threshold interval of a target: which end is bounded, by comparator. #}
{% macro threshold_lo(comparator, value) -%}
    case
        when {{ comparator }} in ('ge', 'gt', 'eq', 'range') then {{ value }}
        when {{ comparator }} = 'approx' then {{ as_value(value ~ ' * ' ~ as_value(1 - var('approx_band'))) }}
    end
{%- endmacro %}
{% macro threshold_hi(comparator, value, value_hi) -%}
    case
        when {{ comparator }} = 'range' then {{ value_hi }}
        when {{ comparator }} in ('le', 'lt', 'eq') then {{ value }}
        when {{ comparator }} = 'approx' then {{ as_value(value ~ ' * ' ~ as_value(1 + var('approx_band'))) }}
    end
{%- endmacro %}

{# An end of the rounding interval, or the value itself where a count was printed to the unit. #}
{% macro exact_if_counted(alias, end) -%}
    case
        when targets.is_counted and {{ alias }}.value_hi - {{ alias }}.value_lo = 1 then {{ alias }}.value
        else {{ alias }}.value_{{ end }}
    end
{%- endmacro %}
