"""Markdown: markup is blanked out and every line keeps its number. All documents are synthetic (合成示例)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

TEXT = """# 合成县规划

目标
----

到2025年，**高新技术企业**达到**120**家，[技术合同成交额](http://example.org/2025)达到5亿元[^1]。

```
高新技术企业达到900家
```
* 甲项\\*达到5家；
- 乙项。

指标 | 单位 | 2020年 | 2025年
--- | ---: | --- | ---
R&D经费投入强度 | % | 0.58 | **1.2**
高新技术\\|企业数 | 家 | 86 | 150

<table><tr><th>指标</th><th colspan="2">目标值</th></tr>
<tr><td></td><td>2023年</td><td>2025年</td></tr>
<tr><td>R&amp;D经费支出<br>（万元）</td><td>10000</td>
<td>20000</td></tr></table>
"""


def test_markup_is_taken_off(outline: Callable[[bytes, str], list[Any]]) -> None:
    assert outline(TEXT.encode(), "a.md") == [
        "# 合成县规划",
        "# 目标",
        "到2025年,高新技术企业达到120家,技术合同成交额达到5亿元。",
        "•甲项达到5家;",
        "•乙项。",
        [
            ["指标", "单位", "2020年", "2025年"],
            ["R&D经费投入强度", "%", "0.58", "1.2"],
            ["高新技术|企业数", "家", "86", "150"],
        ],
        [["指标", "目标值2023年", "目标值2025年"], ["R&D经费支出(万元)", "10000", "20000"]],
    ]


def test_figures_keep_the_lines_of_the_file(places: Callable[[bytes, str], list[tuple[str, str]]]) -> None:
    found = places(TEXT.encode(), "a.md")

    assert ("第6行", "120家") in [(address, text.replace("*", "")) for address, text in found]
    assert ("第16行", "1.2") in found
    assert ("表1第3行第3列", "20000") in found
