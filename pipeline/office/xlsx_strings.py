"""Shared strings of a workbook: rich text joined, phonetic guides left out, escapes undone."""

from __future__ import annotations

import re

from pipeline.office.xml_events import run_events

_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")


def read_strings(xml: bytes) -> list[str]:
    """The strings in order. Raises Unreadable: forbidden_xml or corrupt."""
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
