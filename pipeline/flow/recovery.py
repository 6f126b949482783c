"""What an interrupted process left: which arrivals stand where, so that flow.py can carry them on.

Everything is found from two sides, the work folder and the registry; what neither can explain is reported, never
skipped in silence.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pipeline.flow.messages import Item
from pipeline.intake import claim, spool
from pipeline.intake.listing import Left
from pipeline.store import arrivals
from pipeline.store.durable import Folders
from pipeline.store.states import State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.flow.stages import Stages
    from pipeline.intake.claim import Claimed
    from pipeline.store.arrivals import Received

BATCH = 32
ALONE_AFTER = 3


@dataclass(frozen=True, slots=True)
class PickedUp:
    """Arrivals by the last thing that is known to be durable; the recorded ones in batches for the workers."""

    decided: tuple[Item, ...]
    recorded: tuple[tuple[Item, ...], ...]
    claimed: tuple[Claimed, ...]


def pick_up(stages: Stages) -> PickedUp:
    """Look at both sides and sort. Sweeps what an interrupted copy left in the spool."""
    spool.sweep(stages.workspace.spool)
    claims = {item.id: item for item in claim.adopt(stages.workspace)}
    with stages.registry.transaction() as connection:
        rows = {row.id: row for row in arrivals.unfinished(connection)}
        known = arrivals.known(connection, sorted(claims))
    for item in claims.values():
        if item.id in known and item.id not in rows:
            _clear(stages, item, known[item.id])
    items = [Item(row, claims.get(row.id)) for row in rows.values() if _has_bytes(stages, row, claims.get(row.id))]
    recorded = _batches([item for item in items if item.row.state is State.RECEIVED])
    with stages.registry.transaction() as connection:
        for batch in recorded:
            arrivals.count_attempts(connection, [item.row.id for item in batch])
    return PickedUp(
        tuple(item for item in items if item.row.state is State.DECIDED),
        recorded,
        tuple(item for item in claims.values() if item.id not in known),
    )


def _clear(stages: Stages, item: Claimed, row: Received) -> None:
    """An archived arrival whose claimed file was not removed any more."""
    with Folders() as folders:
        stages.let_go(item, row, folders)


def _has_bytes(stages: Stages, row: Received, item: Claimed | None) -> bool:
    """Whether the arrival's bytes are there (spool, archive, or again from the claimed file)."""
    if stages.source(row).exists():
        return True
    target = stages.workspace.spool / row.id
    if item is not None:
        try:
            with Folders() as folders:
                if spool.snapshot(item.path, target, folders).sha256 == row.sha256:
                    return True
        except spool.Unsettled:
            stages.left.append(Left(row.path, "busy"))
            return False
        target.unlink()
        claim.anew(item, now=datetime.now(UTC), today=stages.today)
    stages.left.append(Left(row.path, "lost"))
    return False


def _batches(items: Sequence[Item]) -> tuple[tuple[Item, ...], ...]:
    """Together what was tried little, alone what was in hand whenever the process died."""
    calm = [item for item in items if item.row.attempts < ALONE_AFTER]
    together = [tuple(calm[start : start + BATCH]) for start in range(0, len(calm), BATCH)]
    return (*together, *((item,) for item in items if item.row.attempts >= ALONE_AFTER))
