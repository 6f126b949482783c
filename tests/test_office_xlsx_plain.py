"""The quick way through a worksheet and its strings says what the parser says, for whatever bytes."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import Unreadable
from pipeline.office.xlsx_cells import CellTexts
from pipeline.office.xlsx_formats import compile_format
from pipeline.office.xlsx_plain import _PlainReading, read_sheet
from pipeline.office.xlsx_rows import read_strictly
from pipeline.office.xlsx_strings import _strictly as strings_strictly
from pipeline.office.xlsx_strings import read_strings
from pipeline.settings import Limits

SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "documents"
SMALL = Limits(rows=40, columns=30, empty_rows=8)
STRINGS = ["整改台账", " ", "", "第一行\n第二行", "3月15日"]
FORMATS = tuple(compile_format(code) for code in ("General", "yyyy/m/d", "0.0%", ";;;", '0"项"'))
START = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="urn:x">'


def both(xml: bytes, limits: Limits = SMALL) -> tuple[object, object]:
    """What the quick way and the parser make of a part: a sheet, or the refusal with its facts."""

    def outcome(read: object) -> object:
        texts = CellTexts(list(STRINGS), FORMATS, from_1904=False)
        try:
            return read(xml, texts, limits)  # type: ignore[operator]
        except Unreadable as flaw:
            return flaw.code, dict(flaw.facts)

    return outcome(read_sheet), outcome(read_strictly)


def sheet(rows: str, *, before: str = "", after: str = "") -> bytes:
    return f"{START}{before}<sheetData>{rows}</sheetData>{after}</worksheet>".encode()


letters = st.sampled_from(["A", "B", "C", "D", "J", "AA", "AZ", "ZZZ", "a", "", "É"])
attributes = st.sampled_from(
    [
        *("", ' s="1"', ' s="2"', ' s="3"', ' s="4"', ' s="99"', ' t="s"', ' s="1" t="s"', ' t="str"', ' t="b"'),
        *(' t="e"', ' t="inlineStr"', ' t="d" s="1"', ' t="e" vm="1"', " s='1'", ' s="1" s="1"', ' x:y="1"'),
        *(' t="&#115;"', ' r="B2"'),
    ]
)
raws = st.one_of(
    st.integers(0, 6).map(str),
    st.sampled_from(
        ["46092", "0.955", "-3", "1e3", "1_0", "٣", "TRUE", "#N/A", "2026-06-11", " 4", "a&amp;b", "a]]>b"]
    ),
    st.text("问题甲 \n\r\t=D(]>'\"x_0D&<\ufffe\x01", max_size=6),
)
contents = st.one_of(
    st.just(""),
    raws.map(lambda raw: f"<v>{raw}</v>"),
    raws.map(lambda raw: f"<is><t>{raw}</t></is>"),
    raws.map(lambda raw: f'<is><t xml:space="preserve">{raw}</t><rPh><t>x</t></rPh></is>'),
    raws.map(lambda raw: f"<f>ROW()-1</f><v>{raw}</v>"),
    raws.map(lambda raw: f'<f>DISPIMG("a")</f><v>{raw}</v>'),
    st.sampled_from(["<f>A1</f>", '<f t="shared" si="0">ROW()</f>', '<f t="shared" si="0"/>', "<v></v>", "<v/>"]),
)


@st.composite
def cells(draw: st.DrawFn, row: int) -> str:
    plain = draw(st.booleans())
    names = "ABCDEFGH"[: draw(st.integers(1, 8))] if plain else draw(st.lists(letters, max_size=5))
    parts = []
    for name in names:
        content = draw(contents)
        reference = f' r="{name}{row}"' if name else ""
        head = f"<c{reference}{draw(attributes)}"
        parts.append(f"{head}>{content}</c>" if content or draw(st.booleans()) else f"{head}/>")
    return "".join(parts)


@st.composite
def sheets(draw: st.DrawFn) -> bytes:
    number, rows = 0, []
    for _ in range(draw(st.integers(0, 6))):
        number += draw(st.sampled_from([1, 1, 1, 1, 2, 9, 0, 50]))
        odd = draw(st.sampled_from(["", "", "", ' hidden="1"', ' ht="0"', ' spans="1:9" ht="30"', " hidden='1'"]))
        space = draw(st.sampled_from(["", "", "", "\n", "<!-- x -->", "<x/>"]))
        rows.append(f'<row r="{number}"{odd}>{draw(cells(number))}</row>{space}')
    before = draw(st.sampled_from(["", '<cols><col min="2" max="3" hidden="1"/></cols>', "<!-- <sheetData> -->"]))
    after = draw(st.sampled_from(["", '<mergeCells><mergeCell ref="A1:B2"/></mergeCells>', "<row/>", "<x:row/>"]))
    return sheet("".join(rows), before=before, after=after)


@given(sheets())
@settings(max_examples=400, deadline=None)
def test_a_sheet_in_any_spelling_is_read_as_by_the_parser(xml):
    quick, strict = both(xml)
    assert quick == strict


DAMAGE = (b"", b"<", b">", b"</row>", b"<row>", b'"', b"\x00", b"\xff", b"<!--", b"<c>", b"&", b"]]>")


@given(sheets(), st.data())
@settings(max_examples=300, deadline=None)
def test_a_damaged_sheet_is_read_or_refused_as_by_the_parser(xml, data):
    at = data.draw(st.integers(0, len(xml)))
    length = data.draw(st.integers(0, 12))
    put = data.draw(
        st.sampled_from([b"", b"<", b">", b"</row>", b"<row>", b'"', b"\x00", b"\xff", b"<!--", b"<c>", b"&"])
    )
    quick, strict = both(xml[:at] + put + xml[at + length :])
    assert quick == strict


PLAIN_ROW = (
    '<row r="{0}" spans="1:4"><c r="A{0}" s="1"><v>4609{1}</v></c><c r="B{0}" t="s"><v>0</v></c><c r="C{0}"/></row>'
)


def test_many_blocks_with_an_odd_one_among_them():
    rows = [PLAIN_ROW.format(number, number % 10) for number in range(1, 6001)]
    rows[3000] = (
        '<row r="3001" hidden="1"><c r="B3001" t="inlineStr"><is><r><t>甲</t></r><r><t>乙</t></r></is></c></row>'
    )
    rows[5000] = '<row r="5001"><c r="A5001"><f>ROW()</f></c></row>'
    xml = sheet("".join(rows))
    quick, strict = both(xml, Limits())
    assert quick == strict == _PlainReading(CellTexts(list(STRINGS), FORMATS, from_1904=False), Limits()).read(xml)
    assert quick.rows[3000] == ["", "甲乙"]  # type: ignore[attr-defined]
    assert quick.rows[5000] == ["5001"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("index", ["-1", "1_0", "9", "99999999999999", "+1"])
def test_an_index_that_is_none_is_refused(index):
    quick, strict = both(sheet(f'<row r="1"><c r="A1" t="s"><v>{index}</v></c></row>'))
    assert quick == strict == ("corrupt", {"reason": "shared string"})


@pytest.mark.parametrize("declared", ['encoding="GBK"', 'encoding="UTF-16"', 'encoding="utf-8"', ""])
def test_another_encoding_goes_to_the_parser(declared):
    body = '<worksheet><sheetData><row r="1"><c r="A1" t="str"><v>问题</v></c></row></sheetData></worksheet>'
    for codec in ("utf-8", "gbk", "utf-16", "utf-8-sig"):
        quick, strict = both(f'<?xml version="1.0" {declared}?>{body}'.encode(codec))
        assert quick == strict


strings = st.lists(
    st.one_of(
        raws.map(lambda raw: f"<si><t>{raw}</t></si>"),
        raws.map(lambda raw: f'<si><t xml:space="preserve">{raw}</t></si>'),
        raws.map(lambda raw: f"<si><r><rPr/><t>{raw}</t></r><r><t>末</t></r><rPh><t>z</t></rPh></si>"),
        st.sampled_from(["<si/>", "<si></si>", "<si><t/></si>", "\n", "<!-- <si><t>x</t></si> -->", "<![CDATA[x]]>"]),
    ),
    max_size=6,
)


@given(strings, st.data())
@settings(max_examples=300, deadline=None)
def test_shared_strings_are_those_of_the_parser(pieces, data):
    head = data.draw(
        st.sampled_from(["<sst>", '<sst count="3">', '<x:sst xmlns:x="u">', "<!DOCTYPE sst><sst>", "<sst/>"])
    )
    xml = f"{head}{''.join(pieces)}</sst>".encode()
    at = data.draw(st.integers(0, len(xml)))
    damaged = xml[:at] + data.draw(st.sampled_from([b"", b"<", b"\r", b"\xfe", b"</si>"])) + xml[at:]

    def outcome(read: object, part: bytes) -> object:
        try:
            return read(part)  # type: ignore[operator]
        except Unreadable as flaw:
            return flaw.code, dict(flaw.facts)

    for part in (xml, damaged):
        assert outcome(read_strings, part) == outcome(strings_strictly, part)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample documents are not beside the project")
def test_every_sample_workbook_is_read_as_by_the_parser():
    parts = 0
    for path in sorted(SAMPLES.rglob("*.xlsx")):
        if not zipfile.is_zipfile(path):
            continue
        with zipfile.ZipFile(path) as package:
            for name in package.namelist():
                if name.startswith("xl/worksheets/sheet"):
                    quick, strict = both(package.read(name), Limits())
                    assert quick == strict, f"{path.name} {name}"
                    parts += 1
                elif name == "xl/sharedStrings.xml":
                    xml = package.read(name)
                    assert read_strings(xml) == strings_strictly(xml), path.name
    assert parts
