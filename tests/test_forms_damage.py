"""Whatever people do to a form, its reading stays equal or becomes doubtful; it is never silently different."""

from __future__ import annotations

import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.forms.labels import squeeze
from pipeline.forms.reading import FormReader
from pipeline.model import Document, Reading
from pipeline.office.library import default_templates, load_library
from tests import damage
from tests.documents import filled

SPEC = load_library(default_templates()).types["党建项目申请表"]
LAYOUT = SPEC.layouts[0]
READER = FormReader(SPEC, LAYOUT)
VALUES = {
    "填表时间": "2026年8月16日",
    "立项支部": "沂北泵站项目党支部",
    "项目主要责任人": "冯敏",
    "项目名称": "党员突击队攻坚温控防裂",
    "选题": "底板裂缝检出率为20%，夜间入仓温度超标。",
    "内容": "（1）成立11人突击队。\n（2）优化配合比，掺加30%粉煤灰。\n（3）每周召开一次分析会。",
    "预期目标": "（1）检出率降至1%以下。\n（2）节约处理费用120万元。",
    "支部委员会意见": "同意申报。",
    "支部意见日期": "2026年8月18日",
    "党委会意见": "",
    "党委意见日期": "    年    月    日",
}
PLAIN = filled(LAYOUT.document, VALUES)
TAKES_A_LABEL_AWAY = {damage.unknown_label, damage.missing_label, damage.row_removed}
CLAIMS_ANOTHER_VALUE = {damage.label_repeated_other, damage.cover_repeats_label}
names = pytest.mark.parametrize("one", damage.DAMAGES, ids=lambda one: one.__name__)


def _readings(document: Document) -> dict[str, Reading]:
    return READER.read(document.blocks)


def _different(readings: dict[str, Reading]) -> dict[str, str]:
    """Fields that say something else than the form and are not marked as doubtful."""
    wanted = {**VALUES, "党委意见日期": ""}
    return {
        name: reading.text
        for name, reading in readings.items()
        if reading.text and not reading.doubt and squeeze(reading.text) != squeeze(wanted.get(name, ""))
    }


def test_the_library_of_damages_is_large_and_undamaged_reading_is_whole() -> None:
    assert len(damage.DAMAGES) >= 40
    readings = _readings(PLAIN)
    assert {n: r.text for n, r in readings.items() if r.text} == {n: v for n, v in VALUES.items() if v.strip("年月日 ")}
    assert not any(reading.doubt for reading in readings.values())


@names
def test_one_damage_is_never_silently_wrong(one: damage.Damage) -> None:
    for seed in range(8):
        assert _different(_readings(one(PLAIN, random.Random(seed)))) == {}


@names
def test_a_damaged_form_still_yields_most_of_its_fields(one: damage.Damage) -> None:
    """Asking back is cheap but not free: no damage may cost more than four of the nine filled fields."""
    readings = _readings(one(PLAIN, random.Random(1)))
    assert sum(1 for reading in readings.values() if reading.text and not reading.doubt) >= 5


@example(damage.rows_swapped, damage.value_cell_split, 12)  # a section cut in the middle, the rest beside it
@settings(max_examples=1500)
@given(st.sampled_from(damage.DAMAGES), st.sampled_from(damage.DAMAGES), st.integers(0, 10**6))
def test_two_damages_together_are_never_silently_wrong(one: damage.Damage, two: damage.Damage, seed: int) -> None:
    """A form without the true label but with another value under that label says something else: left out."""
    if {one, two} & TAKES_A_LABEL_AWAY and {one, two} & CLAIMS_ANOTHER_VALUE:
        return
    source = random.Random(seed)
    assert _different(_readings(two(one(PLAIN, source), source))) == {}
