"""Rows of a ledger against each other: the same row twice, one number for two things, gaps in the numbering.

R23 (序号 continuous), R44, R66. One problem with several measures repeats its number rightly and is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from pipeline.checks.case import Column
from pipeline.model import Datum, Finding, Severity
from pipeline.placed import one_unplaced, unplaced
from pipeline.values.fold import fold

if TYPE_CHECKING:
    from pipeline.checks.case import Case, Cell

_SERIAL_NAMES = ("序号", "编号", "行号")
_DIGITS = re.compile(r"\d{1,6}")


def duplicate_rows(case: Case, *, fields: Sequence[str], subject: str = "") -> Iterator[Finding]:
    """A row that says the same as an earlier one, on the later row (R44).

    `fields`: the key columns; the finding is on the first of them. With `subject`, rows of one key that differ in it
    (one 问题编号, two problems) are asked about; without it they get a remark.
    """
    rows = case.record.rows
    seen_keys: dict[tuple[str, ...], int] = {}
    contents: dict[tuple[str, ...], dict[tuple[str, ...], int]] = {}
    for number, (row, key) in enumerate(zip(rows, _keys(case, fields), strict=True), 1):
        first = seen_keys.setdefault(key, number)
        if first == number:
            continue
        same_key = contents.setdefault(key, {_content(rows[first - 1]): first})  # equal rows have equal keys
        same = same_key.setdefault(_content(row), number)
        cell = case.beside(fields[0], number) if fields else None
        if same < number:
            yield case.finding("duplicate_row", Severity.ERROR, cell, earlier=str(same))
        elif any(key):
            yield from _same_key(case, cell, first, subject)


def serial(case: Case, *, field: str) -> Iterator[Finding]:
    """序号 runs on without gaps; repeating the last number is fine (several measures of one problem) (R23)."""
    last = 0
    for cell in case.cells(field):
        digits = _DIGITS.fullmatch(fold(cell.text).strip()) if cell.firm else None
        if not digits:
            continue
        number = int(digits[0])
        if number not in (last, last + 1):
            yield case.finding("gap_in_numbers", Severity.HINT, cell, expected=str(last + 1))
        last = number


def _keys(case: Case, fields: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The key of every row, in one spelling; without the fields that a row has not."""
    columns = [case.cells(name) for name in fields]
    if columns and all(isinstance(column, Column) for column in columns):
        plain = [map(_plain, column.data) for column in columns if isinstance(column, Column)]
        return zip(*plain, strict=True)
    return (tuple(_plain(one_unplaced(row, name)) for name in fields if name in row) for row in case.record.rows)


def _same_key(case: Case, cell: Cell | None, earlier: int, subject: str) -> Iterator[Finding]:
    if cell is None or cell.row is None:
        return
    if not subject:
        yield case.finding("duplicate_row", Severity.HINT, cell, variant="key", earlier=str(earlier))
        return
    here, there = case.beside(subject, cell.row), case.beside(subject, earlier)
    if here and there and _plain(here.datum) != _plain(there.datum):
        facts = {"earlier": str(earlier), "subject": subject}
        yield case.finding("duplicate_row", Severity.EXPLAIN, cell, variant="subject", **facts)


def _content(row: Mapping[str, Datum]) -> tuple[str, ...]:
    named = zip(row, unplaced(row), strict=True)
    return tuple(_plain(datum) for name, datum in named if name not in _SERIAL_NAMES)


def _plain(datum: Datum) -> str:
    return "".join(fold(datum.text).split())
