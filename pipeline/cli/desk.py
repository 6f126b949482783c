"""What `check` works with: library, settings and roster of the workspace, or the shipped defaults outside one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pipeline.examine import Desk
from pipeline.office.library import default_templates, load_library
from pipeline.settings import Settings
from pipeline.values import Roster
from pipeline.workspace import Workspace


def desk_for(root: Path, today: date) -> Desk:
    """The workspace's own desk, or the shipped templates and the defaults of the year of `today`."""
    if not is_workspace(root):
        return Desk(load_library(default_templates()), Settings.default(today.year), Roster.from_rows([]))
    from pipeline import flow

    return flow.desk(Workspace.open(root), today=today)


def is_workspace(root: Path) -> bool:
    """A folder made by `init` or `demo`: it has a pipeline.toml."""
    return Workspace(root).settings.is_file()


def folder_of(file: Path, root: Path) -> str:
    """The unit's folder of the workspace's inbox in which the file lies, "" anywhere else."""
    inbox = Workspace(root).inbox.resolve()
    path = file.resolve()
    if not is_workspace(root) or not path.is_relative_to(inbox) or path.parent == inbox:
        return ""
    return path.relative_to(inbox).parts[0]
