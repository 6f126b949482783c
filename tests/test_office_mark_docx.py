"""The sender's Word document comes back with comments at the exact cells, and nothing else in it changes."""

from __future__ import annotations

import zipfile
from datetime import datetime
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING

import docx
import pytest
from docx.oxml import parse_xml
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from pipeline.model import Place, Severity
from pipeline.office.docx_mark import mark_docx, reference_in_docx, unmark_docx
from pipeline.office.marks import AUTHOR, Mark, Stamp

if TYPE_CHECKING:
    from docx.document import Document

STAMP = Stamp("2026-0012", when=datetime(2026, 8, 27, 10, 0))
NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f"{{{NAMESPACE}}}"
TITLE = "党建项目申请表"


@cache
def form() -> bytes:
    """A title and a table of three rows: label, value; the last value is empty."""
    return saved(new_form())


def new_form() -> Document:
    document = docx.Document()
    document.add_paragraph("")
    document.add_paragraph(TITLE)
    table = document.add_table(rows=3, cols=2)
    for cell, text in zip(table._cells, ("立项支部", "第一党支部", "项目名称", "第一段", "责任人", ""), strict=True):
        cell.text = text
    table.cell(1, 1).add_paragraph("第二段")
    return document


def saved(document: Document) -> bytes:
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def xml(text: str) -> etree._Element:
    return parse_xml(f'<w:x xmlns:w="{NAMESPACE}">{text}</w:x>')[0]


def cell(number: int, text: str = "没有填。", severity: Severity = Severity.ERROR) -> Mark:
    return Mark(Place("cell", f"表1 第{number}格", "word/document.xml", (number,)), text, severity)


def paragraph(number: int, text: str = "不是日期。", part: str = "word/document.xml") -> Mark:
    return Mark(Place("paragraph", f"第{number}段", part, (number,)), text, Severity.EXPLAIN)


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def packed(content: dict[str, bytes]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in content.items():
            package.writestr(name, data)
    return buffer.getvalue()


def body(data: bytes) -> etree._Element:
    return etree.fromstring(parts(data)["word/document.xml"])


def commented(data: bytes) -> dict[str, tuple[str, list[str]]]:
    """Comment id → the text its range covers and the paragraphs of the comment."""
    ranges: dict[str, str] = {}
    opened: set[str] = set()
    for element in body(data).iter():
        identifier = element.get(f"{W}id", "")
        if element.tag == f"{W}commentRangeStart":
            opened.add(identifier)
            ranges[identifier] = ""
        elif element.tag == f"{W}commentRangeEnd":
            opened.discard(identifier)
        elif element.tag == f"{W}t":
            for open_one in opened:
                ranges[open_one] += element.text or ""
    return {
        str(comment.comment_id): (ranges[str(comment.comment_id)], [p.text for p in comment.paragraphs])
        for comment in docx.Document(BytesIO(data)).comments
    }


def assert_same_meaning(before: bytes, after: bytes) -> None:
    old, new = parts(before), parts(after)
    assert list(old) == list(new)
    for name, content in old.items():
        assert content == new[name] or canonical(content) == canonical(new[name]), name


def canonical(content: bytes) -> bytes:
    return etree.tostring(etree.fromstring(content), method="c14n")


def test_the_comment_covers_exactly_the_cell() -> None:
    after = mark_docx(form(), [cell(3)], STAMP)
    assert commented(after) == {"0": ("第一段第二段", ["反馈意见（编号：2026-0012）", "【必须改正】没有填。"])}
    comment = next(iter(docx.Document(BytesIO(after)).comments))
    assert (comment.author, comment.initials) == (AUTHOR, "R-2026-00")
    assert comment.timestamp is not None
    assert comment.timestamp.hour == 10


def test_an_empty_cell_gets_its_comment_too() -> None:
    after = mark_docx(form(), [cell(5)], STAMP)
    assert commented(after)["0"][0] == ""
    assert body(after).findall(f".//{W}tc")[5].find(f".//{W}commentReference") is not None


def test_a_paragraph_is_found_by_its_number() -> None:
    assert commented(mark_docx(form(), [paragraph(1)], STAMP))["0"][0] == TITLE


@pytest.mark.parametrize(
    "mark",
    [
        Mark(None, "逾期。", Severity.HINT),
        Mark(Place("file", "整个文件"), "逾期。", Severity.HINT),
        cell(999),
        paragraph(0, part="word/header1.xml"),
    ],
)
def test_what_has_no_spot_is_said_at_the_title(mark: Mark) -> None:
    covered, lines = commented(mark_docx(form(), [mark], STAMP))["0"]
    assert covered == TITLE
    assert mark.text in lines[1]
    if mark.place is not None:
        assert mark.place.text in lines[1]


def test_several_marks_on_one_cell_are_one_numbered_comment() -> None:
    after = mark_docx(form(), [cell(1, "甲"), cell(2), cell(1, "乙", Severity.HINT)], STAMP)
    texts = [lines[1:] for _, lines in commented(after).values()]
    assert texts == [["1. 【必须改正】甲", "2. 【提示】乙"], ["【必须改正】没有填。"]]


def test_only_the_parts_that_marking_must_touch_change_and_unknown_parts_survive() -> None:
    content = parts(form())
    content["word/vendor/odd.bin"] = b"nobody points here"
    before = packed(content)
    after = mark_docx(before, [cell(1)], STAMP)
    old, new = parts(before), parts(after)
    touched = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
    assert touched == {
        "[Content_Types].xml",
        "word/document.xml",
        "word/_rels/document.xml.rels",
        "word/comments.xml",
    }
    assert list(new)[: len(old)] == list(old)


def test_the_senders_comments_stay_and_ours_make_way_for_the_new_ones() -> None:
    document = new_form()
    run = document.tables[0].cell(0, 1).paragraphs[0].runs[0]
    document.add_comment(run, "单位自己的批注", author="张三", initials="Z")
    before = saved(document)
    first = mark_docx(before, [cell(1, "旧"), cell(3, "旧")], STAMP)
    again = mark_docx(first, [cell(5, "新")], Stamp("2026-0013"))
    said = [lines[-1] for _, lines in commented(first).values()]
    assert said == ["单位自己的批注", "【必须改正】旧", "【必须改正】旧"]
    assert [lines[-1] for _, lines in commented(again).values()] == ["单位自己的批注", "【必须改正】新"]
    assert reference_in_docx(again) == "2026-0013"
    assert_same_meaning(before, unmark_docx(again))


def test_a_reply_to_our_comment_stays_as_a_comment_of_its_own() -> None:
    extended = "http://schemas.microsoft.com/office/word/2012/wordml"
    w14 = "http://schemas.microsoft.com/office/word/2010/wordml"
    content = parts(mark_docx(form(), [cell(1)], STAMP))
    comments = etree.fromstring(content["word/comments.xml"])
    comments[0][-1].set(f"{{{w14}}}paraId", "0000000A")
    reply = etree.SubElement(comments, f"{W}comment", {f"{W}id": "7", f"{W}author": "张三"})
    etree.SubElement(reply, f"{W}p", {f"{{{w14}}}paraId": "0000000B"})
    content["word/comments.xml"] = etree.tostring(comments)
    content["word/commentsExtended.xml"] = (
        f'<w15:commentsEx xmlns:w15="{extended}"><w15:commentEx w15:paraId="0000000A" w15:done="0"/>'
        '<w15:commentEx w15:paraId="0000000B" w15:paraIdParent="0000000A" w15:done="0"/></w15:commentsEx>'
    ).encode()
    relations = content["word/_rels/document.xml.rels"]
    kind = "http://schemas.microsoft.com/office/2011/relationships/commentsExtended"
    entry = f'<Relationship Id="rId99" Type="{kind}" Target="commentsExtended.xml"/></Relationships>'
    content["word/_rels/document.xml.rels"] = relations.replace(b"</Relationships>", entry.encode())
    after = parts(unmark_docx(packed(content)))
    left = etree.fromstring(after["word/commentsExtended.xml"])
    assert [dict(item.attrib) for item in left] == [{f"{{{extended}}}paraId": "0000000B", f"{{{extended}}}done": "0"}]
    assert [item.get(f"{W}author") for item in etree.fromstring(after["word/comments.xml"])] == ["张三"]


def wrapped(element: etree._Element) -> None:
    control = xml("<w:sdt><w:sdtPr/><w:sdtContent/></w:sdt>")
    element.getparent().replace(element, control)
    control[-1].append(element)


def test_the_range_goes_around_a_control_in_the_line() -> None:
    document = new_form()
    line = document.tables[0].cell(0, 1).paragraphs[0]._p
    wrapped(line.find(f"{W}r"))
    after = mark_docx(saved(document), [cell(1)], STAMP)
    assert commented(after)["0"][0] == "第一党支部"
    assert not [mark for mark in body(after).iter(f"{W}commentReference") if next(mark.iterancestors(f"{W}sdt"), None)]


@pytest.mark.parametrize("what", ["cell", "paragraph"])
def test_the_reference_never_opens_a_control(what: str) -> None:
    """LibreOffice drops the text of a control's first paragraph when a comment refers from there."""
    document = new_form()
    value = document.tables[0].cell(0, 1)
    wrapped(value._tc if what == "cell" else value.paragraphs[0]._p)
    before = saved(document)
    after = mark_docx(before, [cell(1)], STAMP)
    assert commented(after)["0"][0] == "第一党支部"
    reference = next(body(after).iter(f"{W}commentReference"))
    assert next(reference.iterancestors(f"{W}sdt"), None) is None
    assert_same_meaning(before, unmark_docx(after))


def test_a_row_in_a_control_is_no_obstacle() -> None:
    document = new_form()
    wrapped(document.tables[0].rows[0]._tr)
    after = mark_docx(saved(document), [cell(0)], STAMP)
    reference = next(body(after).iter(f"{W}commentReference"))
    assert "".join(next(reference.iterancestors(f"{W}tc")).itertext(f"{W}t")) == "立项支部"


def test_a_text_box_is_marked_at_the_paragraph_that_holds_it() -> None:
    document = new_form()
    host = document.paragraphs[1]._p
    host.append(xml("<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>框里</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>"))
    before = saved(document)
    inside = [p.getparent().tag == f"{W}txbxContent" for p in body(before).iter(f"{W}p")].index(True)
    after = mark_docx(before, [paragraph(inside)], STAMP)
    reference = next(body(after).iter(f"{W}commentReference"))
    assert next(reference.iterancestors(f"{W}txbxContent"), None) is None
    assert commented(after)["0"][0] == TITLE + "框里"


def test_a_continued_merge_is_never_marked() -> None:
    document = new_form()
    document.tables[0].cell(1, 1).merge(document.tables[0].cell(2, 1))
    after = mark_docx(saved(document), [cell(5)], STAMP)
    assert commented(after)["0"][0] == TITLE


def test_what_has_no_marks_comes_back_as_it_is() -> None:
    assert unmark_docx(form()) == form()
    assert mark_docx(form(), [], STAMP) == form()
    assert reference_in_docx(form()) == ""


def test_odd_characters_of_a_sender_do_not_break_the_file() -> None:
    _, lines = commented(mark_docx(form(), [cell(1, "a\x00b\x1f<&>\ud800 第一行\r\n第二行")], STAMP))["0"]
    assert lines[1:] == ["【必须改正】ab<&> 第一行", "第二行"]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.builds(cell, st.integers(0, 6)) | st.builds(paragraph, st.integers(0, 9)), max_size=8),
    st.sampled_from(["R1", "2026-0012", "整改-7"]),
)
def test_unmark_undoes_mark_and_marking_twice_is_marking_once(marks: list[Mark], reference: str) -> None:
    stamp = Stamp(reference)
    after = mark_docx(form(), marks, stamp)
    assert_same_meaning(form(), unmark_docx(after))
    assert mark_docx(after, marks, stamp) == after
    assert reference_in_docx(after) == (reference if marks else "")
