"""Other readers of office files, each followed by the same plain lookup of labels, on the same footing as ours.

A peer turns a file into tables and lines; the lookup takes the cell to the right of a known label (else the one
below), the text behind "label：" in a line or cell, and for ledgers the columns under the row with the most known
labels. The labels and their synonyms are those of our own templates. Peers that are not installed are left out:
python-docx, docx2python, MarkItDown, Docling, openpyxl, python-calamine, pdfplumber.
"""

from __future__ import annotations

import contextlib
import importlib.util
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accuracy_judge import Answer, Cell

from pipeline.forms.labels import key

if TYPE_CHECKING:
    from pipeline.forms.spec import TypeSpec

Table = list[list[str]]
_MARKDOWN_ROW = re.compile(r"^\s*\|(.*)\|\s*$")
_RULE = re.compile(r"^[\s|:-]+$")


@dataclass(slots=True)
class Content:
    """What a peer makes of a file."""

    tables: list[Table] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Peer:
    """A reader: the package it comes in, the formats it opens, how it is called."""

    name: str
    package: str
    suffixes: tuple[str, ...]
    read: Callable[[Path], Content]


def installed() -> list[Peer]:
    """The peers that this interpreter can import."""
    return [peer for peer in PEERS if importlib.util.find_spec(peer.package)]


def look_up(content: Content, spec: TypeSpec) -> Answer:
    """The fields and rows of a type by their labels."""
    names = {key(label): item.name for item in spec.fields for label in (item.name, *item.labels)}
    answer = Answer(spec.name)
    for table in content.tables:
        _from_table(table, names, answer.fields)
    for text in [*content.lines, *(cell for table in content.tables for row in table for cell in row)]:
        _from_lines(text, names, answer.fields)
    if spec.columns:
        columns = {key(label): item.name for item in spec.columns for label in (item.name, *item.labels)}
        answer.rows.extend(row for table in content.tables for row in _rows(table, columns))
    return answer


def _from_table(table: Table, names: dict[str, str], found: dict[str, Cell]) -> None:
    for number, row in enumerate(table):
        cells = [cell for n, cell in enumerate(row) if not n or cell != row[n - 1]]  # a merged cell comes several times
        for n, cell in enumerate(cells):
            name = names.get(key(cell))
            if name is None or name in found:
                continue
            beside = cells[n + 1] if n + 1 < len(cells) and key(cells[n + 1]) not in names else ""
            below = table[number + 1][row.index(cell)] if number + 1 < len(table) else ""
            value = beside or (below if key(below) not in names else "")
            if value.strip():
                found[name] = Cell(value.strip())


def _from_lines(text: str, names: dict[str, str], found: dict[str, Cell]) -> None:
    open_name = ""
    for line in text.splitlines():
        label, colon, rest = re.sub("[：:]", ":", line, count=1).partition(":")
        name = names.get(key(label), "") if colon else ""
        if name and name not in found:
            found[name] = Cell(rest.strip())
            open_name = name
        elif open_name and not name:
            found[open_name] = Cell(f"{found[open_name].text}\n{line}".strip())


def _rows(table: Table, columns: dict[str, str]) -> Iterator[dict[str, Cell]]:
    hits = [sum(key(cell) in columns for cell in row) for row in table]
    if not hits or max(hits) < min(3, len(columns)):
        return
    head = hits.index(max(hits))
    places = {columns[key(cell)]: n for n, cell in enumerate(table[head]) if key(cell) in columns}
    for row in table[head + 1 :]:
        cells = {name: Cell(row[n].strip()) for name, n in places.items() if n < len(row)}
        if sum(bool(cell.text) for cell in cells.values()) > 1:
            yield cells


def _python_docx(path: Path) -> Content:
    import docx

    document = docx.Document(str(path))
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]
    return Content(tables, [paragraph.text for paragraph in document.paragraphs])


def _docx2python(path: Path) -> Content:
    from docx2python import docx2python

    with docx2python(path) as document:
        tables = [[["\n".join(cell).strip() for cell in row] for row in table] for table in document.body]
    lines = [cell for table in tables if max(map(len, table), default=0) < 2 for row in table for cell in row]
    return Content([table for table in tables if max(map(len, table), default=0) > 1], lines)


def _markitdown(path: Path) -> Content:
    from markitdown import MarkItDown

    return _from_markdown(MarkItDown().convert(path).text_content)


def _docling(path: Path) -> Content:
    from docling.document_converter import DocumentConverter

    document = DocumentConverter().convert(path).document
    tables = [[[cell.text for cell in row] for row in table.data.grid] for table in document.tables]
    return Content(tables, [text.text for text in document.texts])


def _openpyxl(path: Path) -> Content:
    import openpyxl

    workbook = openpyxl.load_workbook(path, data_only=True)
    return _sheets([[list(row) for row in sheet.iter_rows(values_only=True)] for sheet in workbook.worksheets])


def _calamine(path: Path) -> Content:
    import python_calamine

    workbook = python_calamine.CalamineWorkbook.from_path(path)
    return _sheets([workbook.get_sheet_by_name(name).to_python() for name in workbook.sheet_names])


def _pdfplumber(path: Path) -> Content:
    import pdfplumber

    with pdfplumber.open(path) as document:
        tables = [table for page in document.pages for table in page.extract_tables()]
        lines = [line for page in document.pages for line in (page.extract_text() or "").splitlines()]
    return Content([[[cell or "" for cell in row] for row in table] for table in tables], lines)


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    return f"{value:g}" if isinstance(value, float) else str(value)


def _sheets(sheets: list[list[list[Any]]]) -> Content:
    tables = [[[_plain(value) for value in row] for row in sheet] for sheet in sheets]
    return Content(tables, [cell for table in tables for row in table for cell in row if cell])


def _from_markdown(text: str) -> Content:
    content = Content()
    table: Table = []
    for line in [*text.splitlines(), ""]:
        row = _MARKDOWN_ROW.match(line)
        if row and not _RULE.match(line):
            table.append([cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", row[1])])
        elif not row:
            content.lines.append(line)
            if table:
                content.tables.append(table)
                table = []
    return content


PEERS = (
    Peer("python-docx", "docx", (".docx",), _python_docx),
    Peer("docx2python", "docx2python", (".docx",), _docx2python),
    Peer("MarkItDown", "markitdown", (".docx", ".xlsx", ".xls", ".pdf"), _markitdown),
    Peer("Docling", "docling", (".docx", ".xlsx"), _docling),
    Peer("openpyxl", "openpyxl", (".xlsx",), _openpyxl),
    Peer("python-calamine", "python_calamine", (".xlsx", ".xls"), _calamine),
    Peer("pdfplumber", "pdfplumber", (".pdf",), _pdfplumber),
)


def answer_of(peer: Peer, path: Path, spec: TypeSpec) -> Answer:
    """A peer's answer; a file that it cannot open is said, not silently wrong."""
    with contextlib.suppress(Exception):  # whatever a foreign reader raises, it has refused the file
        return look_up(peer.read(path), spec)
    return Answer(spec.name, refused=True)
