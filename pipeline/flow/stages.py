"""The stages of flow.py for one batch of files: each takes what the stage before made durable and can be repeated.

A batch costs three commits: recorded, decided, archived. Nothing is opened here but our own snapshots, and those only
to be copied: parsing, marking and rendering happen in the workers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from pipeline.flow import logbook
from pipeline.flow.briefing import configuration
from pipeline.flow.messages import Examined, Item, examination, examined, payload, received, rendering, shown
from pipeline.intake import answers, claim
from pipeline.intake.answers import Decided, Office
from pipeline.intake.listing import Left, Seen
from pipeline.intake.spool import Snapshot, Unsettled, digest_of, snapshot
from pipeline.model import Verdict
from pipeline.store import arrivals, events, journal, outputs, submissions
from pipeline.store.decide import Case, decide
from pipeline.store.durable import Folders, publish_move
from pipeline.store.states import State, advance
from pipeline.store.submissions import ANSWERS
from pipeline.work.documents import parts

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from pathlib import Path

    from pipeline.flow.office_answers import Answered, Taught
    from pipeline.intake.claim import Claimed
    from pipeline.settings import Settings
    from pipeline.store.arrivals import Received
    from pipeline.store.outputs import Owed
    from pipeline.store.registry import Connection, Registry
    from pipeline.work.pool import Answer, Pool
    from pipeline.workspace import Workspace

Json = dict[str, Any]
Job = tuple["Received", "Owed", list[Json]]
"""A file to write: for which arrival, what, and the outcomes it speaks of."""


@dataclass(frozen=True, slots=True)
class Finished:
    """An arrival at its end: forms as recorded, files as written."""

    row: Received
    forms: tuple[Json, ...]
    numbers: tuple[str | None, ...]
    outputs: tuple[str, ...]


@dataclass
class Stages:
    """Everything a stage needs besides its batch. `today` decides windows and years; the clock only stamps.

    `lessons`: what workbooks asked to be learnt, not yet done. `origin`: whose archive a rehearsal reads from.
    """

    workspace: Workspace
    registry: Registry
    pool: Pool
    settings: Settings
    today: date
    left: list[Left] = field(default_factory=list)
    lessons: list[Taught] = field(default_factory=list)
    origin: Workspace | None = None
    _config: Json | None = None

    def configure(self) -> None:
        """Tell the workers what to work with: templates, settings and the roster in force; nothing when they know."""
        self.configure_from(self.workspace)

    def configure_from(self, workspace: Workspace) -> None:
        """The same with the templates and settings of another workspace than the one written to."""
        with self.registry.transaction() as connection:
            _, roster = submissions.roster(connection)
            learned = events.last(connection, "learned")
        config = configuration(workspace, self.today, roster) | {"learned": learned}
        if config != self._config:
            self.pool.configure(config)
            self._config = config

    def receive(self, claims: Sequence[Claimed]) -> list[Item]:
        """Snapshot and record claimed files; one that somebody still writes to goes back to where it was."""
        with Folders() as folders:
            copies = {item.id: copy for item in claims if (copy := self._snapshot(item, folders))}
        with self.registry.transaction() as connection:
            references = arrivals.free_references(connection, sorted(copies))
            items = [Item(received(one, references[one.id], copies[one.id]), one) for one in claims if one.id in copies]
            arrivals.register(connection, [item.row for item in items])
        return items

    def examine(self, items: Sequence[Item]) -> list[Examined]:
        """What the workers make of the files, in order; archives are asked about document by document."""
        requests = [examination(item.row, self.workspace.spool / item.row.id, self.today) for item in items]
        told = zip(items, requests, self.pool.map(requests), strict=True)
        return [examined(item, parts(self.pool, request, answer)) for item, request, answer in told]

    def decide(self, batch: Sequence[Examined]) -> list[Decided]:
        """One transaction: verdicts, numbers, owed outputs and the event of every arrival.

        With a workbook of answers also what it settles; labels it teaches are learnt afterwards.
        """
        answered = _answered(self, batch)
        batch = answered.batch if answered else batch
        with self.registry.transaction() as connection:
            chain = events.Chain(connection, at=datetime.now(UTC), year=self.today.year)
            decided = [self._decide(connection, one, chain) for one in batch]
            if answered:
                answered.carry_out(self, connection, chain)
            chain.save()
            outputs.owe(connection, [owed for one in decided for owed in answers.plan(one, self.office())])
            advance(connection, [one.arrival.id for one in decided], State.RECEIVED, State.DECIDED)
        self.lessons += answered.lessons if answered else ()
        return decided

    def log(self) -> None:
        """Bring the journals up to the registry."""
        with self.registry.transaction() as connection:
            missing = journal.missing(connection, self.workspace.journal, events.years(connection))
        with Folders() as folders:
            for year in missing:
                folders.make(self.workspace.journal(year).parent, below=self.workspace.root)
        for year, entries in missing.items():
            journal.append(entries, self.workspace.journal(year))

    def finish(self, items: Sequence[Item]) -> list[Finished]:
        """Write what is owed, archive the originals, and record that both is done."""
        ids = [item.row.id for item in items]
        with self.registry.transaction() as connection:
            owed = outputs.owed(connection, ids)
            forms = submissions.of_arrivals(connection, ids)
        outcomes = {key: [row.outcome for row in rows] for key, rows in forms.items()}
        written = self._write(items, owed, outcomes)
        self._archive(items)
        with self.registry.transaction() as connection:
            outputs.settle(connection, written)
            advance(connection, ids, State.DECIDED, State.ARCHIVED)
        return [_finished(item.row, forms[item.row.id], written) for item in items]

    def publish_again(self) -> list[Finished]:
        """Write what finished arrivals owe since a person decided about them."""
        with self.registry.transaction() as connection:
            rows = arrivals.owing(connection)
            ids = [row.id for row in rows]
            owed = outputs.owed(connection, ids)
            forms = submissions.of_arrivals(connection, ids)
        outcomes = {key: [row.outcome for row in found] for key, found in forms.items()}
        written = self._write([Item(row) for row in rows], owed, outcomes)
        with self.registry.transaction() as connection:
            outputs.settle(connection, written)
        return [_finished(row, forms[row.id], written) for row in rows]

    def office(self) -> Office:
        """Who answers."""
        return Office(self.settings.organisation, self.settings.office, self.settings.contact)

    def is_new_roster(self, one: Decided) -> bool:
        """Whether the office has just handed in a 组织名册 that counts from now on."""
        accepted = (decision.verdict is Verdict.ACCEPTED for decision in one.decisions)
        types = (decision.outcome.get("type") == submissions.ROSTER for decision in one.decisions)
        return not one.arrival.unit and any(both == (True, True) for both in zip(accepted, types, strict=True))

    def busy(self, seen: Seen) -> Left:
        """A file that is left because it is not complete."""
        return Left(shown(seen.relative), "busy")

    def _snapshot(self, item: Claimed, folders: Folders) -> Snapshot | None:
        try:
            return snapshot(item.path, self.workspace.spool / item.id, folders)
        except Unsettled:
            claim.put_back(item, self.workspace.inbox, folders)
            self.left.append(Left(shown(item.relative), "busy"))
        except PermissionError:
            claim.put_back(item, self.workspace.inbox, folders)
            self.left.append(Left(shown(item.relative), "denied"))
        return None

    def _decide(self, connection: Connection, one: Examined, chain: events.Chain) -> Decided:
        row = one.item.row
        numbering = self.numbering(row.received_on)
        cases = [Case(row, position, form, self.today, numbering) for position, form in enumerate(one.forms)]
        documents = groupby(cases, key=lambda case: (case.member.get("number", 0), case.type))
        decisions = tuple(decision for _, forms in documents for decision in decide(connection, list(forms)))
        return Decided(row, decisions, chain.add("decided", payload(row, decisions)), one.kind)

    def numbering(self, received_on: date) -> Callable[[str, str, int], str]:
        """How a number is made of prefix, unit code and serial."""
        year, make = self.settings.cycle.year_for(received_on), self.settings.numbers.project_number
        return lambda prefix, unit_code, serial: make(prefix, year, unit_code, serial)

    def _write(
        self, items: Sequence[Item], owed: dict[str, list[Owed]], outcomes: dict[str, list[Json]]
    ) -> list[tuple[Owed, str]]:
        """Every owed output with the SHA-256 of the written file, "" where there was nothing to write.

        Slips say whether a marked copy goes with them: so the copies come first, and that one cannot be made is
        recorded before a slip says so.
        """
        jobs = [
            (item.row, one, [outcomes[item.row.id][form] for form in one.forms])
            for item in items
            for one in owed[item.row.id]
        ]
        copies = self._written([job for job in jobs if job[1].kind == "marked"])
        missing = [(one, sha256) for one, sha256 in copies if not sha256]
        if missing:
            with self.registry.transaction() as connection:
                outputs.settle(connection, missing)
        there = {one.path for one, sha256 in copies if sha256}
        written = [*copies, *self._written([job for job in jobs if job[1].kind != "marked"], there)]
        return sorted(written, key=lambda done: done[0].id)

    def _written(self, jobs: Sequence[Job], copies: Collection[str] = ()) -> list[tuple[Owed, str]]:
        """`copies`: the paths of the marked copies that there are."""
        rendered = [job for job in jobs if job[1].kind != "aside" or job[2][0].get("member")]
        replies = self.pool.map([rendering(self.source(row), one, said, copies) for row, one, said in rendered])
        made = {one.id: reply for (_, one, _), reply in zip(rendered, replies, strict=True)}
        with Folders() as folders:
            return [self._put(row, one, said, made.get(one.id), folders) for row, one, said in jobs]

    def _put(
        self, row: Received, one: Owed, said: list[Json], reply: Answer | None, folders: Folders
    ) -> tuple[Owed, str]:
        content: bytes | Path
        if reply is None:
            content = self.source(row)
        elif reply.blobs:
            content = reply.blobs[0]
        elif not reply.message.get("made", True):
            return one, ""
        else:
            logbook.defect(row.reference, one.kind, reply.failure or reply.message)
            if one.kind == "marked":
                return one, answers.interrupted(self.workspace, one)
            one, content = answers.last_resort(one, said)
        return one, answers.store_output(self.workspace, one, content, folders)

    def _archive(self, items: Iterable[Item]) -> None:
        """Originals to the archive; only when they are safe there do the claimed files go."""
        with Folders() as folders:
            for item in items:
                target = self.workspace.root / item.row.original
                folders.make(target.parent, below=self.workspace.root)
                if not target.exists():
                    publish_move(self.workspace.spool / item.row.id, target, folders)
        with Folders() as folders:
            for item in items:
                (self.workspace.spool / item.row.id).unlink(missing_ok=True)
                if item.claimed is not None:
                    self.let_go(item.claimed, item.row, folders)

    def let_go(self, item: Claimed, row: Received, folders: Folders) -> None:
        """Remove a claimed original whose bytes are archived; changed since, it is a new arrival for the next look."""
        try:
            same = digest_of(item.path) == row.sha256
        except FileNotFoundError:
            same = True
        if same:
            claim.give_up(item, folders)
        else:
            claim.anew(item, now=datetime.now(UTC), today=self.today)

    def source(self, row: Received) -> Path:
        """The bytes of an arrival: in the spool, later in the archive."""
        spooled = self.workspace.spool / row.id
        return spooled if spooled.exists() else (self.origin or self.workspace).root / row.original


def _finished(row: Received, forms: Sequence[Any], written: Sequence[tuple[Owed, str]]) -> Finished:
    paths = tuple(one.path for one, sha256 in written if sha256 and one.arrival_id == row.id)
    return Finished(row, tuple(form.outcome for form in forms), tuple(form.number for form in forms), paths)


def _answered(stages: Stages, batch: Sequence[Examined]) -> Answered | None:
    """What workbooks of the office's answers ask for, None where there is none: hardly any batch brings one."""
    if not any(form.outcome.get("type") == ANSWERS and not one.item.row.unit for one in batch for form in one.forms):
        return None
    from pipeline.flow.office_answers import take

    return take(stages, batch)
