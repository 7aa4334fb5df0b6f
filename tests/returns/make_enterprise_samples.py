"""Writes the invented returns of enterprises below the samples: 40 units, two forms, two years, a few wrong on purpose.

Run ``python -m tests.returns.make_enterprise_samples [folder]``; the same files come out every time.
"""

from __future__ import annotations

import sys
from pathlib import Path

from ingestion.enterprises.forms import Form, load_forms
from tests.returns import enterprises as made

SAMPLES = Path(__file__).resolve().parents[2] / "ingestion" / "samples" / "synthetic" / "enterprises"
UNITS = 40
YEARS = {2022: 2021, 2023: 2023}
"""Reference year → year of the form that was valid in it."""

README = """# 合成企业报表 / Synthetic returns of enterprises

本目录的单位、代码和数字全部为编造（合成数据）：登记管理部门没有“99”，任何单位都没有这样的统一社会信用代码。
Units, codes and numbers of this folder are invented (synthetic): no registration authority has the number 99.

Two forms (107-1 projects, 107-2 activities) of two form years whose row codes differ; 40 units. Written by
`python -m tests.returns.make_enterprise_samples`. Wrong on purpose, in `activities_2023.csv`:

| unit | what is wrong | what becomes of it |
|---|---|---|
| 3 | 研究开发费用合计 is a word | the row is refused |
| 7 | the last character of the code | the row is refused |
| 11 | 行政区划代码 999999 | the row is refused |
| 15 | 研究开发费用合计 one digit short | loaded, and a finding of `fees_total` |
| 19 | 研究开发人员 above 从业人员 | loaded, and a finding of `personnel` |
"""


def activities(form: Form, year: int) -> list[made.Row]:
    """Rows of form 107-2; those of 2023 with the mistakes of the README."""
    rows = [made.activity_row(form, number) for number in range(UNITS)]
    if year == 2023:
        rows[3]["rd_fee_total"] = "约五百"
        rows[7]["unit_code"] = rows[7]["unit_code"][:-1] + ("0" if rows[7]["unit_code"][-1] != "0" else "1")
        rows[11]["region"] = "999999"
        rows[15]["rd_fee_total"] = rows[15]["rd_fee_total"][:-1]
        rows[19]["rd_personnel"] = str(int(rows[19]["employees"]) + 1)
    return rows


def main(folder: Path = SAMPLES) -> None:
    """Write the files."""
    forms = load_forms()
    folder.mkdir(parents=True, exist_ok=True)
    for year, form_year in YEARS.items():
        activity, project = forms["107-2", form_year], forms["107-1", form_year]
        table = made.as_table(activity, year, activities(activity, year))
        made.write(folder / f"activities_{year}.csv", made.as_csv(table))
        rows = [row for number in range(UNITS) for row in made.project_rows(project, number, year)]
        made.write(folder / f"projects_{year}.csv", made.as_csv(made.as_table(project, year, rows)))
    (folder / "README.md").write_text(README, encoding="utf-8")


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:2]))
