"""Tables of sentences in tests: a sentence at the margin, its expected figures indented below it."""

from __future__ import annotations

from ingestion.figures import Figure, Reading


def cases(table: str) -> list[tuple[str, list[str]]]:
    """Sentences with the lines expected of them, in order."""
    found: list[tuple[str, list[str]]] = []
    for line in table.strip().splitlines():
        if line.startswith("  "):
            found[-1][1].append(line.strip())
        else:
            found.append((line, []))
    return found


def titled_cases(table: str) -> list[tuple[str, str, str, list[str]]]:
    """Title, heading, sentence and expected lines, where a line ``# title | heading`` holds for what follows it."""
    found = []
    title = heading = ""
    for line, expected in cases(table):
        if line.startswith("# "):
            title, heading = (part.strip() for part in line[2:].split("|"))
        else:
            found.append((title, heading, line, expected))
    return found


def rows(reading: Reading, region: str) -> list[str]:
    """What was read, one line for each figure and each refusal."""
    assert reading.recognised == len(reading.figures) + len(reading.refusals)
    lines = [
        _line(figure) + (f" {figure.region_code}" if figure.region_code != region else "") for figure in reading.figures
    ]
    return [*lines, *(f"refused {refusal.reason_code}" for refusal in reading.refusals)]


def _line(figure: Figure) -> str:
    kind = f"{figure.kind}/{figure.target_kind}" if figure.target_kind else figure.kind
    period = f"{figure.period}<{figure.base_period}" if figure.base_period else figure.period
    words = [figure.indicator_code or f"?{figure.indicator_as_printed}", period, kind, figure.comparator]
    words += [figure.printed_text, f"{figure.value.normalize():f}", figure.unit or "-"]
    extra = [figure.nature if figure.nature != "unstated" else "", "strive" if figure.strength == "strive" else ""]
    return " ".join([*words, *filter(None, extra)])
