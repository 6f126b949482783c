"""Blank forms for the units, with what the roster already knows filled in; one file per type and unit.

A blank is the type's current layout with printed hints at its holes, so that a returned blank reads as empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.errors import UsageError
from pipeline.forms.writing import row_texts, texts_for
from pipeline.office.docx_fill import fill_docx
from pipeline.office.xlsx_fill import fill_xlsx
from pipeline.output.names import safe_name, write_whole
from pipeline.output.sources import open_sources

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from pipeline.forms.spec import Layout, TypeSpec
    from pipeline.office.library import Library
    from pipeline.values import Branch, Roster
    from pipeline.workspace import Workspace

FOLDER, ROSTER = "空白表", "组织名册"
_KNOWN = {"单位名称": "unit", "单位": "unit", "填表人": "contact", "联系电话": "phone"}
"""Field → the roster's attribute that fills it before the form goes out."""

Texts = dict[str, str]


def write_blanks(
    workspace: Workspace, types: Sequence[str] = (), *, today: date, dry_run: bool = False, keep: bool = False
) -> list[Path]:
    """Blanks of the given types (all that units hand in when none is given) in outbox/<单位>/空白表.

    Without a roster they lie once in outbox/空白表, and the roster's own blank always does, for the office fills it.
    `keep`: files that are there stay as they are. Raises UsageError for a type that nobody hands in.
    """
    with open_sources(workspace, today) as sources:
        library, roster = sources.library, sources.registry.roster()
    chosen = [_incoming(library, name) for name in types]
    chosen = chosen or [one for one in library.incoming if one.blank and not (roster and one.name == ROSTER)]
    files = {
        workspace.outbox / folder / FOLDER / _file_name(spec): filled(library, spec.name, _for_type(spec, branch))
        for spec in chosen
        for folder, branch in _addressees(roster, spec).items()
    }
    if not dry_run:
        for path, data in files.items():
            if not (keep and path.exists()):
                write_whole(path, data, below=workspace.outbox)
    return sorted(files)


def filled(library: Library, type_name: str, texts: Mapping[str, str], rows: Sequence[Mapping[str, str]] = ()) -> bytes:
    """The type's current layout with these texts, written as they are; everything else is a printed hint or empty.

    Raises KeyError for a field or column that the type does not have.
    """
    spec = library.types[type_name]
    columns = row_texts(spec, [{} for _ in rows])
    lines = {
        group: [_over(blank, row) for blank, row in zip(blanks, rows, strict=True)] for group, blanks in columns.items()
    }
    layout = _current(spec)
    write = fill_docx if layout.suffix == ".docx" else fill_xlsx
    return write(library.template(type_name, layout.name), _over(texts_for(spec, {}), texts), lines)


def _over(blank: Mapping[str, str], given: Mapping[str, str]) -> Texts:
    if unknown := given.keys() - blank.keys():
        raise KeyError(min(unknown))
    return {**blank, **given}


def _current(spec: TypeSpec) -> Layout:
    return next(layout for layout in spec.layouts if layout.current)


def _file_name(spec: TypeSpec) -> str:
    return safe_name(spec.name, _current(spec).suffix)


def _incoming(library: Library, name: str) -> TypeSpec:
    for spec in library.incoming:
        if spec.name == name:
            return spec
    known = "、".join(spec.name for spec in library.incoming)
    raise UsageError(f"没有「{name}」这种要填的表，可以写的是：{known}。")


def _addressees(roster: Roster, spec: TypeSpec) -> dict[str, Branch | None]:
    """Folder below outbox → a branch of that unit; the outbox itself when no unit is known or concerned."""
    branches = () if spec.name == ROSTER else roster.branches
    return {branch.folder: branch for branch in branches if branch.folder} or {"": None}


def _for_type(spec: TypeSpec, branch: Branch | None) -> Texts:
    names = {one.name for one in spec.fields}
    known = {field: _text(branch, attribute) for field, attribute in _KNOWN.items() if field in names and branch}
    return {field: text for field, text in known.items() if text}


def _text(branch: Branch, attribute: str) -> str:
    value = getattr(branch, attribute)
    return "、".join(value) if isinstance(value, tuple) else str(value)
