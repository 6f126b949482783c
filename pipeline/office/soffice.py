"""LibreOffice, started once per call: one process, one profile of its own, one time limit, behind walls.

LibreOffice ends with status 0 when it has converted nothing, waits for ever on a broken profile and shares a profile
with nobody; so its status counts for nothing and each call gets a fresh profile that forbids macros, links and the
network. Whether what came out is any good is for the caller to see.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.office.apart import run_apart
from pipeline.office.walls import walled

if TYPE_CHECKING:
    from collections.abc import Mapping

FILTERS: Mapping[str, str] = {
    "docx": "docx:MS Word 2007 XML",
    "xlsx": "xlsx:Calc MS Excel 2007 XML",
    "pdf": "pdf",
}
_MEMORY_BYTES = 3 * 1024 * 1024 * 1024
_FONTS = Path(__file__).with_name("fonts.conf")
_PROFILE = Path(__file__).with_name("profile.xcu")
_PLACES = (
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)
_SILENT = ("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo")


@dataclass(frozen=True, slots=True)
class Converted:
    """What came out, by the name that went in; a document that failed is missing. `late`: it was stopped."""

    files: Mapping[str, bytes]
    late: bool


def find_office() -> Path | None:
    """The LibreOffice program, or None when it is not installed."""
    for name in ("soffice", "libreoffice"):
        found = shutil.which(name)
        if found:
            return Path(found)
    return next((Path(name) for name in _PLACES if Path(name).is_file()), None)


def convert(office: Path, documents: Mapping[str, bytes], target: str, *, seconds: float) -> Converted:
    """File name (its ending counts) → document, to the same name → the document as `target`: docx, xlsx or pdf.

    Inside, the files have plain numbers as names: no name of a document reaches a command line.
    """
    with tempfile.TemporaryDirectory(prefix="office-") as name:
        folder = Path(name).resolve()
        sources = {name: folder / f"{number}{Path(name).suffix.lower()}" for number, name in enumerate(documents)}
        for name, path in sources.items():
            path.write_bytes(documents[name])
        late = _run(office, folder, [path.name for path in sources.values()], (target, seconds))
        made = {name: folder / "out" / f"{path.stem}.{target}" for name, path in sources.items()}
        return Converted({name: path.read_bytes() for name, path in made.items() if path.is_file()}, late)


def _run(office: Path, folder: Path, names: list[str], order: tuple[str, float]) -> bool:
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    shutil.copyfile(_PROFILE, profile / "user" / "registrymodifications.xcu")
    command = [str(office.resolve()), f"-env:UserInstallation={profile.as_uri()}", *_SILENT]
    command += ["--convert-to", FILTERS[order[0]], "--outdir", str(folder / "out"), *names]
    ended = run_apart(
        walled(command, folder=folder, readable=(_FONTS, office.resolve().parents[1])),
        seconds=order[1],
        memory_bytes=_MEMORY_BYTES,
        folder=folder,
        environment={"FONTCONFIG_FILE": str(_FONTS)},
    )
    return ended.late
