"""`pipeline decide NUMBER`: what only a person can settle, settled from the command line."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli import options, show, words
from pipeline.errors import ExitCode

if TYPE_CHECKING:
    from pipeline.flow.by_command import Wish

_HELP = (
    "确认一处疑问，或者受理、退回一份报送件，并记下是谁确认的。\n\n"
    "NUMBER 是来文编号（印在反馈单上）或项目编号。只写编号时，列出这一份还有哪些疑问，什么都不改。\n\n"
    "确认疑问：用 --field 写哪一项（台账另用 --row 写第几条），再用 --value 写正确的内容，"
    "或者 --keep（读法一）、--second（读法二）。\n\n"
    "受理或退回：--accept 受理只剩“请改正或说明”的一份，--return 把它退回报送单位；都要用 --note 写理由。\n\n"
    "表上的标签程序不认识时：--field 写它是哪一项，--label 写表上的标签，以后就认得了，这一份也会重新读一遍。\n\n"
    "疑问多的时候，在 outbox/待办 里的《待人工确认》上填写更方便。"
)


@click.command("decide", cls=words.Command, short_help="确认一处疑问，受理或退回一份报送件", help=_HELP)
@click.argument("number", metavar="NUMBER")
@click.option("--field", metavar="字段", cls=words.Option, envvar="PIPELINE_DECIDE_FIELD", help="要确认的是哪一项。")
@click.option("--row", type=click.IntRange(1), metavar="几", cls=words.Option, envvar="PIPELINE_DECIDE_ROW",
              help="台账里的第几条，与反馈单上的“第几条”相同。")  # fmt: skip
@click.option("--form", type=click.IntRange(1), metavar="几", cls=words.Option, envvar="PIPELINE_DECIDE_FORM",
              help="文件里有几份表时，是第几份。")  # fmt: skip
@click.option("--value", metavar="内容", cls=words.Option, envvar="PIPELINE_DECIDE_VALUE", help="正确的内容。")
@click.option("--keep", is_flag=True, cls=words.Option, envvar="PIPELINE_DECIDE_KEEP", help="按读法一，即已经读到的。")
@click.option("--second", is_flag=True, cls=words.Option, envvar="PIPELINE_DECIDE_SECOND", help="按读法二。")
@click.option("--accept", is_flag=True, cls=words.Option, envvar="PIPELINE_DECIDE_ACCEPT", help="说明理由后受理。")
@click.option("--return", "send_back", is_flag=True, cls=words.Option, envvar="PIPELINE_DECIDE_RETURN",
              help="退回报送单位。")  # fmt: skip
@click.option("--label", metavar="标签", cls=words.Option, envvar="PIPELINE_DECIDE_LABEL",
              help="表上的这个标签就是 --field 写的那一项，加进模板。")  # fmt: skip
@click.option("--by", metavar="姓名", cls=words.Option, envvar="PIPELINE_DECIDE_BY", help="确认人；改动时必须写。")
@click.option(
    "--note", metavar="理由", default="", cls=words.Option, envvar="PIPELINE_DECIDE_NOTE", help="理由或说明。"
)
@options.shared
@options.dry_run
def decide(number: str, *, workspace: Path, today: date, as_json: bool, dry_run: bool, **said: Any) -> int:
    """Look, or carry out one decision."""
    from pipeline.flow import by_command
    from pipeline.flow.briefing import Options
    from pipeline.workspace import Workspace

    place = Workspace.open(workspace)
    wish = _wish(number, said)
    if wish is None:
        report = by_command.look(place, number)
    else:
        settings = Options(wait=30, workers=1)
        report = by_command.decide(place, wish, today=today, dry_run=dry_run, options=settings)
    show.decided(report, as_json=as_json)
    return ExitCode.OK if report.settled or said["send_back"] else ExitCode.ATTENTION


def _wish(number: str, said: dict[str, Any]) -> Wish | None:
    """What the options ask for; None for a look. Raises UsageError for options that do not go together."""
    from pipeline.flow.by_command import Wish
    from pipeline.model import Verdict

    asked = [name for name in ("value", "keep", "second", "accept", "send_back", "label") if said[name]]
    if not asked:
        if said["field"] or said["by"]:
            raise click.UsageError("没有写要做什么：--value、--keep、--second、--accept、--return、--label 里写一个。")
        return None
    if len(asked) > 1:
        raise click.UsageError("一次只能做一件事：--value、--keep、--second、--accept、--return、--label 里只写一个。")
    if not (said["by"] or "").strip():
        raise click.UsageError("没有写确认人，请加上 --by 姓名。")
    ruling = {"accept": Verdict.ACCEPTED, "send_back": Verdict.RETURNED}.get(asked[0])
    if ruling is None and not said["field"]:
        raise click.UsageError("没有写是哪一项，请加上 --field 字段名。")
    said = {**said, "by": said["by"].strip(), "note": said["note"].strip()}
    fields = {name: said[name] or "" for name in ("by", "note", "field", "label")}
    return Wish(
        number, **fields, form=said["form"] or 0, row=said["row"], text=said["value"], second=said["second"],
        ruling=ruling,
    )  # fmt: skip
