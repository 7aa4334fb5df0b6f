"""No text breaks the plan reader, no figure loses its place, and time grows with the length only."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingestion.delivery import Delivery
from ingestion.documents import model
from ingestion.figures import Reading
from ingestion.plans.reader import read_plan
from ingestion.registry import Registry

WORDS = [
    *"，。；、：（）“”《》\n\t|1一从由较比为达到在",
    *("到2025年", "2020年", "“十三五”期间", "“十三五”末", "上年", "截至2021年底", "2021—2025年", "目前"),
    *(
        "高新技术企业",
        "R&D经费支出",
        "研发投入强度",
        "占GDP比重",
        "国家创新型城市排名",
        "孵化器（众创空间）",
        "合成指标",
    ),
    *("增长", "增加", "下降", "提升", "累计", "新增", "力争", "突破", "以上", "左右", "倍增", "翻一番", "分别", "其中"),
    *(
        "5家",
        "3.2亿元",
        "12%",
        "1.5倍",
        "3位",
        "0.2个百分点",
        "五百家",
        "前3位",
        "排全省第五",
        "18件/万人",
        "1—2期",
        "7",
        "百分之十五点五",
        "两家",
        "5千万元",
        "300余家",
        "各5项",
        "10家高新技术企业",
        "（2020年为8家）",
        "（2025年）",
        "[30]",
    ),
    *(
        "一、发展成效\n",
        "（一）目标。",
        "专栏1 指标\n",
        "序号 指标 2020年 2025年目标\n",
        "1 R&D经费（万元） 3 5\n",
        "\n\n",
    ),
    *("| 指标 | 2020年 | 2025年 |\n", "| 研发投入强度（%） | 0.5 | ≥1 |\n", "全省", "全国", "息烽县", "\f", "  "),
]


def _read(registry: Registry, folder: Path, text: str) -> Reading:
    data = text.encode()
    path = folder / "plan.txt"
    path.write_bytes(data)
    entry = {"file": "plan.txt", "region_code": "520122", "title": "合成县“十四五”规划"}
    return read_plan(Delivery(path, "plan.txt", hashlib.sha256(data).hexdigest(), entry), registry)


@given(st.lists(st.sampled_from(WORDS), max_size=60).map("".join))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_of_plan_words_is_survived(registry: Registry, tmp_path: Path, text: str) -> None:
    reading = _read(registry, tmp_path, text)

    assert reading.recognised == len(reading.figures) + len(reading.refusals)
    assert len({figure.figure_id for figure in reading.figures}) == len(reading.figures)
    lines = {line.line: line.text for line in reading.lines}
    for figure in reading.figures:
        assert figure.line_start is not None
        assert figure.line_end is not None
        joined = "".join(lines[number] for number in range(figure.line_start, figure.line_end + 1))
        assert figure.printed_text in "".join(joined.split())
        assert (figure.target_kind is None) == (figure.kind != "target")
        assert (figure.strength is None) == (figure.kind != "target")
        assert figure.period


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_survived(registry: Registry, tmp_path: Path, text: str) -> None:
    reading = _read(registry, tmp_path, text)

    assert reading.recognised == len(reading.figures) + len(reading.refusals)


def test_the_same_bytes_give_the_same_reading(registry: Registry, tmp_path: Path) -> None:
    text = "到2025年，高新技术企业达到90家，合成指标达到5%以上。"

    assert _read(registry, tmp_path, text) == _read(registry, tmp_path, text)


@pytest.mark.parametrize(
    "piece",
    [
        "较2015年",
        "“",
        "《",
        "从",
        "2020年",
        "高新技术企业达到5家，",
        "1,",
        "一个",
        "分别",
        "高新技术企业、研发投入强度分别达到",
        "各5家、",
        "五年累计",
        "全省平均",
        "百分之",
        "由目前的",
        "研发投入强度稳步提高，",
        "研发投入强度稳步提高、高新技术企业达到5家",
        "持续稳步提高研发投入强度",
        "到2025年稳步",
        "|指标|2020年|\n",
        "指标 2020年\n",
        "（",
    ],
)
def test_time_grows_with_the_length_only(registry: Registry, tmp_path: Path, piece: str) -> None:
    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        begun = time.perf_counter()
        _read(registry, tmp_path, text)
        return time.perf_counter() - begun

    seconds(500)
    assert seconds(24_000) < 40 * seconds(3_000) + 0.5


def test_a_paragraph_beyond_the_limit_is_read_in_stretches_that_part_no_number(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filler = "这里没有数，" * 30
    text = f"{filler}到2025年，高新技术企业达到400家。{filler}到2025年，高新技术企业达到4000家。{filler}"
    whole = _read(registry, tmp_path, text)

    for limit in range(150, 250, 9):
        monkeypatch.setattr(model, "MAX_PARAGRAPH", limit)
        parted = _read(registry, tmp_path, text)
        assert [(f.figure_id, f.printed_text) for f in parted.figures] == [
            (f.figure_id, f.printed_text) for f in whole.figures
        ]

    assert [f.printed_text for f in whole.figures] == ["400家", "4000家"]
