"""`pipeline demo`: a sample workspace with filled forms, right ones and wrong ones, and every stage run on it.

The clock of the demonstration is the cycle of the year of `today`: batches on 20 and 27 August, inside the 申报 window,
and one on 30 August, after it. The same `today` gives the same forms and the same decisions; only the references of
the arrivals differ.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from pathlib import Path

from pipeline import flow
from pipeline.demo.papers import (
    FIRST,
    FIRST_DAY,
    LAST_DAY,
    MIDDLE_DAY,
    OFFICE,
    ROADS,
    ROSTER,
    SECOND,
    Paper,
    Texts,
)
from pipeline.office.library import Library, default_templates, load_library
from pipeline.office.xlsx_list import Column, write_list
from pipeline.output.blanks import filled, write_blanks
from pipeline.output.letters import LETTER, write_letters
from pipeline.output.tables import write_tables
from pipeline.settings import DEFAULT_TOML, Fonts
from pipeline.workspace import Workspace

Say = Callable[[str], None]
SUMMARY = "党建项目汇总表"
UNRELATED, DAMAGED = "劳保用品领用清单.xlsx", "传了一半的申请表.docx"


def play(root: Path, today: date, *, say: Say) -> Workspace:
    """Build the workspace in `root` and run everything; `say` gets a Chinese line per step."""
    library = load_library(default_templates())
    settings = DEFAULT_TOML
    for name, value in OFFICE.items():
        settings = settings.replace(f'{name} = ""', f'{name} = "{value}"')
    workspace = Workspace.create(root, templates=default_templates(), settings=settings, units=(FIRST, SECOND, ROADS))
    first, middle, last = (date(today.year, 8, day) for day in (20, 27, 30))
    say("① 办公室放入组织名册，写出各单位的空白表")
    _hand_in(workspace, library, [ROSTER], first)
    write_blanks(workspace, today=first)
    say(f"② {_chinese(first)}：三个单位交来第一批文件，有对有错")
    _drop_strangers(workspace, library, first)
    _hand_in(workspace, library, FIRST_DAY, first)
    say(f"③ {_chinese(middle)}：改好的表再次报送，党委会审批意见到了")
    _hand_in(workspace, library, MIDDLE_DAY, middle)
    say(f"④ {_chinese(last)}：逾期的申请表和汇总表")
    _hand_in(workspace, library, LAST_DAY, last)
    say("⑤ 写出汇总表和责任书")
    write_tables(workspace, SUMMARY, today=last)
    write_letters(workspace, LETTER, today=last)
    return workspace


def _hand_in(workspace: Workspace, library: Library, papers: Iterable[Paper], day: date) -> None:
    for paper in papers:
        rows = [_dated(row, day.year) for row in paper.rows]
        data = filled(library, paper.type, _dated(paper.fields, day.year), rows)
        _drop(workspace.inbox / paper.folder / paper.name, data, day)
    flow.run(workspace, today=day)


def _drop_strangers(workspace: Workspace, library: Library, day: date) -> None:
    """A list that is none of the types, and a form whose copying was cut off."""
    columns = (Column("姓名", 12), Column("物品", 20), Column("数量", 8))
    rows = [("韩雪峰", "安全帽", "2"), ("曹玉兰", "反光背心", "3")]
    note = f"领用日期：{_chinese(day)}"
    unrelated = write_list("领用清单", "劳保用品领用清单", note=note, columns=columns, rows=rows, fonts=Fonts())
    _drop(workspace.inbox / SECOND / UNRELATED, unrelated, day)
    whole = filled(library, FIRST_DAY[0].type, _dated(FIRST_DAY[0].fields, day.year))
    _drop(workspace.inbox / ROADS / DAMAGED, whole[: len(whole) * 2 // 3], day)


def _drop(path: Path, data: bytes, day: date) -> None:
    path.write_bytes(data)
    morning = datetime.combine(day, time(9)).timestamp()
    os.utime(path, (morning, morning))


def _dated(texts: Texts, year: int) -> dict[str, str]:
    return {name: text.replace("YEAR+2", str(year + 2)).replace("YEAR", str(year)) for name, text in texts.items()}


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
