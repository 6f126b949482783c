"""What a run and its workers are told: options, settings, and the JSON that an examiner is made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from pipeline.workspace import Workspace

EXAMINER = "pipeline.flow.clerk:clerk"


@dataclass(frozen=True, slots=True)
class Options:
    """How a run works. `settle`: seconds a file must stay unchanged. `wait`: seconds to wait for another run.

    `examiner` is the `module:factory` the workers use, `paths` are added to their module search path.
    """

    settle: float = 0.2
    wait: float = 10
    workers: int = 2
    examiner: str = EXAMINER
    paths: tuple[str, ...] = ()


def load_settings(workspace: Workspace, today: date) -> Settings:
    """pipeline.toml, or the shipped defaults where there is none. Raises SettingsError."""
    if workspace.settings.exists():
        return Settings.load(workspace.settings, year=today.year)
    return Settings.default(today.year)


def configuration(workspace: Workspace, today: date, roster: Mapping[str, Any]) -> dict[str, Any]:
    """What an examiner is made from; `roster`: outcome of the 组织名册 in force, {} for none."""
    return {
        "templates": str(workspace.templates) if workspace.templates.is_dir() else "",
        "settings": str(workspace.settings) if workspace.settings.exists() else "",
        "year": today.year,
        "roster": dict(roster),
    }
