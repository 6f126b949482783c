"""Which type a document is: one of the readable ones only when its printed words say so, and never two at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.forms.identify import MARGIN, WordsOf, identify
from pipeline.forms.labels import before_colons, inline_labels
from pipeline.forms.spec import Layout, TypeSpec
from pipeline.model import Document, Grid, Paragraph, Place
from pipeline.office.library import default_templates, load_library
from tests.documents import document, filled, sheet, table
from tests.ledger_damage import paragraphs_of

LIBRARY = load_library(default_templates())
READABLE = [(spec, layout) for spec in LIBRARY.incoming for layout in spec.layouts]
NAMES = [f"{spec.name}-{layout.name}" for spec, layout in READABLE]
readable = pytest.mark.parametrize(("spec", "layout"), READABLE, ids=NAMES)
APPLICATION = next(spec for spec in LIBRARY.incoming if spec.kind == "form")


def _names(paper: Document) -> list[str]:
    return [match.spec.name for match in identify(paper, LIBRARY.types.values())]


def _form(title: str, labels: Sequence[str]) -> Document:
    return document(title, table([(label, "沂北泵站") for label in labels]))


def _ledger(title: str, heads: Sequence[str], *, kind: str = "xlsx") -> Document:
    rows = [tuple(heads), tuple(f"内容{n}" for n in range(len(heads)))]
    if kind == "docx":
        return document(title, table(rows))
    return document(sheet([(title, *[""] * (len(heads) - 1)), *rows], {(0, 0): (1, len(heads))}), kind="xlsx")


OTHERS: dict[str, Document] = {
    "实施计划书": _form(
        "党建项目化管理项目实施计划书",
        ("项目名称", "立项支部", "项目主要责任人", "项目组成员", "选题", "内容", "预期目标", "实施步骤", "保障措施"),
    ),
    "实施计划书-段落": document(
        "党建项目实施计划书",
        "项目名称：温控防裂",
        "立项支部：沂北泵站项目党支部",
        "项目主要责任人：冯敏",
        "一、选题",
        "裂缝检出率为20%。",
        "二、主要采取措施",
        "每2小时测温。",
        "三、预期目标",
        "降至1%以下。",
    ),
    "项目延期申请": _form(
        "党建项目延期申请表",
        (
            "项目编号",
            "项目名称",
            "立项支部",
            "项目主要责任人",
            "原完成时限",
            "申请延期至",
            "延期原因",
            "支部委员会意见",
            "党委会意见",
        ),
    ),
    "项目总结报告": _form(
        "党建项目总结报告", ("项目名称", "立项支部", "项目主要责任人", "完成情况", "取得成效", "经验做法", "评价建议")
    ),
    "销号申请表": _form(
        "巡察整改问题销号申请表",
        ("单位名称", "问题编号", "反馈问题", "整改措施", "佐证材料", "责任人", "完成日期", "审核意见"),
    ),
    "立项评审打分表": _ledger(
        "党建项目立项评审打分表", ("序号", "项目名称", "申报支部", "选题10分", "措施40分", "成效50分", "评审得分")
    ),
    "会议签到表": _ledger("党建工作例会签到表", ("序号", "姓名", "部门", "职务", "联系电话", "签到")),
    "党员花名册": _ledger("党员花名册", ("序号", "姓名", "性别", "部门", "岗位", "入党时间", "联系电话")),
    "民主测评表": _ledger("领导班子民主测评表", ("序号", "姓名", "职务", "优秀", "称职", "基本称职", "不称职", "备注")),
    "周工作计划": _ledger("工程部周工作计划", ("序号", "工作内容", "责任人", "完成时限", "完成情况", "备注")),
    "督办事项台账": _ledger("督办事项台账", ("序号", "督办事项", "牵头领导", "责任部门", "办结时限", "进展情况")),
    "质量目标分解表": _ledger("质量目标分解表", ("序号", "质量目标", "责任部门", "责任人", "完成时限", "考核标准")),
    "形象进度月报": _ledger("工程形象进度月报", ("序号", "单位工程", "本月完成", "形象进度", "存在问题", "下月计划")),
    "发展对象名单-docx": _ledger("发展对象名单", ("序号", "姓名", "部门", "岗位", "培养联系人"), kind="docx"),
    "差旅费报销单": _form("差旅费报销单", ("部门", "姓名", "出差事由", "起止日期", "交通费", "住宿费", "合计金额")),
    "材料需用计划": _ledger("材料需用计划", ("序号", "材料名称", "规格型号", "单位", "数量", "需用日期", "备注")),
    "通知": document("关于报送党建项目申请表的通知", "各党支部：请于8月27日前报送党建项目申请表。", "联系人：尤敏"),
    "空白文档": document(""),
}


@pytest.mark.parametrize("name", OTHERS)
def test_a_paper_of_another_house_is_never_taken_for_a_type_it_is_not(name: str) -> None:
    """With labels of its own it may be nothing at all, or what its title says."""
    assert set(_names(OTHERS[name])) <= {name.split("-")[0]} & LIBRARY.types.keys()


@readable
def test_a_blank_of_every_type_is_that_type_and_no_other(spec: TypeSpec, layout: Layout) -> None:
    paper = filled(layout.document, {}, [{}])
    assert _names(paper) == [spec.name]


@readable
def test_without_its_title_it_is_still_that_type(spec: TypeSpec, layout: Layout) -> None:
    titles = spec.titles
    paper = _untitled(filled(layout.document, {}, [{}]), titles)
    assert not any(title in text for title in titles for text in _texts(paper))
    assert _names(paper) == [spec.name]


@readable
def test_under_the_title_of_another_type_it_is_never_two(spec: TypeSpec, layout: Layout) -> None:
    for other in LIBRARY.incoming:
        paper = filled(layout.document, {}, [{}])
        titled = document(other.titles[0], *paper.blocks, kind=paper.kind)
        assert _names(titled) == [spec.name]


def test_a_workbook_with_the_labels_of_a_form_is_not_read_as_the_form() -> None:
    labels = [field.labels[0] for field in APPLICATION.fields if field.labels]
    rows = [(APPLICATION.titles[0], ""), *((label, "内容") for label in labels)]
    assert _names(document(sheet(rows), kind="xlsx")) == []


def test_a_form_and_a_ledger_in_one_file_are_both_named() -> None:
    """Two matches are asked about, never chosen between."""
    blocks = (*filled(_docx("党建项目申请表"), {}).blocks, *filled(_docx("整改台账"), {}, [{}]).blocks)
    assert set(_names(document(*blocks))) == {"党建项目申请表", "整改台账"}


def test_all_labels_of_the_form_outweigh_an_unknown_title() -> None:
    paper = _untitled(filled(_docx(APPLICATION.name), {}), APPLICATION.titles)
    assert _names(document("党员先锋工程创建申报书", *paper.blocks)) == [APPLICATION.name]


def _docx(name: str) -> Document:
    return next(layout.document for spec, layout in READABLE if spec.name == name and layout.suffix == ".docx")


def _texts(paper: Document) -> list[str]:
    return ["".join(text.split()) for text in paragraphs_of(paper)]


def _untitled(paper: Document, titles: Sequence[str]) -> Document:
    def bare(text: str) -> str:
        return "" if any(title in "".join(text.split()) for title in titles) else text

    return replace(
        paper,
        blocks=tuple(
            replace(block, text=bare(block.text))
            if isinstance(block, Paragraph)
            else replace(block, rows=tuple(tuple(bare(text) for text in row) for row in block.rows))
            for block in paper.blocks
        ),
    )


@given(
    st.lists(
        st.text("立项支部名称选题内容预期目标填时间单位反馈问整改措施责任人日 期：，（）1一、\n", max_size=24),
        max_size=8,
    )
)
@settings(max_examples=150, deadline=None)
def test_types_left_out_at_once_fit_no_document(lines):
    types = tuple(load_library(default_templates()).types.values())
    place = Place("paragraph", "", "", (0,))
    table = Grid("表1", "table", (tuple(lines[::2]), tuple(lines[::2])) if lines else ())
    words = WordsOf(Document("docx", (*(Paragraph(line, place) for line in lines), table)))
    possible = words.possible(types)
    others = [spec for spec in types if spec not in possible and spec.kind in ("form", "ledger")]
    assert not [spec.name for spec in others if words.match(spec).fits]


_TYPES = load_library(default_templates()).incoming
_TITLES = sorted({title for spec in _TYPES for title in spec.titles})
_LABELS = sorted({label for spec in _TYPES for field in (*spec.fields, *spec.columns) for label in field.labels[:1]})


@given(
    st.lists(st.sampled_from(_TITLES), max_size=2),
    st.sampled_from(_TYPES),
    st.lists(st.sampled_from(_LABELS), max_size=12),
    st.integers(0, 20),
)
@settings(max_examples=150, deadline=None)
def test_types_left_out_beside_a_sure_one_would_change_nothing(titles, spec, labels, printed):
    heads = [field.labels[0] for field in (*spec.fields, *spec.columns)[:printed] if field.labels]
    place = Place("paragraph", "", "", (0,))
    table = Grid("表1", "table", ((*heads, *labels),)) if heads or labels else Grid("表1", "table", ())
    column = Grid("表2", "table", tuple((head, "") for head in heads))
    document = Document("docx", (*(Paragraph(title, place) for title in titles), table, column))
    words = WordsOf(document)
    fitting = sorted((one for one in map(words.match, _TYPES) if one.fits), key=lambda one: -one.score)
    near = [one for one in fitting if one.score > fitting[0].score - MARGIN]
    assert [one.spec.name for one in identify(document, _TYPES)] == [one.spec.name for one in near]


@given(st.text("立项支部：:，填 表时间；一、1（）。 ", max_size=40))
def test_words_before_colons_are_what_the_labels_are_looked_for_in(line):
    known = {word: word for word in ("立项支部", "填表时间", "支部", "时间")}
    tried = list(before_colons(line))
    hits = [next(word for word in words if word in known) for words in tried if any(word in known for word in words)]
    assert hits == [word for _, _, word in inline_labels(line, known)]
