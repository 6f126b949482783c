"""Files that want to hurt, or that went wrong in ways seen in shared folders; all small, all built when asked for.

Each is made from a good form or ledger by one change, so that nothing but the change decides what becomes of it.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from itertools import accumulate

import xlwt
from xlwt.CompoundDoc import XlsDoc

from pipeline.demo.papers import FIRST_DAY, MIDDLE_DAY, Paper
from pipeline.office.library import default_templates, load_library
from pipeline.output.blanks import filled
from tests.archives import locked, zipped
from tests.pdfs import pdf, stream, text

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DOCUMENT, SHEET, STRINGS = "word/document.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
LIBRARY = load_library(default_templates())


def paper(one: Paper, **changes: str) -> bytes:
    """A paper of the demonstration as a unit hands it in, some of its texts changed."""
    texts = {name: text.replace("YEAR", "2026") for name, text in {**one.fields, **changes}.items()}
    rows = [{name: text.replace("YEAR", "2026") for name, text in row.items()} for row in one.rows]
    return filled(LIBRARY, one.type, texts, rows)


FORM = paper(MIDDLE_DAY[0])
LEDGER = paper(next(one for one in FIRST_DAY if one.name == "整改台账.xlsx"))


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def changed(data: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The file with these parts replaced or added."""
    return zipped({**members(data), **parts})


def edited(data: bytes, part: str, edit: Callable[[bytes], bytes]) -> bytes:
    return changed(data, {part: edit(members(data)[part])})


def typed(data: bytes, old: bytes, new: bytes) -> bytes:
    """The file with another content type of its main part."""
    return edited(data, "[Content_Types].xml", lambda xml: xml.replace(old, new))


# zips


def overlapping() -> bytes:
    """Two entries of the directory share the bytes of one member."""
    data = zipped({**members(FORM), "word/again.xml": members(FORM)[DOCUMENT]})
    first = data.index(b"PK\x01\x02")
    places = {}
    at = first
    while data[at : at + 4] == b"PK\x01\x02":
        size = struct.unpack_from("<3H", data, at + 28)
        name = data[at + 46 : at + 46 + size[0]]
        places[name] = at
        at += 46 + sum(size)
    out = bytearray(data)
    source, target = places[DOCUMENT.encode()], places[b"word/again.xml"]
    out[target + 42 : target + 46] = data[source + 42 : source + 46]
    return bytes(out)


def repeated() -> bytes:
    """Two parts of the same name: programs differ on which one counts."""
    other = "word/documenu.xml"
    return changed(FORM, {other: members(FORM)[DOCUMENT]}).replace(other.encode(), DOCUMENT.encode())


def lying() -> bytes:
    """A part that unpacks to more than the directory says."""
    data = bytearray(changed(FORM, {"word/x.xml": bytes(3_000_000)}))
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(b"word/x.xml"))
    data[at + 24 : at + 28] = struct.pack("<I", 100)
    return bytes(data)


def lying_document() -> bytes:
    """The same with the part that is read."""
    data = bytearray(FORM)
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(DOCUMENT.encode()))
    data[at + 24 : at + 28] = struct.pack("<I", 100)
    return bytes(data)


# xml

_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
DOCTYPES = {
    "外部实体": '<!DOCTYPE x [<!ENTITY l9 SYSTEM "file:///etc/hostname">]>',
    "外部DTD": '<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd">',
    "亿万笑": f'<!DOCTYPE x [<!ENTITY l0 "哈">{_LAUGHS}]>',
}


def with_doctype(xml: bytes, doctype: str, encoding: str) -> bytes:
    body = xml.decode().partition("?>")[2] or xml.decode()
    name = "utf-16" if encoding.startswith("utf-16") else "utf-8"
    return f'<?xml version="1.0" encoding="{name}"?>{doctype}{body}'.encode(encoding)


def nested(xml: bytes, depth: int = 3000) -> bytes:
    """Tables in cells in tables …"""
    cell = b"<w:tbl><w:tr><w:tc>"
    deep = cell * depth + b"<w:p/>" + b"</w:tc></w:tr></w:tbl>" * depth
    return xml.replace(b"<w:sectPr", deep + b"<w:sectPr", 1) if b"<w:sectPr" in xml else xml.replace(b"</w:body>", deep)


def in_body(markup: str) -> Callable[[bytes], bytes]:
    """Puts markup at the end of a Word body."""
    return lambda xml: xml.replace(b"</w:body>", markup.encode() + b"</w:body>")


def wide_table(rows: int, span: int) -> str:
    cell = f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr><w:p/></w:tc>'
    return "<w:tbl>" + f"<w:tr>{cell}</w:tr>" * rows + "</w:tbl>"


def in_sheet(row: str) -> Callable[[bytes], bytes]:
    """Puts rows at the end of a sheet."""
    return lambda xml: xml.replace(b"</sheetData>", row.encode() + b"</sheetData>")


def merged(reference: str) -> Callable[[bytes], bytes]:
    merge = f'<mergeCells count="1"><mergeCell ref="{reference}"/></mergeCells>'.encode()

    def put(xml: bytes) -> bytes:
        before, _, after = xml.partition(b"</sheetData>")
        if b"<mergeCells" in after:
            after = after.partition(b"</mergeCells>")[0] + f'<mergeCell ref="{reference}"/></mergeCells>'.encode()
            after += xml.partition(b"</mergeCells>")[2]
            return before + b"</sheetData>" + after
        return before + b"</sheetData>" + merge + after

    return put


def many_strings() -> bytes:
    """Half a million shared strings, used by one cell."""
    strings = f'<sst xmlns="{S}">{"<si><t>一</t></si>" * 500_000}</sst>'.encode()
    return plain_sheet('<row r="1"><c r="A1" t="s"><v>499999</v></c></row>', {"xl/strings.xml": strings})


def long_string_often() -> bytes:
    """One text of a megabyte, shown by ten thousand cells."""
    strings = f'<sst xmlns="{S}"><si><t>{"长" * 350_000}</t></si></sst>'.encode()
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 10_001))
    return plain_sheet(rows, {"xl/strings.xml": strings})


def plain_sheet(rows: str, parts: Mapping[str, bytes]) -> bytes:
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    package = "http://schemas.openxmlformats.org/package/2006"
    sheet = f'<worksheet xmlns="{S}"><sheetData>{rows}</sheetData></worksheet>'
    return zipped({
        "[Content_Types].xml": (
            f'<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="{kinds}.sheet.main+xml"/>'
            "</Types>"
        ).encode(),
        "_rels/.rels": (
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r" '
            f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ).encode(),
        "xl/workbook.xml": (
            f'<workbook xmlns="{S}" xmlns:r="{RELATIONS}"><sheets><sheet name="表" sheetId="1" r:id="r1"/></sheets>'
            "</workbook>"
        ).encode(),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{RELATIONS}/worksheet" '
            f'Target="sheet1.xml"/><Relationship Id="s" Type="{RELATIONS}/sharedStrings" Target="strings.xml"/>'
            "</Relationships>"
        ).encode(),
        "xl/sheet1.xml": sheet.encode(),
        **parts,
    })  # fmt: skip


def linked(data: bytes, kind: str, target: str) -> bytes:
    """A Word file with one more relation that leads out of it."""
    relation = f'<Relationship Id="rOut" Type="{RELATIONS}/{kind}" Target="{target}" TargetMode="External"/>'
    return edited(
        data,
        "word/_rels/document.xml.rels",
        lambda xml: xml.replace(b"</Relationships>", relation.encode() + b"</Relationships>"),
    )


def with_macros(data: bytes, kind: bytes, folder: str) -> bytes:
    plain = b"application/vnd.openxmlformats-officedocument." + kind + b".main+xml"
    program = {
        b"wordprocessingml.document": b"application/vnd.ms-word.document.macroEnabled.main+xml",
        b"spreadsheetml.sheet": b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    }[kind]
    return changed(typed(data, plain, program), {f"{folder}/vbaProject.bin": b"\xd0\xcf\x11\xe0" + bytes(500)})


# other formats


def old_workbook(rows: int = 3) -> bytes:
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("台账")
    for row in range(rows):
        sheet.write(row, 0, f"第{row}行")
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def container(name: str, content: bytes) -> bytes:
    """An OLE container whose one stream, called Workbook by the builder, has another name."""
    out = io.BytesIO()
    XlsDoc().save(out, content)
    old, new = "Workbook".encode("utf-16-le"), name.encode("utf-16-le")
    data = out.getvalue()
    at = data.index(old)
    entry = bytearray(data[at : at + 128])
    entry[:64] = new.ljust(64, b"\0")
    entry[64:66] = struct.pack("<H", len(new) + 2)
    return data[:at] + bytes(entry) + data[at + 128 :]


def pdf_page() -> str:
    return text(72, 72, "党建项目申请表")


def pdf_locked() -> bytes:
    key = "<< /Filter /Standard /V 1 /R 2 /O <" + "41" * 32 + "> /U <" + "42" * 32 + "> /P -4 >>"
    return pdf(pdf_page(), trailer=f"/Encrypt {key} /ID [<00><00>]")


def pdf_that_draws_itself() -> bytes:
    """A form that draws itself, twice each time."""
    form = stream(
        "/X Do /X Do", "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 100 0 R >> >>"
    )
    return pdf("/X Do", objects=[form])


def pdf_with_page_loop() -> bytes:
    """The tree of pages contains itself."""
    return pdf(pdf_page()).replace(b"/Kids [10 0 R]", b"/Kids [2 0 R ]")


def pdf_of_many_pages(count: int = 20_000) -> bytes:
    """Pages without end that share their content; nothing else is wrong with them."""
    first = 1000
    kids = b" ".join(b"%d 0 R" % number for number in range(first, first + count))
    one = pdf(pdf_page()).replace(b"/Kids [10 0 R] /Count 1", b"/Kids [%s] /Count %d" % (kids, count))
    head = one[: one.index(b"xref\n0 1\n")]
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 11 0 R>>"
    pages = [b"%d 0 obj\n%s\nendobj\n" % (number, page) for number in range(first, first + count)]
    ends = list(accumulate(map(len, pages), initial=len(head)))
    offsets = {int(found[1]): found.start() for found in re.finditer(rb"^(\d+) 0 obj$", head, re.MULTILINE)}
    table = b"".join(b"%d 1\n%010d 00000 n \n" % one for one in sorted(offsets.items()))
    table += b"%d %d\n" % (first, count) + b"".join(b"%010d 00000 n \n" % end for end in ends[:-1])
    tail = f"trailer << /Size {first + count} /Root 1 0 R >>\nstartxref\n{ends[-1]}\n%%EOF\n".encode()
    return head + b"".join(pages) + b"xref\n0 1\n0000000000 65535 f \n" + table + tail


def pdf_of_enormous_pages() -> bytes:
    size = b"/MediaBox [0 0 %d %d]"
    return pdf(pdf_page()).replace(size % (595, 842), size % (9_999_999_999, 9_999_999_999))


def opendocument_with_links() -> bytes:
    """An OpenDocument text that names pictures outside of it."""
    office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    draw = "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
    kind = b"application/vnd.oasis.opendocument.text"
    picture = '<draw:frame><draw:image xlink:href="file:///etc/hostname"/></draw:frame>'
    content = (
        f'<office:document-content xmlns:office="{office}" xmlns:draw="{draw}" office:version="1.2" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:xlink="http://www.w3.org/1999/xlink">'
        f"<office:body><office:text><text:p>x{picture}</text:p></office:text></office:body></office:document-content>"
    )
    return zipped({"mimetype": kind, "content.xml": content.encode()}, method=zipfile.ZIP_STORED)


def pdf_flate_bomb(megabytes: int = 400) -> bytes:
    """A content stream of blanks without end, packed twice."""
    twice = zlib.compress(blanks(megabytes), 9)
    entries = f"<< /Length {len(twice)} /Filter [/FlateDecode /FlateDecode] >>".encode()
    made = pdf("MARK")
    start = made.index(b"<< /Length 4")
    end = made.index(b"endstream", start)
    return made[:start] + entries + b"\nstream\n" + twice + b"\n" + made[end:]


def blanks(megabytes: int) -> bytes:
    """That many megabytes of blanks as zlib packs them, made from one packed megabyte repeated."""
    packer, plain = zlib.compressobj(9), b" " * 1_000_000
    first = packer.compress(plain) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(plain) + packer.flush(zlib.Z_FULL_FLUSH)
    end = packer.flush()[:-4]
    check = 1
    for _ in range(megabytes):
        check = zlib.adler32(plain, check)
    return first + again * (megabytes - 1) + end + struct.pack(">I", check)


def pdf_of_many_characters(count: int = 300_000) -> bytes:
    codes = "515a" * count
    return pdf(f"BT /F1 1 Tf 10 10 Td <{codes}> Tj ET")


def pdf_of_many_paths(count: int = 200_000) -> bytes:
    return pdf("0 0 m 9 9 l S\n" * count + pdf_page())


def png(width: int, height: int) -> bytes:
    """A picture of that size by its header, with almost no data."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


OLD_RECORDS = b"\x09\x08\x10\x00\x00\x06\x05\x00" + b"\xee" * 6000
RICH_TEXT = rb'{\rtf1{\field{\*\fldinst INCLUDEPICTURE "file:///etc/hostname"}}x}'


def lock_file(size: int = 162) -> bytes:
    """What Word (162 bytes) and Excel (165) put beside an open file."""
    name = "张三"
    return (bytes([len(name)]) + name.encode("gbk")).ljust(54, b" ") + name.encode("utf-16-le").ljust(size - 54, b"\0")


def far_cell() -> bytes:
    row = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>远</t></is></c></row>'
    return edited(LEDGER, SHEET, in_sheet(row))


def styled_rows(count: int) -> bytes:
    first = 2000
    rows = "".join(
        f'<row r="{n}" s="1" customFormat="1"><c r="A{n}" s="1"/></row>' for n in range(first, first + count)
    )
    return edited(LEDGER, SHEET, in_sheet(rows))


def nested_archive() -> bytes:
    return zipped({"内.zip": zipped({"申请表.docx": FORM})})


def locked_archive() -> bytes:
    return locked(zipped({"申请表.docx": FORM}))


# shapes that make a reader compare everything with everything


def paragraph(words: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{words}</w:t></w:r></w:p>'


def blanks_before_a_date() -> bytes:
    """An opinion whose date stands behind a hundred thousand blanks."""
    return paper(MIDDLE_DAY[0], 支部意见日期="　" * 100_000 + "x")


def rich_runs(count: int = 100_000) -> str:
    """One paragraph in which every second letter is underlined."""
    lined = "<w:r><w:rPr><w:u w:val='single'/></w:rPr><w:t>1</w:t></w:r>"
    return "<w:p>" + f"{lined}<w:r><w:t>a</w:t></w:r>" * count + "</w:p>"
