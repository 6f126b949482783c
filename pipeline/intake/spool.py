"""The private snapshot: copied and hashed from one open file, which must be the same before and after."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from pipeline.intake.lease import has_writer
from pipeline.intake.settle import Look
from pipeline.store import durable

if TYPE_CHECKING:
    from pathlib import Path

_READ = (
    os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)  # fmt: skip
_CHUNK = 1 << 20


class Unsettled(Exception):  # noqa: N818 - a state, not a mistake
    """The file changed while it was being copied."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A copy of ours: where, what, how many bytes."""

    path: Path
    sha256: str
    size: int


def snapshot(source: Path, target: Path, folders: durable.Folders) -> Snapshot:
    """Copy a file whole into the spool; Unsettled when somebody wrote to it meanwhile.

    The file is read twice: the kernel's clock ticks every few milliseconds, and a change within a tick leaves no
    trace in the times. A writer that merely pauses looks finished, so none may have the file open.
    """
    part = target.with_name(f"{target.name}.part")
    handle = os.open(source, _READ)
    with os.fdopen(handle, "rb") as original, durable.create(part) as copy:
        before = os.fstat(handle)
        if not stat.S_ISREG(before.st_mode):
            raise Unsettled
        sha256 = _drain(original, copy)
        busy = has_writer(handle)  # between the readings: who wrote during the first is gone before the second, or seen
        original.seek(0)
        again = _drain(original, None)
        after = os.fstat(handle)
        if busy or sha256 != again or Look.of(before) != Look.of(after) or copy.tell() != after.st_size:
            raise Unsettled
        copy.flush()
        os.fsync(copy.fileno())
    os.utime(part, ns=(after.st_atime_ns, after.st_mtime_ns))
    part.replace(target)
    folders.changed(target.parent)
    return Snapshot(target, sha256, after.st_size)


def _drain(source: BinaryIO, copy: BinaryIO | None) -> str:
    """Read to the end, writing along; the SHA-256 of what was read."""
    digest = hashlib.sha256()
    while chunk := source.read(_CHUNK):
        digest.update(chunk)
        if copy is not None:
            copy.write(chunk)
    return digest.hexdigest()


def digest_of(path: Path) -> str:
    """SHA-256 of a file, which is not followed if it is a link."""
    with os.fdopen(os.open(path, _READ), "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sweep(spool: Path) -> None:
    """Remove what interrupted copies left behind."""
    for part in spool.glob("*.part"):
        part.unlink(missing_ok=True)
