"""How results look on stdout: one JSON object per line for programs, indented Chinese lines for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.system import in_chinese
from pipeline.cli.words import printable as printable

if TYPE_CHECKING:
    from pipeline.flow.by_command import DecideReport
    from pipeline.flow.report import DocumentReport, RunReport
    from pipeline.model import Verdict
    from pipeline.output.letters import LettersReport
    from pipeline.output.status import Status

VERDICTS = {
    "accepted": "通过",
    "returned": "退回修改",
    "review": "需要人工确认",
    "duplicate": "重复报送",
    "unreadable": "无法读取",
    "unknown": "不是认识的表",
}


def json_lines(items: Iterable[Mapping[str, Any]]) -> None:
    """Each item as one line of UTF-8 JSON, whatever the terminal's own encoding is."""
    import json

    for item in items:
        line = json.dumps(item, ensure_ascii=False)
        click.echo(line.encode("utf-8", "backslashreplace"))


def outcome_line(file: str, sha256: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """The contract's JSON object for one document; nothing was registered, so no number and no outputs.

    `said`: an outcome in wire shape, its findings with their sentences or without.
    """
    findings = [{**finding, "message": _message(finding)} for finding in said["findings"]]
    return {
        "file": file,
        "sha256": sha256,
        "number": None,
        **_with_rows(dict(said)),
        "findings": findings,
        "outputs": [],
    }


def _with_rows(said: dict[str, Any]) -> dict[str, Any]:
    """The rows of a big ledger travel packed; only they need what reads them."""
    if not said.get("packed_rows"):
        return said
    from pipeline.wire import with_rows

    return with_rows(said)


def refused(file: str, sentence: str, *, defect: bool) -> dict[str, Any]:
    """The line of a file that could not be opened, or on which the program failed: nothing is known about it."""
    finding = {
        "code": "defect" if defect else "no_file",
        "severity": "error",
        "field": None,
        "row": None,
        "place": None,
        "found": "",
        "message": sentence,
    }
    return {
        "file": file,
        "sha256": "",
        "type": None,
        "layout": None,
        "verdict": "unreadable",
        "number": None,
        "fields": {},
        "rows": [],
        "findings": [finding],
        "outputs": [],
    }


def outcome_text(said: Mapping[str, Any]) -> Iterator[str]:
    """What a person reads about one document: type, verdict, then every finding with its place."""
    from pipeline.catalog import SEVERITY_WORDS

    yield f"文种：{said['type'] or '未识别'}"
    yield f"结论：{VERDICTS[said['verdict']]}{_tally([finding['severity'] for finding in said['findings']])}"
    for number, finding in enumerate(said["findings"], 1):
        yield f"{number}. 【{SEVERITY_WORDS[finding['severity']]}】{_message(finding)}"


def _message(finding: Mapping[str, Any]) -> str:
    if "message" in finding:
        return str(finding["message"])
    from pipeline.catalog import sentence
    from pipeline.wire import finding_from_json

    return sentence(finding_from_json(dict(finding))).text


def report(report: RunReport, *, as_json: bool) -> None:
    """What a run did with every document, then what still lies in the inbox (on stderr) and why."""
    from pipeline.intake.wording import left

    if as_json:
        json_lines(report.lines())
    else:
        for document in report.documents:
            for line in _document_text(document):
                click.echo(line)
        click.echo(_totals(report), err=True)
    for item in report.left:
        click.echo(f"没有处理：inbox/{item.relative}　{left(item.reason)}", err=True)
    if report.trouble:
        click.echo(f"暂时停下：{in_chinese(report.trouble)}", err=True)


def written(files: Iterable[Path], *, as_json: bool, dry_run: bool) -> None:
    """The files that were written, or would be."""
    if as_json:
        json_lines({"output": str(path), "dry_run": dry_run} for path in files)
        return
    for path in files:
        click.echo(f"{'将写出' if dry_run else '已写出'}：{path}")


def letters(report: LettersReport, *, as_json: bool, dry_run: bool) -> None:
    """The letters, and every project that got none with the reason."""
    written(report.files, as_json=as_json, dry_run=dry_run)
    if not any(not letter.draft for letter in report.letters):
        click.echo("没有可以签订的项目，签订清单是空的，也没有合并打印件。", err=True)
    if as_json:
        json_lines(
            {"withheld": item.project, "unit": item.unit, "reference": item.reference, "reason": item.reason}
            for item in report.withheld
        )
        return
    for item in report.withheld:
        click.echo(f"没有出：{item.unit}《{item.project}》　{item.reason}")
    for path in report.stale:
        click.echo(f"这份是以前写的，这次没有它，请核对：{path}")


def decided(report: DecideReport, *, as_json: bool) -> None:
    """What a decision came to, and which doubts of the file are left."""
    from pipeline.catalog import sentence

    if as_json:
        head = {"changed": report.changed, "dry_run": report.dry_run, "said": report.said}
        json_lines({**line, **head} for line in report.document.lines())
        return
    for line in _document_text(report.document):
        click.echo(line)
    if report.said:
        click.echo(f"  {report.said}")
    for number, finding in report.waiting:
        form = f"（第{number}份）" if len(report.document.outcomes) > 1 else ""
        click.echo(f"  待确认{form}：{sentence(finding).text}")
    if report.dry_run:
        click.echo("  （试运行，什么都没有改）")


def _document_text(document: DocumentReport) -> Iterator[str]:
    yield document.file
    for outcome, number, verdict in zip(document.outcomes, document.numbers, document.verdicts, strict=True):
        if (member := outcome.get("member")) and not member["form"]:
            yield f"  {member['name']}"
        kind = f"《{outcome['type']}》" if outcome.get("type") else ""
        tally = _tally([finding["severity"] for finding in outcome["findings"]])
        yield f"  {kind}{VERDICTS[verdict]}{f'，编号 {number}' if number else ''}{tally}"
    for output in document.outputs:
        yield f"  → {output}"


def _totals(report: RunReport) -> str:
    verdicts = [verdict for document in report.documents for verdict in document.verdicts]
    counts = [f"{word}{verdicts.count(verdict)}" for verdict, word in _by_verdict() if verdict in verdicts]
    dry = "（试运行，什么都没有改）" if report.dry_run else ""
    if not report.documents:
        return f"收件箱里没有可以处理的文件。{dry}"
    return f"共{len(report.documents)}个文件：{'，'.join(counts)}。{dry}"


def _by_verdict() -> Iterator[tuple[Verdict, str]]:
    from pipeline.model import Verdict

    return ((Verdict(name), word) for name, word in VERDICTS.items())


def _tally(severities: Sequence[str]) -> str:
    from pipeline.catalog import SEVERITY_WORDS

    counts = [
        f"{word}{severities.count(severity)}处" for severity, word in SEVERITY_WORDS.items() if severity in severities
    ]
    return f"（{'，'.join(counts)}）" if counts else ""


def status(state: Status, *, as_json: bool) -> None:
    """How things stand."""
    if as_json:
        json_lines([state.to_json()])
    else:
        click.echo(state.text())
