"""Our own documents to PDF through LibreOffice: one process, one profile, one time limit, every result looked at.

LibreOffice ends with status 0 when it has converted nothing, waits for ever on a broken profile and shares a profile
with nobody; so each call gets a fresh profile, is killed with all its children when its time is over, and only a PDF
that exists and is whole counts. Meant for documents that this program wrote: files that came in are not opened here.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import ExitCode, PipelineError

if TYPE_CHECKING:
    from collections.abc import Mapping

_BATCH = 40
_START_SECONDS = 60.0
_PER_FILE_SECONDS = 20.0
_FONTS = Path(__file__).with_name("fonts.conf")
_PLACES = (
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)
_ABSENT = "没有找到 LibreOffice，不能生成 PDF。请安装 LibreOffice，或去掉 --pdf 后直接打印 Word 文件。"
_LATE = "LibreOffice 超过 {seconds:.0f} 秒没有完成转换，已停止。请稍后再试，或直接打印 Word 文件。"


class ConversionError(PipelineError):
    """A PDF could not be made; the Word or Excel file stays usable."""

    exit_code = ExitCode.ATTENTION


def find_office() -> Path | None:
    """The LibreOffice program, or None when it is not installed."""
    for name in ("soffice", "libreoffice"):
        found = shutil.which(name)
        if found:
            return Path(found)
    return next((Path(name) for name in _PLACES if Path(name).is_file()), None)


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
        pdfs.update(_convert(office, batch, seconds or _START_SECONDS + _PER_FILE_SECONDS * len(batch)))
    return pdfs


def _convert(office: Path, documents: Mapping[str, bytes], seconds: float) -> dict[str, bytes]:
    """Inside, the files have plain numbers as names: no name of a document reaches a command line."""
    with tempfile.TemporaryDirectory(prefix="pdf-") as folder:
        root = Path(folder)
        sources = {name: root / f"{number}{Path(name).suffix.lower()}" for number, name in enumerate(documents)}
        for name, path in sources.items():
            path.write_bytes(documents[name])
        (root / "out").mkdir()
        _run(office, root, list(sources.values()), seconds)
        return {name: _whole(root / "out" / f"{path.stem}.pdf", name) for name, path in sources.items()}


def _run(office: Path, root: Path, sources: list[Path], seconds: float) -> None:
    command = [
        str(office),
        f"-env:UserInstallation={(root / 'profile').as_uri()}",
        *("--headless", "--norestore", "--nolockcheck", "--nodefault"),
        *("--convert-to", "pdf", "--outdir", str(root / "out")),
        *map(str, sources),
    ]
    process = subprocess.Popen(  # noqa: S603 - a found program, our own file names
        command,
        env=_environment(root),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        raise ConversionError(_LATE.format(seconds=seconds)) from None
    finally:
        _end(process)


def _environment(root: Path) -> dict[str, str]:
    environment = {**os.environ, "HOME": str(root), "TMPDIR": str(root)}
    if not sys.platform.startswith(("win", "darwin")):
        environment.setdefault("FONTCONFIG_FILE", str(_FONTS))
    return environment


def _end(process: subprocess.Popen[bytes]) -> None:
    """The launcher script and the office are one group: both go."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        process.kill()
    process.wait()


def _whole(path: Path, name: str) -> bytes:
    data = path.read_bytes() if path.is_file() else b""
    if not data.startswith(b"%PDF-") or b"%%EOF" not in data[-1024:]:
        raise ConversionError(f"「{name}」没有转换成 PDF。请用 Word 打开它另存为 PDF。")
    return data
