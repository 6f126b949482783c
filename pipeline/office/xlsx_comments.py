"""Notes (批注) on the cells of one worksheet: the comments part and the boxes Excel draws for them.

A cell has one note: where the sender left one, ours is added below it. A cell with a threaded comment keeps it alone,
since Excel writes that note's text itself; the first sheet still names the cell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from pipeline.office.marks import is_remark
from pipeline.office.package_edit import OFFICE_RELATIONS, PackageEdit
from pipeline.office.xlsx_note_boxes import NoteBoxes
from pipeline.office.xlsx_parts import SHEET_NAMESPACE, address, position, s

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_COMMENTS_KIND = OFFICE_RELATIONS + "comments"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_THREADED = "tc="
_FONT = '<sz val="9"/><color indexed="81"/><rFont val="宋体"/><charset val="134"/>'


class Notes:
    """The notes of one worksheet while they are changed."""

    def __init__(self, package: PackageEdit, sheet_part: str, author: str) -> None:
        self._package, self._sheet, self._author = package, sheet_part, author
        parts = (item for item in package.related(sheet_part, _COMMENTS_KIND) if item[1] in package)
        self._relation, self._part = next(parts, ("", ""))

    def add(self, notes: dict[tuple[int, int], str]) -> None:
        """Writes notes: (row, column) → text, both counted from 1."""
        root = self._package.root(self._part or self._new_part())
        held = {comment.get("ref", ""): comment for comment in root.iter(s("comment"))}
        author, boxes = "", NoteBoxes(self._package, self._sheet)
        for (row, column), text in notes.items():
            comment = held.get(address(row, column))
            if comment is None:
                author = author or str(self._author_index(root))
                self._write(root, address(row, column), author, text)
                boxes.add(row, column, text)
            elif not self._name(root, comment).startswith(_THREADED):
                self._append(comment, text)
        boxes.store()
        self._package.save(self._part)

    def _new_part(self) -> str:
        self._part = self._package.free_name("xl/comments{}.xml")
        skeleton = f'<comments xmlns="{SHEET_NAMESPACE}"><authors/><commentList/></comments>'
        self._package.put(self._part, skeleton.encode())
        self._package.declare(self._part, _COMMENTS_TYPE)
        self._relation = self._package.relate(self._sheet, _COMMENTS_KIND, self._part)
        return self._part

    def _author_index(self, root: Element) -> int:
        authors = root.find(s("authors"))
        if authors is None:
            authors = root.makeelement(s("authors"))
            root.insert(0, authors)
        names = [author.text or "" for author in authors]
        if self._author in names:
            return names.index(self._author)
        etree.SubElement(authors, s("author")).text = self._author
        return len(names)

    def _write(self, root: Element, reference: str, author: str, text: str) -> None:
        entries = root.find(s("commentList"))
        entries = etree.SubElement(root, s("commentList")) if entries is None else entries
        comment = etree.SubElement(entries, s("comment"), {"ref": reference, "authorId": author})
        heading, _, rest = text.partition("\n")
        body = etree.SubElement(comment, s("text"))
        _add_run(body, heading, bold=True)
        _add_run(body, f"\n{rest}")

    def _append(self, comment: Element, text: str) -> None:
        body = comment.find(s("text"))
        body = etree.SubElement(comment, s("text")) if body is None else body
        plain = body.find(s("t"))
        if plain is not None:
            run = body.makeelement(s("r"))
            plain.addprevious(run)
            run.append(plain)
        _add_run(body, self._separator, bold=True)
        _add_run(body, text)

    @property
    def _separator(self) -> str:
        return f"\n——{self._author}——\n"

    def _is_ours(self, root: Element, comment: Element) -> bool:
        return self._name(root, comment) == self._author or is_remark(_text_of(comment))

    def _name(self, root: Element, comment: Element) -> str:
        authors, number = root.findall(f"{s('authors')}/{s('author')}"), comment.get("authorId", "")
        return authors[int(number)].text or "" if number.isdecimal() and int(number) < len(authors) else ""

    def texts(self) -> list[str]:
        """What we wrote on this sheet, cell by cell."""
        if not self._part:
            return []
        root = self._package.root(self._part)
        found = []
        for comment in root.iter(s("comment")):
            text = _text_of(comment)
            _, mine, rest = text.partition(self._separator)
            if mine or self._is_ours(root, comment):
                found.append(rest or text)
        return found

    def remove(self) -> None:
        """Takes our notes away, and their parts when nothing else is in them."""
        if not self._part or not self.texts():
            return
        root = self._package.root(self._part)
        gone = []
        for comment in list(root.iter(s("comment"))):
            if self._is_ours(root, comment):
                gone.append(position(comment.get("ref", "")))
                _drop(comment)
            else:
                self._cut(comment)
        self._forget_author(root)
        boxes = NoteBoxes(self._package, self._sheet)
        boxes.remove(gone)
        boxes.store()
        self._package.save(self._part)
        if next(root.iter(s("comment")), None) is None:
            self._package.unrelate(self._sheet, self._relation)
            self._package.drop(self._part)
            self._part = ""

    def _cut(self, comment: Element) -> None:
        """Removes what we added below somebody else's note."""
        ours = False
        for piece in list(comment.iter(s("t"))):
            text = piece.text or ""
            before, mine, _ = text.partition(self._separator)
            if mine and before:
                piece.text = before
            elif mine or ours:
                run = piece.getparent()
                _drop(piece if run is None or run.tag != s("r") else run)
            ours = ours or bool(mine)
        body = comment.find(s("text"))
        runs = [] if body is None else list(body)
        if ours and body is not None and len(runs) == 1 and [child.tag for child in runs[0]] == [s("t")]:
            body.replace(runs[0], runs[0][0])

    def _forget_author(self, root: Element) -> None:
        authors = root.findall(f"{s('authors')}/{s('author')}")
        for number in [number for number, author in enumerate(authors) if author.text == self._author][::-1]:
            _drop(authors[number])
            for comment in root.iter(s("comment")):
                index = comment.get("authorId", "")
                if index.isdecimal() and int(index) > number:
                    comment.set("authorId", str(int(index) - 1))


def _text_of(comment: Element) -> str:
    return "".join(piece.text or "" for piece in comment.iter(s("t")))


def _add_run(body: Element, text: str, *, bold: bool = False) -> None:
    weight = "<b/>" if bold else ""
    run = etree.fromstring(f'<x xmlns="{SHEET_NAMESPACE}"><r><rPr>{weight}{_FONT}</rPr><t/></r></x>')[0]
    run[1].text = text
    run[1].set(_SPACE, "preserve")
    body.append(run)


def _drop(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
