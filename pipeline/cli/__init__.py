"""The command line: one module per group of commands, nothing heavy imported before a command needs it.

`words` makes click speak Chinese, `options` holds what all commands share, `exits` maps exceptions to exit codes.
Knows no rule of the office: every command asks the module that answers for it and prints what came back.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from pipeline.cli import check, decide, exits, papers, places, runs, templates, words


@click.group(
    cls=words.Group,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="每个命令的选项见「pipeline 命令 --help」。从「pipeline demo」开始看最快。",
)
@click.version_option(package_name="dangjian-pipeline", message="党建文件流水线 %(version)s", help="显示版本号。")
def group() -> None:
    """党建文件流水线：共享文件夹收表、查错、退回批注，生成汇总表和责任书。"""


for command in (
    places.demo,
    places.init,
    check.check,
    runs.run,
    runs.watch,
    places.status,
    decide.decide,
    papers.blank,
    papers.letters,
    papers.table,
    templates.template,
):
    group.add_command(command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    words.speak_chinese()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    sys.exit(exits.carry_out(group, arguments))
