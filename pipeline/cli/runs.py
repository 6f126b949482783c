"""`pipeline run` and `pipeline watch`: take what lies in the inbox through all stages, once or for ever."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import click

from pipeline.cli import options, show, words


@click.command(
    "run",
    cls=words.Command,
    short_help="处理一遍收件箱里的全部文件",
    help="处理一遍收件箱里的全部文件：识别、检查、登记，写出反馈和回执，原件归档。\n\n"
    "中途断电或被关掉也不要紧，再运行一次会接着做，结果不变。",
)
@options.shared
@options.dry_run
def run(*, workspace: Path, today: date, as_json: bool, dry_run: bool) -> int:
    """One pass over the inbox."""
    from pipeline import flow
    from pipeline.workspace import Workspace

    with progress_bar() as progress:
        report = flow.run(Workspace.open(workspace), today=today, dry_run=dry_run, progress=progress)
    show.report(report, as_json=as_json)
    return report.exit_code


@click.command(
    "watch",
    cls=words.Command,
    short_help="守着收件箱，来一个处理一个",
    help="守着收件箱，来一个处理一个，直到按 Ctrl+C 或收到停止信号；手里的文件会先做完。\n\n"
    "不写 --today 时，每天按当天计算期限。",
)
@options.workspace
@options.fixed_today
@options.as_json
def watch(*, workspace: Path, today: date | None, as_json: bool) -> None:
    """Passes for ever; SIGTERM and Ctrl+C end it after the file in hand, with exit code 0."""
    from pipeline import flow
    from pipeline.workspace import Workspace

    place = Workspace.open(workspace)
    with stop_on_signal() as stop:
        click.echo(f"正在守着 {place.inbox}，按 Ctrl+C 停止。", err=True)
        flow.watch(place, stop=stop, today=today, told=lambda report: show.report(report, as_json=as_json))
    click.echo("已停止。", err=True)


@contextmanager
def stop_on_signal() -> Iterator[threading.Event]:
    """An event that SIGTERM or Ctrl+C sets; the earlier handlers come back afterwards."""
    stop = threading.Event()
    earlier = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)


@contextmanager
def progress_bar() -> Iterator[Callable[[int, int], None] | None]:
    """A bar on stderr when that is a terminal, else nothing."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("处理中"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)
