"""Invented returns of enterprises: units whose codes have right check characters and that do not exist.

No registration authority has the number 99, so no code of these belongs to anybody; every name says 合成. The rows keep
all audit relations of their form, unless a test breaks them on purpose.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import xlsxwriter

from ingestion.enterprises.codes import check_character
from ingestion.enterprises.forms import Form

Row = dict[str, str]
REGIONS = ("520102", "520103", "520201", "520302", "520402")
INDUSTRIES = ("C39", "C34", "I65", "M73")


def unit_code(number: int) -> str:
    """The code of an invented unit."""
    body = f"99520{number:012d}"
    return body + check_character(body)


def unit_name(number: int) -> str:
    """The name of an invented unit."""
    return f"合成样例{number:04d}号有限公司"


def identity(number: int) -> Row:
    """Who an invented unit is, where it lies and what it does."""
    return {
        "unit_code": unit_code(number),
        "unit_name": unit_name(number),
        "region": REGIONS[number % len(REGIONS)],
        "industry": INDUSTRIES[number % len(INDUSTRIES)],
    }


def activity_row(form: Form, number: int) -> Row:
    """A row of form 107-2 (or of the high-tech return) that keeps all its relations."""
    size = 10 + number * 7 % 23
    fees = {
        name: size * factor
        for name, factor in {
            "rd_fee_labour": 40,
            "rd_fee_materials": 30,
            "rd_fee_depreciation": 9,
            "rd_fee_intangibles": 3,
            "rd_fee_design": 2,
            "rd_fee_commissioning": 4,
            "rd_fee_outsourced": 10,
            "rd_fee_other": 2,
        }.items()
    }
    values = {
        **fees,
        "rd_fee_total": sum(fees.values()),
        "rd_fee_domestic": sum(fees.values()) - size,
        "outsourced_institutes": size * 3,
        "outsourced_universities": size * 4,
        "outsourced_enterprises": size * 2,
        "outsourced_abroad": size,
        "employees": size * 20,
        "technicians": size * 5,
        "project_count": 2,
        "rd_personnel": size * 3,
        "rd_personnel_female": size,
        "rd_personnel_full_time": size * 2,
        "rd_personnel_graduates": size * 2,
        "assets_formed": size * 12,
        "assets_instruments": size * 8,
        "government_funds": size * 5,
        "rd_units": 1,
        "rd_unit_personnel": size * 2,
        "rd_unit_doctors": 1,
        "rd_unit_masters": 2,
        "rd_unit_expenses": size * 50,
        "rd_unit_instruments": size * 80,
        "rd_unit_imports": size * 6,
        "patent_applications": size,
        "invention_applications": size // 2,
        "patents_granted": size,
        "inventions_granted": size // 3,
        "patents_in_force": size * 2,
        "patents_practised": size,
        "patents_abroad": 1,
        "new_product_output": size * 900,
        "new_product_sales": size * 800,
        "new_product_exports": size * 100,
        "operating_revenue": size * 4000,
        "main_revenue": size * 3900,
        "hightech_revenue": size * 3000,
        "exports": size * 500,
        "hightech_exports": size * 300,
        "net_profit": size * 120 - 2000,
        "total_assets": size * 6000,
        "total_liabilities": size * 2500,
    }
    return identity(number) | {
        item.concept: str(values.get(item.concept, size)) for item in form.items if item.role == "item"
    }


def project_rows(form: Form, number: int, year: int) -> list[Row]:
    """Two projects of a unit on form 107-1 that keep all its relations."""
    rows = []
    for project in (1, 2):
        values = {
            "project_number": str(project),
            "project_name": f"合成项目{number:04d}-{project}",
            "start_month": f"{year - project + 1}03",
            "end_month": f"{year}11",
            "stage": "" if project == 1 else "2",
            "participants": "5",
            "work_months": "48",
            "project_expenses": str(200 + number),
            "project_government": "50",
        }
        rows.append(
            identity(number)
            | {
                i.concept: values.get(i.concept, "1")
                for i in form.items
                if i.role != "unit_code" and i.concept not in identity(number)
            }
        )
    return rows


def header_rows(form: Form, year: int, *, codes: bool = True) -> list[list[str]]:
    """Title block, unit line, header and code row, as on a form."""
    valid_until = "" if form.valid_to is None else f"有效期至：{form.valid_to.year - 1}年12月"
    rows = [
        [f"{form.name_zh}（合成样例）", "", f"表号：{form.form_id}表"],
        ["", "", f"文号：{form.document_number}"],
        [f"{year}年", "", valid_until],
        ["计量单位：千元、人、件"],
        [item.name_zh for item in form.items],
    ]
    return [*rows, [item.code for item in form.items]] if codes else rows


def as_table(form: Form, year: int, rows: Sequence[Mapping[str, str]], *, codes: bool = True) -> list[list[str]]:
    """Header and rows of a return as cells."""
    return [*header_rows(form, year, codes=codes), *([row.get(i.concept, "") for i in form.items] for row in rows)]


def as_csv(table: Sequence[Sequence[str]], *, encoding: str = "utf-8", separator: str = ",") -> bytes:
    """Cells as a CSV."""
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\r\n").writerows(table)
    return text.getvalue().encode(encoding)


def as_xlsx(sheets: Mapping[str, Sequence[Sequence[str]]]) -> bytes:
    """Cells as a workbook; numbers are stored as numbers, codes as text."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        for name, table in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(table):
                for column, cell in enumerate(row):
                    if cell.lstrip("-").isdigit() and len(cell) < 15 and column > 3:
                        sheet.write_number(number, column, int(cell))
                    elif cell:
                        sheet.write_string(number, column, cell)
    return content.getvalue()


def write(path: Path, content: bytes) -> Path:
    """Write a file of a landing folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
