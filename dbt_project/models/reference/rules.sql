select
    rule_id,
    version,
    engine,
    level,
    ess_type,
    severity,
    blocks,
    fault,
    title_zh,
    title_en,
    explanation_zh,
    explanation_en,
    who_fixes
from {{ ref('stg_night__rules') }}
