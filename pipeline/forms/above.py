"""The one value that has no label: the line over the title (淮源集团第一工程公司 ⏎ 党建项目化管理 ⏎ 实施计划书).

Found in two ways that know nothing of each other: `AboveTitle` goes by the title alone and takes the nearest line
over it; `BeforeWords` goes by the template and takes everything up to the words printed behind the hole.
"""

from __future__ import annotations

import re
from itertools import groupby, islice
from typing import TYPE_CHECKING

from pipeline.forms.area import Area, Line
from pipeline.forms.labels import squeeze
from pipeline.forms.page import Page, Piece
from pipeline.forms.running import row_of
from pipeline.forms.tags import find_tags
from pipeline.model import Document, Paragraph

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.forms.spec import TypeSpec

_COVER = 40
"""Lines to look at; a title further down is none."""
_PIECES = 3
"""A long title stands on so many lines at most."""
_YEAR = re.compile(r"(?:20\d\d|二[〇○零]..)年度?")
_ANNEX = re.compile(r"附[件表录][\d一二三四五六七八九十]{0,3}[:：]?")


def field_above(spec: TypeSpec) -> str:
    """The field of a type that stands above the title, "" if none does."""
    return next((field.name for field in spec.fields if field.stands == "above_title"), "")


class AboveTitle:
    """Reader 1: the rest of the title's own line, else the nearest line over it."""

    def __init__(self, titles: Sequence[str]) -> None:
        """`titles` as spec.toml lists them."""
        self._titles = sorted((squeeze(title) for title in titles), key=len, reverse=True)

    def find(self, page: Page) -> Area:
        """The value's line; () when there is no title, or nothing above it but an annex's number."""
        lines = _cover(page)
        for number, line in enumerate(lines):
            ahead = self._ahead(lines[number : number + _PIECES])
            if ahead is None:
                continue
            if ahead:
                return (_head(line, ahead),)
            above = lines[number - 1] if number else None
            return () if above is None or _ANNEX.fullmatch(squeeze(above.text)) else (above,)
        return ()

    def _ahead(self, lines: Sequence[Line]) -> int | None:
        """How many characters stand before a title that begins in the first line; None when none does."""
        first = len(squeeze(lines[0].text))
        for count in range(len(lines), 0, -1):
            text = "".join(squeeze(line.text) for line in lines[:count])
            for title in self._titles:
                if text.endswith(title) and len(text) - len(title) < first:
                    start = len(text) - len(title)
                    return 0 if _YEAR.fullmatch(text[:start]) else start
        return None


class BeforeWords:
    """Reader 2: everything between the words that the template prints before and behind the hole."""

    def __init__(self, name: str, template: Document) -> None:
        """`name`: the field; without its hole in the template nothing is ever found."""
        texts = [block.text for block in template.blocks if isinstance(block, Paragraph) and block.text.strip()]
        at = next((n for n, text in enumerate(texts) if [tag.name for tag in find_tags(text)] == [name]), None)
        self._before = squeeze(texts[at - 1]) if at else ""
        self._behind = squeeze(texts[at + 1]) if at is not None and at + 1 < len(texts) else ""

    def find(self, page: Page) -> Area | None:
        """The lines of the value, () when there are none, None when the words behind it are not there."""
        lines = _cover(page)
        end = next((n for n, line in enumerate(lines) if self._behind and self._behind in squeeze(line.text)), None)
        if end is None:
            return None
        start = 1 if end and _plain(squeeze(lines[0].text)) == _plain(self._before) else 0
        ahead = squeeze(lines[end].text).index(self._behind)
        rest = () if not ahead or _YEAR.fullmatch(squeeze(lines[end].text)[:ahead]) else (_head(lines[end], ahead),)
        return (*lines[start:end], *rest)


def _cover(page: Page) -> list[Line]:
    """The first lines with text, down to the first row of a table with more than one cell."""
    return list(islice((line for piece in _undivided(page) for line in piece.area if line.text.strip()), _COVER))


def _undivided(page: Page) -> Iterator[Piece]:
    for part in page:
        if isinstance(part, Piece):
            yield part
            continue
        for _, cells in groupby(part.cells.values(), row_of):
            first, *others = cells
            if others:
                return
            yield first


def _head(line: Line, count: int) -> Line:
    """The first `count` characters of a line, white space not counted."""
    end = next((n for n in range(len(line.text) + 1) if len(squeeze(line.text[:n])) >= count), len(line.text))
    return Line(line.text[:end], line.place)


def _plain(annex: str) -> str:
    """附件3： and 附件 are the same mark."""
    return annex.strip(":： 0123456789一二三四五六七八九十")
