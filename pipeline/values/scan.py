"""Goes through a text once and collects the spans, and whatever else a caller reads, with the words between them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from pipeline.values.fold import squeeze
from pipeline.values.numerals import date_digits
from pipeline.values.points import Flaw, Years
from pipeline.values.spans import Span, read_span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pipeline.values.parsed import Context


class Piece(Protocol):
    """Anything read from a stretch of text."""

    @property
    def stop(self) -> int:
        """Where it ends."""


T = TypeVar("T", bound=Piece)
LONGEST = 400
"""Characters; a longer text is no date."""

_ONE_FOR_DASH = re.compile(r"(?<=[\d年月日号])一(?=\d)", re.ASCII)
_BROKEN = re.compile(
    r"(?<!\d)(?P<digits>\d{5,}(?=年)|\d{3,}(?=月)|(?:\d{4,7}|\d{9,})(?=[日号](?!内)))(?P<unit>.)", re.ASCII
)
_COUNTED = re.compile(
    r"\d+(?:\.\d+)?(?:%|(?:%|余|多)*(?:[项个人名次期份批轮家处件条场套台户篇类种章节班]|万|亿|元|课时|学时|公里|米|吨|以上|分(?!钟)))",
    re.ASCII,
)
_UNCERTAIN_WORDS = re.compile(
    r"第[一二三四五1-5]周|[上下本]个?[周月季]度?(?:[底末内前初中\d一二三四五六日]|$|[,;。、])|[当次]月|月[初中底末]"
    r"|[明次来翌]年|旬|年中|[上下]半月|(?<![上下])半年|[一二两三四五六七八九十]个?[月周年]内|^或|或者?$|待定|暂定|另行",
    re.MULTILINE,
)
_LATER = re.compile(
    r"[^,;。、\n]*?(?:前|后|之际|期间)(?![期往进述置列景沿端方所续勤备])|[^,;。、\n]{0,3}[日号]"
    r"|[A-Za-z半~-]|中(?![标央层])|[一二三四五六七八九十]{1,3}(?![次批轮项个])",
    re.ASCII,
)
_WHOLE_YEAR = re.compile(r"$|[,;。、()\n]|全年$|(?:全年|全部)?(?:完成|实现|达到|建成|形成|取得)")


@dataclass(frozen=True, slots=True)
class Scan(Generic[T]):
    """Items in order; rests[i] stands before items[i], the last one behind all."""

    text: str
    items: tuple[Span | T, ...]
    rests: tuple[str, ...]

    @property
    def unread(self) -> bool:
        """True if the words between the items may hold more of a date than was understood."""
        joined = "\n".join(self.rests)
        return bool(_UNCERTAIN_WORDS.search(joined)) or any(c in "0123456789" for c in _COUNTED.sub("", joined))

    @property
    def hangs(self) -> bool:
        """True if a month or year is followed by words that move it (2026年两会前, 6月主汛期后)."""
        return any(
            _moved(item, rest)
            for item, rest in zip(self.items, self.rests[1:], strict=True)
            if isinstance(item, Span) and not item.edge
        )


def _moved(span: Span, rest: str) -> bool:
    return bool(_LATER.match(rest)) or (span.precision == "year" and not _WHOLE_YEAR.match(rest))


def prepare(text: str) -> str:
    """The text as spans are read from it: folded, no spaces, Chinese numbers in dates as digits, 一 for - mended."""
    return _ONE_FOR_DASH.sub("-", date_digits(squeeze(text)))


def scan(text: str, context: Context, readers: Sequence[Callable[[str, int], T | None]] = ()) -> Scan[T]:
    """All items of a prepared text. `readers` come before spans at every position. Raises Flaw."""
    if len(text) > LONGEST:
        raise Flaw("ambiguous_date")
    if broken := _BROKEN.search(text):
        raise Flaw("invalid_date", _proposal(broken["digits"], broken["unit"]))
    items: list[Span | T] = []
    rests = [""]
    left: int | None = None
    pos = 0
    while pos < len(text):
        item = _item(text, pos, Years(left, context.implied_year), readers)
        if item is None:
            rests[-1] += text[pos]
            pos += 1
            continue
        items.append(item)
        rests.append("")
        pos = max(item.stop, pos + 1)
        left = item.year if isinstance(item, Span) else left
    return Scan(text, tuple(items), tuple(rests))


def _item(text: str, pos: int, years: Years, readers: Sequence[Callable[[str, int], T | None]]) -> Span | T | None:
    for reader in readers:
        if (item := reader(text, pos)) is not None:
            return item
    return read_span(text, pos, years)


def _proposal(digits: str, unit: str) -> str:
    """What a text that lost its 年 or 月 may have been (202605月 → 2026年5月), if there is only one answer."""
    year, rest = digits[:4], digits[4:]
    if unit == "月":
        return f"{year}年{int(rest)}月" if rest and len(rest) <= 2 and 1 <= int(rest) <= 12 else ""
    splits = {(int(rest[:i]), int(rest[i:])) for i in range(1, len(rest)) if len(rest[:i]) <= 2 and len(rest[i:]) <= 2}
    found = [(month, day) for month, day in splits if 1 <= month <= 12 and 1 <= day <= 31]
    return f"{year}年{found[0][0]}月{found[0][1]}日" if len(found) == 1 and unit in "日号" else ""
