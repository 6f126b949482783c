"""Texts in the context of their document: the year in force, the base of relative deadlines, the row above."""

from __future__ import annotations

from datetime import date

from pipeline.forms.interpret import Frame, interpret
from pipeline.forms.spec import FieldSpec, TypeSpec
from pipeline.model import Extract, Reading, Record
from pipeline.values import Deadline

SPEC = TypeSpec(
    "整改台账",
    "ledger",
    (),
    (FieldSpec("反馈日期", "date"),),
    (FieldSpec("责任人", "person"), FieldSpec("完成时限", "deadline")),
)


def _record(base: str, *deadlines: str | Reading) -> Record:
    readings = [item if isinstance(item, Reading) else Reading(item) for item in deadlines]
    rows = tuple({"责任人": Reading("冯敏"), "完成时限": reading} for reading in readings)
    return interpret(SPEC, Extract(SPEC.name, "", {"反馈日期": Reading(base)}, rows), Frame(2020, date(2020, 1, 1)))


def _ends(record: Record) -> list[date | None]:
    values = [row["完成时限"].value for row in record.rows]
    return [value.end if isinstance(value, Deadline) else None for value in values]


def test_a_deadline_without_a_year_takes_the_year_of_the_feedback_date() -> None:
    assert _ends(_record("2026年3月10日", "5月底前")) == [date(2026, 5, 31)]


def test_a_deadline_that_counts_from_the_feedback_is_computed_from_it() -> None:
    record = _record("2026年3月10日", "反馈后2个月内")
    assert _ends(record) == [date(2026, 5, 10)]
    assert "derived" in record.rows[0]["完成时限"].flags


def test_ditto_copies_the_last_text_that_said_something() -> None:
    assert _ends(_record("2026年3月10日", "2026年5月20日", "同上", "同上")) == [date(2026, 5, 20)] * 3


def test_ditto_below_a_doubt_is_asked_not_copied() -> None:
    doubt = Reading("2026年5月20日", reason="second", other="2026年6月20日")
    record = _record("2026年3月10日", doubt, "同上")
    assert _ends(record)[1] is None
    assert record.rows[1]["完成时限"].problem == "ambiguous_date"


def test_texts_stay_as_they_were_and_blanks_have_no_value() -> None:
    record = _record("", "")
    assert (record.rows[0]["完成时限"].text, record.rows[0]["完成时限"].value) == ("", None)
    assert record.rows[0]["责任人"].text == "冯敏"
