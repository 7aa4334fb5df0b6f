"""Build the labelled documents from their marked-up sources: ``python -m tests.extraction.build``.

What belongs here: reading the sources' heads and writing documents and labels. What does not: formats, scoring.
A source begins with lines ``#!name value``: ``file`` (its suffix says the format), ``region``, and where needed
``encoding``, ``newline`` (lf, crlf, cr), ``wrap`` (characters a line), ``blank`` (yes: a blank line after each),
``break`` (anywhere: also within numbers) and ``head`` (running head of a PDF).
"""

from __future__ import annotations

import csv
from dataclasses import asdict, fields, replace
from pathlib import Path

from tests.extraction.markup import Label, parse
from tests.extraction.render import Places, docx_file, pdf_file, text_file, wrapped

HERE = Path(__file__).parent
SETS = ("dev", "heldout", "unseen")
_NEWLINES = {"lf": "\n", "crlf": "\r\n", "cr": "\r"}


def build(source: Path) -> tuple[str, bytes, list[Label]]:
    """The file name, the bytes and the labels of one source."""
    head: dict[str, str] = {}
    lines = source.read_text(encoding="utf-8").split("\n")
    while lines[0].startswith("#!"):
        name, _, value = lines.pop(0)[2:].partition(" ")
        head[name] = value
    marked, labels = parse("\n".join(lines).rstrip("\n") + "\n", head["region"])
    content, places = _rendered(marked, head)
    if missing := [label for number, label in enumerate(labels) if number not in places]:
        raise ValueError(f"{source.name}: without a place: {missing[0].printed_text}")
    return head["file"], content, [replace(label, place=places[n]) for n, label in enumerate(labels)]


def _rendered(marked: str, head: dict[str, str]) -> tuple[bytes, Places]:
    suffix = Path(head["file"]).suffix
    if suffix == ".docx":
        return docx_file(marked)
    if suffix == ".pdf":
        return pdf_file(marked, head["head"])
    if "wrap" in head:
        words = head.get("break") != "anywhere"
        marked = wrapped(marked, int(head["wrap"]), blank=head.get("blank") == "yes", whole_words=words)
    return text_file(marked, encoding=head.get("encoding", "utf-8"), newline=_NEWLINES[head.get("newline", "lf")])


def main() -> None:
    """Write every document and its labels beside each other."""
    for name in SETS:
        for source in sorted((HERE / name / "source").glob("*.txt")):
            file_name, content, labels = build(source)
            path = HERE / name / file_name
            path.write_bytes(content)
            with path.with_name(f"{path.name}.labels.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, [field.name for field in fields(Label)], lineterminator="\n")
                writer.writeheader()
                writer.writerows(asdict(label) for label in labels)
            print(f"{name}/{file_name}: {len(labels)} labels, {sum(bool(x.optional) for x in labels)} optional")


if __name__ == "__main__":
    main()
