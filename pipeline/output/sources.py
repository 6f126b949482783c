"""Where the papers take their facts from: a workspace's settings, templates and registry, opened together."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.office.library import default_templates, load_library
from pipeline.output.registry import Filed
from pipeline.settings import Settings
from pipeline.store import reading
from pipeline.store.registry import Registry as Store
from pipeline.values import Roster
from pipeline.wire import outcome_from_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from pipeline.model import Outcome
    from pipeline.office.library import Library
    from pipeline.output.registry import Registry
    from pipeline.workspace import Workspace


_UNIT_FIELDS = ("单位名称", "单位")
_BRANCH_FIELDS = ("立项支部", "项目单位")


@dataclass(frozen=True, slots=True)
class Sources:
    """Settings, templates and the reading side of the registry."""

    settings: Settings
    library: Library
    registry: Registry


@contextmanager
def open_sources(workspace: Workspace, today: date) -> Iterator[Sources]:
    """The workspace's own settings and templates, the shipped ones where it has none."""
    given = workspace.settings.is_file()
    settings = Settings.load(workspace.settings, year=today.year) if given else Settings.default(today.year)
    library = load_library(workspace.templates if workspace.templates.is_dir() else default_templates())
    open_store = Store.open if workspace.database.exists() else Store.rehearse
    with open_store(workspace.database) as store:
        yield Sources(settings, library, StoredRegistry(store))


class StoredRegistry:
    """`output.registry.Registry` over the store. Folders are turned into the units the roster names."""

    def __init__(self, store: Store) -> None:
        with store.transaction() as connection:
            self._rows = reading.active(connection)
            outcome = reading.roster_outcome(connection)
        record = outcome_from_json(outcome).record if outcome else None
        rows = record.rows if record else ()
        self._roster = Roster.from_rows([{name: datum.text for name, datum in row.items()} for row in rows])
        self._filed = tuple(self._filed_of(row) for row in self._rows)

    def accepted(self, type_name: str) -> Sequence[Filed]:
        """See `registry.Registry`."""
        return tuple(one for one in self._filed if one.outcome.type == type_name and one.accepted)

    def filed(self) -> Sequence[Filed]:
        """See `registry.Registry`."""
        return self._filed

    def roster(self) -> Roster:
        """See `registry.Registry`."""
        return self._roster

    def _filed_of(self, row: reading.Active) -> Filed:
        outcome = outcome_from_json({**row.outcome, "verdict": row.verdict})
        return Filed(
            unit=self._unit(row.unit, outcome),
            reference=row.reference,
            number=row.number or "",
            file_name=row.name,
            received=row.received_on,
            outcome=outcome,
        )

    def _unit(self, folder: str, outcome: Outcome) -> str:
        """The unit of the folder; for what the office itself put in, the unit that the form names."""
        if folder:
            return self._roster.unit_of_folder(folder) or folder
        fields = outcome.record.fields if outcome.record else {}
        texts = {name: fields[name].text for name in (*_UNIT_FIELDS, *_BRANCH_FIELDS) if name in fields}
        units = [self._roster.find_unit(text) for name, text in texts.items() if name in _UNIT_FIELDS]
        branches = [self._roster.find_branch(text) for name, text in texts.items() if name in _BRANCH_FIELDS]
        named = {unit for unit in units if unit} | {branch.unit for branch in branches if branch}
        return named.pop() if len(named) == 1 else ""
