"""The options that all commands share, each with its environment variable."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from pipeline.cli import words

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound="Callable[..., Any]")


class Day(click.ParamType[date]):
    """A day written YYYY-MM-DD; nothing else, because a guessed day moves every deadline."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day, or a usage error in Chinese."""
        if isinstance(value, date):
            return value
        try:
            if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        return self.fail(f"「{value}」不是日期，请写成 2026-08-27 这样的年-月-日。", param, ctx)


def clock() -> date:
    """Today by the clock of this machine."""
    return datetime.now(UTC).astimezone().date()


def workspace(function: F) -> F:
    """--workspace DIR, handed over as `workspace: Path`."""
    return click.option(
        "--workspace",
        metavar="DIR",
        type=click.Path(path_type=Path),
        cls=words.Option,
        default=".",
        show_default="当前文件夹",
        envvar="PIPELINE_WORKSPACE",
        help="工作文件夹。",
    )(function)


def today(function: F) -> F:
    """--today YYYY-MM-DD, handed over as `today: date`; the clock's day when it is not given."""
    return _today(clock)(function)


def fixed_today(function: F) -> F:
    """The same for a command that runs over midnight: `today` is None when it is not given."""
    return _today(None)(function)


def _today(default: Callable[[], date] | None) -> Callable[[F], F]:
    return click.option(
        "--today",
        metavar="YYYY-MM-DD",
        type=Day(),
        cls=words.Option,
        default=default,
        show_default="今天",
        envvar="PIPELINE_TODAY",
        help="按哪一天计算期限。",
    )


def as_json(function: F) -> F:
    """--json, handed over as `as_json: bool`."""
    return click.option(
        "--json",
        "as_json",
        is_flag=True,
        cls=words.Option,
        envvar="PIPELINE_JSON",
        help="每行输出一个 JSON 对象（UTF-8）。",
    )(function)


def dry_run(function: F) -> F:
    """--dry-run, handed over as `dry_run: bool`."""
    return click.option(
        "--dry-run",
        is_flag=True,
        cls=words.Option,
        envvar="PIPELINE_DRY_RUN",
        help="只列出将要写出、移动的文件，什么都不改。",
    )(function)


def shared(function: F) -> F:
    """The three that every command takes: --workspace, --today, --json."""
    return workspace(today(as_json(function)))
