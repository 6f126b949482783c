"""A person's word carried out: a settled doubt, an acceptance, a return; by command or by a row of 待人工确认.

    find → object → ask a worker what it comes to → one transaction: decision, event, owed files → write them

The original stays untouched, and so does the record that was: a new one takes its place, with the person's name at the
field. A unit hears of it when what is asked of it has changed, not of every doubt that is settled on the way.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from pipeline.errors import SettingsError
from pipeline.flow import logbook, messages
from pipeline.flow.objections import objection
from pipeline.forms.doubts import Answer, reading_at, said
from pipeline.intake import answers as papers
from pipeline.intake.answers import Decided
from pipeline.model import Finding, Verdict
from pipeline.store import outputs, standing, submissions
from pipeline.store.decide import Case, decide_again
from pipeline.wire import finding_from_json, outcome_from_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.flow.stages import Stages
    from pipeline.store.decide import Decision, Form
    from pipeline.store.events import Chain
    from pipeline.store.registry import Connection
    from pipeline.store.standing import Standing
    from pipeline.work.pool import Answer as Reply

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ruling:
    """The office's own verdict, accepted or returned, with who and why."""

    verdict: Verdict
    by: str
    note: str


@dataclass(frozen=True, slots=True)
class Order:
    """What a person wants done about one form. `via`: the reference of the workbook it came in, "" for a command."""

    standing: Standing
    answers: tuple[Answer, ...] = ()
    ruling: Ruling | None = None
    via: str = ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An order with what it comes to. `form` None: nothing can be done. `problems`: one per answer, None where good."""

    order: Order
    form: Form | None
    kind: str
    problems: tuple[Finding | None, ...]

    @property
    def kept(self) -> tuple[Answer, ...]:
        """The answers that are carried out."""
        if self.form is None:
            return ()
        return tuple(one for one, bad in zip(self.order.answers, self.problems, strict=True) if bad is None)


@dataclass(frozen=True, slots=True)
class Carried:
    """An order carried out: the decision, and whether the unit has to hear of it."""

    order: Order
    decided: Decided
    tells: bool

    @property
    def decision(self) -> Decision:
        """What became of the form."""
        return self.decided.decisions[0]


def prepare(stages: Stages, orders: Sequence[Order]) -> list[Prepared]:
    """What the orders come to: interpreted and checked by workers, none of it recorded yet."""
    replies = stages.pool.map([_request(stages, order) for order in orders])
    found = [_prepared(order, reply) for order, reply in zip(orders, replies, strict=True)]
    with stages.registry.transaction() as connection:
        return [_not_overtaken(connection, one) for one in found]


def carry_out(stages: Stages, connection: Connection, chain: Chain, prepared: Sequence[Prepared]) -> list[Carried]:
    """Decide, record the events and owe the files; inside the transaction of the caller. Oldest arrivals first."""
    done = []
    for one in sorted(prepared, key=lambda one: one.order.standing.arrival.received_at):
        if one.form is not None:
            carried = _carried(stages, connection, chain, (one, one.form))
            done.append(carried)
            if carried.tells:
                outputs.owe(connection, papers.plan(carried.decided, stages.office()))
    return done


def _carried(stages: Stages, connection: Connection, chain: Chain, work: tuple[Prepared, Form]) -> Carried:
    one, form = work
    before = one.order.standing
    rows = submissions.of_arrivals(connection, [before.arrival.id])[before.arrival.id]
    position = next(number for number, row in enumerate(rows) if row.id == before.id)
    case = Case(before.arrival, position, form, stages.today, stages.numbering(before.arrival.received_on))
    decision = decide_again(connection, case, before, ruled=one.order.ruling is not None)
    entry = chain.add(_kind_of(one.order), _payload(one, decision))
    together = [number for number, row in enumerate(rows) if submissions.spot(row)[0] == before.member]
    others = [number for number in together if number != position and _has_remarks(rows[number])]
    turn = papers.turn_after(outputs.paths(connection, before.arrival.id))
    decided = Decided(before.arrival, (decision,), entry, one.kind, turn, tuple(together), tuple(others))
    return Carried(one.order, decided, _asks_something_new(before, decision))


def _kind_of(order: Order) -> str:
    if order.ruling is not None:
        return "ruled"
    return "corrected" if order.answers else "reread"


def _has_remarks(row: Any) -> bool:
    return bool(row.active and row.outcome["findings"])


def _asks_something_new(before: Standing, decision: Decision) -> bool:
    """Whether the unit would read something else than it has in hand."""
    if decision.verdict is Verdict.REVIEW:
        return False
    return before.verdict is not decision.verdict or _asked(before.outcome) != _asked(decision.outcome)


def _asked(outcome: Json) -> list[tuple[str, str, str]]:
    said_of = (one for one in outcome["findings"] if one["code"] != "doubt")
    return sorted((one["code"], one.get("field") or "", str(one.get("row") or "")) for one in said_of)


def _request(stages: Stages, order: Order) -> Json:
    before = order.standing
    row, member = before.arrival, before.outcome.get("member") or {}
    asked = messages.examination(row, stages.source(row), stages.today)
    named = {name: member[name] for name in ("name", "sha256") if name in member}
    return {
        **asked,
        "arrival": {**asked["arrival"], **named},
        "member": before.member,
        "do": "settle",
        "outcome": before.outcome,
        "answers": [{**asdict(one), "on": one.on.isoformat()} for one in order.answers],
        "ruling": {**asdict(order.ruling), "verdict": str(order.ruling.verdict)} if order.ruling else None,
    }


def _prepared(order: Order, reply: Reply) -> Prepared:
    message = reply.message
    if "refused" in message:
        raise SettingsError(message["refused"])
    if reply.failure or "problems" not in message:
        logbook.defect(order.standing.arrival.reference, "settle", reply.failure or message)
        return _refused(order, objection("defect"))
    problems = tuple(finding_from_json(one) if one else None for one in message["problems"])
    if message["form"] is None and len(problems) != len(order.answers):
        return _refused(order, next(filter(None, problems)))
    form = _of_member(order, messages.form(message["form"])) if message["form"] else None
    return Prepared(order, form, messages.copy_kind(message["kind"]), problems)


def _of_member(order: Order, form: Form) -> Form:
    """The form as one of its archive, where it came in one."""
    member = order.standing.outcome.get("member")
    return replace(form, outcome={**form.outcome, "member": member}) if member else form


def _refused(order: Order, why: Finding) -> Prepared:
    return Prepared(
        order, None, "", tuple(replace(why, field=one.field, row=one.row) for one in order.answers) or (why,)
    )


def _not_overtaken(connection: Connection, one: Prepared) -> Prepared:
    if one.form is None:
        return one
    later = standing.overtaking(connection, one.order.standing, one.form.key)
    return _refused(one.order, objection("replaced", later=later)) if later else one


def _payload(one: Prepared, decision: Decision) -> Json:
    """The event: who said what of which field, what had been read before, and what came of it."""
    before, ruling = one.order.standing, one.order.ruling
    return {
        "arrival": before.arrival.id,
        "reference": before.reference,
        "unit": before.arrival.unit,
        "form": before.form,
        "via": one.order.via,
        "settled": [_answered(before, answer) for answer in one.kept],
        "ruling": {**asdict(ruling), "verdict": str(ruling.verdict)} if ruling else None,
        "former": str(before.verdict),
        **messages.summary(decision),
    }


def _answered(before: Standing, answer: Answer) -> Json:
    record = outcome_from_json(before.outcome).record
    reading = reading_at(record, answer.field, answer.row) if record else None
    if reading is None:
        raise KeyError(answer.field)
    return {
        "field": answer.field,
        "row": answer.row,
        "readings": [reading.text, reading.other],
        "reason": reading.reason,
        "text": said(reading, answer.text),
        "by": answer.by,
        "on": answer.on.isoformat(),
        "note": answer.note,
    }
