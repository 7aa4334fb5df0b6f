select
    source_id,
    document_id,
    file_name,
    sha256,
    title,
    publisher,
    document_number,
    region_code,
    published_at,
    published_precision,
    release_type,
    kind,
    source_class
from {{ ref('publications') }}
