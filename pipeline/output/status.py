"""Who has handed in what, what came of it, who is still missing, and what waits for a person (story 2).

Counts what is in force: a corrected file takes the place of the one that was sent back. Lateness is the finding of the
checks, not computed anew. Knowingly left out: lights and deadlines of rectification items.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from pipeline.model import Verdict
from pipeline.office.text_size import width
from pipeline.output import words
from pipeline.output.consolidate import APPLICATION, unit_order
from pipeline.output.registry import in_year
from pipeline.output.sources import open_sources
from pipeline.store.submissions import ANSWERS
from pipeline.workspace import OFFICE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from pipeline.output.registry import Filed
    from pipeline.settings import Window
    from pipeline.values import Roster
    from pipeline.workspace import Workspace

STAGE = "申报"
_SENT_BACK = (Verdict.RETURNED, Verdict.UNREADABLE, Verdict.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Line:
    """One unit and type. `handed_in` = accepted + returned + waiting; `late` counts those that came late among them."""

    unit: str
    type: str
    handed_in: int
    accepted: int
    returned: int
    waiting: int
    late: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A form that only a person can settle."""

    reference: str
    unit: str
    type: str
    file_name: str
    received: date


@dataclass(frozen=True, slots=True)
class Status:
    """How things stand on a day. `missing`: units of the roster without an accepted 申请表 that came in the window.

    `workbooks`: where the doubts are settled, below the workspace.
    """

    today: date
    window: Window
    lines: tuple[Line, ...]
    missing: tuple[str, ...]
    waiting: tuple[Waiting, ...]
    roster_known: bool
    workbooks: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """One JSON object, days as YYYY-MM-DD."""
        return {
            "today": self.today.isoformat(),
            "window": {
                "name": self.window.name,
                "start": self.window.start.isoformat(),
                "end": self.window.end.isoformat(),
            },
            "units": [asdict(line) for line in self.lines],
            "missing": list(self.missing),
            "waiting": [{**asdict(one), "received": one.received.isoformat()} for one in self.waiting],
            "workbooks": list(self.workbooks),
            "roster_known": self.roster_known,
        }

    def text(self) -> str:
        """The same for a terminal, columns measured as Chinese characters show."""
        head = words.STATUS_COLUMNS
        rows = [[line.unit, line.type, *map(str, _counts(line))] for line in self.lines]
        total = [sum(counts) for counts in zip(*(_counts(line) for line in self.lines), strict=True)]
        rows += [[words.TOTAL, "", *map(str, total)]] if rows else []
        parts = [words.stage(self.window, self.today)]
        parts += ["", *_table([head, *rows])] if rows else [words.NOTHING_YET]
        parts += ["", words.missing(self.missing)] if self.roster_known else ["", words.NO_ROSTER_YET]
        if self.waiting:
            parts += ["", words.waiting(len(self.waiting))]
            parts += [words.waiting_line(one.reference, one.unit, one.type, one.file_name) for one in self.waiting]
            parts += [words.waiting_book(self.workbooks)] if self.workbooks else []
        return "\n".join(parts)


def collect(workspace: Workspace, today: date) -> Status:
    """The state of a workspace. Raises SettingsError and StoreError like every reader of it."""
    with open_sources(workspace, today) as sources:
        filed = in_year(sources.registry.filed(), sources.settings, today)
        roster = sources.registry.roster()
        window = sources.settings.cycle.window(STAGE, filed[-1].received if filed else today)
    books = sorted((workspace.outbox / OFFICE).glob(f"{ANSWERS}*.xlsx"))
    state = survey(filed, roster, window, today)
    return replace(state, workbooks=tuple(workspace.relative(path) for path in books))


def survey(filed: Sequence[Filed], roster: Roster, window: Window, today: date) -> Status:
    """The same from values."""
    groups: dict[tuple[str, str], list[Filed]] = {}
    for one in filed:
        if one.unit:
            groups.setdefault((one.unit, one.outcome.type or words.UNRECOGNISED), []).append(one)
    ordered = sorted(groups, key=lambda pair: (unit_order(roster, pair[0]), pair[1]))
    waiting = [one for one in filed if one.outcome.verdict is Verdict.REVIEW]
    return Status(
        today=today,
        window=window,
        lines=tuple(_line(unit, name, groups[unit, name]) for unit, name in ordered),
        missing=_missing(filed, roster, window),
        waiting=tuple(
            Waiting(one.reference, one.unit, one.outcome.type or "", one.file_name, one.received) for one in waiting
        ),
        roster_known=bool(roster),
    )


def _line(unit: str, name: str, group: Sequence[Filed]) -> Line:
    verdicts = Counter(one.outcome.verdict for one in group)
    return Line(
        unit=unit,
        type=name,
        handed_in=len(group),
        accepted=verdicts[Verdict.ACCEPTED],
        returned=sum(verdicts[verdict] for verdict in _SENT_BACK),
        waiting=verdicts[Verdict.REVIEW],
        late=sum(1 for one in group if any(finding.code == "late" for finding in one.outcome.findings)),
    )


def _missing(filed: Sequence[Filed], roster: Roster, window: Window) -> tuple[str, ...]:
    there = {one.unit for one in filed if one.accepted and one.outcome.type == APPLICATION and one.received in window}
    return tuple(unit for unit in roster.units if unit not in there)


def _counts(line: Line) -> tuple[int, ...]:
    return (line.handed_in, line.accepted, line.returned, line.waiting, line.late)


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Two columns of words, the rest numbers to the right; a rule under the first row."""
    sizes = [max(width(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(_cells(row, sizes)).rstrip() for row in rows]
    return [lines[0], "─" * (sum(sizes) + 2 * len(sizes) - 2), *lines[1:]]


def _cells(row: Sequence[str], sizes: Sequence[int]) -> Iterator[str]:
    for number, (text, size) in enumerate(zip(row, sizes, strict=True)):
        room = " " * (size - width(text))
        yield room + text if number > 1 else text + room
