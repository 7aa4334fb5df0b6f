{#- The text of a plan as it was delivered: B0-05 characters that the reader had to mend, PT-15 a label that two boxes or
    tables bear. One finding per document and kind of character, and per label. A letter inside a number is a doubt, for
    the number had to be guessed; what reads in one way only is told and no more. -#}
with lines as (

    select
        readings.source_id,
        readings.document_id,
        readings.edition_id,
        readings.region_code,
        readings.title as document_title,
        lines.sheet,
        lines.page,
        lines.line_start,
        cast(null as {{ dbt.type_string() }}) as cell,
        lines.raw_text
    from {{ ref('stg_lake__lines') }} as lines
    inner join {{ ref('reading_spans') }} as readings
        on lines.reading_id = readings.reading_id
    where readings.kind = 'plan' and readings.valid_to is null and lines.raw_text <> ''

),

traditional as (

    select {{ ordered_text('symbol', '', 'symbol') }} as symbols
    from {{ ref('traditional_characters') }}

),

-- Digits are told from formulas (P2O5) and names (O2O) by what stands before them.
suspects as (

    select
        lines.*,
        'letter' as fault,
        {{ text_part('raw_text', '([〇零一二三四五六七八九]+[ 　]*[OoＯｏОΟ][ 　]*[〇零一二三四五六七八九]+)') }}
            || {{ text_part('raw_text', '(?:^|[^A-Za-z0-9.])([0-9]+[OoＯｏОΟlI][0-9OoＯｏОΟlI]*)(?:$|[^A-Za-z0-9.])') }}
            || {{ text_part('raw_text', '(?:^|[^A-Za-z0-9.])([lI][0-9]+)[ ]*(?:年|家|个|件|项|万|亿|%|位)') }} as part
    from lines
    union all
    select lines.*, 'full_width', {{ text_part('raw_text', '([^ 　，。；、]{0,4}[０-９][^ 　，。；、]{0,6})') }}
    from lines
    union all
    select
        lines.*,
        'traditional',
        case
            when length({{ without_characters('lines.raw_text', 'traditional.symbols') }}) < length(lines.raw_text)
                then {{ text_part('lines.raw_text', "([^ 　，。；、]{0,4}[' || traditional.symbols || '][^ 　，。；、]{0,4})") }}
            else ''
        end
    from lines
    cross join traditional

),

ranked as (

    select
        *,
        {{ stable_id('fnd', ["'B0-05'", 'document_id', 'region_code', 'fault']) }} as finding_id,
        row_number() over (partition by source_id, fault order by line_start, page, sheet) as place_number,
        count(*) over (partition by source_id, fault) as places
    from suspects
    where part <> ''

),

listed as (

    select
        finding_id, source_id, document_id, region_code, fault,
        max(document_title) as document_title,
        max(places) as places,
        -- Three places show what is meant; the others are found by looking.
        {{ ordered_text("case when place_number <= 3 then " ~ place_zh('ranked') ~ " || '“' || part || '”' end", '、', 'place_number') }} as list_zh,
        {{ ordered_text("case when place_number <= 3 then " ~ place_en('ranked') ~ " || ' “' || part || '”' end", ', ', 'place_number') }} as list_en,
        {{ ordered_text("part", '|', 'place_number') }} as operand
    from ranked
    group by finding_id, source_id, document_id, region_code, fault

),

-- 专栏1, 表2, 附表3-1 at the start of a line, and the words after it; a sentence that speaks of a table is none.
labels as (

    select
        lines.*,
        {{ text_part('raw_text', '^[#*> |　\t]*((?:专栏|附表|表)[ 　]*[0-9０-９]+(?:[-－][0-9０-９]+)?)(?:[^0-9０-９所中列示见的年.%-]|$)') }} as printed_part,
        {{ text_part('raw_text', '^[#*> |　\t]*(?:专栏|附表|表)[ 　]*[0-9０-９]+(?:[-－][0-9０-９]+)?[ 　:：.．、]*([^.…·]*)') }} as words
    from lines
    where length(raw_text) <= 80 and not {{ text_contains('raw_text', "'。'") }} and not {{ text_contains('raw_text', "'续'") }}

),

titled as (

    select
        *,
        replace(replace(printed_part, ' ', ''), '　', '') as label,
        -- a table of contents repeats the title and adds the page
        {{ without_characters('words', "'0123456789 　\t|*#：:'") }} as words_alone
    from labels
    where printed_part <> ''

),

-- A title on the next line leaves the label alone: each such line is a box of its own.
anchors as (

    select
        source_id, document_id, region_code, label,
        max(document_title) as document_title,
        count(distinct case when words_alone <> '' then words_alone end) + count(case when words_alone = '' then 1 end) as bearers,
        {{ ordered_text(place_zh('titled') ~ " || case when words_alone <> '' then '“' || trim(words) || '”' else '' end", '、', 'line_start') }} as list_zh,
        {{ ordered_text(place_en('titled') ~ " || case when words_alone <> '' then ' “' || trim(words) || '”' else '' end", ', ', 'line_start') }} as list_en,
        {{ ordered_text('words_alone', '|', 'line_start') }} as operand
    from titled
    group by source_id, document_id, region_code, label

),

-- A finding about a text points to a figure of it, so that it leads somewhere.
first_figures as (

    select source_id, min(figure_id) as figure_id
    from {{ ref('current_figures') }}
    where layout <> 'cell'
    group by source_id

),

failed as (

    select
        finding_id, 'B0-05' as rule_id, case fault when 'letter' then null else 'information' end as severity,
        source_id, document_id, region_code, operand,
        '《' || document_title || '》' || list_zh || case when places > 3 then '等' || cast(places as {{ dbt.type_string() }}) || '处' else '' end
            || case fault
                when 'letter' then '：数字里混有字母，只能推断原意，请改为数字。'
                when 'full_width' then '：使用全角数字，已按半角读取，请改为半角。'
                else '：简体文本中夹有繁体字，请统一为简体。'
            end as title_zh,
        document_title || ': ' || list_en || case when places > 3 then ' and ' || cast(places - 3 as {{ dbt.type_string() }}) || ' more' else '' end
            || case fault
                when 'letter' then ': a letter stands inside a number; what was meant is a guess.'
                when 'full_width' then ': full-width digits, read as half-width ones.'
                else ': traditional characters in a simplified text.'
            end as title_en,
        fault as observed
    from listed
    union all
    select
        {{ stable_id('fnd', ["'PT-15'", 'document_id', 'region_code', 'label']) }}, 'PT-15', null, source_id, document_id, region_code, operand,
        '《' || document_title || '》“' || label || '”用了不止一次：' || list_zh || '；引用时应写明题名。',
        document_title || ': “' || label || '” is borne more than once: ' || list_en || '; cite the title with it.',
        label
    from anchors
    where bearers > 1

),

counted as (

    select 'B0-05' as rule_id, 'pass' as outcome, count(*) as tests from lines
    union all
    select 'PT-15', 'pass', count(*) from anchors where bearers = 1

)

{{ counted_rows('counted') }}
union all
{{ test_rows('failed left join first_figures on failed.source_id = first_figures.source_id', {
    'finding_id': 'finding_id', 'rule_id': 'rule_id', 'outcome': "'fail'", 'tests': '1', 'severity': 'severity', 'document_id': 'document_id',
    'region_code': "coalesce(region_code, '000000')", 'variant': "'_T'", 'breakdown': "'_T'", 'period': "''", 'title_zh': 'title_zh', 'title_en': 'title_en',
    'observed': 'observed', 'figure_id': 'figure_id', 'role': "'source'", 'operand': 'operand',
}) }}
