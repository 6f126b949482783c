"""A 待人工确认 that came back: its rows become orders, row by row; what cannot be carried out is told beside its row.

A row counts only for the doubt it was printed for: its 校验码 and its locked cells must be those of a doubt of the
registry. Rows without an answer simply go on waiting.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from pipeline import values
from pipeline.catalog.files import FILES
from pipeline.checks import verdict_of
from pipeline.flow import deciding, learning
from pipeline.flow.objections import already, objection, to_answer, to_standing
from pipeline.forms.area import area_of
from pipeline.forms.doubts import Answer, Doubt, settled
from pipeline.forms.labels import squeeze
from pipeline.forms.reading import clean
from pipeline.forms.spec import FieldSpec
from pipeline.model import Datum, Finding, Outcome, Place, Severity
from pipeline.output.waiting import ANSWERS, FIRST, OTHER, SECOND, YES, Shown, shown
from pipeline.store import standing
from pipeline.store.submissions import ANSWERS as ANSWERS_TYPE
from pipeline.wire import finding_to_json, outcome_from_json

if TYPE_CHECKING:
    from pipeline.flow.deciding import Order, Prepared
    from pipeline.flow.messages import Examined
    from pipeline.flow.stages import Stages
    from pipeline.store.decide import Form
    from pipeline.store.events import Chain
    from pipeline.store.registry import Connection
    from pipeline.store.standing import Standing

_CHECKED = ("来文编号", "位置", "字段", FIRST, SECOND)
"""Locked cells that say what a row is about."""

_NOWHERE = Place("file", "整个文件")
Row = Mapping[str, Datum]
Taught = tuple["Standing", str, str, str]
"""A label that the office taught: in which submission, for which field, the label, by whom."""


@dataclass(frozen=True, slots=True)
class Known:
    """A doubt of the registry, open or settled, with the form it stands in."""

    standing: Standing
    shown: Shown


@dataclass(slots=True)
class Book:
    """One workbook: its rows with what is to be said of each, and the answers that are to be tried."""

    form: Form
    today: date
    reference: str
    rows: tuple[Row, ...]
    told: dict[int, Finding] = field(default_factory=dict)
    tried: list[tuple[int, Known, Answer]] = field(default_factory=list)
    labels: list[tuple[int, Known, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Answered:
    """A batch in which every workbook is judged by its rows, and what the rows ask for beside it."""

    batch: tuple[Examined, ...]
    prepared: tuple[Prepared, ...]
    lessons: tuple[Taught, ...]

    def carry_out(self, stages: Stages, connection: Connection, chain: Chain) -> None:
        """Decide about what the rows settle; inside the transaction of the batch."""
        deciding.carry_out(stages, connection, chain, self.prepared)


def take(stages: Stages, batch: Sequence[Examined]) -> Answered:
    """What the workbooks among these arrivals come to; nothing of it is recorded yet."""
    books: list[Book] = []
    prepared: list[Prepared] = []
    judged: list[Examined] = []
    for one in batch:
        forms = []
        for form in one.forms:
            if _is_book(one, form):
                book = _read(stages, one, form)
                done = deciding.prepare(stages, _orders(book))
                _tell(book, done)
                books.append(book)
                prepared += done
                form = replace(form, outcome=_judged(book))
            forms.append(form)
        judged.append(replace(one, forms=tuple(forms)))
    return Answered(tuple(judged), tuple(prepared), tuple(one for book in books for one in _lessons(book)))


def _is_book(one: Examined, form: Form) -> bool:
    return not one.item.row.unit and form.outcome.get("type") == ANSWERS_TYPE


def _read(stages: Stages, one: Examined, form: Form) -> Book:
    record = outcome_from_json(form.outcome).record
    book = Book(form, stages.today, one.item.row.reference, record.rows if record else ())
    known = _known(stages, book)
    for number, row in enumerate(book.rows, 1):
        if any(_said(row, name) for name in ANSWERS):
            _take(book, number, row, known)
    _contradictions(book)
    for number, known_one, _ in book.labels:
        why = learning.objection_to(
            stages.workspace, known_one.standing.type, known_one.shown.doubt.field, known_one.shown.label
        )
        if isinstance(why, Finding) and why.facts["variant"] != "known":
            book.told.setdefault(number, replace(why, field="作为同义标签"))
    return book


def _take(book: Book, number: int, row: Row, known: Mapping[str, Known | Finding]) -> None:
    found = _row_of(row, known)
    answer = found if isinstance(found, Finding) else _answer(book, row, found.shown.doubt)
    if isinstance(found, Finding) or isinstance(answer, Finding):
        told = found if isinstance(found, Finding) else answer
        book.told[number] = told  # type: ignore[assignment]
        return
    why = to_answer(outcome_from_json(found.standing.outcome), answer)
    if why is not None:
        book.told[number] = why
    else:
        book.tried.append((number, found, answer))
    if (why is None or already(why)) and _said(row, "作为同义标签") == YES and found.shown.label:
        book.labels.append((number, found, answer.by))


def _known(stages: Stages, book: Book) -> dict[str, Known | Finding]:
    """What rows can be about, by # and 校验码; by 来文编号 why nothing of that submission can be settled any more."""
    names = dict.fromkeys(_said(row, "来文编号") for row in book.rows)
    known: dict[str, Known | Finding] = {}
    with stages.registry.transaction() as connection:
        for name in filter(None, names):
            found = [one for one in standing.find(connection, name) if one.reference == name.upper()]
            if not found:
                known[name] = objection("no_reference", reference=name)
            for one in found:
                if why := to_standing(one, standing.successor(connection, one)):
                    known[name] = why
                    continue
                known |= {f"#{each.code}": Known(one, each) for each in _shown(one)}
    return known


def _shown(one: Standing) -> Iterator[Shown]:
    """The doubts of a form as they were printed; those that are settled as they were before."""
    outcome = outcome_from_json(one.outcome)
    about: dict[str, Any] = {
        "reference": one.reference, "form": one.form, "unit": one.arrival.unit,
        "file_name": one.arrival.name, "original": one.arrival.original,
    }  # fmt: skip
    yield from shown(outcome, **about)
    for doubt in settled(outcome.record) if outcome.record else ():
        yield Shown(**about, type=one.type, doubt=_as_it_was(doubt))


def _as_it_was(doubt: Doubt) -> Doubt:
    word = doubt.reading.confirmed
    if word is None:
        return doubt
    reading = replace(doubt.reading, text=word.reading, other=word.other, reason=word.reason)
    return replace(doubt, reading=reading)


def _row_of(row: Row, known: Mapping[str, Known | Finding]) -> Known | Finding:
    unclear = next((name for name in (*ANSWERS, "校验码", "来文编号") if row[name].reading.doubt), "")
    if unclear:
        return _at(unclear, "unclear")
    found = known.get(f"#{_said(row, '校验码').upper()}")
    if not isinstance(found, Known):
        why = known.get(_said(row, "来文编号"))
        return replace(why, field="来文编号") if isinstance(why, Finding) else _at("校验码", "unknown_row")
    texts = found.shown.texts
    changed = next((name for name in _CHECKED if not _same(row[name], texts[name])), "")
    return _at(changed, "changed", name=changed) if changed else found


def _same(cell: Datum, text: str) -> bool:
    """Whether a cell still shows the text, read with the reader's own eyes."""
    spec = FieldSpec("")
    shows = squeeze(cell.text or cell.reading.printed)
    return shows in (squeeze(text), squeeze(clean(spec, area_of(text, _NOWHERE))))


def _answer(book: Book, row: Row, doubt: Doubt) -> Answer | Finding:
    choice, typed, by = (_said(row, name) for name in ("确认为", "其他填写", "确认人"))
    why = _objection(doubt, choice, typed)
    if why is not None:
        return why
    if not by:
        return _at("确认人", "by")
    if values.parse("person", by, values.Context(book.today.year)).problem:
        return _at("确认人", "by_name", said=by)
    day = _day(book, row)
    if day is None:
        return _at("确认日期", "date", said=_said(row, "确认日期"))
    text = {FIRST: None, SECOND: doubt.reading.other}.get(choice, typed)
    return Answer(doubt.field, doubt.row, text, by, day)


def _objection(doubt: Doubt, choice: str, typed: str) -> Finding | None:
    if not choice:
        return _at("确认为", "other_unused" if typed else "blank")
    if choice not in (FIRST, SECOND, OTHER):
        return _at("确认为", "choice", said=choice)
    if choice == OTHER and not typed:
        return _at("其他填写", "other_blank")
    if choice != OTHER and typed:
        return _at("其他填写", "other_unused")
    if choice == SECOND and not doubt.reading.other:
        return _at("确认为", "no_second")
    return None


def _day(book: Book, row: Row) -> date | None:
    """The day the person wrote, today when none was written; None for one that cannot be."""
    text = _said(row, "确认日期")
    if not text:
        return book.today
    stored = row["确认日期"].reading.stored
    day = values.parse("date", text, values.Context(book.today.year), stored=stored).value
    return day if isinstance(day, date) and day <= book.today else None


def _contradictions(book: Book) -> None:
    """Rows about one doubt must say one thing; of rows that say the same the first is tried."""
    by_doubt: dict[tuple[int, str, int | None], list[tuple[int, Known, Answer]]] = defaultdict(list)
    for one in book.tried:
        by_doubt[one[1].standing.id, one[2].field, one[2].row].append(one)
    book.tried.clear()
    for group in by_doubt.values():
        if len({answer.text for _, _, answer in group}) > 1:
            book.told |= {number: objection("contradiction", "确认为") for number, _, _ in group}
        else:
            book.tried.append(group[0])
    book.tried.sort(key=lambda one: one[0])


def _orders(book: Book) -> list[Order]:
    grouped: dict[int, list[tuple[int, Known, Answer]]] = defaultdict(list)
    for one in book.tried:
        grouped[one[1].standing.id].append(one)
    return [
        deciding.Order(group[0][1].standing, tuple(answer for _, _, answer in group), via=book.reference)
        for group in grouped.values()
    ]


def _tell(book: Book, prepared: list[Prepared]) -> None:
    """What came of the answers that were tried, beside their rows."""
    rows = {(known.standing.id, answer.field, answer.row): number for number, known, answer in book.tried}
    for one in prepared:
        for answer, problem in zip(one.order.answers, one.problems, strict=True):
            if problem is not None:
                number = rows[one.order.standing.id, answer.field, answer.row]
                book.told[number] = replace(problem, field="其他填写" if answer.text else "确认为")


def _lessons(book: Book) -> Iterator[Taught]:
    """Labels to learn, from rows that were carried out."""
    for number, known, by in book.labels:
        if number not in book.told or already(book.told[number]):
            yield known.standing, known.shown.doubt.field, known.shown.label, by


def _judged(book: Book) -> dict[str, Any]:
    """The workbook's own outcome: what the reader said of the file, and what became of its rows."""
    said = outcome_from_json(book.form.outcome)
    general = [one for one in said.findings if one.code in FILES]
    told = [_placed(book, number, why) for number, why in sorted(book.told.items())]
    if not book.told and not book.tried:
        told = [replace(objection("nothing"), place=_NOWHERE)]
    findings = (*general, *told)
    outcome = Outcome(said.type, said.layout, verdict_of(findings, doubts=False), said.record, findings)
    return {
        **book.form.outcome,
        "verdict": str(outcome.verdict),
        "findings": [finding_to_json(one) for one in findings],
    }


def _placed(book: Book, number: int, why: Finding) -> Finding:
    column = why.field if why.field in book.rows[number - 1] else "确认为"
    reading = book.rows[number - 1][column or "确认为"].reading
    severity = Severity.HINT if already(why) else Severity.ERROR
    return replace(why, severity=severity, field=column, row=number, place=reading.place, found=reading.text)


def _at(column: str, variant: str, **facts: str) -> Finding:
    return objection(variant, column, None, **facts)


def _said(row: Row, column: str) -> str:
    return row[column].text.strip() if column in row else ""
