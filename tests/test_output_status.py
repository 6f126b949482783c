"""Who has handed in what, who is missing, what waits: from values, and out of a real workspace."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from pipeline.model import Finding, Severity, Verdict
from pipeline.output.status import collect, survey
from pipeline.values import Roster
from pipeline.workspace import Workspace
from tests.papers import ROSTER, SETTINGS, TODAY, application, filed

WINDOW = SETTINGS.cycle.window("申报", TODAY)
LATE = Finding("late", Severity.EXPLAIN)


def example() -> list:
    return [
        filed(application()),
        filed(application(), verdict=Verdict.RETURNED, number=""),
        filed(application(), verdict=Verdict.REVIEW, number="", unit="第二分公司"),
        filed(application(), received=date(2026, 9, 1), findings=[LATE], unit="第三分公司"),
    ]


def test_counts_by_unit_and_type() -> None:
    status = survey(example(), ROSTER, WINDOW, TODAY)
    assert [
        (line.unit, line.handed_in, line.accepted, line.returned, line.waiting, line.late) for line in status.lines
    ] == [
        ("第二分公司", 1, 0, 0, 1, 0),
        ("第一分公司", 2, 1, 1, 0, 0),
        ("第三分公司", 1, 1, 0, 0, 1),
    ]


def test_missing_is_who_has_nothing_accepted_in_the_window() -> None:
    assert survey(example(), ROSTER, WINDOW, TODAY).missing == ("第二分公司", "第三分公司")
    assert survey([], Roster.of([]), WINDOW, TODAY).missing == ()


def test_json_and_text_say_the_same() -> None:
    status = survey(example(), ROSTER, WINDOW, TODAY)
    data = json.loads(json.dumps(status.to_json(), ensure_ascii=False))
    assert data["missing"] == ["第二分公司", "第三分公司"]
    assert data["window"] == {"name": "申报", "start": "2026-08-15", "end": "2026-08-27"}
    assert data["waiting"][0]["unit"] == "第二分公司"
    text = status.text()
    for part in ("已截止", "第二分公司、第三分公司", "合计", "等待人工确认（1份）"):
        assert part in text


def test_columns_line_up_as_chinese_shows() -> None:
    lines = survey(example(), ROSTER, WINDOW, TODAY).text().splitlines()
    table = lines[2 : 2 + 2 + 3 + 1]
    shown = {sum(2 if ord(char) > 0x2E80 else 1 for char in line) for line in table}
    assert len(shown) == 1


def test_an_empty_workspace_says_so(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "甲")
    text = collect(workspace, date(2026, 8, 20)).text()
    assert "还没有收到任何表格" in text
    assert "没有组织名册" in text
    assert "距截止还有7天" in text
