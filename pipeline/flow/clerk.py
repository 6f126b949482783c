"""The real examiner of a worker: templates, settings and roster on one desk, documents in, wire JSON and files out."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from pipeline import catalog
from pipeline.affairs.calendar import WorkCalendar
from pipeline.errors import Unreadable
from pipeline.examine import WHOLE_FILE, examine_again
from pipeline.forms.doubts import Answer, reading_at, said
from pipeline.intake import wording
from pipeline.model import Arrival, Datum, Finding, Outcome, Severity, Verdict
from pipeline.office.foreign import current
from pipeline.office.package import open_package
from pipeline.office.xlsx_mark import can_be_marked
from pipeline.output import feedback
from pipeline.output.remarks import converted_to
from pipeline.wire import finding_to_json, outcome_from_json, outcome_to_json
from pipeline.work.desk import desk_of
from pipeline.work.look import contents, document_of, look

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.examine import Desk
    from pipeline.forms.spec import TypeSpec
    from pipeline.settings import Limits
    from pipeline.work.frames import Json


def clerk(config: Json) -> Clerk:
    """The factory that workers are told to use."""
    return Clerk(desk_of(config))


class Clerk:
    """Examines one file at a time and writes what its sender gets."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._calendar = WorkCalendar(desk.settings.holidays)

    def examine(self, data: bytes, request: Json) -> Json:
        """Every form of the file, with its outcome and the facts of its type that the registry needs.

        An archive is answered with the list of its members, which are asked for one by one.
        """
        found = look(data, request, self._desk)
        if found.archive:
            return contents(found.archive)
        today = date.fromisoformat(request["today"])
        arrival = _arrival(request["arrival"])
        forms = [self._form(one, arrival, today) for one in found.outcomes]
        return {"forms": forms, "kind": _kind(found.document, found.outcomes, self._desk.settings.limits)}

    def settle(self, data: bytes, request: Json) -> Json:
        """The form with a person's answers and ruling; answers that mean nothing are left out and named."""
        outcome = outcome_from_json(request["outcome"])
        if (outcome.type or "") not in self._desk.types:
            return {"form": None, "problems": [_not_settled("no_type", type=outcome.type or "")], "kind": ""}
        today, arrival = date.fromisoformat(request["today"]), _arrival(request["arrival"])
        answers = [_answer(item) for item in request["answers"]]
        again = examine_again(outcome, answers, arrival, self._desk, today) if answers else outcome
        problems = [None if answer.text is None else _meaningless(outcome, again, answer) for answer in answers]
        kept = [answer for answer, problem in zip(answers, problems, strict=True) if problem is None]
        if len(kept) < len(answers):
            again = examine_again(outcome, kept, arrival, self._desk, today)
        form = self._form(_ruled(again, request.get("ruling")), arrival, today) if kept or not answers else None
        return {"form": form, "problems": problems, "kind": self._kind(data, request, (outcome,))}

    def render(self, data: bytes, request: Json) -> bytes | None:
        """One output: the marked copy, a slip, a receipt, a note for a file that was set aside, a member set aside."""
        if request["kind"] == "aside":
            return self._document(data, request)
        outcomes = [outcome_from_json(item) for item in request["outcomes"]]
        notice = self._addressed(_notice(request["notice"]))
        if request["kind"] == "marked":
            document = current(self._document(data, request), self._desk.settings.limits)
            return feedback.marked_copy(document, outcomes[0], notice, others=outcomes[1:])
        if request["kind"] == "note":
            reasons = (catalog.sentence(finding).text for one in outcomes for finding in one.findings)
            return wording.note(notice.file_name, notice.reference, reasons).encode("utf-8-sig")
        write = feedback.receipt if request["kind"] == "receipt" else feedback.slip
        return write(outcomes[0], notice, self._desk.library, marked=request["marked"])

    def _kind(self, data: bytes, request: Json, outcomes: Sequence[Outcome]) -> str:
        return _kind(self._document(data, request), outcomes, self._desk.settings.limits)

    def _document(self, data: bytes, request: Json) -> bytes:
        """The bytes the request is about; none where a member does not even unpack."""
        try:
            return document_of(data, request, self._desk.settings.limits)
        except Unreadable:
            return b""

    def _form(self, outcome: Outcome, arrival: Arrival, today: date) -> Json:
        spec = self._desk.types.get(outcome.type or "")
        data = outcome_to_json(outcome)
        if spec is not None:
            _name_rows(data, outcome, spec)
        due = None
        if outcome.verdict is not Verdict.ACCEPTED:
            due = self._calendar.add_workdays(today, self._desk.settings.rules.correction_workdays).day.isoformat()
        year = self._desk.settings.cycle.year_for(arrival.received)
        return {
            "outcome": data,
            **_matter(spec, outcome, year),
            "prefix": spec.number_prefix if spec else "",
            "unit_code": self._unit_code(arrival.unit),
            "due": due,
        }

    def _addressed(self, notice: feedback.Notice) -> feedback.Notice:
        """The notice in the unit's name; the name of its folder while the roster does not know the folder."""
        return replace(notice, unit=self._desk.roster.unit_of_folder(notice.unit) or notice.unit)

    def _unit_code(self, folder: str) -> str:
        unit = self._desk.roster.unit_of_folder(folder) if folder else None
        codes = (branch.code for branch in self._desk.roster.branches if branch.unit == unit)
        return next(codes, "") if unit else ""


def _answer(data: Json) -> Answer:
    return Answer(**{**data, "on": date.fromisoformat(data["on"])})


def _meaningless(before: Outcome, after: Outcome, answer: Answer) -> Json | None:
    """What is wrong with a typed answer as a value of its field; a reading of the paper is taken whatever it says."""
    if before.record is None or after.record is None:
        return None
    old = reading_at(before.record, answer.field, answer.row)
    if old is None or answer.text is None or said(old, answer.text) in (old.text, old.other):
        return None
    data = after.record.fields if answer.row is None else after.record.rows[answer.row - 1]
    codes = {data[answer.field].problem, "placeholder", "missing"}
    flaws = [one for one in after.findings if (one.field, one.row) == (answer.field, answer.row) and one.code in codes]
    errors = [catalog.sentence(one).found for one in flaws if one.severity is Severity.ERROR]
    if not errors and not data[answer.field].problem:
        return None
    return _not_settled("meaning", answer, said=answer.text, problem=errors[0] if errors else "看不懂")


def _not_settled(variant: str, answer: Answer | None = None, **facts: str) -> Json:
    field, row = (answer.field, answer.row) if answer else (None, None)
    return finding_to_json(Finding("not_settled", Severity.ERROR, field, row, facts={"variant": variant, **facts}))


def _ruled(outcome: Outcome, ruling: Json | None) -> Outcome:
    """The outcome with what the office decided over it."""
    if not ruling:
        return outcome
    accepted = ruling["verdict"] == Verdict.ACCEPTED
    facts = {"note": ruling["note"], "by": ruling["by"]}
    code, severity = ("office_accept", Severity.HINT) if accepted else ("office_return", Severity.ERROR)
    findings = [one for one in outcome.findings if one.code not in ("office_accept", "office_return")]
    findings.append(Finding(code, severity, place=WHOLE_FILE, facts=facts))
    return replace(outcome, verdict=Verdict(ruling["verdict"]), findings=tuple(findings))


def _kind(data: bytes, outcomes: Sequence[Outcome], limits: Limits) -> str:
    """What a marked copy would be called: docx, xlsx, or "" where none can be made; of an old file what it became.

    Word and Excel refuse a file with macros, and a template, under the plain names; so docm, xlsm … are kept.
    """
    if target := converted_to(finding for one in outcomes for finding in one.findings):
        return target
    try:
        package = open_package(data, limits)
    except Unreadable:
        return ""
    markable = not package.strict and (package.kind == "docx" or can_be_marked(data, limits))
    return package.suffix if markable else ""


def _name_rows(data: Json, outcome: Outcome, spec: TypeSpec) -> None:
    """Give findings about rows the row's key, so that a row is known again when others were put in before it."""
    rows = outcome.record.rows if outcome.record else ()
    for finding in data["findings"]:
        row = finding["row"]
        if row is not None and spec.row_key and 1 <= row <= len(rows):
            finding["row_key"] = _key(spec.row_key, rows[row - 1])


def _matter(spec: TypeSpec | None, outcome: Outcome, year: int) -> Json:
    """Which matter a form is about and what must be unique about it; within the year's cycle if the type has one."""
    if spec is None or outcome.record is None:
        return {}
    cycle = f"{year}\x1f" if spec.window else ""
    key, subject = (_key(names, outcome.record.fields) for names in (spec.key, spec.unique))
    return {
        "key": key and cycle + key,
        "subject": subject and cycle + subject,
        "subject_field": next(iter(spec.unique), ""),
    }


def _key(names: tuple[str, ...], data: Mapping[str, Datum]) -> str:
    """The values of the key fields in one spelling; "" when one of them is missing or in doubt."""
    parts = [_plain(data[name]) if name in data else "" for name in names]
    return "\x1f".join(parts) if parts and all(parts) else ""


def _plain(datum: Datum) -> str:
    if datum.reading.doubt:
        return ""
    text = datum.value if isinstance(datum.value, str) else datum.text
    if isinstance(datum.value, date):
        text = datum.value.isoformat()
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def _arrival(data: Json) -> Arrival:
    return Arrival(data["name"], data["unit"], date.fromisoformat(data["received"]), data["sha256"])


def _notice(data: Json) -> feedback.Notice:
    days: dict[str, Any] = {name: _day(data[name]) for name in ("received", "today", "due")}
    progress = tuple(data["progress"]) if data["progress"] else None
    return feedback.Notice(**{**data, **days, "progress": progress})


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
