"""Tiny builder: a PDF written by hand, with Chinese text, ruled lines, form fields and anything else a test needs."""

from __future__ import annotations

from collections.abc import Sequence

WIDTH, HEIGHT = 595, 842
CATALOG, PAGES, FONT, CID_FONT, TO_UNICODE = 1, 2, 3, 4, 5
_CMAP = (
    "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
    "1 begincodespacerange <0000> <FFFF> endcodespacerange\n{chars}\nendcmap end end"
)


def text(x: float, top: float, words: str, size: float = 12) -> str:
    """Words whose characters' boxes begin at `top` (points from the page's top); every character is `size` wide."""
    codes = "".join(f"{ord(char):04x}" for char in words)
    return f"BT /F1 {size} Tf {x} {HEIGHT - top - size} Td <{codes}> Tj ET"


def line(x0: float, y0: float, x1: float, y1: float) -> str:
    return f"{x0} {HEIGHT - y0} m {x1} {HEIGHT - y1} l S"


def bar(x0: float, y0: float, x1: float, y1: float) -> str:
    """A filled rectangle, the way Word draws its rulings."""
    return f"{x0} {HEIGHT - y1} {x1 - x0} {y1 - y0} re f"


def box(x0: float, y0: float, x1: float, y1: float) -> str:
    return "\n".join((line(x0, y0, x1, y0), line(x0, y1, x1, y1), line(x0, y0, x0, y1), line(x1, y0, x1, y1)))


def table(xs: Sequence[float], ys: Sequence[float], rows: Sequence[Sequence[str]], size: float = 12) -> str:
    """A plain table with one line of text in each cell."""
    parts = [line(xs[0], y, xs[-1], y) for y in ys] + [line(x, ys[0], x, ys[-1]) for x in xs]
    parts += [text(xs[c] + 3, ys[r] + 3, words, size) for r, row in enumerate(rows) for c, words in enumerate(row)]
    return "\n".join(parts)


def pdf(
    *pages: str, annotations: Sequence[str] = (), objects: Sequence[str] = (), page: str = "", trailer: str = ""
) -> bytes:
    """A file with one content stream per page. `annotations` stand on the first page; `objects` are numbered from 100.

    `page`, `trailer`: more entries of every page and of the trailer.
    """
    used = sorted({ord(char) for char in _letters(pages)})
    chars = "\n".join(f"1 beginbfchar <{code:04x}> <{code:04x}> endbfchar" for code in used)
    first = 10
    kids = " ".join(f"{first + 2 * number} 0 R" for number in range(len(pages)))
    made = {
        CATALOG: f"<< /Type /Catalog /Pages {PAGES} 0 R >>",
        PAGES: f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        FONT: f"<< /Type /Font /Subtype /Type0 /BaseFont /Song /Encoding /Identity-H /DescendantFonts [{CID_FONT} 0 R] "
        f"/ToUnicode {TO_UNICODE} 0 R >>",
        CID_FONT: "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Song /DW 1000 /FontDescriptor 6 0 R "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
        TO_UNICODE: stream(_CMAP.format(chars=chars)),
        6: "<< /Type /FontDescriptor /FontName /Song /Flags 4 /FontBBox [0 0 1000 1000] /Ascent 1000 /Descent 0 >>",
    }
    for number, content in enumerate(pages):
        at = first + 2 * number
        notes = f"/Annots [{' '.join(annotations)}]" if annotations and number == 0 else ""
        made[at] = (
            f"<< /Type /Page /Parent {PAGES} 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] {notes} {page} "
            f"/Contents {at + 1} 0 R /Resources << /Font << /F1 {FONT} 0 R >> /XObject << /X 100 0 R >> >> >>"
        )
        made[at + 1] = stream(content)
    made |= {100 + number: content for number, content in enumerate(objects)} if len(pages) < 40 else {}
    return _file(made, trailer)


def stream(content: str, entries: str = "") -> str:
    return f"<< /Length {len(content.encode('latin-1'))} {entries} >>\nstream\n{content}\nendstream"


def _letters(pages: Sequence[str]) -> str:
    codes = [piece.partition(">")[0] for content in pages for piece in content.split("<")[1:]]
    return "".join(chr(int(code[at : at + 4], 16)) for code in codes for at in range(0, len(code), 4))


def _file(objects: dict[int, str], trailer: str) -> bytes:
    data = b"%PDF-1.7\n"
    offsets: dict[int, int] = {}
    for number, content in sorted(objects.items()):
        offsets[number] = len(data)
        data += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    start = len(data)
    data += b"xref\n0 1\n0000000000 65535 f \n"
    for number, offset in offsets.items():
        data += f"{number} 1\n{offset:010d} 00000 n \n".encode()
    size = max(objects) + 1
    return data + f"trailer << /Size {size} /Root {CATALOG} 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
