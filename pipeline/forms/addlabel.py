"""One more label for a field in the text of a spec.toml; every other character stays as the office wrote it.

What cannot be done without touching more than that is not done. Whether the label may be added is not asked here.
"""

from __future__ import annotations

import copy
import json
import re
import tomllib
from typing import Any

_HEAD = re.compile(r"\s*\[{1,2}\s*([A-Za-z_.]+)\s*\]{1,2}\s*(?:#.*)?$")
_LABELS = re.compile(r"^[ \t]*labels[ \t]*=[ \t]*\[", re.MULTILINE)
_NAME = re.compile(r"^[ \t]*name[ \t]*=.*$", re.MULTILINE)


def with_label(text: str, field: str, label: str) -> str | None:
    """The text with the label behind the field's others; None when its writing does not allow that."""
    data = tomllib.loads(text)
    spot = _table_of(data, field)
    if spot is None:
        return None
    start, stop = _block(text, *spot)
    changed = _changed(text[start:stop], field, json.dumps(label, ensure_ascii=False))
    after = text[:start] + changed + text[stop:]
    return after if _is_just_that(data, after, spot, label) else None


def _table_of(data: dict[str, Any], field: str) -> tuple[str, int] | None:
    for table in ("fields", "columns"):
        for index, one in enumerate(data.get(table, [])):
            if one.get("name") == field:
                return table, index
    return None


def _block(text: str, table: str, index: int) -> tuple[int, int]:
    """Begin and end of the n-th [[table]] in the text; the whole text when it is written in another way."""
    begins: list[int] = []
    end = len(text)
    at, open_one = 0, False
    for line in text.splitlines(keepends=True):
        head = _HEAD.match(line.rstrip("\r\n"))
        if head and open_one:
            end, open_one = at, False
        if head and head[1] == table:
            begins.append(at)
            if len(begins) == index + 1:
                open_one, end = True, len(text)
        at += len(line)
    return (begins[index], end) if index < len(begins) else (0, len(text))


def _changed(block: str, field: str, quoted: str) -> str:
    found = _LABELS.search(block)
    if found is None:
        name = _NAME.search(block)
        at = name.end() if name else 0
        ending = "\r\n" if "\r\n" in block else "\n"
        line = f"labels = [{json.dumps(field, ensure_ascii=False)}, {quoted}]"
        return f"{block[:at].rstrip(chr(13))}{ending}{line}{block[at:]}"
    close, last = _end_of_array(block, found.end())
    if close < 0:
        return block
    comma = "" if block[last] in ",[" else ","
    before, gap, after = block[: last + 1], block[last + 1 : close], block[close:]
    if "\n" not in gap:
        space = "" if block[last] == "[" else " "
        return f"{before}{comma}{space}{quoted}{after}"
    indent = re.search(r"\n([ \t]*)\S", block[found.end() :])
    ending = "\r\n" if "\r\n" in gap else "\n"
    line = f"{indent[1] if indent else '  '}{quoted},{ending}"
    keep = gap[: gap.rindex("\n") + 1]
    return f"{before}{comma}{keep}{line}{gap[len(keep) :]}{after}"


def _end_of_array(text: str, start: int) -> tuple[int, int]:
    """Where the array closes (-1: nowhere) and the last sign of its content; strings and comments are stepped over."""
    at, last = start, start - 1
    while at < len(text):
        char = text[at]
        if char == "]":
            return at, last
        if char == "#":
            at = text.find("\n", at) if "\n" in text[at:] else len(text)
            continue
        if char in "\"'":
            stop = _end_of_string(text, at)
            if stop < 0:
                break
            at = last = stop
        elif not char.isspace():
            last = at
        at += 1
    return -1, last


def _end_of_string(text: str, start: int) -> int:
    quote, at = text[start], start + 1
    while at < len(text):
        if text[at] == "\\" and quote == '"':
            at += 1
        elif text[at] == quote:
            return at
        at += 1
    return -1


def _is_just_that(data: dict[str, Any], after: str, spot: tuple[str, int], label: str) -> bool:
    table, index = spot
    wanted = copy.deepcopy(data)
    one = wanted[table][index]
    one["labels"] = [*one.get("labels", [one["name"]]), label]
    try:
        return tomllib.loads(after) == wanted
    except tomllib.TOMLDecodeError:
        return False
