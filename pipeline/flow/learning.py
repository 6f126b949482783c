"""A label that the office says means a field: added to the workspace's own spec.toml, on request only.

The text of the file is changed in one place and compared afterwards: the new spec is the old one with one label more,
or nothing is written. It must pass the linter before it counts. The former file stays beside it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pipeline.errors import SettingsError, UsageError
from pipeline.flow import deciding, messages
from pipeline.flow.messages import Item
from pipeline.flow.objections import objection, told
from pipeline.forms.addlabel import with_label
from pipeline.forms.doubts import Answer, reading_at, settled
from pipeline.forms.labels import key
from pipeline.forms.lint import lint
from pipeline.forms.specfile import read_spec
from pipeline.model import Finding, Severity, Verdict
from pipeline.office.library import SPEC, load_library
from pipeline.output.names import write_whole
from pipeline.store import durable, events, standing
from pipeline.wire import outcome_from_json
from pipeline.work.documents import parts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pipeline.flow.office_answers import Taught
    from pipeline.flow.stages import Finished, Stages
    from pipeline.forms.spec import FieldSpec, TypeSpec
    from pipeline.store.decide import Form
    from pipeline.store.standing import Standing
    from pipeline.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Lesson:
    """A synonym ready to be learnt: the spec's file, its text as it was and as it will be."""

    type: str
    field: str
    label: str
    path: Path
    before: bytes
    after: bytes


def refused(variant: str, field: str = "", **facts: str) -> Finding:
    """A finding of code not_learned."""
    return Finding("not_learned", Severity.ERROR, field or None, facts={"variant": variant, **facts})


def lesson(workspace: Workspace, type_name: str, field: str, label: str) -> Lesson:
    """What would be written. Raises UsageError where the label is no use, SettingsError for broken templates."""
    why = objection_to(workspace, type_name, field, label)
    if isinstance(why, Finding):
        raise UsageError(told(why))
    return why


def objection_to(workspace: Workspace, type_name: str, field: str, label: str) -> Lesson | Finding:
    """The same, with the reason as a value."""
    if not workspace.templates.is_dir():
        return refused("templates", field)
    spec = load_library(workspace.templates).types.get(type_name)
    names = [one.name for one in (*spec.fields, *spec.columns)] if spec else []
    if spec is None or field not in names:
        return Finding(
            "not_settled",
            Severity.ERROR,
            field,
            facts={"variant": "no_field", "type": type_name, "known": "、".join(names) or "（无）"},
        )
    return _use(spec, label.strip(), field) or _lesson(
        workspace.templates / type_name / SPEC, spec, field, label.strip()
    )


def _use(spec: TypeSpec, label: str, field: str) -> Finding | None:
    """Why the word is no use as a label; None when it is."""
    word = key(label)
    if not word or not any(char.isalpha() for char in word) or not label.isprintable():
        return refused("no_word", field, said=label)
    owner = next((name for name, words in _words(spec) if word in words), "")
    if not owner:
        return None
    facts = {"variant": "known" if owner == field else "taken", "said": label, "owner": owner, "field": field}
    return Finding("not_learned", Severity.ERROR, field, facts=facts)


def _words(spec: TypeSpec) -> list[tuple[str, set[str]]]:
    def words(one: FieldSpec) -> set[str]:
        return {key(word) for word in (one.name, *one.labels)}

    sections = [(name, {key(word) for word in (name, *labels)}) for name, labels in spec.sections.items()]
    return [*((one.name, words(one)) for one in (*spec.fields, *spec.columns)), *sections]


def _lesson(path: Path, spec: TypeSpec, field: str, label: str) -> Lesson | Finding:
    before = path.read_bytes()
    text = before.decode("utf-8-sig")
    after = with_label(text, field, label)
    if after is None:
        return refused("shape", field, said=label, file=f"{spec.name}/{SPEC}")
    try:
        fresh = replace(read_spec(after, SPEC).spec, layouts=spec.layouts)
    except SettingsError as error:
        return refused("refused", field, said=label, problem=str(error).splitlines()[0])
    faults = [one for one in lint(fresh) if one not in lint(spec)]
    if faults:
        return refused("refused", field, said=label, problem=faults[0].problem.rstrip("。"))
    mark = before[: len(before) - len(text.encode())]
    return Lesson(spec.name, field, label, path, before, mark + after.encode())


def learn(stages: Stages, taught: Lesson, *, by: str, note: str, reference: str, dry_run: bool) -> str:
    """Record who taught it, keep the former file, write the new one; the sentence that says so."""
    where = stages.workspace.relative(taught.path)
    said = f"《{taught.type}》的“{taught.field}”{'将' if dry_run else '已'}认得标签“{taught.label}”（{where}）。"
    if dry_run:
        return said
    with stages.registry.transaction() as connection:
        chain = events.Chain(connection, at=datetime.now(UTC), year=stages.today.year)
        entry = chain.add("learned", {
            "type": taught.type, "field": taught.field, "label": taught.label, "by": by, "note": note,
            "reference": reference, "file": where, "on": stages.today.isoformat(),
            "before": hashlib.sha256(taught.before).hexdigest(), "after": hashlib.sha256(taught.after).hexdigest(),
        })  # fmt: skip
        chain.save()
    backup = taught.path.with_name(f"spec.toml.{stages.today:%Y%m%d}-{entry.n}.bak")
    with durable.Folders() as folders:
        durable.publish(taught.before, backup, folders)
    write_whole(taught.path, taught.after, below=stages.workspace.templates)
    stages.log()
    return said + f"原来的文件留在 {backup.name}。"


def learn_all(stages: Stages, lessons: Sequence[Taught]) -> list[Finished]:
    """The labels that rows of a workbook taught; what was settled meanwhile is looked up afresh before it is read."""
    done: list[Finished] = []
    for one, field, label, by in lessons:
        taught = objection_to(stages.workspace, one.type, field, label)
        if isinstance(taught, Lesson):
            learn(stages, taught, by=by, note="", reference=one.reference, dry_run=False)
            stages.configure()
            with stages.registry.transaction() as connection:
                now = [row for row in standing.find(connection, one.reference) if row.form == one.form and row.active]
            done += [found for row in now for found in read_again(stages, row)]
    return done


def read_again(stages: Stages, one: Standing) -> list[Finished]:
    """The file read once more with what was learnt; what persons had confirmed in it stays.

    An accepted file is not read again. Raises UsageError when it now holds another number of forms.
    """
    if one.verdict is Verdict.ACCEPTED:
        return []
    request = messages.examination(one.arrival, stages.source(one.arrival), stages.today)
    (reply,) = stages.pool.map([request])
    found = messages.examined(Item(one.arrival), parts(stages.pool, request, reply))
    with stages.registry.transaction() as connection:
        forms = standing.find(connection, one.arrival.reference)
    if len(forms) != len(found.forms):
        raise UsageError(told(objection("forms", before=str(len(forms)), after=str(len(found.forms)))))
    open_ones = [(at, row) for at, row in enumerate(forms) if row.active and row.verdict is not Verdict.ACCEPTED]
    prepared = [_prepared(stages, row, (found.forms[at], found.kind)) for at, row in open_ones]
    with stages.registry.transaction() as connection:
        chain = events.Chain(connection, at=datetime.now(UTC), year=stages.today.year)
        deciding.carry_out(stages, connection, chain, prepared)
        chain.save()
    stages.log()
    return stages.publish_again()


def _prepared(stages: Stages, row: Standing, found: tuple[Form, str]) -> deciding.Prepared:
    form, kind = found
    record = outcome_from_json(row.outcome).record
    words = [(one, one.reading.confirmed) for one in (settled(record) if record else ())]
    answers = tuple(
        Answer(one.field, one.row, one.reading.text, word.by, word.on, word.note) for one, word in words if word
    )
    fresh = outcome_from_json(form.outcome).record
    answers = tuple(a for a in answers if fresh and reading_at(fresh, a.field, a.row) is not None)
    if not answers:
        return deciding.Prepared(deciding.Order(row), form, kind, ())
    (prepared,) = deciding.prepare(stages, [deciding.Order(replace(row, outcome=form.outcome), answers)])
    return prepared
