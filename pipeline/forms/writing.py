"""Values → the texts a template is filled with: the writing half of two-way templates, pure.

An absent value becomes the field's printed hint (年　月　日), so that a blank looks as the office prints it. Which
bytes come of it is `office.docx_fill`'s and `office.xlsx_fill`'s business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.values import format_value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.forms.spec import FieldSpec, TypeSpec


def texts_for(spec: TypeSpec, values: Mapping[str, object]) -> dict[str, str]:
    """Every labelled field → its text. `values`: field name → value (see `values`); absent or None is a blank.

    Raises KeyError for a name the type does not have.
    """
    return _texts(spec.fields, values)


def row_texts(spec: TypeSpec, rows: Sequence[Mapping[str, object]]) -> dict[str, list[dict[str, str]]]:
    """The repeating rows under the name of their group, every column present. Raises KeyError like `texts_for`."""
    return {spec.group: [_texts(spec.columns, row) for row in rows]} if spec.group else {}


def _texts(specs: Sequence[FieldSpec], values: Mapping[str, object]) -> dict[str, str]:
    unknown = values.keys() - {spec.name for spec in specs}
    if unknown:
        raise KeyError(min(unknown))
    return {spec.name: _text(spec, values.get(spec.name)) for spec in specs}


def _text(spec: FieldSpec, value: object) -> str:
    if value is None or value == "":
        return spec.hints[0] if spec.hints else ""
    return format_value(spec.type, value)
