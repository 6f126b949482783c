"""Rows whose cells share data say, judge and point exactly as rows in which every cell has its own."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.checks import CheckContext, run
from pipeline.errors import Unreadable
from pipeline.examine import Desk, examine, extract
from pipeline.forms.identify import identify
from pipeline.forms.interpret import Frame, interpret
from pipeline.forms.labels import key, may_be
from pipeline.forms.ledger import LedgerReader
from pipeline.model import Arrival, Extract, Outcome, Place, Reading, Record, Verdict
from pipeline.office.library import default_templates, load_library
from pipeline.office.read import read
from pipeline.placed import SOMEWHERE, Lines, PlacedRow
from pipeline.settings import Limits, Settings
from pipeline.values import Roster, is_blank
from pipeline.values.blanks import _is_blank
from pipeline.wire import PACKED_FROM, outcome_from_json, outcome_to_json, with_rows

SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "documents"
DAY = date(2026, 6, 11)
HEAD = [
    "序号",
    "反馈问题",
    "整改类型",
    "整改目标",
    "整改措施",
    "责任部门",
    "责任人",
    "完成时限",
    "完成情况",
    "佐证材料",
]


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk(load_library(default_templates()), Settings.default(DAY.year), Roster.from_rows([]))


def workbook(rows: list[list[object]], merges: list[str]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["巡察反馈问题整改台账"])
    sheet.append(["单位名称", "淮源集团第一工程公司", "第一责任人", "冯洪波", "反馈日期", date(2026, 3, 10)])
    for row in (HEAD, *rows):
        sheet.append(row)
    for area in merges:
        sheet.merge_cells(area)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def read_apart(extracted: Extract) -> Extract:
    """The same with a reading of its own for every cell."""
    return replace(extracted, rows=tuple(dict(row) for row in extracted.rows))


def said_alike(data: bytes, desk: Desk) -> int:
    """Compares both kinds of rows from the reading to the findings; the number of rows, 0 for no ledger."""
    try:
        document = read(data, Limits())
    except Unreadable:
        return 0
    matches = identify(document, desk.types.values())
    if len(matches) != 1 or matches[0].spec.kind != "ledger":
        return 0
    spec = matches[0].spec
    context = CheckContext(desk.settings, DAY, DAY, "", desk.roster)
    rows = 0
    for shared in extract(document, spec, desk):
        apart = read_apart(shared)
        assert shared == apart
        first, second = (interpret(spec, one, Frame(DAY.year, DAY)) for one in (shared, apart))
        assert first == second
        findings = run(spec, first, context)
        assert findings == run(spec, replace(second, rows=tuple(dict(row) for row in second.rows)), context)
        assert SOMEWHERE not in [finding.place for finding in findings]
        rows += len(shared.rows)
    return rows


SAID = ("", "同上", "2026年3月20日", "一周内", "已完成", "立行立改", "限期整改", "张三", "各部门", "XX万元", "无")
CELLS = st.sampled_from(
    [*SAID, " ", "方案", "加强管理", "{{ 项目 }}", "整改\n到位", "工程部", date(2026, 3, 15), 0.5, 46092]
)
ROWS = st.lists(st.lists(CELLS, min_size=len(HEAD), max_size=len(HEAD)), min_size=1, max_size=8)


@given(ROWS, st.lists(st.sampled_from(["B4:B5", "F5:F7", "D4:E4", "H6:H7", "A4:A6"]), max_size=2, unique=True))
@settings(max_examples=60, deadline=None)
def test_shared_rows_are_judged_as_rows_apart(desk, rows, merges):
    numbered = [[number, *row[1:]] for number, row in enumerate(rows, 1)]
    said_alike(workbook(numbered, merges), desk)


def test_equal_cells_are_one_object_and_keep_their_places(desk):
    row = [
        "x",
        "旁站缺失",
        "立行立改",
        "当日签认率100%",
        "谈话提醒",
        "工程部",
        "张三",
        date(2026, 3, 15),
        "已完成",
        "记录",
    ]
    document = read(workbook([[number, *row[1:]] for number in range(1, 6)], ["F4:F5"]), Limits())
    spec = desk.types["整改台账"]
    name, reader = desk.readers(spec)[0]
    assert isinstance(reader, LedgerReader)
    rows = reader.read(document, name)[0].rows
    assert all(isinstance(one, PlacedRow) for one in rows)
    third, last = rows[2], rows[4]
    at = third.lines.index["责任人"]
    assert third.shared[at] is last.shared[at]
    assert (third["责任人"].place, last["责任人"].place) == (
        Place("sheet", "Sheet!G6", "Sheet", (6, 7)),
        Place("sheet", "Sheet!G8", "Sheet", (8, 7)),
    )
    assert rows[1]["责任部门"] == Reading("工程部", Place("sheet", "Sheet!F4", "Sheet", (4, 6)))


def test_a_field_without_a_column_has_no_place():
    row = PlacedRow(Lines("表", "表", {"甲": 0, "乙": -1}), 4, (Reading("一", SOMEWHERE), Reading("")))
    assert dict(row) == {"甲": Reading("一", Place("sheet", "表!A5", "表", (5, 1))), "乙": Reading("")}
    assert "丙" not in row
    with pytest.raises(KeyError):
        row["丙"]


def test_a_packed_ledger_comes_back_and_is_written_out_as_ever(desk):
    cells = [
        "",
        "问题\u3000甲",
        "限期整改",
        "签认率100%",
        "谈话提醒\n二次",
        "工程部",
        "张三",
        "一个月内",
        "已完成",
        "记录",
    ]
    numbered = [[number, f"问题{number}", *cells[2:]] for number in range(1, PACKED_FROM + 2)]
    outcome = examine(workbook(numbered, ["F4:F5"]), Arrival("台账.xlsx", "", DAY), desk, DAY)[0]
    data = json.loads(json.dumps(outcome_to_json(outcome)))
    assert data["rows"] == []
    assert len(data["packed_rows"]) < 120_000
    assert outcome_from_json(data) == outcome
    assert outcome.record is not None
    apart = replace(outcome.record, rows=tuple(dict(row) for row in outcome.record.rows))
    assert with_rows(data) == outcome_to_json(replace(outcome, record=apart))


@pytest.mark.parametrize("damage", ["!", "AAAA", ""])
def test_a_packed_text_of_somebody_else_is_refused(desk, damage):
    data = outcome_to_json(Outcome("整改台账", "xlsx", Verdict.ACCEPTED, Record("整改台账", {}), ()))
    if damage:
        with pytest.raises(ValueError, match="packed_rows"):
            outcome_from_json({**data, "packed_rows": damage})
    else:
        assert outcome_from_json({**data, "packed_rows": damage}).record == Record("整改台账", {})


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample documents are not beside the project")
def test_sample_ledgers_say_the_same_either_way(desk):
    assert sum(said_alike(path.read_bytes(), desk) for path in sorted(SAMPLES.rglob("*.xlsx"))) > 100


WORDS = st.text("序号责任人合计（）()【】[]:： 　12１①一、.．*备注。", max_size=14)


@given(WORDS, st.integers(0, 6))
def test_a_text_that_cannot_be_a_label_has_no_short_key(text, longest):
    assert may_be(text, longest) or not 0 < len(key(text)) <= longest


@given(
    st.text(
        "自从二〇2０年度月日号星期周起-至到前止请单击点或此处以输入添加选择填写待未一项_ .。第甲\u2fb0", max_size=20
    )
)
def test_what_says_something_at_once_is_not_blank(text):
    assert is_blank(text) == _is_blank(text, ())
