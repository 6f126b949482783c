"""Our own documents to PDF through LibreOffice; only a PDF that exists and is whole counts.

Meant for documents that this program wrote; files that came in take the way through `foreign`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import ExitCode, PipelineError
from pipeline.office.soffice import convert, find_office

if TYPE_CHECKING:
    from collections.abc import Mapping

_BATCH = 40
_START_SECONDS = 60.0
_PER_FILE_SECONDS = 20.0
_ABSENT = "没有找到 LibreOffice，不能生成 PDF。请安装 LibreOffice，或去掉 --pdf 后直接打印 Word 文件。"
_LATE = "LibreOffice 超过 {seconds:.0f} 秒没有完成转换，已停止。请稍后再试，或直接打印 Word 文件。"


class ConversionError(PipelineError):
    """A PDF could not be made; the Word or Excel file stays usable."""

    exit_code = ExitCode.ATTENTION


def to_pdf(documents: Mapping[str, bytes], *, seconds: float | None = None) -> dict[str, bytes]:
    """File name (with .docx or .xlsx) → document, to the same name → PDF.

    `seconds` limits one LibreOffice process, which converts up to 40 documents. Raises ConversionError naming the
    first document that gave no PDF.
    """
    office = find_office()
    if office is None:
        raise ConversionError(_ABSENT)
    names = list(documents)
    pdfs: dict[str, bytes] = {}
    for start in range(0, len(names), _BATCH):
        batch = {name: documents[name] for name in names[start : start + _BATCH]}
        pdfs |= _convert(office, batch, seconds or _START_SECONDS + _PER_FILE_SECONDS * len(batch))
    return pdfs


def _convert(office: Path, documents: Mapping[str, bytes], seconds: float) -> dict[str, bytes]:
    made = convert(office, documents, "pdf", seconds=seconds)
    if made.late:
        raise ConversionError(_LATE.format(seconds=seconds))
    return {name: _whole(made.files.get(name, b""), name) for name in documents}


def _whole(data: bytes, name: str) -> bytes:
    if not data.startswith(b"%PDF-") or b"%%EOF" not in data[-1024:]:
        raise ConversionError(f"「{name}」没有转换成 PDF。请用 Word 打开它另存为 PDF。")
    return data
