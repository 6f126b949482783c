"""A dry run: the real examination and the real decisions, on a copy of the registry in memory; nothing is touched."""

from __future__ import annotations

import tempfile
import uuid
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.flow.briefing import load_settings
from pipeline.flow.messages import Item, received
from pipeline.flow.report import DocumentReport, RunReport
from pipeline.flow.stages import Stages
from pipeline.intake import claim
from pipeline.intake.claim import Claimed
from pipeline.intake.listing import Seen, batches, list_inbox
from pipeline.intake.spool import Unsettled, snapshot
from pipeline.store import arrivals, outputs, submissions
from pipeline.store.durable import Folders
from pipeline.store.registry import Registry
from pipeline.work.limits import Bounds
from pipeline.work.pool import Pool
from pipeline.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.flow.briefing import Options


def rehearse(workspace: Workspace, *, today: date, options: Options) -> RunReport:
    """What `run` would do with the files that are there now; `outputs` are the paths it would write."""
    listing = list_inbox(workspace.inbox)
    settings = load_settings(workspace, today)
    bounds = Bounds.of(settings.limits)
    pool = Pool(options.workers, options.examiner, bounds=bounds, paths=options.paths)
    with tempfile.TemporaryDirectory() as folder, pool, Registry.rehearse(workspace.database) as registry:
        stages = Stages(Workspace(Path(folder)), registry, pool, settings, today, list(listing.left))
        stages.origin = workspace
        stages.workspace.prepare()
        stages.configure_from(workspace)
        done = [one for batch in batches(listing.files) for one in _batch(stages, batch, workspace)]
    return RunReport(tuple(done), tuple(stages.left), dry_run=True)


def _batch(stages: Stages, batch: Sequence[Seen], workspace: Workspace) -> list[DocumentReport]:
    items = [item for seen in batch if (item := _copied(stages, seen)) is not None]
    with stages.registry.transaction() as connection:
        arrivals.register(connection, [item.row for item in items])
    decided = stages.decide(stages.examine(items))
    if any(stages.is_new_roster(one) for one in decided):
        stages.configure_from(workspace)
    with stages.registry.transaction() as connection:
        owed = outputs.owed(connection, [item.row.id for item in items])
        rows = submissions.of_arrivals(connection, [item.row.id for item in items])
    return [
        DocumentReport(
            file=f"inbox/{item.row.path}",
            unit=item.row.unit,
            reference=item.row.reference,
            sha256=item.row.sha256,
            outcomes=tuple(row.outcome for row in rows[item.row.id]),
            numbers=tuple(row.number for row in rows[item.row.id]),
            outputs=tuple(one.path for one in owed[item.row.id]),
        )
        for item in items
    ]


def _copied(stages: Stages, seen: Seen) -> Item | None:
    """A private copy of a file that stays where it is."""
    now = datetime.now(UTC)
    day = claim.arrival_day(seen, now, stages.today)
    item = Claimed(uuid.uuid4().hex, seen.path, seen.relative, now, day)
    try:
        with Folders() as folders:
            copy = snapshot(seen.path, stages.workspace.spool / item.id, folders)
    except (Unsettled, OSError):
        stages.left.append(stages.busy(seen))
        return None
    return Item(received(item, arrivals.reference_of(item.id), copy))
