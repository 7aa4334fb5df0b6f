"""Small forms of a test's own, written as seeds, so that what is read is what a seed would say."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from ingestion.enterprises.forms import Form, load_forms

FORMS = (
    "form_id,form_year,name_zh,name_en,document_number,valid_from,valid_to,unit_level,max_rejected_share,code_basis,"
    "note\n"
)
ITEMS = (
    "form_id,form_year,concept,row_code,column_code,name_zh,name_en,item_role,data_type,unit,usual_decimals,valid_min,"
    "nullable,headers\n"
)
RELATIONS = (
    "form_id,form_year,relation_id,expression,severity,tolerance,missing_mode,explanation_zh,explanation_en,rule_id\n"
)
IDENTITY = (
    ("unit_code", "甲", "统一社会信用代码", "false"),
    ("unit_name", "乙", "单位详细名称", "true"),
    ("region", "丙", "行政区划代码", "false"),
    ("industry", "丁", "行业代码", "false"),
)
Row = tuple[str, str, str, str, str]
"""Relation id, expression, tolerance, missing mode, severity."""


def write_form(
    folder: Path, relations: Iterable[Row], *, types: Iterable[str] = ("amount",) * 9, form_id: str = "T-1"
) -> Path:
    """Seeds with one synthetic form T-1 of 2023: items 1, 2, 3 … of the given types, named c1, c2, c3 …"""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "forms.csv").write_text(
        FORMS + f"{form_id},2023,测试表,Test form,合成1号,2023-01-01,2025-01-01,enterprise,0.3,synthetic,\n",
        encoding="utf-8",
    )
    items = [
        f"{form_id},2023,{role},,{code},{name},{role},{role},code,,,,{nullable},{name}"
        for role, code, name, nullable in IDENTITY
    ]
    items += [
        f"{form_id},2023,c{n},{n},,指标{n},Item {n},item,{kind},千元,{0 if kind in ('amount', 'count') else ''},,true,"
        for n, kind in enumerate(types, 1)
    ]
    (folder / "form_items.csv").write_text(ITEMS + "\n".join(items) + "\n", encoding="utf-8")
    lines = [
        f'{form_id},2023,{rid},"{text}",{severity},{tol},{mode},说明,Text,'
        for rid, text, tol, mode, severity in relations
    ]
    (folder / "audit_relations.csv").write_text(RELATIONS + "\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def make_form(tmp_path: Path) -> Callable[..., Form]:
    """A form with one relation of the given expression, tolerance and missing mode."""

    def make(
        expression: str, tolerance: str = "exact", mode: str = "non_null", types: Iterable[str] = ("amount",) * 9
    ) -> Form:
        seeds = write_form(tmp_path / "form", [("r", expression, tolerance, mode, "error")], types=types)
        return load_forms(seeds)["T-1", 2023]

    return make
