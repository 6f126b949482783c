"""The sentences of slips, receipts and lists that are not about one finding (those stand in `catalog`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.model import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from pipeline.settings import Window

VERDICTS: Mapping[Verdict, str] = {
    Verdict.ACCEPTED: "已受理",
    Verdict.RETURNED: "需补正后重新报送",
    Verdict.REVIEW: "有疑问，待人工确认",
    Verdict.DUPLICATE: "与此前报送的文件相同，不重复登记",
    Verdict.UNREADABLE: "文件无法读取，请处理后重新报送",
    Verdict.UNKNOWN: "未能识别为应报送的表格，请核对后重新报送",
}
NEXT_STEPS: Mapping[Verdict, str] = {
    Verdict.ACCEPTED: "",
    Verdict.RETURNED: "附上你单位的原表（文件名里有“已标注”），问题处加了批注，请在上面修改，改好后放回收件文件夹。",
    Verdict.REVIEW: "下列内容由本部门工作人员核对，必要时与你单位联系；如确有错漏，也可改正后重新报送。",
    Verdict.DUPLICATE: "无需再次报送；如内容有修改，请确认放入的是修改后的文件。",
    Verdict.UNREADABLE: "请按下列办法处理后，重新放入本单位的收件文件夹。",
    Verdict.UNKNOWN: "请使用下发的空白表填写，填好后重新放入本单位的收件文件夹。",
}
_UNMARKED = (
    "这份文件上没能标出问题，所以没有附标注好的文件；"
    "请按下列意见修改原表，另存为 .docx 或 .xlsx，改好后放回收件文件夹。"
)
_CONVERTED = (
    "原文件不能加批注，附上由它转换成的 .{to} 文件（文件名里有“已标注”），"
    "问题处加了批注，请在上面修改，改好后放回收件文件夹。"
)
LESSER_NOTE = "标明“提示”的，供参考，不影响受理。"
OWN = "本部门"
"""The addressee of what the office itself put in."""

COMPLETE = "经核对，予以受理。"


def chinese_date(day: date | None) -> str:
    """2026年8月5日 (GB/T 9704-2012, 7.3.5.4: no leading zero); "" for no day."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def arrived(type_name: str, file_name: str, day: date, *, own: bool = False) -> str:
    """What was received and when; `own`: the office put it in itself."""
    form = f"《{type_name}》" if type_name else "文件"
    return f"{OWN if own else '你单位'}报送的{form}（文件名：{file_name}）已于{chinese_date(day)}收到。"


def next_step(verdict: Verdict, *, marked: bool, converted_to: str = "") -> str:
    """What the sender does now. PDF and old workbooks are read but cannot be marked, and now and then it fails.

    `converted_to`: docx or xlsx where the marked copy is made from a file of another format.
    """
    if verdict is not Verdict.RETURNED:
        return NEXT_STEPS[verdict]
    if not marked:
        return _UNMARKED
    return _CONVERTED.format(to=converted_to) if converted_to else NEXT_STEPS[verdict]


def rest(number: int, *, marked: bool) -> str:
    """What the slip leaves to the marked file, or to the next slip where there is none; "" when it leaves nothing."""
    where = "见附件批注" if marked else "在再次报送时告知"
    return f"其余{number}处{where}。" if number else ""


def rest_of_hints(number: int, *, marked: bool) -> dict[str, str]:
    """The same on a receipt, as its last line."""
    said = "见附件批注。" if marked else "此处从略。"
    return {"位置": f"其余{number}处", "内容": "", "问题": said, "要求": ""}


def progress(counts: tuple[int, int, int, int] | None) -> str:
    """How far the correcting has come; "" on the first return."""
    if counts is None:
        return ""
    returned, corrected, left, fresh = counts
    more = f"，新发现{fresh}处" if fresh else ""
    return f"退回{returned}处，已改{corrected}处，剩{left}处{more}。"


def witness(entry: int, entry_hash: str) -> str:
    """The line by which the arrival can be proved against the journal."""
    return f"登记凭证：登记流水第{entry}条　{entry_hash}"


def rows(number: int) -> str:
    """How many rows of a ledger were registered."""
    return f"共{number}条"


DRAFT = "草稿"
_NUMERALS = "一两三四五六七八九十"
SIGNING_SHEET = "签订清单"
SIGNING_TITLE = "党建项目责任书签订清单"
NO_ROSTER = "还没有组织名册，不知道签订双方是谁。请先把《组织名册》放进收件文件夹。"
NUMBERS = {"党建项目申请表": "项目编号"}
OTHER_NUMBER = "登记编号"
"""What the number on a receipt is called, by type."""
NO_NUMBER = "还没有项目编号。"
NOT_APPROVED = "党委会意见未填写，尚未审批；要先看样稿的，加上 --draft 可以写出草稿。"
NO_LETTERS_OF = "没有「{name}」这种可批量生成的文书，可以生成的是：{known}。"
NO_TABLE_OF = "没有「{name}」这种汇总表，可以生成的是：{known}。"


def copies(number: int) -> str:
    """How many copies, as it stands between 一式 and 份."""
    return _NUMERALS[number - 1] if 1 <= number <= len(_NUMERALS) else str(number)


def signing_note(day: date, letters: int, number: int) -> str:
    """The line under the title of the signing list."""
    return (
        f"截至{chinese_date(day)}　共{letters}个项目，每个项目一式{copies(number)}份；"
        f"“合并打印”文件已按份数排好，打印一遍即可。"
    )


def refused(text: str) -> str:
    """The committee did not agree."""
    return f"党委会意见为「{text}」，未同意立项。"


def unclear(text: str) -> str:
    """The opinion says neither yes nor no."""
    return f"党委会意见「{text}」看不出是否同意立项，请核对申请表。"


def doubtful(field: str) -> str:
    """A field has two readings."""
    return f"申请表的「{field}」有两种读法，尚未确认。"


def unknown_branch(branch: str) -> str:
    """The branch is not in the roster."""
    return f"组织名册中没有「{branch}」，请核对支部名称或补充名册。"


def foreign_branch(branch: str, owner: str, unit: str) -> str:
    """The branch belongs to another unit."""
    return f"「{branch}」在名册中属于{owner}，报送单位却是{unit}，请核对。"


def no_secretary(role: str, of: str) -> str:
    """A signer is missing in the roster."""
    return f"组织名册中没有{of}的{role}姓名，请补充名册。"


def same_person(name: str) -> str:
    """One person cannot sign with himself (R16)."""
    return f"党委书记和党支部书记都是「{name}」，签订双方不能是同一人，请核对名册。"


def same_number(number: str) -> str:
    """Two projects bear one number."""
    return f"编号{number}有两份申请表在册，不能确定按哪一份签订，请核对。"


ONLY_IN_TABLE = "汇总表中有，未收到已受理的申请表"
ONLY_APPLIED = "有已受理的申请表，单位汇总表中没有"
TABLE_TAKEN = "两处不一致，汇总时采用单位汇总表的写法，请核对"
REFUSED_BUT_LISTED = "党委会未同意，单位汇总表中仍列入，请核对"
REFUSED_LEFT_OUT = "党委会未同意，未列入汇总"
NO_PERIOD = "申请表未写项目起止日期，请补充"
CHECK_SHEET = "核对"
CHECK_TITLE = "党建项目汇总核对清单"
WHOLE_PROJECT = "整个项目"


NO_PROJECTS = "还没有受理的申请表或汇总表，没有可以汇总的项目，什么都没有写。"
NOTHING_COLLECTED = "还没有受理的《{name}》，没有可以汇总的内容，什么都没有写。"
COLLECTED_TITLE = "{title}（汇总）"
NO_ORGANISATION = "全公司汇总表的“单位名称”写成了受理部门：请在 pipeline.toml 里填写 organisation。"


def no_contact(missing: Sequence[str]) -> str:
    """Head fields of the tables that stay empty because the settings do not say them."""
    names = "、".join(f"“{name}”" for name in missing)
    return f"汇总表的{names}空着：请在 pipeline.toml 里填写 contact_person、contact_phone，或者打印后手写。"


def to_check(number: int) -> str:
    """Where to look up what does not agree."""
    return f"有{number}处需核对，列在汇总表（Excel）的“{CHECK_SHEET}”工作表里。"


def collected_note(day: date, sources: int, rows: int) -> str:
    """The line under the title of a list collected from several ledgers."""
    return f"截至{chinese_date(day)}　共{sources}份、{rows}条"


def check_note(day: date, number: int) -> str:
    """The line under the title of the list of differences."""
    return f"截至{chinese_date(day)}　共{number}处需核对；核对清单供内部使用，不随汇总表上报。"


STATUS_COLUMNS = ("单位", "文种", "已报", "受理", "退回", "待确认", "逾期")
TOTAL = "合计"
UNRECOGNISED = "未识别"
NOTHING_YET = "还没有收到任何表格。"
NO_ROSTER_YET = "还没有组织名册，看不出哪些单位未报。"


def stage(window: Window, today: date) -> str:
    """Where the day stands in the window."""
    span = f"{chinese_date(window.start)}至{chinese_date(window.end)}"
    if today < window.start:
        state = f"尚未开始，还有{(window.start - today).days}天"
    elif today > window.end:
        state = "已截止"
    else:
        state = f"进行中，距截止还有{(window.end - today).days}天"
    return f"{chinese_date(today)}　{window.name}阶段（{span}）{state}"


def missing(units: Sequence[str]) -> str:
    """Units that have not handed in what the window asks for."""
    if not units:
        return "各单位均已在期限内报送申请表并获受理。"
    return f"期限内没有受理申请表的单位（{len(units)}个）：{'、'.join(units)}"


def waiting(number: int) -> str:
    """How many forms wait for a person."""
    return f"等待人工确认（{number}份）："


WHY = {
    "disagree": "两种读法不一致",
    "second": "有两处像是这一项",
    "alone": "位置与表样不同",
    "remainder": "旁边还有没读懂的文字",
    "merged": "标题缺少，可能混入了别的内容",
    "repeated": "同样的文字重复了几遍",
    "uncached": "单元格是公式，没有计算结果",
}
"""Why a doubt is one, in a few words, by `Reading.reason`."""


def waiting_book(paths: Sequence[str]) -> str:
    """Where the workbook lies in which the doubts are settled."""
    return f"请在《待人工确认》里填写后放入 inbox：{'、'.join(paths)}"


def waiting_note(day: date, number: int) -> str:
    """The line under the title of the workbook."""
    return (
        f"截至{chinese_date(day)}，共{number}处。请在黄色的格子里填写“确认为”（选“其他”的写明内容）和确认人，可以先填一部分；"
        "填好后把本文件放进 inbox，程序逐行办理。其余格子已锁定，请勿改动。"
    )


def waiting_line(reference: str, unit: str, type_name: str, file_name: str) -> str:
    """One form that waits."""
    return f"  {reference}　{unit or OWN}　{type_name}　{file_name}"
