"""The rows of all accepted ledgers of a type in one list: order, house style, nothing lost, nothing added."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import openpyxl

from pipeline.model import Datum, Reading
from pipeline.office.library import default_templates, load_library
from pipeline.output.collected import collect_rows, render_collected
from pipeline.output.registry import Filed
from tests.papers import ROSTER, SETTINGS, TODAY, filed

SPEC = load_library(default_templates()).types["进展月报"]


def _datum(text: str, kind: str, value: object, *, reason: str = "") -> Datum:
    return Datum(Reading(text, reason=reason), value, kind=kind)


def report(unit: str, month: int, *projects: str, reason: str = "") -> Filed:
    """A monthly report as registered, one row per project."""
    head = {"单位名称": f"{unit}党委", "报告期": _datum(f"{month}月份", "month", f"2026-{month:02}"), "填表人": "张平"}
    rows = [
        {
            "项目名称": name, "本期进展": "=1+1", "完成比例": _datum("30", "percent", Decimal(30), reason=reason),
            "现场督导日期": _datum("2026.8.20", "date", date(2026, 8, 20)),
        }
        for name in projects
    ]  # fmt: skip
    return filed(head, unit=unit, type_name=SPEC.name, rows=rows)


def test_units_stand_as_the_roster_lists_them_and_each_row_says_what_it_is_about() -> None:
    whole = collect_rows(SPEC, [report("第一分公司", 9, "甲", "乙"), report("第二分公司", 8, "丙")], ROSTER)
    heads = [column.heading for column in whole.columns]
    assert heads == ["序号", "单位", "报告期", *(column.name for column in SPEC.columns)]
    assert [row[:3] for row in whole.rows] == [
        ("1", "第二分公司", "2026年8月"), ("2", "第一分公司", "2026年9月"), ("3", "第一分公司", "2026年9月"),
    ]  # fmt: skip
    assert [row[heads.index("项目名称")] for row in whole.rows] == ["丙", "甲", "乙"]
    assert whole.sources == 2


def test_what_is_sure_is_put_in_the_house_style_and_a_doubt_stays_as_written() -> None:
    whole = collect_rows(SPEC, [report("第一分公司", 9, "甲"), report("第一分公司", 8, "乙", reason="second")], ROSTER)
    heads = [column.heading for column in whole.columns]
    assert [row[heads.index("完成比例")] for row in whole.rows] == ["30%", "30"]
    assert {row[heads.index("现场督导日期")] for row in whole.rows} == {"2026年8月20日"}
    assert {row[heads.index("存在问题")] for row in whole.rows} == {""}


def test_the_workbook_holds_the_rows_as_text_and_nothing_is_a_formula() -> None:
    whole = collect_rows(SPEC, [report("第一分公司", 9, "甲")], ROSTER)
    data = render_collected(SPEC, whole, SETTINGS, today=TODAY)
    sheet = openpyxl.load_workbook(BytesIO(data)).worksheets[0]
    lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert lines[0][0] == "党建项目化管理项目进展月报（汇总）"
    assert lines[1][0] == "截至2026年9月5日　共1份、1条"
    assert tuple(text or "" for text in lines[3]) == whole.rows[0]
    assert {cell.data_type for row in sheet.iter_rows(min_row=4) for cell in row} <= {"s", "n"}
    assert "=1+1" in lines[3]
    assert render_collected(SPEC, whole, SETTINGS, today=TODAY) == data


def test_without_rows_there_is_nothing_and_a_ledger_without_a_record_is_passed_over() -> None:
    empty = report("第一分公司", 9)
    unread = replace(empty, outcome=replace(empty.outcome, record=None))
    assert collect_rows(SPEC, [empty, unread], ROSTER).rows == ()
