"""How much room a text takes in a cell, counted in half-width characters; a little too much rather than too little.

Real fonts are not measured: a server has other ones than the reader's machine.
"""

from __future__ import annotations

import unicodedata

_NOT_FIRST = "，。、；：？！）」』》〉】”’…%％"


def width(text: str) -> int:
    """Columns of a text: full-width characters count 2; so do those of uncertain width, as Chinese fonts draw them."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def lines_needed(text: str, columns: float) -> int:
    """Lines a text takes when it is wrapped at `columns`; at least 1. Line feeds in the text count."""
    return sum(_lines(line, max(columns, 2)) for line in text.split("\n"))


def _lines(line: str, columns: float) -> int:
    """Words of letters and digits stay whole, a closing mark takes its neighbour along to the next line."""
    lines, used = 1, 0
    for word in _words(line):
        size = width(word)
        if used and used + size > columns:
            lines, used = lines + 1, 0
        lines += int((size - 1) // columns) if size > columns else 0
        used = used + size if size <= columns else int((size - 1) % columns) + 1
    return lines


def _words(line: str) -> list[str]:
    words: list[str] = []
    for char in line:
        joins = words and (char in _NOT_FIRST or (_narrow(char) and _narrow(words[-1][-1])))
        if joins:
            words[-1] += char
        else:
            words.append(char)
    return words


def _narrow(char: str) -> bool:
    return char != " " and ord(char) < 0x2E80 and unicodedata.east_asian_width(char) not in "WFA"
