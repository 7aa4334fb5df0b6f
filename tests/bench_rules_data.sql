-- Synthetic figures for the bench of the rules: regions x 100 columns x 20 years, no real region and no real value.
-- Every value is an integer that grows evenly, at one of three speeds, so that no ratio stands still; a parent is the sum
-- of its counties, a ratio is what its parts give:
-- nothing may fire but what is planted. $parents and $counties are replaced by bench_rules.py. 合成数据。
create or replace table reference.indicators as
select 'i' || k as indicator_code, 'T' as domain_id, '合成指标' || k as name_zh, 'Synthetic ' || k as name_en, '万元' as unit, '' as unit_synonyms, 0 as usual_decimals,
    'up' as direction, 'flow' as indicator_type, true as additive, null::varchar as numerator_code, null::varchar as denominator_code, null::varchar as subset_of,
    0::decimal(28, 10) as valid_min, case when k = 39 then 1000000000000 end::decimal(28, 10) as valid_max, '' as definition_zh, '' as definition_en
from range(40) as t(k)
union all
select 'r' || k, 'T', '合成比率' || k, 'Synthetic ratio ' || k, '%', '', 4, 'up', 'ratio', false, 'i' || (k + 20), 'i' || (k - k % 2 + 1), null, 0, null, '', '' from range(20) as t(k)
union all
select 's' || k, 'T', '合成子项' || k, 'Synthetic subset ' || k, '万元', '', 0, 'up', 'flow', true, null, null, 'i' || (10 + k), 0, null, '', '' from range(10) as t(k)
union all
select 'c' || k, 'T', '合成计数' || k, 'Synthetic count ' || k, '家', '', 0, 'up', 'stock', true, null, null, null, 0, null, '', '' from range(18) as t(k);

create or replace table reference.regions as
select 'P' || lpad(p::varchar, 3, '0') as region_code, '合成市' || p as name_zh, '' as short_names, '000000' as parent_code, 'prefecture' as kind, null::date as valid_from, null::date as valid_to, 'synthetic' as source
from range($parents) as t(p)
union all
select 'P' || lpad(p::varchar, 3, '0') || 'C' || lpad(c::varchar, 3, '0'), '合成县' || p || '-' || c, '', 'P' || lpad(p::varchar, 3, '0'), 'county', null, null, 'synthetic'
from range($parents) as t(p), range($counties) as u(c);

create or replace table reference.indicator_limits as
select 'i' || k as indicator_code, 'region_sum' as limit_kind, '*' as region_kind, '_T' as variant, null::integer as first_year, null::decimal(28, 10) as limit_lo, 0::decimal(28, 10) as limit_hi, 'synthetic' as reason
from range(40) as t(k)
union all
select 'i38', 'plausible_band', 'county', '_T', null, 1, 100000000, 'synthetic';

create or replace table core.publications as
select 'org_' || y as source_id, 'doc_' || y as document_id, null::varchar as file_name, null::varchar as sha256, '合成年鉴' || y as title, '合成局' as publisher, null::varchar as document_number,
    '000000' as region_code, make_date(y + 1, 12, 31) as published_at, 'year' as published_precision, 'final' as release_type, 'origin' as kind, 'nbs_yearbook' as source_class, 20 as authority_rank
from range(2001, 2021) as t(y)
union all
select 'org_second', 'doc_second', null, null, '合成公报', '合成局', null, '000000', date '2021-12-31', 'year', 'final', 'origin', 'provincial_bulletin', 30
union all
select 'org_flash', 'doc_flash', null, null, '合成快报', '合成局', null, '000000', date '2021-01-31', 'day', 'preliminary', 'origin', 'nbs_yearbook', 20
union all
select 'org_old', 'doc_old', null, null, '合成年鉴旧版', '合成局', null, '000000', date '2020-06-30', 'day', 'final', 'origin', 'nbs_yearbook', 20;

create or replace temp table county_values as
with counties as (
    select region_code, parent_code, row_number() over (order by region_code) as n from reference.regions where kind = 'county'
),
amounts as (
    select region_code, parent_code, y, k, ((2000 + (n * 37 + k * 101) % 6000) * (60 + (y - 2001) * (1 + k % 3)))::bigint as v
    from counties, range(2001, 2021) as t(y), range(58) as u(k)
)
select region_code, parent_code, y, k, v from amounts;

create or replace temp table all_values as
select region_code, y, k, v from county_values
union all
select parent_code, y, k, sum(v)::bigint from county_values group by parent_code, y, k;

create or replace table planted (rule_id varchar, figure_id varchar);

create or replace temp table plain as
-- additive indicators and counts
select region_code, case when k < 40 then 'i' || k else 'c' || (k - 40) end as indicator_code, '_T' as breakdown, y, v::decimal(28, 10) as value, 0.5::decimal(28, 10) as half, 0 as decimals from all_values
union all
-- the three activities of i0 to i3, of the counties; of the parents the sum
select region_code, 'i' || k, 'activity=' || a, y, case a when 'experimental' then v - 2 * (v // 3) else v // 3 end, 0.5, 0
from county_values, (values ('basic'), ('applied'), ('experimental')) as t(a) where k < 4
union all
select parent_code, 'i' || k, 'activity=' || a, y, sum(case a when 'experimental' then v - 2 * (v // 3) else v // 3 end), 0.5, 0
from county_values, (values ('basic'), ('applied'), ('experimental')) as t(a) where k < 4 group by parent_code, k, a, y
union all
select region_code, 's' || (k - 10), '_T', y, v // 2, 0.5, 0 from all_values where k between 10 and 19
union all
select n.region_code, 'r' || (n.k - 20), '_T', n.y, round(n.v * 100.0::decimal(18, 4) / d.v, 4)::decimal(28, 10), 0.00005, 4
from all_values as n inner join all_values as d on n.region_code = d.region_code and n.y = d.y and d.k = n.k - 20 - (n.k - 20) % 2 + 1
where n.k between 20 and 39;

-- What is planted: one kind of error each at counties of their own, five times. The county decides the kind.
create or replace temp table marks as
select region_code, n % 100 as kind, n // 100 as turn
from (select region_code, row_number() over (order by region_code) - 1 as n from reference.regions where kind = 'county')
where n // 100 < 5;

create or replace temp table damaged as
select plain.*, 'fig_' || substr(md5(concat_ws('/', region_code, indicator_code, breakdown, y)), 1, 20) as figure_id, marks.kind as mark,
    case
        when marks.kind = 0 and indicator_code = 'i30' and y = 2010 then 'B1-06'
        when marks.kind = 2 and indicator_code = 'i39' and y = 2020 then 'B1-07'
        when marks.kind = 4 and indicator_code = 'i38' and y = 2020 then 'B1-08'
        when marks.kind = 6 and indicator_code = 'c5' and y = 2010 then 'B1-09'
        when marks.kind = 8 and marks.turn = 0 and indicator_code = 'r7' and y between 2005 and 2009 then 'B1-10'
        when marks.kind = 10 and indicator_code = 'i1' and breakdown = '_T' and y = 2010 then 'B1-11'
        when marks.kind = 12 and indicator_code = 'i2' and breakdown = 'activity=basic' and y = 2010 then 'B1-12'
        when marks.kind = 14 and indicator_code = 's4' and y = 2010 then 'B1-13'
        when marks.kind = 16 and indicator_code = 'r8' and y = 2010 then 'B1-27'
        when marks.kind = 18 and indicator_code = 'r12' and y = 2010 then 'B1-28'
        when marks.kind = 20 and indicator_code = 'c7' and y = 2010 then 'B2-03'
        when marks.kind = 22 and indicator_code = 'c8' and y = 2010 then 'B2-04'
        when marks.kind = 24 and indicator_code = 'c9' and y in (2011, 2012) then 'B2-12'
        when marks.kind = 26 and indicator_code = 'c10' and y = 2010 then 'B2-01'
        when marks.kind = 28 and indicator_code = 'c11' and y = 2020 then 'B2-02'
    end as rule_id
from plain left join marks using (region_code);

insert into planted select rule_id, figure_id from damaged where rule_id is not null and rule_id not in ('B2-01', 'B2-12');
insert into planted select 'B2-12', figure_id from damaged where rule_id = 'B2-12' and y = 2012;
insert into planted
select 'B2-01', near.figure_id from damaged as gone inner join damaged as near
    on gone.rule_id = 'B2-01' and gone.region_code = near.region_code and gone.indicator_code = near.indicator_code and near.y = gone.y + 1;

create or replace temp table final_values as
select damaged.region_code, damaged.indicator_code, damaged.breakdown, damaged.y, damaged.figure_id,
    case damaged.rule_id
        when 'B1-06' then -damaged.value when 'B1-07' then 2000000000000 when 'B1-08' then 900000000 when 'B1-09' then damaged.value + 0.5
        when 'B1-10' then damaged.value when 'B1-11' then damaged.value * 1.2 when 'B1-12' then damaged.value * 4 when 'B1-13' then damaged.value * 3
        when 'B1-27' then damaged.value * 1.1 when 'B1-28' then damaged.value * 0.9 when 'B2-03' then damaged.value * 5 when 'B2-04' then damaged.value * 1000
        when 'B2-12' then frozen.value when 'B2-02' then damaged.value * 0.3 else damaged.value
    end::decimal(28, 10) as value,
    case damaged.rule_id when 'B1-09' then 0.05 when 'B1-10' then 0.00000000005 else damaged.half end::decimal(28, 10) as half,
    case damaged.rule_id when 'B1-09' then 1 when 'B1-10' then 11 else damaged.decimals end as decimals,
    damaged.mark
from damaged
left join damaged as frozen
    on damaged.rule_id = 'B2-12' and frozen.region_code = damaged.region_code and frozen.indicator_code = damaged.indicator_code and frozen.y = 2010
where damaged.rule_id is distinct from 'B2-01';

create or replace table core.observation_versions as
select figure_id, 'org_' || y as origin_id, 'doc_' || y as document_id, region_code, indicator_code, '_T' as variant, breakdown, y::varchar as period,
    value, (value - half)::decimal(28, 10) as value_lo, (value + half)::decimal(28, 10) as value_hi, decimals as printed_decimals, case when indicator_code[1] = 'r' then '%' when indicator_code[1] = 'c' then '家' else '万元' end as printed_unit, 'cell' as layout,
    'final' as release_type, make_date(y + 1, 12, 31) as published_at, null::timestamp as recorded_to, true as is_current
from final_values
union all
-- another source, an earlier release and a flash of the last year for a hundredth of the figures; three kinds of errors among them
select 'fig_second_' || figure_id, 'org_second', 'doc_second', region_code, indicator_code, '_T', breakdown, y::varchar,
    (value * case when mark = 30 and indicator_code = 'c12' then 1.05 else 1 end)::decimal(28, 10), (value * case when mark = 30 and indicator_code = 'c12' then 1.05 else 1 end - half)::decimal(28, 10),
    (value * case when mark = 30 and indicator_code = 'c12' then 1.05 else 1 end + half)::decimal(28, 10), decimals, '家', 'cell', 'final', date '2021-12-31', null, false
from final_values where y = 2020 and indicator_code in ('c12', 'c13')
union all
select 'fig_old_' || figure_id, 'org_old', 'doc_old', region_code, indicator_code, '_T', breakdown, y::varchar,
    (value * case when mark = 32 and indicator_code = 'c14' then 1.5 else 1 end)::decimal(28, 10), (value * case when mark = 32 and indicator_code = 'c14' then 1.5 else 1 end - half)::decimal(28, 10),
    (value * case when mark = 32 and indicator_code = 'c14' then 1.5 else 1 end + half)::decimal(28, 10), decimals, '家', 'cell', 'final', date '2020-06-30', null, false
from final_values where y = 2020 and indicator_code in ('c14', 'c15')
union all
select 'fig_flash_' || figure_id, 'org_flash', 'doc_flash', region_code, indicator_code, '_T', breakdown, y::varchar,
    (value * case when mark = 34 and indicator_code = 'c16' then 1.3 else 1 end)::decimal(28, 10), (value * case when mark = 34 and indicator_code = 'c16' then 1.3 else 1 end - half)::decimal(28, 10),
    (value * case when mark = 34 and indicator_code = 'c16' then 1.3 else 1 end + half)::decimal(28, 10), decimals, '家', 'cell', 'preliminary', date '2021-01-31', null, false
from final_values where y = 2020 and indicator_code in ('c16', 'c17');

insert into planted
select case mark when 30 then 'B3-11' when 32 then 'B2-07' else 'B3-06' end, figure_id from final_values
where y = 2020 and ((mark = 30 and indicator_code = 'c12') or (mark = 32 and indicator_code = 'c14') or (mark = 34 and indicator_code = 'c16'));

create or replace table core.current_figures as
select figure_id, origin_id as source_id, origin_id, document_id, origin_id as edition_id, region_code, null::varchar as scope_note, indicator_code, variant, breakdown,
    indicator_code as indicator_as_printed, period, 'printed' as period_basis, null::varchar as base_period, 'actual' as kind, null::varchar as target_kind, 'eq' as comparator,
    'unstated' as nature, 'firm' as strength, null::varchar as statement_id, value as printed_value, null::decimal(28, 10) as printed_value_hi, printed_unit, printed_decimals,
    value, value_lo, value_hi, true as lo_closed, false as hi_closed, printed_unit as unit, 'cell' as layout, null::varchar as section, null::integer as line_start, null::integer as line_end,
    null::integer as page, 'Sheet1' as sheet, 'A1' as cell, null::varchar as address, published_at, 'year' as published_precision, release_type, 'A' as obs_status,
    timestamp '2026-01-01' as recorded_from, recorded_to, 0 as layout_rank, '合成年鉴' as document_title, null::varchar as printed_text
from core.observation_versions;
