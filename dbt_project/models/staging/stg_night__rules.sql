select
    rule_id,
    cast(version as integer) as version,
    engine,
    level,
    ess_type,
    severity,
    cast(blocks as boolean) as blocks,
    fault,
    title_zh,
    title_en,
    explanation_zh,
    explanation_en,
    who_fixes
from {{ source('night', 'rules') }}
