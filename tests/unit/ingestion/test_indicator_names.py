"""The alias seed: names as plans and yearbooks print them mean their indicator, look-alikes mean none of ours.

What belongs here: printed name → indicator, in a table cell and in running text. What does not: how sentences and
tables are taken apart (``plans``), the columns of the seed (``test_registry``).
"""

from __future__ import annotations

from itertools import product

import pytest

from ingestion.plans.names import Names
from ingestion.quantity import squeeze
from ingestion.registry import Alias, Registry

# What only tables of statistics count: in a plan these words speak of a window, or of people at large.
IN_RETURNS = {
    "rd_personnel": "R&D人员|研究与试验发展(R&D)人员数|研发活动人员",
    "industrial_enterprises": "规模以上工业企业数|规上工业企业单位数",
    "hnte_new_count": "当年新增高新技术企业数|新增高新技术企业",
    "hnte_exit_count": "当年退出高新技术企业数|本年减少的高新技术企业数",
}
PRINTED = {
    "rd_intensity": (
        "全社会研究开发投入占国内生产总值的比重|全社会R&D支出占GDP比重|研究与试验发展经费支出相当于国内生产总值比例|"
        "全社会研发经费与国内生产总值的比例|全社会研究与试验发展（R&D）经费支出占地区生产总值（GDP）比重|"
        "研究与试验发展（R&D）经费投入强度|全社会 R&D 经费支出占 GDP 的比重|R&D经费支出占全市生产总值的比重|"
        "研究与实验发展（R&D）经费占GDP比例|全社会研发投入占生产总值的比例|全社会科技研发投入占GDP比重|"
        "研究与试验发展经费投入与地区生产总值之比|全社会研究与发展（R&D）经费占国内生产总值的比例|"
        "社会研发投入占GDP的比重|"
        "研发经费投入占国内生产总值（GDP）比重|全社会研发（R&D）经费投入强度|Ｒ＆Ｄ经费占ＧＤＰ比重|"
        "全社会研发投入占比|全社会研发经费投入占比"
    ),
    "rd_expenditure": (
        "全社会研究与试验发展（R&D）经费投入|全社会R&D支出|研究与试验发展经费内部支出|全社会研发总投入|社会研发投入|"
        "R&D经费支出总额|全社会研究开发投入|全社会科技研发投入|研究与实验发展（R&D）经费支出|全社会研发投入总量|"
        "R&D内部经费支出|R&D经费投入总额|全社会研究与发展经费支出"
    ),
    "rd_active_share": (
        "规上工业企业中开展研发活动的企业占比|有研发活动的规模以上工业企业占规模以上工业企业的比重|"
        "规模以上工业企业中有研究与试验发展活动的企业占比|规上工业企业有研发活动占比|规上工业企业研发活动覆盖率|"
        "开展R&D活动的规上工业企业占比|规模以上工业企业中有R&D活动企业所占比重|规模以上工业企业开展研发活动企业比例|"
        "有研发活动企业占规模以上工业企业比重|有 R&D 活动的规上工业企业占全部规上工业企业比重|"
        "规模以上工业企业中开展研究与试验发展活动的比例|规上工业企业有研发活动的占比"
    ),
    "rd_active_enterprises": (
        "开展研发活动的规上工业企业数|有R&D活动的规模以上工业企业|规模以上工业企业中有研发活动的企业数量|"
        "有研究与试验发展活动的规模以上工业企业数|规上工业有R&D活动的企业数"
    ),
    "rd_capable_share": (
        "具有研发能力的规上工业企业占比|规模以上工业企业具备研发能力的企业比例|"
        "具备研发能力的企业占规模以上工业企业的比重"
    ),
    "rd_personnel_share": (
        "每万名就业人员中研发人员数量|每万名从业人员中R&D人员|每万名就业人员的研发人力投入|"
        "万名就业人员中R&D人员全时当量|"
        "每万名就业人员拥有研发人员|每万名就业人员中研究与试验发展（R&D）人员|每万就业人员中研发人员|"
        "研究与试验发展人员占就业人员比重|每万名就业人员中R&D人员折合全时当量|"
        "万名就业人员中从事研究与试验发展活动的人员"
    ),
    "rd_fte": (
        "研究与试验发展折合全时人员|研究与试验发展（R&D）人员折合全时当量|全社会R&D人员全时当量|R&D人员（全时当量）|"
        "研发人员全时工作量|R&D折合全时人员|全社会研发人员折合全时当量|从事研究与试验发展活动的人员折合全时当量|"
        "从事R&D活动人员全时当量"
    ),
    "rd_expenditure_industry_above_scale": (
        "规模以上工业企业研究与试验发展（R&D）经费|规模以上工业R&D经费支出|规上工业企业研发经费投入|"
        "规模以上工业企业研究与试验发展经费支出|规上工业企业R&D内部经费支出"
    ),
    "invention_patents_per_10k": (
        "每万人有效发明专利|每万人口有效发明专利数|万人发明专利数|万人拥有有效发明专利|每万人口拥有发明专利|"
        "每万常住人口发明专利拥有量|每万人发明专利保有量|万人发明专利有效量|每万人拥有有效发明专利数|"
        "每万人国内发明专利拥有量|每百万人口发明专利拥有量|每百万人口有效发明专利数"
    ),
    "high_value_patents_per_10k": (
        "每万人高价值发明专利数|万人口高价值发明专利拥有量|每万人口拥有高价值发明专利|每万人有效高价值发明专利拥有量|"
        "每万常住人口高价值发明专利拥有量"
    ),
    "high_value_patents_new": "累计新增高价值发明专利|新增高价值发明专利数量|新创造高价值发明专利",
    "invention_patents_in_force": (
        "有效发明专利保有量|发明专利保有量|国内有效发明专利拥有量|发明专利有效数|有效发明专利总量|发明专利拥有总量|"
        "有效发明专利存量"
    ),
    "hnte_count": (
        "高新技术企业保有量|国家高新技术企业存量|有效期内的国家高新技术企业|高新技术企业数（有效期内）|高企保有量|"
        "国家高企数|"
        "国家级高新技术企业总数|高新技术企业家数|高新技术企业户数|全市高新技术企业数|高企|国高企"
    ),
    "hnte_above_scale_count": "规模以上国家高新技术企业数|规上国家高企|规上高新技术企业家数|高新技术企业中规上企业数",
    "hightech_output": "高新技术产业的总产值|高新技术产业产值规模|高新技术产业年产值|高新技术产业总产值（现价）",
    "tech_contract_value": (
        "技术市场合同交易总额|全市技术合同成交总金额|技术合同认定登记金额|技术合同登记额|技术市场成交合同金额|"
        "登记技术合同成交额|技术合同额|技术市场技术合同成交金额|技术交易合同成交额|技术合同年成交额|技术市场合同交易额"
    ),
    "tech_transaction_value": "技术交易总额|技术合同中技术交易额|技术市场技术交易额",
    "tech_contract_gdp_share": (
        "技术合同成交金额占地区生产总值（GDP）的比重|技术市场成交额占GDP比重|技术合同成交额与国内生产总值之比|"
        "技术合同交易额占GDP的比例|技术合同成交额相当于GDP的比例|技术市场合同成交额占生产总值比重"
    ),
    "st_fiscal_share": (
        "财政科技拨款占地方财政支出的比重|地方财政科技支出占一般公共预算支出的比例|科学技术支出占一般预算支出比重|"
        "财政科技投入占财政支出比重|财政科学技术支出占当年财政支出的比重|一般公共预算支出中科技支出占比|"
        "地方财政科学技术支出占总支出比例|财政科技支出占全市一般公共预算支出比重|地方财政科技支出占比|"
        "财政支出中科学技术支出所占比重|科技支出占公共财政预算支出比重|财政科技支出与一般公共预算支出之比"
    ),
    "st_budget_expenditure": (
        "地方财政科技拨款|财政科技投入|一般公共预算科学技术支出|公共财政科技支出|地方财政科技投入|"
        "财政支出中科学技术支出"
    ),
    "budget_expenditure": "地方财政一般预算支出|公共财政预算支出|一般公共预算支出总额|地方财政支出",
    "innovation_platforms_provincial": (
        "省级（含）以上科技创新平台|省级及以上创新平台（载体）|省级以上各类创新平台|国家级和省级科技创新平台|"
        "省级以上科创平台数|"
        "省级及以上科技创新平台载体数量|省级以上创新平台个数|自治区级以上科技创新平台"
    ),
    "rd_platforms_provincial_new": (
        "累计新建省级及以上研发平台数|新增省级（含）以上科研平台|新认定省级以上研发平台|累计建设省级以上研发平台|"
        "新建自治区级以上研发平台"
    ),
    "new_type_rd_institutions_new": (
        "累计新增新型研发机构数|新认定新型研发机构|新组建新型研发机构数量|新引育新型研发机构|新招引新型研发机构"
    ),
    "incubators": (
        "科技企业孵化器及众创空间|孵化器、众创空间数|众创空间和科技企业孵化器|科技企业孵化器（含众创空间）|"
        "科技孵化器和众创空间"
    ),
    "incubators_provincial": (
        "省级及以上科技企业孵化器和众创空间数|省级以上孵化器、众创空间|省级（含）以上科技企业孵化器（众创空间）|"
        "省级以上众创空间和孵化器"
    ),
    "st_personnel": "从事科技活动、科技研发的人员|科技活动与研发人员|开展科技活动和研发人员数",
    "sti_index": (
        "区域综合科技创新水平指数|综合科技创新水平指数得分|科技创新综合水平指数|县域科技进步水平指数|"
        "全省综合科技进步水平指数"
    ),
    "innovative_city_rank": (
        "国家创新型城市创新能力评价排名|创新型城市创新能力排名|国家创新型城市综合排名|"
        "国家创新型城市创新能力评价中的排名"
    ),
    "gdp": "全省地区生产总值|GDP总量|国内生产总值（GDP）|地方生产总值|全县生产总值",
    "gdp_per_capita": "人均GDP（常住人口）|人均国内生产总值（GDP）|按常住人口计算的人均地区生产总值",
    "population_resident": "常住总人口|全市常住人口|常住人口规模",
    "employment": "全社会从业人员|全社会就业人员总数|城乡就业人员|社会从业人员数",
}
LOOK_ALIKES = {
    "other denominators, other R&D, not R&D": (
        "规模以上工业企业研发投入占营业收入比重|规模以上工业企业研发经费支出与主营业务收入之比|"
        "规上工业企业研发投入强度|"
        "大中型工业企业研发投入占销售收入比重|企业研发投入占主营业务收入比重|企业研发投入强度|高新技术企业研发投入占比|"
        "基础研究经费占研发经费比重|基础研究经费支出占R&D经费比重|企业研发经费支出占全社会研发经费支出比重|"
        "全社会科技投入占GDP比重|科技活动经费支出|科技经费内部支出|研发费用加计扣除额|企业研发费用|"
        "规上工业企业研发费用|"
        "研究开发费用|研发投入|教育经费支出占GDP比重|全社会研发经费投入增长率|全社会研发经费投入年均增速|"
        "新产品开发经费支出|"
        "研发支出|年度研究与试验发展经费支出额|规模以上服务业企业R&D经费|R&D项目数"
    ),
    "enterprises and people": (
        "有研发机构的规上工业企业占比|规上工业企业研发机构覆盖率|规模以上企业中有研发活动企业占比|规模以上工业企业数|"
        "设立研发机构的规模以上工业企业比例|规上企业有研发活动的比例|开展技术创新活动的企业占比|"
        "大中型工业企业中有研发活动企业占比|"
        "R&D人员|R&D活动人员|有R&D活动单位数|研发人员总量|规模以上工业企业R&D人员全时当量|企业研发人员占从业人员比重|"
        "每万人口中研发人员|科学家和工程师|"
        "企业R&D人员全时当量占比|每万名就业人员中受过高等教育人数|高层次人才数|科技活动人员|科技特派员|人才资源总量"
    ),
    "patents": (
        "专利授权量|发明专利授权量|发明专利申请量|每万人发明专利授权量|每万人口发明专利申请量|每万人口专利拥有量|"
        "PCT专利申请量|"
        "高价值发明专利拥有量|高价值专利拥有量|百万人口发明专利授权数|每万名从业人员发明专利拥有量|企业有效发明专利数|"
        "规模以上工业企业有效发明专利数|有效专利拥有量|有效商标注册量|高校、科研院所有效发明专利拥有量|"
        "每亿元R&D经费发明专利授权数|每百万人口发明专利授权量|每百万人口专利拥有量"
    ),
    "enterprises and output": (
        "高新技术企业产值|高新技术企业营业收入|高新技术企业增加值|高新技术企业申报数|高新技术企业培育库入库企业|"
        "高新技术企业税收占比|"
        "科技型中小企业|规模以上工业企业中高新技术企业占比|高新技术产业增加值|高新技术产业产值占规上工业总产值比重|"
        "高新技术产业增加值占规上工业增加值比重|高技术产业产值|高新技术产品产值|高新技术产品出口额|"
        "高新技术产业营业收入|"
        "高新技术产业投资|战略性新兴产业产值|专精特新企业|高新技术企业认定数|高企培育库|成本高企|入库高企"
    ),
    "contracts and money": (
        "技术合同成交数|技术合同登记项数|技术合同成交额增长率|高校院所技术合同成交额|每万人技术合同成交额|"
        "科技成果转化收入|"
        "技术转移机构数|财政科技专项资金|本级财政科技支出占本级财政支出比重|财政科技支出占财政经常性支出比重|"
        "财政科技支出占财政收入比重|科技三项费用|一般公共预算收入|政府性基金预算支出|"
        "财政教育支出占一般公共预算支出比重|"
        "财政科技支出增长率|民生支出占一般公共预算支出比重|企业研发投入占比|基础研究投入占比|规上工业企业研发投入占比"
    ),
    "platforms": (
        "省级创新平台|国家级创新平台|市级以上创新平台|市级及以上研发平台|省级以上研发平台|省级以上重点实验室|"
        "省级以上工程技术研究中心|"
        "省级以上企业技术中心|省级以上农业科技园区|新型研发机构|省级新型研发机构|新增省级新型研发机构|科技企业孵化器|"
        "众创空间|"
        "省级以上科技企业孵化器|国家级科技企业孵化器（众创空间）|市级以上科技企业孵化器（众创空间）|孵化面积|"
        "在孵企业|新引育省级新型研发机构|自治区级创新平台|新增自治区级新型研发机构"
    ),
    "indices, ranks, economy": (
        "科技进步贡献率|农业科技进步贡献率|公民具备科学素质的比例|区域创新能力排名|区域科技创新指数|科技创新发展指数|"
        "综合科技创新水平排名|营商环境指数|知识产权综合发展指数|单位地区生产总值能耗|海洋生产总值|"
        "数字经济增加值占GDP比重|"
        "人均可支配收入|农林牧渔业总产值|规模以上工业增加值|户籍人口|城镇常住人口|常住人口城镇化率|城镇就业人员|"
        "新增就业人员|"
        "城镇新增就业人数|带动就业人员|城镇登记失业率"
    ),
}
NEGATIVE = [name for names in LOOK_ALIKES.values() for name in names.split("|")]
POSITIVE = [(name, code) for code, names in PRINTED.items() for name in names.split("|")]
VARIANTS = (
    ("输出技术合同成交额", "tech_contract_value", "output", "_T"),
    ("技术输出成交额", "tech_contract_value", "output", "_T"),
    ("技术合同成交额（技术输出）", "tech_contract_value", "output", "_T"),
    ("吸纳技术成交额", "tech_contract_value", "inflow", "_T"),
    ("技术合同吸纳成交额", "tech_contract_value", "inflow", "_T"),
    ("技术流向地域合同成交额", "tech_contract_value", "inflow", "_T"),
    ("基础研究经费投入", "rd_expenditure", "_T", "activity=basic"),
    ("试验发展经费支出", "rd_expenditure", "_T", "activity=experimental"),
    ("各类企业研究与试验发展（R&D）经费", "rd_expenditure", "_T", "performer=enterprise"),
    ("高等学校R&D经费支出", "rd_expenditure", "_T", "performer=university"),
    ("政府属研究机构研究与试验发展（R&D）经费", "rd_expenditure", "_T", "performer=institute"),
)


@pytest.fixture
def names(registry: Registry) -> Names:
    return Names(registry, "520100", ("doc_any", "plan"))


def told(names: Names, text: str) -> Alias | None:
    """What the end of a running text names as the subject of a number behind it."""
    plain = squeeze(text)
    subject = names.subject(plain, 0, len(plain), names.find(plain))
    return subject.alias if subject else None


def code_of(alias: Alias | None) -> str | None:
    return alias.indicator_code if alias else None


@pytest.mark.parametrize(("name", "code"), POSITIVE)
def test_a_printed_name_means_its_indicator(names: Names, name: str, code: str) -> None:
    assert code_of(names.exact(name)) == code
    assert code_of(told(names, f"到2025年，{name}达到")) == code


@pytest.mark.parametrize(("name", "code", "variant", "breakdown"), VARIANTS)
def test_a_part_is_not_the_whole(names: Names, name: str, code: str, variant: str, breakdown: str) -> None:
    for alias in (names.exact(name), told(names, f"2025年，{name}达到")):
        assert alias is not None
        assert (alias.indicator_code, alias.variant, alias.breakdown) == (code, variant, breakdown)


@pytest.mark.parametrize("name", NEGATIVE)
def test_a_look_alike_is_none_of_ours(names: Names, name: str) -> None:
    assert code_of(names.exact(name)) is None
    assert code_of(told(names, f"到2025年，{name}达到")) is None


@pytest.mark.parametrize(("name", "code"), [(n, code) for code, names in IN_RETURNS.items() for n in names.split("|")])
def test_a_name_of_a_table_is_none_of_a_plan(registry: Registry, names: Names, name: str, code: str) -> None:
    assert code_of(registry.alias(name, ("return",))) == code
    assert code_of(names.exact(name)) is None


def test_every_indicator_has_names_here(registry: Registry) -> None:
    assert {*PRINTED, *IN_RETURNS} == set(registry.indicators)


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        (
            (
                ("", "全社会"),
                ("研发", "R&D", "研究与试验发展", "研究与试验发展（R&D）"),
                ("经费", "经费投入", "经费支出", "投入"),
                ("占",),
                ("地区生产总值", "GDP", "国内生产总值", "生产总值", "地区生产总值（GDP）"),
                ("比重", "的比重", "比例", "的比例"),
            ),
            "rd_intensity",
        ),
        (
            (
                ("", "地方"),
                ("财政科技支出占", "财政科学技术支出占"),
                ("一般公共预算支出", "地方一般公共预算支出", "公共财政支出", "财政支出", "地方财政支出"),
                ("比重", "的比重", "比例", "的比例"),
            ),
            "st_fiscal_share",
        ),
        (
            (
                ("规模以上", "规上"),
                ("工业企业",),
                ("中有", "有", "中开展", "开展"),
                ("研发", "R&D"),
                ("活动的企业", "活动企业"),
                ("占比", "比重", "比例"),
            ),
            "rd_active_share",
        ),
        (
            (
                ("技术合同成交额", "技术合同成交金额"),
                ("占",),
                ("地区生产总值", "GDP"),
                ("比重", "的比重", "比例", "的比例"),
            ),
            "tech_contract_gdp_share",
        ),
    ],
)
def test_names_put_together_from_usual_words_are_known(
    names: Names, parts: tuple[tuple[str, ...], ...], code: str
) -> None:
    printed = ["".join(words) for words in product(*parts)]

    assert [name for name in printed if code_of(names.exact(name)) != code] == []


@pytest.mark.parametrize("before", ["到2025年，", "2020年", "2020年末", "全市", "其中：", "力争"])
def test_no_name_is_swallowed_by_another(registry: Registry, names: Names, before: str) -> None:
    """Behind the words that usually stand before it, every name of the seed is still read as itself."""
    lost = []
    for name in registry.aliases:
        meant, read = registry.alias(name, names.scopes), told(names, f"{before}{name}达到")
        if meant is not None and code_of(read) != meant.indicator_code and not name.startswith(("年", "期末")):
            lost.append((name, read))

    assert lost == []


@pytest.mark.parametrize(("before", "behind"), [("某集团", ""), ("", "补助资金"), ("", "排名奖励"), ("园区企业", "")])
def test_no_name_is_read_inside_a_longer_unknown_one(
    registry: Registry, names: Names, before: str, behind: str
) -> None:
    wrong = [name for name in registry.aliases if code_of(told(names, f"2025年，{before}{name}{behind}达到"))]

    assert wrong == []


def test_names_leave_area_and_year_to_the_reader(registry: Registry) -> None:
    """A name that begins with 全市 would hide whose figure it is; one that begins with 年 would take it from 2020年."""
    wrong = ("全市", "全省", "全县", "全区", "全国", "我市", "我省", "本市", "本省", "年", "到", "至")

    assert [
        name
        for name, aliases in registry.aliases.items()
        if name.startswith(wrong) and any(alias.scope != "return" for alias in aliases)
    ] == []
