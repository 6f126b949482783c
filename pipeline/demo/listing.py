"""What came out of the demonstration: every file with a line that says what it is, as a list or as a tree."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from pipeline.demo.papers import FIRST_DAY, LAST_DAY, MIDDLE_DAY, ROSTER

_FOLDED = (
    (".pipeline", "本机的登记库和暂存，平时不用看"),
    ("templates", "模板：一个文种一个文件夹，可以自己改"),
    ("archive/*/原件", "收到的全部原件，一个字节不改，永久保存"),
    ("outbox/*空白表", "各文种的空白表，单位名称等已经填好"),
)
"""Folders that take one line however much is in them."""

_FILES = (
    ("pipeline.toml", "本单位的设置，用记事本就能改"),
    ("archive/*/journal.jsonl", "登记流水：每条都锁住前一条，事后改动看得出来"),
    ("inbox/*未受理/*_说明.txt", "为什么没有受理，该怎么办"),
    ("inbox/*未受理/*", "没有受理的文件，原样放在这里"),
    ("outbox/待办/待人工确认*", "等人确认的疑问，填好放回 inbox"),
    ("outbox/责任书/签订清单.xlsx", "谁和谁签、一式几份、签回没有"),
    ("outbox/责任书/合并打印.docx", "全部责任书合在一个文件里，一次打印"),
    ("outbox/责任书/*", "待签的责任书，一个项目一份"),
    ("outbox/汇总/*", "汇总表，由登记的内容自动写成"),
    ("*_已标注_*", "原表的副本，问题处有批注"),
    ("*_反馈单_*", "反馈单：改哪里、怎么改、几号前改好"),
    ("*_受理回执_*", "受理回执"),
)
_PAPERS = {paper.name.rsplit(".", 1)[0]: paper.remark for paper in (ROSTER, *FIRST_DAY, *MIDDLE_DAY, *LAST_DAY)}


def listing(root: Path) -> Iterator[tuple[str, str]]:
    """Every file (folded folders as one entry): path below the root with slashes, and what it is."""
    yield from _entries(root, root)


def tree(root: Path) -> Iterator[str]:
    """The same as a drawing."""
    yield f"{root}/"
    yield from _branches(root, root, "")


def _entries(folder: Path, root: Path) -> Iterator[tuple[str, str]]:
    for path in _children(folder):
        relative = path.relative_to(root).as_posix()
        if folded := _meaning(relative, _FOLDED):
            yield f"{relative}/", folded
        elif path.is_dir():
            yield from _entries(path, root)
        else:
            yield relative, _file_meaning(relative)


def _branches(folder: Path, root: Path, indent: str) -> Iterator[str]:
    children = _children(folder)
    for path in children:
        last = path == children[-1]
        relative = path.relative_to(root).as_posix()
        folded = _meaning(relative, _FOLDED)
        said = folded or ("" if path.is_dir() else _file_meaning(relative))
        name = f"{path.name}/" if path.is_dir() else path.name
        yield f"{indent}{'└── ' if last else '├── '}{name}{f'　{said}' if said else ''}"
        if path.is_dir() and not folded:
            yield from _branches(path, root, indent + ("    " if last else "│   "))


def _children(folder: Path) -> list[Path]:
    return sorted(folder.iterdir(), key=lambda path: (path.is_file(), path.name))


def _meaning(relative: str, rules: tuple[tuple[str, str], ...]) -> str:
    return next((meaning for pattern, meaning in rules if fnmatchcase(relative, pattern)), "")


def _file_meaning(relative: str) -> str:
    stem = relative.rsplit("/", 1)[-1].split("_已标注_")[0].split("_反馈单_")[0].split("_受理回执_")[0]
    remark = _PAPERS.get(stem, "")
    said = _meaning(relative, _FILES)
    return f"{said}（{remark}）" if remark else said
