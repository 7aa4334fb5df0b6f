"""Files made to break a reader end in one refusal, soon. The bounds are those of ``documents.limits``."""

from __future__ import annotations

import io
import time
import zipfile
import zlib

import pytest

from ingestion.documents import limits
from ingestion.documents.blocks import read_blocks
from ingestion.documents.model import DocumentError
from ingestion.documents.opening import open_document

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TEXT = "<w:p><w:r><w:t>文</w:t></w:r></w:p>"
SECONDS = 40
"""Far above what these take (a second or less, the process of a PDF its limit), far below what a bomb would."""


def _docx(body: str, before: str = "", *, parts: int = 0) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f'{before}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>')
        for number in range(parts):
            archive.writestr(f"word/media/{number}", "")
    return file.getvalue()


def _pdf(*objects: bytes) -> bytes:
    parts, starts, length = [b"%PDF-1.5\n"], [], 9
    for number, body in enumerate(objects, 1):
        starts.append(length)
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        length += len(parts[-1])
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
    return b"".join(parts) + end % (len(objects) + 1, table, len(objects) + 1, length)


def _page(content: bytes) -> bytes:
    packed = zlib.compress(content, 1)
    return _pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )


LAUGHS = '<!DOCTYPE a [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY c SYSTEM "file:///etc/hostname">]>'
MANY_PAGES = _pdf(
    b"<</Type/Catalog/Pages 2 0 R>>",
    b"<</Type/Pages/Count 1000000/Kids[" + b"3 0 R " * 1000 + b"]>>",
    b"<</Type/Pages/Parent 2 0 R/Count 1000/Kids[" + b"4 0 R " * 1000 + b"]>>",
    b"<</Type/Page/Parent 3 0 R/MediaBox[0 0 600 800]>>",
)
LOOP = _pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 3/Kids[2 0 R 2 0 R]>>")

REFUSED = {
    "docx whose text unpacks to more than the limit": (_docx(" " * (limits.MAX_XML_BYTES + 1)), "too_large"),
    "docx of many parts": (_docx(TEXT, parts=limits.MAX_ZIP_PARTS), "too_large"),
    "docx of many paragraphs": (_docx(TEXT * (limits.MAX_PARAGRAPHS + 1)), "too_large"),
    "docx with entities in entities": (_docx("<w:p>&c;</w:p>", LAUGHS), "broken_file"),
    "docx with an entity from outside": (_docx("<w:p>&c;</w:p>", OUTSIDE), "broken_file"),
    "docx of endless depth": (_docx("<w:sdt>" * 100_000), "broken_file"),
    "docx cut off": (_docx(TEXT)[:-30], "broken_file"),
    "zip of something else": (b"PK\x05\x06" + bytes(18), "unsupported_format"),
    "pdf of a million pages": (MANY_PAGES, "too_large"),
    "pdf of pages in a loop": (LOOP, "broken_file"),
    "pdf that unpacks to much": (_page(b" " * 50_000_000), "scanned_pdf"),
    "pdf of many drawn lines": (_page(b"0 0 m 100 0 l S " * 300_000), "scanned_pdf"),
    "html of many elements": (b"<html>" + b"<i></i>" * (limits.MAX_HTML_ELEMENTS + 1), "too_large"),
    "html too large": (b"<html>" + b" " * limits.MAX_HTML_BYTES, "too_large"),
    "file too large": (b"a" * (limits.MAX_FILE_BYTES + 1), "too_large"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_one_refusal_in_time(case: str) -> None:
    content, code = REFUSED[case]
    begun = time.monotonic()

    with pytest.raises(DocumentError) as caught:
        open_document(content, "plan.docx" if content[:4] == b"PK\x03\x04" else "plan.bin")

    assert caught.value.reason_code == code
    assert time.monotonic() - begun < SECONDS


def test_a_pdf_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingestion.documents.pdf.PDF_PATIENCE", 0.01)

    with pytest.raises(DocumentError) as caught:
        open_document(_page(b"BT /F 9 Tf 10 10 Td (text) Tj ET"), "plan.pdf")

    assert caught.value.reason_code == "too_complex"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<html><table>" + (b"<tr>" + b"<td rowspan=60000 colspan=60000>1" * 50) * 20, "a.html"),
        (b"<html>" + b"<div>" * 100 + "规划".encode() + b"</div>" * 100, "a.html"),
        (_docx("<w:tbl><w:tr><w:tc>" * 60 + TEXT + "</w:tc></w:tr></w:tbl>" * 60), "a.docx"),
        (b'<!DOCTYPE html [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><html><p>&b;&b;', "a.html"),
    ],
    ids=["spans", "depth of a page", "tables in tables", "entities of a page"],
)
def test_what_is_odd_but_bounded_is_read(content: bytes, name: str) -> None:
    begun = time.monotonic()

    document = open_document(content, name)
    tuple(read_blocks(document))

    assert len(document.text) < 20 * len(content)
    assert time.monotonic() - begun < SECONDS


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "（",
        "|",
        "|a|b\n",
        "|指标|2020年|\n句。\n",
        "指标 2020年\n",
        "指标\n",
        "指标\n2020年\n\n",
        "\n",
        "指\t",
        "一、",
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_time_grows_with_the_length_only(piece: str, name: str) -> None:
    def seconds(length: int) -> float:
        content = ("文" + piece * (length // len(piece))).encode()
        begun = time.process_time()
        tuple(read_blocks(open_document(content, name)))
        return time.process_time() - begun

    seconds(1_000)
    assert seconds(80_000) < 40 * seconds(10_000) + 0.5
