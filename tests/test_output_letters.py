"""责任书: who gets one and who does not, what is printed, what lies in the folder."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from docx import Document
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree

from pipeline.office.library import default_templates, load_library
from pipeline.output import words
from pipeline.output.approval import Opinion, opinion
from pipeline.output.letter_plan import plan_letters
from pipeline.output.letters import PRINT_FILE, SIGNING_LIST, render_batch
from pipeline.output.papers import template
from pipeline.values import Roster
from tests.papers import ROSTER, SETTINGS, TODAY, application, filed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("同意立项", Opinion.AGREED),
        ("经研究，同意该项目立项。\n党委会", Opinion.AGREED),
        ("批准", Opinion.AGREED),
        ("不同意", Opinion.REFUSED),
        ("不予立项。", Opinion.REFUSED),
        ("退回修改", Opinion.REFUSED),
        ("暂缓立项", Opinion.REFUSED),
        ("原则同意，修改后再报", Opinion.UNCLEAR),
        ("□同意 □不同意", Opinion.UNCLEAR),
        ("已阅", Opinion.UNCLEAR),
        ("", Opinion.BLANK),
        (" \n", Opinion.BLANK),
    ],
)
def test_only_a_clear_yes_is_a_yes(text: str, expected: Opinion) -> None:
    assert opinion(text) is expected


def test_an_approved_project_gets_its_letter() -> None:
    letters, withheld = plan_letters([filed(application())], ROSTER, SETTINGS)
    assert not withheld
    assert letters[0].path == "第一分公司/DJ-2026-YF-001-党员先锋岗助力桥梁节能降耗.docx"
    values = letters[0].values()
    assert (values["党委书记"], values["党支部书记"], values["份数"], values["草稿"]) == ("李卫东", "陈立", "两", "")


@pytest.mark.parametrize(
    ("changes", "unit", "word"),
    [
        ({"党委会意见": "不同意"}, "第一分公司", "未同意立项"),
        ({"党委会意见": ""}, "第一分公司", "未填写"),
        ({"党委会意见": "已阅"}, "第一分公司", "看不出"),
        ({"立项支部": "没有这个支部"}, "第一分公司", "没有「没有这个支部」"),
        ({"立项支部": "桥梁党支部"}, "第二分公司", "属于第一分公司"),
        ({"立项支部": "机关党支部"}, "第一分公司", "不能是同一人"),
        ({"立项支部": "隧道党支部"}, "第三分公司", "党委书记姓名"),
    ],
)
def test_without_a_letter_the_reason_is_said(changes: dict[str, str], unit: str, word: str) -> None:
    letters, withheld = plan_letters([filed(application(**changes), unit=unit)], ROSTER, SETTINGS)
    assert not letters
    assert word in withheld[0].reason
    assert withheld[0].project == "党员先锋岗助力桥梁节能降耗"


def test_a_branch_name_that_every_unit_has_means_the_own_one() -> None:
    one = filed(application(立项支部="机关党支部"), unit="第二分公司")
    letters, _ = plan_letters([one], ROSTER, SETTINGS)
    assert (letters[0].secretary, letters[0].branch_secretary) == ("何建国", "吴敏")


def test_a_doubtful_name_is_never_printed() -> None:
    _, withheld = plan_letters([filed(application(), doubt="项目名称")], ROSTER, SETTINGS)
    assert "两种读法" in withheld[0].reason


def test_two_projects_with_one_number_get_none() -> None:
    twice = [filed(application()), filed(application(项目名称="另一个"))]
    letters, withheld = plan_letters(twice, ROSTER, SETTINGS)
    assert not letters
    assert len(withheld) == 2


def test_no_roster_no_letters() -> None:
    _, withheld = plan_letters([filed(application())], Roster.of([]), SETTINGS)
    assert withheld[0].reason == words.NO_ROSTER


def test_a_draft_is_marked_and_a_refusal_stays_one() -> None:
    blank = filed(application(党委会意见=""), number="DJ-2026-YF-002")
    refused = filed(application(党委会意见="不同意"), number="DJ-2026-YF-003")
    letters, withheld = plan_letters([filed(application()), blank, refused], ROSTER, SETTINGS, draft=True)
    assert [(one.number, one.draft) for one in letters] == [("DJ-2026-YF-001", False), ("DJ-2026-YF-002", True)]
    assert letters[1].path.endswith("（草稿）.docx")
    assert [one.reference for one in withheld] == ["R003"]


@pytest.fixture(scope="module")
def paper() -> bytes:
    return template(load_library(default_templates()), "党建项目责任书", ".docx")


CLAUSES = """为规范党建项目化管理工作，确保项目预期目标完成，签订本责任书。
一、党支部书记为党建项目化管理工作的主要责任人，承担直接领导责任和组织实施责任。
二、制定并落实好党建项目实施计划书，保证项目的总目标、阶段目标和各个子目标的完成时间和质量。
三、每月深入现场，对项目的进展情况进行跟踪、督导，及时发现和解决工作过程中存在的问题。
四、及时总结工作成果和亮点。
五、本责任书分别由各单位党委书记与项目承担部门支部书记签订。
六、本责任书一式两份，签订双方各执一份。"""


def texts(data: bytes) -> str:
    document = Document(BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_the_letter_says_what_the_scheme_says(paper: bytes) -> None:
    letters, _ = plan_letters([filed(application(项目名称="<焊接>&“双提升”"))], ROSTER, SETTINGS)
    files = render_batch(paper, letters, SETTINGS, today=TODAY)
    text = texts(files[letters[0].path])
    for clause in CLAUSES.splitlines():
        assert clause in text
    assert "<焊接>&“双提升”" in text
    assert "xxx" not in text
    assert "{{" not in text
    assert words.DRAFT not in text


def test_the_batch_lists_and_prints_final_letters_only(paper: bytes) -> None:
    second = filed(application(党委会意见=""), number="DJ-2026-YF-002")
    letters, _ = plan_letters([filed(application()), second], ROSTER, SETTINGS, draft=True)
    files = render_batch(paper, letters, SETTINGS, today=TODAY)
    sheet = openpyxl.load_workbook(BytesIO(files[SIGNING_LIST])).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    assert rows[0] == ["编号", "项目名称", "单位", "党委书记", "党支部", "支部书记", "份数", "是否签回"]
    assert [row[0] for row in rows[1:]] == ["DJ-2026-YF-001"]
    assert rows[1][6] == "2"
    printed = Document(BytesIO(files[PRINT_FILE]))
    assert len(printed.sections) == 2
    assert words.DRAFT in texts(files[letters[1].path])


def test_the_same_batch_gives_the_same_bytes(paper: bytes) -> None:
    letters, _ = plan_letters([filed(application())], ROSTER, SETTINGS)
    assert render_batch(paper, letters, SETTINGS, today=TODAY) == render_batch(paper, letters, SETTINGS, today=TODAY)


def test_hostile_names_stay_one_file_in_the_folder() -> None:
    hostile = filed(application(项目名称="../../etc/passwd\n" + "长" * 200))
    letters, _ = plan_letters([hostile], ROSTER, SETTINGS)
    path = Path(letters[0].path)
    assert len(path.parts) == 2
    assert len(path.name.encode()) <= 120
    assert path.name.startswith("DJ-2026-YF-001-")


def test_the_letter_is_what_docxtpl_would_write(paper: bytes) -> None:
    letters, _ = plan_letters([filed(application(项目名称="一 & 二"))], ROSTER, SETTINGS)
    values = letters[0].values()
    tool, stream = DocxTemplate(BytesIO(paper)), BytesIO()
    tool.render(dict(values), SandboxedEnvironment(undefined=StrictUndefined), autoescape=True)
    tool.save(stream)
    ours = render_batch(paper, letters, SETTINGS, today=TODAY)[letters[0].path]
    assert body(ours) == body(stream.getvalue())


def body(data: bytes) -> bytes:
    with ZipFile(BytesIO(data)) as package:
        return etree.tostring(etree.fromstring(package.read("word/document.xml")), method="c14n")
