"""`pipeline check FILE…`: reads and checks files on the spot; no record is kept, nothing is written.

The files are opened in disposable workers, like all that comes in; this process hashes them and prints. One file that
goes wrong never keeps the others from their answer.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli import exits, options, show, words
from pipeline.errors import ExitCode

if TYPE_CHECKING:
    from pipeline.work.documents import Part
    from pipeline.work.pool import Pool

EXAMINER = "pipeline.work.reader:reader"
PATHS: tuple[str, ...] = ()
_ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class Answer:
    """What `check` says about one document: its forms in wire shape, or the sentence why there are none."""

    file: str
    sha256: str = ""
    forms: tuple[dict[str, Any], ...] = ()
    refusal: str = ""
    code: ExitCode = ExitCode.OK


@dataclass(frozen=True, slots=True)
class Given:
    """A file of the command line: what a worker is asked about it, or why it cannot be opened."""

    file: Path
    request: dict[str, Any] = field(default_factory=dict)
    refusal: str = ""


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
    from pipeline.work.pool import Pool

    configuration, bounds = desk_for(workspace, today)
    codes = []
    with Pool(_at_once(files), EXAMINER, bounds=bounds, paths=PATHS, deaths=1) as pool:
        pool.configure(configuration)
        pool.start()
        if not as_json:
            import pipeline.catalog  # noqa: F401 - the words for people, while the worker loads

        given = [look_at(file, today=today, unit=folder_of(file, workspace)) for file in files]
        for answer in answers(pool, given):
            codes.append(answer.code)
            if as_json:
                show.json_lines(_lines(answer))
            else:
                _tell(answer)
    return max(codes)


def look_at(file: Path, *, today: date, unit: str = "") -> Given:
    """What is to be asked about a file. Only ordinary files are opened, and here only to be hashed."""
    import hashlib

    try:
        status = file.stat()
        if not stat.S_ISREG(status.st_mode) and not stat.S_ISDIR(status.st_mode):
            return Given(file, refusal=f"「{show.printable(str(file))}」不是普通文件，程序不会打开。")
        with file.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        return Given(file, refusal=exits.disk_sentence(error))
    arrived = datetime.fromtimestamp(status.st_mtime, UTC).astimezone().date()
    arrival = {"name": file.name, "unit": unit, "received": arrived.isoformat(), "sha256": sha256}
    return Given(file, {"do": "examine", "path": str(file), "arrival": arrival, "today": today.isoformat()})


def answers(pool: Pool, given: Sequence[Given]) -> Iterator[Answer]:
    """One answer per document, in the order of the arguments; an archive gives one for each document in it."""
    from pipeline.work.documents import parts

    told = pool.each([one.request for one in given if one.request])
    for one in given:
        if one.refusal:
            yield Answer(str(one.file), refusal=one.refusal, code=ExitCode.USAGE)
            continue
        for part in parts(pool, one.request, next(told)):
            yield _answer(one, part)


def _answer(given: Given, part: Part) -> Answer:
    from pipeline.work.documents import failed

    file, sha256 = str(given.file), given.request["arrival"]["sha256"]
    if part.member is not None:
        file, sha256 = f"{file}/{part.member['name']}", part.member["sha256"]
    if "defect" in part.answer.message:
        return Answer(file, sha256, refusal=_defect(file, part), code=ExitCode.DEFECT)
    forms = [form["outcome"] for form in part.answer.message.get("forms", ())] or [failed(part)]
    accepted = all(form["verdict"] == _ACCEPTED for form in forms)
    return Answer(file, sha256, tuple(forms), code=ExitCode.OK if accepted else ExitCode.ATTENTION)


def _defect(file: str, part: Part) -> str:
    said = part.answer.message
    details = f"{said['defect']}\n" + "\n".join(map(str, said.get("at", ())))
    return f"{show.printable(file)}：{exits.defect_sentence(str(said['defect']), details)}"


def _at_once(files: Sequence[Path]) -> int:
    return max(1, min(len(files), os.cpu_count() or 1))


def _lines(answer: Answer) -> list[dict[str, Any]]:
    if answer.refusal:
        click.echo(answer.refusal, err=True)
        return [show.refused(answer.file, answer.refusal, defect=answer.code is ExitCode.DEFECT)]
    return [show.outcome_line(answer.file, answer.sha256, form) for form in answer.forms]


def _tell(answer: Answer) -> None:
    if answer.refusal:
        click.echo(answer.refusal, err=True)
        return
    click.echo(show.printable(answer.file))
    for form in answer.forms:
        for line in show.outcome_text(form):
            click.echo(f"  {line}")
    click.echo()
