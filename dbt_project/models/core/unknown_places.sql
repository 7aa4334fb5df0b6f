{#- Documents that print a row for a place of which nobody knows the code (a development zone beside the counties). -#}
select distinct readings.document_id
from {{ ref('stg_lake__rejected') }} as rejected
inner join {{ ref('stg_lake__readings') }} as readings
    on rejected.reading_id = readings.reading_id
where rejected.reason_code = 'unknown_region'
