"""The workbooks that the benchmarks read: a 整改台账 as offices keep it, the same on every run.

Repeated texts (departments, kinds, states), unique ones (problems, measures), real dates, a percentage column that is
none of the type's, merged cells (one problem with two measures), serial numbers.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from io import BytesIO

import xlsxwriter

TYPE = "整改台账"
_COLUMNS = (
    "序号", "问题编号", "反馈问题", "整改类型", "问题成因", "整改目标", "整改措施", "牵头领导", "责任部门", "责任人",
    "完成时限", "进展情况", "完成情况", "完成日期", "佐证材料", "完成比例", "是否销号", "备注",
)  # fmt: skip
COLUMNS = len(_COLUMNS)
HEAD = 4
"""Rows down to the column heads."""
_MERGED_EVERY = 500
_DEPARTMENTS = ("工程管理部", "安全质量部", "物资设备部", "财务部", "党委组织部", "纪委办公室")
_PEOPLE = ("孔秀兰", "罗海平", "冯洪波", "曹建国", "欧阳文静", "吴卫东", "秦桂芳")
_CAUSES = ("日常监督不到位，责任没有压实到岗", "制度执行有偏差，检查流于形式", "人员更替后交接不清")
_KINDS = ("立行立改", "限期整改", "长效治理")


def workbook(rows: int, seed: int = 7) -> bytes:
    """The .xlsx with so many records."""
    source = random.Random(seed)
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet(TYPE)
    border = book.add_format({"border": 1, "text_wrap": True})
    day = book.add_format({"border": 1, "num_format": "yyyy/m/d"})
    share = book.add_format({"border": 1, "num_format": "0%"})
    formats = [{10: day, 13: day, 15: share}.get(column, border) for column in range(COLUMNS)]
    sheet.merge_range(0, 0, 0, COLUMNS - 1, "巡察反馈问题整改台账", book.add_format({"bold": True}))
    for column, text in enumerate(("单位名称", "淮源集团第一工程公司", "第一责任人", "冯洪波", "反馈日期")):
        sheet.write(1, column, text)
    sheet.write(1, 5, date(2026, 3, 10), day)
    sheet.write_row(HEAD - 1, 0, _COLUMNS, border)
    for number in range(1, rows + 1):
        for column, value in enumerate(_record(source, number)):
            sheet.write(HEAD + number - 1, column, value, formats[column])
        if number % _MERGED_EVERY == 0:
            top = HEAD + number - 2
            sheet.merge_range(top, 2, top + 1, 2, f"第{number}项：旁站记录补签，两项措施并行", border)
    book.close()
    return stream.getvalue()


def _record(source: random.Random, number: int) -> tuple[object, ...]:
    done = source.random() < 0.6
    due = date(2026, 3, 12) + timedelta(days=source.randint(0, 4))
    return (
        number,
        f"XC{number // 100:03}-{number % 100:02}",
        f"第{number}项：施工过程监管缺失，{source.choice(_DEPARTMENTS)}旁站记录补签{source.randint(2, 40)}份",
        source.choice(_KINDS[:1] if number % 3 else _KINDS[:2]),
        source.choice(_CAUSES),
        f"旁站记录当日签认率{source.randint(90, 100)}%",
        f"第{number}号措施：停止补签行为，对{source.randint(2, 9)}名责任人谈话提醒；推行电子旁站，每周抽查3次",
        source.choice(_PEOPLE),
        source.choice(_DEPARTMENTS),
        source.choice(_PEOPLE),
        due,
        f"已抽查{source.randint(2, 30)}次" if done else "",
        "已完成" if done else "正在整改",
        due - timedelta(days=source.randint(0, 2)) if done else None,
        "谈话记录、系统截图" if done else "",
        1 if done else source.randint(0, 9) / 10,
        "是" if done else "否",
        "",
    )


if __name__ == "__main__":
    raise SystemExit(f"read by ledger.py: {len(workbook(20))} bytes for 20 rows")
