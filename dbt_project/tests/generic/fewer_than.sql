{% test fewer_than(model, columns, most) %}
{# There are fewer different combinations of these columns than a number that is made of them has room for. #}
select count(*) as combinations
from (select distinct {{ columns | join(', ') }} from {{ model }}) as keys
having count(*) >= {{ most }}
{% endtest %}
