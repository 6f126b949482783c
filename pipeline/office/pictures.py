"""Where pictures lie: a cell with nothing but a picture (a drawn signature, a screenshot) is not simply empty.

Answers for: the spots of pictures in a Word part and on a worksheet. Knowingly not: what the pictures show, pictures
in headers, charts and shapes, pictures inside Excel cells (xlsx_cells names those as text).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.office import names
from pipeline.office.docx_traits import number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from pipeline.model import Spot
    from pipeline.office.docx_traits import Element, Traits
    from pipeline.office.package import Package

_BLIP = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
_IMAGE = "{urn:schemas-microsoft-com:vml}imagedata"
_SHEET = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_DELETED = frozenset({names.DEL, names.MOVE_FROM, names.FALLBACK})


def in_word(root: Element, traits: Traits, part: str) -> frozenset[Spot]:
    """The cells, and the paragraphs outside cells, that hold a picture."""
    if not traits.drawn:
        return frozenset()
    return frozenset(spot for image in root.iter(_BLIP, _IMAGE) for spot in _word_spot(image, traits, part))


def _word_spot(image: Element, traits: Traits, part: str) -> Iterator[Spot]:
    """The innermost cell around the picture, else the outermost paragraph; none for a deleted picture."""
    paragraph = -1
    for holder in image.iterancestors():
        if holder.tag in _DELETED:
            return
        if holder.tag == names.TC and holder in traits.cells:
            yield ("cell", part, (traits.cells[holder],))
            return
        if holder.tag == names.P and holder in traits.paragraphs:
            paragraph = traits.paragraphs[holder][0]
    if paragraph >= 0:
        yield ("paragraph", part, (paragraph,))


def on_sheet(package: Package, part: str, title: str) -> frozenset[Spot]:
    """The cells in which the top left corner of a picture lies."""
    spots: set[Spot] = set()
    for relation in package.relations(part):
        if relation.type == "drawing" and package.has(relation.target):
            spots.update(_sheet_spots(package.xml(relation.target), title))
    return frozenset(spots)


def _sheet_spots(drawing: etree._Element, title: str) -> Iterator[Spot]:
    for image in drawing.iter(f"{_SHEET}pic"):
        anchor = image.getparent()
        corner = anchor.find(f"{_SHEET}from") if anchor is not None else None
        if corner is not None:
            row, column = (number(corner.findtext(f"{_SHEET}{name}"), -1) for name in ("row", "col"))
            if min(row, column) >= 0:
                yield ("sheet", title, (row + 1, column + 1))
