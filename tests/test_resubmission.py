"""A marked file goes back, is corrected in it and comes again: what is still wrong, and nothing left of the old marks.

The whole path, with the forms of the demonstration: dropped, marked, edited as a person would, dropped once more.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from docx import Document

from pipeline import flow
from pipeline.demo.papers import FIRST_DAY, ROSTER, SECOND, Paper
from pipeline.flow.report import DocumentReport
from pipeline.model import Verdict
from pipeline.office.library import default_templates, load_library
from pipeline.output.blanks import filled
from pipeline.store import reading
from pipeline.store.registry import Registry
from pipeline.workspace import Workspace

FIRST_RUN, SECOND_RUN = date(2026, 8, 20), date(2026, 8, 24)
FORM = next(paper for paper in FIRST_DAY if paper.name == "隧道光面爆破申请表.docx")
LEDGER = next(paper for paper in FIRST_DAY if paper.name == "整改台账.xlsx")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A roster, a form with two mistakes and a ledger with six, all taken in once."""
    made = Workspace.create(tmp_path_factory.mktemp("w") / "甲", templates=default_templates(), units=(SECOND,))
    for paper in (ROSTER, FORM, LEDGER):
        drop(made.inbox / paper.folder / paper.name, written(paper), FIRST_RUN)
    flow.run(made, today=FIRST_RUN)
    return made


def written(paper: Paper) -> bytes:
    library = load_library(default_templates())
    rows = [{name: text.replace("YEAR", "2026") for name, text in row.items()} for row in paper.rows]
    return filled(
        library, paper.type, {name: text.replace("YEAR", "2026") for name, text in paper.fields.items()}, rows
    )


def drop(path: Path, data: bytes, day: date) -> None:
    path.write_bytes(data)
    morning = datetime(day.year, day.month, day.day, 9).timestamp()
    os.utime(path, (morning, morning))


def corrected_form(data: bytes) -> bytes:
    document, stream = Document(BytesIO(data)), BytesIO()
    document.tables[0].cell(1, 1).paragraphs[0].text = "彭志强"
    document.save(stream)
    return stream.getvalue()


def corrected_ledger(data: bytes) -> bytes:
    book, stream = openpyxl.load_workbook(BytesIO(data)), BytesIO()
    sheet = book[LEDGER.type]
    names = [cell.value for cell in sheet[3]]
    assert "责任人" in names
    sheet.cell(5, names.index("责任人") + 1).value = "马国栋"
    sheet.cell(7, names.index("完成时限") + 1).value = "2026年6月30日"
    book.save(stream)
    return stream.getvalue()


def form_remarks(data: bytes) -> list[str]:
    return [comment.text for comment in Document(BytesIO(data)).comments]


def ledger_remarks(data: bytes) -> list[str]:
    book = openpyxl.load_workbook(BytesIO(data))
    cells = (cell for sheet in book for row in sheet.iter_rows() for cell in row)
    return [cell.comment.text for cell in cells if cell.comment]


def shown(data: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in Document(BytesIO(data)).paragraphs)


def hand_in_again(workspace: Workspace, paper: Paper, correct: Callable[[bytes], bytes]) -> tuple[str, DocumentReport]:
    """The marked copy, corrected, back in the inbox under the name it came with: its old reference, and the answer."""
    stem, suffix = paper.name.rsplit(".", 1)
    (sent,) = (workspace.outbox / SECOND / "反馈").glob(f"{stem}_已标注_*.{suffix}")
    reference = sent.stem.rpartition("_")[2]
    drop(workspace.inbox / SECOND / sent.name, correct(sent.read_bytes()), SECOND_RUN)
    (document,) = flow.run(workspace, today=SECOND_RUN).documents
    return reference, document


def output(workspace: Workspace, document: DocumentReport, word: str) -> bytes:
    return (workspace.root / next(path for path in document.outputs if word in path)).read_bytes()


@pytest.mark.parametrize(
    ("paper", "correct", "remarks", "progress", "left"),
    [
        pytest.param(FORM, corrected_form, form_remarks, "退回2处，已改1处，剩1处。", ["预期目标"], id="Word"),
        pytest.param(
            LEDGER, corrected_ledger, ledger_remarks, "退回6处，已改2处，剩4处。",
            ["佐证材料", "完成时限", "整改目标", "责任人"], id="Excel",
        ),
    ],
)  # fmt: skip
def test_a_corrected_file_is_told_what_is_left(workspace, paper, correct, remarks, progress, left):
    reference, document = hand_in_again(workspace, paper, correct)
    assert document.verdicts == (Verdict.RETURNED,)
    text = shown(output(workspace, document, "反馈单"))
    assert progress in text
    assert "望岳集团第二工程公司：" in text
    assert "2026年8月27日（含当日）" in text
    told = remarks(output(workspace, document, "已标注"))
    assert sorted(one.split("“")[1].split("”")[0] for one in told) == left
    assert all(f"编号：{document.reference}" in one for one in told)
    assert not [one for one in told if reference in one]
    assert active(workspace, paper.type) == [document.reference]


def test_the_first_sheet_is_there_once_and_lists_what_is_left(workspace):
    (reference,) = active(workspace, LEDGER.type)
    (newest,) = (workspace.outbox / SECOND / "反馈").glob(f"*_已标注_{reference}.xlsx")
    book = openpyxl.load_workbook(newest)
    assert len(book.sheetnames) == 2
    page = book.worksheets[0]
    numbers = [row[0].value for row in page.iter_rows() if str(row[0].value).isdigit()]
    assert [str(number) for number in numbers] == ["1", "2", "3", "4"]


def test_a_run_with_nothing_to_do_changes_no_byte(workspace):
    before = tree(workspace.root)
    report = flow.run(workspace, today=SECOND_RUN)
    assert report.documents == ()
    assert tree(workspace.root) == before


def active(workspace: Workspace, type_name: str) -> list[str]:
    """References of what is in force of that type."""
    with Registry.open(workspace.database) as registry, registry.transaction() as connection:
        return [row.reference for row in reading.active(connection) if row.outcome.get("type") == type_name]


def tree(root: Path) -> dict[str, bytes | None]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes() if path.is_file() else None for path in root.rglob("*")
    }
