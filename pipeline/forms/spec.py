"""What a document type (文种) is: the meaning of a folder under templates/, independent of any file format.

The TOML reader that fills these values, with its Chinese complaints, is `forms/specfile.py`; `office/library.py`
brings both together with the template files.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.model import Document

Kind = Literal["form", "ledger", "letter", "report"]
Stands = Literal["", "heading", "above_title"]
Required = Literal["yes", "stage", "no", "office"]
"""document_types.md: R, r (once the stage is reached), o, ° (filled by the office)."""

TYPES = (
    "text", "long", "org", "person", "persons", "date", "period", "deadline", "money", "percent", "score", "count",
    "choice", "phone", "month", "year",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field or ledger column.

    `labels`: the printed label first, then labels seen elsewhere (synonyms). `hints`: printed text that counts as
    not filled. `section_of`: the printed label of the block this field is a titled section of (选题 in
    项目具体工作内容). `tail_of`: the field whose cell this one closes (an opinion's date). `choices`: allowed words;
    `choice_words`: other wordings → the allowed word. `optional_label`: not printed in the shipped blank, read when
    an office added it.
    `stands`: "heading" when the label may also be a line of its own above the value, which runs to the next such line;
    "above_title" when the value is the line over the title, without any label.
    """

    name: str
    type: str = "text"
    required: Required = "no"
    labels: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    section_of: str = ""
    tail_of: str = ""
    stands: Stands = ""
    choices: tuple[str, ...] = ()
    choice_words: Mapping[str, str] = field(default_factory=dict)
    example: str = ""
    clause: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class CheckCall:
    """A named check of `checks/` with its arguments, as written in spec.toml."""

    name: str
    arguments: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Layout:
    """One template file of a type, read by the same reader as the submissions: tags stand where values go."""

    name: str
    suffix: str
    document: Document
    current: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class TypeSpec:
    """A document type. `fields` are the labelled fields (a ledger's header block), `columns` the repeating rows.

    `key`: fields that say which matter a submission is about (a later one replaces an earlier one). `unique`: fields
    whose values no two matters of one cycle may share (R8). A type with a `window` belongs to the cycle of a year.
    `from_office`: only the office itself hands it in; from a unit's folder it is refused.
    `blank`: units get its empty form; False for one that goes out with its rows filled in.

    Compared by identity: a type is loaded once, and what is prepared from it is kept beside it.
    """

    name: str
    kind: Kind
    titles: tuple[str, ...]
    fields: tuple[FieldSpec, ...]
    columns: tuple[FieldSpec, ...] = ()
    group: str = ""
    key: tuple[str, ...] = ()
    unique: tuple[str, ...] = ()
    row_key: tuple[str, ...] = ()
    window: str = ""
    blank: bool = True
    from_office: bool = False
    number_prefix: str = ""
    sections: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    checks: tuple[CheckCall, ...] = ()
    layouts: tuple[Layout, ...] = ()

    def field(self, name: str) -> FieldSpec:
        """The field or column of that name; KeyError if there is none."""
        for spec in (*self.fields, *self.columns):
            if spec.name == name:
                return spec
        raise KeyError(name)
