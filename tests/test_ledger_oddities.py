"""Ledgers as offices really keep them, from the bytes of a workbook to what is read, asked and left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from io import BytesIO

import docx
import pytest
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from pipeline.examine import Desk, examine
from pipeline.model import Arrival, Outcome, Severity, Verdict
from pipeline.office.library import default_templates, load_library
from pipeline.settings import Settings
from pipeline.values import Roster

DAY = date(2026, 11, 3)
LIBRARY = load_library(default_templates())
DESK = Desk(LIBRARY, Settings.default(2026), Roster.from_rows([]))
HEAD = ("项目编号", "项目名称", "本期进展", "完成比例", "存在问题", "下期计划", "现场督导日期")
FACTS = "单位名称：第一公司    报告期：2026年10月    填表人：施浩"
TITLE = "党建项目化管理项目进展月报"
NAMES = ["温控防裂", "节能降耗", "料源追溯"]
VISITS = [date(2026, 10, 12), date(2026, 10, 20), date(2026, 10, 26)]

Cell = str | int | float | date | None
Line = Sequence[Cell]
Change = Callable[[Worksheet], object]


def line(number: int, share: Cell = "", *, visit: Cell = None) -> list[Cell]:
    """One record of the monthly report."""
    made = f"完成第{number}仓浇筑，测温10组。"
    given = share if share != "" else number / 10
    return [f"DJ-2026-00{number}", NAMES[number - 1], made, given, "无", "继续浇筑", visit or VISITS[number - 1]]


def report(
    *, top: Line = (FACTS,), head: Line = HEAD, title: str = TITLE, rows: Sequence[Line] | None = None
) -> list[Line]:
    """The cells of a monthly report."""
    records = [line(number) for number in (1, 2, 3)] if rows is None else rows
    return [line for line in ((title,), top, head, *records) if any(line)]


def book(*sheets: Sequence[Line], change: Change | None = None, from_1904: bool = False, names: Line = ()) -> bytes:
    """A workbook; dates are real dates, fractions real percents. `change` is given the first sheet at last."""
    stream = BytesIO()
    workbook = xlsxwriter.Workbook(stream, {"in_memory": True, "date_1904": from_1904})
    day, percent = workbook.add_format({"num_format": "yyyy-mm-dd"}), workbook.add_format({"num_format": "0%"})
    pages = []
    for number, lines in enumerate(sheets):
        page = workbook.add_worksheet(str(names[number]) if names else None)
        pages.append(page)
        for row, cells in enumerate(lines):
            for column, cell in enumerate(cells):
                if isinstance(cell, date):
                    page.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), day)
                elif isinstance(cell, float):
                    page.write_number(row, column, cell, percent)
                elif cell is not None:
                    page.write(row, column, cell)
    if change is not None:
        change(pages[0])
    workbook.close()
    return stream.getvalue()


def outcomes(data: bytes) -> tuple[Outcome, ...]:
    return examine(data, Arrival("月报.xlsx", "", DAY), DESK, DAY)


def only(data: bytes) -> Outcome:
    (outcome,) = outcomes(data)
    return outcome


def column(outcome: Outcome, name: str) -> list[object]:
    """The values of a column, None where there is none."""
    assert outcome.record is not None
    return [row[name].value for row in outcome.record.rows]


def said(outcome: Outcome) -> list[tuple[str, str | None, int | None]]:
    """Everything that is more than a hint."""
    return [(one.code, one.field, one.row) for one in outcome.findings if one.severity is not Severity.HINT]


def fact(outcome: Outcome, name: str) -> object:
    assert outcome.record is not None
    return outcome.record.fields[name].value


def whole(outcome: Outcome) -> None:
    """All three records are read as they are and nothing is asked."""
    assert (outcome.type, outcome.verdict, said(outcome)) == ("进展月报", Verdict.ACCEPTED, [])
    assert column(outcome, "项目名称") == NAMES
    assert column(outcome, "完成比例") == [10, 20, 30]
    assert column(outcome, "现场督导日期") == VISITS
    assert [fact(outcome, name) for name in ("单位名称", "报告期", "填表人")] == ["第一公司", "2026-10", "施浩"]


@pytest.mark.parametrize("from_1904", [False, True])
def test_real_dates_and_percents_of_either_calendar(from_1904: bool) -> None:
    whole(only(book(report(), from_1904=from_1904)))


def _filtered(page: Worksheet) -> None:
    page.autofilter(2, 0, 5, 6)
    page.filter_column(3, "x > 0.15")
    page.set_row(3, None, None, {"hidden": True})


def _formats_to_the_end(page: Worksheet) -> None:
    page.write_blank(1_048_575, 6, None, None)
    page.set_column(0, 16_383, 9)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda page: page.set_row(4, None, None, {"hidden": True}), "5"),
        (lambda page: page.set_column(4, 4, None, None, {"hidden": True}), "E"),
        (_filtered, "4"),
        (_formats_to_the_end, ""),
        (lambda page: page.freeze_panes(3, 0), ""),
    ],
    ids=["row", "column", "filter", "phantom formats", "panes"],
)
def test_hidden_and_filtered_rows_are_read_and_said(change: Change, told: str) -> None:
    outcome = only(book(report(), change=change))
    whole(outcome)
    hidden = [f"{one.facts['rows']}{one.facts['columns']}" for one in outcome.findings if one.code == "hidden_rows"]
    assert hidden == ([told] if told else [])


@pytest.mark.parametrize(
    "lines",
    [
        report(title=""),
        report(title="党建项目进展月报（2026年10月）", top=("单位名称：第一公司    填表人：施浩",)),
        report(title="2026年10月党建项目进展月报", top=("单位名称：第一公司", "", "", "填表人：施浩")),
        [("党建项目进展月报",), ("（2026年10月）",), *report(title="", top=("单位名称：第一公司 填表人：施浩",))],
        report(top=("单位名称：", "第一公司", None, "报告期", "2026-10", "填表人：", "施浩")),
        report(top=("单位名称", "第一公司", "报告期：", "2026年10月份", "填表人", "施浩")),
        report(head=("编号", "项目\n名称", "本月工作进展", "完成\n进度", "存在的问题", "下月计划", "督导\n时间")),
        report(rows=[["一、机关项目"], line(1), ["二、项目部"], line(2), line(3)]),
        report(rows=[line(1), line(2), [], line(3), [], ["合计", None, None, 0.2], ["总计:77"]]),
        report(rows=[line(1), line(2), ["小计", "", "", 0.15], line(3), ["平均比例", "", "", 0.2]]),
        report(rows=[*map(line, (1, 2, 3)), ["注：完成比例为累计数。"], ["审核人：冯敏", "", "", "日期：11月2日"]]),
        report(
            head=("序号", *HEAD),
            rows=[[1, *line(1)], [2, *line(2)], [3, *line(3)], [4], [5], [6], ["合计", None, None, None, 0.2]],
        ),
    ],
    ids=["no title", "month behind the title", "month before the title", "month below the title", "facts in cells",
         "facts with mixed colons", "other labels", "sections", "totals", "subtotals", "foot", "serials"],
)  # fmt: skip
def test_what_people_put_around_the_records_is_no_record_and_nobody_is_asked(lines: Sequence[Line]) -> None:
    whole(only(book(lines)))


def test_a_printed_label_without_a_month_is_missing_even_if_the_title_has_a_year() -> None:
    top = ("单位名称：第一公司    报告期：        填表人：施浩",)
    assert said(only(book(report(title="2026年11月编党建项目进展月报", top=top)))) == [("missing", "报告期", None)]


def test_two_months_in_the_titles_are_none() -> None:
    lines = [("2026年9月党建项目进展月报",), ("2026年10月党建项目进展月报",), ("单位名称：第一公司",)]
    assert ("missing", "报告期", None) in said(only(book([*lines, *report(title="", top=())])))


@pytest.mark.parametrize(
    ("head", "shares", "read", "asked"),
    [
        ("完成比例（%）", [30, 45.0, 100], [30, 4500, 100], [("out_of_range", "完成比例", 2)]),
        ("完成比例（%）", [30, 45, "25"], [30, 45, 25], []),
        ("完成比例", ["30%", "约45%", "百分之六十"], [30, 45, 60], []),
        ("完成进度", [0.3, 1.0, 1.2], [30, 100, 120], [("out_of_range", "完成比例", 3)]),
        ("完成比例", ["0.3", "1", "0"], [None, None, 0], [("ambiguous", "完成比例", 1), ("ambiguous", "完成比例", 2)]),
        ("完成比例", ["三成", None, "/"], [None, None, None],
         [("bad_number", "完成比例", 1), ("missing", "完成比例", 2), ("missing", "完成比例", 3)]),
    ],
)  # fmt: skip
def test_shares_in_all_their_spellings(
    head: str, shares: list[Cell], read: list[object], asked: list[tuple[str, str, int]]
) -> None:
    rows = [[*line(number)[:3], share, *line(number)[4:]] for number, share in enumerate(shares, 1)]
    outcome = only(book(report(head=(*HEAD[:3], head, *HEAD[4:]), rows=rows)))
    assert column(outcome, "完成比例") == read
    assert said(outcome) == asked


@pytest.mark.parametrize(
    ("period", "value"),
    [("2026年第42周", "2026-W42"), ("2026-W42", "2026-W42"), ("2026年10月份", "2026-10"), ("2026.10", "2026-10"),
     ("2026年10月12日-10月18日", "2026-W42"), ("10月", "2026-10"), ("第42周", "2026-W42"), (2026.1, None)],
)  # fmt: skip
def test_a_month_a_week_and_a_number_that_may_be_two_months(period: Cell, value: str | None) -> None:
    outcome = only(book(report(top=("单位名称", "第一公司", "报告期", period, "填表人", "施浩"))))
    assert fact(outcome, "报告期") == value
    assert said(outcome) == ([] if value else [("ambiguous_date", "报告期", None)])


def test_a_day_without_a_year_is_read_in_the_year_of_the_report() -> None:
    top = ("单位名称：第一公司  报告期：2025年12月  填表人：施浩",)
    outcome = only(book(report(top=top, rows=[line(1, visit="12月20日")])))
    assert column(outcome, "现场督导日期") == [date(2025, 12, 20)]


def test_one_month_per_sheet_gives_one_report_each() -> None:
    months = [report(top=(FACTS.replace("10月", f"{month}月"),)) for month in (8, 9, 10)]
    found = outcomes(book(*months, names=("8月", "9月", "10月")))
    assert [fact(one, "报告期") for one in found] == ["2026-08", "2026-09", "2026-10"]
    assert [column(one, "项目名称") for one in found] == [NAMES] * 3
    assert all("several_forms" in [finding.code for finding in one.findings] for one in found)


def test_a_sheet_of_notes_beside_the_data_is_no_report() -> None:
    notes = [("填报说明",), ("1.完成比例填写累计数",), ("2.每月5日前报送",)]
    for sheets in ((report(), notes), (notes, report())):
        whole(only(book(*sheets)))


def test_a_hidden_sheet_beside_the_report_is_named() -> None:
    stream = BytesIO()
    workbook = xlsxwriter.Workbook(stream, {"in_memory": True})
    for number, name in enumerate(("10月", "往年")):
        page = workbook.add_worksheet(name)
        for row, cells in enumerate(report(rows=[line(1, "10%", visit="2026年10月12日")])):
            page.write_row(row, 0, cells)
        if number:
            page.hide()
    workbook.close()
    outcome = only(stream.getvalue())
    assert column(outcome, "完成比例") == [10]
    assert [one.facts["name"] for one in outcome.findings if one.code == "table_left_out"] == ["往年"]


def test_a_picture_in_place_of_a_value_is_told() -> None:
    def picture(page: Worksheet) -> None:
        page.write_formula("B4", '=_xlfn.DISPIMG("ID_1",1)', None, '=DISPIMG("ID_1",1)')

    outcome = only(book(report(), change=picture))
    assert [(one.code, one.facts.get("variant")) for one in outcome.findings if one.field == "项目名称"] == [
        ("missing", "picture")
    ]


def test_a_formula_without_a_result_is_a_doubt() -> None:
    outcome = only(book(report(), change=lambda page: page.write_formula("D4", "=B9/C9", None, "")))
    assert outcome.verdict is not Verdict.ACCEPTED
    assert ("完成比例", 1) in [(one.field, one.row) for one in outcome.findings if one.code == "doubt"]


GOALS = ("目标编号", "目标类别", "年度目标", "层级", "任务", "责任人", "完成时限", "评价标准", "完成情况")
KINDS = ("政治引领", "组织建设", "队伍管理", "廉洁风险防控", "融合促进建设")
HEADS: tuple[Line, ...] = (
    ("工程项目", "沂北泵站工程", "项目类型", "水利工程"),
    ("项目规模", "合同额3.6亿元", "工期", "26个月"),
    ("书记", "冯敏", "年度", 2026),
    ("支部会议审议日期", date(2026, 1, 15)),
)


def _goals(said_kind: Callable[[int, str], str]) -> tuple[list[Line], Change]:
    """Two tasks per goal; number, kind and goal are merged over both."""
    rows: list[Line] = []
    for number, kind in enumerate(KINDS, 1):
        goal = f"{kind}完成率9{number}%"
        rows.append(
            (number, said_kind(number, kind), goal, "月度", f"{kind}月例会1次", "蒋伟、张淑英", "每月底前", "记录1份")
        )
        rows.append((None, None, None, "季度", f"{kind}季检查1次", "许静", "一季度末", "检查表1份"))

    def merge(page: Worksheet) -> None:
        for at in range(5, 15, 2):
            for spot in range(3):
                page.merge_range(at + 1, spot, at + 2, spot, rows[at - 5][spot])

    return rows, merge


@pytest.mark.parametrize(
    "said_kind",
    [
        lambda number, kind: kind,
        lambda number, kind: f"{'一二三四五'[number - 1]}、{kind}目标",
        lambda number, kind: f"{number}.{kind}",
    ],
    ids=["plain", "numbered", "digits"],
)
def test_a_merged_category_counts_for_every_row_it_covers(said_kind: Callable[[int, str], str]) -> None:
    rows, merge = _goals(said_kind)
    outcome = only(book([("工程项目书记管理目标清单",), *HEADS, GOALS, *rows], change=merge))
    assert (outcome.type, said(outcome)) == ("书记目标清单", [])
    assert column(outcome, "目标类别") == [kind for kind in KINDS for _ in range(2)]
    assert column(outcome, "责任人")[:2] == ["蒋伟、张淑英", "许静"]
    assert [fact(outcome, name) for name in ("项目类型", "年度", "支部会议审议日期")] == [
        "水利",
        2026,
        date(2026, 1, 15),
    ]


SIGNERS = ("序号", "姓名", "部门", "岗位", "职务", "文书")


def test_signers_one_by_one() -> None:
    rows = [
        (1, "李　伟", "工程部", "施工岗", "工程师", "党风廉政责任书"),
        (2, "王 芳、张三", "财务部", "会计", "会计", "承诺书"),
        (3, "各部门负责人", "工程部", "质检", "质检员", "廉洁从业承诺书"),
        (4, "李　伟", "工程部", "施工岗", "工程师", "廉洁从业承诺书"),
        (5,), (6,), ("合计", "4人"),
    ]  # fmt: skip
    outcome = only(book([("签订人员名单",), ("单位：", "第一公司", None, "年度", 2026), SIGNERS, *rows]))
    assert column(outcome, "姓名") == ["李伟", "王芳、张三", None, "李伟"]
    assert column(outcome, "文书") == ["党风廉政责任书", "廉洁从业承诺书", "廉洁从业承诺书", "廉洁从业承诺书"]
    assert said(outcome) == [("not_a_person", "姓名", 2), ("not_a_person", "姓名", 3)]


def _word(*tables: Sequence[Line]) -> bytes:
    paper = docx.Document()
    paper.add_paragraph(TITLE)
    paper.add_paragraph(FACTS)
    for lines in tables:
        grid = paper.add_table(len(lines), len(lines[0]))
        for row, cells in zip(grid.rows, lines, strict=True):
            for spot, cell in zip(row.cells, cells, strict=True):
                spot.text = str(cell)
        paper.add_paragraph("")
    stream = BytesIO()
    paper.save(stream)
    return stream.getvalue()


def _texts(number: int) -> list[Cell]:
    return [*line(number)[:3], f"{number}0%", *line(number)[4:6], f"2026年10月{VISITS[number - 1].day}日"]


def test_a_table_that_runs_on_with_numbers_of_the_same_make_belongs_to_the_one_above() -> None:
    whole(only(_word([HEAD, _texts(1), _texts(2)], [_texts(3)])))


def test_a_table_that_runs_on_with_other_columns_is_named_as_left_out() -> None:
    outcome = only(_word([HEAD, _texts(1), _texts(2)], [_texts(3)[:-1]]))
    assert column(outcome, "项目名称") == NAMES[:2]
    assert [code for code, _, _ in said(outcome)] == ["rows_left_out"]


def _lines(*facts: str) -> bytes:
    paper = docx.Document()
    for text in (TITLE, *facts):
        paper.add_paragraph(text)
    grid = paper.add_table(2, len(HEAD))
    for row, cells in zip(grid.rows, (HEAD, _texts(1)), strict=True):
        for spot, cell in zip(row.cells, cells, strict=True):
            spot.text = str(cell)
    stream = BytesIO()
    paper.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    "facts",
    [
        ("单位名称　第一公司", "报告期　2026年10月", "填表人　施浩"),
        ("单位名称 第一公司  报告期 2026年10月填表人：施浩",),
    ],
    ids=["lines", "one line"],
)
def test_facts_without_a_colon_are_read_in_doubt_and_not_called_missing(facts: Sequence[str]) -> None:
    outcome = only(_lines(*facts))
    assert outcome.record is not None
    assert [fact(outcome, name) for name in ("单位名称", "报告期", "填表人")] == ["第一公司", "2026-10", "施浩"]
    assert outcome.record.fields["报告期"].reading.doubt
    assert (outcome.verdict, said(outcome)) == (Verdict.REVIEW, [])


def test_a_label_without_anything_behind_it_takes_nothing_from_its_neighbours() -> None:
    outcome = only(_lines("单位名称　报告期　填表人", "报送要求 每月5日前报送"))
    assert [fact(outcome, name) for name in ("单位名称", "报告期", "填表人")] == [None, None, None]
    assert said(outcome) == [("missing", "报告期", None)]
