{#- The figures of every test, with the part that each plays in it. -#}
select distinct finding_id, figure_id, role
from (
    {%- for family in ['test_text_table', 'test_ratio_identities', 'test_changes', 'test_targets'] %}
    select finding_id, figure_id, role
    from {{ ref(family) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
) as roles
