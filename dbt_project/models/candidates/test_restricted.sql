{#- Audit relations of enterprise returns (audit_relations), which ingestion tests row by row in the restricted zone: a
    relation that some rows of a form and year break is one finding, which tells how many and never which. A number
    below the threshold of disclosure is withheld: then some broke it, and no more is said. -#}
with rules as (

    {{ rules_of_kind(['audit_relation']) }}

),

counts as (

    select
        counts.*,
        relations.rule_id,
        relations.expression,
        relations.explanation_zh,
        relations.explanation_en
    from {{ ref('current_restricted_counts') }} as counts
    inner join {{ ref('audit_relations') }} as relations
        on counts.form_id = relations.form_id and counts.form_year = relations.form_year and counts.subject = relations.relation_id
    inner join rules
        on relations.rule_id = rules.rule_id
    where counts.measure in ('relation_tested', 'relation_failed')

),

relations as (

    select
        rule_id, form_id, form_year, period, subject, severity, expression, explanation_zh, explanation_en,
        min(document_id) as document_id,
        min(region_code) as region_code,
        count(distinct file_name) as files,
        sum(case when measure = 'relation_tested' then coalesce(row_count, 0) else 0 end) as tested,
        sum(case when measure = 'relation_failed' then coalesce(row_count, 0) else 0 end) as failed,
        max(case when measure = 'relation_failed' and is_suppressed then 1 else 0 end) as is_withheld
    from counts
    group by rule_id, form_id, form_year, period, subject, severity, expression, explanation_zh, explanation_en

),

outcomes as (

    select
        relations.*,
        case when failed > 0 or is_withheld = 1 then 'fail' else 'pass' end as outcome,
        case when is_withheld = 1 then '有单位的行（数目不公布）' else '有' || cast(failed as {{ dbt.type_string() }}) || '行' end as number_zh,
        case when is_withheld = 1 then 'some rows (their number is withheld)' else cast(failed as {{ dbt.type_string() }}) || ' rows' end as number_en
    from relations

),

failed as (

    select *
    from outcomes
    where outcome = 'fail'

),

counted as (

    select rule_id, 'pass' as outcome, tested - failed as tests
    from outcomes

)

{{ counted_rows('counted') }}
union all
{{ test_rows('failed', {
    'finding_id': stable_id('fnd', ['rule_id', 'form_id', 'cast(form_year as ' ~ dbt.type_string() ~ ')', 'period', 'subject']),
    'rule_id': 'rule_id', 'outcome': "'fail'", 'tests': '1', 'severity': 'severity', 'document_id': 'document_id',
    'region_code': "coalesce(region_code, '000000')", 'variant': "'_T'", 'breakdown': "'_T'", 'period': 'period',
    'title_zh': "form_id || '表（' || cast(form_year as " ~ dbt.type_string() ~ ") || '年表式）' || period || '年：' || number_zh || '不符合“' || explanation_zh || '”（'
        || expression || '），明细在受限区，请退回报送单位核实。'",
    'title_en': "'Form ' || form_id || ' (' || cast(form_year as " ~ dbt.type_string() ~ ") || ') for ' || period || ': ' || number_en || ' break “' || explanation_en || '” ('
        || expression || '); the rows are in the restricted zone; ask their senders.'",
    'expected': 'expression', 'role': "'source'", 'operand': "cast(failed as " ~ dbt.type_string() ~ ") || '/' || cast(tested as " ~ dbt.type_string() ~ ")",
}) }}
