"""Letters, tables and state out of a workspace into which forms were really dropped."""

from __future__ import annotations

import os
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from pipeline import flow
from pipeline.errors import UsageError
from pipeline.office.library import default_templates, load_library
from pipeline.output.blanks import filled, write_blanks
from pipeline.output.letters import write_letters
from pipeline.output.status import collect
from pipeline.output.tables import write_tables
from pipeline.workspace import Workspace
from tests.papers import application

TODAY = date(2026, 8, 25)
LETTER, TABLE = "党建项目责任书", "党建项目汇总表"
FORM = {
    **{name: str(text) for name, text in application().items() if name != "项目起止日期"},
    "选题": "钢材损耗率2.8%，影响成本，亟需解决，已有技术条件，必要且可行",
    "支部委员会意见": "同意申报",
    "支部意见日期": "2026年8月19日",
    "党委意见日期": "2026年8月28日",
}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A roster, one approved application of 第一分公司 and one of 第二分公司 that is not approved yet."""
    root = tmp_path_factory.mktemp("w")
    made = Workspace.create(root / "甲", templates=default_templates(), units=("一分", "二分"))
    library = load_library(made.templates)
    names = [column.name for column in library.types["组织名册"].columns]
    units = (
        ("第一分公司", "YF", "李卫东", "桥梁党支部", "陈立", "一分"),
        ("第二分公司", "EF", "何建国", "机关党支部", "吴敏", "二分"),
    )
    keys = ("单位", "单位代码", "党委书记", "党支部", "支部书记", "收件文件夹")
    roster = [{**dict.fromkeys(names, ""), **dict(zip(keys, unit, strict=True))} for unit in units]
    drop(made.inbox / "组织名册.xlsx", filled(library, "组织名册", {}, roster))
    other = {**FORM, "立项支部": "机关党支部", "项目主要责任人": "吴敏", "项目名称": "支部共建促履约"}
    other |= {"党委会意见": "", "党委意见日期": ""}
    drop(made.inbox / "一分" / "申请表.docx", filled(library, "党建项目申请表", FORM))
    drop(made.inbox / "二分" / "申请表.docx", filled(library, "党建项目申请表", other))
    report = flow.run(made, today=TODAY)
    assert len(report.documents) == 3
    return made


def drop(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    moment = datetime(2026, 8, 20, 9).timestamp()
    os.utime(path, (moment, moment))


def below(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_rehearsal_writes_nothing(workspace: Workspace) -> None:
    before = below(workspace.root)
    report = write_letters(workspace, LETTER, today=TODAY, draft=True, pdf=True, dry_run=True)
    tables = write_tables(workspace, TABLE, today=TODAY, dry_run=True)
    assert report.files
    assert tables
    assert below(workspace.root) == before


def test_letters_lie_by_unit_and_a_withdrawn_draft_is_named(workspace: Workspace) -> None:
    folder = workspace.outbox / "责任书"
    drafts = write_letters(workspace, LETTER, today=TODAY, draft=True)
    assert below(folder) == {path.relative_to(folder).as_posix() for path in drafts.files}
    final = write_letters(workspace, LETTER, today=TODAY)
    assert [one.unit for one in final.letters] == ["第一分公司"]
    assert [one.unit for one in final.withheld] == ["第二分公司"]
    assert [path.parent.name for path in final.stale] == ["第二分公司"]
    assert "草稿" in final.stale[0].name


def test_tables_lie_by_unit_and_together(workspace: Workspace) -> None:
    written = write_tables(workspace, TABLE, today=TODAY)
    folder = workspace.outbox / "汇总"
    assert below(folder) == {path.relative_to(folder).as_posix() for path in written}
    sheet = openpyxl.load_workbook(folder / f"{TABLE}.xlsx").worksheets[0]
    text = str([[cell.value for cell in row] for row in sheet.iter_rows()])
    assert text.index("党员先锋岗") < text.index("支部共建")


def test_the_state_of_the_workspace(workspace: Workspace) -> None:
    status = collect(workspace, TODAY)
    assert [(line.unit, line.accepted) for line in status.lines] == [("第一分公司", 1), ("第二分公司", 1)]
    assert status.missing == ()


def test_other_types_are_refused_by_name(workspace: Workspace) -> None:
    with pytest.raises(UsageError, match=LETTER):
        write_letters(workspace, "整改台账", today=TODAY)
    for name in ("党建项目申请表", "组织名册", "请假条"):
        with pytest.raises(UsageError, match=f"{TABLE}.*整改台账.*进展月报"):
            write_tables(workspace, name, today=TODAY)


def test_a_blank_goes_to_the_units_unless_the_type_goes_out_with_its_rows(workspace: Workspace) -> None:
    sent = {path.stem for path in write_blanks(workspace, today=TODAY, dry_run=True)}
    assert sent >= {"进展月报", "书记目标清单", "重点项目表"}
    assert "立项审批表" not in sent
    assert {path.stem for path in write_blanks(workspace, ["立项审批表"], today=TODAY, dry_run=True)} == {"立项审批表"}


def test_a_ledger_nobody_has_handed_in_gives_no_file_but_a_sentence(workspace: Workspace) -> None:
    told: list[str] = []
    assert write_tables(workspace, "进展月报", today=TODAY, say=told.append) == []
    assert told == ["还没有受理的《进展月报》，没有可以汇总的内容，什么都没有写。"]
