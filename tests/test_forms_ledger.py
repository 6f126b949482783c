"""Ledgers as people keep them: what is a header, what is a row, what a merged cell means."""

from __future__ import annotations

from dataclasses import replace

from pipeline.forms.ledger import LedgerReader
from pipeline.forms.spec import FieldSpec, Layout, TypeSpec
from pipeline.model import Document, Extract, Severity
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
    shown = sheet([["整改台账"], HEAD, COLUMNS, ROW_1], name="表")
    hidden = replace(sheet([["整改台账"], HEAD, COLUMNS, ROW_2], name="旧"), hidden=True)
    assert _texts(_read(shown, hidden), "序号") == ["1"]
    assert _texts(_read(hidden), "序号") == ["2"]


FACTS = "单位名称： 第一工程公司      填表人： 施浩"


def _codes(extract: Extract) -> list[str]:
    return [finding.code for finding in extract.findings]


def test_a_table_split_over_two_pages_is_one_ledger() -> None:
    upper, lower = table([COLUMNS, ROW_1], name="表1"), table([COLUMNS, ROW_2], name="表2")
    extract = _read(FACTS, upper, "（续上表）", lower, kind="docx")
    assert _texts(extract, "序号") == ["1", "2"]
    assert extract.fields["单位名称"].text == "第一工程公司"


def test_a_second_table_without_a_header_runs_on_with_its_serial_numbers() -> None:
    extract = _read(FACTS, table([COLUMNS, ROW_1], name="表1"), table([ROW_2], name="表2"), kind="docx")
    assert _texts(extract, "责任人") == ["沈淑英", "何永生"]
    assert extract.rows[1]["责任人"].place.text == "表2 第1行第7格"  # type: ignore[union-attr]
    assert _codes(extract) == []


def test_a_second_table_whose_numbers_do_not_run_on_is_left_out_and_said() -> None:
    extract = _read(FACTS, table([COLUMNS, ROW_1], name="表1"), table([["7", *ROW_2[1:]]], name="表2"), kind="docx")
    assert _texts(extract, "序号") == ["1"]
    (finding,) = extract.findings
    assert (finding.code, finding.severity) == ("rows_left_out", Severity.EXPLAIN)
    assert finding.place is not None
    assert finding.place.text == "表2 第1行第1格"


def test_a_second_table_of_other_width_is_said_when_its_rows_are_numbered() -> None:
    other = table([["2", "乙", "限期整改", "何永生"]], name="表2")
    assert _codes(_read(FACTS, table([COLUMNS, ROW_1], name="表1"), other, kind="docx")) == ["rows_left_out"]
    signatures = table([["审核人", "", "日期", ""]], name="表2")
    assert _codes(_read(FACTS, table([COLUMNS, ROW_1], name="表1"), signatures, kind="docx")) == []


def test_two_ledgers_with_their_own_facts_in_one_file_stay_two() -> None:
    other = "单位名称：第二工程公司　填表人：陈静"
    paper = document(FACTS, table([COLUMNS, ROW_1], name="表1"), other, table([COLUMNS, ROW_2], name="表2"))
    extracts = READER.read(paper, "")
    assert [extract.fields["单位名称"].text for extract in extracts] == ["第一工程公司", "第二工程公司"]
    assert [_texts(extract, "序号") for extract in extracts] == [["1"], ["2"]]


def test_below_a_second_header_the_columns_are_its_own() -> None:
    extract = _read(sheet([["整改台账"], HEAD, COLUMNS, ROW_1, COLUMNS[::-1], ROW_2[::-1]]))
    assert _texts(extract, "责任人") == ["沈淑英", "何永生"]


def test_a_row_that_may_be_a_record_is_never_passed_over_in_silence() -> None:
    unsure = [
        ["", "累计扣分未公示", "立行立改"], ["", "备注：情况属实"], ["", "一、记录不规范"], ["记录不规范"],
        ["二", "记录不规范"], ["例", *ROW_2[1:]],
    ]  # fmt: skip
    for row in unsure:
        extract = _read(sheet([["整改台账"], HEAD, COLUMNS, ROW_1, row]))
        assert _texts(extract, "序号") == ["1"]
        assert [(f.code, f.facts["rows"]) for f in extract.findings] == [("rows_left_out", "5")], row


def test_a_row_of_nothing_but_dashes_is_told_and_no_record() -> None:
    extract = _read(sheet([HEAD, COLUMNS, ROW_1, ["", "", "", "—", "", "", "/", "—"], ROW_2]))
    assert _texts(extract, "序号") == ["1", "2"]
    assert "rows_left_out" in _codes(extract)
    numbered = _read(sheet([HEAD, COLUMNS, ROW_1, ["2", "", "", "—", "", "", "/", "—"]]))
    assert _texts(numbered, "序号") == ["1", "2"]


def test_a_record_of_one_cell_is_a_record() -> None:
    extract = _read(sheet([["整改台账"], HEAD, COLUMNS, ROW_1, ["", "记录不规范"]]))
    assert _texts(extract, "反馈问题") == ["记录不规范", "记录不规范"]


def test_a_record_sorted_above_the_header_is_said() -> None:
    extract = _read(sheet([["整改台账"], HEAD, ROW_2, COLUMNS, ROW_1]))
    assert _texts(extract, "序号") == ["1"]
    assert [(f.code, f.facts["rows"]) for f in extract.findings] == [("rows_left_out", "3")]


def test_columns_of_nobody_are_named() -> None:
    extract = _read(sheet([["整改台账"], HEAD, [*COLUMNS, "核对意见"], [*ROW_1, "属实", "√"]]))
    (finding,) = extract.findings
    assert (finding.code, finding.severity) == ("columns_left_out", Severity.HINT)
    assert finding.facts["columns"] == "“核对意见”、第K列（没有列名）"


def test_three_columns_with_the_same_words_are_all_compared() -> None:
    header = ["序号", "反馈问题", "责任人", "责任人", "责任人"]
    extract = _read(sheet([["整改台账"], header, ["1", "甲", "沈淑英", "何永生", "沈淑英"]]))
    assert (extract.rows[0]["责任人"].doubt, extract.rows[0]["责任人"].other) == (True, "何永生")


def test_a_list_of_allowed_words_is_no_ledger_and_a_hidden_one_is_named() -> None:
    shown = sheet([["整改台账"], HEAD, COLUMNS, ROW_1], name="表")
    words = sheet([["整改类型", "完成时限"], ["立行立改", "一周"], ["限期整改", "三个月"]], name="字典")
    hidden = replace(sheet([COLUMNS, ROW_2], name="旧"), hidden=True)
    extract = _read(shown, words, hidden)
    assert _texts(extract, "序号") == ["1"]
    assert {(f.code, f.facts["name"], f.facts.get("variant", "")) for f in extract.findings} == {
        ("table_left_out", "字典", ""),
        ("table_left_out", "旧", "hidden"),
    }


def test_a_ledger_inside_a_cell_of_another_table_is_read() -> None:
    inner = replace(table([COLUMNS, ROW_1], name="表1.1"), nested=True)
    assert _texts(_read(FACTS, table([["附表"]]), inner, kind="docx"), "序号") == ["1"]


def test_notes_above_the_header_are_no_facts() -> None:
    notes = ["填表说明：单位名称：填写全称"]
    extract = _read(sheet([["整改台账"], notes, COLUMNS, ROW_1], {(1, 0): (1, 9)}))
    assert extract.fields["单位名称"].text == ""
