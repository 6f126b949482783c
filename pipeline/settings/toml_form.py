"""A TOML text as a frozen dataclass: the class says which keys there are, complaints are Chinese.

Answers for: the line of every mistake, types, allowed words, smallest and largest numbers, unknown keys with a
suggestion, all complaints at once.
Knowingly not: the meaning of a value (settings.py), rewriting a file, TOML's own grammar (tomllib).
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass
from datetime import date, datetime
from typing import Any, TypeVar, get_type_hints

Shape = TypeVar("Shape")
KeyPath = tuple[str, ...]

_HEADER = re.compile(r"\s*\[\[?\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*("[^"]*"|'[^']*'|[A-Za-z0-9_-]+)\s*=""")
_TYPES: Mapping[Any, tuple[type, str]] = {
    str: (str, "文字，要写在引号里"),
    int: (int, "整数，不加引号"),
    bool: (bool, "true（是）或 false（否），不加引号"),
    tuple[str, ...]: (list, '一组文字，如 ["甲", "乙"]'),
    tuple[date, ...]: (list, "一组日期，如 [2027-01-01, 2027-01-02]"),
}


class TomlError(ValueError):
    """Everything that is wrong with a text, one Chinese line each, beginning with 「第n行」."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = tuple(lines)


@dataclass
class TomlForm:
    """A parsed text together with what was found wrong in it so far."""

    text: str
    complaints: list[str] = field(default_factory=list)

    def table(self) -> dict[str, Any]:
        """The text as TOML. Raises TomlError at once on broken grammar: nothing after it can be trusted."""
        try:
            return tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            found = re.search(r"at line (\d+)", str(error))
            line = int(found[1]) if found else max(1, len(self.text.splitlines()))
            raise TomlError(
                [f"第{line}行：写法有误，请检查引号是否成对、是否用了中文引号、等号两边是否齐全。"]
            ) from error

    def fill(self, shape: type[Shape], table: Mapping[str, Any], path: KeyPath = ()) -> Shape:
        """One table as a value of `shape`; absent keys keep their defaults. Complaints are collected."""
        known = {item.name: item for item in fields(shape) if not item.metadata.get("inside")}  # type: ignore[arg-type]
        hints = get_type_hints(shape)
        given: dict[str, Any] = {}
        for key, raw in table.items():
            if key not in known:
                self._unknown(key, (*path, key), known)
            elif (value := self._value(known[key], hints[key], raw, (*path, key))) is not MISSING:
                given[key] = value
        return shape(**given)

    def complain(self, path: KeyPath, sentence: str) -> None:
        """Add a complaint about the key at `path`."""
        self.complaints.append(f"第{line_of(self.text, path)}行：{sentence}")

    def settle(self) -> None:
        """Raise TomlError if anything was found wrong."""
        if self.complaints:
            raise TomlError(sorted(self.complaints, key=_line_number))

    def _unknown(self, key: str, path: KeyPath, known: Mapping[str, Field[Any]]) -> None:
        near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
        advice = f"是不是想写“{near[0]}”？" if near else f"这里可以写：{'、'.join(known)}。"
        self.complain(path, f"不认识的设置项“{key}”。{advice}")

    def _value(self, item: Field[Any], hint: Any, raw: Any, path: KeyPath) -> Any:
        if is_dataclass(hint) and isinstance(hint, type):
            if isinstance(raw, dict):
                return self.fill(hint, raw, path)
            self.complain(path, f"“{item.name}”是一组设置，请写成 [{'.'.join(path)}] 一节。")
            return MISSING
        wanted, words = _TYPES[hint]
        if not isinstance(raw, wanted) or (wanted is int and isinstance(raw, bool)):
            self.complain(path, f"“{item.name}”应当是{words}。")
            return MISSING
        if wanted is list:
            return self._items(item, hint, raw, path)
        return raw if self._allowed(item, raw, path) else MISSING

    def _items(self, item: Field[Any], hint: Any, raw: Any, path: KeyPath) -> Any:
        inner = hint.__args__[0]
        wrong = [one for one in raw if not isinstance(one, inner) or isinstance(one, datetime)]
        if wrong:
            self.complain(path, f"“{item.name}”里的“{wrong[0]}”不对，应当是{_TYPES[hint][1]}。")
            return MISSING
        return tuple(raw)

    def _allowed(self, item: Field[Any], raw: Any, path: KeyPath) -> bool:
        choices, least, most = (item.metadata.get(name) for name in ("choices", "least", "most"))
        if choices and raw not in choices:
            self.complain(path, f"“{item.name}”写的是“{raw}”，只能写：{'、'.join(choices)}。")
            return False
        if least is not None and (raw < least or (most is not None and raw > most)):
            most_words = "" if most is None else f"，不大于 {most}"
            self.complain(path, f"“{item.name}”写的是 {raw}，应当不小于 {least}{most_words}。")
            return False
        return True


def line_of(text: str, path: KeyPath) -> int:
    """The line (from 1) where the key at `path` is written; the line of its section, or 1, when it is nowhere."""
    section: KeyPath = ()
    nearest = 1
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            section = tuple(part.strip().strip("\"'") for part in header[1].split("."))
            if section == path:
                return number
            if section == path[: len(section)]:
                nearest = number
        elif (key := _KEY.match(line)) and (*section, key[1].strip("\"'")) == path:
            return number
    return nearest


def _line_number(complaint: str) -> int:
    found = re.match(r"第(\d+)行", complaint)
    return int(found[1]) if found else 0
