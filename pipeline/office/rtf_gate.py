"""RTF before LibreOffice sees it: everything that could fetch something from elsewhere is cut out.

Fields stay only if they are of a kind known to be harmless; what a field shows stays in any case. Embedded and linked
objects, attached templates, mail-merge sources and linked pictures go. The text itself is not looked at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.errors import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(
    rb"\\bin(?P<raw>\d*)[ ]?|\\(?P<word>[A-Za-z]{1,64})(?P<number>-?\d{1,10})?[ ]?|\\'(?P<byte>[0-9A-Fa-f]{2})"
    rb"|\\(?P<symbol>.)|(?P<brace>[{}])|(?P<text>[^\\{}]+)|\\",
    re.DOTALL,
)
_CUT = {
    "template", "objdata", "nextfile", "filetbl", "mailmerge", "mmdatasource", "mmconnectstr", "mmconnectstrdata",
    "mmheadersource", "mmodso", "mmodsosrc", "mmodsoudldata", "datastore", "htmltag", "linkval",
}  # fmt: skip
_HARMLESS = {
    "FORMTEXT", "FORMCHECKBOX", "FORMDROPDOWN", "PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION", "DATE", "TIME",
    "CREATEDATE", "SAVEDATE", "PRINTDATE", "HYPERLINK", "REF", "PAGEREF", "NOTEREF", "TOC", "TC", "SEQ", "SYMBOL",
    "TITLE", "SUBJECT", "AUTHOR", "FILENAME", "EQ", "ADVANCE", "LISTNUM", "AUTONUM", "MERGEFIELD", "QUOTE", "IF", "=",
}  # fmt: skip
_FETCHING = re.compile("INCLUDE|IMPORT|DATABASE|LINK(?<!HYPERLINK)|PIBNAME|BLIPNAME")
_DEPTH = 1_000


@dataclass(slots=True)
class _Group:
    start: int
    destination: str = ""
    words: list[str] = field(default_factory=list)
    watched: bool = False
    cut: bool = False


def cleaned_rtf(data: bytes) -> tuple[bytes, frozenset[str]]:
    """The file without what reaches out, and {"external_parts"} when there was any. Raises Unreadable(corrupt)."""
    cuts = _outermost(_cuts(data))
    if not cuts:
        return data, frozenset()
    pieces, at = [], 0
    for start, end in cuts:
        pieces.append(data[at:start])
        at = end
    return b"".join((*pieces, data[at:])), frozenset({"external_parts"})


def _outermost(cuts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for cut in sorted(cuts):
        if not kept or cut[0] >= kept[-1][1]:
            kept.append(cut)
    return kept


def _cuts(data: bytes) -> list[tuple[int, int]]:
    """Where the groups are that have to go; an unfinished one goes to the end."""
    open_: list[_Group] = []
    cuts = []
    for at, end, piece in _pieces(data):
        if piece == "{":
            if len(open_) > _DEPTH:
                raise Unreadable("corrupt", reason="nesting")
            open_.append(_Group(at))
        elif piece == "}" and open_:
            group = open_.pop()
            if _must_go(group):
                cuts.append((group.start, end))
        elif open_:
            _take(piece, open_)
    cuts += [(group.start, len(data)) for group in open_ if _must_go(group)]
    return cuts


def _pieces(data: bytes) -> Iterator[tuple[int, int, str]]:
    """Start, end and piece: a brace, a control word with a backslash, or text."""
    at = 0
    while match := _TOKEN.match(data, at):
        start, at = at, match.end()
        if match["raw"] is not None:
            at += int(match["raw"] or 0)
        elif match["word"] is not None and match["word"] != b"u":
            yield start, at, "\\" + match["word"].decode().lower()
        elif match["brace"] is not None:
            yield start, at, match["brace"].decode()
        else:
            yield start, at, _text(match)


def _text(match: re.Match[bytes]) -> str:
    if match["word"] is not None:
        number = int(match["number"] or 0)
        return chr(number % 0x10000)
    if match["byte"] is not None:
        return chr(int(match["byte"], 16))
    return "\\*" if match["symbol"] == b"*" else (match["text"] or b"").decode("latin-1")


def _take(piece: str, open_: list[_Group]) -> None:
    """A control word names the group it opens; text belongs to the nearest group that is watched for its words."""
    group = open_[-1]
    if piece == "\\*":
        return
    if piece.startswith("\\"):
        if not group.destination:
            group.destination = piece[1:]
            group.watched = piece in ("\\fldinst", "\\sp")
        group.cut = group.cut or piece[1:] in _CUT
        return
    if watching := next((outer for outer in reversed(open_) if outer.watched), None):
        watching.words.append(piece)


def _must_go(group: _Group) -> bool:
    if group.cut:
        return True
    if not group.watched:
        return False
    said = "".join(group.words).replace("\r", "").replace("\n", "").upper()
    if _FETCHING.search(said.replace(" ", "")):
        return True
    first = said.split()[:1]
    return group.destination == "fldinst" and bool(first) and re.split(r"[^A-Z=]", first[0])[0] not in _HARMLESS
