"""What a sender gets back for every arrival: the own file marked at the spot, and a 反馈单 or a 受理回执.

Pure: the same arrival gives the same bytes, whenever it is written again. Does not decide anything and writes no file.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING

from pipeline.errors import Unreadable
from pipeline.model import Severity, Verdict
from pipeline.office.docx_letter import render_letter
from pipeline.office.docx_mark import mark_docx
from pipeline.office.marks import Mark, PageLine, Stamp
from pipeline.office.package import open_package
from pipeline.office.proof import proof_docx, proof_xlsx
from pipeline.office.xlsx_mark import mark_xlsx
from pipeline.output import words
from pipeline.output.page import on_receipt, on_slip
from pipeline.output.papers import template
from pipeline.output.remarks import Remark, converted_to, excerpt, remarks
from pipeline.settings import Limits

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from pipeline.model import Outcome
    from pipeline.office.library import Library

SLIP, RECEIPT = "反馈单", "受理回执"
_TO_MEND = (Verdict.RETURNED, Verdict.UNREADABLE, Verdict.UNKNOWN)
"""Verdicts that ask the sender for a corrected file, hence for a day by which it is wanted."""


@dataclass(frozen=True, slots=True)
class Notice:
    """The facts of an arrival that its feedback prints.

    `number`: the project's number, "" without one. `due`: the day by which the corrected file is wanted. `progress`:
    findings returned, corrected and left since the first return, None on the first one. `entry`, `entry_hash`: the
    journal entry that records the arrival, printed as a witness.
    """

    reference: str
    organisation: str
    office: str
    contact: str
    unit: str
    file_name: str
    received: date
    today: date
    number: str
    due: date | None
    progress: tuple[int, int, int, int] | None
    entry: int
    entry_hash: str


def marked_copy(original: bytes, outcome: Outcome, notice: Notice, *, others: Sequence[Outcome] = ()) -> bytes | None:
    """The sender's file with every remark at its spot; None when the file cannot be marked (not docx or xlsx, damaged).

    Raises office.proof.Unsound when python-docx or openpyxl find fault with what was written.
    `others`: the outcomes of further forms in the same file. With nothing to say only earlier marks of ours go.
    """
    kind = _kind(original)
    said = [remark for one in (outcome, *others) for remark in remarks(one)]
    marks = [Mark(remark.place, remark.text, remark.severity) for remark in said]
    stamp = Stamp(notice.reference, when=datetime.combine(notice.today, time(12)))
    if kind == "docx":
        marked = mark_docx(original, marks, stamp)
        proof_docx(original, marked, marks)
        return marked
    if kind == "xlsx":
        page = [_page_line(number, remark) for number, remark in enumerate(said, 1)]
        marked = mark_xlsx(original, marks, stamp, page)
        proof_xlsx(original, marked, marks)
        return marked
    return None


def _kind(original: bytes) -> str:
    """docx or xlsx; "" for a file that nothing can be written into."""
    try:
        package = open_package(original, Limits())
    except Unreadable:
        return ""
    return "" if package.strict else package.kind


def slip(outcome: Outcome, notice: Notice, library: Library, *, marked: bool = True) -> bytes:
    """The 反馈单: one page that says what was received, what became of it and what to do by when.

    `marked`: a marked copy goes with it.
    """
    said = remarks(outcome)
    values: dict[str, object] = {
        **_heading(outcome, notice),
        "结论": words.VERDICTS[outcome.verdict],
        "说明": words.next_step(outcome.verdict, marked=marked, converted_to=converted_to(outcome.findings))
        + _lesser(said),
        "进度": words.progress(notice.progress),
        "补正截止": words.chinese_date(notice.due) if outcome.verdict in _TO_MEND else "",
    }
    whole = len({remark.place.part for remark in said if remark.place and remark.place.kind == "sheet"}) > 1
    lines = [_line(number, remark, brief=not whole) for number, remark in enumerate(said, 1)]
    shown = on_slip(lines, [str(values[name]) for name in ("收到", "说明", "进度", "补正截止")])
    values |= {"问题": shown, "其余": words.rest(len(said) - len(shown), marked=marked)}
    return render_letter(template(library, SLIP, ".docx"), SLIP, values)


def receipt(outcome: Outcome, notice: Notice, library: Library, *, marked: bool = True) -> bytes:
    """The 受理回执: the number, what was registered, and what is worth knowing. `marked` as for `slip`."""
    heading = _heading(outcome, notice)
    registered = _registered(outcome)
    hints = [_hint(number, remark) for number, remark in enumerate(remarks(outcome), 1)]
    shown = on_receipt(hints, registered, [f"{heading['收到']}{words.COMPLETE}", notice.number])
    if len(shown) < len(hints):
        shown.append({"序号": str(len(shown) + 1), **words.rest_of_hints(len(hints) - len(shown), marked=marked)})
    named = words.NUMBERS.get(outcome.type or "", words.OTHER_NUMBER)
    values = {**heading, "编号名称": named, "项目编号": notice.number, "登记": registered, "提示": shown}
    return render_letter(template(library, RECEIPT, ".docx"), RECEIPT, values)


def _heading(outcome: Outcome, notice: Notice) -> dict[str, object]:
    """What slip and receipt have in common."""
    return {
        "编号": notice.reference,
        "单位": notice.unit or words.OWN,
        "文种": outcome.type or "",
        "文件名": notice.file_name,
        "收到": words.arrived(outcome.type or "", notice.file_name, notice.received, own=not notice.unit),
        "收到日期": words.chinese_date(notice.received),
        "联系人": notice.contact,
        "落款": f"{notice.organisation}{notice.office}",
        "日期": words.chinese_date(notice.today),
        "凭证": words.witness(notice.entry, notice.entry_hash),
    }


def _lesser(said: Sequence[Remark]) -> str:
    mixed = {remark.severity for remark in said}
    return words.LESSER_NOTE if Severity.HINT in mixed and len(mixed) > 1 else ""


def _line(number: int, remark: Remark, *, brief: bool = False) -> dict[str, str]:
    """A row of the slip; `brief`: the sheet need not be named."""
    problem = f"（{remark.word}）{remark.problem}" if remark.severity is not Severity.ERROR else remark.problem
    where = remark.brief_where if brief else remark.where
    return {
        "序号": str(number), "位置": where, "内容": remark.written, "问题": problem, "要求": remark.brief_advice
    }  # fmt: skip


def _hint(number: int, remark: Remark) -> dict[str, str]:
    line = _line(number, remark, brief=True)
    return {**line, "问题": f"{remark.problem.rstrip('。')}。"}


def _registered(outcome: Outcome) -> list[dict[str, str]]:
    """The fields that were filled in, shortened, and how many rows came with them."""
    if outcome.record is None:
        return []
    lines = [
        {"项目": name, "内容": excerpt(datum.text, 60)} for name, datum in outcome.record.fields.items() if datum.text
    ]
    if outcome.record.rows:
        lines.append({"项目": "表内事项", "内容": words.rows(len(outcome.record.rows))})
    return lines


def _page_line(number: int, remark: Remark) -> PageLine:
    place = remark.place.text if remark.place and remark.place.kind != "file" else remark.where
    return PageLine(str(number), place, remark.word, remark.written, remark.problem, remark.advice)
