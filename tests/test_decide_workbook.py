"""待人工确认: written while something waits, filled in by a person, dropped back, carried out row by row."""

from __future__ import annotations

import json
import shutil
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from pipeline import flow
from pipeline.flow.report import DocumentReport
from pipeline.model import Verdict
from pipeline.office.read import read
from pipeline.output.status import collect
from pipeline.settings import Limits
from pipeline.store import reading
from pipeline.store.registry import Registry
from pipeline.workspace import Workspace
from tests.offices import (
    BRANCH,
    FIRST,
    FORM,
    LEDGER,
    NEXT_DAY,
    SECOND,
    claimed_twice,
    drop,
    office,
    saved,
    without_results,
    written,
)

HEAD = 3


@pytest.fixture(scope="module")
def taken_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("office") / "甲"
    ledger = without_results(written(LEDGER), "完成时限", rows=LEDGER_ROWS)
    office(root, {f"{FIRST}/申请表.docx": claimed_twice(written(FORM)), f"{SECOND}/台账.xlsx": ledger})
    return root


LEDGER_ROWS = 2


@pytest.fixture
def workspace(taken_in: Path, tmp_path: Path) -> Workspace:
    shutil.copytree(taken_in, tmp_path / "甲", symlinks=True)
    return Workspace.open(tmp_path / "甲")


def book_of(workspace: Workspace) -> Path:
    (path,) = (workspace.outbox / "待办").glob("待人工确认_*.xlsx")
    return path


def rows_of(data: bytes) -> list[dict[str, str]]:
    sheet = openpyxl.load_workbook(BytesIO(data)).active
    head, *rows = sheet.iter_rows(min_row=HEAD, values_only=True)
    return [dict(zip(head, (str(text or "") for text in row), strict=True)) for row in rows]


def filled_in(data: bytes, *answers: dict[str, object]) -> bytes:
    """The workbook with these cells typed in: one mapping per row from the first, column → what a person types."""
    book = openpyxl.load_workbook(BytesIO(data))
    sheet = book.active
    head = [cell.value for cell in sheet[HEAD]]
    for number, answer in enumerate(answers, HEAD + 1):
        for name, text in answer.items():
            sheet.cell(number, head.index(name) + 1).value = text
    return saved(book)


def hand_in(workspace: Workspace, data: bytes, where: str = "待人工确认.xlsx") -> list[DocumentReport]:
    drop(workspace, where, data, NEXT_DAY)
    return list(flow.run(workspace, today=NEXT_DAY).documents)


def standing(workspace: Workspace) -> dict[str, reading.Active]:
    with Registry.open(workspace.database) as registry, registry.transaction() as connection:
        return {one.name: one for one in reading.active(connection)}


def told(document: DocumentReport) -> list[tuple[int | None, str, str]]:
    """Row, variant and severity of what is said of the rows."""
    findings = document.outcomes[0]["findings"]
    return [(one["row"], one["facts"]["variant"], one["severity"]) for one in findings]


def yes(**more: object) -> dict[str, object]:
    return {"确认为": "读法一", "确认人": "张敏", **more}


def test_the_workbook_lists_every_doubt_once_with_both_readings_and_reads_back(workspace: Workspace) -> None:
    rows = rows_of(book_of(workspace).read_bytes())
    references = {name: one.reference for name, one in standing(workspace).items()}
    assert [(row["序号"], row["来文编号"], row["字段"]) for row in rows] == [
        ("1", references["申请表.docx"], "立项支部"),
        ("2", references["台账.xlsx"], "完成时限"),
        ("3", references["台账.xlsx"], "完成时限"),
    ]
    assert (rows[0]["读法一"], rows[0]["为什么要确认"]) == (BRANCH, "有两处像是这一项")
    assert rows[0]["读法二"] not in ("", BRANCH)
    assert "第1条" in rows[1]["位置"]
    assert (book_of(workspace).parent / rows[0]["原件"]).resolve().is_file()
    sheet = openpyxl.load_workbook(book_of(workspace)).active
    head = {cell.value: cell.column for cell in sheet[HEAD]}
    open_ones = {name for name, at in head.items() if not sheet.cell(HEAD + 1, at).protection.locked}
    assert sheet.protection.sheet
    assert open_ones == {"确认为", "其他填写", "确认人", "确认日期"}
    lists = {str(one.sqref): one.formula1 for one in sheet.data_validations.dataValidation}
    assert sorted(set(lists.values())) == ['"读法一,其他"', '"读法一,读法二,其他"']


def test_filled_rows_are_carried_out_and_the_others_go_on_waiting(workspace: Workspace) -> None:
    data = book_of(workspace).read_bytes()
    answers = filled_in(data, yes(), {}, yes(确认为="其他", 其他填写="2026年9月5日", 确认日期=date(2026, 8, 21)))
    book_of(workspace).unlink()  # moved, as people do
    report = hand_in(workspace, answers)
    assert report[0].verdicts == (Verdict.ACCEPTED,)
    assert any("受理回执" in path for path in report[0].outputs)
    now = standing(workspace)
    assert now["申请表.docx"].number == "DJ-2026-YY01-001"
    cell = now["台账.xlsx"].outcome["rows"][1]["完成时限"]
    assert (cell["value"]["end"], cell["confirmed"]["by"], cell["confirmed"]["on"]) == (
        "2026-09-05", "张敏", "2026-08-21",
    )  # fmt: skip
    assert now["台账.xlsx"].verdict == Verdict.REVIEW
    assert [row["字段"] for row in rows_of(book_of(workspace).read_bytes())] == ["完成时限"]
    receipts = list((workspace.outbox / FIRST / "反馈").glob("*受理回执*核定后*"))
    assert len(receipts) == 1
    kinds = [json.loads(line) for line in workspace.journal(2026).read_bytes().splitlines()[-3:]]
    assert sorted(line["kind"] for line in kinds) == ["corrected", "corrected", "decided"]
    assert {line["payload"].get("via", report[0].reference) for line in kinds} == {report[0].reference}


WRONG = (
    (1, {"确认为": "读法一"}, "by"),
    (1, {"确认人": "张敏"}, "blank"),
    (1, {"确认人": "张敏", "其他填写": "别的支部"}, "other_unused"),
    (1, yes(确认人="各部门"), "by_name"),
    (1, yes(确认为="其他"), "other_blank"),
    (1, yes(其他填写="别的支部"), "other_unused"),
    (1, yes(确认为="第一种"), "choice"),
    (1, yes(确认日期="2026年8月35日"), "date"),
    (1, yes(确认日期=date(2027, 1, 1)), "date"),
    (1, yes(读法一="改过的支部"), "changed"),
    (1, yes(字段="项目名称"), "changed"),
    (1, yes(位置="第9条"), "changed"),
    (1, yes(校验码="00000000"), "unknown_row"),
    (1, yes(来文编号="ZZZZ9999"), "changed"),
    (1, yes(来文编号="ZZZZ9999", 校验码="00000000"), "no_reference"),
    (2, yes(确认为="读法二"), "no_second"),
    (3, yes(确认为="其他", 其他填写="2026年2月30日"), "meaning"),
)


def test_rows_that_cannot_be_carried_out_are_told_and_change_nothing(workspace: Workspace) -> None:
    before = {name: one.outcome for name, one in standing(workspace).items()}
    book = openpyxl.load_workbook(book_of(workspace))
    sheet = book.active
    printed = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=HEAD + 1)]
    for at, (row, _, _) in enumerate(WRONG, HEAD + 1):
        for column, text in enumerate(printed[row - 1], 1):
            sheet.cell(at, column).value = text
    (document,) = hand_in(workspace, filled_in(saved(book), *[answers for _, answers, _ in WRONG]))
    assert document.verdicts == (Verdict.RETURNED,)
    assert told(document) == [(at, variant, "error") for at, (_, _, variant) in enumerate(WRONG, 1)]
    assert any("反馈单" in path for path in document.outputs)
    (marked,) = [path for path in document.outputs if "已标注" in path]
    sheet = openpyxl.load_workbook(workspace.root / marked)["待人工确认"]
    assert sum(1 for row in sheet.iter_rows() for cell in row if cell.comment) == len(WRONG)
    after = standing(workspace)
    assert {name: after[name].outcome for name in before} == before


def test_two_rows_that_contradict_each_other_are_both_refused(workspace: Workspace) -> None:
    data = book_of(workspace).read_bytes()
    book = openpyxl.load_workbook(BytesIO(data))
    sheet = book.active
    for cell in sheet[HEAD + 1]:
        sheet.cell(HEAD + 4, cell.column).value = cell.value
    answers = filled_in(saved(book), yes(), {}, {}, yes(确认为="读法二"))
    (document,) = hand_in(workspace, answers)
    assert told(document) == [(1, "contradiction", "error"), (4, "contradiction", "error")]
    assert standing(workspace)["申请表.docx"].verdict == Verdict.REVIEW


def test_what_was_settled_or_replaced_meanwhile_is_said(workspace: Workspace) -> None:
    data = book_of(workspace).read_bytes()
    hand_in(workspace, filled_in(data, yes()))
    (again,) = hand_in(workspace, filled_in(data, yes(确认人="李强")))
    assert again.verdicts == (Verdict.ACCEPTED,)
    assert told(again) == [(1, "already", "hint")]
    (other,) = hand_in(workspace, filled_in(data, yes(确认为="读法二")))
    assert told(other) == [(1, "otherwise", "error")]
    drop(workspace, f"{FIRST}/新.docx", written(FORM, 预期目标="（1）节约20万元。"), NEXT_DAY)
    flow.run(workspace, today=NEXT_DAY)
    (late,) = hand_in(workspace, filled_in(data, yes(确认人="李四")))
    assert told(late) == [(1, "replaced", "error")]


def test_only_the_office_may_answer(workspace: Workspace) -> None:
    data = filled_in(book_of(workspace).read_bytes(), yes())
    (document,) = hand_in(workspace, data, f"{SECOND}/待人工确认.xlsx")
    assert document.verdicts == (Verdict.RETURNED,)
    assert "wrong_unit" in [one["code"] for one in document.outcomes[0]["findings"]]
    assert standing(workspace)["申请表.docx"].verdict == Verdict.REVIEW
    said = [read(path.read_bytes(), Limits()) for path in (workspace.outbox / SECOND).rglob("*反馈单*待人工*")]
    assert not [one for one in said if BRANCH in str(one)]


def test_the_workbook_is_kept_as_people_left_it(workspace: Workspace) -> None:
    """Changed or open in a program, it stays; what waits now lies beside it."""
    mine = book_of(workspace)
    flow.run(workspace, today=NEXT_DAY)
    assert book_of(workspace) == mine  # nothing new waits: the same file, whatever day it is
    changed = filled_in(mine.read_bytes(), yes())
    mine.write_bytes(changed)
    drop(workspace, f"{SECOND}/又一份.docx", claimed_twice(written(FORM, 项目名称="另一个项目")), NEXT_DAY)
    flow.run(workspace, today=NEXT_DAY)
    assert mine.read_bytes() == changed
    (fresh,) = set((workspace.outbox / "待办").glob("待人工确认_*.xlsx")) - {mine}
    assert len(rows_of(fresh.read_bytes())) == 4
    fresh.with_name(f"~${fresh.name}").write_bytes(b"locked")
    hand_in(workspace, filled_in(fresh.read_bytes(), yes()))
    assert fresh.is_file()
    assert len(list((workspace.outbox / "待办").glob("待人工确认_*.xlsx"))) == 3


def test_nothing_waits_no_workbook(workspace: Workspace) -> None:
    path = book_of(workspace)
    answers = filled_in(path.read_bytes(), yes(), *[yes(确认为="其他", 其他填写="2026年9月5日")] * 2)
    state = collect(workspace, NEXT_DAY)
    assert state.workbooks == (f"outbox/待办/{path.name}",)
    assert path.name in state.text()
    (empty,) = hand_in(workspace, path.read_bytes())
    assert told(empty) == [(None, "nothing", "error")]
    hand_in(workspace, answers)
    assert not list((workspace.outbox / "待办").glob("待人工确认*"))
    assert collect(workspace, NEXT_DAY).workbooks == ()


def test_a_rehearsal_says_what_would_come_of_the_answers(workspace: Workspace) -> None:
    drop(workspace, "待人工确认.xlsx", filled_in(book_of(workspace).read_bytes(), yes()), NEXT_DAY)
    (document,) = flow.run(workspace, today=NEXT_DAY, dry_run=True).documents
    assert document.verdicts == (Verdict.ACCEPTED,)
    assert standing(workspace)["申请表.docx"].verdict == Verdict.REVIEW


def test_a_workbook_that_another_program_saved_is_read_the_same(workspace: Workspace, tmp_path: Path) -> None:
    from pipeline.office.convert import find_office

    if find_office() is None:
        pytest.skip("LibreOffice is not installed")
    path = tmp_path / "待人工确认.xlsx"
    path.write_bytes(filled_in(book_of(workspace).read_bytes(), yes(确认日期=date(2026, 8, 21))))
    echoed = echo(path, tmp_path / "echo")
    document = hand_in(workspace, echoed.read_bytes())[0]
    assert (document.verdicts, told(document)) == ((Verdict.ACCEPTED,), [])
    assert standing(workspace)["申请表.docx"].number == "DJ-2026-YY01-001"


def echo(path: Path, folder: Path) -> Path:
    """The file as LibreOffice saves it."""
    import subprocess

    from pipeline.office.convert import find_office

    command = [str(find_office()), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
               "--convert-to", "xlsx", "--outdir", str(folder), str(path)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder / path.name
