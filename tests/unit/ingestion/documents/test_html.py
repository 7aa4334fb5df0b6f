"""Web pages: encodings, what is not shown, layout tables, merged cells. All are synthetic (合成示例)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

TABLE = """<table><tr><th rowspan=2>指标</th><th rowspan=2>单位</th><th>2020年</th><th colspan=2>2025年</th></tr>
<tr><th>实际值</th><th>目标值</th><th>年均增长(%)</th></tr>
<tr><td>高新技术企业数</td><td>家</td><td>86</td><td>150<sup>[2]</sup></td><td>11.8</td></tr>
<tr><td colspan=5>二、产出</td></tr>
<tr><td>技术合同<br>成交额</td><td>亿元</td><td>2.5</td><td rowspan=2>4</td><td>&mdash;</td></tr>
<tr><td>其中：技术交易额</td><td>亿元</td><td>1.5</td><td>3</td></tr></table>"""

ROWS = [
    ["指标", "单位", "2020年实际值", "2025年目标值", "2025年年均增长(%)"],
    ["高新技术企业数", "家", "86", "150", "11.8"],
    ["技术合同成交额", "亿元", "2.5", "4", "—"],
    ["技术交易额", "亿元", "1.5", "", "3"],
]


def test_a_page_inside_a_layout_table(outline: Callable[[bytes, str], list[Any]]) -> None:
    page = f"""<!DOCTYPE html><html><head><title>标题</title><style>p{{}}</style></head><body>
    <div class="nav"><a>首页 2025</a></div><table><tr><td><div id="left-menu">栏目</div></td><td>
    <h2>一、目标</h2><p>到2025年，R&amp;D经费投入强度<b>达到1.2</b>%<sup>①</sup>。<o:p></o:p></p>
    <!--[if gte mso 9]><xml>9999</xml><![endif]-->{TABLE}<script>var a="企业达到900家"</script>
    <p>后文<span style="display: none">隐藏</span>结束。</p></td></tr></table>
    <footer>版权所有 2024</footer></body></html>"""

    assert outline(page.encode(), "a.htm") == ["# 一、目标", "到2025年,R&D经费投入强度达到1.2%。", ROWS, "后文结束。"]


def test_a_cell_of_a_page_has_its_address(places: Callable[[bytes, str], list[tuple[str, str]]]) -> None:
    found = places(f"<html><body><p>到2025年，高新技术企业达到160家。</p>{TABLE}</body></html>".encode(), "a.html")

    assert ("第1行", "160家") in found
    assert ("表1第3行第4列", "150") in found
    assert ("表1第5行第3列", "2.5") in found


@pytest.mark.parametrize("charset", ["gb2312", "gbk", "utf-8"])
@pytest.mark.parametrize("name", ["a.html", "a.txt"])
def test_declared_encodings_under_any_name(outline: Callable[[bytes, str], list[Any]], charset: str, name: str) -> None:
    page = (
        f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}"></head><p>规划目标。</p>'
    )

    assert outline(page.encode(charset), name) == ["规划目标。"]


def test_a_wrong_declaration_is_not_believed(outline: Callable[[bytes, str], list[Any]]) -> None:
    page = '<html><head><meta charset="utf-8"></head><p>全县科技创新规划目标任务。</p>'

    assert outline(page.encode("gb18030"), "a.html") == ["全县科技创新规划目标任务。"]


def test_lists_and_preformatted_text(outline: Callable[[bytes, str], list[Any]]) -> None:
    page = "<html><ul><li><p>甲项达到5家；</p></li><li>乙项。</li></ul><pre>一、目标\n提高投入。\n</pre></html>"

    assert outline(page.encode(), "a.html") == ["•甲项达到5家;", "•乙项。", "# 一、目标", "提高投入。"]
