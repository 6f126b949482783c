"""The safe door: what is let in, what is refused and with which code."""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import Unreadable
from pipeline.model import Document
from pipeline.office.package import open_package, parse_xml
from pipeline.office.read import read
from pipeline.settings import Limits

LIMITS = Limits()
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def parts(body: str = "<w:p><w:r><w:t>正文</w:t></w:r></w:p>", main: str = "word/document.xml") -> dict[str, bytes]:
    return {
        "[Content_Types].xml": (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/{main}" ContentType="{WORD_TYPE}"/></Types>'
        ).encode(),
        "_rels/.rels": (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="{main}"/></Relationships>'
        ).encode(),
        main: f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'.encode(),
    }


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def refused(data: bytes, limits: Limits = LIMITS) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read(data, limits)
    return caught.value


def text_of(document: Document) -> str:
    return "".join(getattr(block, "text", "") for block in document.blocks)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (bytes(4096), "empty_file"),
        (b"%PDF-1.7\n", "corrupt"),
        (b"GIF89a", "image_not_yet"),
        (b"\0\0\0\x18ftypheic", "image_not_yet"),
        (b"Rar!\x1a\x07\x00", "other_archive"),
        ("这是一个改名为 docx 的文本文件".encode(), "not_office"),
        (b"<html><body>x</body></html>", "not_office"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000), "old_format"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") + bytes(1000), "encrypted"),
        (b"PK\x05\x06" + bytes(18), "archive_empty"),
    ],
)
def test_the_first_bytes_decide(data: bytes, code: str) -> None:
    assert refused(data).code == code


def test_a_genuine_old_container_with_an_encrypted_package_is_encrypted() -> None:
    assert refused(ole_with_stream("EncryptedPackage")).code == "encrypted"


def test_an_old_presentation_names_its_format() -> None:
    failure = refused(ole_with_stream("PowerPoint Document"))
    assert (failure.code, failure.facts["format"]) == ("old_format", "ppt")


def ole_with_stream(name: str) -> bytes:
    """A compound file of two sectors: the allocation table and a directory with one empty stream."""
    end, free = 0xFFFFFFFE, 0xFFFFFFFF
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<9I", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<109I", 0, *[free] * 108)
    table = struct.pack("<128I", 0xFFFFFFFD, end, *[free] * 126)

    def entry(title: str, kind: int, child: int) -> bytes:
        raw = title.encode("utf-16-le") + b"\0\0" if title else b""
        fixed = raw.ljust(64, b"\0") + struct.pack("<HBB3I", len(raw), kind, 1, free, free, child)
        return fixed + bytes(36) + struct.pack("<IQ", end, 0)

    return header + table + entry("Root Entry", 5, 1) + entry(name, 2, free) + entry("", 0, free) * 2


def test_a_plain_document_is_let_in_by_its_relations_not_its_names() -> None:
    data = zipped(parts(main="odd/place.xml"))
    package = open_package(data, LIMITS)
    assert (package.kind, package.main, package.macros) == ("docx", "odd/place.xml", False)
    assert text_of(read(data, LIMITS)) == "正文"


def test_names_with_backslashes_or_other_case_are_the_same_parts() -> None:
    members = parts()
    members["WORD\\Document.xml"] = members.pop("word/document.xml")
    assert text_of(read(zipped(members), LIMITS)) == "正文"


def test_stored_members_are_read() -> None:
    assert text_of(read(zipped(parts(), zipfile.ZIP_STORED), LIMITS)) == "正文"


@pytest.mark.parametrize("keep", [0.3, 0.6, 0.9, 0.99])
def test_a_truncated_file_is_corrupt(keep: float) -> None:
    data = zipped(parts())
    assert refused(data[: int(len(data) * keep)]).code == "corrupt"


def test_duplicate_members_are_corrupt() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts().items():
            archive.writestr(name, content)
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("word/document.xml", b"<x/>")
    assert refused(out.getvalue()).facts["reason"] == "duplicate"


def test_duplicates_that_differ_in_case_or_slashes_are_corrupt() -> None:
    assert refused(zipped({**parts(), "WORD/document.xml": b"x"})).facts["reason"] == "duplicate"
    assert refused(zipped({**parts(), "word//./document.xml": b"x"})).facts["reason"] == "duplicate"


def test_a_name_that_climbs_out_is_corrupt() -> None:
    assert refused(zipped({**parts(), "../../etc/passwd": b"x"})).facts["reason"] == "name"


def test_a_damaged_member_is_corrupt_but_only_when_it_is_needed() -> None:
    noise = bytes(range(256)) * 40
    members = {**parts(), "word/media/image1.png": noise}
    data = bytearray(zipped(members, zipfile.ZIP_STORED))
    picture = data.find(noise)
    data[picture + 100] ^= 0xFF
    assert text_of(read(bytes(data), LIMITS)) == "正文"
    main = data.find("正文".encode())
    data[main] ^= 0x01
    assert refused(bytes(data)).code == "corrupt"


def test_an_encrypted_member_is_encrypted() -> None:
    data = bytearray(zipped(parts()))
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 0x01
    assert refused(bytes(data)).code == "encrypted"


def test_a_small_file_that_unpacks_to_600_megabytes_is_a_bomb() -> None:
    """The directory says so, so nothing is unpacked; the packed bytes need not even be right."""
    data = with_declared_size(zipped(parts()), 600 * 1024 * 1024)
    assert len(data) < 2_000
    assert refused(data).code == "bomb"


def with_declared_size(data: bytes, size: int) -> bytes:
    changed = bytearray(data)
    at = changed.rfind(b"PK\x01\x02")
    changed[at + 24 : at + 28] = struct.pack("<I", size)
    return bytes(changed)


def test_a_bomb_that_lies_about_its_size_is_stopped_at_the_declared_size() -> None:
    members = parts()
    members["word/document.xml"] = b" " * 30_000_000
    data = with_declared_size(zipped(members), 1000)
    assert refused(data).code == "bomb"


def test_overlapping_members_are_a_bomb() -> None:
    data = bytearray(zipped(parts()))
    first = data.find(b"PK\x01\x02")
    second = data.find(b"PK\x01\x02", first + 4)
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    assert refused(bytes(data)).facts["reason"] == "overlap"


def test_large_but_honest_members_are_too_large() -> None:
    limits = Limits(member_bytes=1000, ratio_free_bytes=500, ratio=100_000)
    failure = refused(zipped(parts("<w:p/>" * 1000)), limits)
    assert (failure.code, failure.facts["limit"]) == ("too_large", "1000")


def test_too_many_members_and_too_large_a_file() -> None:
    data = zipped({**parts(), **{f"x{number}": b"" for number in range(50)}})
    assert refused(data, Limits(members=20)).facts["reason"] == "members"
    assert refused(data, Limits(file_bytes=100)).facts["reason"] == "file"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE w>",
        '<!DOCTYPE w SYSTEM "http://127.0.0.1/x.dtd">',
        '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY x "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    ],
)
def test_any_doctype_is_forbidden(doctype: str, encoding: str) -> None:
    xml = f'<?xml version="1.0" encoding="{encoding}"?>{doctype}<w xmlns="{W}">&x;</w>'
    if "ENTITY" not in doctype:
        xml = xml.replace("&x;", "")
    with pytest.raises(Unreadable) as caught:
        parse_xml(xml.encode(encoding))
    assert caught.value.code == "forbidden_xml"
    members = parts()
    members["word/document.xml"] = xml.encode(encoding)
    assert refused(zipped(members)).code == "forbidden_xml"


def test_utf16_parts_without_a_doctype_are_read() -> None:
    members = parts()
    members["word/document.xml"] = members["word/document.xml"].decode().encode("utf-16")
    assert text_of(read(zipped(members), LIMITS)) == "正文"


def test_elements_nested_too_deep_are_corrupt() -> None:
    assert refused(zipped(parts("<w:sdt>" * 2000 + "</w:sdt>" * 2000))).code == "corrupt"


def test_strict_documents_are_read() -> None:
    members = {
        name: content.replace(W.encode(), b"http://purl.oclc.org/ooxml/wordprocessingml/main").replace(
            RELATIONS.encode(), b"http://purl.oclc.org/ooxml/officeDocument/relationships"
        )
        for name, content in parts().items()
    }
    assert text_of(read(zipped(members), LIMITS)) == "正文"


def test_macros_are_a_remark() -> None:
    members = parts()
    members["[Content_Types].xml"] = members["[Content_Types].xml"].replace(
        WORD_TYPE.encode(), b"application/vnd.ms-word.document.macroEnabled.main+xml"
    )
    assert [finding.code for finding in read(zipped(members), LIMITS).findings] == ["macros"]


def test_external_relations_are_never_followed() -> None:
    members = parts()
    members["word/_rels/document.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{RELATIONS}/header" Target="file:///etc/hostname" TargetMode="External"/>'
        f'<Relationship Id="r2" Type="{RELATIONS}/footer" Target="../../../../etc/hostname"/></Relationships>'
    ).encode()
    data = zipped(members)
    assert [relation.target for relation in open_package(data, LIMITS).relations("word/document.xml")] == [
        "etc/hostname"
    ]
    assert read(data, LIMITS).margins == ()


@pytest.mark.parametrize(
    ("members", "code", "found"),
    [
        ({"OFD.xml": b"<x/>"}, "ofd", "ofd"),
        ({"mimetype": b"application/vnd.oasis.opendocument.presentation"}, "not_office", "odf"),
        ({"a.docx": b"x", "b.txt": b"x"}, "nested_archive", "zip"),
    ],
)
def test_other_zips_are_named(members: dict[str, bytes], code: str, found: str) -> None:
    failure = refused(zipped(members, zipfile.ZIP_STORED))
    assert (failure.code, failure.facts["format"]) == (code, found)


def test_a_presentation_is_not_office() -> None:
    members = parts()
    members["[Content_Types].xml"] = members["[Content_Types].xml"].replace(
        b"wordprocessingml.document", b"presentationml.presentation"
    )
    assert refused(zipped(members)).facts["format"] == "pptx"


def test_a_zip64_directory_is_understood() -> None:
    """The 32-bit fields are full and the real numbers stand in the zip64 records, as streaming writers do it."""
    data = zipped(parts(), zipfile.ZIP_STORED)
    end = data.rfind(b"PK\x05\x06")
    count, size, offset = struct.unpack_from("<H2L", data, end + 10)
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, offset)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    assert text_of(read(data[:end] + record + locator + tail, LIMITS)) == "正文"


def outcome(data: bytes) -> str:
    """The kind of the document read, or the code of the refusal; any other exception is a defect."""
    try:
        return read(data, LIMITS).kind
    except Unreadable as failure:
        return failure.code


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damage_anywhere_gives_a_document_or_a_reason(data: st.DataObject) -> None:
    whole = bytearray(zipped(parts("<w:tbl><w:tr><w:tc><w:p><w:r><w:t>格</w:t></w:r></w:p></w:tc></w:tr></w:tbl>")))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    assert outcome(bytes(whole)) in {
        "docx", "corrupt", "bomb", "too_large", "encrypted", "nested_archive", "archive_empty", "ofd", "not_office",
        "forbidden_xml", "no_text", "old_format", "empty_file",
    }  # fmt: skip


@given(st.binary(max_size=400))
def test_any_bytes_give_a_reason(data: bytes) -> None:
    assert refused(data).code
    assert refused(b"PK\x03\x04" + data).code


def test_the_checksum_is_checked() -> None:
    data = bytearray(zipped(parts(), zipfile.ZIP_STORED))
    at = data.rfind(b"PK\x01\x02")
    assert struct.unpack_from("<L", data, at + 16)[0] == zlib.crc32(parts()["word/document.xml"])
    data[at + 16] ^= 0xFF
    assert refused(bytes(data)).facts["reason"] == "damaged"
