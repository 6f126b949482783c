"""Shared strings of a workbook: rich text joined, phonetic guides left out, escapes undone."""

from __future__ import annotations

import re

from pipeline.office.xml_events import run_events

_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")


def read_strings(xml: bytes) -> list[str]:
    """The strings in order. Raises Unreadable: forbidden_xml or corrupt."""
    strings: list[str] = []
    text = Collector()

    def finish() -> None:
        strings.append(text.take())

    starts = {"si": text.clear, "t": text.begin, "rPh": text.mute}
    run_events(xml, starts, {"si": finish, "t": text.end, "rPh": text.unmute}, text.data)
    return strings


class Collector:
    """Gathers the pieces of one string; `data` is the bare append of a list, as it is called most."""

    __slots__ = ("_buffer", "_muted", "_pieces", "data")

    def __init__(self) -> None:
        self._buffer: list[str] = []
        self._pieces: list[str] = []
        self._muted = False
        self.data = self._buffer.append

    def clear(self, _attributes: dict[str, str]) -> None:
        """A new string starts."""
        self._pieces.clear()

    def begin(self, _attributes: dict[str, str]) -> None:
        """A new piece starts."""
        self._buffer.clear()

    def end(self) -> None:
        """The piece is complete."""
        if not self._muted:
            self._pieces.extend(self._buffer)

    def mute(self, _attributes: dict[str, str]) -> None:
        """A phonetic guide starts: its pieces do not count."""
        self._muted = True

    def unmute(self) -> None:
        """The phonetic guide is over."""
        self._muted = False

    def raw(self) -> str:
        """What has been gathered since `begin`, as it stands."""
        buffer = self._buffer
        return buffer[0] if len(buffer) == 1 else "".join(buffer)

    def take(self) -> str:
        """The string, cleaned."""
        pieces = self._pieces
        return clean(pieces[0] if len(pieces) == 1 else "".join(pieces))


def clean(text: str) -> str:
    """Excel's escapes (_x000D_) undone, line ends as line feeds."""
    if "_x" in text:
        text = _ESCAPE.sub(_character, text)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _character(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return found[0] if 0xD800 <= code < 0xE000 else chr(code)
