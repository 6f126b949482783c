"""The one place that puts files where others see them: whole or not at all, and still there after a power cut.

A file is written under a temporary name in its destination folder, synced and renamed; then the folder is synced
(once per batch: `Folders`). An existing file is never replaced: names carry the arrival's reference, so one that is
there was written whole by an earlier attempt. Does not decide what is written or where.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO, Self

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


class Folders:
    """Folders whose entries changed; leaving the block syncs each of them once, the deepest first."""

    def __init__(self) -> None:
        self._changed: set[Path] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.sync()

    def changed(self, folder: Path) -> None:
        """Remember a folder to sync."""
        self._changed.add(folder)

    def make(self, folder: Path, *, below: Path) -> None:
        """Make a folder and its missing parents; `below` must exist already and is never made."""
        if folder == below or folder.is_dir():
            return
        self.make(folder.parent, below=below)
        folder.mkdir(exist_ok=True)
        self.changed(folder.parent)

    def sync(self) -> None:
        """Make the renames in all remembered folders durable."""
        for folder in sorted(self._changed, key=lambda path: -len(path.parts)):
            with suppress(FileNotFoundError):  # removed by somebody since, with all that was in it
                sync_folder(folder)
        self._changed.clear()


def sync_folder(folder: Path) -> None:
    """Make the entries of a folder durable; Windows has no such call and needs none."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def create(path: Path) -> BinaryIO:
    """A new file for writing that follows no link; what an interrupted attempt left at that name goes first."""
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, _NEW, 0o666), "wb")


def publish(data: bytes, target: Path, folders: Folders) -> bool:
    """Write a file whole. One that is there already stays as it is (False)."""
    if os.path.lexists(target):
        return False
    temporary = _temporary(target)
    with create(temporary) as stream:
        stream.write(data)
        _flush(stream)
    temporary.rename(target)
    folders.changed(target.parent)
    return True


def publish_copy(source: Path, target: Path, folders: Folders) -> None:
    """Like `publish`, from a file of ours."""
    if os.path.lexists(target):
        return
    temporary = _temporary(target)
    with source.open("rb") as original, create(temporary) as stream:
        shutil.copyfileobj(original, stream, 1 << 20)
        _flush(stream)
    temporary.rename(target)
    folders.changed(target.parent)


def publish_move(source: Path, target: Path, folders: Folders) -> None:
    """Move a synced file of ours to its last place; between two file systems it is copied first."""
    if os.path.lexists(target):
        source.unlink(missing_ok=True)
        return
    try:
        source.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        publish_copy(source, target, folders)
        folders.sync()
        source.unlink()
    folders.changed(target.parent)


def append(path: Path, data: bytes) -> None:
    """Add whole lines to a file and sync it; a torn last line of an interrupted attempt is cut off first."""
    fresh = not path.exists()
    with path.open("ab+") as stream:
        keep = _whole_lines(stream)
        if keep != stream.seek(0, os.SEEK_END):
            stream.truncate(keep)
        stream.write(data)
        _flush(stream)
    if fresh:
        sync_folder(path.parent)


def last_line(path: Path) -> bytes:
    """The last whole line of a file, b"" when there is none."""
    if not path.exists():
        return b""
    with path.open("rb") as stream:
        end = _whole_lines(stream)
        size = min(end, 1 << 20)
        stream.seek(end - size)
        lines = stream.read(size).splitlines()
    return lines[-1] if lines else b""


def _whole_lines(stream: BinaryIO) -> int:
    """How many bytes up to and with the last line feed."""
    end = stream.seek(0, os.SEEK_END)
    while end:
        start = max(0, end - 65536)
        stream.seek(start)
        found = stream.read(end - start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0


def _temporary(target: Path) -> Path:
    # short and fixed per target: 255 bytes is the limit of a name, and the next attempt replaces what this one left
    mark = hashlib.sha256(os.fsencode(target.name)).hexdigest()[:16]
    return target.with_name(f".{mark}.tmp")


def _flush(stream: BinaryIO) -> None:
    stream.flush()
    os.fsync(stream.fileno())
