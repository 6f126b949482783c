"""Workspaces as an office has them, with one submission in doubt: real files, taken in by a real run."""

from __future__ import annotations

import os
from copy import deepcopy
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import openpyxl
from docx import Document

from pipeline import flow
from pipeline.demo.papers import FIRST, FIRST_DAY, ROSTER, SECOND, Paper
from pipeline.flow.report import DocumentReport
from pipeline.office.library import default_templates, load_library
from pipeline.output.blanks import filled
from pipeline.workspace import Workspace

DAY, NEXT_DAY = date(2026, 8, 20), date(2026, 8, 21)
FORM = next(paper for paper in FIRST_DAY if paper.type == "党建项目申请表" and paper.folder == FIRST)
TASK = {
    "序号": "1", "反馈问题": "旁站记录补签", "整改类型": "限期整改", "整改目标": "签认率达到100%",
    "整改措施": "逐份核查3次",
    "责任部门": "工程部", "责任人": "王芳", "完成时限": "2026年9月20日",
}  # fmt: skip
LEDGER = Paper(
    SECOND, "台账.xlsx", "整改台账",
    {"单位名称": "望岳集团第二工程公司", "第一责任人": "贺云川", "反馈日期": "2026年8月1日"},
    (TASK, {**TASK, "序号": "2", "反馈问题": "台账缺项"}),
)  # fmt: skip
BRANCH = FORM.fields["立项支部"]
LIBRARY = load_library(default_templates())


def written(paper: Paper, **changes: str) -> bytes:
    """The paper as its sender filled it in."""
    dated = {name: text.replace("YEAR", "2026") for name, text in {**paper.fields, **changes}.items()}
    rows = [{name: text.replace("YEAR", "2026") for name, text in row.items()} for row in paper.rows]
    return filled(LIBRARY, paper.type, dated, rows)


def claimed_twice(data: bytes, *, label: str = "立项支部", text: str = "另一个支部") -> bytes:
    """A form on which somebody has put one label more, with another value: two places claim to be the field."""
    document = Document(BytesIO(data))
    table = document.tables[0]
    row = next(row for row in table.rows if row.cells[0].text.replace(" ", "") == label)
    table._tbl.append(deepcopy(row._tr))
    cell = table.rows[-1].cells[1]
    for paragraph in cell.paragraphs:
        for run in paragraph.runs:
            run.text = ""
    cell.paragraphs[0].add_run(text)
    return saved(document)


def relabelled(data: bytes, old: str, new: str) -> bytes:
    """A form that prints another label than the template does."""
    document = Document(BytesIO(data))
    for row in document.tables[0].rows:
        if row.cells[0].text.replace(" ", "") == old:
            runs = [run for paragraph in row.cells[0].paragraphs for run in paragraph.runs]
            runs[0].text = new
            for run in runs[1:]:
                run.text = ""
    return saved(document)


def without_results(data: bytes, column: str, *, rows: int = 1) -> bytes:
    """A ledger in which a column of the first rows became formulas that nobody has calculated."""
    book = openpyxl.load_workbook(BytesIO(data))
    sheet = book.active
    head = next(row for row in sheet.iter_rows() if any(cell.value == column for cell in row))
    at = next(cell.column for cell in head if cell.value == column)
    for number in range(1, rows + 1):
        sheet.cell(head[0].row + number, at).value = '=TEXT(46000,"yyyy年m月d日")'
    return saved(book)


def saved(document: object) -> bytes:
    stream = BytesIO()
    document.save(stream)  # type: ignore[attr-defined]
    return stream.getvalue()


def drop(workspace: Workspace, where: str, data: bytes, day: date = DAY) -> None:
    path = workspace.inbox / where
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    noon = datetime(day.year, day.month, day.day, 12).timestamp()
    os.utime(path, (noon, noon))


def office(root: Path, files: dict[str, bytes], *, own_templates: bool = False) -> tuple[Workspace, DocumentReport]:
    """A workspace in which these files were taken in after the roster; the report of the last one."""
    templates = default_templates() if own_templates else None
    workspace = Workspace.create(root, templates=templates, units=(FIRST, SECOND))
    drop(workspace, ROSTER.name, written(ROSTER))
    for where, data in files.items():
        drop(workspace, where, data)
    report = flow.run(workspace, today=DAY)
    return workspace, report.documents[-1]
