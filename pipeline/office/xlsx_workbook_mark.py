"""Puts our sheet in front of the sender's tabs and takes it out again, with all that counts tabs by their position.

That is: names with a scope, the tab each window shows, and which tabs are selected (two selected tabs would be edited
together). Page counts in docProps are left alone; no program relies on them.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from lxml import etree

from pipeline.office.marks import signature
from pipeline.office.xlsx_parts import (
    RELATION_ID,
    WORKBOOK_ORDER,
    WORKSHEET_KIND,
    Book,
    Sheet,
    local,
    number_of,
    put_in_order,
    s,
)
from pipeline.office.xlsx_sheet_mark import HEADER, RECORD_COLUMN, TITLE

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from pipeline.office.package_edit import PackageEdit
    from pipeline.office.xlsx_record import Record

_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_TRUE = ("1", "true")


def our_sheet(book: Book) -> Sheet | None:
    """The sheet we put in, told by its name, its title and its header row together."""
    for sheet in book.sheets():
        if not sheet.name.startswith(TITLE) or local(book.package.root(sheet.part)) != "worksheet":
            continue
        header = tuple(book.text_at(sheet, f"{letter}2") for letter in "ABCDEF")
        if header == HEADER and signature(book.text_at(sheet, "A1")):
            return sheet
    return None


def record_lines(book: Book, sheet: Sheet) -> list[str]:
    """The texts in the hidden column."""
    cells = book.package.root(sheet.part).iter(s("c"))
    return [book.text(cell) for cell in cells if cell.get("r", "").rstrip("0123456789") == RECORD_COLUMN]


def put_first(book: Book, content: bytes) -> None:
    """Adds the sheet as the first tab; its header row is printed on every page."""
    package = book.package
    name = _free_name([sheet.name for sheet in book.sheets()])
    part = package.free_name("xl/worksheets/sheet{}.xml")
    package.put(part, content)
    package.declare(part, _SHEET_TYPE)
    relation = package.relate(book.part, WORKSHEET_KIND, part)
    tabs = book.root.find(s("sheets"))
    if tabs is None:
        tabs = book.root.makeelement(s("sheets"))
        put_in_order(book.root, tabs, WORKBOOK_ORDER)
    number = max((number_of(tab.get("sheetId")) for tab in tabs), default=0) + 1
    tabs.insert(0, tabs.makeelement(s("sheet"), {"name": name, "sheetId": str(number), RELATION_ID: relation}))
    _shift_names(book.root, from_tab=0, by=1)
    _repeat_header(book.root, name)
    package.save(book.part)


def show_first(book: Book, record: Record) -> None:
    """Turns every window to the first tab and lets go of the selected ones; `record` keeps both."""
    for view in book.root.iterfind(f"{s('bookViews')}/{s('workbookView')}"):
        record.views.append((view.get("activeTab"), view.get("firstSheet")))
        for name in ("activeTab", "firstSheet"):
            view.attrib.pop(name, "")
    for sheet in book.sheets():
        if _select(book.package, sheet.part, selected=False):
            record.selected.append(sheet.name)
    book.package.save(book.part)


def take_out(book: Book, sheet: Sheet, record: Record) -> None:
    """Removes the sheet; windows that showed it show again what they showed before."""
    tabs = book.root.findall(f"{s('sheets')}/{s('sheet')}")
    place = next(number for number, tab in enumerate(tabs) if tab.get(RELATION_ID) == sheet.relation)
    shown = _restore_views(book.root, place, record)
    parent = tabs[place].getparent()
    if parent is not None:
        parent.remove(tabs[place])
    _forget_names(book.root, place)
    _shift_names(book.root, from_tab=place, by=-1)
    book.package.unrelate(book.part, sheet.relation)
    book.package.drop(sheet.part)
    if shown:
        for other in book.sheets():
            if other.name in record.selected:
                _select(book.package, other.part, selected=True)
    book.package.save(book.part)


def _free_name(taken: list[str]) -> str:
    lowered = {name.lower() for name in taken}
    name, number = TITLE, 1
    while name in lowered:
        number += 1
        name = f"{TITLE}({number})"
    return name


def _names(root: Element) -> list[Element]:
    return root.findall(f"{s('definedNames')}/{s('definedName')}")


def _shift_names(root: Element, *, from_tab: int, by: int) -> None:
    for entry in _names(root):
        scope = entry.get("localSheetId")
        if scope is not None and number_of(scope) >= from_tab:
            entry.set("localSheetId", str(number_of(scope) + by))


def _repeat_header(root: Element, name: str) -> None:
    names = root.find(s("definedNames"))
    if names is None:
        names = root.makeelement(s("definedNames"))
        put_in_order(root, names, WORKBOOK_ORDER)
    entry = names.makeelement(s("definedName"), {"name": "_xlnm.Print_Titles", "localSheetId": "0"})
    entry.text = f"'{name}'!$1:$2"
    names.insert(0, entry)


def _forget_names(root: Element, tab: int) -> None:
    names = root.find(s("definedNames"))
    for entry in _names(root):
        if names is not None and entry.get("localSheetId") == str(tab):
            names.remove(entry)
    if names is not None and not len(names):
        root.remove(names)


def _restore_views(root: Element, place: int, record: Record) -> bool:
    shown = False
    for number, view in enumerate(root.iterfind(f"{s('bookViews')}/{s('workbookView')}")):
        active, first = record.views[number] if number < len(record.views) else (None, None)
        ours = number_of(view.get("activeTab")) == place
        shown = shown or ours
        _restore(view, "activeTab", place, active if ours else view.get("activeTab"), ours=ours)
        ours = number_of(view.get("firstSheet")) == place
        _restore(view, "firstSheet", place, first if ours else view.get("firstSheet"), ours=ours)
    return shown or root.find(s("bookViews")) is None


def _restore(view: Element, name: str, place: int, value: str | None, *, ours: bool) -> None:
    if value is None:
        view.attrib.pop(name, "")
    elif ours or number_of(value) < place:
        view.set(name, value)
    else:
        view.set(name, str(number_of(value) - 1))


def _select(package: PackageEdit, part: str, *, selected: bool) -> bool:
    """Selects a tab or lets it go; whether anything had to change. Large sheets are read up to their cells only."""
    if selected == _is_selected(package.read(part)):
        return False
    for view in package.root(part).iterfind(f"{s('sheetViews')}/{s('sheetView')}"):
        if selected:
            view.set("tabSelected", "1")
        else:
            view.attrib.pop("tabSelected", "")
    package.save(part)
    return True


def _is_selected(content: bytes) -> bool:
    steps = etree.iterparse(
        BytesIO(content), events=("start",), resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False
    )
    for _, element in steps:
        if local(element) == "sheetView" and element.get("tabSelected") in _TRUE:
            return True
        if local(element) == "sheetData":
            return False
    return False
