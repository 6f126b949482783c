"""`pipeline init`, `demo` and `status`: a workspace begins, shows what it can do, says how it stands."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from pipeline.cli import options, show, words
from pipeline.errors import UsageError

DEMO_FOLDER = "党建演示"


@click.command(
    "init",
    cls=words.Command,
    short_help="建一个空的工作文件夹",
    help="建一个空的工作文件夹：收件箱、发件箱、设置（pipeline.toml）、模板和空白表。\n\n"
    "对已有的工作文件夹运行时，只补上缺少的部分，原有文件一个不动。",
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@options.shared
@options.dry_run
def init(folder: Path, *, workspace: Path, today: date, as_json: bool, dry_run: bool) -> None:
    """Make the workspace and its blank forms; DIR is taken relative to --workspace."""
    from pipeline.office.library import default_templates
    from pipeline.output.blanks import write_blanks
    from pipeline.settings import DEFAULT_TOML
    from pipeline.workspace import Workspace

    root = Workspace((workspace / folder).absolute())
    _not_a_file(workspace / folder)
    parts = [root.inbox, root.outbox, root.archive, root.templates, root.settings]
    blanks = write_blanks(root, today=today, dry_run=True)
    new = [path for path in (*parts, *blanks) if not path.exists()]
    if not dry_run:
        Workspace.create(root.root, templates=default_templates(), settings=DEFAULT_TOML)
        write_blanks(root, today=today, keep=True)
    show.written(new, as_json=as_json, dry_run=dry_run)
    if not new:
        click.echo("该有的都已经有了，什么都没有改。", err=True)
    elif not as_json and not dry_run:
        click.echo(
            "\n下一步：填好 outbox/空白表 里的《组织名册》，放进 inbox；在 inbox 里给每个单位建一个收件文件夹；"
            f"然后运行 pipeline run --workspace {workspace / folder}。",
            err=True,
        )


@click.command(
    "demo",
    cls=words.Command,
    short_help="建一套演示，全部流程走一遍",
    help="建一套演示：三个单位、十来份填好的表（有对有错），全部流程走一遍，列出每个结果是什么。\n\n"
    f"不写 DIR 时建在「{DEMO_FOLDER}」；文件夹要是新的或者空的。内容都是虚构的。",
)
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=DEMO_FOLDER)
@options.shared
def demo(folder: Path, *, workspace: Path, today: date, as_json: bool) -> None:
    """Build the sample workspace, run everything on it, list what came out."""
    from pipeline.demo import play
    from pipeline.demo.listing import listing, tree

    root = workspace / folder
    _not_a_file(root)
    if root.exists() and any(root.iterdir()):
        raise UsageError(f"「{root}」已经有内容，请换一个文件夹，或者先把它删掉。")
    play(root, today, say=lambda line: click.echo(line, err=True))
    if as_json:
        show.json_lines({"output": path, "means": meaning} for path, meaning in listing(root))
        return
    for line in tree(root):
        click.echo(line)
    click.echo(
        "\n看什么：outbox 里各单位的“反馈”（先看反馈单，再打开“已标注”的原表），然后是“汇总”和“责任书”。"
        f"\n接着可以运行 pipeline status --workspace {root}。",
        err=True,
    )


def _not_a_file(root: Path) -> None:
    if root.exists() and not root.is_dir():
        raise UsageError(f"「{root}」是文件，这里要写文件夹的名称。")


@click.command(
    "status",
    cls=words.Command,
    short_help="看谁交了什么、哪些逾期、哪些等人处理",
    help="看谁交了什么、哪些逾期、哪些等人处理。",
)
@options.shared
def status(*, workspace: Path, today: date, as_json: bool) -> None:
    """Print how things stand."""
    from pipeline.output.status import collect
    from pipeline.workspace import Workspace

    show.status(collect(Workspace.open(workspace), today), as_json=as_json)
