"""Rendered documents of one template one behind the other, each in its own section: a file to be printed at one go.

All documents share the styles, numbering, headers and footers of the template, so only the body is repeated. Each
section starts on an odd page: printing on both sides never puts two letters on one sheet; page numbers start anew.
Knowingly left out: documents of different templates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Sequence

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_PARAGRAPH_ID = "{http://schemas.microsoft.com/office/word/2010/wordml}paraId"
_BEFORE_TYPE = ("headerReference", "footerReference", "footnotePr", "endnotePr")
_BEFORE_NUMBERS = (*_BEFORE_TYPE, "type", "pgSz", "pgMar", "paperSrc", "pgBorders", "lnNumType")


def join_documents(documents: Sequence[etree._Element]) -> etree._Element:
    """The first document's root with the bodies of all of them (w:document elements, at least one).

    The documents are used up: their content is moved, not copied.
    """
    contents = [_content(document) for document in documents]
    body = _body(documents[0])
    for content, section in contents[:-1]:
        body.extend(_closed(content, section))
    content, section = contents[-1]
    body.extend((*content, section))
    _renumber(documents[0])
    return documents[0]


def _w(name: str) -> str:
    return f"{{{_W}}}{name}"


def _body(document: etree._Element) -> etree._Element:
    body = document.find(_w("body"))
    if body is None:
        raise ValueError(document.tag)
    return body


def _content(document: etree._Element) -> tuple[list[etree._Element], etree._Element]:
    """What the body held, and its section with an odd first page and page 1; the body is empty afterwards."""
    body = _body(document)
    content = list(body)
    body[:] = []
    own = content[-1].tag == _w("sectPr") if content else False
    section = content.pop() if own else etree.Element(_w("sectPr"))
    _put(section, "type", "val", "oddPage", _BEFORE_TYPE)
    _put(section, "pgNumType", "start", "1", _BEFORE_NUMBERS)
    return content, section


def _put(section: etree._Element, name: str, attribute: str, value: str, before: tuple[str, ...]) -> None:
    """Set a property of the section at the position the schema asks for."""
    found = section.find(_w(name))
    if found is None:
        found = etree.Element(_w(name))
        names = {_w(name) for name in before}
        section.insert(sum(1 for child in section if child.tag in names), found)
    found.set(_w(attribute), value)


def _closed(content: list[etree._Element], section: etree._Element) -> list[etree._Element]:
    """The section ends in the last paragraph; after a table in a line of one point, which cannot fill a page."""
    if not content or content[-1].tag != _w("p"):
        content.append(_thin_line())
    last = content[-1]
    properties = last.find(_w("pPr"))
    if properties is None:
        properties = etree.Element(_w("pPr"))
        last.insert(0, properties)
    change = properties.find(_w("pPrChange"))
    properties.insert(len(properties) if change is None else properties.index(change), section)
    return content


def _thin_line() -> etree._Element:
    paragraph = etree.Element(_w("p"))
    spacing = etree.SubElement(etree.SubElement(paragraph, _w("pPr")), _w("spacing"))
    for name, value in (("before", "0"), ("after", "0"), ("line", "20"), ("lineRule", "exact")):
        spacing.set(_w(name), value)
    return paragraph


def _renumber(root: etree._Element) -> None:
    """Copies must not share the identities that Word expects to be unique."""
    for number, drawing in enumerate(root.iter(_DRAWING), start=1001):
        drawing.set("id", str(number))
    for paragraph in root.iter(_w("p"), _w("tr")):
        paragraph.attrib.pop(_PARAGRAPH_ID, "")
    etree.strip_elements(root, _w("bookmarkStart"), _w("bookmarkEnd"), with_tail=False)
