"""Take a file out of the inbox by one rename, so that of several takers one wins; find what was taken before.

A claimed file lies in `.pipeline/work/<instance>/<day>-<moment>-<id>/<unit>/<name>`: unit, name, day of arrival and
identity are in the path, so a crash before the first record loses nothing. Never copies (two file systems are
refused) and never takes a file that somebody has open for writing, where the system can tell.
"""

from __future__ import annotations

import errno
import os
import re
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import StoreError
from pipeline.intake.lease import is_open_for_writing
from pipeline.intake.listing import Left, Seen
from pipeline.store.durable import Folders

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.workspace import Workspace

INSTANCE = "local"
_FOLDER = re.compile(r"(\d{8})-(\d{8}T\d{6}Z)-([0-9a-f]{32})")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A file that is ours: `path` in the work folder, `relative` as it lay below the inbox."""

    id: str
    path: Path
    relative: Path
    received_at: datetime
    received_on: date

    @property
    def unit(self) -> str:
        """The folder it lay in; "" for the office itself."""
        return self.relative.parts[0] if len(self.relative.parts) > 1 else ""

    @property
    def home(self) -> Path:
        """The folder made for it alone."""
        return self.path.parents[len(self.relative.parts) - 1]


def claim(
    workspace: Workspace, files: Iterable[Seen], *, now: datetime, today: date
) -> tuple[list[Claimed], list[Left]]:
    """Take these files; those that are gone, busy or not ours to take are left."""
    claimed: list[Claimed] = []
    left: list[Left] = []
    base = workspace.work / INSTANCE
    with Folders() as folders:
        folders.make(base, below=workspace.root)
        for seen in files:
            taken = _take(seen, base, _identity(seen, now, today), folders)
            if isinstance(taken, Claimed):
                claimed.append(taken)
            elif taken:
                left.append(Left(seen.relative.as_posix(), taken))
    return claimed, left


def adopt(workspace: Workspace) -> list[Claimed]:
    """Everything that was claimed and not yet archived, in the order of arrival. Removes empty claim folders."""
    found = [item for home in _homes(workspace.work) for item in _claimed_in(home)]
    return sorted(found, key=lambda item: (item.received_at, item.relative.as_posix()))


def anew(item: Claimed, *, now: datetime, today: date) -> Claimed:
    """The same place under a new identity: the sender went on writing after our snapshot, so this is a new arrival."""
    home = item.home.with_name(_folder(now, today))
    item.home.rename(home)
    return next(_claimed_in(home))


def give_up(item: Claimed, folders: Folders) -> None:
    """Remove a claimed original whose bytes are safe in the archive, and its folders."""
    item.path.unlink(missing_ok=True)
    _remove_empty(item.home)
    folders.changed(item.home.parent)


def put_back(item: Claimed, inbox: Path, folders: Folders) -> None:
    """Back to where it lay; when that name is taken again it stays with us and is tried at the next look."""
    target = inbox / item.relative
    if os.path.lexists(target):
        return
    folders.make(target.parent, below=inbox)
    item.path.rename(target)
    folders.changed(target.parent)
    _remove_empty(item.home)


def arrival_day(seen: Seen, now: datetime, today: date) -> date:
    """The day a file came in: when it was put there, not when somebody looked.

    Its ctime (on Windows: its creation) tells that; a copy's own date does not. A simulated `today` counts as it is.
    """
    if today != now.astimezone().date():
        return today
    return min(today, datetime.fromtimestamp(seen.look.ctime_ns / 1e9, UTC).astimezone().date())


def _identity(seen: Seen, now: datetime, today: date) -> str:
    return _folder(now, arrival_day(seen, now, today))


def _folder(now: datetime, day: date) -> str:
    return f"{day:%Y%m%d}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{uuid.uuid4().hex}"


def _take(seen: Seen, base: Path, name: str, folders: Folders) -> Claimed | str:
    """The claimed file, a reason to leave it, or "" when somebody else took it."""
    home = base / name
    target = home / seen.relative
    try:
        if is_open_for_writing(seen.path):
            return "busy"
        folders.make(target.parent, below=base)
        seen.path.rename(target)
    except FileNotFoundError:
        _remove_empty(home)
        return ""
    except OSError as error:
        _remove_empty(home)
        if error.errno == errno.EXDEV:
            raise StoreError(
                "收件箱与 .pipeline/work 不在同一个磁盘上，不能安全地取走文件。请把工作文件夹整个放在同一磁盘。"
            ) from error
        if error.errno in (errno.ENOSPC, errno.EROFS, errno.EDQUOT, errno.EIO):
            raise
        return "denied" if isinstance(error, PermissionError) else "busy"
    folders.changed(target.parent)
    folders.changed(seen.path.parent)
    return next(_claimed_in(home))


def _homes(work: Path) -> Iterator[Path]:
    for instance in sorted(work.iterdir()):
        if instance.is_dir() and not instance.is_symlink():
            yield from sorted(instance.iterdir())


def _claimed_in(home: Path) -> Iterator[Claimed]:
    name = _FOLDER.fullmatch(home.name)
    if name is None:
        return
    files = [Path(folder) / file for folder, _, names in os.walk(home) for file in names]
    if not files:
        _remove_empty(home)
    for path in files[:1]:
        moment = datetime.strptime(name[2], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        day = date.fromisoformat(name[1])
        yield Claimed(name[3], path, path.relative_to(home), moment, day)


def _remove_empty(home: Path) -> None:
    for folder, _, _ in os.walk(home, topdown=False):
        Path(folder).rmdir()
