"""Files of other programs for the tests: made by LibreOffice from documents of today, or written by hand."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.document import Document as WordDocument

from pipeline.office import soffice
from pipeline.office.apart import run_apart

needs_office = pytest.mark.skipif(soffice.find_office() is None, reason="LibreOffice is not installed")
GIB = 1 << 30
ODF = "urn:oasis:names:tc:opendocument:xmlns"
SPACES = " ".join(
    f'xmlns:{prefix}="{ODF}:{name}:1.0"'
    for prefix, name in {
        "office": "office", "text": "text", "draw": "drawing", "table": "table", "style": "style",
        "svg": "svg-compatible", "script": "script", "form": "form",
    }.items()
)  # fmt: skip
MANIFEST_NAME = "META-INF/manifest.xml"
MANIFEST = (
    f'<m:manifest xmlns:m="{ODF}:manifest:1.0" m:version="1.2"><m:file-entry m:full-path="/" m:version="1.2"'
    ' m:media-type="application/vnd.oasis.opendocument.{kind}"/>'
    '<m:file-entry m:full-path="content.xml" m:media-type="text/xml"/></m:manifest>'
)


def saved_as(kind: str, documents: Mapping[str, bytes]) -> dict[str, bytes]:
    """File name → document, to the same name → what LibreOffice saves it as (doc, rtf, odt, ods)."""
    office = soffice.find_office()
    assert office is not None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, data in documents.items():
            (folder / file).write_bytes(data)
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [str(office), profile, "--headless", "--convert-to", kind, "--outdir", str(folder / "out")]
        run_apart([*command, *documents], seconds=120, memory_bytes=4 * GIB, folder=folder)
        return {file: (folder / "out" / f"{Path(file).stem}.{kind}").read_bytes() for file in documents}


def word(*paragraphs: str, rows: tuple[tuple[str, ...], ...] = (), after: str | None = None) -> bytes:
    """A Word file: paragraphs, a table, and what follows it; None leaves the table at the very end."""
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if rows:
        fill(document, rows)
    if after is not None:
        document.add_paragraph(after)
    return saved(document)


def fill(document: WordDocument, rows: tuple[tuple[str, ...], ...]) -> None:
    table = document.add_table(len(rows), len(rows[0]))
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text


def saved(document: WordDocument) -> bytes:
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def book(*rows: tuple[object, ...]) -> bytes:
    workbook, stream = openpyxl.Workbook(), BytesIO()
    for row in rows:
        workbook.active.append(row)
    workbook.save(stream)
    return stream.getvalue()


def odf(body: str, kind: str = "text", **more: bytes | str) -> bytes:
    """An OpenDocument package with that content; `more`: further parts, __ for a slash and _x for .x."""
    content = f'<office:document-content office:version="1.2" {SPACES} xmlns:xlink="http://www.w3.org/1999/xlink"><office:body>{body}'
    stream = BytesIO()
    parts = {
        "content.xml": content + "</office:body></office:document-content>",
        MANIFEST_NAME: MANIFEST.format(kind=kind),
    }
    parts |= {name.replace("__", "/").replace("_x", ".x"): part for name, part in more.items()}
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}", zipfile.ZIP_STORED)
        for name, part in parts.items():
            package.writestr(name, part)
    return stream.getvalue()
