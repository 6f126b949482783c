"""From the bytes of a submitted file to a `Document`: the one entry for everybody outside `office/`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.office.docx_read import read_docx
from pipeline.office.package import open_package
from pipeline.office.sniff import PICTURES, ZIP, is_webp, may_be_foreign
from pipeline.office.xls_records import STARTS
from pipeline.office.xlsx_read import read_xlsx

if TYPE_CHECKING:
    from pipeline.model import Document
    from pipeline.settings import Limits


def read(data: bytes, limits: Limits) -> Document:
    """The document a file shows. Raises errors.Unreadable(code, **facts) for a file that cannot be read."""
    if data.startswith(STARTS):
        from pipeline.office.xls_read import read_old_workbook  # it brings xlrd along, and few files need it

        if (workbook := read_old_workbook(data, limits)) is not None:
            return workbook
    if b"%PDF-" in data[:1024] and not data.startswith(ZIP):
        from pipeline.office.pdf_read import read_pdf  # it brings pdfplumber along, and few files need it

        return read_pdf(data, limits)
    if data.startswith(PICTURES) or is_webp(data):
        from pipeline.office import scan_read

        if scan_read.is_available():
            return scan_read.read_picture(data, limits)
    if may_be_foreign(data):
        from pipeline.office.foreign import modernised  # it brings what LibreOffice needs along

        if (modern := modernised(data, limits)) is not None:
            document = _read_package(modern.data, limits)
            return replace(document, findings=(*modern.findings, *document.findings))
    return _read_package(data, limits)


def _read_package(data: bytes, limits: Limits) -> Document:
    package = open_package(data, limits)
    return read_docx(package, limits) if package.kind == "docx" else read_xlsx(package, limits)
