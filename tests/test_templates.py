"""The shipped templates: all of them load, can be inverted, and write what they are given at the right spot."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from io import BytesIO
from pathlib import Path
from shutil import copytree
from zipfile import ZipFile

import pytest

from pipeline.checks import complaints
from pipeline.errors import SettingsError
from pipeline.forms.lint import lint
from pipeline.forms.spec import FieldSpec, Layout, TypeSpec
from pipeline.forms.tags import find_tags
from pipeline.forms.writing import row_texts, texts_for
from pipeline.model import Document, Paragraph
from pipeline.office.docx_fill import fill_docx
from pipeline.office.docx_letter import render_letter
from pipeline.office.library import default_templates, load_library
from pipeline.office.read import read
from pipeline.office.template_parts import BLANK_ROWS
from pipeline.office.xlsx_fill import fill_xlsx
from pipeline.settings import Limits, Settings

LIBRARY = load_library(default_templates())
TYPES = sorted(LIBRARY.types)
TWO_WAY = [(spec, layout) for spec in LIBRARY.incoming for layout in spec.layouts]
PAPERS = [(spec, layout) for spec in LIBRARY.types.values() if spec not in LIBRARY.incoming for layout in spec.layouts]
NAMES = {
    "党建项目申请表": "填表时间 立项支部 项目主要责任人 项目名称 选题 内容 预期目标 支部委员会意见 "
    "支部意见日期 党委会意见 党委意见日期 项目起止日期 阶段性目标",
    "党建项目责任书": "项目编号 项目名称 单位名称 党委书记 党支部 党支部书记 份数",
    "党建项目汇总表": "单位名称 填表人 联系电话 序号 项目名称 项目起止日期 项目承担部门 解决问题 采取措施 达到目标 "
    "备注",
    "整改台账": "单位名称 第一责任人 反馈日期 填表人 联系电话 序号 问题编号 反馈问题 整改类型 目标维度 问题成因 "
    "整改目标 整改措施 牵头领导 责任部门 责任人 完成时限 进展情况 完成情况 完成日期 佐证材料 是否销号 备注",
    "项目延期申请": "项目名称 项目单位 项目主要责任人 原完成时限 申请延期至 延期原因 申请日期 支部意见 党委意见 "
    "党委意见日期",
    "销号申请表": "单位名称 问题编号 反馈问题 整改措施 整改成效 完成日期 佐证材料 责任人 申请日期 责任部门意见 "
    "整改办意见 整改办意见日期",
    "实施计划书": "单位 项目名称 项目单位 项目主要责任人 项目时限 实施单位基本情况 项目成员基本情况 项目背景及必要性 "
    "主要措施 预期目标 完成时间 附件",
    "项目总结报告": "项目名称 项目单位 项目主要责任人 完成日期 项目概况 实施情况 成果经验 评价建议 经济效益",
    "组织名册": "单位 单位代码 党委书记 党支部 别名 支部书记 联系人 联系电话 收件文件夹",
}


def label(pair: object) -> str:
    return pair.name if isinstance(pair, TypeSpec | Layout) else str(pair)


def fill(spec: TypeSpec, layout: Layout, texts: dict[str, str], rows: dict[str, list[dict[str, str]]]) -> bytes:
    write = fill_docx if layout.suffix == ".docx" else fill_xlsx
    return write(LIBRARY.template(spec.name, layout.name), texts, rows)


def texts_of(document: Document) -> list[str]:
    """Every paragraph and every cell, in order."""
    found: list[str] = []
    for block in document.blocks:
        found += [block.text] if isinstance(block, Paragraph) else [text for row in block.rows for text in row]
    return found


def put(text: str, values: dict[str, str]) -> str:
    """A template's text with its tags replaced by hand."""
    for tag in reversed(find_tags(text)):
        text = text[: tag.start] + values[tag.name] + text[tag.end :]
    return text


def expected(layout: Layout, texts: dict[str, str], rows: list[dict[str, str]]) -> list[str]:
    found: list[str] = []
    for block in layout.document.blocks:
        if isinstance(block, Paragraph):
            found.append(put(block.text, texts))
            continue
        for row in block.rows:
            repeated = any(tag.group for text in row for tag in find_tags(text))
            found += [put(text, values) for values in (rows if repeated else [texts]) for text in row]
    return found


def sample(field: FieldSpec) -> str:
    return f"〈{field.name}〉的值"


@pytest.mark.parametrize("name", TYPES)
def test_every_type_can_be_inverted_and_calls_checks_that_exist(name: str) -> None:
    spec = LIBRARY.types[name]
    assert [complaint.text for complaint in lint(spec)] == []
    assert complaints(spec) == ()
    assert spec.layouts


@pytest.mark.parametrize("name", NAMES)
def test_names_are_those_of_the_contract(name: str) -> None:
    spec = LIBRARY.types[name]
    assert set(NAMES[name].split()) <= {field.name for field in (*spec.fields, *spec.columns)}


@pytest.mark.parametrize(("spec", "layout"), TWO_WAY, ids=label)
def test_what_is_written_stands_exactly_at_its_spot(spec: TypeSpec, layout: Layout) -> None:
    texts = {field.name: sample(field) for field in spec.fields}
    rows = [{column.name: f"{n}{sample(column)}" for column in spec.columns} for n in range(3)]
    document = read(fill(spec, layout, texts, {spec.group: rows}), Limits())
    assert texts_of(document) == expected(layout, texts, rows)


@pytest.mark.parametrize(("spec", "layout"), TWO_WAY, ids=label)
def test_a_blank_shows_hints_and_no_tag(spec: TypeSpec, layout: Layout) -> None:
    texts = texts_for(spec, {})
    document = read(fill(spec, layout, texts, row_texts(spec, [])), Limits())
    shown = texts_of(document)
    assert "{" not in "".join(shown)
    blank = [{column.name: "" for column in spec.columns}] * BLANK_ROWS
    assert [text.strip() for text in shown if text.strip()] == [
        text.strip() for text in expected(layout, texts, blank) if text.strip()
    ]


def test_the_application_form_reads_like_annex_1() -> None:
    spec = LIBRARY.types["党建项目申请表"]
    shown = texts_of(read(fill(spec, spec.layouts[0], texts_for(spec, {}), {}), Limits()))
    assert [text for text in shown if text] == [
        "附件1：",
        "党建项目化管理项目申请表",
        "填表时间：    年    月    日",
        "立项支部",
        "项目主要责任人",
        "项目名称",
        "项目具体工作内容",
        "1.选题：存在的问题。\n2.内容：主要采取措施。\n3.预期目标：预期达到目标。",
        "支部委员会意见",
        "\n\n\n年    月    日",
        "党委会意见",
        "\n\n\n年    月    日",
    ]


def test_values_are_written_in_the_house_style() -> None:
    spec = LIBRARY.types["党建项目申请表"]
    texts = texts_for(spec, {"填表时间": date(2026, 8, 5), "选题": "第一段\n第二段", "项目名称": None})
    assert texts["填表时间"] == "2026年8月5日"
    assert texts["选题"] == "第一段\n第二段"
    assert texts["项目名称"] == ""
    assert texts["支部意见日期"] == "年    月    日"
    with pytest.raises(KeyError, match="项目名"):
        texts_for(spec, {"项目名": "甲"})
    ledger = LIBRARY.types["整改台账"]
    rows = row_texts(ledger, [{"反馈问题": "甲"}, {}])
    assert [row["反馈问题"] for row in rows["问题"]] == ["甲", ""]
    assert set(rows["问题"][0]) == {column.name for column in ledger.columns}


def test_the_summary_repeats_its_two_header_rows_and_fits_one_page_wide() -> None:
    with ZipFile(BytesIO(LIBRARY.template("党建项目汇总表", "xlsx"))) as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
        book = package.read("xl/workbook.xml").decode()
    assert 'orientation="landscape"' in sheet
    assert 'fitToHeight="0"' in sheet
    assert "汇总表!$4:$5" in book
    with ZipFile(BytesIO(LIBRARY.template("党建项目汇总表", "docx"))) as package:
        assert package.read("word/document.xml").decode().count("<w:tblHeader/>") == 2


@pytest.mark.parametrize(("spec", "layout"), PAPERS, ids=label)
def test_papers_print_their_values_and_nothing_else(spec: TypeSpec, layout: Layout) -> None:
    values: dict[str, object] = {field.name: sample(field) for field in spec.fields}
    lists = {
        "问题": ("序号", "位置", "内容", "问题", "要求"),
        "登记": ("项目", "内容"),
        "提示": ("序号", "位置", "问题", "要求"),
    }
    for name, columns in lists.items():
        if name in values or name == spec.group:
            values[name] = [{column: f"{n}{column}" for column in columns} for n in range(2)]
    document = read(render_letter(LIBRARY.template(spec.name, layout.name), spec.name, values), Limits())
    shown = "\n".join(texts_of(document))
    printed = {tag.name for text in texts_of(layout.document) for tag in find_tags(text) if not tag.group}
    assert printed
    assert all(str(values[name]) in shown for name in printed)
    assert not re.search(r"[{}]|None|%", shown)
    assert shown.count("1内容") == (1 if spec.name in ("反馈单", "受理回执") else 0)


def test_the_letter_of_responsibility_keeps_the_words_of_annex_2() -> None:
    values = {field.name: sample(field) for field in LIBRARY.types["党建项目责任书"].fields}
    data = render_letter(LIBRARY.template("党建项目责任书", "letter"), "责任书", {**values, "份数": "两", "草稿": ""})
    shown = "\n".join(texts_of(read(data, Limits())))
    for sentence in (
        "为规范党建项目化管理工作，确保项目预期目标完成，签订本责任书。",
        "一、党支部书记为党建项目化管理工作的主要责任人，承担直接领导责任和组织实施责任。",
        "二、制定并落实好党建项目实施计划书，保证项目的总目标、阶段目标和各个子目标的完成时间和质量。",
        "三、每月深入现场，对项目的进展情况进行跟踪、督导，及时发现和解决工作过程中存在的问题。",
        "四、及时总结工作成果和亮点。",
        "五、本责任书分别由各单位党委书记与项目承担部门支部书记签订。",
        "六、本责任书一式两份，签订双方各执一份。",
        "党委书记：",
        "党支部书记：",
        "年　　月　　日",
    ):
        assert sentence in shown


@pytest.mark.parametrize(("spec", "layout"), [*TWO_WAY, *PAPERS], ids=label)
def test_fonts_are_the_official_ones(spec: TypeSpec, layout: Layout) -> None:
    fonts = Settings.default(2026).fonts
    allowed = {fonts.title, fonts.body, fonts.heading, fonts.subheading, fonts.digits, "Calibri"}
    part = "word/document.xml" if layout.suffix == ".docx" else "xl/styles.xml"
    with ZipFile(BytesIO(LIBRARY.template(spec.name, layout.name))) as package:
        xml = package.read(part).decode()
    used = set(re.findall(r'w:(?:eastAsia|ascii|hAnsi)="([^"]+)"|<name val="([^"]+)"', xml))
    names = {name for pair in used for name in pair if name}
    assert fonts.title in names
    assert names <= allowed


def test_no_two_types_share_a_title() -> None:
    titles = [title for spec in LIBRARY.types.values() for title in spec.titles]
    assert len(titles) == len(set(titles))


def test_windows_that_types_name_exist() -> None:
    windows = Settings.default(2026).cycle.windows
    assert {spec.window for spec in LIBRARY.types.values() if spec.window} <= set(windows)


def test_loading_imports_no_writer() -> None:
    code = "import sys, pipeline.office.library as l; l.load_library(l.default_templates()); print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert "pipeline.office.read" in modules
    assert not {"docxtpl", "openpyxl", "docx", "xlsxwriter", "jinja2"} & set(modules)


def test_complaints_about_all_folders_come_at_once(tmp_path: Path) -> None:
    folder = copytree(default_templates(), tmp_path / "templates")
    (folder / "整改台账" / "整改台账.docx").unlink()
    (folder / "组织名册" / "组织名册.xlsx").write_bytes(b"PK\x03\x04")
    spec = folder / "反馈单" / "spec.toml"
    spec.write_text(spec.read_text(encoding="utf-8").replace('kind = "report"', "kind = “report”"), encoding="utf-8")
    (folder / "党建项目汇总表").rename(folder / "汇总")
    with pytest.raises(SettingsError) as caught:
        load_library(folder)
    lines = str(caught.value).splitlines()
    assert any("找不到模板文件 整改台账/整改台账.docx" in line for line in lines)
    assert any(line.startswith("组织名册/组织名册.xlsx") for line in lines)
    assert any(re.match(r"反馈单/spec\.toml 第\d+行：", line) for line in lines)
    assert any("要与文件夹名「汇总」相同" in line for line in lines)


def test_an_unknown_template_and_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="没有「申请」的模板"):
        LIBRARY.template("申请", "form")
    with pytest.raises(SettingsError, match="没有一个文种"):
        load_library(tmp_path)
    with pytest.raises(SettingsError, match="找不到模板文件夹"):
        load_library(tmp_path / "无")
