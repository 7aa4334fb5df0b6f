"""Models keep to the house subset of SQL, so that the same project can later build on Spark and PostgreSQL.

What engines spell differently stands behind an ``adapter.dispatch`` macro: in its ``default__``, ``duckdb__``,
``postgres__`` and ``spark__`` versions anything goes.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conventions import repository as repo

FORBIDDEN = {
    "QUALIFY": (r"\bqualify\b", "number the rows in a CTE and filter in the next one"),
    "EXCLUDE": (r"\*\s*(exclude|except|replace|rename)\s*\(", "list the columns"),
    "GROUP BY ALL": (r"\b(group|order)\s+by\s+all\b", "list the columns"),
    "GROUP BY position": (r"\b(group|order)\s+by\s+\d", "name the columns"),
    "PIVOT": (r"\b(un)?pivot\b", "use max(case when ...)"),
    "integer division": (r"(?<![:/])//(?!/)", "use floor over a cast"),
    "try_cast": (r"\btry_cast\b", "type in Python, refuse there what does not fit"),
    "cast with ::": (r"::\s*[a-z]", "write cast(x as type)"),
    "lists and structs": (r"(?<!\| )\b(list|array|struct|map|unnest|list_\w+|array_\w+)\s*\(|\blateral\b", "use rows"),
    "list columns": (r"\b(varchar|integer|bigint|date|text)\s*\[\s*\]|(?<![\w\])'\"])\[\s*[a-z_]+\s+for\b", "use rows"),
    "lambda": (r"\w\s*->>?\s*\w", "use rows"),
    "clock": (
        r"\b(current_timestamp|current_date|current_time|localtimestamp|now\s*\(|today\s*\(|getdate\s*\()",
        "read stg_night__night; a model never asks for the time",
    ),
    "chance": (r"\b(random|rand|uuid|gen_random_uuid|newid)\s*\(", "derive an id from the content: stable_id"),
    "sampling": (r"\b(using\s+sample|tablesample)\b", "read all rows"),
    "ASOF or POSITIONAL JOIN": (r"\b(asof|positional)\s+join\b", "join on a range"),
    "FILTER": (r"\)\s*filter\s*\(", "use a case inside the aggregate"),
    "ILIKE or regular expressions": (r"\b(ilike|similar\s+to|glob|rlike|regexp\w*)\b", "settle the text in Python"),
    "files": (r"\b(read_parquet|read_csv\w*|read_json\w*|parquet_scan)\b", "declare a source in _lake.yml"),
    "FROM first": (r"(\A|\(|;)\s*from\s+[a-z{]", "start with select"),
    "UNION BY NAME": (r"\bunion\s+(all\s+)?by\s+name\b", "list the columns in order"),
    "USING": (r"\busing\s*\(", "join with on: engines merge the column differently"),
    "quoted names": (r'(\bas|\bfrom|\bjoin|\.)\s*"\w+"', "use plain lower-case names"),
}

# Same name, same meaning on DuckDB, PostgreSQL and Spark.
FUNCTIONS = {
    *("coalesce", "nullif", "cast", "least", "greatest"),
    *("max", "min", "sum", "count"),
    *("row_number", "rank", "dense_rank", "lead", "lag", "first_value"),
    *("abs", "round", "floor", "ceil", "power", "ln"),
    *("length", "lower", "upper", "trim", "substr", "replace", "md5"),
    *("decimal", "varchar"),
}
JINJA = {
    "ref",
    "source",
    "var",
    "join",
    "map",
    "list",
    "config",
    "env_var",
    "dispatch",
    "type_string",
    "return",
    "get",
    "range",
}
KEYWORDS = {
    *("in", "over", "and", "or", "not", "as", "on", "from", "join", "select", "when", "then", "else", "case", "where"),
    *("exists", "distinct", "between", "by", "having", "all", "union", "is", "if"),
}

# Descending keys that are never null, so that engines cannot disagree where nulls go.
NEVER_NULL = (
    r"(\w+\.)?(is_\w+|\w+_id|sequence|edition_step|year|milestone|period|recorded_from)|length\(coalesce\(.*|abs\(.*"
)

# Columns of the linear method (marts.target_progress) that an earlier CTE has made doubles.
DOUBLES = "v|v_lo|v_hi|v0|v0_lo|v0_hi|completion|completion_lo|completion_hi|elapsed"

ENGINE_VERSION = re.compile(r"\{%-?\s*macro\s+(default|duckdb|postgres|spark)__")


def statements() -> list[tuple[str, str]]:
    """Place and text of every model, generic test and macro, without comments and without versions of one engine."""
    found = [(repo.relative(path), read(path)) for path in repo.model_files()]
    found += [(repo.relative(path), read(path)) for path in sorted((repo.DBT / "tests").rglob("*.sql"))]
    for path in sorted((repo.DBT / "macros").rglob("*.sql")):
        for part in re.findall(r"\{%-?\s*macro\b.*?endmacro\s*-?%\}", read(path), flags=re.DOTALL):
            if not ENGINE_VERSION.match(part):
                found.append((f"{repo.relative(path)} {part.split('(')[0].split()[-1]}", part))
    return found


def read(path: Path) -> str:
    return repo.sql_without_comments(path.read_text(encoding="utf-8"))


def macro_names() -> set[str]:
    return {
        name
        for path in [*(repo.DBT / "macros").rglob("*.sql"), *(repo.DBT / "tests").rglob("*.sql")]
        for name in re.findall(r"\{%-?\s*(?:macro|test)\s+(\w+)", read(path))
    }


def without_texts(text: str) -> str:
    """Code alone: Jinja statements and SQL texts blanked; what stands in {{ }} is code, also between its quotes."""
    text = re.sub(r"\{%.*?%\}", lambda match: "\n" * match.group().count("\n"), text, flags=re.DOTALL)
    text = re.sub(r"'\{\{[^}]*\}\}[^'\n]*'", "''", text)
    parts = re.split(r"(\{\{.*?\}\})", text, flags=re.DOTALL)
    return "".join(part if part.startswith("{{") else re.sub(r"'[^'\n]*'", "''", part) for part in parts)


@pytest.mark.parametrize("name", FORBIDDEN)
def test_models_avoid(name: str) -> None:
    pattern, instead = FORBIDDEN[name]
    problems = []
    for place, text in statements():
        code = without_texts(text)
        for match in re.finditer(pattern, code, flags=re.IGNORECASE):
            line = code.count("\n", 0, match.start()) + 1
            problems.append(f"{place}:{line} {match.group().strip()!r}")
    assert not problems, repo.listed(problems, f"{name} is not in the house subset: {instead}.")


EXAMPLES = {
    "QUALIFY": "select a from t qualify row_number() over (order by a) = 1",
    "EXCLUDE": "select * exclude (a) from t",
    "GROUP BY ALL": "select a, count(*) from t group by all",
    "GROUP BY position": "select a, count(*) from t group by 1",
    "PIVOT": "pivot t on a",
    "integer division": "select a // 2 from t",
    "try_cast": "select try_cast(a as date) from t",
    "cast with ::": "select a::date from t",
    "lists and structs": "select list(a) from t",
    "list columns": "select [x for x in a] from t",
    "lambda": "select apply(a, x -> x + 1) from t",
    "clock": "select now() from t",
    "chance": "select random() from t",
    "sampling": "select a from t using sample 10",
    "ASOF or POSITIONAL JOIN": "select a from t asof join s on t.a >= s.a",
    "FILTER": "select count(*) filter (where a) from t",
    "ILIKE or regular expressions": "select regexp_matches(a, '') from t",
    "files": "select a from read_parquet('x')",
    "FROM first": "from t select a",
    "UNION BY NAME": "select a from t union all by name select a from s",
    "USING": "select a from t join s using (a)",
    "quoted names": 'select t.a as  "b", c from t',
}


@pytest.mark.parametrize("name", FORBIDDEN)
def test_the_patterns_find_what_they_look_for(name: str) -> None:
    pattern, _ = FORBIDDEN[name]
    assert re.search(pattern, without_texts(EXAMPLES[name]), flags=re.IGNORECASE)
    assert not re.search(
        pattern, without_texts("select 'x // y :: z [a for b]' as a, {{ as_value('b') }} from t"), re.I
    )


def test_functions_are_the_same_on_every_engine() -> None:
    known = FUNCTIONS | JINJA | KEYWORDS | macro_names()
    problems = []
    for place, text in statements():
        code = without_texts(text)
        for match in re.finditer(r"(?<![\w$])([a-z_][a-z0-9_]*)\s*\(", code, flags=re.IGNORECASE):
            if match.group(1).lower() not in known:
                line = code.count("\n", 0, match.start()) + 1
                problems.append(f"{place}:{line} {match.group(1)}(")
    assert not problems, repo.listed(
        problems,
        "Put it behind an adapter.dispatch macro in dbt_project/macros (see text_contains), or, where DuckDB, "
        "PostgreSQL and Spark all have it with one meaning, add it to FUNCTIONS here.",
    )


def test_descending_order_says_where_nulls_go() -> None:
    problems = []
    for place, text in statements():
        for keys in re.findall(r"\border\s+by\s+(.*?)(?=\)\s*as\b|\n\s*\)|\Z)", text, flags=re.DOTALL | re.IGNORECASE):
            for key in re.split(r",(?![^()]*\))", keys):
                ordered = re.fullmatch(r"\s*(.+?)\s+desc(\s+nulls\s+last)?\s*", key, flags=re.DOTALL | re.IGNORECASE)
                if ordered and not ordered.group(2) and not re.fullmatch(NEVER_NULL, ordered.group(1).strip()):
                    problems.append(f"{place}: {key.strip()}")
    assert not problems, repo.listed(problems, "Write desc nulls last; DuckDB and PostgreSQL put nulls at other ends.")


def test_dispatched_macros_have_a_default() -> None:
    problems = []
    for path in sorted((repo.DBT / "macros").rglob("*.sql")):
        text = read(path)
        for name in re.findall(r"adapter\.dispatch\('(\w+)'", text):
            if not re.search(rf"macro\s+default__{name}\(", text):
                problems.append(f"{repo.relative(path)}: default__{name} is missing")
        for engine, name in re.findall(r"macro\s+(default|duckdb|postgres|spark)__(\w+)\(", text):
            if f"adapter.dispatch('{name}', 'provstat')" not in text:
                problems.append(f"{repo.relative(path)}: {engine}__{name} is never dispatched")
    assert not problems, repo.listed(problems, "A dispatched macro and its versions stand in one file.")


def test_division_is_of_doubles() -> None:
    """DuckDB turns decimal / decimal into a double, PostgreSQL does not: the cast is written down."""
    problems = []
    for place, text in statements():
        for number, line in enumerate(without_texts(text).splitlines(), 1):
            if re.search(r"(^|[\w)}'])\s+/\s", line) and not re.search(rf"as_double|\b({DOUBLES})\b", line):
                problems.append(f"{place}:{number} {line.strip()}")
    assert not problems, repo.listed(problems, "Cast an operand with as_double, or cross-multiply in decimals.")


def test_models_read_each_other_through_ref() -> None:
    schemas = "|".join(sorted({path.parent.name for path in repo.model_files()} | {"lake", "night"}))
    problems = [
        f"{place}: {match}"
        for place, text in statements()
        for match in re.findall(rf"\b(?:from|join)\s+(?:{schemas})\.\w+", text, flags=re.IGNORECASE)
    ]
    assert not problems, repo.listed(problems, "Write {{ ref('name') }}: dbt then knows the order.")
