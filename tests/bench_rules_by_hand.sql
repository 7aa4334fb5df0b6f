-- The predicates of the rules as one would write them by hand for these data: DuckDB's own words, no catalogue, no
-- registry, no sentences. Each statement gives the figures that fail, and the number of tests as a last row (null).
-- rule: B1-06
with t as (select figure_id, value_hi <= 0 and value < 0 as bad from core.levels)
select figure_id, 0 as tests from t where bad union all select null, count(*) from t;
-- rule: B1-07
with t as (select figure_id, value_lo > 1000000000000 as bad from core.levels where indicator_code = 'i39')
select figure_id, 0 from t where bad union all select null, count(*) from t;
-- rule: B1-08
with t as (select l.figure_id, value_hi < 1 or value_lo > 100000000 as bad from core.levels l join reference.regions r using (region_code) where indicator_code = 'i38' and r.kind = 'county' and breakdown = '_T')
select figure_id, 0 from t where bad union all select null, count(*) from t;
-- rule: B1-09
with t as (select figure_id, floor(value_hi) < value_lo as bad from core.levels where indicator_code like 'c%')
select figure_id, 0 from t where bad union all select null, count(*) from t;
-- rule: B1-10
with t as (
    select figure_id, row_number() over (partition by document_id, indicator_code order by region_code, period, figure_id) as n
    from core.levels where printed_decimals > case when indicator_code[1] = 'r' then 4 else 0 end + 6
)
select figure_id, 0 from t where n = 1 union all select null, count(*) from core.levels;
-- rule: B1-12
with t as (select p.figure_id, p.value_lo >= w.value_hi as bad from core.levels p join core.levels w using (origin_id, document_id, region_code, indicator_code, variant, period) where p.breakdown <> '_T' and w.breakdown = '_T')
select figure_id, 0 from t where bad union all select null, count(*) from t;
-- rule: B1-13
with t as (select p.figure_id, p.value_lo >= w.value_hi as bad from core.levels p join core.levels w using (origin_id, document_id, region_code, variant, breakdown, period)
    where p.indicator_code like 's%' and w.indicator_code = 'i' || (10 + substr(p.indicator_code, 2)::int))
select figure_id, 0 from t where bad union all select null, count(*) from t;
-- rule: B1-11
with parts as (
    select origin_id, document_id, region_code, indicator_code, variant, period, sum(value_lo) lo, sum(value_hi) hi, count(*) n
    from core.levels where breakdown like 'activity=%' group by all
), regional as (
    select origin_id, document_id, substr(region_code, 1, 4) as region_code, indicator_code, variant, breakdown, period, sum(value_lo) lo, sum(value_hi) hi, count(*) n
    from core.levels where length(region_code) > 4 and indicator_code like 'i%' group by all
), kids as (select parent_code, count(*) n from reference.regions where kind = 'county' group by all), t as (
    select w.figure_id, p.lo >= w.value_hi or (p.n = 3 and p.hi <= w.value_lo) as bad, p.n < 3 and p.lo < w.value_hi as incomplete
    from parts p join core.levels w using (origin_id, document_id, region_code, indicator_code, variant, period) where w.breakdown = '_T'
    union all
    select w.figure_id, p.lo >= w.value_hi or (p.n = kids.n and p.hi <= w.value_lo), p.n < kids.n and p.lo < w.value_hi
    from regional p join core.levels w using (origin_id, document_id, region_code, indicator_code, variant, breakdown, period) join kids on p.region_code = kids.parent_code
    where p.n > 1
)
select figure_id, 0 from t where bad union all select null, count(*) from t where not incomplete;
-- rule: B1-27
with t as (
    select r.figure_id, n.value_hi * 100 <= r.value_lo * d.value_lo or n.value_lo * 100 >= r.value_hi * d.value_hi as bad
    from core.levels r
    join core.levels n using (origin_id, document_id, region_code, period, variant, breakdown)
    join core.levels d using (origin_id, document_id, region_code, period, variant, breakdown)
    where r.indicator_code like 'r%' and n.indicator_code = 'i' || (20 + substr(r.indicator_code, 2)::int)
        and d.indicator_code = 'i' || (substr(r.indicator_code, 2)::int - substr(r.indicator_code, 2)::int % 2 + 1)
        and r.value_lo > 0 and n.value_lo > 0 and d.value_lo > 0 and n.value_hi < 1000000000
)
select figure_id, 0 from t where bad union all select null, count(*) from t;
-- rule: B1-28
with q as (
    select r.figure_id, r.indicator_code, origin_id, document_id, region_code, period, variant, breakdown, d.number as over_number,
        n.value_lo as n_lo, n.value_hi as n_hi, r.value_lo as r_lo, r.value_hi as r_hi
    from core.levels r
    join core.levels n using (origin_id, document_id, region_code, period, variant, breakdown)
    join (select k as number, 'r' || k as one from range(20) t(k)) d on d.one = r.indicator_code
    where n.indicator_code = 'i' || (20 + d.number) and r.value_lo > 0 and n.value_lo > 0 and n.value_hi < 1000000000
),
t as (
    select a.figure_id as a_id, b.figure_id as b_id, a.n_hi * b.r_hi <= b.n_lo * a.r_lo or b.n_hi * a.r_hi <= a.n_lo * b.r_lo as bad
    from q a join q b using (origin_id, document_id, region_code, period, variant, breakdown)
    where a.over_number % 2 = 0 and b.over_number = a.over_number + 1
)
select distinct unnest([a_id, b_id]), 0 from t where bad union all select null, count(*) from t;
-- rule: B2-01
with p as (select figure_id, region_code, indicator_code, variant, breakdown, year from core.levels where line_code = 'nbs_yearbook' and release_type = 'final' and is_current),
e as (select region_code, indicator_code, variant, breakdown, min(year) a, max(year) z, count(*) n from p group by all),
t as (
    select e.region_code, e.indicator_code, e.breakdown, y.year
    from e join (select distinct year from p) y on y.year > e.a and y.year < e.z where e.n < e.z - e.a + 1
)
select unnest([later.figure_id, earlier.figure_id]), 0 from t
    join p earlier on earlier.region_code = t.region_code and earlier.indicator_code = t.indicator_code and earlier.breakdown = t.breakdown and earlier.year = t.year - 1
    join p later on later.region_code = t.region_code and later.indicator_code = t.indicator_code and later.breakdown = t.breakdown and later.year = t.year + 1
    anti join p here on here.region_code = t.region_code and here.indicator_code = t.indicator_code and here.breakdown = t.breakdown and here.year = t.year
union all select null, count(*) from e where n > 2;
-- rule: B2-03
with p as (select figure_id, region_code, indicator_code, breakdown, year, value, value_lo, value_hi from core.levels where line_code = 'nbs_yearbook' and is_current and value_lo > 0),
t as (
    select l.figure_id, (l.value_lo > f.value_hi * 3 or f.value_lo > l.value_hi * 3)
        and (l.indicator_code[1] <> 'c' or greatest(l.value, f.value) >= 20) and l.value_hi < 1000000000000 and f.value_hi < 1000000000000 as bad
    from p l join p f on l.region_code = f.region_code and l.indicator_code = f.indicator_code and l.breakdown = f.breakdown and l.year = f.year + 1
)
select figure_id, 0 from t where bad union all select null, count(*) from t;
-- rule: B2-04
with p as (select figure_id, region_code, indicator_code, breakdown, year, value from core.levels where line_code = 'nbs_yearbook' and is_current and value_lo > 0),
t as (
    select l.figure_id, exists (select 1 from (values (10), (100), (1000), (10000), (100000000)) as x(ten)
        where abs(greatest(l.value, f.value)::double / least(l.value, f.value)::double / ten - 1) <= case when ten >= 1000 then 0.40 else 0.05 end) and (l.indicator_code[1] <> 'c' or least(l.value, f.value) >= 100) as bad
    from p l join p f on l.region_code = f.region_code and l.indicator_code = f.indicator_code and l.breakdown = f.breakdown and l.year = f.year + 1
)
select figure_id, 0 from t where bad union all select null, count(*) from t;
-- rule: B2-02
with p as (select figure_id, region_code, indicator_code, breakdown, year, value, value_lo from core.levels where line_code = 'nbs_yearbook' and is_current),
e as (select region_code, indicator_code, breakdown, max(year) as z from p group by all having count(*) >= 6),
g as (
    select l.figure_id, l.region_code, l.indicator_code, l.breakdown, l.year = e.z as is_last, ln(l.value::double / f.value::double) as growth, greatest(l.value, f.value) as most
    from p l
    join e using (region_code, indicator_code, breakdown)
    join p f on l.region_code = f.region_code and l.indicator_code = f.indicator_code and l.breakdown = f.breakdown and l.year = f.year + 1
    where l.year > e.z - 6 and l.value_lo > 0 and f.value_lo > 0
),
t as (
    select max(case when is_last then figure_id end) as figure_id, max(case when is_last then growth end) as growth, max(case when is_last then most end) as most,
        median(case when not is_last then growth end) as middle, mad(case when not is_last then growth end) as deviation, indicator_code
    from g group by region_code, indicator_code, breakdown having count(case when not is_last then 1 end) >= 4 and count(case when is_last then 1 end) = 1
)
select figure_id, 0 from t where abs(growth - middle) > greatest(3.5 * deviation, 0.3) and (indicator_code[1] <> 'c' or most >= 20)
union all select null, count(*) from t;
-- rule: B2-07
with v as (
    select figure_id, release_type, value_lo, value_hi, lag(value_lo) over w as former_lo, lag(value_hi) over w as former_hi, lag(release_type) over w as former_type
    from core.levels where line_code = 'nbs_yearbook' and year = 2020
    window w as (partition by region_code, indicator_code, variant, breakdown order by published_at)
),
t as (select figure_id, value_lo > former_hi * 1.1 or value_hi < former_lo * 0.9 as bad from v where former_type = 'final' and release_type = 'final')
select figure_id, 0 from t where bad union all select null, count(*) from t;
-- rule: B2-12
with p as (select figure_id, region_code, indicator_code, breakdown, year, value, value_lo, value_hi from core.levels where line_code = 'nbs_yearbook' and is_current and value_lo > 0),
t as (
    select l.figure_id, l.value = f.value and g.region_code is not null and l.value >= 100 * (l.value_hi - l.value_lo)
        and round(l.value / (l.value_hi - l.value_lo)) % 10 <> 0 as bad
    from p l
    join p f on l.region_code = f.region_code and l.indicator_code = f.indicator_code and l.breakdown = f.breakdown and l.year = f.year + 1
    left join p g on l.region_code = g.region_code and l.indicator_code = g.indicator_code and l.breakdown = g.breakdown and l.year = g.year + 2 and l.value = g.value
)
select figure_id, 0 from t where bad union all select null, count(*) from t;
-- rule: B3-06
with v as (
    select figure_id, release_type, value_lo, value_hi, lag(value_lo) over w as former_lo, lag(value_hi) over w as former_hi, lag(release_type) over w as former_type
    from core.levels where line_code = 'nbs_yearbook' and year = 2020
    window w as (partition by region_code, indicator_code, variant, breakdown order by published_at)
),
t as (select figure_id, value_lo > former_hi * 1.05 or value_hi < former_lo * 0.95 as bad from v where former_type = 'preliminary' and release_type = 'final')
select figure_id, 0 from t where bad union all select null, count(*) from t;
-- rule: B3-11
with t as (
    select a.figure_id, a.value_hi <= b.value_lo or b.value_hi <= a.value_lo as bad
    from core.levels a join core.levels b using (region_code, indicator_code, variant, breakdown, period, release_type)
    where a.line_code = 'nbs_yearbook' and b.line_code = 'provincial_bulletin' and year(a.published_at) = year(b.published_at)
)
select figure_id, 0 from t where bad union all select null, count(*) from t;
