"""What `check` works with: templates, settings and roster of the workspace, or the shipped defaults outside one."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from pipeline.work.limits import Bounds
from pipeline.workspace import Workspace


def desk_for(root: Path, today: date) -> tuple[dict[str, Any], Bounds]:
    """What a worker is told (see `work/desk`) and allowed: the workspace's own, or the shipped defaults."""
    if not is_workspace(root):
        return {"templates": "", "settings": "", "year": today.year, "roster": {}}, Bounds()
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
