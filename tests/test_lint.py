"""The linter: each way a template can be unreadable is refused at its place; the same template put right is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.forms.lint import lint
from pipeline.forms.spec import FieldSpec, Layout, TypeSpec
from pipeline.forms.tags import find_faults, find_tags, fixed_parts
from pipeline.model import Document, Grid, Paragraph, Place

FORM = TypeSpec(
    name="申请表",
    kind="form",
    titles=("项目申请表",),
    fields=(
        FieldSpec("项目名称", required="yes", labels=("项目名称", "课题名称")),
        FieldSpec("负责人", type="person", required="yes", labels=("负责人",)),
        FieldSpec("选题", type="long", labels=("选题",), section_of="工作内容"),
        FieldSpec("目标", type="long", labels=("目标",), section_of="工作内容"),
        FieldSpec("意见", required="stage", labels=("意见",)),
        FieldSpec(
            "意见日期", type="date", required="stage", labels=("意见日期",), tail_of="意见", hints=("年  月  日",)
        ),
        FieldSpec("起止日期", type="period", labels=("起止日期",)),
    ),
    sections={"工作内容": ("工作内容",)},
)
ROWS = (
    ("项目名称", "{{项目名称}}"),
    ("负责人", "{{负责人}}"),
    ("工作内容", "1.选题：{{选题}}\n2.目标：{{目标}}"),
    ("意见", "{{意见}}\n\n{{意见日期}}"),
)
LEDGER = TypeSpec(
    name="汇总表",
    kind="ledger",
    titles=("项目汇总表",),
    fields=(FieldSpec("单位名称", type="org", required="yes", labels=("单位名称",)),),
    columns=(
        FieldSpec("序号", type="count", labels=("序号",)),
        FieldSpec("项目名称", required="yes", labels=("项目名称",)),
        FieldSpec("备注", labels=("备注",)),
    ),
    group="项目",
)
TABLE = (("序号", "项目名称", "备注"), ("{{项目.序号}}", "{{项目.项目名称}}", "{{项目.备注}}"))
LETTER = TypeSpec(
    name="反馈单",
    kind="report",
    titles=("反馈单",),
    fields=(FieldSpec("单位"), FieldSpec("结论")),
    columns=(FieldSpec("位置"),),
    group="问题",
)


def paragraphs(*texts: str) -> tuple[Paragraph, ...]:
    return tuple(Paragraph(text, Place("paragraph", f"第{n}段", anchor=(n,))) for n, text in enumerate(texts))


def layout(*blocks: Paragraph | Grid, current: bool = True) -> Layout:
    return Layout("form", ".docx", Document("docx", blocks), current)


def form(*rows: tuple[str, ...], title: str = "项目申请表", before: tuple[str, ...] = ()) -> TypeSpec:
    return replace(FORM, layouts=(layout(*paragraphs(title, *before), Grid("表1", "table", rows)),))


def ledger(*rows: tuple[str, ...], head: str = "单位名称：{{单位名称}}") -> TypeSpec:
    return replace(LEDGER, layouts=(layout(*paragraphs("项目汇总表", head), Grid("表1", "table", rows)),))


def letter(*texts: str) -> TypeSpec:
    return replace(LETTER, layouts=(layout(*paragraphs(*texts)),))


def said(spec: TypeSpec) -> str:
    return "\n".join(complaint.text for complaint in lint(spec))


def changed(old: str, new: str) -> TypeSpec:
    return form(*(tuple(text.replace(old, new) for text in row) for row in ROWS))


def test_the_sound_ones_are_sound() -> None:
    assert lint(form(*ROWS)) == ()
    assert lint(ledger(*TABLE)) == ()
    assert lint(letter("{{单位}}：", "{%p for 行 in 问题 %}", "{{行.位置}}", "{%p endfor %}", "结论：{{结论}}")) == ()


def test_a_field_nobody_prints_may_stay_out_unless_it_is_required() -> None:
    assert "起止日期" not in said(form(*ROWS))
    assert "「负责人」没有位置可填" in said(form(*(row for row in ROWS if row[0] != "负责人")))


def test_an_earlier_layout_may_lack_a_field_that_came_later() -> None:
    spec = form(*(row for row in ROWS if row[0] != "负责人"))
    assert lint(replace(spec, layouts=(replace(spec.layouts[0], current=False),))) == ()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("{{项目名称}}", "{{项目名}}", "没有对应的字段"),
        ("{{项目名称}}", "{{项目.项目名称}}", "组名「项目」没有登记"),
        ("{{项目名称}}", "{{项目名称|upper}}", "不能用在这里"),
        ("{{项目名称}}", "{% if 项目名称 %}有{% endif %}", "不能用在这里"),
        ("{{项目名称}}", "{{a.b.c}}", "不能用在这里"),
        ("{{项目名称}}", "｛｛项目名称｝｝", "不能用在这里"),
        ("{{负责人}}", "{{负责人}}{{负责人}}", "出现了两次"),
        ("{{负责人}}", "{{负责人}}、{{起止日期}}", "之间没有固定的文字"),
        ("\n2.目标：", "", "之间没有固定的文字"),
        ("{{意见}}\n\n{{意见日期}}", "{{意见日期}}\n\n{{意见}}", "之间没有固定的文字"),
    ],
)
def test_what_cannot_be_inverted_is_refused_at_its_place(old: str, new: str, words: str) -> None:
    spec = changed(old, new)
    hits = [complaint for complaint in lint(spec) if words in complaint.problem]
    assert hits
    assert any("第" in hit.place for hit in hits)
    assert hits[0].text.startswith("「申请表」的模板（form）")


def test_a_tag_under_another_fields_label() -> None:
    rows = [row for row in ROWS if row[0] not in ("项目名称", "负责人")]
    spec = form(("项目名称", "{{负责人}}"), ("负责人", "{{项目名称}}"), *rows)
    assert said(spec).count("读表时会读错") == 2


def test_a_label_that_is_not_registered() -> None:
    rows = (("经办人", "{{负责人}}") if row[0] == "负责人" else row for row in ROWS)
    assert "「经办人」没有登记" in said(form(*rows))


def test_a_label_that_is_printed_twice() -> None:
    assert "印了两次" in said(form(*ROWS, ("课题名称", "以盖章为准")))
    assert "印了两次" in said(form(*ROWS, before=("负责人：见下表",)))


def test_a_tag_without_any_label() -> None:
    rows = (("", "{{项目名称}}"), *ROWS[1:])
    assert "前面没有印字段的名称" in said(form(*rows))
    assert lint(form(("项目名称：{{项目名称}}", ""), *ROWS[1:])) == ()


def test_the_date_below_an_opinion_needs_a_printed_hint() -> None:
    fields = tuple(replace(field, hints=()) if field.tail_of else field for field in FORM.fields)
    assert "没有提示语" in said(replace(form(*ROWS), fields=fields))


def headed(*texts: str) -> TypeSpec:
    fields = (
        FieldSpec("单位", type="org", required="yes", labels=("单位",), stands="above_title"),
        FieldSpec("措施", type="long", required="yes", labels=("主要措施",), stands="heading"),
    )
    return TypeSpec("计划书", "form", ("党建计划书", "计划书"), fields, layouts=(layout(*paragraphs(*texts)),))


def test_a_heading_is_the_label_of_the_paragraph_below_and_the_title_stands_for_one() -> None:
    assert said(headed("附件3：", "{{单位}}", "党建计划书", "一、主要措施", "{{措施}}")) == ""
    assert said(headed("{{单位}}", "党建", "计划书", "一、主要措施", "", "{{措施}}")) == ""


def test_a_paragraph_below_no_heading_of_its_own_is_refused() -> None:
    assert "没有登记" in said(headed("{{单位}}", "计划书", "一、目标", "{{措施}}"))
    assert "前面没有印字段的名称" in said(headed("计划书", "{{单位}}", "一、主要措施", "{{措施}}"))


def test_the_title_must_be_printed() -> None:
    assert "没有印标题" in said(form(*ROWS, title="某某表"))


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (TABLE[1:], "上面没有表头"),
        ((TABLE[0], ("{{项目.序号}}", "{{问题.项目名称}}", "{{项目.备注}}")), "组名「问题」没有登记"),
        ((TABLE[0], ("{{项目.序号}}", "{{项目.项目名称}}", "{{单位名称}}")), "重复的行里只能用同一个组"),
        ((*TABLE[:1], ("{{项目.序号}}", "{{项目.项目名称}}", ""), ("", "", "{{项目.备注}}")), "只能有一行"),
        ((TABLE[0], ("", "", "")), "没有重复的行"),
        ((TABLE[0], ("{{序号}}", "{{项目.项目名称}}", "{{项目.备注}}")), "应写成 {{项目.序号}}"),
        ((("备注", "项目名称", "序号"), TABLE[1]), "读表时会读错"),
        (((*TABLE[0], "备注"), (*TABLE[1], "")), "印了两次"),
    ],
)
def test_ledgers_need_one_header_and_one_repeating_row(rows: tuple[tuple[str, ...], ...], words: str) -> None:
    assert words in said(ledger(*rows))


def test_a_repeating_tag_outside_a_table() -> None:
    assert "要写在表格的一行里" in said(ledger(*TABLE, head="单位名称：{{单位名称}} 备注：{{项目.备注}}"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{{单位名}}", "没有对应的字段"),
        ("{% for 行 in 问题 %}{{行.页码}}{% endfor %}", "没有对应的列"),
        ("{% for 行 in 问题 %}{{行.位置}}", "标签写错了"),
        ("{% if 结论 %}", "标签写错了"),
        ("{{ 单位 | upper }}", "不能调用函数或用过滤器"),
        ("{{ 单位.__class__ }}", "不能用「__class__」"),
        ("{{ 单位() }}", "不能调用函数"),
        ("{% include '别的' %}", "不能调用函数"),
        ("｛｛单位｝｝", "全角符号"),
    ],
)
def test_letters_ask_only_for_what_there_is(text: str, words: str) -> None:
    found = [complaint for complaint in lint(letter("反馈单", text)) if words in complaint.problem]
    assert found
    assert found[0].place == "第1段"


def test_tags_are_found_with_their_positions() -> None:
    text = "甲{{项目名称}}乙{{ 项目.备注 }}"
    tags = find_tags(text)
    assert [(tag.group, tag.name, text[tag.start : tag.end]) for tag in tags] == [
        ("", "项目名称", "{{项目名称}}"),
        ("项目", "备注", "{{ 项目.备注 }}"),
    ]
    assert fixed_parts(text) == ("甲", "乙", "")
    assert find_faults(text) == ()
    assert find_faults("{{a.b.c}}{{甲}} {{") == ("{{a.b.c}}", "{{")
