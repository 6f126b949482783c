"""Why an answer or a decision of a person cannot be carried out, as a finding: told on the spot or beside its row.

What a typed text means as a value is asked of a worker (`clerk`); here is what the record alone shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.catalog import sentence
from pipeline.forms.doubts import doubts, reading_at, said
from pipeline.forms.labels import squeeze
from pipeline.model import Finding, Severity, Verdict

if TYPE_CHECKING:
    from pipeline.forms.doubts import Answer
    from pipeline.model import Outcome, Reading
    from pipeline.store.standing import Standing

_NO_MATTER = ("office_return", "late")
"""Errors that do not keep the office from accepting: its own word, and what no correction can mend."""


def objection(variant: str, field: str | None = None, row: int | None = None, **facts: str) -> Finding:
    """A finding of code not_settled."""
    return Finding("not_settled", Severity.ERROR, field, row, facts={"variant": variant, **facts})


def already(finding: Finding | None) -> bool:
    """Whether it only says that the very same was confirmed before."""
    return finding is not None and finding.facts.get("variant") == "already"


def told(finding: Finding) -> str:
    """The sentence for somebody who knows which submission is meant."""
    return sentence(finding).text.removeprefix("整个文件：")


def to_answer(outcome: Outcome, answer: Answer) -> Finding | None:
    """Why this answer settles nothing; None when there is a doubt that it settles."""
    record, field, row = outcome.record, answer.field, answer.row
    if record is None:
        return objection("no_field", type=outcome.type or "", known="（无）")
    columns = dict.fromkeys(name for one in record.rows for name in one)
    if field not in record.fields and field not in columns:
        known = "、".join([*record.fields, *columns])
        return objection("no_field", field, None, type=record.type, known=known)
    if field in columns and field not in record.fields and row is None:
        return objection("row_wanted", field)
    reading = reading_at(record, field, row)
    if reading is None:
        return objection("no_row", field, None, n=str(row), count=str(len(record.rows)))
    return _to_reading(reading, answer)


def _to_reading(reading: Reading, answer: Answer) -> Finding | None:
    field, row, word = answer.field, answer.row, reading.confirmed
    if not reading.doubt and word is None:
        return objection("no_doubt", field, row, text=reading.text)
    if not reading.doubt and word is not None:
        same = answer.text is None or squeeze(answer.text) == squeeze(reading.text)
        facts = {"by": word.by, "date": f"{word.on:%Y-%m-%d}", "text": reading.text, "said": answer.text or ""}
        return objection("already" if same else "otherwise", field, row, **facts)
    return objection("blank", field, row) if not said(reading, answer.text) and answer.text is not None else None


def to_ruling(standing: Standing, outcome: Outcome, *, accept: bool, note: str) -> Finding | None:
    """Why the office cannot accept or return this as it stands."""
    if accept and standing.verdict is Verdict.ACCEPTED:
        return objection("accepted", number=standing.number or "")
    if not accept and standing.verdict is Verdict.RETURNED:
        return objection("returned")
    if not note.strip():
        return objection("reason")
    return _to_acceptance(outcome) if accept else None


def _to_acceptance(outcome: Outcome) -> Finding | None:
    open_ones = doubts(outcome.record) if outcome.record else ()
    if open_ones:
        return objection("doubts", count=str(len(open_ones)))
    errors = [one for one in outcome.findings if one.severity is Severity.ERROR and one.code not in _NO_MATTER]
    if errors:
        fields = "、".join(dict.fromkeys(f"“{one.field}”" if one.field else "整个文件" for one in errors))
        return objection("errors", fields=fields)
    return None


def to_standing(standing: Standing, later: str) -> Finding | None:
    """Why nothing can be decided about a submission; `later`: the reference of what took its place."""
    if standing.verdict in (Verdict.DUPLICATE, Verdict.UNREADABLE, Verdict.UNKNOWN):
        return objection("closed", verdict=_CLOSED[standing.verdict])
    return None if standing.active else objection("replaced", later=later)


_CLOSED = {Verdict.DUPLICATE: "重复报送", Verdict.UNREADABLE: "无法读取", Verdict.UNKNOWN: "不是认识的表"}
