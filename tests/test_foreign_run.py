"""A whole run with files of old formats: record, marked copy in today's format, slip, original kept as it came."""

from __future__ import annotations

import json
from datetime import date
from io import BytesIO
from pathlib import Path

import docx
import openpyxl
import pytest

from pipeline import flow
from pipeline.demo.papers import FIRST, MIDDLE_DAY, ROSTER, Paper
from pipeline.flow.briefing import Options
from pipeline.flow.report import DocumentReport
from pipeline.model import Verdict
from pipeline.office.library import default_templates, load_library
from pipeline.output.blanks import filled
from pipeline.workspace import Workspace
from tests.archives import zipped
from tests.faults.invariants import files
from tests.foreign import needs_office, saved_as

pytestmark = needs_office
DAY = date(2026, 8, 27)
LIBRARY = load_library(default_templates())
APPLICATION = MIDDLE_DAY[0]


def form(paper: Paper, **changes: str) -> bytes:
    texts = {name: text.replace("YEAR", "2026") for name, text in {**paper.fields, **changes}.items()}
    rows = [{name: text.replace("YEAR", "2026") for name, text in row.items()} for row in paper.rows]
    return filled(LIBRARY, paper.type, texts, rows)


class Office:
    """A workspace with its roster, handed in as .ods, and what was handed in as .doc and .rtf."""

    def __init__(self, root: Path) -> None:
        self.workspace = Workspace.create(root, templates=default_templates(), units=(FIRST,))
        self.roster = saved_as("ods", {"a.xlsx": form(ROSTER)})["a.xlsx"]
        (self.workspace.inbox / "名册.ods").write_bytes(self.roster)
        self.run()
        second = form(APPLICATION, 项目名称="另一个项目：塔吊限位联动")
        sources = {"a.docx": form(APPLICATION, 项目主要责任人=""), "b.docx": second}
        self.faulty, self.sound = saved_as("doc", sources).values()
        self.taken = self.hand_in({"申请表.doc": self.faulty, "改名.wps": self.sound})

    def hand_in(self, dropped: dict[str, bytes]) -> dict[str, DocumentReport]:
        for name, data in dropped.items():
            (self.workspace.inbox / FIRST / name).write_bytes(data)
        return self.run()

    def run(self) -> dict[str, DocumentReport]:
        report = flow.run(self.workspace, today=DAY, options=Options(settle=0.02))
        return {Path(one.file).name: one for one in report.documents}

    def written(self, name: str, word: str) -> Path:
        (path,) = (path for path in self.taken[name].outputs if word in path)
        return self.workspace.root / path


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(tmp_path_factory.mktemp("w") / "甲")


def text_of(path: Path) -> str:
    document = docx.Document(str(path))
    cells = "".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return cells + "".join(paragraph.text for paragraph in document.paragraphs)


def test_the_record_says_what_the_paper_says_and_how_it_was_read(office):
    faulty, sound = office.taken["申请表.doc"], office.taken["改名.wps"]
    assert (faulty.verdicts, sound.verdicts) == ((Verdict.RETURNED,), (Verdict.ACCEPTED,))
    assert sound.outcomes[0]["fields"]["项目名称"]["text"] == "另一个项目：塔吊限位联动"
    assert sound.numbers[0]
    found = {finding["code"]: finding for finding in sound.outcomes[0]["findings"]}
    assert found["converted"]["facts"] == {"from": "doc", "to": "docx", "copy": "docx"}


def test_the_marked_copy_is_the_converted_file_with_the_remarks_at_their_spot(office):
    marked = office.written("申请表.doc", "_已标注_")
    assert marked.name == f"申请表_已标注_{office.taken['申请表.doc'].reference}.docx"
    document = docx.Document(str(marked))
    assert "项目名称" in text_of(marked)
    comments = [comment.text for comment in document.comments]
    assert any("项目主要责任人" in text for text in comments)
    assert any("LibreOffice" in text for text in comments)


def test_the_slip_says_what_the_marked_copy_is(office):
    slip = text_of(office.written("申请表.doc", "反馈单"))
    assert "附上由它转换成的 .docx 文件" in slip
    assert "申请表.doc）" in slip


def test_a_sheet_comes_back_as_todays_workbook(office):
    (marked,) = office.workspace.outbox.rglob("名册_已标注_*.xlsx")
    assert "LibreOffice" in str([row for sheet in openpyxl.load_workbook(marked) for row in sheet.values])


def test_the_originals_are_kept_byte_by_byte(office):
    kept = {path.read_bytes() for path in files(office.workspace.archive / "2026" / "原件")}
    assert {office.roster, office.faulty, office.sound} <= kept
    journal = office.workspace.journal(2026).read_text("utf-8").splitlines()
    assert any(
        "converted" in form["codes"] for line in journal for form in json.loads(line)["payload"].get("forms", ())
    )


def test_the_same_file_again_and_the_corrected_copy_are_known(office):
    marked, stream = docx.Document(str(office.written("申请表.doc", "_已标注_"))), BytesIO()
    cell = next(cell for row in marked.tables[0].rows for cell, label in zip(row.cells[1:], row.cells, strict=False)
                if label.text == "项目主要责任人")  # fmt: skip
    cell.paragraphs[0].text = "彭志强"
    marked.save(stream)
    packed = zipped({"又来.doc": office.sound})
    again = office.hand_in({"改好了.docx": stream.getvalue(), "包.zip": packed})
    assert again["包.zip"].verdicts == (Verdict.DUPLICATE,)
    assert again["改好了.docx"].outcomes[0]["answers"] == office.taken["申请表.doc"].reference
    assert again["改好了.docx"].verdicts == (Verdict.ACCEPTED,)
