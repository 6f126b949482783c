"""The comments of a Word document: writing one around a range of paragraphs, finding and removing those of an author.

Replies of other people to a removed comment stay, as comments of their own. Comments are never marked as done here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from pipeline.office.marks import is_remark
from pipeline.office.package_edit import OFFICE_RELATIONS, PackageEdit

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from pipeline.office.marks import Stamp

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
MAIN_KIND = OFFICE_RELATIONS + "officeDocument"
_COMMENTS_KIND = OFFICE_RELATIONS + "comments"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_SATELLITES = (
    "http://schemas.microsoft.com/office/2011/relationships/commentsExtended",
    "http://schemas.microsoft.com/office/2016/09/relationships/commentsIds",
    "http://schemas.microsoft.com/office/2018/08/relationships/commentsExtensible",
)
_INITIALS_LIMIT = 9  # Word refuses longer initials ([MS-OI29500] 2.1.313)
_MARKERS = ("commentRangeStart", "commentRangeEnd", "commentReference")


def w(name: str) -> str:
    """A name of WordprocessingML for lxml."""
    return f"{{{_W}}}{name}"


def comments_part(package: PackageEdit, main: str) -> str:
    """The part that holds the comments, "" when there is none."""
    return next((part for _, part in package.related(main, _COMMENTS_KIND) if part in package), "")


def our_comments(root: Element, author: str) -> list[Element]:
    """The comments this author wrote, also where a program dropped the name."""
    return [
        comment
        for comment in root.iter(w("comment"))
        if comment.get(w("author")) == author or is_remark("".join(map(str, comment.itertext(w("t")))))
    ]


class Comments:
    """The comments part of a document while comments are added to it."""

    def __init__(self, package: PackageEdit, main: str, stamp: Stamp) -> None:
        self._package, self._stamp = package, stamp
        self._part = comments_part(package, main) or _new_part(package, main)
        self._root = package.root(self._part)
        used = [_number(comment) for comment in self._root.iter(w("comment"))]
        used += [_number(marker) for marker in package.root(main).iter(*map(w, _MARKERS))]
        self._next = max(used, default=-1) + 1

    def new(self, text: str) -> str:
        """Writes a comment, one paragraph per line, and gives its id.

        LibreOffice drops the first line of a comment at the start of a content control: let it be the heading.
        """
        identifier = str(self._next)
        self._next += 1
        comment = etree.SubElement(self._root, w("comment"), {w("id"): identifier, w("author"): self._stamp.author})
        if self._stamp.when:
            comment.set(w("date"), self._stamp.when.strftime("%Y-%m-%dT%H:%M:%SZ"))
        comment.set(w("initials"), f"R-{self._stamp.reference}"[:_INITIALS_LIMIT])
        for number, line in enumerate(text.split("\n")):
            _write_line(comment, line, first=number == 0)
        return identifier

    def store(self) -> None:
        """Hands the part back to the package."""
        self._package.save(self._part)


def _new_part(package: PackageEdit, main: str) -> str:
    folder = main.rpartition("/")[0]
    prefix = f"{folder}/" if folder else ""
    part = f"{prefix}comments.xml"
    if part in package:
        part = package.free_name(prefix + "comments{}.xml")
    package.put(part, f'<w:comments xmlns:w="{_W}"/>'.encode())
    package.declare(part, _COMMENTS_TYPE)
    package.relate(main, _COMMENTS_KIND, part)
    return part


def _write_line(comment: Element, line: str, *, first: bool) -> None:
    paragraph = etree.SubElement(comment, w("p"))
    shape = etree.SubElement(paragraph, w("pPr"))
    etree.SubElement(shape, w("spacing"), {w("before"): "0", w("after"): "0", w("line"): "240", w("lineRule"): "auto"})
    etree.SubElement(shape, w("ind"), {w("firstLineChars"): "0", w("firstLine"): "0"})
    etree.SubElement(shape, w("jc"), {w("val"): "left"})
    if first:
        etree.SubElement(etree.SubElement(paragraph, w("r")), w("annotationRef"))
    run = etree.SubElement(paragraph, w("r"))
    properties = etree.SubElement(run, w("rPr"))
    etree.SubElement(properties, w("sz"), {w("val"): "21"})
    etree.SubElement(properties, w("szCs"), {w("val"): "21"})
    text = etree.SubElement(run, w("t"))
    text.text = line
    text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def add_comment(first: Element, last: Element, identifier: str) -> None:
    """Lays the comment's range over two paragraphs and what is between them, around their content controls."""
    start = first.makeelement(w("commentRangeStart"), {w("id"): identifier})
    end = last.makeelement(w("commentRangeEnd"), {w("id"): identifier})
    reference = last.makeelement(w("r"))
    etree.SubElement(reference, w("commentReference"), {w("id"): identifier})
    _put_first(first, start)
    last.append(end)
    control = _opens_control(last)
    if control is None:
        last.append(reference)
    else:
        _refer_outside(control, reference, last)


def _put_first(paragraph: Element, element: Element) -> None:
    properties = paragraph.find(w("pPr"))
    paragraph.insert(0 if properties is None else paragraph.index(properties) + 1, element)


def _opens_control(paragraph: Element) -> Element | None:
    """The outermost content control that begins with this paragraph, those around rows left out.

    A reference mark there makes LibreOffice drop the paragraph's own text, so it goes to a neighbour.
    """
    opened = None
    for control in paragraph.iterancestors(w("sdt")):
        rows = control.find(f"{w('sdtContent')}/{w('tr')}") is not None
        if not rows and next(control.iter(w("p"))) is paragraph:
            opened = control
    return opened


def _refer_outside(control: Element, reference: Element, last: Element) -> None:
    following = control.getnext()
    if following is not None and following.tag == w("p"):
        _put_first(following, reference)
        return
    paragraphs = [p for p in last.getroottree().getroot().iter(w("p")) if p is last or _carries_reference(p)]
    number = paragraphs.index(last)
    if number:
        paragraphs[number - 1].append(reference)
    elif len(paragraphs) > 1:
        _put_first(paragraphs[1], reference)
    else:
        last.append(reference)


def _carries_reference(paragraph: Element) -> bool:
    return _opens_control(paragraph) is None and next(paragraph.iterancestors(w("txbxContent")), None) is None


def remove_comments(package: PackageEdit, main: str, author: str) -> None:
    """Removes an author's comments everywhere, and the comments part when nothing is left in it."""
    part = comments_part(package, main)
    ours = our_comments(package.root(part), author) if part else []
    if not ours:
        return
    identifiers = {comment.get(w("id")) for comment in ours}
    paragraphs = {p.get(f"{{{_W14}}}paraId", "").upper() for comment in ours for p in comment.iter(w("p"))}
    for comment in ours:
        _remove(comment)
    package.save(part)
    _remove_markers(package, main, identifiers)
    satellites = [target for kind in _SATELLITES for _, target in package.related(main, kind) if target in package]
    _remove_from(package, satellites, paragraphs)
    if not len(package.root(part)) and not satellites:
        _drop_part(package, main, part)


def _remove_markers(package: PackageEdit, main: str, identifiers: set[str | None]) -> None:
    for marker in list(package.root(main).iter(*map(w, _MARKERS))):
        if marker.get(w("id")) in identifiers:
            run = marker.getparent()
            _remove(marker)
            if run is not None and run.tag == w("r") and all(child.tag == w("rPr") for child in run):
                _remove(run)
    package.save(main)


def _remove_from(package: PackageEdit, satellites: list[str], paragraphs: set[str]) -> None:
    """Word's further notes on each comment: who answers whom, lasting ids."""
    durable: set[str] = set()
    for part in satellites:
        root = package.root(part)
        for entry in list(root):
            facts = {etree.QName(str(name)).localname: str(value).upper() for name, value in entry.items()}
            if facts.get("paraId") in paragraphs or ("paraId" not in facts and facts.get("durableId") in durable):
                durable.add(facts.get("durableId", ""))
                root.remove(entry)
            elif facts.get("paraIdParent") in paragraphs:
                _stand_alone(entry)
        package.save(part)


def _stand_alone(entry: Element) -> None:
    for name in entry.attrib:
        if etree.QName(name).localname == "paraIdParent":
            del entry.attrib[name]
            return


def _drop_part(package: PackageEdit, main: str, part: str) -> None:
    for identifier, target in package.related(main, _COMMENTS_KIND):
        if target == part:
            package.unrelate(main, identifier)
    package.drop(part)


def _remove(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _number(element: Element) -> int:
    value = element.get(w("id"), "")
    return int(value) if value.isdecimal() else -1
