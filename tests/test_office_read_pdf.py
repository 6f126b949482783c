"""Reading PDF files: tables by their rulings, paragraphs by their lines, and nothing hidden taken for shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import Unreadable
from pipeline.examine import Desk, extract
from pipeline.forms.identify import identify
from pipeline.model import Document, Extract, Grid, Paragraph, Pos
from pipeline.office import convert, pdf_page, pdf_read, scan_read
from pipeline.office.docx_fill import fill_docx
from pipeline.office.library import default_templates, load_library
from pipeline.office.pdf_read import read_pdf
from pipeline.office.read import read
from pipeline.settings import Limits, Settings
from pipeline.values import Roster
from tests.pdfs import HEIGHT, WIDTH, bar, box, line, pdf, stream, table, text

LIMITS = Limits()
needs_office = pytest.mark.skipif(convert.find_office() is None, reason="LibreOffice is not installed")


@pytest.fixture(autouse=True, scope="module")
def without_recognition() -> Iterator[None]:
    """What is said here of pictures is said where they cannot be recognised (for that see test_office_ocr)."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scan_read, "is_available", lambda: False)
        yield


def of(*pages: str, **more: object) -> Document:
    return read_pdf(pdf(*pages, **more), LIMITS)  # type: ignore[arg-type]


def grid(*pages: str, **more: object) -> Grid:
    (found,) = of(*pages, **more).grids()
    return found


def paragraphs(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def codes(document: Document) -> set[str]:
    return {finding.code for finding in document.findings}


def refusal(data: bytes) -> tuple[str, str]:
    with pytest.raises(Unreadable) as caught:
        read_pdf(data, LIMITS)
    return caught.value.code, caught.value.facts.get("reason", "")


# tables


@st.composite
def tilings(draw: st.DrawFn) -> tuple[int, int, dict[Pos, tuple[int, int]]]:
    """A rectangle cut into cells in which every row and column begins somewhere."""
    height, width = draw(st.integers(1, 6)), draw(st.integers(2, 5))
    free = {(row, column) for row in range(height) for column in range(width)}
    cells: dict[Pos, tuple[int, int]] = {}
    for row, column in sorted(free):
        if (row, column) not in free:
            continue
        across = draw(st.integers(1, 3))
        down = draw(st.integers(1, 3))
        span = next(
            (h, w)
            for h in range(down, 0, -1)
            for w in range(across, 0, -1)
            if all((r, c) in free for r in range(row, row + h) for c in range(column, column + w))
        )
        cells[row, column] = span
        free -= {(r, c) for r in range(row, row + span[0]) for c in range(column, column + span[1])}
    return height, width, cells


@given(tilings(), st.sampled_from(["lines", "bars", "boxes"]))
@settings(max_examples=60)
def test_a_ruled_table_is_read_cell_by_cell(tiling: tuple[int, int, dict[Pos, tuple[int, int]]], way: str) -> None:
    _, _, cells = tiling
    rows, columns = {row for row, _ in cells}, {column for _, column in cells}
    parts = []
    for number, ((row, column), (h, w)) in enumerate(cells.items()):
        x0, y0, x1, y1 = 50 + column * 90, 60 + row * 40, 50 + (column + w) * 90, 60 + (row + h) * 40
        edges = ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1))
        if way == "lines":
            parts.append(box(x0, y0, x1, y1))
        elif way == "bars":
            parts.extend(bar(a, b, c + 0.5, d + 0.5) for a, b, c, d in edges)
        else:
            parts.append(f"{x0} {HEIGHT - y1} {x1 - x0} {y1 - y0} re S")
        parts.append(text(x0 + 5, y0 + 10, f"格{number}"))
    if len(cells) < 2:
        return
    found = grid("\n".join(parts))
    row_of, column_of = sorted(rows), sorted(columns)
    for number, ((row, column), (h, w)) in enumerate(cells.items()):
        at = row_of.index(row), column_of.index(column)
        span = sum(row <= r < row + h for r in rows), sum(column <= c < column + w for c in columns)
        assert found.rows[at[0]][at[1]] == f"格{number}"
        assert found.spans.get(at, (1, 1)) == span
    assert sum(1 for line_ in found.rows for words in line_ if words) == len(cells)


def test_dashed_rulings_shading_and_open_sides() -> None:
    dashes = [line(x, 100, x + 2, 100) for x in range(50, 250, 4)]
    found = grid(
        "\n".join(
            (
                "0.9 g", bar(50, 100, 250, 130), "0 g", *dashes,
                line(50, 130, 250, 130), line(50, 160, 250, 160), line(150, 100, 150, 160),
                text(60, 108, "左上"), text(160, 108, "右上"), text(60, 138, "左下"), text(160, 138, "右下"),
            )
        )
    )  # fmt: skip
    assert found.rows == (("左上", "右上"), ("左下", "右下"))


def test_a_table_inside_a_cell_is_read_twice() -> None:
    inner = table([120, 180, 240], [140, 160, 180], [["甲", "乙"], ["丙", "丁"]])
    outer = table([50, 110, 300], [100, 200], [["外", "上面"]])
    first, second = of(inner + "\n" + outer + "\n" + text(113, 185, "下面")).grids()
    assert first.rows == (("外", "上面\n甲\n乙\n丙\n丁\n下面"),)
    assert (second.rows, second.nested) == ((("甲", "乙"), ("丙", "丁")), True)


def test_places_say_page_table_and_cell() -> None:
    document = of(text(50, 50, "标题") + "\n" + table([50, 150, 250], [100, 130, 160], [["甲", "乙"], ["丙", "丁"]]))
    (found,) = document.grids()
    assert found.place((1, 1)).text == "第1页 表1 第2行第2格"
    assert document.blocks[0].place.text == "第1页 第1行"  # type: ignore[union-attr]
    assert not document.findings


# text


@pytest.mark.parametrize(
    ("lines", "read_as"),
    [
        (["一二三四五六七八九十", "续行"], "一二三四五六七八九十续行"),
        (["一二三四五六七八", "另起"], "一二三四五六七八\n另起"),
        (["一二三四五六七八九十", "（2）另一条"], "一二三四五六七八九十\n（2）另一条"),
        (["一二三四五六七八九十", "2026年8月1日"], "一二三四五六七八九十\n2026年8月1日"),
        (["一二三四五六七八九", "七，不能提行"], "一二三四五六七八九七，不能提行"),
        (["增长一二三四五六2０", "２７．５"], "增长一二三四五六2０２７．５"),
    ],
)
def test_wrapped_lines_are_joined(lines: list[str], read_as: str) -> None:
    content = [table([50, 110, 240], [100, 200], [["内容", ""]])]
    content += [text(115, 105 + 16 * number, words) for number, words in enumerate(lines)]
    assert grid("\n".join(content)).rows[0][1] == read_as


@given(st.text(alphabet="党建项目，。；一二三四五（）", min_size=1, max_size=60))
@settings(max_examples=40)
def test_no_character_is_lost_or_doubled(words: str) -> None:
    rows = [words[at : at + 10] for at in range(0, len(words), 10)]
    content = [table([50, 110, 240], [100, 220], [["内容", ""]])]
    content += [text(115, 105 + 16 * number, row) for number, row in enumerate(rows)]
    assert "".join(grid("\n".join(content)).rows[0][1].split()) == words


def test_paragraphs_outside_tables() -> None:
    full = "字" * 40
    document = of(
        "\n".join((text(57, 60, full), text(57, 78, "续完。"), text(57, 96, "单位：甲"), text(200, 96, "时间：乙")))
    )
    assert paragraphs(document) == [full + "续完。", "单位：甲 时间：乙"]


def test_bold_made_by_printing_twice_is_one_text() -> None:
    words = text(55, 105, "项目名称的名称")
    assert grid(
        table([50, 200, 300], [100, 130], [["", "值"]]) + f"\n{words}\n" + text(55.4, 105, "项目名称的名称")
    ).rows == (("项目名称的名称", "值"),)


def test_stacked_text_is_read_column_by_column() -> None:
    content = [table([50, 110, 240], [100, 200], [["", "值"]])]
    for column, words in enumerate(("支部意", "见栏")):
        content += [text(80 - 15 * column, 105 + 14 * at, char) for at, char in enumerate(words)]
    assert grid("\n".join(content)).rows[0][0] == "支部意见栏"


def test_a_comma_hanging_over_the_edge_stays_in_its_cell() -> None:
    document = of(table([50, 110, 173, 240], [100, 140], [["甲", "一二三四五，", "乙"]]))
    assert next(iter(document.grids())).rows == (("甲", "一二三四五，", "乙"),)
    assert not document.findings


def test_text_over_the_edge_stays_whole_and_is_said() -> None:
    document = of(table([50, 110, 160, 240], [100, 140], [["甲", "一二三四五六七八", ""]]))
    assert next(iter(document.grids())).rows == (("甲", "一二三四五六七八", ""),)
    (finding,) = document.findings
    assert (finding.code, finding.place and finding.place.text) == ("text_over_edge", "第1页 表1 第1行第2格")


def test_what_is_cut_off_at_a_cells_edge_goes_to_that_cell() -> None:
    hidden = "\n".join(text(113, 103 + 14 * at, words) for at, words in enumerate(("第一行字", "第二行字", "第三行字")))
    cut = f"q 110 {HEIGHT - 120} 60 20 re W n {hidden} Q"
    document = of(table([50, 110, 170], [100, 120, 140], [["甲", ""], ["乙", "丙"]]) + "\n" + cut)
    assert next(iter(document.grids())).rows == (("甲", "第一行字第二行字第三行字"), ("乙", "丙"))
    assert codes(document) == {"text_over_edge"}


def test_struck_out_text_is_left_out_and_said() -> None:
    document = of(table([50, 110, 240], [100, 140], [["责任人", "张三李四"]]) + "\n" + line(113, 109, 137, 109))
    assert next(iter(document.grids())).rows == (("责任人", "李四"),)
    assert codes(document) == {"struck_out"}


def test_underlines_strike_nothing_out() -> None:
    document = of(text(57, 60, "单位：某某支部") + "\n" + line(93, 73, 141, 73))
    assert (paragraphs(document), codes(document)) == (["单位：某某支部"], set())


def test_watermarks_are_no_text() -> None:
    mark = f"BT /F1 40 Tf 0.7 0.7 -0.7 0.7 200 {HEIGHT - 400} Tm <{ord('密'):04x}> Tj ET"
    document = of(text(57, 60, "正文") + "\n" + mark)
    assert paragraphs(document) == ["正文"]
    assert [margin.text for margin in document.margins] == ["密"]


# pages

HEAD = ["序号", "名称", "说明"]
XS = [50, 110, 250, 450]


def test_tables_go_on_over_the_page_and_margins_are_left_out() -> None:
    first = text(200, 40, "某公司文件") + "\n" + table(XS, [700, 730, 760], [HEAD, ["1", "甲", "说明一"]])
    second = text(200, 40, "某公司文件") + "\n" + table(XS, [70, 100], [["2", "乙", "说明二"]])
    document = of(*(page + "\n" + text(280, 810, f"— {at} —") for at, page in enumerate((first, second), 1)))
    (found,) = document.grids()
    assert found.rows == (tuple(HEAD), ("1", "甲", "说明一"), ("2", "乙", "说明二"))
    assert found.name == "第1—2页 表1"
    assert paragraphs(document) == ["某公司文件"]
    assert [margin.text for margin in document.margins] == ["— 1 —", "某公司文件", "— 2 —"]


def test_a_row_cut_by_the_page_is_one_row() -> None:
    first = (
        table(XS, [700, 730, 760], [HEAD, ["1", "甲", ""]]) + "\n" + text(253, 745, "十六个字写满一行以后还要往下写")
    )
    second = table(XS, [70, 100, 130, 160], [HEAD, ["", "", "余下的字"], ["2", "乙", "说明二"]])
    assert grid(first, second).rows == (
        tuple(HEAD),
        ("1", "甲", "十六个字写满一行以后还要往下写余下的字"),
        ("2", "乙", "说明二"),
    )


def test_a_merged_cell_reaches_over_the_page() -> None:
    def part(top: float, label: str, rows: list[list[str]]) -> str:
        ys = [top + 30 * at for at in range(len(rows) + 1)]
        rules = [line(110, y, 450, y) for y in ys[1:-1]] + [line(50, ys[0], 450, ys[0]), line(50, ys[-1], 450, ys[-1])]
        posts = [line(x, ys[0], x, ys[-1]) for x in XS]
        cells = [text(XS[1 + c] + 3, ys[r] + 3, words) for r, row in enumerate(rows) for c, words in enumerate(row)]
        return "\n".join((*rules, *posts, *cells, text(53, top + 3, label) if label else ""))

    found = grid(part(600, "类别", [["甲", "一"], ["乙", "二"]]), part(60, "", [["丙", "三"], ["丁", "四"]]))
    assert found.spans == {(0, 0): (4, 1)}
    assert [row[1] for row in found.rows] == ["甲", "乙", "丙", "丁"]


def test_another_table_on_the_next_page_stands_alone() -> None:
    other = table([50, 200, 350], [70, 100], [["另一张", "表"]])
    assert len(list(of(table(XS, [700, 730], [HEAD]), other).grids())) == 2


# form fields


def test_form_fields_and_notes_stand_where_they_are_shown() -> None:
    fields = [
        f"<< /Type /Annot /Subtype /Widget /FT /Tx /V ({'Zhang San'}) /Rect [113 {HEIGHT - 125} 235 {HEIGHT - 105}] >>",
        f"<< /Subtype /Widget /FT /Btn /AS /Yes /V /Yes /Rect [113 {HEIGHT - 155} 125 {HEIGHT - 143}] >>",
        f"<< /Subtype /Widget /FT /Btn /AS /Off /Rect [173 {HEIGHT - 155} 185 {HEIGHT - 143}] >>",
        f"<< /Subtype /FreeText /Contents <feff62a59001> /Rect [113 {HEIGHT - 185} 235 {HEIGHT - 165}] >>",
        f"<< /Subtype /Widget /FT /Tx /F 2 /V (hidden) /Rect [113 {HEIGHT - 185} 235 {HEIGHT - 165}] >>",
        f"<< /Subtype /Link /A << /S /JavaScript /JS (app.alert) >> /Rect [0 0 {WIDTH} {HEIGHT}] >>",
    ]
    form = table([50, 110, 240], [100, 130, 160, 190], [["姓名", ""], ["意见", ""], ["说明", ""]])
    words = text(127, 143, "同意") + "\n" + text(187, 143, "不同意")
    found = grid(form + "\n" + words, annotations=fields)
    assert [row[1] for row in found.rows] == ["Zhang San", "☑同意 □不同意", "报送"]


def test_choices_are_read_as_they_are_shown() -> None:
    options = "/Opt [[(a) <feff7acb884c7acb6539>] [(b) <feff9650671f65746539>] (c)]"
    fields = [
        f"<< /Subtype /Widget /FT /Ch /V (b) {options} /Rect [113 {HEIGHT - 125} 235 {HEIGHT - 105}] >>",
        f"<< /Subtype /Widget /FT /Ch /V [(a) (c)] {options} /Rect [113 {HEIGHT - 155} 235 {HEIGHT - 135}] >>",
    ]
    form = table([50, 110, 240], [100, 130, 160], [["类型", ""], ["其他", ""]])
    assert [row[1] for row in grid(form, annotations=fields).rows] == ["限期整改", "立行立改、c"]


def test_a_form_that_only_its_viewer_draws_is_told() -> None:
    plain = pdf(PAGE)
    drawn = plain.replace(b"/Type /Catalog", b"/Type /Catalog /AcroForm << /XFA [] /Fields [] >>")
    kept = plain.replace(b"/Type /Catalog", b"/Type /Catalog /AcroForm << /XFA [] /Fields [1 0 R] >>")
    assert refusal(drawn) == ("xfa", "")
    assert read_pdf(kept, LIMITS).blocks


# what cannot be read

PAGE = text(57, 60, "正文")


def test_scans_are_refused() -> None:
    image = stream(
        "\0" * 3, "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceRGB /BitsPerComponent 8"
    )
    picture = f"q {WIDTH} 0 0 {HEIGHT} 0 0 cm /X Do Q"
    assert refusal(pdf(picture, objects=[image])) == ("scan", "")
    assert refusal(pdf(f"{picture}\n3 Tr\n{PAGE}", objects=[image])) == ("scan", "")
    assert refusal(pdf(f"{picture}\n{PAGE}", objects=[image])) == ("scan", "")
    assert refusal(pdf("")) == ("no_text", "")
    mixed = of(PAGE, picture, objects=[image])
    assert [(finding.code, dict(finding.facts)) for finding in mixed.findings] == [("scanned_pages", {"pages": "2"})]


def test_invisible_text_is_no_text() -> None:
    assert refusal(pdf(f"3 Tr\n{PAGE}")) == ("no_text", "")
    assert paragraphs(of(f"{PAGE}\n3 Tr\n{text(57, 90, '看不见')}")) == ["正文"]
    assert paragraphs(of(f"{PAGE}\n{text(57, -90, '纸外')}")) == ["正文"]


def test_fonts_without_meaning_are_refused() -> None:
    known = pdf(PAGE)
    assert refusal(known.replace(b"/ToUnicode", b"/ToNothing")) == ("scan", "fonts")


def test_locked_and_damaged_files() -> None:
    key = "<< /Filter /Standard /V 1 /R 2 /O <" + "41" * 32 + "> /U <" + "42" * 32 + "> /P -4 >>"
    locked = pdf(PAGE, trailer=f"/Encrypt {key} /ID [<00><00>]")
    assert refusal(locked)[0] == "encrypted"
    whole = pdf(PAGE)
    assert refusal(b"%PDF-1.7\n" + b"rubbish " * 40 + b"%%EOF") == ("corrupt", "pdf")
    assert refusal(whole[: len(whole) // 2]) == ("corrupt", "truncated")
    assert refusal(whole.replace(b"/Type /Page ", b"/Type /Pave ")) == ("corrupt", "pages")


@given(st.data())
@settings(max_examples=60)
def test_damage_is_refused_or_read_but_never_raises_anything_else(data: st.DataObject) -> None:
    whole = bytearray(pdf(table(XS, [100, 130, 160], [HEAD, ["1", "甲", "乙"]])))
    for _ in range(data.draw(st.integers(1, 12))):
        whole[data.draw(st.integers(9, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        told = read_pdf(bytes(whole), LIMITS).kind
    except Unreadable as flaw:
        told = flaw.code
    assert told in ("docx", "corrupt", "scan", "no_text", "encrypted", "too_large")


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(pdf(*[PAGE] * (pdf_read.MOST_PAGES + 1))) == ("too_large", "pages")
    assert refusal(pdf("0 0 m 9 9 l S\n" * (pdf_page.MOST_PATHS + 1))) == ("too_large", "paths")
    monkeypatch.setattr(pdf_page, "MOST_CHARACTERS", 5)
    assert refusal(pdf(text(57, 60, "一二三四五六"))) == ("too_large", "text")


def test_forms_that_call_themselves_end() -> None:
    again = stream(
        "/X Do " * 50, "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 100 0 R >> >>"
    )
    assert paragraphs(of(f"{PAGE}\n/X Do", objects=[again])) == ["正文"]


def test_the_one_entry_knows_a_pdf_by_its_first_bytes() -> None:
    assert read(pdf(PAGE), LIMITS) == read_pdf(pdf(PAGE), LIMITS)
    assert paragraphs(read(b"\r\n" + pdf(PAGE), LIMITS)) == ["正文"]
    with pytest.raises(Unreadable, match="too_large"):
        read(pdf(PAGE), Limits(file_bytes=100))


# from Word


FIELDS = {
    "填表时间": "2026年8月19日",
    "立项支部": "第一工程公司机关党支部",
    "项目主要责任人": "冯玉梅",
    "项目名称": "三里闸设计优化创效党员先锋队",
    "选题": "三里闸初设方案概算超限3%，地质复核后存在优化空间，设计变更平均审批37天，影响工期。" * 6,
    "内容": "（1）8名党员设计师驻场，开展多方案比选。\n（2）建立变更快速会签机制，限时3天。" * 12,
    "预期目标": "（1）优化节约投资143万元。\n（2）变更审批压缩到10天以内。",
    "支部委员会意见": "同意。",
    "支部意见日期": "2026年8月20日",
}
ROWS = [
    {
        "序号": str(number),
        "项目名称": f"第{number}个项目党员先锋队攻坚大体积混凝土温控防裂",
        "项目起止日期": f"2026年9月—2027年{number % 8 + 1}月",
        "项目承担部门": "机关党支部",
        "解决问题": "变更审批时间长。" * (number % 7),
        "采取措施": "（1）驻场比选。\n（2）限时会签。" * (number % 5),
        "备注": "无" if number % 3 else "",
    }
    for number in range(1, 61)
]
MATTERS = [
    {
        "序号": str(number),
        "问题编号": f"XC09-{number:02}",
        "反馈问题": f"第{number}个问题：制度陈旧，2019年以来未修订。" * (number % 4 + 1),
        "整改类型": "长效治理",
        "整改措施": "成立修订小组；征求意见；经审议后印发。" * (number % 6),
        "责任部门": "综合管理部",
        "责任人": "冯立群",
        "完成时限": "2026年12月30日",
    }
    for number in range(1, 31)
]
HEADER = {"单位名称": "某集团机电安装分公司", "填表人": "何淑英", "联系电话": "13900001001", "第一责任人": "冯兴旺"}
CASES: tuple[tuple[str, Mapping[str, str], list[dict[str, str]]], ...] = (
    ("党建项目申请表", FIELDS, []),
    ("党建项目汇总表", HEADER, ROWS),
    ("整改台账", HEADER, MATTERS),
)


@needs_office
def test_what_is_exported_from_word_says_the_same() -> None:
    desk = Desk(load_library(default_templates()), Settings.default(2026), Roster.of([]))
    words = {}
    for name, fields, rows in CASES:
        spec = desk.types[name]
        layout = next(one for one in spec.layouts if one.document.kind == "docx")
        blank, empty = (
            dict.fromkeys((one.name for one in spec.fields), ""),
            dict.fromkeys((one.name for one in spec.columns), ""),
        )
        rows_ = {spec.group: [empty | row for row in rows]}
        words[f"{name}.docx"] = fill_docx(desk.library.template(name, layout.name), blank | dict(fields), rows_)
    for file, data in convert.to_pdf(words).items():
        document = read_pdf(data, LIMITS)
        spec = desk.types[file.removesuffix(".docx")]
        assert [match.spec for match in identify(document, desk.types.values())] == [spec]
        ours, theirs = (extract(one, spec, desk) for one in (read(words[file], LIMITS), document))
        assert len(ours) == len(theirs) == 1
        assert _texts(theirs[0]) == _texts(ours[0])
        assert not document.findings


def _texts(said: Extract) -> list[dict[str, str]]:
    """Without white space: where lines ended is not always to be seen."""
    return [{name: "".join(one.text.split()) for name, one in row.items()} for row in (said.fields, *said.rows)]
