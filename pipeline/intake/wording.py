"""What people read about files that were set aside, left lying or could not be answered in the usual way."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

LEFT = {
    "link": "这是快捷方式或链接，程序不会打开。请把文件本身放进来。",
    "special": "这不是普通文件，程序不会打开。请删除后放入文件本身。",
    "folder_name": "文件夹名称里有不能使用的字符或与程序自用的名称相同，里面的文件没有读取。请改名。",
    "hardlink": "这个文件与别处的文件共用同一份内容，程序不会打开。请复制一份再放进来。",
    "busy": "文件还在写入或被占用，这次没有读取，下次运行会再看。",
    "denied": "没有权限读取，这次没有处理。请检查文件的权限。",
    "lost": "登记过的来件在工作区和归档里都找不到，请联系系统管理员核查。",
}


def left(reason: str) -> str:
    """Why a file still lies where it lay."""
    return LEFT[reason]


def note(file_name: str, reference: str, reasons: Iterable[str]) -> str:
    """说明.txt beside a file that was set aside."""
    return _note(file_name, reference, "\n".join(reasons))


def plain_answer(file_name: str, reference: str, verdict: str, codes: Iterable[str]) -> str:
    """The answer of last resort, when the 反馈单 itself could not be made: no document goes unanswered."""
    lines = f"结论：{_VERDICTS.get(verdict, verdict)}\n问题代码：{'、'.join(codes) or '无'}"
    return _note(file_name, reference, f"{lines}\n反馈单没有做成，请凭编号向收件部门询问详情。")


_VERDICTS = {
    "accepted": "已受理",
    "returned": "退回修改",
    "review": "待人工核定",
    "duplicate": "重复报送",
    "unreadable": "无法读取",
    "unknown": "未识别文种",
}


def _note(file_name: str, reference: str, body: str) -> str:
    return f"文件：{file_name}\n编号：{reference}\n\n{body}\n".replace("\n", "\r\n")
