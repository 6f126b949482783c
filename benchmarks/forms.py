"""The files that the benchmarks read: filled 党建项目申请表 with three long paragraphs each, the same on every run."""

from __future__ import annotations

import random

from pipeline.office.library import default_templates, load_library
from pipeline.output.blanks import filled

TYPE = "党建项目申请表"
_SENTENCES = (
    "针对施工缝渗漏问题，由党员骨干逐条挂牌负责，",
    "优化止水带安装工艺并实行首件验收签字，",
    "每周五召开质量分析会通报整改情况，",
    "去年同类工程一次合格率只有82%，返修影响通水节点，",
    "建立12个党员责任区，隐患24小时内销号，",
)


def application_forms(count: int, seed: int = 7) -> list[bytes]:
    """`count` different forms, correct ones, arrival in the window of 2026."""
    library = load_library(default_templates())
    source = random.Random(seed)
    return [filled(library, TYPE, _texts(source, number)) for number in range(count)]


def _texts(source: random.Random, number: int) -> dict[str, str]:
    def long(sentences: int) -> str:
        return "".join(source.choices(_SENTENCES, k=sentences)) + f"共{source.randint(3, 90)}项。"

    return {
        "填表时间": f"2026年8月{source.randint(15, 20)}日",
        "立项支部": f"第{number + 1}项目部党支部",
        "项目主要责任人": "罗海平",
        "项目名称": f"党员先锋队质量攻关项目之{number + 1}",
        "选题": long(8),
        "内容": long(10) + "项目实施时间为2026年9月至2026年12月。",
        "预期目标": long(6) + f"节约费用{source.randint(10, 200)}万元。",
        "支部委员会意见": "经研究，同意申报。",
        "支部意见日期": "2026年8月21日",
    }
