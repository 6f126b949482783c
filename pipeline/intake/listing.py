"""What lies in the inbox: ordinary files to take, and what is left lying with the reason.

The listing is the only truth about the inbox; events merely make someone look sooner. Links are never followed,
nothing but ordinary files is ever opened. Does not decide whether a file is complete (settle.py, claim.py).
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import filenames
from pipeline.errors import StoreError
from pipeline.intake.settle import Look
from pipeline.workspace import FEEDBACK, NOTICES, OFFICE, REFUSED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

BATCH = 32
_OWN_FOLDERS = frozenset({OFFICE, FEEDBACK, NOTICES, "责任书", "汇总", "报告"})


@dataclass(frozen=True, slots=True)
class Seen:
    """An ordinary file: where it is below the inbox (path parts as on disk), how it looked, whose it is."""

    path: Path
    relative: Path
    unit: str
    look: Look


@dataclass(frozen=True, slots=True)
class Left:
    """Something that is not taken; `reason` is a word of wording.LEFT."""

    relative: str
    reason: str


@dataclass(frozen=True, slots=True)
class Listing:
    """One look at the whole inbox, in the order of units and names; the office's own files first."""

    files: tuple[Seen, ...]
    left: tuple[Left, ...]


def list_inbox(inbox: Path) -> Listing:
    """Look at every entry below the inbox; StoreError when it cannot be listed (share down is not share empty)."""
    files: list[Seen] = []
    left: list[Left] = []
    try:
        for item in _walk(inbox, Path()):
            (files if isinstance(item, Seen) else left).append(item)  # type: ignore[arg-type]
    except OSError as error:
        raise StoreError(
            f"收件箱打不开（{error.strerror or error}）。请检查共享盘是否已连接、是否有读取权限。"
        ) from error
    files.sort(key=lambda seen: (seen.unit != "", os.fsencode(seen.relative)))
    return Listing(tuple(files), tuple(left))


def batches(files: Sequence[Seen]) -> Iterator[Sequence[Seen]]:
    """The office's own files first (a new roster counts for everything after it), then the units'."""
    office = [seen for seen in files if not seen.unit]
    units = [seen for seen in files if seen.unit]
    for group in (office, units):
        for start in range(0, len(group), BATCH):
            yield group[start : start + BATCH]


def _walk(folder: Path, relative: Path) -> Iterator[Seen | Left]:
    with os.scandir(folder) as entries:
        listed = sorted(entries, key=lambda entry: os.fsencode(entry.name))
    for entry in listed:
        if entry.name == REFUSED or filenames.is_debris(entry.name):
            continue
        try:
            yield from _entry(entry, relative / entry.name)
        except FileNotFoundError:
            continue  # gone since the listing
        except PermissionError:
            yield Left(_text(relative / entry.name), "denied")


def _entry(entry: os.DirEntry[str], relative: Path) -> Iterator[Seen | Left]:
    found = entry.stat(follow_symlinks=False)
    if entry.is_symlink() or _is_junction(entry):
        yield Left(_text(relative), "link")
    elif stat.S_ISDIR(found.st_mode):
        if filenames.is_clean(entry.name) and not (len(relative.parts) == 1 and entry.name in _OWN_FOLDERS):
            yield from _walk(Path(entry.path), relative)
        else:
            yield Left(_text(relative), "folder_name")
    elif not stat.S_ISREG(found.st_mode):
        yield Left(_text(relative), "special")
    elif found.st_nlink > 1:
        yield Left(_text(relative), "hardlink")
    else:
        unit = relative.parts[0] if len(relative.parts) > 1 else ""
        yield Seen(Path(entry.path), relative, unit, Look.of(found))


def _is_junction(entry: os.DirEntry[str]) -> bool:
    check = getattr(entry, "is_junction", None)  # Python 3.12, Windows
    return bool(check and check())


def _text(relative: Path) -> str:
    return "/".join(filenames.shown(part) for part in relative.parts)
