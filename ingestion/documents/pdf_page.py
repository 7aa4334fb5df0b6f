"""One page of a PDF as PDFium sees it: glyphs with their places, and the straight lines that are drawn.

What belongs here: calls of PDFium, page rotation. What does not: what glyphs and lines amount to (``pdf_lines``,
``pdf_tables``). Lengths are points, y grows upwards, after the page's own rotation.
"""

from __future__ import annotations

import ctypes
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pypdfium2
import pypdfium2.raw as raw

from ingestion.documents.limits import MAX_PAGE_RULES, MAX_PDF_CHARACTERS

_THIN = 3.0
"""A filled shape thinner than this is a drawn line."""
_SHORT = 4.0
"""A stroke shorter than this is part of a glyph or an ornament."""
_OBJECT_LIMIT = 200_000
"""Objects of one page that are looked at; a plan's page has a few thousand."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character: left and right edge, baseline, size of the font."""

    text: str
    left: float
    right: float
    y: float
    size: float

    @property
    def is_strange(self) -> bool:
        """Whether no reader could say which character it is: private use, or no code at all."""
        code = ord(self.text)
        return code < 32 or 0xE000 <= code <= 0xF8FF or code == 0xFFFD


@dataclass(frozen=True, slots=True)
class Rule:
    """A drawn line: its place across its direction, and where it begins and ends along it."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Page:
    """What a page shows."""

    number: int
    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    horizontal: tuple[Rule, ...]
    vertical: tuple[Rule, ...]

    @property
    def size(self) -> tuple[int, int]:
        """Pages of one size share their margins."""
        return round(self.width), round(self.height)


def open_pages(content: bytes, most: int) -> Iterator[Page] | str:
    """The pages of a PDF, or the reason code of a refusal."""
    try:
        document = pypdfium2.PdfDocument(content)
        count = len(document)
    except pypdfium2.PdfiumError as error:
        return "encrypted" if "password" in str(error).lower() or "security" in str(error).lower() else "broken_file"
    if count > most:
        return "too_large"
    return _pages(document, count)


def _pages(document: Any, count: int) -> Iterator[Page]:
    for index in range(count):
        try:
            page = document[index]
        except pypdfium2.PdfiumError:
            continue  # a page that the file names and does not have
        try:
            turn = _Turn(page)
            horizontal, vertical = _rules(page, turn)
            width, height = turn.size
            yield Page(index + 1, width, height, tuple(_glyphs(page, turn)), horizontal, vertical)
        finally:
            page.close()


class _Turn:
    """From the page's own coordinates to those of the page as it is looked at."""

    def __init__(self, page: Any) -> None:
        self.quarter = int(page.get_rotation()) // 90 % 4
        left, bottom, right, top = page.get_mediabox()
        self.left, self.bottom = left, bottom
        self.across, self.up = right - left, top - bottom

    @property
    def size(self) -> tuple[float, float]:
        return (self.across, self.up) if self.quarter % 2 == 0 else (self.up, self.across)

    def point(self, x: float, y: float) -> tuple[float, float]:
        x, y = x - self.left, y - self.bottom
        if self.quarter == 1:
            return y, self.across - x
        if self.quarter == 2:
            return self.across - x, self.up - y
        if self.quarter == 3:
            return self.up - y, x
        return x, y


def _glyphs(page: Any, turn: _Turn) -> Iterator[Glyph]:
    text_page = page.get_textpage()
    try:
        handle = text_page.raw
        box = raw.FS_RECTF()
        x, y = ctypes.c_double(), ctypes.c_double()
        for index in range(min(raw.FPDFText_CountChars(handle), MAX_PDF_CHARACTERS + 1)):
            code = raw.FPDFText_GetUnicode(handle, index)
            if code <= 32 or code == 0xA0 or code == 0xFFFE or raw.FPDFText_IsGenerated(handle, index) == 1:
                continue
            if not raw.FPDFText_GetLooseCharBox(handle, index, box):
                continue
            raw.FPDFText_GetCharOrigin(handle, index, x, y)
            left, low = turn.point(box.left, box.bottom)
            right, high = turn.point(box.right, box.top)
            _, base_y = turn.point(x.value, y.value)
            size = abs(high - low)
            angle = raw.FPDFText_GetCharAngle(handle, index)
            slanted = angle % 1.5708 if angle > 0 else 0.0
            if 0.1 < slanted < 1.47:
                continue  # a watermark across the page
            start, end = min(left, right), max(left, right)
            yield Glyph(_character(code), start, end, base_y, max(1.0, size))
    finally:
        text_page.close()


def _character(code: int) -> str:
    """The character; fonts often give a radical (⼀) where the ideograph that looks like it (一) is meant."""
    if 0x2E80 <= code <= 0x2FDF or 0xF900 <= code <= 0xFAFF:
        return unicodedata.normalize("NFKC", chr(code))[:1]
    return chr(code) if code <= 0x10FFFF else "\ufffd"


# --- drawn lines --------------------------------------------------------------------------------------


def _rules(page: Any, turn: _Turn) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    horizontal: list[Rule] = []
    vertical: list[Rule] = []
    for looked, (points, stroked) in enumerate(_paths(page)):
        if looked > _OBJECT_LIMIT or len(horizontal) + len(vertical) > MAX_PAGE_RULES:
            return (), ()  # a map or a drawing
        seen = [turn.point(*point) for point in points]
        xs, ys = [x for x, _ in seen], [y for _, y in seen]
        width, height = max(xs) - min(xs), max(ys) - min(ys)
        if height <= _THIN < width:
            horizontal.append(Rule((max(ys) + min(ys)) / 2, min(xs), max(xs)))
        elif width <= _THIN < height:
            vertical.append(Rule((max(xs) + min(xs)) / 2, min(ys), max(ys)))
        elif stroked:
            for (x0, y0), (x1, y1) in pairwise(seen):
                if abs(y0 - y1) < 1 and abs(x0 - x1) > _SHORT:
                    horizontal.append(Rule((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
                elif abs(x0 - x1) < 1 and abs(y0 - y1) > _SHORT:
                    vertical.append(Rule((x0 + x1) / 2, min(y0, y1), max(y0, y1)))
    return tuple(horizontal), tuple(vertical)


def _paths(page: Any) -> Iterator[tuple[list[tuple[float, float]], bool]]:
    """Straight strokes of all paths, one list of points for each connected piece, and whether they are stroked."""
    for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=6):
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        raw.FPDFPath_GetDrawMode(item.raw, fill, stroke)
        if not fill.value and not stroke.value:
            continue
        matrix = item.get_matrix()
        container = item.container
        while container is not None:
            matrix = matrix.multiply(container.get_matrix())
            container = container.container
        for piece in _pieces(item.raw):
            yield [matrix.on_point(*point) for point in piece], bool(stroke.value)


def _pieces(path: Any) -> Iterator[list[tuple[float, float]]]:
    count = raw.FPDFPath_CountSegments(path)
    x, y = ctypes.c_float(), ctypes.c_float()
    piece: list[tuple[float, float]] = []
    for index in range(min(count, 4 * MAX_PAGE_RULES)):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        kind = raw.FPDFPathSegment_GetType(segment)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        if kind != raw.FPDF_SEGMENT_LINETO:
            if len(piece) > 1:
                yield piece
            piece = []
        piece.append((x.value, y.value))
        if raw.FPDFPathSegment_GetClose(segment) and len(piece) > 1:
            piece.append(piece[0])
    if len(piece) > 1:
        yield piece
