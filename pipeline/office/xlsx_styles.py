"""Which number format a cell style stands for. Fonts, fills and borders are of no interest to a reader."""

from __future__ import annotations

from pipeline.office import names
from pipeline.office.docx_traits import number
from pipeline.office.package import parse_xml
from pipeline.office.xlsx_formats import NumberFormat, built_in, compile_format

GENERAL = built_in(0)


def read_formats(xml: bytes) -> tuple[NumberFormat, ...]:
    """The number format of every cell style, by the style's index."""
    root = parse_xml(xml)
    own = {
        number(element.get("numFmtId"), 0): compile_format(element.get("formatCode", "General"))
        for element in root.iter(names.NUM_FMT)
    }
    identifiers = (
        number(style.get("numFmtId"), 0) for styles in root.iter(names.CELL_XFS) for style in styles.iter(names.XF)
    )
    return tuple(own.get(identifier) or built_in(identifier) for identifier in identifiers)
