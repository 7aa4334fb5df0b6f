{% test unique_combination(model, columns) %}
{# A key of several columns appears once. #}
select {{ columns | join(', ') }}
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}
