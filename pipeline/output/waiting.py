"""待人工确认: the workbook of everything that only a person can settle, one row per doubt.

Pure: what waits in, the workbook out. A row's 校验码 stands for the doubt as it is shown; an answer is carried out only
for the doubt that was shown. Who reads the answers is `flow/answers`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pipeline.catalog import sentence
from pipeline.forms.doubts import Doubt, doubts
from pipeline.model import Finding, Outcome, Severity
from pipeline.office.xlsx_answers import AnswerColumn, AnswerRow, write_answers
from pipeline.output import words

if TYPE_CHECKING:
    from pipeline.settings import Fonts

TITLE = "待人工确认"
FIRST, SECOND, OTHER, YES = "读法一", "读法二", "其他", "是"
_MOST = 1500
COLUMNS = (
    AnswerColumn("序号", 4.5, centred=True),
    AnswerColumn("来文编号", 10, centred=True),
    AnswerColumn("单位", 11),
    AnswerColumn("文种", 10),
    AnswerColumn("文件名", 12),
    AnswerColumn("位置", 12),
    AnswerColumn("字段", 9.5, centred=True),
    AnswerColumn(FIRST, 20),
    AnswerColumn(SECOND, 20),
    AnswerColumn("为什么要确认", 14),
    AnswerColumn("原件", 15),
    AnswerColumn("确认为", 8, centred=True, answer=True),
    AnswerColumn("其他填写", 15, answer=True),
    AnswerColumn("作为同义标签", 8, centred=True, answer=True),
    AnswerColumn("确认人", 8, centred=True, answer=True),
    AnswerColumn("确认日期", 10, centred=True, answer=True),
    AnswerColumn("校验码", 9, centred=True),
)
ANSWERS = tuple(column.heading for column in COLUMNS if column.answer)


@dataclass(frozen=True, slots=True)
class Shown:
    """A doubt with what the workbook says of its file. `original`: its path below the workspace."""

    reference: str
    form: int
    unit: str
    file_name: str
    original: str
    type: str
    doubt: Doubt
    label: str = ""

    @property
    def code(self) -> str:
        """What the row stands for: this doubt with these readings."""
        one = self.doubt
        parts = (self.reference, str(self.form), one.field, str(one.row), one.reading.text, one.reading.other)
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:8].upper()

    @property
    def texts(self) -> dict[str, str]:
        """The locked cells by column."""
        reading = self.doubt.reading
        return {
            "来文编号": self.reference,
            "单位": self.unit or words.OWN,
            "文种": self.type,
            "文件名": self.file_name,
            "位置": self.doubt.where,
            "字段": self.doubt.field,
            FIRST: _short(reading.text),
            SECOND: _short(reading.other),
            "为什么要确认": _reason(self.doubt, self.label),
            "原件": f"../../{self.original}",
            "校验码": self.code,
        }


def shown(outcome: Outcome, **about: str | int) -> Iterator[Shown]:
    """The doubts of one form. `about`: the other facts of `Shown`."""
    labels = {
        (one.field, one.row): one.facts.get("unknown_label", "") for one in outcome.findings if one.code == "doubt"
    }
    for doubt in doubts(outcome.record) if outcome.record else ():
        label = labels.get((doubt.field, doubt.row), "")
        yield Shown(**about, type=outcome.type or "", doubt=doubt, label=label)  # type: ignore[arg-type]


def waiting_book(rows: Sequence[Shown], fonts: Fonts, day: date) -> bytes:
    """The workbook of these doubts, in their order."""
    return write_answers(
        TITLE,
        note=words.waiting_note(day, len(rows)),
        columns=COLUMNS,
        rows=[_row(number, one) for number, one in enumerate(rows, 1)],
        fonts=fonts,
    )


def _row(number: int, one: Shown) -> AnswerRow:
    texts = {**one.texts, "序号": str(number)}
    choices: dict[str, tuple[str, ...] | None] = {
        "确认为": (FIRST, SECOND, OTHER) if one.doubt.reading.other else (FIRST, OTHER),
        "其他填写": (),
        "作为同义标签": (YES,) if one.label else None,
        "确认人": (),
        "确认日期": (),
    }
    headings = [column.heading for column in COLUMNS]
    return AnswerRow(tuple(texts.get(name, "") for name in headings), tuple(choices.get(name) for name in headings))


def _reason(doubt: Doubt, label: str) -> str:
    facts = {"variant": doubt.reading.reason, "other": doubt.reading.other}
    said = sentence(Finding("doubt", Severity.HINT, doubt.field, doubt.row, None, doubt.reading.text, facts))
    why = words.WHY.get(doubt.reading.reason, said.found)
    return f"{why}；旁边的标签是“{label}”" if label else why


def _short(text: str) -> str:
    return text if len(text) <= _MOST else f"{text[: _MOST - 1]}…"
