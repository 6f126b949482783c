"""What every list we write in Excel begins with: a title, a line under it, a header in the third row, set up for print.

A4 landscape, one page wide, the header on every page, the page counted at the foot. Texts are never formulas or
links, and the same values give the same bytes. Knowingly not: what stands from the third row on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from xlsxwriter import Workbook

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.settings import Fonts

HEAD = 2
"""The header's row, counted from 0."""
_CREATED = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Look:
    """Points of the title and the line under it, heights of their rows, margins in inches, columns that stay put."""

    title: tuple[int, int]
    note: tuple[int, int]
    sides: float
    ends: float
    frozen: int = 0


class TitledSheet:
    """A workbook of one sheet on its way: `page` is to be filled from the third row on."""

    def __init__(self, sheet: str, title: str, note: str, *, widths: Sequence[float], fonts: Fonts, look: Look) -> None:
        """`widths`: of the columns, in half-width characters."""
        self._stream = BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = Workbook(self._stream, options)
        self._book.set_properties({"title": title, "created": _CREATED})
        self.page: Any = self._book.add_worksheet(sheet)
        self._set_up(widths, look)
        lines = ((title, fonts.title, look.title, "center"), (note, fonts.body, look.note, "left"))
        for row, (text, font, (points, height), side) in enumerate(lines):
            self.page.set_row(row, height)
            self.page.merge_range(row, 0, row, len(widths) - 1, text, self.face(font, points, align=side))

    def face(self, font: str, points: int, **more: object) -> Any:
        """A cell format with this font, in the middle of the row's height."""
        return self._book.add_format({"font_name": font, "font_size": points, "valign": "vcenter", **more})

    def close(self) -> bytes:
        """The workbook."""
        self._book.close()
        return self._stream.getvalue()

    def _set_up(self, widths: Sequence[float], look: Look) -> None:
        page = self.page
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.center_horizontally()
        page.set_margins(left=look.sides, right=look.sides, top=look.ends, bottom=look.ends)
        page.set_footer("&C第 &P 页，共 &N 页")
        page.repeat_rows(HEAD)
        page.freeze_panes(HEAD + 1, look.frozen)
        for number, width in enumerate(widths):
            page.set_column(number, number, width)
