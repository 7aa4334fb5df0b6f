"""The shipped samples: what is real is cited and shipped once, and what is invented says so."""

from __future__ import annotations

import csv
import importlib.util
import os
import re
import sys
import zipfile
from collections import Counter
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from python_calamine import CalamineWorkbook

REPO = Path(__file__).resolve().parents[2]
SAMPLES = REPO / "ingestion" / "samples"
SYNTHETIC = SAMPLES / "synthetic"
REAL = Path(os.environ.get("PROVSTAT_REAL_LANDING") or REPO.parent / "shared" / "landing")
PLANS = ("guiyang_action_plan.txt", "xifeng_plan.txt", "liupanshui_plan.txt")
LONGEST_SHARED_RUN = 25

needs_real = pytest.mark.skipif(
    not (REAL / "returns" / "annual_figures.csv").is_file(),
    reason=f"the office's own landing folder is not at {REAL}; set PROVSTAT_REAL_LANDING",
)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    path = REPO / "tests" / "make_samples.py"
    spec = importlib.util.spec_from_file_location("make_samples", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def sheets_of(path: Path) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_path(str(path))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def decimal(value: object) -> Decimal:
    return Decimal(str(value)).normalize()


# --- the retold plans -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PLANS)
def test_plan_says_first_that_it_is_retold(name: str) -> None:
    lines = (SAMPLES / "plans" / name).read_text(encoding="utf-8").split("\n")
    assert "演示改写稿" in lines[0]
    assert 40 <= len(lines) - 1 <= 120


CORE = {
    "guiyang_action_plan.txt": (
        "到2022年，全社会研发投入强度达到2.3%|排名至少提升1位|到2025年，全社会研发投入强度达到2.6%|排名提升3位|"
        "规模以上高新技术企业数量突破350家，高新技术企业数量突破1400家|技术合同成交额达到150亿元|倍增、达到500家左右|"
        "高新技术企业数量倍增、突破2000家|具备研发能力的规上工业企业占比达到30%以上|新培育高价值发明专利30件以上|"
        "万人发明专利拥有量达到18件以上|（众创空间）数量突破100家|累计新增新型研发机构30家|"
        "新建省级以上研发平台10个以上|省级以上孵化器（众创空间）突破50家|倍增、达到150家以上|科技研发人员倍增|"
        "人员突破15万人|人员突破20万人"
    ),
    "xifeng_plan.txt": (
        "R&D经费内部支出7529.2万元，比2015年增长12.38%|2.77件/万人，较2015年增长14.6倍|"
        "技术合同成交额为2.52亿元，较2015年增长4.2倍|2019年科技进步水平指数为74.03%，较2015年提升12.44%|"
        "占比为11.6%|支出比重达到1.5%|R&D经费支出达到3亿元|拥有量达到2.8件/万人|力争突破10家|产值突破20亿元|"
        "1高新技术企业数（个）510|2技术合同成交额（亿元）2.524|3R&D经费支出（万元）7529.230000|"
        "4高新技术产业产值（亿元）8.4220|5万人发明专利拥有量（件/万人）2.682.8|"
        "6省级以上创新创业平台载体建设02|7有R&D活动的企业占比（%）11.620"
    ),
    "liupanshui_plan.txt": (
        "累计投入7781万元，较“十二五”时期的5500万元增加2281万元，增幅41%|"
        "11.98亿元，与2015年相比增加5.53亿元，增幅85.74%|由2015年的0.54%上升至2020年的0.89%，增幅64.8%|"
        "1.44亿元，比“十二五”时期增加1.07亿元，增幅286%|54家，比2015年增加46家，增长575%|2020年的18.69亿元|"
        "高新技术企业达180家|产值达400亿元|拥有量达2件|达45人/万人|占比达25%|达20个以上|比重达1.5%|比重达1.8%|"
        "高新技术企业（家）54180|占GDP比重（%）0.891.8|占比（%）22.225|平台（个）820|拥有量（件）0.92|"
        "占GDP比重（%）1.371.5|（人/万人）3145|产值（亿元）174.22400"
    ),
}


@pytest.mark.parametrize("name", PLANS)
def test_plan_keeps_the_core_figures(name: str) -> None:
    text = re.sub(r"\s", "", (SAMPLES / "plans" / name).read_text(encoding="utf-8"))
    missing = [figure for figure in CORE[name].split("|") if figure not in text]
    assert not missing


def test_plans_keep_the_layouts_that_trip_a_reader() -> None:
    guiyang, xifeng, liupanshui = ((SAMPLES / "plans" / name).read_text(encoding="utf-8") for name in PLANS)
    assert "到\n\n2022 年" in guiyang
    assert "提升\n 12.44%" in xifeng
    assert "\n13 \n" in xifeng
    assert "序号 指标 2020 年 2025 年目标 \n" in xifeng
    assert "\n\t指标\n\t2020年完成值\n\t2025年目标值\n\n\t" in liupanshui
    assert liupanshui.count("专栏1 ") == 2


def longest_shared_run(text: str, original: str) -> str:
    """The longest piece of the text, white space removed, that the original holds too."""
    best = ""
    for start in range(len(text)):
        while start + len(best) < len(text) and text[start : start + len(best) + 1] in original:
            best = text[start : start + len(best) + 1]
    return best


def test_longest_shared_run_finds_a_copy() -> None:
    assert longest_shared_run("甲乙丙丁", "子乙丙丑") == "乙丙"


@needs_real
@pytest.mark.real
@pytest.mark.parametrize("name", PLANS)
def test_plan_shares_no_sentence_with_the_published_ones(name: str) -> None:
    text = re.sub(r"\s", "", (SAMPLES / "plans" / name).read_text(encoding="utf-8"))
    originals = sorted((REAL / "plans").glob("*.txt"))
    assert originals
    for original in originals:
        run = longest_shared_run(text, re.sub(r"\s", "", original.read_text(encoding="utf-8")))
        assert len(run) <= LONGEST_SHARED_RUN, f"{name} and {original.name} share {run!r}"


# --- citation and labels ----------------------------------------------------------------------------------


def sources(folder: Path) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = yaml.safe_load((folder / "sources.yml").read_text(encoding="utf-8"))
    return entries


@pytest.mark.parametrize("folder", [SAMPLES / "plans", SAMPLES / "returns", SYNTHETIC], ids=lambda path: path.name)
def test_every_sample_is_in_sources_yml(folder: Path) -> None:
    there = {path.name for path in folder.iterdir() if path.is_file()} - {"sources.yml", "README.md"}
    assert {entry["file"] for entry in sources(folder)} == there
    assert all(entry["title"] and entry["kind"] in {"plan", "return"} for entry in sources(folder))


def test_plans_cite_the_published_plan() -> None:
    assert all("《" in entry["cites"] for entry in sources(SAMPLES / "plans"))


def test_readme_names_every_file() -> None:
    readme = (SAMPLES / "README.md").read_text(encoding="utf-8")
    files = [path for path in SAMPLES.rglob("*") if path.is_file() and path.suffix in {".txt", ".csv", ".xlsx"}]
    unnamed = [
        path.name
        for path in files
        if SYNTHETIC not in path.parents and f"`{path.relative_to(SAMPLES).as_posix()}`" not in readme
    ]
    assert files
    assert not unnamed
    assert "`synthetic/*`" in readme


def text_of(path: Path) -> str:
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as archive:
            return "".join(archive.read(name).decode("utf-8") for name in archive.namelist())
    return path.read_text(encoding="utf-8")


def test_nothing_outside_the_synthetic_folder_says_synthetic() -> None:
    files = [path for path in SAMPLES.rglob("*") if path.is_file() and SYNTHETIC not in path.parents]
    assert len(files) >= 10
    assert [path.name for path in files if "合成" in text_of(path)] == []


def test_everything_synthetic_says_so() -> None:
    for entry in sources(SYNTHETIC):
        assert "合成" in entry["title"]
        assert "synthetic" in entry["title"]
    for path in SYNTHETIC.glob("*.csv"):
        assert all("合成" in row["source"] and "synthetic" in row["source"] for row in rows_of(path))
    for path in SYNTHETIC.glob("*.xlsx"):
        for name, cells in sheets_of(path).items():
            assert "合成" in name
            assert "合成" in cells[0][0]
            assert "合成" in cells[-1][0]
        with zipfile.ZipFile(path) as archive:
            assert "合成" in archive.read("docProps/core.xml").decode("utf-8")
    assert "合成" in (SYNTHETIC / "README.md").read_text(encoding="utf-8").split("\n")[0]


# --- real returns -----------------------------------------------------------------------------------------


def workbook_figures(maker: ModuleType) -> Counter[tuple[str, ...]]:
    """What the real workbooks hold, read back from the files."""
    found: Counter[tuple[str, ...]] = Counter()
    for name, (origin, tables) in maker.REAL_WORKBOOKS.items():
        sheets = sheets_of(SAMPLES / "returns" / name)
        for table in tables:
            _, unit_line, header, *rows, source_line = sheets[table.sheet]
            assert unit_line[-1] == f"单位：{table.unit}"
            assert source_line[0] == f"资料来源：{origin}"
            for region, *cells in rows:
                for year, cell in zip(header[1:], cells, strict=True):
                    if cell != "":
                        region_name = "贵州省" if region == "贵 州" else region
                        period = year.removesuffix("年")
                        value = str(decimal(cell))
                        key = (region_name, table.indicator_code, "_T", "_T", period, value, table.unit, origin)
                        found[key] += 1
    return found


def csv_figures(path: Path) -> Counter[tuple[str, ...]]:
    key = ("region", "indicator_code", "variant", "breakdown", "period", "value", "unit", "source")
    rows = [dict(row, value=str(decimal(row["value"]))) for row in rows_of(path)]
    return Counter(tuple(row[column] for column in key) for row in rows)


@needs_real
@pytest.mark.real
def test_every_real_figure_is_shipped_exactly_once(maker: ModuleType) -> None:
    shipped = csv_figures(SAMPLES / "returns" / "annual_figures.csv") + workbook_figures(maker)
    assert shipped == csv_figures(REAL / "returns" / "annual_figures.csv")


def test_workbooks_and_csv_share_no_figure(maker: ModuleType) -> None:
    in_workbooks = workbook_figures(maker)
    assert len(in_workbooks) == in_workbooks.total() == 54
    assert not in_workbooks & csv_figures(SAMPLES / "returns" / "annual_figures.csv")


def test_annual_figures_carry_no_notes() -> None:
    rows = rows_of(SAMPLES / "returns" / "annual_figures.csv")
    assert "note" not in rows[0]
    assert all(row["source"] for row in rows)


# --- the invented set -------------------------------------------------------------------------------------


def synthetic_figures(maker: ModuleType) -> dict[tuple[int, str, str], Decimal]:
    """Year, region and indicator to the figure, read back from the files; a figure shipped twice fails."""
    found: dict[tuple[int, str, str], Decimal] = {}
    names = {name: code for code, name in maker.regions().items()}
    for year in maker.YEARS:
        for row in rows_of(SYNTHETIC / f"synthetic_{year}.csv"):
            key = (year, row["region_code"], row["indicator_code"])
            assert key not in found
            found[key] = decimal(row["value"])
        (cells,) = sheets_of(SYNTHETIC / f"synthetic_{year}.xlsx").values()
        for region, *values in cells[3:-1]:
            for item, value in zip(maker.workbook_indicators(), values, strict=True):
                key = (year, names[region], item.code)
                assert key not in found
                found[key] = decimal(value)
    return found


def test_synthetic_totals_add_up_but_for_the_documented_slip(maker: ModuleType) -> None:
    figures = synthetic_figures(maker)
    additive = [item.code for item in maker.COMPONENTS if item.shipped_in]
    broken = {
        (year, total, code)
        for year in maker.YEARS
        for total in maker.TOTALS
        for code in additive
        if figures[year, total, code] != sum(figures[year, member, code] for member in maker.members(total))
    }
    assert broken == {(2023, "520200", "hnte_count")}


def test_synthetic_ratios_recompute_but_for_the_documented_slip(maker: ModuleType) -> None:
    figures = synthetic_figures(maker)
    broken = set()
    for year in maker.YEARS:
        for code in maker.regions():
            for ratio in maker.RATIOS:
                if (year, code, ratio.denominator) not in figures:
                    continue
                quotient = figures[year, code, ratio.numerator] / figures[year, code, ratio.denominator]
                half = Decimal(5).scaleb(-ratio.decimals - 1)
                if abs(quotient * Decimal(ratio.factor) - figures[year, code, ratio.code]) > half:
                    broken.add((year, code, ratio.code))
    assert broken == {(2022, "520200", "rd_intensity")}


def test_synthetic_readme_documents_both_slips(maker: ModuleType) -> None:
    readme = (SYNTHETIC / "README.md").read_text(encoding="utf-8")
    true = maker.components()
    units = {item.code: item.unit for item in maker.workbook_indicators()}
    for year, code, indicator in maker.SWAPPED:
        shown = maker.printed(year, true[year])[code, indicator]
        right = maker.printed(year, true[year], slips=())[code, indicator]
        unit = units[indicator]
        assert f"(`{indicator}`) | {shown} {unit} | {right} {unit} |" in readme
        assert f"| {year} | {maker.regions()[code]} ({code})" in readme


def test_generated_samples_are_those_of_the_generator(maker: ModuleType, tmp_path: Path) -> None:
    maker.main(tmp_path)
    written = sorted(path for path in tmp_path.rglob("*") if path.is_file())
    assert len(written) == 13
    for path in written:
        shipped = SAMPLES / path.relative_to(tmp_path)
        if path.suffix == ".xlsx":
            assert parts_of(path) == parts_of(shipped), f"{shipped}: run python tests/make_samples.py"
        else:
            assert path.read_bytes() == shipped.read_bytes(), f"{shipped}: run python tests/make_samples.py"


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
