"""Letters: the same content as docxtpl's own, the same bytes twice, hostile values and templates kept out."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import Document
from docxtpl import DocxTemplate
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree

from pipeline.errors import SettingsError
from pipeline.office.docx_letter import compile_letter, render_letter

VALUES = {
    "项目名称": "发挥党员作用，实现节能降耗35.6万元",
    "单位": "第一分公司 <甲> & “乙”",
    "事项": [{"序号": "1", "要求": "第一行\n第二行"}, {"序号": "2", "要求": "制表\t之后"}],
    "附注": "",
}


def template(*paragraphs: str, header: str = "", table: bool = False) -> bytes:
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if header:
        document.sections[0].header.paragraphs[0].text = header
    if table:
        grid = document.add_table(rows=4, cols=2)
        for row, texts in enumerate([("序号", "要求"), ("{%tr for 行 in 事项 %}", ""), ("{{行.序号}}", "{{行.要求}}")]):
            for column, text in enumerate(texts):
                grid.cell(row, column).text = text
        grid.cell(3, 0).text = "{%tr endfor %}"
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def split_tag() -> bytes:
    """A tag that Word has cut into three runs."""
    document = Document()
    paragraph = document.add_paragraph("项目名称：")
    for piece in ("{", "{项目", "名称}}"):
        paragraph.add_run(piece).bold = piece == "{"
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def by_docxtpl(data: bytes) -> bytes:
    tool, stream = DocxTemplate(BytesIO(data)), BytesIO()
    tool.render(VALUES, SandboxedEnvironment(), autoescape=True)
    tool.save(stream)
    return stream.getvalue()


def canonical(data: bytes, name: str) -> bytes:
    with ZipFile(BytesIO(data)) as package:
        return etree.tostring(etree.fromstring(package.read(name)), method="c14n")


def text_of(data: bytes) -> str:
    document = Document(BytesIO(data))
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def columns() -> bytes:
    """A row whose cells are repeated: the grid has to follow."""
    document, stream = Document(), BytesIO()
    row = document.add_table(rows=1, cols=4).rows[0]
    for cell, text in zip(row.cells, ("要求", "{%tc for 行 in 事项 %}", "{{行.要求}}", "{%tc endfor %}"), strict=True):
        cell.text = text
    document.save(stream)
    return stream.getvalue()


TEMPLATES = {
    "plain": template("{{项目名称}} 由 {{单位}} 承担", "{% if 附注 %}附注：{{附注}}{% endif %}"),
    "rows": template("{{单位}}", table=True),
    "split": split_tag(),
    "columns": columns(),
    "paragraphs": template("{%p for 行 in 事项 %}", "{{行.序号}}. {{行.要求}}", "{%p endfor %}", "完"),
    "header": template("正文 {{项目名称}}", header="{{单位}}"),
    "literal": template("写法是 {_{字段}_}，{{单位}}"),
}


@pytest.mark.parametrize("name", TEMPLATES)
def test_content_equals_docxtpl(name: str) -> None:
    ours, theirs = render_letter(TEMPLATES[name], name, VALUES), by_docxtpl(TEMPLATES[name])
    assert canonical(ours, "word/document.xml") == canonical(theirs, "word/document.xml")
    with ZipFile(BytesIO(ours)) as package:
        assert package.testzip() is None
        headers = [entry for entry in package.namelist() if "header" in entry]
    for entry in headers:
        assert canonical(ours, entry) == canonical(theirs, entry)


def test_same_values_same_bytes() -> None:
    data = TEMPLATES["rows"]
    first = render_letter(data, "甲", VALUES)
    compile_letter.cache_clear()
    assert render_letter(data, "甲", VALUES) == first


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
@settings(max_examples=60, deadline=None)
def test_any_value_arrives_as_it_is(value: str) -> None:
    data = render_letter(TEMPLATES["plain"], "甲", {**VALUES, "单位": "", "项目名称": f"[{value}]"})
    shown = Document(BytesIO(data)).paragraphs[0].text.partition("[")[2].rpartition("]")[0]
    kept = "".join("\ufffd" if (ord(c) < 32 and c not in "\t\n\r") or c in "\ufffe\uffff" else c for c in value)
    assert shown.replace("\r", "\n") == kept.replace("\r", "\n")


@pytest.mark.parametrize(
    ("tag", "word"),
    [
        ("{{没有这一项}}", "没有这一项"),
        ("{{项目名称.__class__.__mro__}}", "不允许|没有"),
        ("{% if 单位 %}", "写错"),
        ("{{事项 + 单位}}", "不能使用"),
    ],
)
def test_a_broken_template_is_refused_with_the_reason(tag: str, word: str) -> None:
    with pytest.raises(SettingsError, match=word):
        render_letter(template(tag), "责任书", VALUES)


def test_none_is_refused() -> None:
    with pytest.raises(SettingsError):
        render_letter(TEMPLATES["plain"], "甲", {**VALUES, "单位": None})


def test_not_a_word_file() -> None:
    with pytest.raises(SettingsError):
        compile_letter(b"PK\3\4 nothing", "甲")


def test_joined_letters_stand_on_odd_pages_each_complete() -> None:
    letter = compile_letter(TEMPLATES["rows"], "甲")
    data = letter.render_all([{**VALUES, "单位": f"单位{n}"} for n in range(5)])
    document = Document(BytesIO(data))
    assert [p.text for p in document.paragraphs if p.text] == [f"单位{n}" for n in range(5)]
    assert len(document.tables) == 5
    assert len(document.sections) == 5
    assert {section.start_type.name for section in document.sections} == {"ODD_PAGE"}


def test_tags_in_the_header_cannot_be_joined() -> None:
    with pytest.raises(SettingsError, match="页眉"):
        compile_letter(TEMPLATES["header"], "甲").render_all([VALUES, VALUES])
