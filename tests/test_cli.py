"""The command line: Chinese words, exit codes, one JSON object per line, environment variables."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cli import exits, group, main, words
from pipeline.errors import ExitCode, SettingsError, StoreError, UsageError

LATIN = {
    "DIR",
    "NUMBER",
    "FILE",
    "TYPE",
    "YYYY-MM-DD",
    "JSON",
    "UTF-8",
    "PDF",
    "LibreOffice",
    "Word",
    "Excel",
    "Ctrl+C",
}
NAMES = {"pipeline", "pipeline.toml", "inbox", "outbox", "templates"}


def say(capfd, *arguments: str) -> tuple[int, str, str]:
    """Run the command line in this process: exit code, stdout, stderr."""
    with pytest.raises(SystemExit) as left:
        main(list(arguments))
    out, err = capfd.readouterr()
    return int(left.value.code or 0), out, err


def commands(command: click.Command = group, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The words of every command and sub-command."""
    found = [path]
    if isinstance(command, click.Group):
        for name, one in command.commands.items():
            found += commands(one, (*path, name))
    return found


def command_at(path: tuple[str, ...]) -> click.Command:
    command: click.Command = group
    for name in path:
        assert isinstance(command, click.Group)
        command = command.commands[name]
    return command


@pytest.mark.parametrize("path", commands(), ids=" ".join)
def test_help_is_chinese(path, capfd):
    code, out, err = say(capfd, *path, "--help")
    assert code == ExitCode.OK
    assert not err
    assert out.startswith("用法：")
    told = re.sub(r"--?[a-z-]+|PIPELINE_[A-Z_]+", "", out)
    foreign = {word.strip(".") for word in re.findall(r"[A-Za-z][\w.+-]*", told)} - LATIN - NAMES
    assert foreign - {name for command in commands() for name in command} == set()


@pytest.mark.parametrize("path", commands(), ids=" ".join)
def test_every_command_says_what_it_does(path):
    command = command_at(path)
    assert re.search(r"[一-鿿]", command.help or "")
    assert not path or re.search(r"[一-鿿]", command.short_help or "")


@pytest.mark.parametrize("path", commands(), ids=" ".join)
def test_every_option_has_an_environment_variable_and_a_chinese_help(path):
    for option in command_at(path).params:
        if isinstance(option, click.Option) and option.name not in {"help", "version"}:
            assert str(option.envvar).startswith("PIPELINE_")
            assert re.search(r"[一-鿿]", option.help or "")


@pytest.mark.parametrize("path", commands(), ids=" ".join)
def test_every_command_takes_workspace_today_and_json(path):
    command = command_at(path)
    if not isinstance(command, click.Group):
        assert {"workspace", "today", "as_json"} <= {one.name for one in command.params}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["chek"], "没有命令 chek。是不是 check？"),
        (["check"], "没有写 FILE…（要检查的文件，可以写几个）。"),
        (["run", "多余的"], "多了一个参数（多余的）。"),
        (["run", "--today", "2026-13-01"], "「2026-13-01」不是日期，请写成 2026-08-27 这样的年-月-日。"),
        (["run", "--today", "20260827"], "「20260827」不是日期"),
        (["run", "--today"], "选项 --today 后面要写一个值。"),
        (["run", "--quick"], "没有选项 --quick。"),
        (["run", "--json=1"], "选项 --json 后面不能写值。"),
        (["template", "show", "请假条"], "没有文种「请假条」，现有："),
        (["check", "不在.docx"], "「不在.docx」不存在，请检查路径。"),
        (["check", "."], "「.」是文件夹，这里要写文件。"),
    ],
)
def test_wrong_usage_is_said_in_chinese(arguments, sentence, capfd, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, err = say(capfd, *arguments)
    assert code == ExitCode.USAGE
    assert not out
    assert sentence in err
    assert not re.search(r"Error|Usage|Try|Invalid|Missing|No such|Got", err)


@pytest.mark.parametrize("path", [(), ("template",)])
def test_a_bare_group_shows_its_help_once(path, capfd):
    code, _, err = say(capfd, *path)
    assert code == ExitCode.USAGE
    assert err.count("用法：") == 1
    assert "错误" not in err


def carry_out(error: BaseException) -> int:
    """The exit code of a command that raises this."""

    @click.command()
    def failing() -> None:
        raise error

    return exits.carry_out(failing, [])


@pytest.mark.parametrize(
    ("error", "code", "sentence"),
    [
        (UsageError("没有这种表。"), ExitCode.USAGE, "错误：没有这种表。"),
        (SettingsError("pipeline.toml 第3行：写错了。"), ExitCode.SETTINGS, "错误：pipeline.toml 第3行：写错了。"),
        (StoreError("打不开。"), ExitCode.STORE, "错误：打不开。"),
        (PermissionError(13, "denied", "outbox/a.docx"), ExitCode.STORE, "「outbox/a.docx」没有读写权限"),
        (OSError(28, "No space left on device"), ExitCode.STORE, "读写失败（磁盘满了）"),
        (
            StoreError("无法建立：Not a directory。请检查。"),
            ExitCode.STORE,
            "错误：无法建立：路径里有一段不是文件夹。请检查。",
        ),
        (KeyboardInterrupt(), ExitCode.INTERRUPTED, "已中断。"),
    ],
)
def test_exceptions_become_exit_codes(error, code, sentence, capfd):
    assert carry_out(error) == code
    assert sentence in capfd.readouterr().err


def test_a_defect_is_one_line_and_a_log(capfd, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert carry_out(ZeroDivisionError("secret detail")) == ExitCode.DEFECT
    err = capfd.readouterr().err
    (log,) = tmp_path.glob("pipeline-*.log")
    assert err.count("\n") == 1
    assert str(log) in err
    assert "Traceback" not in err
    assert "secret detail" in log.read_text("utf-8")


def test_a_defect_is_shown_to_whoever_asks(capfd, monkeypatch):
    monkeypatch.setenv("PIPELINE_DEBUG", "1")
    assert carry_out(ZeroDivisionError("secret detail")) == ExitCode.DEFECT
    assert "Traceback" in capfd.readouterr().err


def test_environment_variables_stand_in_for_options(capfd, monkeypatch):
    monkeypatch.setenv("PIPELINE_JSON", "1")
    monkeypatch.setenv("PIPELINE_TODAY", "2026-08-20")
    code, out, _ = say(capfd, "template", "show", "党建项目申请表")
    assert code == ExitCode.OK
    assert json.loads(out)["type"] == "党建项目申请表"
    monkeypatch.setenv("PIPELINE_TODAY", "昨天")
    assert say(capfd, "template", "show")[0] == ExitCode.USAGE


def test_a_template_shows_what_it_reads(capfd):
    code, out, _ = say(capfd, "template", "show", "党建项目申请表")
    assert code == ExitCode.OK
    assert re.search(r"立项支部 +单位或支部 +必填　也认：", out)
    assert "整改台账" in say(capfd, "template", "show")[1]


def test_template_lint_names_what_is_wrong(capfd, tmp_path):
    folder = tmp_path / "templates" / "请假条"
    folder.mkdir(parents=True)
    (folder / "spec.toml").write_text('name = "请假条"\nkind = "菜单"\n', "utf-8")
    code, out, err = say(capfd, "template", "lint", "--workspace", str(tmp_path))
    assert code == ExitCode.SETTINGS
    assert not out
    assert "请假条/spec.toml" in err
    assert say(capfd, "template", "lint")[0] == ExitCode.OK


@given(st.text(st.sampled_from("党建项目，。；（）「」 abc-_/="), max_size=120), st.integers(8, 40))
def test_folding_keeps_the_text_and_the_width(text, columns):
    lines = words.fold(text, columns)
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)
    for line in lines:
        pieces = re.findall(r"[!-~]+", line)
        overhang = 2 * len(line) - 2 * len(line.rstrip("，。；）」 ")) if line else 0
        assert words.width(line) <= max(columns, *map(len, pieces), 0) + overhang


def test_a_page_keeps_its_columns_with_chinese_terms():
    page = words.Page(width=40)
    page.write_dl([("单位", "名称" * 20), ("a", "b")])
    lines = page.getvalue().splitlines()
    assert all(words.width(line) <= 40 for line in lines)
    assert lines[0].index("名") == len("单位") + 2
    assert lines[-1] == "a     b"


def test_the_help_page_imports_nothing_heavy():
    heavy = "{'lxml', 'sqlalchemy', 'openpyxl', 'docx', 'rich', 'pipeline.values', 'pipeline.flow'}"
    code = f"import sys, pipeline.cli; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
