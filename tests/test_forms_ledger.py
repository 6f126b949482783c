"""Ledgers as people keep them: what is a header, what is a row, what a merged cell means."""

from __future__ import annotations

from pipeline.forms.ledger import LedgerReader
from pipeline.forms.spec import FieldSpec, Layout, TypeSpec
from pipeline.model import Document, Extract
from tests.documents import document, sheet, table

COLUMNS = ("序号", "反馈问题", "整改类型", "整改目标", "整改措施", "责任部门", "责任人", "完成时限", "备注")
SYNONYMS = {
    "反馈问题": ("巡察发现问题",),
    "整改类型": ("整改类别",),
    "完成时限": ("整改时限",),
    "责任人": ("整改责任人",),
}


def _spec() -> TypeSpec:
    columns = tuple(FieldSpec(name, labels=(name, *SYNONYMS.get(name, ()))) for name in COLUMNS)
    fields = (
        FieldSpec("单位名称", required="yes", labels=("单位名称", "填报单位")),
        FieldSpec("填表人", labels=("填表人",)),
    )
    return TypeSpec("整改台账", "ledger", ("整改台账",), fields, columns, group="行")


def _template() -> Document:
    tags = [f"{{{{行.{name}}}}}" for name in COLUMNS]
    head = ["单位名称：{{单位名称}}　填表人：{{填表人}}"] + [""] * (len(COLUMNS) - 1)
    title = ["巡察反馈问题整改台账"] + [""] * (len(COLUMNS) - 1)
    spans = {(0, 0): (1, len(COLUMNS)), (1, 0): (1, len(COLUMNS))}
    return document(sheet([title, head, COLUMNS, tags], spans), kind="xlsx")


READER = LedgerReader(_spec(), Layout("台账.xlsx", ".xlsx", _template()))
HEAD = ["单位名称：第一工程公司    填表人：施浩"]
ROW_1 = ["1", "记录不规范", "立行立改", "补齐100%", "逐份核查", "党群工作部", "沈淑英", "2026年3月17日", ""]
ROW_2 = ["2", "未公开招标", "限期整改", "招标率100%", "倒查2项", "经营管理部", "何永生", "2026年5月6日", "续办"]


def _read(*blocks: object, kind: str = "xlsx") -> Extract:
    extracts = READER.read(document(*blocks, kind=kind), "台账.xlsx")  # type: ignore[arg-type]
    assert len(extracts) == 1
    return extracts[0]


def _texts(extract: Extract, column: str) -> list[str]:
    return [row[column].text for row in extract.rows]


def test_rows_and_header_block_are_read() -> None:
    extract = _read(sheet([["整改台账"], HEAD, COLUMNS, ROW_1, ROW_2], {(1, 0): (1, 9)}))
    assert _texts(extract, "责任人") == ["沈淑英", "何永生"]
    assert extract.fields["单位名称"].text == "第一工程公司"
    assert extract.fields["填表人"].text == "施浩"
    assert not any(reading.doubt for row in extract.rows for reading in row.values())


def test_a_cell_is_addressed_by_its_own_row_and_column() -> None:
    extract = _read(sheet([["整改台账"], HEAD, COLUMNS, ROW_1]))
    place = extract.rows[0]["责任人"].place
    assert place is not None
    assert (place.text, place.anchor) == ("Sheet1!G4", (4, 7))


def test_totals_notes_blank_rows_and_bare_serial_numbers_are_no_rows() -> None:
    rows = [
        ["整改台账"], HEAD, COLUMNS, ROW_1, [""], ROW_2, ["3"], ["合计", "2个问题", "", "", "", "", "", "—"],
        ["注：1.类型分三种；2.已完成的须附材料。"],
    ]  # fmt: skip
    extract = _read(sheet(rows, {(8, 0): (1, 9)}))
    assert _texts(extract, "序号") == ["1", "2"]


def test_a_vertically_merged_cell_counts_for_every_row_it_covers() -> None:
    second = ["", "", "", "", "建立台账", "", "韩立群", "", ""]
    spans = {(3, column): (2, 1) for column in (0, 1, 2, 3, 5, 7, 8)}
    extract = _read(sheet([["整改台账"], HEAD, COLUMNS, ROW_1, second], spans))
    assert _texts(extract, "反馈问题") == ["记录不规范", "记录不规范"]
    assert _texts(extract, "责任人") == ["沈淑英", "韩立群"]
    assert _texts(extract, "完成时限") == ["2026年3月17日"] * 2


def test_a_header_of_two_rows_with_groups_is_one_header() -> None:
    upper = ["序号", "反馈问题", "整改类型", "整改要求", "", "责任分工", "", "完成时限", "备注"]
    lower = ["", "", "", "整改目标", "整改措施", "责任部门", "责任人", "", ""]
    spans = {(2, c): (2, 1) for c in (0, 1, 2, 7, 8)} | {(2, 3): (1, 2), (2, 5): (1, 2)}
    extract = _read(sheet([["整改台账"], HEAD, upper, lower, ROW_1, ROW_2], spans))
    assert _texts(extract, "责任部门") == ["党群工作部", "经营管理部"]
    assert _texts(extract, "备注") == ["", "续办"]


def test_reordered_renamed_missing_and_extra_columns_are_found_by_their_words() -> None:
    header = ["序号", "巡察发现问题", "整改类别", "整改责任人", "序列码", "整改时限"]
    extract = _read(sheet([["整改台账"], HEAD, header, ["1", "记录不规范", "立行立改", "沈淑英", "X9", "2026.3.17"]]))
    assert _texts(extract, "责任人") == ["沈淑英"]
    assert _texts(extract, "完成时限") == ["2026.3.17"]
    assert _texts(extract, "责任部门") == [""]


def test_two_columns_with_the_same_words_are_a_doubt_in_the_rows_where_they_differ() -> None:
    header = ["序号", "反馈问题", "责任人", "责任人", "完成时限"]
    rows = [["1", "甲", "沈淑英", "沈淑英", "5月"], ["2", "乙", "沈淑英", "何永生", "6月"]]
    extract = _read(sheet([["整改台账"], header, *rows]))
    assert [row["责任人"].doubt for row in extract.rows] == [False, True]
    assert extract.rows[1]["责任人"].other == "何永生"


def test_the_header_printed_again_on_the_next_page_is_no_row() -> None:
    extract = _read(sheet([["整改台账"], HEAD, COLUMNS, ROW_1, COLUMNS, ROW_2]))
    assert _texts(extract, "序号") == ["1", "2"]


def test_a_section_line_over_the_whole_width_is_no_row() -> None:
    extract = _read(sheet([["整改台账"], HEAD, COLUMNS, ["一、政治建设方面"], ROW_1], {(3, 0): (1, 9)}))
    assert _texts(extract, "序号") == ["1"]


def test_header_facts_below_the_table_belong_to_the_header_block() -> None:
    extract = _read(table([COLUMNS, ROW_1]), "单位名称： 第一工程公司      填表人： 施浩", kind="docx")
    assert extract.fields["填表人"].text == "施浩"
    assert len(extract.rows) == 1


def test_a_value_over_two_columns_is_a_doubt_not_a_guess() -> None:
    row = ["1", "记录不规范", "立行立改", "补齐100%", "", "党群工作部", "沈淑英", "5月6日", ""]
    extract = _read(sheet([["整改台账"], HEAD, COLUMNS, row], {(3, 3): (1, 2)}))
    assert extract.rows[0]["整改措施"].doubt


def test_hidden_sheets_are_read_only_when_no_visible_one_has_rows() -> None:
    from dataclasses import replace

    shown = sheet([["整改台账"], HEAD, COLUMNS, ROW_1], name="表")
    hidden = replace(sheet([["整改台账"], HEAD, COLUMNS, ROW_2], name="旧"), hidden=True)
    assert _texts(_read(shown, hidden), "序号") == ["1"]
    assert _texts(_read(hidden), "序号") == ["2"]
