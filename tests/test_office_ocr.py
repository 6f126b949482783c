"""Scans and photos: read right or in doubt, never silently wrong; hostile pictures end in a sentence."""

from __future__ import annotations

import struct
import time
import zlib
from collections.abc import Iterator, Mapping
from datetime import date

import pytest

from pipeline.errors import Unreadable
from pipeline.examine import Desk, examine, extract
from pipeline.forms.identify import identify
from pipeline.model import Arrival, Document, Finding, Grid, Outcome, Paragraph, Place, Reading, Recognised, Verdict
from pipeline.office import scan_read
from pipeline.office.library import default_templates, load_library
from pipeline.office.read import read
from pipeline.settings import Limits, Settings
from pipeline.values import Roster
from pipeline.wire import outcome_from_json, outcome_to_json
from tests.pdfs import pdf, stream, table, text

needs_ocr = pytest.mark.skipif(not scan_read.is_available(), reason="the extra ocr is not installed")
LIMITS = Limits(seconds=600)
"""Time enough for a machine that is busy with other tests."""
TODAY = date(2026, 8, 22)


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk(load_library(default_templates()), Settings.default(2026), Roster())


def fields(document: Document, desk: Desk) -> Mapping[str, Reading]:
    (match,) = identify(document, desk.types.values())
    (one,) = extract(document, match.spec, desk)
    return one.fields


def judged(data: bytes, desk: Desk) -> Outcome:
    (outcome,) = examine(data, Arrival("f", "", TODAY), desk, TODAY)
    return outcome


def refusal(data: bytes, limits: Limits = LIMITS) -> tuple[str, str]:
    with pytest.raises(Unreadable) as caught:
        read(data, limits)
    return caught.value.code, caught.value.facts.get("reason", "")


def pages_of(document: Document) -> Iterator[Document]:
    """Each page of a file as a document of its own."""
    for number in range(1, 20):
        own = tuple(b for b in document.blocks if page_of(b) == number)
        if own:
            yield Document("docx", own)


def page_of(block: Paragraph | Grid) -> int:
    name = block.name if isinstance(block, Grid) else block.place.text
    return int(name[1])


# what a page says


@pytest.fixture(scope="module")
def shelf(desk: Desk) -> dict[str, Mapping[str, Reading]]:
    """One file of several pages, read once: how the page was treated → its fields."""
    scans = pytest.importorskip("tests.scans")
    page = scans.sheet()
    treated = {
        "as it is": page,
        "skewed": scans.scanned(page, angle=1.7, noise=14),
        "upside down": scans.scanned(page.rotate(180), noise=6),
        "on its side": page.rotate(90, expand=True),
        "stamped": scans.stamped(page, 900, 950),
        "blurred": scans.scanned(page, blur=1.5, noise=16),
    }
    document = read(scans.saved(*treated.values(), compression="jpeg", quality=60), LIMITS)
    assert [finding.code for finding in document.findings] == ["recognised"]
    return {
        how: fields(one, desk) for how, one in zip(treated, pages_of(document), strict=True)
    }  # fmt: skip


@needs_ocr
@pytest.mark.parametrize("how", ["as it is", "skewed", "upside down", "on its side"])
def test_a_scan_is_read_right(shelf, how):
    from tests.scans import FILLED

    readings = shelf[how]
    assert {name: bare(readings[name].text) for name in FILLED} == {name: bare(said) for name, said in FILLED.items()}
    assert not [name for name, reading in readings.items() if reading.doubt]
    assert readings["党委会意见"].text == ""
    assert all(0.9 <= reading.score <= 1 for reading in readings.values() if reading.text)


@needs_ocr
@pytest.mark.parametrize("how", ["stamped", "blurred"])
def test_what_is_hard_to_read_is_right_or_in_doubt(shelf, how):
    from tests.scans import FILLED

    readings = shelf[how]
    wrong = {name for name, said in FILLED.items() if bare(readings[name].text) != bare(said)}
    assert all(readings[name].doubt or not readings[name].text for name in wrong)


def bare(text: str) -> str:
    return "".join(text.replace("，", ",").replace("：", ":").split())


@needs_ocr
def test_a_file_that_is_partly_scanned_is_read_whole():
    from tests.scans import saved, sheet

    pypdfium2 = pytest.importorskip("pypdfium2")
    words = table([60, 200, 400], [100, 130, 160], [["项目名称", "泵站"], ["负责人", "孙长海"]])
    made = pypdfium2.PdfDocument(pdf(words))
    made.import_pages(pypdfium2.PdfDocument(saved(sheet(), kind="PDF")))
    import io

    out = io.BytesIO()
    made.save(out)
    document = read(out.getvalue() + b"\n%%EOF", LIMITS)
    told = "".join(text for grid in document.grids() for row in grid.rows for text in row)
    assert "孙长海" in told
    assert "泵站机组节能攻关" in told
    assert [(one.code, one.facts["pages"]) for one in document.findings] == [("recognised", "2")]
    first, *_, last = document.grids()
    assert not first.recognised
    assert last.recognised


# what is refused


@needs_ocr
def test_a_page_without_text_is_told():
    from tests.scans import Image, saved

    assert refusal(saved(Image.new("RGB", (600, 800), "white"), kind="PNG"))[0] == "no_text"


@needs_ocr
def test_a_picture_that_would_fill_the_memory_is_refused_at_once():
    rows, columns = 60_000, 60_000
    header = struct.pack(">IIBBBBB", columns, rows, 1, 0, 0, 0, 0)
    data = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 7501 * 1000))
        + chunk(b"IEND", b"")
    )
    start = time.monotonic()
    assert refusal(data) == ("too_large", "scan_pixels")
    assert time.monotonic() - start < 10


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@needs_ocr
def test_damaged_pictures_are_told():
    from tests.scans import saved, sheet

    data = saved(sheet(), kind="JPEG")
    assert refusal(data[: len(data) // 3])[0] == "corrupt"
    assert refusal(b"\x89PNG\r\n\x1a\nnothing")[0] == "corrupt"


@needs_ocr
def test_more_pages_than_the_setting_allows_are_refused():
    from tests.scans import Image, saved

    page = Image.new("L", (60, 80), "white")
    assert refusal(saved(page, page, page), Limits(scan_pages=2)) == ("too_large", "scan_pages")
    assert refusal(saved(page, page, page, kind="PDF") + b"\n%%EOF", Limits(scan_pages=2)) == (
        "too_large",
        "scan_pages",
    )


def test_without_the_extra_the_sentence_says_so(monkeypatch, desk):
    monkeypatch.setattr(scan_read, "_NEEDED", ("no_such_library",))
    scan_read.is_available.cache_clear()
    try:
        assert refusal(b"\xff\xd8\xff" + b"0" * 100)[0] == "image_not_yet"
        picture = "q 595 0 0 842 0 0 cm /X Do Q"
        image = stream(
            "0", "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8"
        )
        assert refusal(pdf(picture, objects=[image]))[0] == "scan"
        document = read(pdf(text(60, 100, "第一页的文字"), picture, objects=[image]), LIMITS)
        assert [finding.code for finding in document.findings] == ["scanned_pages"]
        assert judged(b"\xff\xd8\xff" + b"0" * 100, desk).verdict is Verdict.UNREADABLE
    finally:
        monkeypatch.undo()
        scan_read.is_available.cache_clear()


# doubts


def recognised(text: str, unsure: str = "", other: str = "") -> Recognised:
    """All sure but for one piece of the text."""
    letters = "".join(text.split())
    begin = letters.find(unsure) if unsure else -1
    places = range(begin, begin + len(unsure)) if unsure else range(0)
    scores = tuple(0.4 if at in places else 0.99 for at in range(len(letters)))
    return Recognised(scores, {at: other if at == begin else "" for at in places})


def application(unsure: str, other: str) -> Document:
    rows = (
        ("立项支部", "沂北泵站项目党支部"),
        ("项目主要责任人", "孙长海"),
        ("项目名称", "泵站机组节能攻关"),
        ("项目具体工作内容", "1.选题：单位电耗偏高\n2.内容：每周测试2次\n3.预期目标：电耗下降8%"),
        ("支部委员会意见", "同意申报。\n2026年8月21日"),
        ("党委会意见", "年　月　日"),
    )
    marks = {
        (row, column): recognised(text, unsure if unsure in text else "", other)
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
    }
    anchors = {(row, column): row * 2 + column for row in range(len(rows)) for column in range(2)}
    title = Paragraph("党建项目化管理项目申请表", Place("paragraph", "第1页 第1行"), recognised=recognised("党" * 12))
    day = "填表时间：2026年8月20日"
    said = Paragraph(
        day, Place("paragraph", "第1页 第2行"), recognised=recognised(day, unsure if unsure in day else "")
    )
    return Document("docx", (title, said, Grid("第1页 表1", "table", rows, anchors=anchors, recognised=marks)))


@pytest.mark.parametrize(
    ("unsure", "other", "doubtful", "second"),
    [
        ("海", "梅", "项目主要责任人", "孙长梅"),
        ("2次", "7次", "内容", "每周测试7次"),
        ("8%", "3%", "预期目标", "电耗下降3%"),
        ("21", "27", "支部意见日期", "2026年8月27日"),
        ("申报", "中报", "支部委员会意见", "同意中报。"),
        ("20日", "", "填表时间", "2026年8月"),
        ("偏", "偏偏", "选题", "单位电耗偏偏高"),
    ],
)
def test_an_unsure_piece_makes_its_own_value_a_doubt_and_no_other(desk, unsure, other, doubtful, second):
    readings = fields(application(unsure, other), desk)
    assert {name: reading.reason for name, reading in readings.items() if reading.doubt} == {doubtful: "unsure"}
    assert readings[doubtful].other == second
    assert readings[doubtful].score == 0.4
    assert all(reading.score == 0.99 for name, reading in readings.items() if reading.text and name != doubtful)


def test_a_sure_document_has_scores_and_no_doubt(desk):
    readings = fields(application("没有", ""), desk)
    assert not [name for name, reading in readings.items() if reading.doubt]
    assert readings["项目名称"].score == 0.99


def test_the_score_goes_over_the_wire(desk):
    from pipeline.checks import CheckContext, run
    from pipeline.forms.interpret import Frame, interpret

    document = application("海", "梅")
    (match,) = identify(document, desk.types.values())
    (one,) = extract(document, match.spec, desk)
    record = interpret(match.spec, one, Frame(2026))
    outcome = Outcome(match.spec.name, "", Verdict.REVIEW, record, ())
    again = outcome_from_json(outcome_to_json(outcome))
    assert again.record is not None
    assert again.record.fields["项目主要责任人"].reading.score == 0.4
    found = run(match.spec, record, CheckContext(desk.settings, TODAY, TODAY, "", desk.roster))
    (doubt,) = [finding for finding in found if finding.code == "doubt"]
    assert told(doubt) == "扫描件识别为“孙长海”，把握不足（40%），另一次识别为“孙长梅”"


def told(finding: Finding) -> str:
    from pipeline.catalog import sentence

    return sentence(finding).found


def test_an_unsure_cell_of_a_ledger_is_a_doubt(desk):
    header = ("序号", "反馈问题", "整改类型", "整改目标", "整改措施", "责任部门", "责任人", "完成时限", "完成情况")
    row = ("1", "台账不全", "立行立改", "补齐12项", "逐项核对", "经营部", "孙长海", "2026-04-15", "已完成")
    marks = {(1, at): recognised(text, "15" if at == 7 else "", "16") for at, text in enumerate(row)}
    title = Paragraph("巡察反馈问题整改台账", Place("paragraph", "第1页 第1行"), recognised=recognised("巡" * 10))
    line = "单位名称：沂北工程公司　反馈日期：2026年4月9日"
    head = Paragraph(line, Place("paragraph", "第1页 第2行"), recognised=recognised(line, "9日", "8日"))
    grid = Grid(
        "第1页 表1",
        "table",
        (header, row),
        anchors={(r, c): r * 9 + c for r in range(2) for c in range(9)},
        recognised=marks,
    )
    document = Document("docx", (title, head, grid))
    (match,) = identify(document, desk.types.values())
    (one,) = extract(document, match.spec, desk)
    assert {name for name, reading in one.rows[0].items() if reading.doubt} == {"完成时限"}
    assert one.rows[0]["完成时限"].other == "2026-04-16"
    assert {name: reading.other for name, reading in one.fields.items() if reading.doubt} == {
        "反馈日期": "2026年4月8日"
    }


# where to read


def _lines_in(one_box: bool, rows: list[tuple[int, int, int]]) -> list[tuple[int, int]]:
    """The top and bottom of every segment on a page with rows of characters (top, height, how many)."""
    numpy = pytest.importorskip("numpy")
    segments = pytest.importorskip("pipeline.office.scan.segments")
    nets = pytest.importorskip("pipeline.office.scan.nets")
    writing = numpy.zeros((400, 600), numpy.uint8)
    for top, height, count in rows:
        for at in range(count):
            writing[top : top + height, 50 + at * (height + 4) : 50 + at * (height + 4) + height - 4] = 1
    boxes = [nets.Box(45, top - 4, 560, top + height + 4) for top, height, _ in rows]
    if one_box:  # the finder took the first two rows for one line
        boxes[:2] = [nets.Box(45, boxes[0].y0, 560, boxes[1].y1)]
    ruled = pytest.importorskip("pipeline.office.scan.rulings").Rulings([], [], writing * 0, writing * 0)
    return sorted((one.box.y0, one.box.y1) for one in segments.segments(boxes, writing, ruled))


@needs_ocr
@pytest.mark.parametrize("one_box", [False, True])
def test_a_short_last_line_is_a_line_of_its_own_even_when_the_finder_saw_one_box(one_box):
    rows = [(50, 18, 20), (70, 18, 1), (150, 18, 12), (200, 18, 9), (250, 18, 9)]
    assert _lines_in(one_box, rows) == [(top, top + height) for top, height, _ in rows]


@needs_ocr
def test_a_heading_in_large_print_stays_one_line():
    rows = [(30, 40, 8), (100, 18, 20), (150, 18, 12), (200, 18, 9), (250, 18, 9)]
    assert _lines_in(False, rows) == [(top, top + height) for top, height, _ in rows]


# two looks


def letters(text: str, score: float = 0.99) -> list[object]:
    words = pytest.importorskip("pipeline.office.scan.words")
    return [words._Letter(char, score, 10.0 * at, False) for at, char in enumerate(text)]


@needs_ocr
@pytest.mark.parametrize(
    ("first", "second", "others"),
    [
        ("孙长海", "孙长海", [None, None, None]),
        ("目标：降8%", "目标:降8%", [None] * 6),
        ("孙长海", "孙长梅", [None, None, "梅"]),
        ("12项", "2项", ["", None, None]),
        ("2项", "12项", ["12", None]),
        ("达8", "达88", [None, "88"]),
        ("甲", "", [""]),
    ],
)
def test_what_the_looks_do_not_share_is_not_sure(first, second, others):
    words = pytest.importorskip("pipeline.office.scan.words")
    scores, found = words._compared(letters(first), letters(second), words.SURE)
    assert found == others
    assert [score < words.SURE for score in scores] == [other is not None for other in found]


@needs_ocr
def test_a_low_score_of_either_look_is_not_sure():
    words = pytest.importorskip("pipeline.office.scan.words")
    assert words._compared(letters("甲"), letters("甲", 0.7), 0.9) == ([0.7], ["甲"])
    assert words._compared(letters("甲", 0.7), letters("甲"), 0.9) == ([0.7], ["甲"])


@needs_ocr
@pytest.mark.parametrize(
    ("line", "scores", "doubtful"),
    [
        ("☑同意□不同意", 0.96, ""),
        ("☑同意口不同意", 0.99, "口"),
        ("区同意□不同意", 0.99, "区"),
        ("口同意口不同意", 0.99, "口口"),
        ("☑同意□不同意", 0.94, "☑□"),
        ("港口作业区", 0.99, ""),
        ("口头提醒", 0.99, ""),
    ],
)
def test_what_may_be_a_tick_box_is_not_sure(line, scores, doubtful):
    words = pytest.importorskip("pipeline.office.scan.words")
    assert "".join(line[at] for at in words._boxes_in_doubt(list(line), [scores] * len(line))) == doubtful


@needs_ocr
@pytest.mark.parametrize(
    ("read_as", "typeset"),
    [
        ("2.内容:每周2次,带班;", "2.内容：每周2次，带班；"),
        ("(1)内审", "（1）内审"),
        ("9:30开会", "9:30开会"),
        ("节约1,200元", "节约1,200元"),
        ("a, b (c)", "a, b (c)"),
    ],
)
def test_signs_are_as_wide_as_the_text_around_them(read_as, typeset):
    words = pytest.importorskip("pipeline.office.scan.words")
    assert "".join(words.typeset(list(read_as))) == typeset
