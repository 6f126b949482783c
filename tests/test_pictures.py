"""A cell with nothing but a picture is told as that, not as simply empty; a picture beside text changes nothing."""

from __future__ import annotations

import io
from datetime import date

import docx
import openpyxl
import pytest
from openpyxl.drawing.image import Image as SheetImage
from PIL import Image

from pipeline.catalog import sentence
from pipeline.examine import Desk, examine
from pipeline.model import Arrival, Finding
from pipeline.office.library import default_templates, load_library
from pipeline.output.blanks import filled
from pipeline.settings import Settings
from pipeline.values import Roster

DAY = date(2026, 8, 20)
LIBRARY = load_library(default_templates())
DESK = Desk(LIBRARY, Settings.default(2026), Roster.from_rows([]))
TEXTS = {
    "填表时间": "2026年8月18日",
    "立项支部": "沂北泵站项目党支部",
    "项目名称": "党员突击队温控防裂",
    "选题": "底板裂缝检出率20%。",
    "内容": "成立突击队。",
    "预期目标": "检出率降至1%。",
    "支部委员会意见": "同意申报。",
    "支部意见日期": "2026年8月19日",
}


def _png() -> io.BytesIO:
    stream = io.BytesIO()
    Image.new("RGB", (40, 20), "navy").save(stream, "PNG")
    stream.seek(0)
    return stream


def _findings(data: bytes) -> tuple[Finding, ...]:
    (outcome,) = examine(data, Arrival("表", "", DAY), DESK, DAY)
    assert outcome.type in LIBRARY.types
    return outcome.findings


def _form(label: str, texts: dict[str, str]) -> bytes:
    """The application form with a picture in the cell beside the label."""
    form = docx.Document(io.BytesIO(filled(LIBRARY, "党建项目申请表", texts)))
    row = next(row for row in form.tables[0].rows if row.cells[0].text.strip() == label)
    row.cells[1].paragraphs[-1].add_run().add_picture(_png())
    stream = io.BytesIO()
    form.save(stream)
    return stream.getvalue()


def test_a_drawn_signature_instead_of_a_name_is_told_as_a_picture() -> None:
    (missing,) = (one for one in _findings(_form("项目主要责任人", TEXTS)) if one.code == "missing")
    assert missing.field == "项目主要责任人"
    assert "图片" in sentence(missing).text
    assert "打印姓名" in sentence(missing).text


def test_a_picture_beside_the_text_changes_nothing() -> None:
    whole = {**TEXTS, "项目主要责任人": "冯敏"}
    plain = _findings(filled(LIBRARY, "党建项目申请表", whole))
    assert _findings(_form("支部委员会意见", whole)) == plain
    assert not any(one.code == "missing" for one in plain)


def test_an_empty_cell_elsewhere_is_still_simply_empty() -> None:
    (missing,) = (one for one in _findings(_form("支部委员会意见", TEXTS)) if one.code == "missing")
    assert sentence(missing).found == "没有填写"


LEDGER = {"单位名称": "淮源集团第一工程公司", "第一责任人": "冯洪波", "反馈日期": "2026年3月10日"}
ROW = {
    "序号": "1", "反馈问题": "旁站记录补签11份", "整改类型": "立行立改", "整改目标": "当日签认率100%",
    "整改措施": "推行电子旁站", "责任部门": "工程管理部", "责任人": "孔秀兰", "完成时限": "2026年3月15日",
}  # fmt: skip


def _ledger(cell: str) -> tuple[bytes, str]:
    """A ledger of one row whose `cell` holds a picture instead of text, and the cell's address."""
    book = openpyxl.load_workbook(io.BytesIO(filled(LIBRARY, "整改台账", LEDGER, [ROW])))
    sheet = book.worksheets[0]
    spot = next(one for row in sheet.iter_rows() for one in row if one.value == ROW[cell])
    spot.value = None
    sheet.add_image(SheetImage(_png()), spot.coordinate)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue(), spot.coordinate


@pytest.mark.parametrize("cell", ["责任人", "整改措施"])
def test_a_picture_lying_on_a_ledger_cell_is_told(cell: str) -> None:
    data, address = _ledger(cell)
    (missing,) = (one for one in _findings(data) if one.code == "missing")
    assert missing.place is not None
    assert missing.place.text.endswith(address)
    assert missing.facts["variant"] == "picture"
