"""Enumerations with their total: 共有平台96个，国家级7个，省级28个，市级61个; 其中…; …，共96个.

What belongs here: finding a printed total with the parts enumerated beside it, and how completely the wording says
that they make it up. What does not: which parts can overlap (``parts``), adding up (rules, in the warehouse). Only an
enumeration that is consumed to its end is taken; where its end is in doubt, the reading that adds up is meant.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from itertools import pairwise

from ingestion.plans.counted import (
    TOTAL,
    CountedSentence,
    Enumeration,
    Part,
    Partition,
    Share,
    ShareList,
    adds_up,
    are_alike,
    behind_noun,
    clause_of,
    counted_sentences,
    is_aside,
    is_counted,
    is_open_ended,
    label_of,
    noun_behind,
    without_brackets,
)
from ingestion.plans.openings import BRACKET, HEADLESS, OPEN, SEVERAL, is_all
from ingestion.plans.part_shares import joint_shares, labelled, shares_of_parts
from ingestion.plans.parts import (
    are_bare_levels,
    are_bodies,
    are_disjoint,
    are_kinds,
    are_pure,
    is_ladder,
    is_level_of,
    is_of_person,
    is_rest,
    may_leave_out,
    same_level,
    share_coverage,
)
from ingestion.plans.runs import MOST, mark_between, names_of, read_as, run_of_parts
from ingestion.plans.tokens import Token
from ingestion.plans.totals_behind import parted_again, parts_before_total
from ingestion.registry import Registry

_MAY_ENUMERATE = re.compile(
    r"其中|[费入出][中里内]|包括|分别|依次|[分按从]|合计|总[计数共]|含|[(:]|(?<!公)共(?![同享建产青性识])|由|来自|构成|组成|各级|省级|市级|县级"
)
_EACH_OF = re.compile(r"各[级类]|所有|全部")
_PER = re.compile(r"每(?!年)|平均|人均|均")
_ADDED = re.compile(r"净?增|新[建设认育引]|减少|下降|净?多出?|少|较|比")
_FIELDS = re.compile(
    r"(?:乡|镇|街道?|县|市|区|州|盟|旗|村|社区|省|国家|园区|开发区|高新区|行业|领域|产业|学科|方面){1,3}(?=[(,;。]|$)"
)
"""Of 11个镇(街), 其中某园19家: what is counted there is something else."""
_SAME_AMOUNT = re.compile(r"\((?:折合|约合|合|即|相当于|约为)")


def may_enumerate(text: str) -> bool:
    """Whether a paragraph has a word that could tie a total to its parts."""
    return _MAY_ENUMERATE.search(text) is not None


def read_enumerations(
    masked: str, tokens: Sequence[Token], registry: Registry
) -> Iterator[Enumeration | Share | ShareList | Partition]:
    """The totals of one paragraph with their parts, left to right, and the shares told of the parts.

    Args:
        masked: the paragraph, folded, without blanks, titles and slogans blotted out.
        tokens: its quantities.
        registry: the units.
    """
    if len(tokens) < 2:
        return
    former: Enumeration | None = None
    for sentence in counted_sentences(masked, tokens, registry):
        taken: dict[int, Enumeration] = {}
        apart = [*_headless(sentence)]
        listed = {part.start for item in apart for part in item.parts}
        for index, token in enumerate(sentence.tokens):
            if not is_counted(sentence, token):
                continue
            found = [*_forwards(sentence, index, taken, listed)] or [*parts_before_total(sentence, index)]
            for item in found:
                taken |= {part.start: item for part in item.parts}
                former = item
                yield item
                yield from shares_of_parts(sentence, item)
                yield from _closing(sentence, item)
        for partition in apart:
            if not any(part.start in taken for part in partition.parts):
                again = parted_again(sentence, former, partition)
                yield again or partition
                yield from _closing(sentence, partition)


def _closing(sentence: CountedSentence, item: Enumeration | Partition) -> Iterator[ShareList]:
    """The shares of parts that are all of them, which close at 100."""
    shares = joint_shares(sentence, item.parts)
    coverage = share_coverage([part.label for part in item.parts], is_said=item.coverage == "complete")
    if shares and coverage:
        yield ShareList(labelled(item.parts, shares), coverage)


# --- no total ---------------------------------------------------------------------------------------


def _headless(sentence: CountedSentence) -> Iterator[Partition]:
    """分主体看，企业43.2亿元、高校2.6亿元、其他1.1亿元: parts whose total stands elsewhere, if anywhere."""
    for opened in HEADLESS.finditer(sentence.text, max(0, sentence.start - 1), sentence.end):
        first = bisect_left(sentence.tokens, opened.end(), key=lambda token: token.start)
        if first >= len(sentence.tokens):
            continue
        like = sentence.tokens[first]
        if SEVERAL.match(sentence.text, behind_noun(sentence.text, like.end)):
            continue  # 按执行部门看,217.9亿元由四类单位使用,…: the total itself
        run = (
            run_of_parts(sentence, first, sentence.inside[first], like, opened.end())
            if is_counted(sentence, like)
            else []
        )
        if len(run) > 1 and not is_open_ended(sentence.text, run):
            yield Partition(tuple(run), opened.group().strip(",。;:"), _parted(opened.group(), run))


def _parted(opener: str, run: Sequence[Part]) -> str:
    leaves_out = not opener.startswith("由") and may_leave_out([part.label for part in run])
    all_said = is_all(opener) and not leaves_out
    return "complete" if all_said or is_rest(run[-1].label) else "expected"


# --- total first ------------------------------------------------------------------------------------


def _forwards(
    sentence: CountedSentence, index: int, taken: Mapping[int, Enumeration], listed: Set[int]
) -> Iterator[Enumeration]:
    """共有平台96个，国家级7个，省级28个，市级61个; 13项(其中…); 24家，包括…."""
    token = sentence.tokens[index]
    text = sentence.text
    position = behind_noun(text, token.end)
    if _SAME_AMOUNT.match(text, position):
        position = sentence.closes.get(position, position) + 1
    bracket, opened = BRACKET.match(text, position), OPEN.match(text, position)
    clause = clause_of(sentence, index)
    if (bracket is None and opened is None) or _PER.search(clause):
        return
    is_total = TOTAL.search(clause) is not None or _EACH_OF.search(clause) is not None
    total = Part(token.start, token.end, token, label_of(clause, noun_behind(text, token)))
    if bracket is not None:
        found = _in_bracket(sentence, index, total, bracket, is_total=is_total)
        if found is not None:
            yield found
        position = sentence.closes.get(position, position) + 1
    opened = OPEN.match(text, position)
    if opened is None:
        return
    if token.start in taken and text[position] in "。;" and opened["among"]:
        former = taken[token.start]
        found_by_level = [*_by_level(sentence, index, former, opened)]
        yield from found_by_level
        if found_by_level:
            return
        total = former.total
    elif opened["among"] and _ADDED.search(clause):
        total = _stock_before(sentence, index, total) or total
    if opened["among"] and _is_last_of_several(sentence, index):
        return
    if ((token.start in taken or token.start in listed) and not opened["among"]) or (
        text[position] == "。" and not is_total
    ):
        return
    following = index + 1
    if opened["bare"] and is_total:
        following, opened = _over_another(sentence, index, opened)
    while following < len(sentence.tokens) and token.end < sentence.tokens[following].start < opened.end():
        following += 1  # 来自三个渠道,…
    run = run_of_parts(sentence, following, sentence.inside[index], token, opened.end())
    if total.start != token.start and adds_up(sentence, Part(token.start, token.end, token, ""), run):
        return  # …120家,比上年增加20家,其中甲12家、乙8家: what was added
    if run and token.unit == "个" != run[0].token.unit and _FIELDS.match(text, token.end):
        return
    parts, coverage = _covered(sentence, total, run, opened, is_total=is_total)
    if parts:
        yield Enumeration(total, parts, coverage)


def _is_last_of_several(sentence: CountedSentence, index: int) -> bool:
    """孵化器2家、众创空间3家,其中…: 其中 may speak of either or of both."""
    before, token = sentence.tokens[index - 1] if index else None, sentence.tokens[index]
    if before is None or sentence.inside[index - 1] != sentence.inside[index]:
        return False
    gap = without_brackets(sentence, before.end, token.start)
    return (
        "、" in gap[: len(noun_behind(sentence.text, before)) + 1]
        and not re.search(r"[,;:。]", gap)
        and is_counted(sentence, before)
        and are_alike(sentence, before, token)
    )


def _stock_before(sentence: CountedSentence, index: int, added: Part) -> Part | None:
    """The number that 净增9865家;其中… goes back to: 高新技术企业16350家,净增9865家;其中规模以上…."""
    for at in range(index - 1, max(-1, index - MOST), -1):
        token = sentence.tokens[at]
        clause = clause_of(sentence, at)
        if token.unit != added.token.unit or sentence.inside[at] != sentence.inside[index]:
            continue
        if (
            is_counted(sentence, token)
            and not _ADDED.search(clause)
            and not _PER.search(clause)
            and not clause.startswith(("是", "由", "从"))
        ):
            return Part(token.start, token.end, token, label_of(clause, noun_behind(sentence.text, token)))
    return None


def _over_another(sentence: CountedSentence, index: int, opened: re.Match[str]) -> tuple[int, re.Match[str]]:
    """项目120项，安排资金3000万元，其中…: the 其中 behind a number of another sort still speaks of the first."""
    at = index + 1
    if at < len(sentence.tokens) and sentence.inside[at] == sentence.inside[index]:
        other = sentence.tokens[at]
        if not are_alike(sentence, sentence.tokens[index], other):
            later = OPEN.match(sentence.text, behind_noun(sentence.text, other.end))
            if later is not None and later["among"]:
                return at + 1, later
    return index + 1, opened


def _covered(
    sentence: CountedSentence, total: Part, run: list[Part], opened: re.Match[str], *, is_total: bool
) -> tuple[tuple[Part, ...], str]:
    """The parts that the wording ties to the total, and how completely; none where it ties none."""
    text = sentence.text
    if opened["bare"] and run and _EACH_OF.search(total.label) and is_level_of(run[0].label, total.label):
        return (run[0],), "overlapping"
    if opened["bare"] or opened["apart"]:
        while len(run) > 1 and not are_pure(names_of(text, opened, run)):
            run = run[:-1]
        names = names_of(text, opened, run)
        by_level = len(run) > 2 and are_bare_levels(names) and {total.token.unit} == {part.token.unit for part in run}
        if len(run) < 2 or not (is_total or by_level):
            return (), ""
        run = [replace(part, label=name) for part, name in zip(run, names, strict=True)]
        ends = is_open_ended(text, run)
        if ends or (len(run) == 2 and opened["bare"]):
            return read_as(sentence, total, run), "disjoint"
        return read_as(sentence, total, run), "complete" if is_total else "expected"
    if not run or (opened["colon"] and not (is_total and len(run) > 1)) or (opened["parted"] and len(run) < 2):
        return (), ""
    if opened["among"] and not opened["each"]:
        run = _surely_among(sentence, total, run)
    parts = read_as(sentence, total, run)
    labels = names_of(text, opened, parts)
    if len(labels) == len(parts) and opened["each"]:
        parts = tuple(replace(part, label=label) for part, label in zip(parts, labels, strict=True))
    if is_open_ended(text, parts):
        return parts, "disjoint" if opened["lists"] or opened["parted"] or are_disjoint(labels) else "overlapping"
    if opened["colon"]:
        return parts, "complete"
    if opened["parted"]:
        return parts, _parted(opened["parted"], parts)
    if opened["lists"]:
        return parts, "expected"
    return parts, _among(sentence, total, labels)


def _surely_among(sentence: CountedSentence, total: Part, run: list[Part]) -> list[Part]:
    """What 其中 surely reaches: things that add up or that nothing can be counted under twice; else up to a comma."""
    if adds_up(sentence, total, run) or are_disjoint([part.label for part in run]):
        return run
    for at, (one, other) in enumerate(pairwise(run), start=1):
        if is_of_person(one.label) and is_of_person(other.label) and one.token.unit == other.token.unit:
            continue
        if mark_between(without_brackets(sentence, one.end, other.start)) != "、":
            return run[:at]
    return run


def _among(sentence: CountedSentence, total: Part, labels: Sequence[str]) -> str:
    """How much of the total 其中 accounts for: all levels that it may have, some of them, or who knows what."""
    if len(labels) > 1 and is_rest(labels[-1]):
        return "complete"
    if len(labels) > 1 and all(label in sentence.registry.region_names for label in labels):
        return "disjoint"
    if are_bodies(labels):
        return "disjoint"
    if not are_disjoint(labels):
        return "kinds" if are_kinds(labels) else "overlapping"
    return "expected" if len(labels) > 2 or is_ladder(total.label, labels) else "disjoint"


def _by_level(
    sentence: CountedSentence, index: int, former: Enumeration, opened: re.Match[str]
) -> Iterator[Enumeration]:
    """国家级7个，省级28个。其中：国家级甲1个，国家级乙6个；省级丙5个…: each level with the kinds that it has."""
    run = run_of_parts(sentence, index + 1, sentence.inside[index], sentence.tokens[index], opened.end())
    for part in former.parts:
        kinds = tuple(other for other in run if same_level(part.label, other.label))
        if len(kinds) > 1:
            yield Enumeration(part, kinds, "disjoint")


def _in_bracket(
    sentence: CountedSentence, index: int, total: Part, bracket: re.Match[str], *, is_total: bool
) -> Enumeration | None:
    run = run_of_parts(sentence, index + 1, bracket.start(), total.token, bracket.end())
    closing = sentence.closes.get(bracket.start(), -1)
    if not run or closing < 0 or any(not part.label for part in run):
        return None
    after = bisect_right(sentence.tokens, run[-1].start, key=lambda token: token.start)
    rest = range(after, min(after + MOST, len(sentence.tokens)))
    if any(sentence.inside[at] == bracket.start() and not is_aside(sentence, at) for at in rest):
        return None
    labels = [part.label for part in run]
    if bracket["among"] or len(run) == 1 or "等" in sentence.text[run[-1].end : closing]:
        coverage = _among(sentence, total, labels)
    else:
        coverage = "complete" if bracket["lists"] == "分别为" or (is_total and len(run) > 2) else "expected"
    return Enumeration(total, tuple(run), coverage)
