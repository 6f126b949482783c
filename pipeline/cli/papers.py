"""`pipeline blank`, `letters` and `table`: the papers an office hands out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from pipeline.cli import options, show, words


@click.command(
    "blank",
    cls=words.Command,
    short_help="按单位写出空白表",
    help="按单位写出空白表，放进各单位的发件箱；名册里已有的单位名称会先填好。\n\n"
    "不写文种时，写出全部由单位填报的表。组织名册由办公室填，写 pipeline blank 组织名册 时放在 outbox/空白表。",
)
@click.argument("types", nargs=-1, metavar="[TYPE…]")
@options.shared
@options.dry_run
def blank(types: tuple[str, ...], *, workspace: Path, today: date, as_json: bool, dry_run: bool) -> None:
    """Write blank forms for every unit."""
    from pipeline.output.blanks import write_blanks
    from pipeline.workspace import Workspace

    written = write_blanks(Workspace.open(workspace), types, today=today, dry_run=dry_run)
    show.written(written, as_json=as_json, dry_run=dry_run)


@click.command(
    "letters",
    cls=words.Command,
    short_help="批量写出待签的责任书",
    help="批量写出待签的文书（如 党建项目责任书）：每个已立项项目一份，另附签订清单和一份合并打印件。",
)
@click.argument("type_name", metavar="TYPE")
@click.option(
    "--draft",
    is_flag=True,
    envvar="PIPELINE_LETTERS_DRAFT",
    cls=words.Option,
    help="尚未立项、只是通过检查的项目也写，并标明「草稿」。",
)
@click.option(
    "--pdf",
    is_flag=True,
    envvar="PIPELINE_LETTERS_PDF",
    cls=words.Option,
    help="同时转成 PDF（需要 LibreOffice）。",
)
@options.shared
@options.dry_run
def letters(
    type_name: str, *, draft: bool, pdf: bool, workspace: Path, today: date, as_json: bool, dry_run: bool
) -> None:
    """Write the batch for signing."""
    from pipeline.output.letters import write_letters
    from pipeline.workspace import Workspace

    report = write_letters(Workspace.open(workspace), type_name, today=today, draft=draft, pdf=pdf, dry_run=dry_run)
    show.letters(report, as_json=as_json, dry_run=dry_run)


@click.command(
    "table",
    cls=words.Command,
    short_help="写出汇总表（各单位和全公司）",
    help="写出汇总表。党建项目汇总表：每个单位一份，全公司一份，Excel 和 Word 各一种；"
    "其他台账（如 进展月报）：各单位已受理的合成一份 Excel 清单。",
)
@click.argument("type_name", metavar="TYPE")
@options.shared
@options.dry_run
def table(type_name: str, *, workspace: Path, today: date, as_json: bool, dry_run: bool) -> None:
    """Write the consolidated tables."""
    from pipeline.output.tables import write_tables
    from pipeline.workspace import Workspace

    remarks: list[str] = []
    written = write_tables(Workspace.open(workspace), type_name, today=today, dry_run=dry_run, say=remarks.append)
    show.written(written, as_json=as_json, dry_run=dry_run)
    for remark in remarks:
        click.echo(remark, err=True)
