"""Every code has words, and the words are whole sentences that a clerk can act on."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.catalog import CATALOG, SEVERITY_WORDS, entry_of, sentence
from pipeline.errors import Unreadable
from pipeline.model import Finding, Place, Severity

PACKAGE = Path(__file__).resolve().parent.parent / "pipeline"
BRIEF = (
    "missing", "placeholder", "invalid_date", "ambiguous_date", "end_before_start", "too_long",
    "late", "early", "inconsistent", "class_limit", "derived", "not_a_person",
    "unknown_branch", "wrong_unit", "bad_choice", "out_of_range", "bad_number", "bad_phone",
    "duplicate_row", "duplicate_project", "no_evidence", "vague", "missing_element", "gap_in_numbers",
    "hidden_rows", "several_forms", "tracked_changes", "wrong_form", "unknown_form", "ambiguous_form",
    "doubt",
)  # fmt: skip
SAYS_CODE = {"Finding": (0, "code"), "Unreadable": (0, "code"), "finding": (0, "code"), "failed": (0, "problem")}
SAYS_CODE |= {"Parsed": (1, "problem"), "Flaw": (0, "problem"), "_whole_file": (0, "code")}


def holes(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def finding(key: str) -> Finding:
    code, _, variant = key.partition(".")
    entry = CATALOG[key]
    facts = {name: f"〔{name}〕" for name in holes(entry.found) | holes(entry.expected)}
    place = Place("cell", "表1 第3行第2格", "word/document.xml", (5,))
    field = None if variant == "whole" else "项目名称"
    return Finding(code, Severity.ERROR, field, None, place, "原文", {**facts, "variant": variant})


def codes_in(source: str) -> Iterator[str]:
    """The constants that a module hands over as a code, in any of the ways the package has."""
    for node in ast.walk(ast.parse(source)):
        name = getattr(getattr(node, "func", None), "id", "") or getattr(getattr(node, "func", None), "attr", "")
        if not isinstance(node, ast.Call) or name not in SAYS_CODE:
            continue
        position, keyword = SAYS_CODE[name]
        given_words = [word.value for word in node.keywords if word.arg == keyword]
        for said in [*node.args[position : position + 1], *given_words]:
            yield from constants(said)


def constants(node: ast.expr) -> Iterator[str]:
    """A code, or both of `"a" if … else "b"`; anything else is a code that was said somewhere else before."""
    if isinstance(node, ast.IfExp):
        yield from constants(node.body)
        yield from constants(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value


def test_every_code_used_in_the_package_has_an_entry() -> None:
    used = {code for path in PACKAGE.rglob("*.py") for code in codes_in(path.read_text(encoding="utf-8"))}
    assert used >= {"missing", "late", "corrupt"}, "the scan no longer sees the codes"
    assert not {code for code in used if code not in CATALOG}


def test_every_agreed_code_has_an_entry() -> None:
    reasons = Unreadable.__doc__.split("Codes:")[1].strip(" .\n").replace("\n", " ")  # type: ignore[union-attr]
    assert not [code for code in (*BRIEF, *(one.strip() for one in reasons.split(","))) if code not in CATALOG]


def test_a_variant_belongs_to_a_code() -> None:
    assert not [key for key in CATALOG if "." in key and key.partition(".")[0] not in CATALOG]


@pytest.mark.parametrize("key", sorted(CATALOG))
def test_each_sentence_is_whole(key: str) -> None:
    said = sentence(finding(key))
    assert said.text.endswith("。")
    assert not set("{}[]") & set(said.text)
    assert "。。" not in said.text
    assert said.where == ("表1 第3行第2格" if key.endswith(".whole") else "“项目名称”（表1 第3行第2格）")
    assert said.found
    assert said.expected


@pytest.mark.parametrize("key", sorted(CATALOG))
def test_a_fact_that_is_not_given_leaves_no_brace(key: str) -> None:
    code, _, variant = key.partition(".")
    text = sentence(Finding(code, Severity.HINT, facts={"variant": variant})).text
    assert "{" not in text
    assert text.startswith("整个文件：")


def test_a_sentence_says_where_what_expected_example_and_clause() -> None:
    facts = {"example": "张三", "clause": "《关于开展党建项目化管理工作的方案》附件1"}
    place = Place("cell", "表1 第2行第4格")
    said = sentence(Finding("missing", Severity.ERROR, "项目主要责任人", None, place, "", facts))
    assert said.text == (
        "“项目主要责任人”（表1 第2行第4格）：没有填写。请补充填写，例如：张三。"
        "依据：《关于开展党建项目化管理工作的方案》附件1。"
    )


def test_a_row_is_named_and_a_row_alone_too() -> None:
    place = Place("sheet", "整改台账!K7", "整改台账", (7, 11))
    assert sentence(Finding("missing", Severity.ERROR, "责任人", 3, place)).where == "第3条“责任人”（整改台账!K7）"
    assert sentence(Finding("duplicate_row", Severity.ERROR, None, 6, place)).where == "第6条"


def test_what_was_found_is_quoted_as_it_is_even_when_it_looks_like_a_template() -> None:
    said = sentence(Finding("placeholder", Severity.ERROR, "项目名称", found="{{项目名称}} {0.__class__}"))
    assert "“{{项目名称}} {0.__class__}”" in said.text


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_text_of_a_sender_breaks_a_sentence(found: str, phrase: str) -> None:
    text = sentence(Finding("vague", Severity.EXPLAIN, "整改目标", 1, found=found, facts={"phrase": phrase})).text
    assert text.endswith("。")
    assert "\n" not in text
    assert len(text) < 400


def test_the_reason_of_an_unreadable_file_chooses_its_words() -> None:
    whole = sentence(Finding("corrupt", Severity.ERROR, facts={"reason": "truncated"}))
    assert "没有复制完" in whole.text
    assert entry_of(Finding("corrupt", Severity.ERROR, facts={"reason": "header"})) is CATALOG["corrupt"]
    huge = {"reason": "file", "found": "25000000", "limit": "20971520"}
    assert "文件有 23.8 MB，超过规定的 20.0 MB" in sentence(Finding("too_large", Severity.ERROR, facts=huge)).text
    assert "30 字节" in sentence(Finding("too_large", Severity.ERROR, facts={"reason": "file", "found": "30"})).text


def test_a_piece_whose_fact_is_absent_is_left_out() -> None:
    facts = {"sheet": "台账", "rows": "3、5-7", "columns": ""}
    assert "里有隐藏的内容，行：3、5-7。" in sentence(Finding("hidden_rows", Severity.HINT, facts=facts)).text


def test_the_year_of_an_example_is_the_year_of_the_cycle() -> None:
    period = sentence(Finding("half_open", Severity.ERROR, "项目起止日期", facts={"year": "2031"}))
    assert period.example == "2031.9~2032.6"
    own = {"example": "2026年8月20日", "year": "2029"}
    assert sentence(Finding("missing", Severity.ERROR, "填表时间", facts=own)).example == "2029年8月20日"
    quoted = {"example": "《2026年度制度汇编》第2026号", "year": "2029"}
    assert sentence(Finding("missing", Severity.ERROR, "佐证材料", facts=quoted)).example == quoted["example"]


def test_a_project_of_the_same_name_is_told_at_its_field() -> None:
    note = {"note": "DJ-2026-HY01-001，2026-08-20"}
    project = Finding("duplicate_project", Severity.EXPLAIN, "项目名称", found="温控攻关", facts=note)
    said = "“项目名称”：本年度已经有另一个项目叫“温控攻关”（DJ-2026-HY01-001，2026-08-20）"
    assert sentence(project).text.startswith(said)


def test_what_concerns_a_whole_file_names_no_cell() -> None:
    place = Place("file", "全文")
    roster = Finding("wrong_unit", Severity.ERROR, place=place, facts={"unit": "甲", "type": "组织名册"})
    assert "《组织名册》由受理部门维护" in sentence(roster).text
    assert "“”" not in sentence(roster).text


def test_a_late_form_is_asked_for_a_reason_and_the_example_is_one() -> None:
    facts = {"example": "2026年8月20日", "arrived": "2026年8月30日", "window": "申报", "days": "3", "year": "2026"}
    said = sentence(Finding("late", Severity.EXPLAIN, "填表时间", facts=facts))
    assert "原因" in said.expected
    assert "年" not in said.example


def test_a_code_without_an_entry_is_still_told() -> None:
    assert "brand_new" in sentence(Finding("brand_new", Severity.ERROR, "项目名称")).text


def test_severities_have_their_words() -> None:
    assert dict(SEVERITY_WORDS) == {
        Severity.ERROR: "必须改正",
        Severity.EXPLAIN: "请改正或说明",
        Severity.HINT: "提示",
    }
