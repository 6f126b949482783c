"""The README cannot lie: commands, exit codes, templates, settings and rules are those of the program."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import click
import pytest

from pipeline.catalog import SEVERITY_WORDS
from pipeline.cli import group, show
from pipeline.errors import ExitCode
from pipeline.office.library import default_templates
from pipeline.settings import DEFAULT_TOML

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def section(title: str) -> str:
    """The text under a heading of the second level."""
    return re.split(r"^## ", README.split(f"\n## {title}\n")[1], flags=re.MULTILINE)[0]


def table(title: str) -> dict[str, str]:
    """First column → second column of the first table in a section, without its head."""
    first = re.search(r"(^\|.*\n)+", section(title), flags=re.MULTILINE)
    assert first
    rows = [line.strip("|").split("|") for line in first[0].splitlines()]
    return {cells[0].strip(" `"): cells[1].strip() for cells in rows[2:]}


def written(command: click.Command, *path: str) -> list[str]:
    if isinstance(command, click.Group):
        return [line for name, one in command.commands.items() for line in written(one, *path, name)]
    arguments = [str(one.metavar) for one in command.params if isinstance(one, click.Argument)]
    return [" ".join(["pipeline", *path, *arguments])]


def test_the_commands_are_those_of_the_program():
    shown = {re.sub(r" ?\[TYPE\]| TYPE$", "", line) for line in table("命令")}
    assert shown == {re.sub(r" ?\[TYPE\]| TYPE$", "", line) for line in written(group)}


def test_special_options_are_mentioned():
    options = {
        option for one in group.commands.values() for item in one.params for option in item.opts if option[:2] == "--"
    }
    assert {option for option in options if option not in section("命令")} == set()


def test_the_exit_codes_are_those_of_the_program():
    assert [int(code) for code in table("退出码")] == [int(code) for code in ExitCode]


def test_every_template_is_mentioned():
    folders = {path.parent.name for path in default_templates().glob("*/spec.toml")}
    assert {name for name in folders if name not in section("模板")} == set()


def test_no_template_is_invented():
    folders = {path.parent.name for path in default_templates().glob("*/spec.toml")}
    assert {name for names in table("模板") for name in names.split("、")} <= folders


def test_settings_and_their_sections_exist():
    shipped = tomllib.loads(DEFAULT_TOML)
    for line in table("设置"):
        names = re.findall(r"\[[a-z.]+\]|[a-z_]+", line)
        place = shipped
        if names[0].startswith("["):
            for part in names.pop(0).strip("[]").split("."):
                place = place[part]
        assert [name for name in names if name not in place] == [], line


def test_marks_and_verdicts_are_those_people_see():
    assert list(SEVERITY_WORDS.values()) == list(table("反馈怎么看"))
    assert [word for word in show.VERDICTS.values() if f"| {word} |" not in section("反馈怎么看")] == []


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:pipeline|docs|benchmarks|\.ci)/[\w./-]+)`", README))))
def test_every_path_exists(path):
    assert (ROOT / path).exists()


def test_benchmarks_exist():
    assert [name for name in re.findall(r"python (benchmarks/\w+\.py)", README) if not (ROOT / name).is_file()] == []


def test_rules_are_named_once():
    numbers = re.findall(r"R\d+", "".join(table("规则覆盖")))
    assert numbers
    assert len(numbers) == len(set(numbers))
    assert all(1 <= int(number[1:]) <= 113 for number in numbers)


def test_the_test_command_is_the_one_the_checks_run():
    command = re.search(r"\.venv/bin/(pytest[^\n]*)", README)
    assert command
    assert f"check {command[1]}\n" in (ROOT / ".ci" / "run").read_text("utf-8")


def test_the_lock_file_pins_every_dependency_with_hashes():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    pinned = {name.lower() for name in re.findall(r"^([\w.-]+)==", lock, flags=re.MULTILINE)}
    assert {re.split(r"[>=<\[]", one)[0].lower().replace(".", "-") for one in wanted} <= pinned
    assert lock.count("--hash=sha256:") >= len(pinned)
    assert "://" not in lock
