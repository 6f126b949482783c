"""`pipeline check FILE…`: reads and checks files on the spot; no record is kept, nothing is written.

The files are opened in this process, not in a disposable worker: whoever runs `check` looks at files of his own.
One file that goes wrong never keeps the others from their answer.
"""

from __future__ import annotations

import gc
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli import exits, options, show, words
from pipeline.errors import ExitCode, PipelineError

if TYPE_CHECKING:
    from pipeline.examine import Desk
    from pipeline.model import Outcome


@dataclass(frozen=True, slots=True)
class Answer:
    """What `check` says about one file: its outcomes, or the sentence why there are none with its exit code."""

    file: Path
    sha256: str = ""
    outcomes: tuple[Outcome, ...] = ()
    refusal: str = ""
    code: ExitCode = ExitCode.OK


@click.command(
    "check",
    cls=words.Command,
    short_help="检查填好的表格，列出要改的地方，不留记录",
    help="检查填好的表格，列出每一处要改的地方和改法。\n\n"
    "不需要工作文件夹，也不留记录，支部交表之前可以先查一遍。报送时间按文件的修改时间算；"
    "在工作文件夹里运行时，按那里的名册、期限和设置检查。",
)
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=click.Path(path_type=Path))
@options.shared
def check(files: tuple[Path, ...], *, workspace: Path, today: date, as_json: bool) -> int:
    """Print what is to be said about every file; the exit code is the worst of theirs."""
    from pipeline.cli.desk import desk_for, folder_of

    desk = desk_for(workspace, today)
    gc.freeze()  # the desk stays: it need not be looked through again for every file
    codes = []
    for file in files:
        answer = look_at(file, desk, today=today, unit=folder_of(file, workspace))
        codes.append(answer.code)
        if as_json:
            show.json_lines(_lines(answer))
        else:
            _tell(answer)
    return max(codes)


def look_at(file: Path, desk: Desk, *, today: date, unit: str = "") -> Answer:
    """Read and check one file. A file that is not there is refused; a defect of ours costs this file only."""
    import hashlib

    from pipeline.examine import examine
    from pipeline.model import Arrival, Verdict

    try:
        data = file.read_bytes()
        arrived = datetime.fromtimestamp(file.stat().st_mtime, UTC).astimezone().date()
        sha256 = hashlib.sha256(data).hexdigest()
        outcomes = examine(data, Arrival(file.name, unit, arrived, sha256), desk, today)
    except OSError as error:
        return Answer(file, refusal=exits.disk_sentence(error), code=ExitCode.USAGE)
    except PipelineError:
        raise
    except Exception as error:
        return Answer(file, refusal=f"{file}：{exits.defect_sentence(error)}", code=ExitCode.DEFECT)
    accepted = all(outcome.verdict is Verdict.ACCEPTED for outcome in outcomes)
    return Answer(file, sha256, outcomes, code=ExitCode.OK if accepted else ExitCode.ATTENTION)


def _lines(answer: Answer) -> list[dict[str, Any]]:
    if answer.refusal:
        click.echo(answer.refusal, err=True)
        return [show.refused(str(answer.file), answer.refusal, defect=answer.code is ExitCode.DEFECT)]
    return [show.outcome_line(str(answer.file), answer.sha256, outcome) for outcome in answer.outcomes]


def _tell(answer: Answer) -> None:
    if answer.refusal:
        click.echo(answer.refusal, err=True)
        return
    click.echo(str(answer.file))
    for outcome in answer.outcomes:
        for line in show.outcome_text(outcome):
            click.echo(f"  {line}")
    click.echo()
