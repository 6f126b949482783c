"""Reading Word files: every way a form is filled in ends up as text at its place."""

from __future__ import annotations

import zipfile
from io import BytesIO
from xml.sax.saxutils import escape

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import Unreadable
from pipeline.model import Document, Grid, Paragraph
from pipeline.office.read import read
from pipeline.settings import Limits

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
V = "urn:schemas-microsoft-com:vml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def document(body: str, *, extra: dict[str, str] | None = None) -> Document:
    """Reads a docx with this body; `extra`: relation type → content of one more part."""
    return read(package(body, extra or {}), Limits())


def package(body: str, extra: dict[str, str]) -> bytes:
    namespaces = f'xmlns:w="{W}" xmlns:w14="{W14}" xmlns:mc="{MC}" xmlns:v="{V}"'
    relations = "".join(
        f'<Relationship Id="r{index}" Type="{OFFICE}/{kind}" Target="{kind}.xml"/>' for index, kind in enumerate(extra)
    )
    members = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r" '
        f'Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f"<w:document {namespaces}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>',
        **{f"word/{kind}.xml": content.replace("NS", namespaces) for kind, content in extra.items()},
    }
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def t(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def p(*content: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(content)}</w:p>"


def tc(*content: str, properties: str = "") -> str:
    inside = "".join(part if part.startswith("<w:") else p(t(part)) for part in content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inside}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def tbl(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


def sdt(content: str, properties: str = "") -> str:
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def span(columns: int) -> str:
    return f'<w:gridSpan w:val="{columns}"/>'


MERGE_START = '<w:vMerge w:val="restart"/>'
MERGED = "<w:vMerge/>"


def line(*content: str) -> str:
    """The text of a document of one paragraph, with something around it so that it is never empty."""
    blocks = document(p(*content) + p(t("尾"))).blocks
    assert isinstance(blocks[0], Paragraph)
    return blocks[0].text


def grid(*rows: str) -> Grid:
    (found,) = [block for block in document(tbl(*rows)).blocks if isinstance(block, Grid) and not block.nested]
    return found


def field(kind: str, inside: str = "") -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}">{inside}</w:fldChar></w:r>'


# text of a paragraph


def test_text_in_runs_tabs_breaks_and_hyphens() -> None:
    assert line(t("甲"), "<w:r><w:tab/><w:t>乙</w:t><w:br/><w:t>丙</w:t><w:noBreakHyphen/></w:r>") == "甲\t乙\n丙-"


def test_tab_stops_are_no_text() -> None:
    blocks = document(p(t("甲"), properties='<w:tabs><w:tab w:val="left" w:pos="1"/></w:tabs>')).blocks
    assert [block.text for block in blocks if isinstance(block, Paragraph)] == ["甲"]


def test_insertions_count_and_deletions_do_not() -> None:
    body = p(t("一"), f"<w:ins>{t('二')}</w:ins>", f"<w:del><w:r><w:delText>三</w:delText></w:r>{t('三')}</w:del>")
    body += p(f"<w:moveFrom>{t('四')}</w:moveFrom><w:moveTo>{t('五')}</w:moveTo>")
    found = document(body)
    assert [block.text for block in found.blocks if isinstance(block, Paragraph)] == ["一二", "五"]
    assert [finding.code for finding in found.findings] == ["tracked_changes"]


def test_a_deleted_paragraph_mark_joins_two_paragraphs() -> None:
    deleted = p(t("前"), properties="<w:rPr><w:del/></w:rPr>")
    blocks = document(deleted + p(t("后"))).blocks
    assert [block.text for block in blocks if isinstance(block, Paragraph)] == ["前后"]
    assert grid(tr(tc(deleted, "后"), tc("乙"))).rows == (("前后", "乙"),)


def test_a_document_without_changes_has_no_remark() -> None:
    assert document(p(t("甲"))).findings == ()


def test_a_deleted_row_is_gone() -> None:
    rows = tr(tc("甲")), tr(tc("乙"), properties="<w:del/>"), tr(tc("丙"), properties="<w:ins/>")
    assert grid(*rows).rows == (("甲",), ("丙",))


def test_content_controls_show_their_content_but_not_their_prompt() -> None:
    assert line(sdt(t("填写")), sdt(t("单击此处输入"), "<w:showingPlcHdr/>"), t("。")) == "填写。"


def test_block_controls_show_their_content_but_not_their_prompt() -> None:
    body = (
        sdt(p(t("甲"))) + sdt(p(t("提示")), "<w:showingPlcHdr/>") + tbl(tr(tc(sdt(p(t("提示")), "<w:showingPlcHdr/>"))))
    )
    texts = [block.text if isinstance(block, Paragraph) else block.rows for block in document(body).blocks]
    assert texts == ["甲", "", (("",),)]


@pytest.mark.parametrize(("value", "shown"), [("1", "☑"), ("true", "☑"), ("0", "□")])
def test_check_box_controls_show_their_state(value: str, shown: str) -> None:
    box = sdt(t("☒"), f'<w14:checkbox><w14:checked w14:val="{value}"/></w14:checkbox>')
    assert line(box, t("同意")) == f"{shown}同意"


@pytest.mark.parametrize(
    ("inside", "shown"),
    [
        ("<w:checkBox><w:default w:val='0'/><w:checked/></w:checkBox>", "☑"),
        ("<w:checkBox><w:default w:val='1'/></w:checkBox>", "☑"),
        ("<w:checkBox><w:default w:val='1'/><w:checked w:val='0'/></w:checkBox>", "□"),
        ("<w:ddList><w:result w:val='1'/><w:listEntry w:val='甲'/><w:listEntry w:val='乙'/></w:ddList>", "乙"),
        ("<w:textInput/>", ""),
    ],
)
def test_legacy_form_fields(inside: str, shown: str) -> None:
    code = "<w:r><w:instrText>FORMCHECKBOX</w:instrText></w:r>"
    found = line(
        field("begin", f"<w:ffData>{inside}</w:ffData>"), code, field("separate"), t("值"), field("end"), t("后")
    )
    assert found == f"{shown}值后"


def test_field_instructions_are_dropped_and_results_kept() -> None:
    nested = field("begin") + t("条件") + field("begin") + t("内") + field("separate") + t("结果") + field("end")
    assert line(nested, field("separate"), t("显示"), field("end"), t("后")) == "显示后"
    assert (
        line(f"<w:fldSimple w:instr='DATE'>{t('2026')}</w:fldSimple><w:hyperlink>{t('链')}</w:hyperlink>") == "2026链"
    )


def test_a_field_that_never_ends_does_not_swallow_the_document() -> None:
    blocks = document(p(field("begin"), t("坏")) + p(t("正文"))).blocks
    assert [block.text for block in blocks if isinstance(block, Paragraph)] == ["", "正文"]


@pytest.mark.parametrize(
    ("font", "char", "shown"),
    [
        ("Wingdings", "F0FE", "☑"),
        ("Wingdings", "F0A8", "□"),
        ("Wingdings", "00FC", "√"),
        ("Wingdings 2", "F052", "☑"),
        ("Wingdings 2", "F0A3", "□"),
        ("Wingdings 2", "F050", "√"),
        ("Webdings", "F061", "√"),
        ("Symbol", "F0B1", "±"),
        ("宋体", "221A", "√"),
        ("Wingdings", "F04A", "\ufffd"),
        ("Wingdings", "坏", "\ufffd"),
    ],
)
def test_symbols(font: str, char: str, shown: str) -> None:
    assert line(f'<w:r><w:sym w:font="{font}" w:char="{char}"/></w:r>', t("同意")) == f"{shown}同意"


def test_letters_in_a_symbol_font_and_private_use_characters_are_ticks() -> None:
    assert line(t("þ", '<w:rFonts w:ascii="Wingdings"/>'), t("同意"), t("o", '<w:rFonts w:ascii="宋体"/>')) == "☑同意o"
    assert line(t("\uf0a8不同意\uf052")) == "□不同意☑"


def test_hidden_text_is_skipped_unless_switched_off() -> None:
    assert line(t("见"), t("隐", "<w:vanish/>"), t("显", '<w:vanish w:val="0"/>')) == "见显"


def test_underlined_ranges_are_blanks() -> None:
    under = '<w:u w:val="single"/>'
    paragraph = document(p(t("名称："), t(" 甲 ", under), t("乙", under), t("（章）", '<w:u w:val="none"/>'))).blocks[0]
    assert isinstance(paragraph, Paragraph)
    assert (paragraph.text, paragraph.blanks) == ("名称： 甲 乙（章）", ((3, 7),))


def test_ruby_keeps_the_base_and_formulas_their_letters() -> None:
    ruby = f"<w:r><w:ruby><w:rt>{t('yin')}</w:rt><w:rubyBase>{t('字')}</w:rubyBase></w:ruby></w:r>"
    math = "http://schemas.openxmlformats.org/officeDocument/2006/math"
    assert line(ruby, f'<m:oMath xmlns:m="{math}"><m:r><m:t>x=1</m:t></m:r></m:oMath>') == "字x=1"


# text boxes


def box(*paragraphs: str) -> str:
    content = f"<w:txbxContent>{''.join(paragraphs)}</w:txbxContent>"
    return (
        "<w:r><mc:AlternateContent>"
        f"<mc:Choice Requires='wps'><w:drawing><v:a>{content}</v:a></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{content}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def test_a_text_box_is_read_once_after_its_paragraph() -> None:
    blocks = document(p(t("前"), box(p(t("框内一")), p(t("框内二"))), t("后")) + p(t("下"))).blocks
    found = [(block.text, block.place.anchor) for block in blocks if isinstance(block, Paragraph)]
    # the two paragraphs of the fallback copy count in the document order
    assert found == [("前后", (0,)), ("框内一", (1,)), ("框内二", (2,)), ("下", (5,))]


def test_an_old_text_box_without_alternatives_is_read() -> None:
    content = f"<w:r><w:pict><v:textbox><w:txbxContent>{p(t('框'))}</w:txbxContent></v:textbox></w:pict></w:r>"
    blocks = document(p(content)).blocks
    assert [block.text for block in blocks if isinstance(block, Paragraph)] == ["", "框"]


def test_a_text_box_in_a_cell_follows_the_table() -> None:
    blocks = document(tbl(tr(tc(p(t("格"), box(p(t("框")))))))).blocks
    assert isinstance(blocks[0], Grid)
    assert blocks[0].rows == (("格",),)
    assert isinstance(blocks[1], Paragraph)
    assert blocks[1].text == "框"


# tables


def test_merged_cells_keep_their_text_at_the_top_left() -> None:
    found = grid(
        tr(tc("甲", properties=span(2)), tc("乙")),
        tr(tc("组", properties=MERGE_START), tc("一"), tc("二")),
        tr(tc("", properties=MERGED), tc("三"), tc("四")),
    )
    assert found.rows == (("甲", "", "乙"), ("组", "一", "二"), ("", "三", "四"))
    assert dict(found.spans) == {(0, 0): (1, 2), (1, 0): (2, 1)}
    assert dict(found.anchors) == {(0, 0): 0, (0, 2): 1, (1, 0): 2, (1, 1): 3, (1, 2): 4, (2, 1): 6, (2, 2): 7}
    assert found.place((2, 1)).text == "表1 第3行第1格"


def test_a_block_merged_both_ways() -> None:
    both = span(2) + MERGE_START
    found = grid(
        tr(tc("大", properties=both), tc("一")), tr(tc("", properties=span(2) + MERGED), tc("二")), tr(*map(tc, "abc"))
    )
    assert dict(found.spans) == {(0, 0): (2, 2)}
    assert found.covered() == {(0, 1): (0, 0), (1, 0): (0, 0), (1, 1): (0, 0)}


def test_a_continued_merge_without_a_beginning_stands_for_itself() -> None:
    assert grid(tr(tc("甲"), tc("乙")), tr(tc("丙", properties=MERGED), tc("丁"))).rows == (("甲", "乙"), ("丙", "丁"))


def test_cells_merged_the_old_way_are_one() -> None:
    found = grid(
        tr(tc("甲", properties='<w:hMerge w:val="restart"/>'), tc("", properties="<w:hMerge/>")), tr(*map(tc, "ab"))
    )
    assert (found.rows, dict(found.spans)) == ((("甲", ""), ("a", "b")), {(0, 0): (1, 2)})


def test_ragged_rows_start_where_they_stand() -> None:
    found = grid(tr(*map(tc, "abc")), tr(tc("右"), properties='<w:gridBefore w:val="2"/>'), tr(tc("短")))
    assert found.rows == (("a", "b", "c"), ("", "", "右"), ("短", "", ""))


def test_rows_and_cells_in_content_controls_are_rows_and_cells() -> None:
    found = grid(tr(tc("甲"), sdt(tc("乙"))), sdt(tr(tc("丙"), tc("丁"))), sdt(sdt(tr(tc("戊"), tc("己")))))
    assert found.rows == (("甲", "乙"), ("丙", "丁"), ("戊", "己"))


def test_a_cell_control_with_its_prompt_is_empty() -> None:
    assert grid(tr(tc("项目名称"), sdt(tc("请填写"), "<w:showingPlcHdr/>"))).rows == (("项目名称", ""),)


def test_lines_of_a_cell_are_kept_as_they_are() -> None:
    assert grid(tr(tc("", "甲", "", "乙", ""))).rows == (("\n甲\n\n乙\n",),)


def test_a_nested_table_is_in_its_cell_and_a_grid_of_its_own() -> None:
    inner = tbl(tr(tc("选题"), tc("质量")), tr(tc("内容"), tc("")))
    blocks = document(tbl(tr(tc("左"), tc(p(t("前")), inner, p()))) + p(t("后"))).blocks
    outer, nested, after = blocks
    assert isinstance(outer, Grid)
    assert isinstance(nested, Grid)
    assert outer.rows == (("左", "前\n选题\n质量\n内容\n"),)
    assert (nested.name, nested.nested, nested.rows) == ("表1内表1", True, (("选题", "质量"), ("内容", "")))
    assert nested.place((0, 1)).anchor == (3,)
    assert isinstance(after, Paragraph)


def test_tables_are_numbered_in_order() -> None:
    table = tbl(tr(tc("甲")))
    names = [block.name for block in document(table + p() + sdt(table)).grids()]
    assert names == ["表1", "表2"]


def test_a_monstrous_span_costs_nothing() -> None:
    found = grid(tr(tc("甲", properties=span(100_000)), tc("乙")), tr(tc("丙", properties=span(2_000_000_000))))
    assert found.rows == (("甲", "乙"), ("丙", ""))


def test_too_many_columns_are_refused() -> None:
    rows = [tr(tc("x"), properties=f'<w:gridBefore w:val="{at}"/>') for at in range(600)]
    with pytest.raises(Unreadable) as caught:
        document(tbl(*rows))
    assert (caught.value.code, caught.value.facts["reason"]) == ("too_large", "columns")


# the whole


def test_places_count_all_paragraphs_of_the_part() -> None:
    blocks = document(p(t("甲")) + tbl(tr(tc("乙", "丙"))) + p(t("丁"))).blocks
    anchors = [block.place.anchor for block in blocks if isinstance(block, Paragraph)]
    assert anchors == [(0,), (3,)]
    assert [block.place.text for block in blocks if isinstance(block, Paragraph)] == ["第1段", "第2段"]


def test_headers_and_footers_are_margins() -> None:
    header = f"<w:hdr NS>{p(t('编号：7'))}{p()}{tbl(tr(tc('表头'), tc('')))}</w:hdr>"
    found = document(p(t("正文")), extra={"header": header, "footer": f"<w:ftr NS>{p(t('第1页'))}</w:ftr>"})
    assert [line.text for line in found.margins] == ["编号：7", "表头", "第1页"]
    assert found.margins[0].place.part == "word/header.xml"
    assert found.margins[1].place.text == "页眉表1 第1行第1格"


def comment(author: str, text: str) -> str:
    inside = p(t(text)) + p(t("余"))
    return f"<w:comments NS><w:comment w:author='{author}' w:initials='R-'>{inside}</w:comment></w:comments>"


def test_the_reference_of_our_own_comments() -> None:
    ours = comment("党建文件流水线", "反馈意见（编号：2026-0007）")
    assert document(p(t("正文")), extra={"comments": ours}).answers == "2026-0007"
    assert document(p(t("正文")), extra={"comments": comment("张三", "反馈意见（编号：1）")}).answers == ""


@pytest.mark.parametrize("body", ["", "<w:p/>", tbl(tr(tc(" "))), "<w:altChunk/>"])
def test_a_document_without_text_is_not_read(body: str) -> None:
    with pytest.raises(Unreadable) as caught:
        document(body)
    assert caught.value.code == "no_text"


def test_imported_pieces_are_reported() -> None:
    assert [finding.code for finding in document(p(t("甲")) + "<w:altChunk/>").findings] == ["linked_text"]


def test_comments_in_the_xml_do_not_split_a_text() -> None:
    assert line("<w:r><w:t>甲<!-- x -->乙<?x y?>丙</w:t></w:r>") == "甲乙丙"


@given(st.lists(st.lists(st.text("甲乙丙 abc1。", max_size=5), min_size=3, max_size=3), min_size=1, max_size=4))
def test_what_python_docx_writes_is_what_we_read(cells: list[list[str]]) -> None:
    made = docx.Document()
    made.add_paragraph("标题")
    table = made.add_table(rows=len(cells), cols=3)
    for row, texts in zip(table.rows, cells, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    out = BytesIO()
    made.save(out)
    (found,) = read(out.getvalue(), Limits()).grids()
    assert [list(row) for row in found.rows] == cells


@given(st.data())
def test_any_merging_gives_a_rectangle_without_overlaps(data: st.DataObject) -> None:
    """Whatever spans and merge marks say: rows of one width, no position under two merges, every text kept."""
    rows = []
    for _ in range(data.draw(st.integers(1, 5))):
        cells = [
            tc(
                "字",
                properties=span(data.draw(st.integers(1, 3))) + data.draw(st.sampled_from(["", MERGE_START, MERGED])),
            )
            for _ in range(data.draw(st.integers(1, 4)))
        ]
        rows.append(tr(*cells, properties=f'<w:gridBefore w:val="{data.draw(st.integers(0, 2))}"/>'))
    found = grid(*rows)
    width = len(found.rows[0])
    assert all(len(row) == width for row in found.rows)
    taken = [(r, c) for (top, left), (height, across) in found.spans.items()
             for r in range(top, top + height) for c in range(left, left + across)]  # fmt: skip
    assert len(taken) == len(set(taken))
    assert all(r < len(found.rows) and c < width for r, c in taken)
    assert all(found.rows[r][c] == "字" for r, c in found.anchors)
