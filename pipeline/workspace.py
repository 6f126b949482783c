"""Where things are: the shared folders of contract.md and the local state in `.pipeline/`.

Does not read settings or templates, and never makes a root that is not there: a share that is down must look like an
error, not like an empty inbox.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable

FEEDBACK, NOTICES, OFFICE, REFUSED, ORIGINALS = "反馈", "通知", "待办", "未受理", "原件"


@dataclass(frozen=True, slots=True)
class Workspace:
    """The paths of one workspace. `Workspace(root)` only names them; `create` and `open` touch the disk."""

    root: Path

    @property
    def inbox(self) -> Path:
        """What units hand in: one folder per unit, the office's own files directly in it."""
        return self.root / "inbox"

    @property
    def outbox(self) -> Path:
        """What units and the office get back; can be written again from the registry."""
        return self.root / "outbox"

    @property
    def archive(self) -> Path:
        """Originals and journal by year, for ever."""
        return self.root / "archive"

    @property
    def templates(self) -> Path:
        """The document types of this office."""
        return self.root / "templates"

    @property
    def settings(self) -> Path:
        """pipeline.toml."""
        return self.root / "pipeline.toml"

    @property
    def local(self) -> Path:
        """State of this machine, readable by the program only; never on a network drive."""
        return self.root / ".pipeline"

    @property
    def database(self) -> Path:
        """The registry."""
        return self.local / "registry.sqlite3"

    @property
    def work(self) -> Path:
        """Claimed files; on the file system of the inbox so that a rename can claim."""
        return self.local / "work"

    @property
    def spool(self) -> Path:
        """Private snapshots, the only bytes that workers ever see."""
        return self.local / "spool"

    @property
    def log(self) -> Path:
        """Logs without personal data."""
        return self.local / "log"

    @property
    def lock(self) -> Path:
        """Held by the one process that works here."""
        return self.local / "lock"

    def journal(self, year: int) -> Path:
        """The hash-chained journal of a year."""
        return self.archive / str(year) / "journal.jsonl"

    def relative(self, path: Path) -> str:
        """A path as people and the registry see it: below the root, with slashes."""
        return path.relative_to(self.root).as_posix()

    @classmethod
    def create(
        cls, root: Path, *, templates: Path | None = None, settings: str = "", units: Iterable[str] = ()
    ) -> Workspace:
        """A new workspace, or the missing parts of an existing one; nothing that is there is overwritten.

        `templates` is copied when the workspace has none, `settings` is the text of a new pipeline.toml, `units` get
        their inbox folders. StoreError when the folder cannot be written.
        """
        workspace = cls(Path(root).absolute())
        try:
            for folder in (workspace.inbox, workspace.outbox / OFFICE, workspace.archive):
                folder.mkdir(parents=True, exist_ok=True)
            for unit in units:
                (workspace.inbox / unit).mkdir(exist_ok=True)
            if templates is not None and not workspace.templates.exists():
                shutil.copytree(templates, workspace.templates)
            if settings and not workspace.settings.exists():
                workspace.settings.write_text(settings, encoding="utf-8", newline="\n")
            workspace.prepare()
        except OSError as error:
            raise StoreError(f"无法建立工作文件夹 {root}：{error.strerror or error}。请检查路径和写入权限。") from error
        return workspace

    @classmethod
    def open(cls, root: Path) -> Workspace:
        """An existing workspace (it has an inbox folder); StoreError otherwise. Changes nothing."""
        workspace = cls(Path(root).absolute())
        if not workspace.inbox.is_dir():
            raise StoreError(
                f"{root} 里没有 inbox 文件夹，不是工作文件夹。请先运行 pipeline init，或检查共享盘是否已连接。"
            )
        return workspace

    def prepare(self) -> None:
        """Make the local state folders, private to this user."""
        for folder in (self.local, self.work, self.spool, self.log):
            folder.mkdir(mode=0o700, exist_ok=True)
