"""A value that has swallowed the next label is a doubt, whatever it reads like; ordinary values are not."""

from __future__ import annotations

import pytest

from pipeline.examine import Desk, extract
from pipeline.forms.labels import vocabulary
from pipeline.forms.runon import RunOn
from pipeline.office.library import default_templates, load_library
from pipeline.settings import Settings
from pipeline.values import Roster
from tests.documents import document, table

LIBRARY = load_library(default_templates())
DESK = Desk(LIBRARY, Settings.default(2026), Roster.from_rows([]))
ROWS = [
    ("序号", "姓名", "部门", "岗位", "职务", "文书"),
    ("1", "吴玉梅", "工程管理部", "施工管理岗", "主管", "廉洁从业承诺书"),
]


@pytest.mark.parametrize(
    "line",
    [
        "单位名称：淮源集团疏浚工程公司 年度 2026",
        "单位名称：淮源集团疏浚工程公司年度：2026",
        "单位名称：淮源集团疏浚工程公司 年 度 ：2026",
        "单位名称：淮源集团疏浚工程公司 年度2026",
    ],
)
def test_a_unit_with_the_year_run_into_it_is_never_taken_as_it_stands(line: str) -> None:
    (one,) = extract(document(line, table(ROWS)), LIBRARY.types["签订人员名单"], DESK)
    unit = one.fields["单位名称"]
    assert unit.text == "淮源集团疏浚工程公司" or unit.doubt


@pytest.mark.parametrize(
    "text",
    [
        "淮源集团疏浚工程公司",
        "淮源 集团",
        "2026年度先进单位 党支部",
        "第一工程公司（年度考核办）",
        "年度：",
        "10:30 集合",
    ],
)
def test_ordinary_values_are_not_doubted(text: str) -> None:
    assert not RunOn(vocabulary(LIBRARY.types["签订人员名单"]).known)(text)
