"""One section of a spec.toml ([[fields]], [[checks]] … or the top): values by kind, complaints with their line.

Says what is wrong in Chinese with an example; never stops at the first mistake. What the values mean together is
`specfile`'s business.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TypeVar, cast

from pipeline.forms.spectext import ENGLISH, SpecText

T = TypeVar("T")


@dataclass(slots=True)
class Complaints:
    """All complaints about one file, kept by line."""

    text: SpecText
    source: str
    found: list[tuple[int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.found = [(slip.line, slip.text) for slip in self.text.slips]

    def add(self, line: int, text: str) -> None:
        """A line that is mistyped gets no second complaint: the others follow from the slip."""
        if all(slip.line != line for slip in self.text.slips):
            self.found.append((line, text))

    def lines(self) -> tuple[str, ...]:
        """The complaints as sentences that name file and line, in the order of the file."""
        return tuple(dict.fromkeys(f"{self.source} 第{line}行：{text}" for line, text in sorted(self.found)))


@dataclass(frozen=True, slots=True)
class Block:
    """A section's data, and where it stands: `table` "" is the top of the file."""

    complaints: Complaints
    table: str
    index: int
    data: Mapping[str, object]

    def complain(self, key: str, text: str, value: str = "") -> None:
        """Names the line of a value, of its key, or of the section."""
        self.complaints.add(self.complaints.text.line_of(self.table, self.index, key, value), text)

    def string(self, key: str) -> str:
        """A text, "" when absent."""
        return self.typed(key, "", f'要写成一段文字，例如：{key} = "…"')

    def strings(self, key: str) -> tuple[str, ...]:
        """A list of texts, none of them empty; () when absent."""
        advice = f'要写成方括号里的几段文字，例如：{key} = ["…", "…"]'
        value: list[object] = self.typed(key, [], advice)
        if not all(isinstance(item, str) and item.strip() for item in value):
            self.complain(key, f"{key} 里每一项都要是不空的文字，{advice}")
            return ()
        return tuple(cast("list[str]", value))

    def typed(self, key: str, default: T, advice: str) -> T:
        """A value of the same type as its default."""
        value = self.data.get(key, default)
        if isinstance(value, type(default)):
            return value
        self.complain(key, f"{key} {advice}")
        return default

    def one_of(self, key: str, allowed: tuple[str, ...], default: str) -> str:
        """One of the allowed words."""
        value = self.data.get(key, default)
        if isinstance(value, str) and value in allowed:
            return value
        text = f"{key} 不能是「{value}」{near(str(value), allowed)}，只能是：{'、'.join(allowed)}"
        self.complain(key, f'{text}。例如：{key} = "{default}"')
        return default

    def only(self, known: tuple[str, ...]) -> None:
        """Complains about every key that means nothing here."""
        for key in self.data:
            if key not in known:
                meant = ENGLISH.get(key, "")
                hint = f"，是不是想写 {meant}" if meant in known else near(key, known)
                self.complain(key, f"不认识「{key}」{hint or '，这里能用的有：' + '、'.join(known)}")

    def tables(self, table: str) -> tuple[Block, ...]:
        """The [[table]] sections of the file; asked of the top block."""
        rows = self.data.get(table, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self.complain(table, f'{table} 要写成一段一段的 [[{table}]]，每段里写 name = "…"')
            return ()
        return tuple(Block(self.complaints, table, index, row) for index, row in enumerate(rows))

    def names(self, key: str, names: Iterable[str], known: tuple[str, ...]) -> None:
        """Complains about names that are no field of the type."""
        for name in names:
            if name not in known:
                self.complain(key, f"{key} 里的「{name}」不是本文种的字段{near(name, known)}", name)


def near(word: str, known: Iterable[str]) -> str:
    """「，是不是…」 with the closest known word, or nothing."""
    close = get_close_matches(word, tuple(known), 1)
    return f"，是不是想写 {close[0]}" if close else ""
