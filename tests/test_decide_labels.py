"""A label nobody knew: added to the office's own template when a person says so, and only then."""

from __future__ import annotations

import json
import random
import shutil
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import UsageError
from pipeline.flow.briefing import Options
from pipeline.flow.by_command import DecideReport, Wish, decide
from pipeline.forms.addlabel import with_label
from pipeline.forms.beside import unknown_label
from pipeline.model import Verdict
from pipeline.office.library import default_templates, load_library
from pipeline.workspace import Workspace
from tests import damage
from tests.documents import document, table
from tests.offices import BRANCH, FIRST, FORM, LIBRARY, NEXT_DAY, office, relabelled, written

TYPE, STRANGE = "党建项目申请表", "报送事项所在支部"
SPECS = sorted(default_templates().glob("*/spec.toml"))


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.parent.name)
def test_every_field_of_every_template_can_learn_a_label_and_nothing_else_changes(path: Path) -> None:
    text = path.read_text("utf-8-sig")
    data = tomllib.loads(text)
    for table_name in ("fields", "columns"):
        for index, one in enumerate(data.get(table_name, [])):
            after = with_label(text, one["name"], "新叫法")
            assert after is not None
            changed = tomllib.loads(after)
            assert changed[table_name][index]["labels"][-1] == "新叫法"
            changed[table_name][index]["labels"].pop()
            assert changed[table_name][index] | {"labels": one.get("labels")} == one | {"labels": one.get("labels")}
            before_lines, after_lines = text.splitlines(), after.splitlines()
            assert 0 <= len(after_lines) - len(before_lines) <= 1
            assert sum(line not in before_lines for line in after_lines) <= 2


HOSTILE = st.text(st.sampled_from("名称\"\\'#[]=,{}\t 甲"), min_size=1, max_size=12)


@given(HOSTILE, st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_any_label_is_written_as_text_or_not_at_all(label: str, ending: str, over_lines: bool) -> None:
    labels = 'labels = [\n  "名称", # ] "\n  \'旧]\'\n]' if over_lines else 'labels = ["名称", "旧]"] # 备注'
    text = f'name = "表"\n[[fields]]\nname = "名称"\n{labels}\nrequired = "yes"\n\n[[fields]]\nname = "乙"\n'
    text = text.replace("\n", ending)
    after = with_label(text, "名称", label)
    assert after is not None
    assert tomllib.loads(after)["fields"][0]["labels"] == ["名称", "旧]", label]
    assert after.count(ending) - text.count(ending) == int(over_lines)
    assert tomllib.loads(with_label(text, "乙", label))["fields"][1]["labels"] == ["乙", label]


def test_the_strange_label_beside_a_doubtful_value_is_named() -> None:
    spec = LIBRARY.types[TYPE]
    grid = table([("报送事项", "水厂支部"), ("立项支部", "另一个"), ("项目名称", "")])
    assert unknown_label(document(grid), grid.place((0, 1)), spec) == "报送事项"
    assert unknown_label(document(grid), grid.place((1, 1)), spec) == ""
    assert unknown_label(document(grid), None, spec) == ""


@pytest.fixture(scope="module")
def strange(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, str]:
    """A form that was returned because its label for the branch is one that nobody knows."""
    data = relabelled(written(FORM), "立项支部", STRANGE)
    root = tmp_path_factory.mktemp("office") / "甲"
    workspace, report = office(root, {f"{FIRST}/申请表.docx": data}, own_templates=True)
    assert report.verdicts == (Verdict.RETURNED,)
    return workspace, report.reference


def teach(place: tuple[Workspace, str], label: str, *, field: str = "立项支部", dry_run: bool = False) -> DecideReport:
    wish = Wish(place[1], "张敏", "各单位都这么写", field=field, label=label)
    return decide(place[0], wish, today=NEXT_DAY, dry_run=dry_run, options=Options(workers=1))


@pytest.mark.parametrize(
    ("label", "field", "sentence"),
    [
        ("项目负责人", "立项支部", "已经是“项目主要责任人”的标签"),
        ("申报支部", "立项支部", "已经是“立项支部”的标签，?|不必再加"),
        ("（）", "立项支部", "不能作为标签"),
        ("很长的标签" * 10, "立项支部", "不能作为标签"),
        ("甲\n乙", "立项支部", "不能作为标签"),
        (STRANGE, "经费", "里没有这一项"),
    ],
)
def test_a_label_that_is_no_use_is_refused_and_nothing_is_written(strange, label, field, sentence) -> None:
    spec = strange[0].templates / TYPE / "spec.toml"
    before, lines = spec.read_bytes(), strange[0].journal(2026).read_bytes()
    with pytest.raises(UsageError, match=sentence):
        teach(strange, label, field=field)
    assert (spec.read_bytes(), strange[0].journal(2026).read_bytes()) == (before, lines)
    assert not list(spec.parent.glob("*.bak"))


def test_an_office_without_templates_of_its_own_is_told(strange, tmp_path: Path) -> None:
    shutil.copytree(strange[0].root, tmp_path / "甲")
    shutil.rmtree(tmp_path / "甲" / "templates")
    with pytest.raises(UsageError, match="没有自己的模板"):
        teach((Workspace.open(tmp_path / "甲"), strange[1]), STRANGE)


def test_a_taught_label_is_read_from_now_on_and_the_file_is_read_again(strange) -> None:
    workspace, _ = strange
    spec = workspace.templates / TYPE / "spec.toml"
    before = spec.read_bytes()
    dry = teach(strange, STRANGE, dry_run=True)
    assert not dry.changed
    assert spec.read_bytes() == before
    report = teach(strange, STRANGE)
    assert report.document.verdicts == (Verdict.ACCEPTED,)
    assert report.document.outcomes[0]["fields"]["立项支部"]["text"] == BRANCH
    assert any("受理回执" in path for path in report.document.outputs)
    assert STRANGE in load_library(workspace.templates).types[TYPE].field("立项支部").labels
    (backup,) = spec.parent.glob("spec.toml.*.bak")
    assert backup.read_bytes() == before
    lines = [json.loads(line) for line in workspace.journal(2026).read_bytes().splitlines()]
    assert [line["kind"] for line in lines[-2:]] == ["learned", "reread"]
    assert [lines[-2]["payload"][name] for name in ("field", "label", "by", "note")] == [
        "立项支部", STRANGE, "张敏", "各单位都这么写",
    ]  # fmt: skip


def test_damaged_labels_stay_unknown_until_taught() -> None:
    """The damage of the reading tests is the same: what was taken away is missing, not guessed."""
    from tests.test_decide import PLAIN, SHAPE, outcome_of

    outcome = outcome_of(damage.unknown_label(PLAIN, random.Random(0), SHAPE))
    missing = [one.field for one in outcome.findings if one.code == "missing"]
    assert len(missing) == 1
