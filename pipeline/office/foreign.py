"""Formats of other times and other programs (.doc, .wps, .rtf, .odt, .ods), through LibreOffice into today's.

Told by content, never by name. Every file passes a gate that takes out what reaches elsewhere, then LibreOffice in a
process of its own behind walls; what it makes is opened by the safe door like any file that came in. Its exit status
is not believed. The last results are kept, since a file is read first and marked a moment later.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.errors import Unreadable
from pipeline.model import Finding, Place, Severity
from pipeline.office.doc_gate import cleaned_doc, is_word
from pipeline.office.odf_gate import cleaned_odf, odf_kind
from pipeline.office.package import open_package
from pipeline.office.rtf_gate import cleaned_rtf
from pipeline.office.sniff import OLE, RTF
from pipeline.office.soffice import convert, find_office
from pipeline.office.xlsx_mark import can_be_marked

if TYPE_CHECKING:
    from pipeline.settings import Limits

TARGETS = {"doc": "docx", "rtf": "docx", "odt": "docx", "ods": "xlsx"}
"""What each format becomes."""

_SHARE = 0.75
"""Of the time for one file, so that the rest is left for reading it."""

_KEPT_FILES, _KEPT_BYTES = 16, 1024 * 1024
"""How many results are kept, and of files of what size."""

_WHOLE_FILE = Place("file", "整个文件")


@dataclass(frozen=True, slots=True)
class Modern:
    """A file in today's format, and what is to be said about the way it took."""

    data: bytes
    findings: tuple[Finding, ...]


def format_of(data: bytes) -> str:
    """doc, rtf, odt or ods; "" for everything that LibreOffice is not needed for."""
    if data.startswith(RTF):
        return "rtf"
    if data.startswith(OLE):
        return "doc" if is_word(data) else ""
    return odf_kind(data)


def current(data: bytes, limits: Limits) -> bytes:
    """The file in today's format: itself when it is, or was never, another. Raises Unreadable as `modernised`."""
    modern = modernised(data, limits)
    return modern.data if modern else data


def modernised(data: bytes, limits: Limits) -> Modern | None:
    """The file in today's format, None when it needs no conversion.

    Raises Unreadable: old_format (no LibreOffice, no result, too late), encrypted, too_large, corrupt and what
    `open_package` raises.
    """
    if not format_of(data):
        return None
    return _kept(data, limits) if len(data) <= _KEPT_BYTES else _modernised(data, limits)


@lru_cache(maxsize=_KEPT_FILES)
def _kept(data: bytes, limits: Limits) -> Modern:
    return _modernised(data, limits)


def _modernised(data: bytes, limits: Limits) -> Modern:
    if len(data) > limits.file_bytes:
        raise Unreadable("too_large", reason="file", limit=str(limits.file_bytes), found=str(len(data)))
    kind, office = format_of(data), find_office()
    if office is None:
        raise Unreadable("old_format", format=kind)
    clean, codes = _cleaned(data, kind, limits)
    name, target = f"file.{kind}", TARGETS[kind]
    made = convert(office, {name: clean}, target, seconds=limits.seconds * _SHARE)
    if name not in made.files:
        raise Unreadable("old_format", reason="late" if made.late else "failed", format=kind)
    if open_package(made.files[name], limits).kind != target:
        raise Unreadable("old_format", reason="failed", format=kind)
    copy = target if target == "docx" or can_be_marked(made.files[name], limits) else ""
    facts = {"from": kind, "to": target, "copy": copy}
    converted = Finding("converted", Severity.HINT, place=_WHOLE_FILE, facts=facts)
    others = (Finding(code, Severity.HINT, place=_WHOLE_FILE) for code in sorted(codes))
    return Modern(made.files[name], (converted, *others))


def _cleaned(data: bytes, kind: str, limits: Limits) -> tuple[bytes, frozenset[str]]:
    if kind == "doc":
        return cleaned_doc(data)
    return cleaned_rtf(data) if kind == "rtf" else cleaned_odf(data, limits)
