"""What a row of a ledger's grid is: a record, one of the things people put between records, or neither for sure.

A row that has something in a column of the type and is not surely something else is never passed over in silence: it
is a record, or UNSURE, which the reader reports. Knows no values: that a date stands where a name belongs is found
when the record is checked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from itertools import takewhile
from typing import TYPE_CHECKING

from pipeline.forms.found import is_note
from pipeline.forms.labels import COMMON_LABELS, inline_labels, key, may_be, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipeline.forms.header import Header
    from pipeline.model import Grid, Pos

TOTAL_WORDS = ("合计", "小计", "总计", "共计", "累计", "平均")
SAMPLE_WORDS = ("例", "例子", "示例", "样例", "范例", "举例", "例如", "样表", "填写示例")
FIGURE = 12
"""What stands beside 合计 is no longer than this: a sum, a count, a dash."""
FACT = 30
"""A fact of the header block alone in its line (单位名称：…) is no longer than this; a sentence of a record is."""
SHORT = 20
"""The value behind a label in one line (审核人：张三) is no longer than this."""
_DASHES = frozenset({"—", "——", "-", "--", "－", "/", "／"})
"""What is drawn into cells that have nothing to say: a row of nothing else is what is left of a total."""

_TOTAL = re.compile(rf"(?:{'|'.join(TOTAL_WORDS)})(?:分|分数|得分|数|值|比例)?")
_SERIAL = re.compile(r"[(（#№]?[\d０-９]{1,6}[)）.、．]?|[①-⑳⑴-⒇]|[\d０-９]{1,3}(?:[-.－．][\d０-９]{1,3})+")
_SECTION = re.compile(
    r"[(（]?[一二三四五六七八九十]{1,3}(?:[)）]|[、.．:：])|第[一二三四五六七八九十\d]{1,3}[章节部类]"
)
_HEADING = re.compile(r".{2,20}(?:方面|部分|类|板块|领域)(?:[(（].{0,20}[)）])?[:：]?")
_CHINESE_NUMBER = re.compile(r"[(（]?[一二三四五六七八九十]{1,3}[)）、.．]?")
_SIGNATURE = re.compile(
    r"[^:：]{0,12}(?:人|长|书记|领导|签字|签名|签章|盖章|公章|日期|时间|电话|单位|部门)[)）]?[:：](?P<value>.*)",
    re.DOTALL,
)


class RowKind(Enum):
    """RECORD is read, UNSURE is reported, the others are passed over; LINE and FACTS may hold header facts."""

    BLANK = auto()
    RECORD = auto()
    UNSURE = auto()
    HEADER = auto()
    TOTAL = auto()
    NOTE = auto()
    LINE = auto()
    FACTS = auto()


@dataclass(frozen=True, slots=True)
class Words:
    """The words that tell rows apart: labels of the header block, and the type's titles without spaces.

    `choices`: allowed words of columns, which are labels too (年度 as a 层级).
    """

    fields: Mapping[str, str]
    titles: frozenset[str]
    choices: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Part:
    """The rows first … last-1 of one grid under one header (of this grid, or of the table it continues)."""

    grid: Grid
    header: Header
    covered: Mapping[Pos, Pos]
    first: int
    last: int
    known: frozenset[int] = field(init=False)
    serial: int = field(init=False)
    content: frozenset[int] = field(init=False)
    merged: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        """`known`: the columns of the type; `serial`: the column that numbers the rows, -1 for none;
        `content`: the columns that make a row a record, all but the serial numbers; `merged`: rows that a merge
        covers in part."""
        object.__setattr__(self, "known", self.header.known())
        object.__setattr__(self, "serial", _serial_column(self.header))
        object.__setattr__(self, "content", self.known - {self.serial})
        object.__setattr__(self, "merged", frozenset(row for row, _ in self.covered))


@dataclass(frozen=True, slots=True)
class Seen:
    """The filled cells of one row, and how many columns a cell merged from above fills.

    `own`: the serial number first; content of unknown columns counts only where it opens the row, since a tick beside
    a section line makes it no record. `filled`: all of them as they stand.
    """

    row: int
    own: tuple[tuple[int, str], ...]
    filled: tuple[tuple[int, str], ...]
    inherited: int

    @property
    def alone(self) -> bool:
        """A single cell, with nothing merged down beside it."""
        return len(self.own) == 1 and not self.inherited


def _serial_column(header: Header) -> int:
    """The type's 序号, else one that the sender added, else the column of numbers (项目编号) if it comes first."""
    if "序号" in header.columns:
        return header.columns["序号"]
    if "序号" in header.leaves:
        return header.leaves.index("序号")
    first = min(header.columns, key=lambda name: header.columns[name])
    return header.columns[first] if first.endswith("编号") else -1


def kinds(part: Part, words: Words) -> Iterator[tuple[int, RowKind]]:
    """Every row of a part with its kind, top to bottom."""
    noted = -1
    for row in range(part.first, part.last):
        seen = _seen(part, row)
        kind = _kind(part, seen, words)
        if seen.alone and seen.own[0][0] == noted and kind in (RowKind.UNSURE, RowKind.RECORD):
            kind = RowKind.UNSURE if noted in part.content else RowKind.NOTE
        if kind is RowKind.NOTE or (kind is RowKind.UNSURE and is_note(seen.own[0][1])):
            noted = seen.own[0][0]
        elif kind is not RowKind.BLANK:
            noted = -1
        yield row, kind


def strays(part: Part, words: Words) -> list[int]:
    """Rows above the header that are filled like records: sorting took the header along."""
    above = replace(part, first=0, last=part.header.top)
    least = max(3, len(part.header.columns) / 2)
    return [
        row
        for row, kind in kinds(above, words)
        if kind is RowKind.RECORD and sum(1 for column, _ in _seen(part, row).own if column in part.content) >= least
    ]


def serial_number(text: str) -> int | None:
    """The number of a serial cell (3, 3., （3）), None for anything else."""
    digits = re.fullmatch(r"\D?(\d{1,6})\D?", squeeze(text))
    return int(digits[1]) if digits else None


def _seen(part: Part, row: int) -> Seen:
    filled = [(column, text) for column, text in enumerate(part.grid.rows[row]) if text and not text.isspace()]
    known = part.known
    left = min(known, default=0)
    if filled and filled[0][0] == left == part.serial:
        ordered = filled
    else:
        ordered = sorted(filled, key=lambda cell: cell[0] >= left and cell[0] != part.serial)
    own = tuple([cell for number, cell in enumerate(ordered) if number == 0 or cell[0] in known])
    if row not in part.merged:
        return Seen(row, own, tuple(filled), 0)
    above = {at for column in part.content if (at := part.covered.get((row, column))) and at[0] < row}
    return Seen(
        row, own, tuple(filled), sum(1 for at in above if at[0] >= part.first and part.grid.rows[at[0]][at[1]].strip())
    )


def _kind(part: Part, seen: Seen, words: Words) -> RowKind:
    if not seen.own:
        return RowKind.BLANK
    if _is_header(part, seen):
        return RowKind.HEADER
    if not seen.inherited and any(_is_facts(part, cells, words) for cells in (seen.own, seen.filled)):
        return RowKind.FACTS
    aside = _aside(part, seen, words)
    if aside is not None:
        return aside
    if not any(column in part.content for column, _ in seen.own):
        return _without_content(part, seen)
    serial = dict(seen.own).get(part.serial, "")
    only_dashes = not seen.inherited and all(text.strip() in _DASHES for _, text in seen.own)
    return RowKind.UNSURE if only_dashes or _is_sample_mark(serial) else RowKind.RECORD


def _is_sample_mark(serial: str) -> bool:
    return squeeze(serial).strip("()[]【】:：0123456789") in SAMPLE_WORDS


def _is_header(part: Part, seen: Seen) -> bool:
    """Words of the header again, its columns numbered (1 2 3 …), or bracketed remarks right below it."""
    if _repeats(seen, part.header.leaves):
        return True
    numbers = list(takewhile(lambda number: number is not None, _numbers(part, seen)))
    inside = sum(1 for column, _ in seen.own if column in part.known)
    if len(set(numbers)) == len(numbers) == inside >= max(3, len(part.header.columns) / 2):
        return True
    below = seen.row == part.header.bottom and not part.header.elsewhere and len(seen.own) > 2
    return below and all(text.strip()[0] in "(（[【" and text.strip()[-1] in ")）]】" for _, text in seen.own)


def _repeats(seen: Seen, leaves: Sequence[str]) -> bool:
    """Whether more than half of the cells, and more than one, say what the header says in their column."""
    others = len(seen.own) - max(1, len(seen.own) / 2)
    for column, text in seen.own:
        word = key(text) if may_be(text, len(leaves[column])) else ""
        if not word or word != leaves[column]:
            others -= 1
            if others <= 0:
                break
    return others > 0


def _numbers(part: Part, seen: Seen) -> Iterator[int | None]:
    return (serial_number(text) for column, text in seen.own if column in part.known)


def _is_facts(part: Part, cells: tuple[tuple[int, str], ...], words: Words) -> bool:
    """Facts of the header block or signatures, with their labels in front or in a cell of their own."""
    first, text = cells[0]
    if (first == part.serial and _SERIAL.fullmatch(squeeze(text))) or text.strip() in words.choices:
        return False
    labels = words.fields.keys() | COMMON_LABELS
    label = False
    for _, cell in cells:
        if key(cell) in labels:
            label = True
        elif label or _opens_with_label(cell, words):
            label = False
        else:
            return False
    return any(key(cell) in words.fields or _opens_with_label(cell, words) for _, cell in cells)


def _opens_with_label(text: str, words: Words) -> bool:
    line = text.strip()
    inline = inline_labels(line.partition("\n")[0], words.fields)
    if inline and inline[0][0] == 0 and (len(inline) > 1 or len(squeeze(line[inline[0][1] :])) <= FACT):
        return True
    signature = _SIGNATURE.fullmatch(line)
    return signature is not None and len(squeeze(signature["value"])) <= SHORT


def _aside(part: Part, seen: Seen, words: Words) -> RowKind | None:
    """Notes, totals, sections and titles; UNSURE where a record could look the same."""
    column, text = seen.own[0]
    wide = part.grid.spans.get((seen.row, column), (1, 1))[1] * 2 > len(part.grid.rows[seen.row]) > 2
    if seen.alone and is_note(text):
        return RowKind.NOTE if wide or column not in part.content else RowKind.UNSURE
    if seen.alone and wide:
        return RowKind.LINE
    if seen.alone and any(title in squeeze(text) for title in words.titles):
        return RowKind.UNSURE if column in part.content else RowKind.LINE
    if is_note(text) and len(seen.own) == 2 and not seen.inherited:
        return RowKind.UNSURE
    if _opens_with_total(text):
        return _total(part, seen)
    if seen.alone and column in part.content and _SECTION.match(squeeze(text)):
        return RowKind.UNSURE
    if any(("计" in cell or "均" in cell) and _is_total(cell) for _, cell in seen.own):  # a total word has one of them
        return RowKind.UNSURE
    parted = len(seen.own) == 2 and not seen.inherited and _CHINESE_NUMBER.fullmatch(squeeze(text))
    return RowKind.UNSURE if parted else None


def _opens_with_total(text: str) -> bool:
    return key(text).startswith(TOTAL_WORDS)


def _is_total(text: str) -> bool:
    return _TOTAL.fullmatch(key(text)) is not None


def _total(part: Part, seen: Seen) -> RowKind | None:
    """A total has figures beside it; a record that begins with 累计 … has sentences."""
    (column, text), *rest = seen.own
    exact = _is_total(text)
    figures = all(len(squeeze(cell)) <= FIGURE or _counts(cell) for _, cell in rest)
    if column not in part.content:
        return RowKind.TOTAL if (exact or len(seen.own) <= 3) and figures else RowKind.UNSURE
    if exact:
        return RowKind.TOTAL if figures and len(rest) <= 2 else RowKind.UNSURE
    return RowKind.UNSURE if len(seen.own) <= 3 and not seen.inherited else None


def _counts(text: str) -> bool:
    return re.match(r"[共计合总]{0,3}\d", squeeze(text)) is not None


def _without_content(part: Part, seen: Seen) -> RowKind:
    """Only a serial number, a section line in the serial column, or content in columns that are none of ours."""
    serial = squeeze(dict(seen.own).get(part.serial, ""))
    if not serial or _SERIAL.fullmatch(serial) or _is_sample_mark(serial):
        return RowKind.BLANK
    if _SECTION.match(serial) or _HEADING.fullmatch(serial):
        return RowKind.LINE
    return RowKind.UNSURE
