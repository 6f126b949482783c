"""How much fits on the one page of the shipped 反馈单 and 受理回执, in points; the marked file holds all of it.

Measured on the templates: what every page says, and the height of a line of text, of a table and of a row's edges. An
office that changes the templates gets a page a little fuller or emptier, nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.office.text_size import lines_needed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Line = dict[str, str]
MOST_LINES = 25
"""Findings on one page at most."""

_SLIP_TEXT, _SLIP_TEXT_COLUMNS = 20, 76
_SLIP_FREE, _SLIP_LINE, _SLIP_EDGE = 520, 16, 6
_SLIP_COLUMNS = {"位置": 14, "内容": 11, "问题": 21, "要求": 31}
_RECEIPT_TEXT, _RECEIPT_TEXT_COLUMNS = 24, 64
_RECEIPT_FREE, _RECEIPT_LINE, _RECEIPT_EDGE, _RECEIPT_COLUMNS = 395, 18, 1, 56


def on_slip(lines: Sequence[Line], around: Iterable[str]) -> list[Line]:
    """The findings that fit, at least one. `around`: the paragraphs that are not the same on every slip."""
    free = _SLIP_FREE - sum(_height(text, _SLIP_TEXT, _SLIP_TEXT_COLUMNS) for text in around)
    return _fitting(lines, [_slip_height(line) for line in lines], free, rest=_SLIP_TEXT)


def on_receipt(hints: Sequence[Line], registered: Sequence[Mapping[str, str]], around: Iterable[str]) -> list[Line]:
    """The hints that fit under what was registered, at least one."""
    free = _RECEIPT_FREE - sum(map(_receipt_text, around))
    free -= sum(lines_needed(one["内容"], _RECEIPT_COLUMNS) * _RECEIPT_LINE + _RECEIPT_EDGE for one in registered)
    heights = [_receipt_text("{序号}.{位置}：{问题}{要求}".format_map(hint)) for hint in hints]
    return _fitting(hints, heights, free, rest=_RECEIPT_TEXT)


def _fitting(lines: Sequence[Line], heights: Sequence[int], free: int, *, rest: int) -> list[Line]:
    """The first lines that fit; when not all do, `rest` points are kept for the sentence about the others."""
    if sum(heights) <= free and len(lines) <= MOST_LINES:
        return list(lines)
    free -= rest
    shown: list[Line] = []
    for line, height in zip(lines[:MOST_LINES], heights, strict=False):
        free -= height
        if free < 0 and shown:
            break
        shown.append(line)
    return shown


def _height(text: str, line: int, columns: int) -> int:
    return lines_needed(f"　　{text}", columns) * line if text else 0


def _receipt_text(text: str) -> int:
    return _height(text, _RECEIPT_TEXT, _RECEIPT_TEXT_COLUMNS)


def _slip_height(line: Line) -> int:
    lines = max(lines_needed(line[name], columns) for name, columns in _SLIP_COLUMNS.items())
    return lines * _SLIP_LINE + _SLIP_EDGE
