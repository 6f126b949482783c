"""The desk that a worker's configuration describes: templates, settings and the roster in force."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.examine import Desk
from pipeline.office.library import default_templates, load_library
from pipeline.settings import Settings
from pipeline.values import Roster
from pipeline.wire import outcome_from_json

if TYPE_CHECKING:
    from pipeline.work.frames import Json


def desk_of(config: Json) -> Desk:
    """`config`: templates and settings as paths ("" for the shipped ones), year, and the roster's outcome or {}.

    Raises SettingsError for templates or settings that are broken.
    """
    templates = Path(config["templates"]) if config["templates"] else default_templates()
    year = int(config["year"])
    settings = Settings.load(Path(config["settings"]), year=year) if config["settings"] else Settings.default(year)
    return Desk(load_library(templates), settings, roster_from(config["roster"]))


def roster_from(outcome: Json) -> Roster:
    """The roster of an accepted 组织名册; empty for {}."""
    record = outcome_from_json(outcome).record if outcome else None
    rows = record.rows if record else ()
    return Roster.from_rows([{name: datum.text for name, datum in row.items()} for row in rows])
