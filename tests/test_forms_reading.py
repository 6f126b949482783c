"""Two readers, compared: what is accepted, what becomes a doubt, and what is left empty."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.forms.echo import echoes
from pipeline.forms.reading import FormReader
from pipeline.forms.spec import FieldSpec, Layout, TypeSpec
from pipeline.forms.ticks import ticked
from pipeline.model import Reading
from tests.documents import document, table

SPEC = TypeSpec(
    "申请表",
    "form",
    ("申请表",),
    (
        FieldSpec("填表时间", "date", "yes", ("填表时间", "填报日期"), ("    年    月    日",)),
        FieldSpec("项目名称", "text", "yes", ("项目名称", "党建项目名称")),
        FieldSpec("选题", "long", "yes", ("选题", "存在的问题"), ("存在的问题。",), section_of="工作内容"),
        FieldSpec("内容", "long", "yes", ("内容", "主要措施"), ("主要采取措施。",), section_of="工作内容"),
        FieldSpec("支部意见", "text", "stage", ("支部意见",)),
        FieldSpec("支部意见日期", "date", "stage", (), ("    年    月    日",), tail_of="支部意见"),
        FieldSpec("项目起止日期", "period", "no", ("项目起止日期", "实施周期")),
    ),
)
TEMPLATE = document(
    "申请表",
    "填表时间：{{填表时间}}",
    table(
        [
            ("项目名称", "{{项目名称}}"),
            ("工作内容", "1.选题：{{选题}}\n2.内容：{{内容}}"),
            ("支部意见", "{{支部意见}}\n\n{{支部意见日期}}"),
        ]
    ),
)
READER = FormReader(SPEC, Layout("form", ".docx", TEMPLATE))
WORK = ("工作内容", "1.选题：渗漏多发。\n2.内容：党员包保。")
OPINION = ("支部意见", "同意申报。\n\n\n2026年8月18日")


def _read(*rows: tuple[str, ...], above: tuple[str, ...] = ("申请表", "填表时间：2026年8月16日")) -> dict[str, Reading]:
    return READER.read(document(*above, table(rows)).blocks)


def test_both_readers_agree_on_a_plain_form() -> None:
    readings = _read(("项目名称", "温控攻关"), WORK, OPINION)
    assert {name: reading.text for name, reading in readings.items()} == {
        "填表时间": "2026年8月16日", "项目名称": "温控攻关", "选题": "渗漏多发。", "内容": "党员包保。",
        "支部意见": "同意申报。", "支部意见日期": "2026年8月18日", "项目起止日期": "",
    }  # fmt: skip
    assert not any(reading.doubt for reading in readings.values())


def test_a_value_knows_its_cell() -> None:
    place = _read(("项目名称", "温控攻关"), WORK)["项目名称"].place
    assert place is not None
    assert (place.text, place.anchor) == ("表1 第1行第2格", (1,))


@pytest.mark.parametrize("printed", ["1.选题：存在的问题。\n2.内容：主要采取措施。", "1.选题：\n2.内容："])
def test_a_printed_hint_left_standing_is_not_filled(printed: str) -> None:
    readings = _read(("项目名称", "温控攻关"), ("工作内容", printed), ("支部意见", "\n\n    年    月    日"))
    assert [readings[name].text for name in ("选题", "内容", "支部意见", "支部意见日期")] == [""] * 4
    assert readings["选题"].printed == ("存在的问题。" if "存在" in printed else "")
    assert not any(reading.doubt for reading in readings.values())


def test_the_same_label_with_another_value_is_a_doubt_with_both_readings() -> None:
    reading = _read(("项目名称", "温控攻关"), WORK, ("项目名称", "防渗攻关"))["项目名称"]
    assert (reading.reason, {reading.text, reading.other}) == ("second", {"温控攻关", "防渗攻关"})
    assert reading.other_place is not None


def test_the_same_label_with_the_same_value_is_none() -> None:
    assert not _read(("项目名称", "温控攻关"), WORK, ("项目名称", "温控攻关"))["项目名称"].doubt


def test_text_left_over_beside_a_value_is_a_doubt() -> None:
    reading = _read(("项目名称", "温控", "攻关"), WORK)["项目名称"]
    assert (reading.reason, reading.text, reading.other) == ("disagree", "温控", "温控\n攻关")


def test_a_heading_inside_a_sentence_is_no_section() -> None:
    work = ("工作内容", "1.选题：培训内容：单一，针对性不强。\n2.内容：党员包保。")
    readings = _read(("项目名称", "温控攻关"), work)
    assert readings["内容"].text == "党员包保。" or readings["内容"].doubt
    assert readings["选题"].text.startswith("培训") or readings["选题"].doubt


def test_a_date_inside_an_opinion_is_not_its_date() -> None:
    opinion = "经2026年8月18日支部委员会研究，同意申报。\n\n2026年8月21日"
    readings = _read(("项目名称", "温控攻关"), WORK, ("支部意见", opinion))
    assert readings["支部意见"].text == "经2026年8月18日支部委员会研究，同意申报。"
    assert readings["支部意见日期"].text == "2026年8月21日"


def test_the_printed_signature_line_belongs_to_no_field() -> None:
    readings = _read(("项目名称", "温控攻关"), WORK, ("支部意见", "同意。\n支部书记签字：\n2026年8月21日"))
    assert (readings["支部意见"].text, readings["支部意见日期"].text) == ("同意。", "2026年8月21日")


def test_a_period_that_stands_in_the_text_is_found() -> None:
    work = ("工作内容", "1.选题：渗漏多发。\n2.内容：党员包保。实施周期为2026年9月1日至2027年2月28日。")
    assert _read(("项目名称", "温控攻关"), work)["项目起止日期"].text == "2026年9月1日至2027年2月28日"


def test_two_periods_in_the_text_are_a_doubt() -> None:
    work = ("工作内容", "1.选题：实施周期为2026年9月至2026年12月。\n2.内容：实施周期为2026年9月至2027年2月。")
    assert _read(("项目名称", "温控攻关"), work)["项目起止日期"].reason == "second"


@pytest.mark.parametrize(
    "name",
    [
        "温控攻关温控攻关",
        "张敏 张敏",
        "党员包保竣工资料同步归档，党员包保竣工资料同步归档，党员包保竣工资料同步归档3项",
    ],
)
def test_a_value_that_says_itself_again_is_a_doubt(name: str) -> None:
    assert _read(("项目名称", name), WORK)["项目名称"].reason == "repeated"


@pytest.mark.parametrize(
    "name", ["温控攻关", "哈哈哈哈", "2026", "8787", "一步一步推进", "党员先锋岗、党员先锋队、党员责任区"]
)
def test_ordinary_repetition_is_none(name: str) -> None:
    assert not _read(("项目名称", name), WORK)["项目名称"].doubt


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("☑同意申报  □不同意申报", "同意申报"),
        ("□同意  ☑不同意", "不同意"),
        ("□同意  □不同意", ""),
        ("☑同意  ☑不同意", "☑同意  ☑不同意"),
        ("(√)立行立改 ( )限期整改", "立行立改"),
        ("（ ）同意 （√）不同意", "不同意"),
        ("完成3项（含2项）整改", "完成3项（含2项）整改"),
        ("主持人（ ）记录人", "主持人（ ）记录人"),
        ("☑同意申报 □不同意\n请抓紧实施", "同意申报\n请抓紧实施"),
        ("同意申报。", "同意申报。"),
    ],
)
def test_the_one_ticked_option_is_the_answer(text: str, said: str) -> None:
    assert ticked(text) == said


def test_text_below_a_value_with_nothing_in_front_of_it_is_never_lost() -> None:
    rows = [("项目名称", "党员突击队"), ("", "温控防裂"), ("", "攻坚"), WORK, OPINION]
    reading = READER.read(document("申请表", "填表时间：2026年8月16日", table(rows)).blocks)["项目名称"]
    assert reading.doubt
    assert reading.other == "温控防裂"


def test_an_empty_row_or_a_date_line_below_a_value_is_no_second_reading() -> None:
    rows = [("项目名称", "党员突击队"), ("", ""), ("", "    年   月   日"), WORK, OPINION]
    reading = READER.read(document("申请表", "填表时间：2026年8月16日", table(rows)).blocks)["项目名称"]
    assert (reading.text, reading.reason) == ("党员突击队", "")


@pytest.mark.parametrize(
    ("text", "is_echo"),
    [
        ("张敏张敏", True),
        ("张敏张敏张敏0张敏", True),  # LibreOffice's RTF of a content control
        ("由张敏张敏张敏负责", True),
        ("2026年8月1日2026年8月1日2026年8月1日", True),
        ("哈哈哈哈哈哈", False),
        ("138138138", False),
        ("□同意□不同意□同意", False),
        ("一班、二班、三班各一人", False),
        ("妞妞", False),
    ],
)
def test_text_that_says_itself_again(text: str, is_echo: bool) -> None:
    assert echoes(text) == is_echo


_LETTERS = "张敏项目部工程安全质量甲乙丙丁戊己庚辛"


@given(
    st.text("张敏项目部，。 a1", max_size=60),
    st.lists(st.sampled_from(_LETTERS), min_size=2, max_size=16, unique=True),
    st.text("张敏项目部，。 a1", max_size=60),
)
def test_a_piece_that_stands_three_times_is_found_wherever_it_stands(before, piece, after):
    assert echoes(f"{before}，{''.join(piece) * 3}{after}")
