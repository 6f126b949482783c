"""What marking changed in a workbook, kept in a hidden column of our own first sheet so that it can be undone.

The sender's program may rewrite the whole file in between: nothing here is trusted. A record that makes no sense is
no record, and then unmarking falls back to what it sees (no fill where our red was).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipeline.office.xlsx_styles_mark import TABLES, Original

if TYPE_CHECKING:
    from collections.abc import Iterable

View = tuple[str | None, str | None]
"""activeTab and firstSheet of a window, as stated."""


@dataclass(slots=True)
class Record:
    """Which tabs were selected, the windows, the size of the style tables and the cells painted red."""

    selected: list[str] = field(default_factory=list)
    views: list[View] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)
    digest: str = ""
    originals: dict[int, Original] = field(default_factory=dict)
    cells: dict[tuple[str, str], int] = field(default_factory=dict)

    def lines(self) -> list[str]:
        """One short text per spreadsheet cell."""
        head = {"selected": self.selected, "views": self.views, "sizes": self.sizes, "digest": self.digest}
        found: list[object] = [head]
        found += [[number, was.index, was.fill, was.apply, was.origin] for number, was in self.originals.items()]
        found += [[number, sheet, cell] for (sheet, cell), number in self.cells.items()]
        return [json.dumps(line, ensure_ascii=False) for line in found]


def record_from(lines: Iterable[str]) -> Record:
    """The record of `Record.lines`; lines that are none are passed over."""
    record = Record()
    for line in lines:
        try:
            _take(record, json.loads(line))
        except (ValueError, TypeError, AttributeError, RecursionError):
            continue
    return record


def _take(record: Record, line: Any) -> None:
    match line:
        case {"selected": list(names), "views": list(views), "sizes": dict(sizes), "digest": str(digest)}:
            record.selected = [str(name) for name in names]
            record.views = [(_text(active), _text(first)) for active, first in views]
            record.sizes = {name: int(sizes[name]) for name in TABLES if name in sizes}
            record.digest = digest
        case [int(number), int(index), str(fill), str() | None as apply, "old" | "cell" | "row" as origin]:
            record.originals[number] = Original(index, fill, apply, origin)
        case [int(number), str(sheet), str(cell)]:
            record.cells[(sheet, cell)] = number


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value.isdecimal() else None
