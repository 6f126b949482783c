"""A zip that somebody made of several files (压缩包): which documents are in it, and the bytes of each.

An Office file is a zip too; the two are told apart by what is inside, never by the name. Nothing is written to the
disk, and names are only ever shown. An archive in an archive is not opened; other kinds of archives are not known here.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline import filenames
from pipeline.errors import Unreadable
from pipeline.office.members import Member, list_entries, unpack
from pipeline.office.sniff import EMPTY_ZIP, ZIP

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipeline.settings import Limits

_OFFICE_PARTS = (
    "[content_types].xml", "_rels/.rels", "word/document.xml", "xl/workbook.xml", "ppt/presentation.xml",
    "mimetype", "meta-inf/manifest.xml", "ofd.xml", "index/document.iwa",
)  # fmt: skip
_MAC = "__MACOSX"


@dataclass(frozen=True, slots=True)
class Inside:
    """A document in an archive: number counted from 1, name as it is shown, SHA-256 ("" when it does not unpack)."""

    number: int
    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Archive:
    """What an archive holds. `skipped`: lock files, debris of systems and empty folders, none of them a document."""

    documents: tuple[Inside, ...]
    skipped: tuple[str, ...]


def list_archive(data: bytes, limits: Limits) -> Archive | None:
    """The documents in an archive in their order; None for anything that is not one, a damaged Office file included.

    Raises Unreadable: too_large (too many documents), corrupt (two of one name), archive_empty. A zip that the safe
    door refuses is None too: the reader of documents says why.
    """
    entries = _entries(data, limits)
    if entries is None:
        return None
    inside, skipped = _sorted(entries)
    if not inside:
        raise Unreadable("archive_empty", found=str(len(skipped)))
    if len(inside) > limits.documents:
        raise Unreadable("too_large", reason="documents", limit=str(limits.documents), found=str(len(inside)))
    digests = (_digest(data, member) for member in inside)
    numbered = enumerate(zip(_names(inside), digests, strict=True), 1)
    return Archive(tuple(Inside(number, name, sha256) for number, (name, sha256) in numbered), skipped)


def take_out(data: bytes, number: int, limits: Limits) -> bytes:
    """The bytes of the document with that number. Raises Unreadable like `list_archive`, or when it is damaged."""
    inside, _ = _sorted(_entries(data, limits) or ())
    if not 1 <= number <= len(inside):
        raise Unreadable("corrupt", reason="missing")
    return unpack(data, inside[number - 1])


def is_office(names: Iterable[str]) -> bool:
    """Whether a zip with these member names (in lower case) is one document, whole or damaged, and no archive."""
    return any(name in _OFFICE_PARTS for name in names)


def _entries(data: bytes, limits: Limits) -> list[Member] | None:
    if not data.startswith((ZIP, EMPTY_ZIP)) or len(data) > limits.file_bytes:
        return None
    try:
        entries = list_entries(data, limits)
    except Unreadable:
        return None  # the reader of documents says what is wrong with it
    return None if is_office([entry.name.lower() for entry in entries]) else entries


def _sorted(entries: Sequence[Member]) -> tuple[list[Member], tuple[str, ...]]:
    """Documents and, by name, what is none."""
    raws = sorted(entry.raw for entry in entries)
    following = dict(pairwise(raws))
    if any(first == second for first, second in following.items()):
        raise Unreadable("corrupt", reason="duplicate")
    files = [entry for entry in entries if not entry.name.endswith("/")]
    inside = [entry for entry in files if not _is_debris(_path(entry.raw))]
    skipped = [entry for entry in files if _is_debris(_path(entry.raw))]
    folders = (entry for entry in entries if entry.name.endswith("/"))
    skipped += [one for one in folders if not following.get(one.raw, b"").startswith(one.raw)]
    return inside, tuple(filenames.shown("/".join(_path(entry.raw)[-1:])) for entry in skipped)


def _path(raw: bytes) -> tuple[str, ...]:
    parts = filenames.text_of(raw).replace("\\", "/").split("/")
    return tuple(part for part in parts if part not in ("", ".", ".."))


def _is_debris(path: tuple[str, ...]) -> bool:
    return not path or _MAC in path[:-1] or filenames.is_debris(path[-1])


def _names(inside: Sequence[Member]) -> Iterator[str]:
    """The shown names, without folders unless two files share one: then the folders stand before it."""
    paths = [_path(member.raw) for member in inside]
    times = Counter(path[-1].casefold() for path in paths)
    for path in paths:
        name = path[-1] if times[path[-1].casefold()] == 1 else "_".join(path)
        stem, suffix = filenames.split(filenames.shown(name))
        yield filenames.built(stem, suffix)


def _digest(data: bytes, member: Member) -> str:
    try:
        return hashlib.sha256(unpack(data, member)).hexdigest()
    except Unreadable:
        return ""
