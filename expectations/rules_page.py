"""``docs/rules.md``: the rule catalogue as a page for people, written from the catalogue and never by hand.

What belongs here: how a rule is shown. What does not: the rules (``rules/*.yml``). Written by
``python -m expectations.rules_page``; a test holds page and catalogue equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from expectations.catalogue import Rule, load_rules

PAGE = Path(__file__).resolve().parents[1] / "docs" / "rules.md"
_SEVERITIES = {"error": "错误", "warning": "警告", "information": "提示"}


def rules_page(rules: Iterable[Rule]) -> str:
    """The page in Markdown: the rules that are tested each night, then those that are listed with why they wait."""
    listed = tuple(rules)
    tested = [rule for rule in listed if not rule.not_yet_applicable]
    waiting = [rule for rule in listed if rule.not_yet_applicable]
    lines = [
        "# Rules · 校验规则",
        "",
        f"{len(tested)} rules are tested each night, {len(waiting)} wait. Written from `expectations/rules/*.yml` by",
        "`python -m expectations.rules_page`; in the warehouse the same stands in `reference.rules` and",
        "`reference.rule_parameters`. Rounding never makes a rule fail: numbers are compared as intervals.",
        "",
        *(line for rule in tested for line in _tested(rule)),
        "## Not yet applicable · 暂不适用",
        "",
        "| id | rule | why |",
        "|---|---|---|",
        *(f"| {r.rule_id} | {r.title_zh} · {r.title_en} | {_plain(r.not_yet_applicable)} |" for r in waiting),
    ]
    return "\n".join(lines) + "\n"


def _tested(rule: Rule) -> Iterator[str]:
    yield f"## {rule.rule_id} {rule.title_zh} · {rule.title_en}"
    yield ""
    yield rule.explanation_zh
    yield _plain(rule.explanation_en)
    yield ""
    yield f"- {_SEVERITIES[rule.severity]} {rule.severity}; {rule.ess_type}; tolerance: {rule.tolerance}"
    yield f"- tested on: {_plain(rule.precondition)}"
    yield f"- 处理 who fixes: {rule.who_fixes}"
    for parameter in rule.parameters:
        yield f"- `{parameter.name}` = {parameter.value}: {_plain(parameter.reason)}"
    if rule.refusals:
        yield f"- refused by the reader: {', '.join(f'`{code}`' for code in rule.refusals)}"
    if rule.must_fire:
        yield f"- must fire: {', '.join(f'`{name}`' for name in rule.must_fire)}"
        yield f"- must not: {', '.join(f'`{name}`' for name in rule.must_not_fire)}"
    yield ""


def _plain(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(rules_page(load_rules()), encoding="utf-8")
