"""One 责任书 per project that the 党委会 agreed to, ready to sign (R13-R17), with the signing list and one print file.

Decided first (`letter_plan`), rendered completely, written at last. Every project without a letter is listed with the
reason. Knowingly left out: seals, and reading the signed scan.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.errors import UsageError
from pipeline.office.convert import to_pdf
from pipeline.office.docx_letter import compile_letter
from pipeline.office.xlsx_list import Column, write_list
from pipeline.output import words
from pipeline.output.consolidate import APPLICATION
from pipeline.output.letter_plan import plan_letters
from pipeline.output.names import write_whole
from pipeline.output.papers import template
from pipeline.output.registry import in_year
from pipeline.output.sources import open_sources

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from pipeline.output.letter_plan import LetterOf, Withheld
    from pipeline.settings import Settings
    from pipeline.workspace import Workspace

LETTER = "党建项目责任书"
_COLUMNS = (
    Column("编号", 20, centred=True),
    Column("项目名称", 41),
    Column("单位", 22),
    Column("党委书记", 11, centred=True),
    Column("党支部", 24),
    Column("支部书记", 11, centred=True),
    Column("份数", 6, centred=True),
    Column("是否签回", 10, centred=True),
)
FOLDER, SIGNING_LIST, PRINT_FILE = "责任书", "签订清单.xlsx", "合并打印.docx"


@dataclass(frozen=True, slots=True)
class LettersReport:
    """What was written (or would be), the letters, projects without one, and files of earlier runs that fit no more."""

    files: tuple[Path, ...]
    letters: tuple[LetterOf, ...]
    withheld: tuple[Withheld, ...]
    stale: tuple[Path, ...]


def write_letters(
    workspace: Workspace, type_name: str, *, today: date, draft: bool = False, pdf: bool = False, dry_run: bool = False
) -> LettersReport:
    """Write the batch into outbox/责任书. Drafts are marked as such and stand in neither list nor print file.

    Raises UsageError for a type without letters, SettingsError when the template cannot be used, ConversionError
    when a PDF cannot be made; then nothing has been written.
    """
    if type_name != LETTER:
        raise UsageError(words.NO_LETTERS_OF.format(name=type_name, known=LETTER))
    with open_sources(workspace, today) as sources:
        filed = in_year(sources.registry.accepted(APPLICATION), sources.settings, today)
        letters, withheld = plan_letters(filed, sources.registry.roster(), sources.settings, draft=draft)
    paper = template(sources.library, LETTER, ".docx")
    files = render_batch(paper, letters, sources.settings, today=today)
    names = [*files, *(f"{name.removesuffix('.docx')}.pdf" for name in files if pdf and name.endswith(".docx"))]
    folder = workspace.outbox / FOLDER
    if not dry_run:
        if pdf:
            files |= _pdfs(files)
        for name, data in files.items():
            write_whole(folder / name, data, below=workspace.outbox)
    return LettersReport(tuple(folder / name for name in names), letters, withheld, _stale(folder, names))


def render_batch(paper: bytes, letters: Sequence[LetterOf], settings: Settings, *, today: date) -> dict[str, bytes]:
    """File name below outbox/责任书 → content: every letter, then the signing list and the print file."""
    compiled = compile_letter(paper, LETTER)
    files = {letter.path: compiled.render(letter.values()) for letter in letters}
    final = [letter for letter in letters if not letter.draft]
    files[SIGNING_LIST] = _signing_list(final, settings, today)
    if final:
        files[PRINT_FILE] = compiled.render_all([one.values() for one in final for _ in range(one.copies)])
    return files


def _signing_list(letters: Sequence[LetterOf], settings: Settings, today: date) -> bytes:
    rows = [
        (one.number, one.project, one.unit, one.secretary, one.branch, one.branch_secretary, str(one.copies), "")
        for one in letters
    ]
    note = words.signing_note(today, len(letters), settings.rules.copies)
    return write_list(
        words.SIGNING_SHEET, words.SIGNING_TITLE, note=note, columns=_COLUMNS, rows=rows, fonts=settings.fonts
    )


def _pdfs(files: Mapping[str, bytes]) -> dict[str, bytes]:
    made = to_pdf({name: data for name, data in files.items() if name.endswith(".docx")})
    return {f"{name.removesuffix('.docx')}.pdf": data for name, data in made.items()}


def _stale(folder: Path, names: Sequence[str]) -> tuple[Path, ...]:
    """Letters of earlier runs that this run would not write: projects withdrawn, renamed or no longer agreed to."""
    current = {folder / name for name in names}
    current |= {path.with_suffix(".pdf") for path in current}
    found = (path for path in sorted(folder.rglob("*")) if path.suffix in (".docx", ".pdf"))
    return tuple(path for path in found if path not in current)
