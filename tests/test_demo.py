"""The demonstration: the sample forms get the verdicts that their mistakes deserve, every result is explained."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from pipeline.demo import DAMAGED, UNRELATED, play
from pipeline.demo.listing import listing, tree
from pipeline.demo.papers import FIRST_DAY, LAST_DAY, MIDDLE_DAY, ROSTER
from pipeline.output.sources import open_sources
from pipeline.settings import Settings

TODAY = date(2026, 9, 10)
PAPERS = (ROSTER, *FIRST_DAY, *MIDDLE_DAY, *LAST_DAY)


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("demo") / "党建演示"
    play(place, TODAY, say=lambda line: None)
    return place


def answers(root: Path) -> dict[str, str]:
    """Stem of each file that was handed in → the kind of answer it got."""
    found = {}
    for path in (root / "outbox").rglob("反馈/*"):
        stem, kind, _ = path.name.split("_", 2)
        if kind in ("反馈单", "受理回执"):
            found[stem] = kind
    return found


def test_every_paper_is_answered_as_it_deserves(root):
    expected = {paper.name.rsplit(".", 1)[0]: "受理回执" for paper in PAPERS}
    wrong = (
        "柏林河泵站申请表",
        "隧道光面爆破申请表",
        "机关支部申请表",
        "整改台账",
        "劳保用品领用清单",
        "传了一半的申请表",
    )
    assert answers(root) == expected | dict.fromkeys(wrong, "反馈单")


def test_every_mistake_is_found(root):
    from pipeline.workspace import Workspace

    with open_sources(Workspace.open(root), TODAY) as sources:
        filed = {one.file_name: {item.code for item in one.outcome.findings} for one in sources.registry.filed()}
    assert {"missing", "not_a_person", "invalid_date", "class_limit", "no_evidence", "vague"} <= filed["整改台账.xlsx"]
    assert "too_long" in filed["柏林河泵站申请表.docx"]
    assert "invalid_date" in filed["机关支部申请表.docx"]
    assert "late" in filed["引桥工序申请表.docx"]
    assert not filed["清水池渗漏防治申请表（党委已审批）.docx"]


def test_the_office_is_named_in_the_settings(root):
    settings = Settings.load(root / "pipeline.toml")
    assert settings.organisation == "望岳建设集团有限公司"
    assert settings.contact == "郑雅琴，13900001000"


def test_every_original_is_kept(root):
    originals = [path.name.split("-", 2)[2] for path in root.glob("archive/2026/原件/**/*") if path.is_file()]
    assert Counter(originals) == Counter([*(paper.name for paper in PAPERS), UNRELATED, DAMAGED])


def test_approved_projects_get_a_letter_and_stand_in_the_table(root):
    letters = [path.name for path in (root / "outbox" / "责任书").rglob("DJ-2026-*.docx")]
    assert len(letters) == len(MIDDLE_DAY)
    assert (root / "outbox" / "责任书" / "合并打印.docx").is_file()
    assert (root / "outbox" / "汇总" / "党建项目汇总表.xlsx").is_file()


def test_every_file_is_explained_in_chinese(root):
    entries = list(listing(root))
    assert [path for path, meaning in entries if not meaning] == []
    lines = list(tree(root))
    assert len([line for line in lines if "　" in line]) == len(entries)
    assert all((root / path).exists() for path, _ in entries)


def test_the_same_day_gives_the_same_decisions(root, tmp_path):
    play(tmp_path / "again", TODAY, say=lambda line: None)
    assert answers(tmp_path / "again") == answers(root)


def test_the_command_prints_the_tree_and_refuses_a_used_folder(tmp_path):
    command = [sys.executable, "-m", "pipeline", "demo", "演示", "--workspace", str(tmp_path), "--today", "2026-09-10"]
    done = subprocess.run([*command, "--json"], capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert {"output": "pipeline.toml", "means": "本单位的设置，用记事本就能改"} in lines
    again = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert again.returncode == 2
    assert "已经有内容" in again.stderr
