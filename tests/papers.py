"""Tiny builders for what the papers are made from: filed forms, a roster, settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from pipeline.model import Datum, Finding, Outcome, Reading, Record, Verdict
from pipeline.output.registry import Filed
from pipeline.settings import Settings
from pipeline.values import Branch, Roster

TODAY = date(2026, 9, 5)
APPLICATION, TABLE = "党建项目申请表", "党建项目汇总表"
SETTINGS = replace(Settings.default(2026), organisation="中筑建设集团", contact_person="周宁", contact_phone="010-8710")
ROSTER = Roster.of(
    [
        Branch("第二分公司", "EF", "何建国", "机关党支部", branch_secretary="吴敏"),
        Branch("第一分公司", "YF", "李卫东", "桥梁党支部", ("桥梁项目支部",), "陈立"),
        Branch("第一分公司", "YF", "李卫东", "机关党支部", (), "李 卫东"),
        Branch("第三分公司", "SF", "", "隧道党支部", (), "郑强"),
    ]
)


def record(
    type_name: str, fields: Mapping[str, object], rows: Sequence[Mapping[str, object]] = (), doubt: str = ""
) -> Record:
    """Texts become data; a Datum is taken as it is; the field named `doubt` has a second reading."""

    def data(values: Mapping[str, object]) -> dict[str, Datum]:
        return {name: _datum(value, doubtful=name == doubt) for name, value in values.items()}

    return Record(type_name, data(fields), tuple(data(row) for row in rows))


def _datum(value: object, *, doubtful: bool) -> Datum:
    if isinstance(value, Datum):
        return value
    text = str(value)
    return Datum(Reading(text, reason="disagree" if doubtful else "", other="另一读法" if doubtful else ""), text)


def filed(
    fields: Mapping[str, object],
    *,
    unit: str = "第一分公司",
    number: str = "DJ-2026-YF-001",
    type_name: str = APPLICATION,
    rows: Sequence[Mapping[str, object]] = (),
    verdict: Verdict = Verdict.ACCEPTED,
    findings: Sequence[Finding] = (),
    received: date = date(2026, 8, 20),
    doubt: str = "",
) -> Filed:
    """A form as registered."""
    outcome = Outcome(type_name, "form", verdict, record(type_name, fields, rows, doubt), tuple(findings))
    return Filed(unit, f"R{number[-3:]}", number, "申请表.docx", received, outcome)


def application(**changes: str) -> dict[str, object]:
    """The fields of a complete 申请表 that was agreed to."""
    return {
        "填表时间": "2026年8月18日",
        "立项支部": "桥梁党支部",
        "项目主要责任人": "陈立",
        "项目名称": "党员先锋岗助力桥梁节能降耗",
        "选题": "钢材损耗率偏高",
        "内容": "成立党员攻关小组，每月分析一次损耗",
        "预期目标": "损耗率由2.8%降到2.0%以内",
        "党委会意见": "同意立项。",
        "项目起止日期": "2026.9~2027.6",
        **changes,
    }
