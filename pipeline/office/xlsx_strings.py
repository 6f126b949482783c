"""Shared strings of a workbook: rich text joined, phonetic guides left out, escapes undone.

Strings in their plain spelling (one text, no formatting) are cut out of the part without a parser; what stands between
them goes through the parser piece by piece, and the whole part does wherever cutting could be wrong.
"""

from __future__ import annotations

import re

from pipeline.errors import Unreadable
from pipeline.office.xml_events import is_plain, run_events

_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_HEAD = re.compile(
    r'\ufeff?(?:<\?xml version="1\.0"(?: encoding="(?:UTF|utf)-8")?(?: standalone="(?:yes|no)")? ?\?>\s*)?'
    r"<sst(?: [^<>]*[^<>/])?>"
)
_TAIL = "</sst>"
_PLAIN = re.compile(r'<si><t(?: xml:space="preserve")?>([^<&]*)</t></si>')


def read_strings(xml: bytes) -> list[str]:
    """The strings in order. Raises Unreadable: forbidden_xml or corrupt."""
    try:
        strings = _plainly(xml.decode()) if is_plain(xml) else None
    except (UnicodeDecodeError, Unreadable):
        strings = None
    return _strictly(xml) if strings is None else strings


def _plainly(text: str) -> list[str] | None:
    """The strings; None where cutting could be wrong. Raises Unreadable for a flaw in a piece."""
    head = _HEAD.match(text)
    end = len(text.rstrip()) - len(_TAIL)
    if head is None or not text.startswith(_TAIL, end) or end < head.end():
        return None
    if text.find("<?", head.end()) >= 0:
        return None
    _strictly((head[0] + _TAIL).encode())
    parts = _PLAIN.split(text[head.end() : end])
    strings = parts[1::2]
    if "_x" in text:
        strings = [clean(one) if "_x" in one else one for one in strings]
    between = parts[::2]
    if not any(between):
        return strings
    whole: list[str] = []
    for number, piece in enumerate(between):
        if piece and not piece.isspace():
            whole += _strictly(f"<sst>{piece}</sst>".encode())
        whole += strings[number : number + 1]
    return whole


def _strictly(xml: bytes) -> list[str]:
    reading = _Reading()
    run_events(xml, reading.start, reading.end, reading.data)
    return reading.strings


class _Reading:
    """Gathers one string after the other; `data` is the bare append of a list, as it is called most."""

    __slots__ = ("_buffer", "_clear", "_muted", "_pieces", "data", "strings")

    def __init__(self) -> None:
        self.strings: list[str] = []
        self._buffer: list[str] = []
        self._pieces: list[str] = []
        self._muted = False
        self._clear = self._buffer.clear
        self.data = self._buffer.append

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        """A start tag."""
        if name == "t":
            self._clear()
        elif name == "rPh":
            self._muted = True

    def end(self, name: str) -> None:
        """An end tag."""
        if name == "t":
            if not self._muted:
                self._pieces.extend(self._buffer)
        elif name == "si":
            pieces = self._pieces
            text = pieces[0] if len(pieces) == 1 else "".join(pieces)
            self.strings.append(clean(text) if "_x" in text or "\r" in text else text)
            pieces.clear()
        elif name == "rPh":
            self._muted = False


def clean(text: str) -> str:
    """Excel's escapes (_x000D_) undone, line ends as line feeds."""
    return _ESCAPE.sub(_character, text).replace("\r\n", "\n").replace("\r", "\n")


def _character(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return found[0] if 0xD800 <= code < 0xE000 else chr(code)
