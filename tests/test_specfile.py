"""spec.toml: what a good one means, and how every mistake is named with file, line and an example."""

from __future__ import annotations

import re

import pytest

from pipeline.errors import SettingsError
from pipeline.forms.specfile import parse_spec, read_spec

GOOD = """\
name = "申请表"
kind = "form"
titles = ["项目申请表"]
key = ["项目名称"]
window = "申报"
number_prefix = "DJ"

[[sections]]
name = "工作内容"
labels = ["工作内容", "主要工作内容"]

[[fields]]
name = "项目名称"
required = "yes"
labels = ["项目名称", "课题名称"]
example = "节能降耗"

[[fields]]
name = "选题"
type = "long"
section_of = "工作内容"
hints = ["存在的问题。"]

[[fields]]
name = "类型"
type = "choice"
choices = ["立行立改", "限期整改"]
choice_words = [["立行立改类", "立行立改"]]

[[fields]]
name = "意见"

[[fields]]
name = "意见日期"
type = "date"
tail_of = "意见"
hints = ["年    月    日"]

[[checks]]
name = "date_order"
arguments = { earlier = "意见日期", later = "意见日期" }

[[layouts]]
name = "form"
file = "申请表.docx"
"""


def complaints(text: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        parse_spec(text, "申请表/spec.toml")
    return str(caught.value).splitlines()


def test_a_good_file_gives_its_meaning() -> None:
    result = read_spec(GOOD, "申请表/spec.toml")
    spec = result.spec
    assert (spec.name, spec.kind, spec.titles, spec.key) == ("申请表", "form", ("项目申请表",), ("项目名称",))
    assert (spec.window, spec.number_prefix) == ("申报", "DJ")
    assert spec.field("项目名称").labels == ("项目名称", "课题名称")
    assert spec.field("意见").labels == ("意见",)
    assert spec.field("类型").choice_words == {"立行立改类": "立行立改"}
    assert spec.sections == {"工作内容": ("工作内容", "主要工作内容")}
    assert spec.checks[0].arguments == {"earlier": "意见日期", "later": "意见日期"}
    assert [(layout.name, layout.file, layout.current) for layout in result.layouts] == [("form", "申请表.docx", True)]


def test_choice_words_may_be_a_table_and_the_layout_may_go_without_a_name() -> None:
    text = GOOD.replace('[["立行立改类", "立行立改"]]', '{ "立行立改类" = "立行立改" }').replace('name = "form"\n', "")
    result = read_spec(text, "spec.toml")
    assert result.spec.field("类型").choice_words == {"立行立改类": "立行立改"}
    assert result.layouts[0].name == "申请表"


def test_full_width_signs_inside_quotes_are_nobodys_mistake() -> None:
    text = GOOD.replace(
        'example = "节能降耗"', 'example = "发挥“党员”作用，［节能］＝降耗 # 不是说明"  # “这是说明”，【】'
    )
    assert parse_spec(text, "spec.toml").field("项目名称").example.startswith("发挥“党员”作用，［节能］＝")


MISTAKES = [
    # what is written instead, where, what the message must say
    ('name = "申请表"', '名称 = "申请表"', "应写 name"),
    ('kind = "form"', "kind = “form”", "英文双引号"),
    ('kind = "form"', 'kind ＝ "form"', "全角符号「＝」"),
    ('["项目名称", "课题名称"]', '["项目名称"，"课题名称"]', "全角符号「，」"),
    ('["项目名称", "课题名称"]', '【"项目名称", "课题名称"】', "全角符号「【】」"),
    ('[[sections]]\nname = "工作内容"', '[字段]\nname = "工作内容"', "[[fields]]"),
    ('[[sections]]\nname = "工作内容"', '[sections]\nname = "工作内容"', "[[sections]]"),
    ('example = "节能降耗"', 'exmple = "节能降耗"', "是不是想写 example"),
    ('example = "节能降耗"', '例子 = "节能降耗"', "应写 example"),
    ('example = "节能降耗"', "example = 节能降耗", "英文双引号"),
    ('example = "节能降耗"', 'example = "节能降耗', "引号"),
    ('example = "节能降耗"', "example = 12", "要写成一段文字"),
    ('kind = "form"', 'kind = "fom"', "是不是想写 form"),
    ('type = "date"', 'type = "日期"', "type 不能是「日期」"),
    ('required = "yes"', "required = true", "required 不能是"),
    ('required = "yes"', 'required = "必填"', "yes、stage、no、office"),
    ('name = "意见日期"', 'name = "意见"', "用了两次"),
    ('[[fields]]\nname = "意见"\n', '[[fields]]\ntype = "text"\n', "缺少字段名"),
    ('name = "意见"\n', 'name = "意 见"\n', "只能用汉字、字母、数字和下划线"),
    ('labels = ["项目名称", "课题名称"]', 'labels = "项目名称"', "方括号"),
    ('labels = ["项目名称", "课题名称"]', 'labels = ["项目名称", ""]', "不空的文字"),
    ('labels = ["项目名称", "课题名称"]', 'labels = ["项目名称", "选题"]', "一个标签只能属于一个字段"),
    ('choices = ["立行立改", "限期整改"]\n', "", "缺少可选的词"),
    ('[["立行立改类", "立行立改"]]', '[["立行立改类", "马上改"]]', "不在 choices 里"),
    ('[["立行立改类", "立行立改"]]', '["立行立改类", "立行立改"]', "一对一对的词"),
    ('section_of = "工作内容"', 'section_of = "工作内荣"', "[[sections]]"),
    ('tail_of = "意见"', 'tail_of = "支部意见"', "不是本文种的另一个字段"),
    ('name = "date_order"', "name = 3", "name 要写成一段文字"),
    ('arguments = { earlier = "意见日期", ', 'arguments = { earlier = "意见时间", ', "不是本文种的字段"),
    ('arguments = { earlier = "意见日期", later = "意见日期" }', 'arguments = "意见"', "花括号"),
    ('file = "申请表.docx"', 'file = "../申请表.docx"', "放在一起"),
    ('file = "申请表.docx"', 'file = "申请表.doc"', ".docx 或 .xlsx"),
    ('file = "申请表.docx"', 'file = "申请表.docx"\ncurrent = "是"', "true 或 false"),
    ('key = ["项目名称"]', 'key = ["项目名"]', "是不是想写 项目名称"),
    ('titles = ["项目申请表"]\n', "", "缺少表格的标题"),
    ('kind = "form"', 'kind = "ledger"', "要有 [[columns]]"),
    ('name = "申请表"\n', "", "缺少文种名称"),
    ('example = "节能降耗"', 'example = "甲"\nexample = "乙"', "写了两次"),
    ('titles = ["项目申请表"]', 'titles = ["项目申请表"', "方括号"),
    ('[[layouts]]\nname = "form"\nfile = "申请表.docx"\n', "", "没有写模板文件"),
    ('tail_of = "意见"', 'tail_of = "意见"\nstands = "小标题"', "heading、above_title"),
    ('tail_of = "意见"', 'tail_of = "意见"\n小标题 = "heading"', "应写 stands"),
]


@pytest.mark.parametrize(("right", "wrong", "said"), MISTAKES)
def test_every_mistake_is_named_with_file_line_and_words(right: str, wrong: str, said: str) -> None:
    assert right in GOOD
    text = GOOD.replace(right, wrong, 1)
    found = complaints(text)
    assert any(said in line for line in found), found
    for line in found:
        assert re.match(r"申请表/spec\.toml 第\d+行：.*[一-鿿]", line), line


@pytest.mark.parametrize(("right", "wrong", "said"), MISTAKES[1:33])
def test_the_line_is_the_one_that_was_changed(right: str, wrong: str, said: str) -> None:
    text = GOOD.replace(right, wrong, 1)
    first = GOOD[: GOOD.index(right)].count("\n") + 1
    last = first + wrong.count("\n") + 1
    numbers = [int(number) for line in complaints(text) if said in line for number in re.findall(r"第(\d+)行", line)]
    block = range(first - 3, last + 1)  # a missing key is reported at its section
    assert numbers
    assert all(number in block for number in numbers), (numbers, first, last)


def test_all_mistakes_come_at_once_in_the_order_of_the_file() -> None:
    text = GOOD
    chosen = [MISTAKES[n] for n in (2, 7, 14, 25, 26, 27, 31)]
    for right, wrong, _ in chosen:
        text = text.replace(right, wrong, 1)
    found = complaints(text)
    for _, _, said in chosen:
        assert any(said in line for line in found), said
    numbers = [int(match[1]) for line in found if (match := re.search(r"第(\d+)行", line))]
    assert numbers == sorted(numbers)


def test_a_mistyped_line_is_complained_about_once() -> None:
    found = complaints(GOOD.replace('required = "yes"', "required = “必填”"))
    assert len(found) == 1


def test_two_layouts_of_one_name() -> None:
    found = complaints(GOOD + '\n[[layouts]]\nname = "form"\nfile = "另一张.docx"\n')
    assert any("用了两次" in line for line in found)


def test_columns_without_a_group_and_a_form_with_columns() -> None:
    found = complaints(GOOD + '\n[[columns]]\nname = "序号"\n')
    assert any("group" in line for line in found)
    assert any("不能有 [[columns]]" in line for line in found)


def test_an_empty_file_and_one_of_another_kind_are_refused() -> None:
    assert any("缺少文种名称" in line for line in complaints(""))
    assert complaints("\x00PK\x03\x04")
    assert complaints("[" * 200)
