{#- Where the lake lies is read when a model is built, not when the project is parsed: so one parse holds for every home. -#}
{% macro source(source_name, table_name) -%}
{{ return((builtins.source(source_name, table_name) | string) | replace('@lake', env_var('PROVSTAT_LAKE', 'lake'))) }}
{%- endmacro %}
