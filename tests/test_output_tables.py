"""党建项目汇总表: which rows, what is said of differences, what the files hold, and nothing of another unit."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest
from docx import Document

from pipeline import values
from pipeline.model import Datum, Reading
from pipeline.office.library import Library, default_templates, load_library
from pipeline.output.consolidate import Consolidated, consolidate
from pipeline.output.registry import Filed, in_year
from pipeline.output.tables import render_tables
from tests.papers import ROSTER, SETTINGS, TABLE, TODAY, application, filed

ROW = {
    "序号": "1",
    "项目名称": "党员先锋岗 助力桥梁节能降耗",
    "项目起止日期": "2026.9~2027.6",
    "项目承担部门": "桥梁项目支部",
    "解决问题": "钢材损耗率偏高",
    "采取措施": "成立党员攻关小组，每月分析一次损耗",
    "达到目标": "损耗率由2.8%降到2.0%以内。",
    "备注": "",
}


def table(*rows: dict[str, str], unit: str = "第一分公司") -> Filed:
    head = {"单位名称": unit, "填表人": "张平", "联系电话": "0573-85061112"}
    return filed(head, unit=unit, type_name=TABLE, rows=rows)


def test_an_application_alone_gives_its_row() -> None:
    whole = consolidate([filed(application())], [], ROSTER)
    assert whole.rows[0].texts == {
        "项目名称": "党员先锋岗助力桥梁节能降耗",
        "项目起止日期": "2026.9~2027.6",
        "项目承担部门": "桥梁党支部",
        "解决问题": "钢材损耗率偏高",
        "采取措施": "成立党员攻关小组，每月分析一次损耗",
        "达到目标": "损耗率由2.8%降到2.0%以内",
        "备注": "",
    }
    assert not whole.differences


def test_a_certain_period_is_printed_in_the_house_style() -> None:
    period = values.parse("period", "2026年9月1日至2027年6月30日", values.Context(2026)).value
    wide = Datum(
        Reading("2026年9月至2027年6月"),
        values.parse("period", "2026年9月至2027年6月", values.Context(2026)).value,
        kind="period",
    )
    assert period is not None
    fields = {**application(), "项目起止日期": wide}
    assert consolidate([filed(fields)], [], ROSTER).rows[0].texts["项目起止日期"] == "2026.9~2027.6"


def test_a_doubtful_period_stays_as_written() -> None:
    one = filed(application(项目起止日期="2026.8-12"), doubt="项目起止日期")
    assert consolidate([one], [], ROSTER).rows[0].texts["项目起止日期"] == "2026.8-12"


def test_spelling_alone_is_no_difference() -> None:
    whole = consolidate([filed(application())], [table(ROW)], ROSTER)
    assert len(whole.rows) == 1
    assert not whole.differences


def test_the_unit_table_gives_the_text_and_the_difference_is_listed() -> None:
    whole = consolidate([filed(application())], [table({**ROW, "采取措施": "每周分析一次损耗"})], ROSTER)
    assert whole.rows[0].texts["采取措施"] == "每周分析一次损耗"
    found = whole.differences[0]
    assert (found.column, found.application, found.table) == (
        "采取措施",
        "成立党员攻关小组，每月分析一次损耗",
        "每周分析一次损耗",
    )


def test_what_only_one_paper_knows_is_kept_and_listed() -> None:
    whole = consolidate([filed(application())], [table({**ROW, "项目名称": "另一个项目"})], ROSTER)
    assert [row.texts["项目名称"] for row in whole.rows] == ["另一个项目", "党员先锋岗助力桥梁节能降耗"]
    assert len(whole.differences) == 2


def test_a_refused_application_is_no_row_but_said() -> None:
    whole = consolidate([filed(application(党委会意见="不同意"))], [], ROSTER)
    assert not whole.rows
    assert "未同意" in whole.differences[0].remark


def test_a_missing_period_is_said() -> None:
    whole = consolidate([filed(application(项目起止日期=""))], [], ROSTER)
    assert whole.differences[0].column == "项目起止日期"


def test_units_stand_in_the_order_of_the_roster() -> None:
    first, second = filed(application()), filed(application(立项支部="机关党支部"), unit="第二分公司")
    stranger = filed(application(), unit="新单位")
    assert consolidate([first, stranger, second], [], ROSTER).units == ("第二分公司", "第一分公司", "新单位")


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    library: Library = load_library(default_templates())
    return render_tables(example(), library, SETTINGS, today=TODAY)


def example() -> Consolidated:
    secret = application(立项支部="机关党支部", 项目名称="第二分公司的项目", 选题="=1+1", 内容="一\n二 <&>")
    return consolidate(
        [filed(application()), filed(secret, unit="第二分公司")], [table({**ROW, "达到目标": "另一目标"})], ROSTER
    )


def cells(data: bytes, sheet: int = 0) -> list[list[object]]:
    book = openpyxl.load_workbook(BytesIO(data))
    return [[cell.value for cell in row] for row in book.worksheets[sheet].iter_rows()]


def words(data: bytes) -> str:
    document = Document(BytesIO(data))
    rows = [[cell.text for cell in row.cells] for grid in document.tables for row in grid.rows]
    return "\n".join([*(p.text for p in document.paragraphs), *("|".join(row) for row in rows)])


def test_the_files_and_whose_they_are(files: dict[str, bytes]) -> None:
    assert sorted(files) == sorted(
        f"{folder}党建项目汇总表{suffix}"
        for folder in ("", "第一分公司/", "第二分公司/")
        for suffix in (".docx", ".xlsx")
    )


def test_a_unit_never_gets_a_word_of_another_one(files: dict[str, bytes]) -> None:
    for suffix in (".docx", ".xlsx"):
        own = files[f"第一分公司/党建项目汇总表{suffix}"]
        text = words(own) if suffix == ".docx" else str([cells(own, n) for n in range(2)])
        assert "第二分公司" not in text
        assert "党员先锋岗" in text


def test_the_consolidated_workbook(files: dict[str, bytes]) -> None:
    rows = cells(files["党建项目汇总表.xlsx"])
    text = str(rows)
    assert "中筑建设集团" in text
    assert "周宁" in text
    assert "010-8710" in text
    projects = [row for row in rows if row[0] in ("1", "2", 1, 2)]
    assert [str(row[0]) for row in projects] == ["1", "2"]
    assert projects[0][3] == "第二分公司\n机关党支部"
    assert projects[0][4] == "=1+1"
    assert projects[0][5] == "一\n二 <&>"
    formulas = openpyxl.load_workbook(BytesIO(files["党建项目汇总表.xlsx"]))
    assert all(cell.data_type != "f" for row in formulas.worksheets[0].iter_rows() for cell in row)


def test_the_unit_own_words_fill_the_head(files: dict[str, bytes]) -> None:
    text = str(cells(files["第一分公司/党建项目汇总表.xlsx"]))
    assert "张平" in text
    assert "0573-85061112" in text


def test_differences_stand_on_their_own_sheet(files: dict[str, bytes]) -> None:
    book = openpyxl.load_workbook(BytesIO(files["党建项目汇总表.xlsx"]))
    assert book.sheetnames[-1] == "核对"
    rows = cells(files["党建项目汇总表.xlsx"], -1)
    assert rows[2] == ["序号", "单位", "项目名称", "栏目", "申请表", "单位汇总表", "说明"]
    assert rows[3][3:6] == ["达到目标", "损耗率由2.8%降到2.0%以内", "另一目标"]
    assert openpyxl.load_workbook(BytesIO(files["第二分公司/党建项目汇总表.xlsx"])).sheetnames == book.sheetnames[:1]
    assert book["核对"].print_title_rows == "$3:$3"
    assert book["核对"].page_setup.orientation == "landscape"


def test_it_prints_on_a4_landscape_with_repeated_head(files: dict[str, bytes]) -> None:
    sheet = openpyxl.load_workbook(BytesIO(files["党建项目汇总表.xlsx"])).worksheets[0]
    assert sheet.page_setup.orientation == "landscape"
    assert int(sheet.page_setup.paperSize) == 9
    assert sheet.print_title_rows
    page = Document(BytesIO(files["党建项目汇总表.docx"])).sections[0]
    assert page.page_width is not None
    assert page.page_height is not None
    assert page.page_width > page.page_height


def test_long_text_makes_its_row_higher() -> None:
    library = load_library(default_templates())
    short = consolidate([filed(application())], [], ROSTER)
    long = consolidate([filed(application(选题="盾构区间上软下硬" * 40))], [], ROSTER)
    heights = [
        max(
            dimension.height or 0
            for dimension in openpyxl.load_workbook(
                BytesIO(render_tables(one, library, SETTINGS, today=TODAY)["党建项目汇总表.xlsx"])
            )
            .worksheets[0]
            .row_dimensions.values()
        )
        for one in (short, long)
    ]
    assert heights[1] > 3 * heights[0]


def test_the_same_rows_give_the_same_bytes(files: dict[str, bytes]) -> None:
    library = load_library(default_templates())
    assert render_tables(example(), library, SETTINGS, today=TODAY) == files


def test_the_year_in_force() -> None:
    last, this = filed(application(), received=TODAY.replace(year=2025)), filed(application())
    assert in_year([last, this], SETTINGS, TODAY) == (this,)
    assert in_year([last], SETTINGS, TODAY) == (last,)
