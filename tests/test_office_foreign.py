"""Files of other programs: what is read of them, what their gates take out, and what is said without LibreOffice."""

from __future__ import annotations

import http.server
import struct
import threading
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import docx
import olefile
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import Unreadable
from pipeline.model import Document, Grid
from pipeline.office import walls
from pipeline.office.apart import run_apart
from pipeline.office.doc_gate import cleaned_doc
from pipeline.office.doc_mend import mended
from pipeline.office.foreign import format_of, modernised
from pipeline.office.odf_gate import cleaned_odf
from pipeline.office.ole_write import container
from pipeline.office.read import read
from pipeline.office.rtf_gate import cleaned_rtf
from pipeline.settings import Limits
from tests.foreign import GIB, book, fill, needs_office, odf, saved, saved_as, word

LIMITS = Limits()
ROWS = (("立项支部", "沂北泵站项目党支部"), ("项目名称", "节能降耗攻坚\n第二段"), ("党委会意见", ""))
MARKER = "TOPSECRET42"


@pytest.fixture(scope="module")
def texts() -> Mapping[str, Mapping[str, bytes]]:
    """Kind → name → document: a table at the end, a table with a paragraph and a footer after it, one with fields."""
    footed = docx.Document()
    footed.add_paragraph("填表时间：2026年8月18日")
    fill(footed, ROWS)
    footed.sections[0].footer.paragraphs[0].text = "第1页"
    sources = {
        "end.docx": word("填表时间：2026年8月18日", rows=ROWS),
        "after.docx": word("填表时间：2026年8月18日", rows=ROWS, after="注：一式两份"),
        "footer.docx": saved(footed),
        "fields.docx": with_fields(
            'INCLUDEPICTURE "file:///etc/secret.png"', 'INCLUDETEXT "file:///etc/passwd"', "PAGE"
        ),
    }
    return {kind: saved_as(kind, sources) for kind in ("doc", "rtf", "odt")}


def with_fields(*instructions: str) -> bytes:
    document = docx.Document()
    line = document.add_paragraph("前")
    for instruction in instructions:
        for step in ("begin", "separate", "end"):
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), step)
            line.add_run()._r.append(mark)
            if step == "begin":
                code = OxmlElement("w:instrText")
                code.text = f" {instruction} "
                line.add_run()._r.append(code)
            elif step == "separate":
                line.add_run("结果")
    line.add_run("后")
    return saved(document)


def refused(data: bytes, limits: Limits = LIMITS) -> tuple[str, str]:
    with pytest.raises(Unreadable) as caught:
        read(data, limits)
    return caught.value.code, caught.value.facts.get("reason", "")


def codes(document: Document) -> list[str]:
    return [finding.code for finding in document.findings]


def table_of(document: Document) -> Grid:
    (grid,) = document.grids()
    return grid


def everything_in(package: bytes) -> bytes:
    with zipfile.ZipFile(BytesIO(package)) as parts:
        return b"".join(parts.read(name) for name in parts.namelist())


@needs_office
@pytest.mark.parametrize("kind", ["doc", "rtf", "odt"])
@pytest.mark.parametrize("name", ["end.docx", "footer.docx"])
def test_a_text_document_is_read_like_its_original(texts, kind, name):
    data = texts[kind][name]
    assert format_of(data) == kind
    document = read(data, LIMITS)
    assert (document.kind, codes(document)) == ("docx", ["converted"])
    assert dict(document.findings[0].facts) == {"from": kind, "to": "docx", "copy": "docx"}
    assert table_of(document).rows == ROWS
    assert getattr(document.blocks[0], "text", "") == "填表时间：2026年8月18日"


@needs_office
def test_a_sheet_is_read_like_its_original():
    sources = {"a.xlsx": book(("序号", "问题", "完成率"), (1, "台账不全", 0.5), (None, "合计", "=SUM(A2:A2)"))}
    document = read(saved_as("ods", sources)["a.xlsx"], LIMITS)
    assert (document.kind, codes(document)) == ("xlsx", ["converted"])
    assert [row[:2] for row in table_of(document).rows] == [("序号", "问题"), ("1", "台账不全"), ("", "合计")]


@needs_office
def test_the_last_result_is_kept_for_the_marking(texts):
    first = modernised(texts["doc"]["end.docx"], LIMITS)
    assert modernised(bytes(bytearray(texts["doc"]["end.docx"])), LIMITS) is first


@pytest.fixture(scope="module")
def beacon() -> Iterator[tuple[str, list[str]]]:
    """An address on this machine, and what was asked there."""
    asked: list[str] = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(MARKER.encode())

        do_OPTIONS = do_HEAD = do_PROPFIND = do_GET  # noqa: N815 - names of the protocol

        def log_message(self, *unused: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()


def reaching_odt(*targets: str) -> bytes:
    links = "".join(
        f'<text:p><draw:frame text:anchor-type="as-char" svg:width="2cm" svg:height="2cm">'
        f'<draw:image xlink:href="{target}" xlink:type="simple" xlink:actuate="onLoad"/></draw:frame></text:p>'
        f'<text:section text:name="{number}"><text:section-source xlink:href="{target}" xlink:type="simple"/>'
        "<text:p>旧</text:p></text:section>"
        for number, target in enumerate(targets)
    )
    return odf(f"<office:text><text:p>正文</text:p>{links}</office:text>")


def reaching_ods(*targets: str) -> bytes:
    cells = "".join(
        f'<table:table-cell table:formula="of:=WEBSERVICE(&quot;{target}&quot;)"/>'
        f'<table:table-cell table:formula="of:=&apos;{target}&apos;#$A.A1" office:value-type="float" office:value="5">'
        "<text:p>5</text:p></table:table-cell>"
        for target in targets
    )
    source = f'<table:table-source xlink:href="{targets[0]}" xlink:type="simple" table:mode="copy-all"/>'
    row = f"<table:table-row>{cells}</table:table-row>"
    return odf(
        f'<office:spreadsheet><table:table table:name="A">{source}{row}</table:table></office:spreadsheet>',
        "spreadsheet",
    )


def reaching_rtf(*targets: str) -> bytes:
    fields = "".join(
        rf'{{\field{{\*\fldinst {word} "{target}"}}{{\fldrslt old}}}}'
        for target in targets
        for word in ("INCLUDEPICTURE", "INCLUDETEXT", r"\u73?NCLUDETEXT", r"INCLUDE{\b PICTURE}")
    )
    return rf"{{\rtf1\ansi {{\*\template {targets[0]}}}before {fields} after\par}}".encode()


def reaching_doc(*targets: str) -> bytes:
    instructions = (f'{word} "{target}" \\d' for target in targets for word in ("INCLUDEPICTURE", "INCLUDETEXT"))
    return saved_as("doc", {"a.docx": with_fields(*instructions)})["a.docx"]


@needs_office
@pytest.mark.parametrize("write", [reaching_odt, reaching_ods, reaching_rtf, reaching_doc])
def test_nothing_is_fetched_from_the_disk_or_the_network(write, beacon, tmp_path):
    address, asked = beacon
    file = tmp_path / "secret.txt"
    file.write_text(MARKER)
    data = write(f"{address}/a.png", file.as_uri())
    asked.clear()  # what LibreOffice asked for while it made the .doc
    modern = modernised(data, LIMITS)
    assert modern is not None
    assert asked == []
    inside = everything_in(modern.data)
    assert MARKER.encode() not in inside
    assert [finding.code for finding in modern.findings] == ["converted", "external_parts"]


def test_behind_the_walls_there_is_no_network_and_of_the_disk_only_the_system(beacon, tmp_path):
    address, asked = beacon
    folder, file = tmp_path / "inside", tmp_path / "secret"
    folder.mkdir()
    file.write_text(MARKER)
    port = address.rpartition(":")[2]
    ask = f"exec 3<>/dev/tcp/127.0.0.1/{port} && printf 'GET /wall HTTP/1.0\\n\\n' >&3 && cat <&3"
    script = f"cat {file}; echo x > own; {ask}"
    command = walls.walled(["/bin/bash", "-c", script], folder=folder)
    ended = run_apart(command, seconds=20, memory_bytes=GIB, folder=folder)
    assert (folder / "own").read_text() == "x\n"
    wall = Path(command[0]).name
    assert (wall == "bwrap") == (MARKER.encode() not in ended.stdout)
    assert (wall in ("bwrap", "unshare")) == (asked.count("/wall") == 0)


def test_a_gate_leaves_plain_links_and_pictures_and_the_result_of_a_formula():
    picture = b"\x89PNG\r\n\x1a\n" + b"x" * 50
    body = (
        '<office:text><text:p><text:a xlink:href="https://example.org/a">网址</text:a>甲'
        '<draw:image xlink:href="Pictures/a.png"/></text:p></office:text>'
    )
    more = {
        "Pictures__a.png": picture,
        "Pictures__b.svg": "<svg/>",
        "Basic__x_xml": "<x/>",
        "Object 1__content_xml": "<x/>",
    }
    clean, said = cleaned_odf(odf(body, **more), LIMITS)
    with zipfile.ZipFile(BytesIO(clean)) as parts:
        assert parts.namelist() == ["mimetype", "content.xml", "Pictures/a.png", "META-INF/manifest.xml"]
        assert b"example.org" in parts.read("content.xml")
    assert said == {"macros"}
    clean, said = cleaned_odf(reaching_ods("file:///etc/passwd"), LIMITS)
    assert said == {"external_parts"}
    inside = everything_in(clean)
    assert b"passwd" not in inside
    assert b'office:value="5"' in inside


def test_what_follows_a_removed_element_stays():
    body = '<office:text><text:p>甲<draw:object xlink:href="x:y"/>乙<text:tab/><draw:plugin/>丙</text:p></office:text>'
    text = everything_in(cleaned_odf(odf(body), LIMITS)[0]).decode()
    assert "甲乙<text:tab/>丙" in text


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (odf("<office:text/>", **{"META-INF__manifest_xml": "<m><encryption-data/></m>"}), "encrypted"),
        (odf("<office:text>&x;</office:text>"), "corrupt"),
        (odf("<office:text/>", styles_xml='<!DOCTYPE a [<!ENTITY x SYSTEM "file:///x">]><a>&x;</a>'), "forbidden_xml"),
        (odf("<office:text/>", styles_xml=b" " * (21 << 20)), "bomb"),
    ],
)  # fmt: skip
def test_the_zip_and_the_xml_of_open_documents_are_distrusted(data, code):
    with pytest.raises(Unreadable) as caught:
        cleaned_odf(data, LIMITS)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "inside",
    [
        r'{\field{\*\fldinst {INCLUDEPICTURE "SECRET"}}{\fldrslt x}}',
        r'{\field{\*\fldinst DDEAUTO cmd "SECRET"}{\fldrslt x}}',
        r'{\field{\*\fldinst LINK Word.Document "SECRET"}{\fldrslt x}}',
        r"{\field{\*\fldinst \'49NCLUDETEXT SECRET}}",
        r'{\field{\*\fldinst {\*\x PAGE }IN\b0 CLUDE{\i TEXT "SECRET"}}}',
        r"{\object\objautlink{\*\objdata SECRET}{\result x}}",
        r"{\*\template SECRET}",
        r"{\shp{\*\shpinst{\sp{\sn pibName}{\sv SECRET}}}}",
        r"{\*\mailmerge{\mmdatasource SECRET}}",
    ],
)
def test_what_rtf_would_fetch_is_cut_out_and_the_rest_left(inside):
    clean, said = cleaned_rtf((r"{\rtf1 before " + inside + r" after{\field{\*\fldinst PAGE}}\par}").encode())
    assert said == {"external_parts"}
    assert b"SECRET" not in clean
    assert clean.startswith(rb"{\rtf1 before ")
    assert clean.endswith(rb" after{\field{\*\fldinst PAGE}}\par}")
    assert clean.count(b"{") == clean.count(b"}")


def test_raw_bytes_in_rtf_are_no_braces():
    data = b"{\\rtf1 {\\pict\\bin5 }}{{\\ }{\\*\\template x}\\par}"
    assert cleaned_rtf(data) == (b"{\\rtf1 {\\pict\\bin5 }}{{\\ }\\par}", {"external_parts"})


@given(st.text(alphabet="ab\\{}*' \n\u515a0", max_size=40))
def test_harmless_rtf_is_left_as_it_is(text):
    data = ("{\\rtf1 " + text).encode("gb18030")
    assert cleaned_rtf(data) == (data, frozenset())


@needs_office
def test_fields_that_fetch_are_blanked_in_a_word_file(texts):
    clean, said = cleaned_doc(texts["doc"]["fields.docx"])
    assert said == {"external_parts"}
    stream = text_stream(clean)
    assert "passwd".encode("utf-16-le") not in stream
    assert "PAGE".encode("utf-16-le") in stream
    assert len(stream) >= len(text_stream(texts["doc"]["fields.docx"]))


def text_stream(data: bytes) -> bytes:
    with olefile.OleFileIO(BytesIO(data)) as file:
        return file.openstream("WordDocument").read()


@needs_office
def test_only_a_word_file_that_ends_in_a_table_is_mended(texts):
    for name, is_mended in (("end.docx", True), ("after.docx", False), ("footer.docx", True)):
        with olefile.OleFileIO(BytesIO(texts["doc"][name])) as file:
            streams = [file.openstream(stream).read() for stream in ("WordDocument", "1Table")]
        text, table = mended(*streams)
        assert ([text, table] != streams) == is_mended
        assert mended(text, table) == (text, table)


@needs_office
def test_a_password_on_a_word_file_is_said(texts):
    stream = bytearray(text_stream(texts["doc"]["end.docx"]))
    struct.pack_into("<H", stream, 10, struct.unpack_from("<H", stream, 10)[0] | 0x0100)
    assert refused(container({"WordDocument": bytes(stream), "1Table": b""})) == ("encrypted", "")


@needs_office
def test_macros_of_a_word_file_are_left_behind_and_said(texts):
    with olefile.OleFileIO(BytesIO(texts["doc"]["end.docx"])) as file:
        streams = {name: file.openstream(name).read() for name in ("WordDocument", "1Table")}
    clean, said = cleaned_doc(container({**streams, "Macros": b"VBA"}))
    assert said == {"macros"}
    with olefile.OleFileIO(BytesIO(clean)) as file:
        assert sorted(file.listdir()) == [["1Table"], ["WordDocument"]]


@given(st.dictionaries(st.text("abcXYZ19 ", min_size=1, max_size=31), st.binary(max_size=9000), min_size=1, max_size=9))
def test_a_container_holds_its_streams(streams):
    streams = {f"{number}{name}"[:31]: data for number, (name, data) in enumerate(streams.items())}
    with olefile.OleFileIO(BytesIO(container(streams))) as file:
        assert {entry[0] for entry in file.listdir()} == set(streams)
        for name, data in streams.items():
            assert file.openstream(name).read() == data.ljust(4096, b"\0") + bytes(-max(len(data), 4096) % 512)


def test_a_large_container_needs_a_longer_list_of_its_own_sectors():
    data = bytes(range(256)) * 60_000
    with olefile.OleFileIO(BytesIO(container({"WordDocument": data}))) as file:
        assert file.openstream("WordDocument").read() == data


@needs_office
@given(st.data())
def test_a_damaged_word_file_is_corrupt_or_goes_on(texts, data):
    name = data.draw(st.sampled_from(["end.docx", "footer.docx"]))
    damaged = bytearray(texts["doc"][name])
    for at in data.draw(st.lists(st.integers(0, 4095), min_size=1, max_size=8)):
        spot = (at if at % 3 else at * 7) % len(damaged)
        damaged[spot] = data.draw(st.integers(0, 255))
    cut = data.draw(st.sampled_from([len(damaged), 5000]))
    assert outcome_of_gate(bytes(damaged[:cut])) in {"doc", "corrupt", "encrypted"}


def outcome_of_gate(data: bytes) -> str:
    try:
        return format_of(cleaned_doc(data)[0])
    except Unreadable as flaw:
        return flaw.code


SIMPLE = {
    "doc": container({"WordDocument": bytes(2000)}),
    "rtf": rb"{\rtf1\ansi text\par}",
    "odt": odf("<office:text/>"),
    "ods": odf("<office:spreadsheet/>", "spreadsheet"),
}


@pytest.mark.parametrize("kind", SIMPLE)
def test_without_libreoffice_the_sender_is_asked_for_today_s_format(kind, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unreadable) as caught:
        read(SIMPLE[kind], LIMITS)
    assert (caught.value.code, dict(caught.value.facts)) == ("old_format", {"format": kind})


@pytest.mark.parametrize("kind", SIMPLE)
def test_the_size_is_looked_at_first(kind):
    assert refused(SIMPLE[kind] + bytes(100), replace(LIMITS, file_bytes=100)) == ("too_large", "file")


@needs_office
def test_too_little_time_is_said(tmp_path, monkeypatch):
    slow = tmp_path / "soffice"
    slow.write_text("#!/bin/sh\nsleep 30\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert refused(SIMPLE["rtf"], replace(LIMITS, seconds=1)) == ("old_format", "late")


def test_a_success_that_made_nothing_is_not_believed(tmp_path, monkeypatch):
    lying = tmp_path / "soffice"
    lying.write_text("#!/bin/sh\nexit 0\n")
    lying.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert refused(SIMPLE["rtf"]) == ("old_format", "failed")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'<?xml version="1.0"?><office:document xmlns:office="urn:x"/>', "not_office"),
        (odf("<office:presentation/>", "presentation"), "not_office"),
        (SIMPLE["doc"][:900], "old_format"),
    ],
)
def test_others_are_not_let_in(data, code):
    assert refused(data)[0] == code
