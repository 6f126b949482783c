"""The examiner of `pipeline check`: outcomes with their sentences; nothing for the registry, nothing rendered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.catalog import sentence
from pipeline.wire import outcome_to_json
from pipeline.work.desk import desk_of
from pipeline.work.look import contents, look

if TYPE_CHECKING:
    from pipeline.examine import Desk
    from pipeline.model import Outcome
    from pipeline.work.frames import Json

READER = "pipeline.work.reader:reader"


def reader(config: Json) -> Reader:
    """The factory that workers are told to use."""
    return Reader(desk_of(config))


class Reader:
    """Reads and checks, one document at a time."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def examine(self, data: bytes, request: Json) -> Json:
        """Every form with its outcome in wire shape, each finding with its `message`; or what an archive holds."""
        found = look(data, request, self._desk)
        return contents(found.archive) if found.archive else {"forms": [_said(one) for one in found.outcomes]}

    def render(self, data: bytes, request: Json) -> bytes | None:
        """Nothing is written by a check."""
        return None


def _said(outcome: Outcome) -> Json:
    said = outcome_to_json(outcome)
    for item, finding in zip(said["findings"], outcome.findings, strict=True):
        item["message"] = sentence(finding).text
    return {"outcome": said}
