"""`pipeline decide`: one person, one submission, one decision at a time.

What cannot be done is a UsageError with the sentence why; saying the same thing twice is no mistake.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from pipeline.errors import UsageError
from pipeline.flow import at_work, deciding, learning
from pipeline.flow.briefing import Options, load_settings
from pipeline.flow.deciding import Carried, Order, Prepared, Ruling
from pipeline.flow.objections import already, objection, to_answer, to_ruling, to_standing, told
from pipeline.flow.report import DocumentReport
from pipeline.flow.stages import Stages
from pipeline.forms.doubts import Answer, Doubt, doubts
from pipeline.model import Finding, Outcome, Severity, Verdict
from pipeline.store import events, outputs, standing, submissions
from pipeline.store.registry import Registry
from pipeline.wire import outcome_from_json
from pipeline.work.limits import Bounds
from pipeline.work.pool import Pool

if TYPE_CHECKING:
    from pipeline.flow.learning import Lesson
    from pipeline.store.standing import Standing
    from pipeline.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command line says. `form`: which form of the file, counted from 1, 0 when it holds one.

    `text`: what the field reads, None for "as read first"; without a `field` and a `ruling` the doubts are listed.
    """

    name: str
    by: str = ""
    note: str = ""
    form: int = 0
    field: str = ""
    row: int | None = None
    text: str | None = None
    second: bool = False
    label: str = ""
    ruling: Verdict | None = None


@dataclass(frozen=True, slots=True)
class DecideReport:
    """What came of it. `said`: a sentence beside the document; `waiting`: the doubts that are left."""

    document: DocumentReport
    waiting: tuple[tuple[int, Finding], ...] = ()
    said: str = ""
    changed: bool = False
    dry_run: bool = False

    @property
    def settled(self) -> bool:
        """Whether every form of the file is accepted."""
        return all(verdict is Verdict.ACCEPTED for verdict in self.document.verdicts)


def look(workspace: Workspace, name: str) -> DecideReport:
    """How the submission stands, and its doubts."""
    with Registry.rehearse(workspace.database) as registry:
        return _report(registry, _standings(registry, name), ())


def decide(workspace: Workspace, wish: Wish, *, today: date, dry_run: bool, options: Options) -> DecideReport:
    """Carry it out, or say what would come of it. Raises UsageError with the reason why it cannot be done."""
    opened = _rehearsal(workspace, today, options) if dry_run else at_work(workspace, today, options)
    with opened as stages:
        return replace(_decide(stages, wish, dry_run=dry_run), dry_run=dry_run)


def _decide(stages: Stages, wish: Wish, *, dry_run: bool) -> DecideReport:
    found = _standings(stages.registry, wish.name)
    one = _chosen(found, wish.form)
    if wish.label:
        lesson = learning.lesson(stages.workspace, one.type, wish.field, wish.label)
        return _learnt(stages, (one, wish), lesson, dry_run=dry_run)
    order = _order(stages, one, wish)
    if isinstance(order, Finding):
        return _report(stages.registry, found, (), said=told(order))
    (prepared,) = deciding.prepare(stages, [order])
    return _carry_out(stages, prepared, dry_run=dry_run)


def _carry_out(stages: Stages, prepared: Prepared, *, dry_run: bool, said: str = "") -> DecideReport:
    if prepared.form is None:
        raise UsageError(told(next(filter(None, prepared.problems))))
    with stages.registry.transaction() as connection:
        chain = events.Chain(connection, at=datetime.now(UTC), year=stages.today.year)
        (carried,) = deciding.carry_out(stages, connection, chain, [prepared])
        chain.save()
        owed = outputs.owed(connection, [carried.decided.arrival.id])
    paths = tuple(one.path for ones in owed.values() for one in ones)
    if not dry_run:
        stages.log()
        done = stages.publish_again()
        paths = next((one.outputs for one in done if one.row.id == carried.decided.arrival.id), ())
    return replace(_done(stages.registry, carried, paths), said=said)


def _done(registry: Registry, carried: Carried, paths: tuple[str, ...]) -> DecideReport:
    found = _standings(registry, carried.decided.arrival.reference)
    return replace(_report(registry, found, paths), changed=True)


def _learnt(stages: Stages, work: tuple[Standing, Wish], lesson: Lesson, *, dry_run: bool) -> DecideReport:
    one, wish = work
    said = learning.learn(stages, lesson, by=wish.by, note=wish.note, reference=one.arrival.reference, dry_run=dry_run)
    if dry_run:
        return _report(stages.registry, _standings(stages.registry, one.reference), (), said=said)
    stages.configure()
    done = learning.read_again(stages, one)
    paths = next((each.outputs for each in done if each.row.id == one.arrival.id), ())
    return replace(_report(stages.registry, _standings(stages.registry, one.reference), paths, said=said), changed=True)


def _standings(registry: Registry, name: str) -> list[Standing]:
    with registry.transaction() as connection:
        found = standing.find(connection, name)
        later = [standing.successor(connection, one) for one in found]
    if not found:
        raise UsageError(told(objection("no_reference", reference=name)))
    objections = [to_standing(one, reference) for one, reference in zip(found, later, strict=True)]
    if all(objections):
        raise UsageError(told(next(filter(None, objections))))
    return found


def _chosen(found: list[Standing], form: int) -> Standing:
    documents = {one.member for one in found}
    if len(documents) > 1:
        raise UsageError(
            told(objection("archive", references="、".join(dict.fromkeys(one.reference for one in found))))
        )
    if not form and len(found) > 1:
        raise UsageError(told(objection("several_forms", count=str(len(found)))))
    if form and form - 1 not in [one.form for one in found]:
        raise UsageError(told(objection("no_form", form=str(form))))
    one = next(one for one in found if not form or one.form == form - 1)
    if why := to_standing(one, ""):
        raise UsageError(told(why))
    return one


def _order(stages: Stages, one: Standing, wish: Wish) -> Order | Finding:
    """The order, or the finding that nothing is left to do. Raises UsageError where it cannot be done."""
    outcome = outcome_from_json(one.outcome)
    if wish.ruling is not None:
        accept = wish.ruling is Verdict.ACCEPTED
        if why := to_ruling(one, outcome, accept=accept, note=wish.note):
            raise UsageError(told(why))
        return Order(one, ruling=Ruling(wish.ruling, wish.by, wish.note))
    answer = Answer(wish.field, wish.row, _text(outcome, wish), wish.by, stages.today, wish.note)
    why = to_answer(outcome, answer)
    if why is None:
        return Order(one, (answer,))
    if already(why):
        return why
    raise UsageError(told(why))


def _text(outcome: Outcome, wish: Wish) -> str | None:
    """What is to be recorded: typed, or the second reading."""
    if not wish.second or outcome.record is None:
        return wish.text
    for doubt in doubts(outcome.record):
        if (doubt.field, doubt.row) == (wish.field, wish.row) or (doubt.field == wish.field and wish.row in doubt.rows):
            if not doubt.reading.other:
                raise UsageError(told(objection("no_second", wish.field, wish.row)))
            return doubt.reading.other
    return None


def _report(registry: Registry, found: list[Standing], paths: tuple[str, ...], *, said: str = "") -> DecideReport:
    row = found[0].arrival
    with registry.transaction() as connection:
        forms = submissions.of_arrivals(connection, [row.id])[row.id]
    waiting = [(number, _finding(one)) for number, form in enumerate(forms, 1) for one in _doubts_of(form.outcome)]
    outcomes, numbers = tuple(form.outcome for form in forms), tuple(form.number for form in forms)
    document = DocumentReport(f"inbox/{row.path}", row.unit, row.reference, row.sha256, outcomes, numbers, paths)
    return DecideReport(document, tuple(waiting), said)


def _finding(one: Doubt) -> Finding:
    """A doubt as it is told."""
    reading = one.reading
    facts = {"variant": reading.reason, "other": reading.other}
    return Finding(
        "doubt", Severity.HINT, one.field, one.row, reading.place or reading.other_place, reading.text, facts
    )


def _doubts_of(outcome: dict[str, Any]) -> tuple[Doubt, ...]:
    record = outcome_from_json(outcome).record
    return doubts(record) if record else ()


@contextmanager
def _rehearsal(workspace: Workspace, today: date, options: Options) -> Iterator[Stages]:
    """Real workers on a copy of the registry in memory; nothing of the workspace is written."""
    settings = load_settings(workspace, today)
    bounds = Bounds(settings.limits.seconds, settings.limits.memory_bytes)
    pool = Pool(1, options.examiner, bounds=bounds, paths=options.paths)
    with pool, Registry.rehearse(workspace.database) as registry:
        stages = Stages(workspace, registry, pool, settings, today)
        stages.configure()
        yield stages
