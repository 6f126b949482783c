"""The filled forms that the damages are tried on: one of each type and layout, and some with one pair per row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.forms.reading import FormReader
from pipeline.forms.spec import Layout, TypeSpec
from pipeline.model import Document, Grid, Reading
from pipeline.office.library import default_templates, load_library
from tests.damage import Form
from tests.documents import filled, table

LIBRARY = load_library(default_templates())
VALUES: Mapping[str, Mapping[str, str]] = {
    "党建项目申请表": {
        "填表时间": "2026年8月16日",
        "立项支部": "沂北泵站项目党支部",
        "项目主要责任人": "冯敏",
        "项目名称": "党员突击队攻坚温控防裂",
        "选题": "底板裂缝检出率为20%，夜间入仓温度超标。",
        "内容": "（1）成立11人突击队。\n（2）优化配合比，掺加30%粉煤灰。\n（3）每周召开一次分析会。",
        "预期目标": "（1）检出率降至1%以下。\n（2）节约处理费用120万元。",
        "支部委员会意见": "同意申报。",
        "支部意见日期": "2026年8月18日",
        "党委会意见": "",
        "党委意见日期": "    年    月    日",
    },
    "实施计划书": {
        "单位": "淮源集团第一工程公司",
        "项目名称": "沂北泵站营地标准化党员责任田",
        "项目单位": "试验检测中心党支部",
        "项目主要责任人": "周宝林",
        "项目时限": "2026.9~2026.12",
        "实施单位基本情况": "本支部现有党员29名，设5个党小组。\n2025年被评为先进基层党组织。",
        "项目成员基本情况": "组长：周宝林（党支部书记）\n成员：张建华（组织委员）、吕巧云（质检员）",
        "项目背景及必要性": "营地用水用电浪费明显，卫生检查得分75分。\n确有必要以项目化方式推进。",
        "主要措施": "（1）划分12块党员责任田，包片包户。\n（2）推行“红黑榜”，每周评比。",
        "预期目标": "（1）水电费下降15%。\n（2）卫生检查得分达到95分以上。",
        "完成时间": "2026年12月31日前完成全部目标任务。",
        "附件": "1.进度计划表\n2.责任区分布图",
    },
    "项目延期申请": {
        "项目名称": "三里闸闸门防腐质量党员示范线",
        "项目单位": "第二工程公司机关党支部",
        "项目主要责任人": "朱巧云",
        "原完成时限": "2026年7月31日",
        "申请延期至": "2026年9月30日",
        "延期原因": "喷砂房改造延期，剩余目标无法按期完成。\n拟调整计划，增加夜间攻关班次。",
        "申请日期": "2026年7月11日",
        "支部意见": "情况属实，同意延期申请。",
        "支部意见日期": "2026年7月12日",
        "党委意见": "",
        "党委意见日期": "    年    月    日",
    },
    "项目总结报告": {
        "项目名称": "新河枢纽扬尘治理党员先锋岗创建",
        "项目单位": "设计院机关党支部",
        "项目主要责任人": "郑德明",
        "完成日期": "2026年7月31日",
        "经济效益": "99万元",
        "项目概况": "由设计院机关党支部承担，郑德明为主要责任人。\n去年收到扬尘投诉7起。",
        "实施情况": "主要做法如下。\n（1）设立7个党员先锋岗。\n（2）与沿线村党组织结对共建。",
        "成果经验": "一是投诉降至2起以内；二是创造效益99万元。",
        "评价建议": "自评为优秀。建议组织现场观摩。",
    },
    "销号申请表": {
        "单位名称": "淮源集团第二工程公司",
        "问题编号": "XC-2026-21",
        "反馈问题": "3名中层干部试用期满未及时考核",
        "整改措施": "补充开展考核3人；建立试用期到期提醒台账",
        "整改成效": "3人考核完成并发文。\n经复查，同类问题未再发生。",
        "完成日期": "2026年5月12日",
        "佐证材料": "考核材料、任职文件",
        "责任人": "何秀兰",
        "申请日期": "2026年5月20日",
        "责任部门意见": "整改到位，同意申请销号。",
        "责任部门意见日期": "2026年5月21日",
        "整改办意见": "",
        "整改办意见日期": "    年    月    日",
    },
}
SHORT = {
    "党建项目申请表": ("立项支部", "项目主要责任人", "项目名称"),
    "实施计划书": ("项目名称", "项目单位", "项目主要责任人", "项目时限"),
    "项目延期申请": ("项目名称", "项目单位", "项目主要责任人", "原完成时限"),
    "项目总结报告": ("项目名称", "项目单位", "项目主要责任人", "完成日期"),
    "销号申请表": ("单位名称", "问题编号", "责任人", "完成日期"),
}


@dataclass(frozen=True)
class Paper:
    """A filled form, how it is read, and what the damages must know of it."""

    name: str
    plain: Document
    values: Mapping[str, str]
    form: Form
    reader: FormReader

    def read(self, document: Document) -> Mapping[str, Reading]:
        return self.reader.read(document.blocks)


def _paper(spec: TypeSpec, layout: Layout, *, unfolded: bool) -> Paper:
    plain = filled(layout.document, VALUES[spec.name])
    labels = tuple(field.labels[0] for field in spec.fields if field.labels and not field.tail_of)
    synonyms = {field.labels[0]: field.labels[1] for field in spec.fields if len(field.labels) > 1}
    form = Form(spec.titles[0], (*labels, *spec.sections), SHORT[spec.name], synonyms)
    name = f"{spec.name}-{layout.name}{'-unfolded' if unfolded else ''}"
    wanted = {
        field.name: VALUES[spec.name].get(field.name, "").strip(" 年月日") and VALUES[spec.name][field.name]
        for field in spec.fields
    }
    return Paper(name, _unfolded(plain) if unfolded else plain, wanted, form, FormReader(spec, layout))


def _unfolded(document: Document) -> Document:
    """One pair of label and value per row, nothing merged."""
    blocks = tuple(
        table([pair for n, row in enumerate(block.rows) for pair in _pairs(block, n, row)], name=block.name)
        if isinstance(block, Grid)
        else block
        for block in document.blocks
    )
    return Document(document.kind, blocks)


def _pairs(grid: Grid, number: int, row: tuple[str, ...]) -> list[tuple[str, str]]:
    cells = [text for column, text in enumerate(row) if (number, column) in grid.anchors]
    return list(zip(cells[::2], cells[1::2], strict=True))


FORMS = [(spec, layout) for spec in LIBRARY.incoming if spec.kind == "form" for layout in spec.layouts]
PAPERS = [_paper(spec, layout, unfolded=False) for spec, layout in FORMS]
PAPERS += [
    _paper(spec, layout, unfolded=True)
    for spec, layout in FORMS
    if any(isinstance(block, Grid) and block.spans for block in layout.document.blocks)
]
