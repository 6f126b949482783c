"""Puts Word comments at the exact cell or paragraph of the sender's own document, and recognises them when it returns.

Works on the parts themselves: the main document, its comments, relationships and content types change, every other
member keeps its bytes, and parts python-docx would drop survive. No shading: the form stays as the sender made it.
Headers, footers and notes cannot carry comments in Word: their marks go to the title, with the place in words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.office.docx_comments import (
    MAIN_KIND,
    Comments,
    add_comment,
    comments_part,
    our_comments,
    remove_comments,
    w,
)
from pipeline.office.marks import AUTHOR, Mark, Stamp, remark, signature
from pipeline.office.package_edit import PackageEdit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element as Element

    from pipeline.model import Place


def mark_docx(data: bytes, marks: Sequence[Mark], stamp: Stamp) -> bytes:
    """The document with one comment per marked spot; earlier comments of ours are gone, the sender's stay.

    A mark without a place, or whose place cannot carry a comment, is put on the first line that has text.
    """
    package = PackageEdit(data)
    main = _main_part(package)
    remove_comments(package, main, stamp.author)
    if marks:
        comments = Comments(package, main, stamp)
        root = package.root(main)
        for spot, group in _by_spot(root, marks, main):
            first, last = _range(spot)
            add_comment(first, last, comments.new(remark(group, stamp.reference)))
        comments.store()
        package.save(main)
    return package.to_bytes()


def unmark_docx(data: bytes, author: str = AUTHOR) -> bytes:
    """The document without our comments; the very same bytes when there are none."""
    package = PackageEdit(data)
    remove_comments(package, _main_part(package), author)
    return package.to_bytes()


def reference_in_docx(data: bytes, author: str = AUTHOR) -> str:
    """The reference our comments carry, "" when the document has none of ours."""
    package = PackageEdit(data)
    part = comments_part(package, _main_part(package))
    ours = our_comments(package.root(part), author) if part else []
    found = (signature("".join(map(str, comment.itertext(w("t"))))) for comment in ours)
    return next(filter(None, found), "")


def _main_part(package: PackageEdit) -> str:
    return next((part for _, part in package.related("", MAIN_KIND)), "word/document.xml")


def _by_spot(root: Element, marks: Sequence[Mark], main: str) -> list[tuple[Element, list[Mark]]]:
    cells, paragraphs = list(root.iter(w("tc"))), list(root.iter(w("p")))
    spots: dict[Element, list[Mark]] = {}
    for mark in marks:
        spot = _spot(mark.place, cells, paragraphs, main)
        if spot is None:
            spot = _title(root, paragraphs)
            mark = _with_place(mark)
        spots.setdefault(spot, []).append(mark)
    return list(spots.items())


def _with_place(mark: Mark) -> Mark:
    place = mark.place
    if place is None or not place.text or place.text in mark.text:
        return mark
    return Mark(place, f"{place.text}：{mark.text}", mark.severity)


def _spot(place: Place | None, cells: list[Element], paragraphs: list[Element], main: str) -> Element | None:
    """The w:tc or w:p a place means, None when it cannot carry a comment."""
    if place is None or place.part not in ("", main) or len(place.anchor) != 1:
        return None
    elements = {"cell": cells, "paragraph": paragraphs}.get(place.kind, [])
    number = place.anchor[0]
    if not 0 <= number < len(elements):
        return None
    spot = _out_of_text_boxes(elements[number])
    return None if spot.tag == w("tc") and _continues_merge(spot) else spot


def _out_of_text_boxes(element: Element) -> Element:
    """The paragraph that holds the outermost text box around the element, or the element itself."""
    boxes = list(element.iterancestors(w("txbxContent")))
    return next(boxes[-1].iterancestors(w("p")), element) if boxes else element


def _continues_merge(cell: Element) -> bool:
    merge = cell.find(f"{w('tcPr')}/{w('vMerge')}")
    return merge is not None and merge.get(w("val"), "continue") == "continue"


def _title(root: Element, paragraphs: list[Element]) -> Element:
    """The first paragraph with text; a document without any paragraph gets an empty one."""
    outside = [p for p in paragraphs if next(p.iterancestors(w("txbxContent")), None) is None]
    for paragraph in outside:
        if any(text.strip() for text in paragraph.itertext(w("t"))):
            return paragraph
    if outside:
        return outside[0]
    body = root.find(w("body"))
    holder = root if body is None else body
    paragraph = holder.makeelement(w("p"))
    holder.insert(0, paragraph)
    return paragraph


def _range(spot: Element) -> tuple[Element, Element]:
    """First and last paragraph of a cell, nested tables and text boxes left out."""
    if spot.tag == w("p"):
        return spot, spot
    own = [p for p in spot.iter(w("p")) if next(p.iterancestors(w("tc"), w("txbxContent"))) is spot]
    if not own:
        own = [spot.makeelement(w("p"))]
        spot.append(own[0])
    return own[0], own[-1]
