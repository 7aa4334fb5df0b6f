{% test in_vocabulary(model, column_name, vocabulary) %}
{# Every code is declared in the seed vocabularies. #}
select tested.{{ column_name }}
from {{ model }} as tested
left join {{ ref('vocabularies') }} as words
    on tested.{{ column_name }} = words.code and words.vocabulary = '{{ vocabulary }}'
where tested.{{ column_name }} is not null and words.code is null
{% endtest %}
