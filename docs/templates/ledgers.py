"""What the shipped ledgers look like: columns with their widths, the lines above the table, groups in the header.

Names, types and allowed words come from the spec.toml beside each template; `build_templates` draws the files.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Ledger:
    """One ledger. `columns`: name, width in Excel units, width in Word in mm (0: there is no Word file).

    `lines`: fields of the header block, line by line. `band`: heading over some columns.
    """

    name: str
    title: str
    sheet: str
    lines: tuple[tuple[str, ...], ...]
    columns: tuple[tuple[str, float, float], ...]
    size: float = 11
    band: str = ""
    banded: tuple[str, ...] = ()

    @property
    def word(self) -> bool:
        """Whether there is a Word file too."""
        return all(mm for _, _, mm in self.columns)


APPROVAL = Ledger(
    "立项审批表", "党建项目立项审批表", "立项审批表", (("单位名称",),),
    (("项目编号", 17, 0), ("项目名称", 38, 0), ("立项支部", 26, 0), ("项目主要责任人", 11, 0), ("审批结果", 11, 0),
     ("审批意见", 26, 0), ("审批日期", 16, 0)),
)  # fmt: skip
MONTHLY = Ledger(
    "进展月报", "党建项目化管理项目进展月报", "月报", (("单位名称", "报告期", "填表人"),),
    (("项目编号", 17, 30), ("项目名称", 25, 43), ("本期进展", 36, 57), ("完成比例", 8, 19), ("存在问题", 21, 38),
     ("下期计划", 21, 42), ("现场督导日期", 14, 32)),
)  # fmt: skip
SCORES = ("知情度", "成效满意度", "先锋模范满意度", "目标实现", "效果", "影响力", "过程性得分")
SCORING = Ledger(
    "考核评分表", "党建项目考核评分表", "考核评分表", (("单位名称", "年度"),),
    (("项目编号", 17, 0), ("项目名称", 36, 0), *((name, 10.5, 0) for name in SCORES), ("备注", 13, 0)),
    band="考核指标（百分制）", banded=SCORES,
)  # fmt: skip
GOALS = Ledger(
    "书记目标清单", "工程项目书记管理目标清单", "目标清单",
    (("工程项目", "项目类型", "项目规模", "工期"), ("书记", "年度", "支部会议审议日期")),
    (("目标编号", 6, 18), ("目标类别", 12, 25), ("年度目标", 22, 36), ("层级", 6, 13), ("任务", 24, 38),
     ("责任人", 9, 17), ("完成时限", 14, 31), ("评价标准", 21, 34), ("完成情况", 12, 20), ("完成日期", 14, 29)),
    size=10.5,
)  # fmt: skip
SIGNERS = Ledger(
    "签订人员名单", "党风廉政责任书、廉洁从业承诺书签订人员名单", "签订人员名单", (("单位名称", "年度"),),
    (("序号", 6, 0), ("姓名", 13, 0), ("部门", 24, 0), ("岗位", 22, 0), ("职务", 20, 0), ("文书", 19, 0),
     ("签订对象", 26, 0)),
)  # fmt: skip
KEY_PROJECTS = Ledger(
    "重点项目表", "重点工作项目化管理任务表", "重点项目", (("年度", "部门"),),
    (("序号", 5, 9), ("任务来源", 14, 25), ("项目名称", 16, 29), ("牵头领导", 9, 16), ("责任处室", 9, 17),
     ("责任人", 8, 17), ("推进措施", 23, 41), ("时序进度", 21, 37), ("预期成效", 15, 27), ("进展情况", 14, 26),
     ("完成情况", 9, 17)),
    size=10,
)  # fmt: skip
LEDGERS = (APPROVAL, MONTHLY, SCORING, GOALS, SIGNERS, KEY_PROJECTS)
