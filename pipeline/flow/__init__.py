"""The way of a submission, stage by stage: read this first.

    claim → receive → examine (read, identify, extract, check) → decide → log → finish (write, archive)

Each stage leaves something durable behind: a file in `work/`, a row "received", a row "decided" with the outputs it
owes, the files, a row "archived". A process that dies anywhere is continued by `recover` in the next one; nothing is
lost, done twice or left unanswered. One process works in a workspace at a time; `watch` lets others in between looks.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from pipeline.errors import StoreError
from pipeline.flow.briefing import Options, configuration, load_settings
from pipeline.flow.logbook import keep_log
from pipeline.flow.report import DocumentReport, RunReport
from pipeline.intake import claim
from pipeline.intake.listing import BATCH, Seen, batches, list_inbox
from pipeline.intake.settle import SettleTracker
from pipeline.intake.watching import wake_on_change
from pipeline.work.limits import Bounds
from pipeline.work.pool import Pool

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.flow.messages import Item
    from pipeline.flow.stages import Finished, Stages
    from pipeline.workspace import Workspace

_BREATH = 0.1
Progress = Callable[[int, int], None]


def run(
    workspace: Workspace,
    *,
    today: date,
    dry_run: bool = False,
    progress: Progress | None = None,
    options: Options = Options(),  # noqa: B008 - frozen
) -> RunReport:
    """Take everything in the inbox once through all stages. `progress(done, of)` is told after every batch.

    Files that are still being written are left and named in the report. Raises StoreError or SettingsError.
    """
    if dry_run:
        from pipeline.flow.rehearsal import rehearse

        return rehearse(workspace, today=today, options=options)
    with _at_work(workspace, today, options) as stages:
        done = _continue(stages)
        files = _settled(workspace, stages, options.settle)
        expected = len(done) + len(files)
        for batch in batches(files):
            done += _take(stages, batch)
            if progress is not None:
                progress(len(done), max(expected, len(done)))
        _keep_list(stages)
        return RunReport(tuple(map(reported, done)), tuple(stages.left))


def watch(
    workspace: Workspace,
    *,
    stop: threading.Event,
    today: date | None = None,
    settle: float = 2,
    interval: float = 5,
    told: Callable[[RunReport], None] | None = None,
    options: Options = Options(),  # noqa: B008 - frozen
) -> None:
    """The same for ever, until `stop` is set; the batch in hand is finished first.

    `today`: a fixed day, else the clock's. `told` hears of every look that did something. A share or disk that fails
    pauses the work (told as a report with `trouble`); it goes on by itself, beginning with what was interrupted.
    """
    wake = threading.Event()
    tracker: SettleTracker[Path] = SettleTracker(settle)
    with _opened(workspace, today or _clock(), options) as stages, wake_on_change(workspace.inbox, wake):
        while not stop.is_set():
            wake.clear()
            stages.today = today or _clock()
            stages.left.clear()
            done: list[Finished] = []
            waiting, trouble = False, ""
            try:
                with _alone(workspace, options.wait):
                    stages.configure()
                    done += _continue(stages)
                    waiting = _look(stages, tracker, stop, done)
                    _keep_list(stages)
            except (StoreError, OSError) as error:
                trouble = str(error)
            if told is not None and (done or trouble):
                told(RunReport(tuple(map(reported, done)), tuple(stages.left), trouble=trouble))
            _rest(stop, wake, settle if waiting else interval)


@contextmanager
def at_work(workspace: Workspace, today: date, options: Options) -> Iterator[Stages]:
    """The workspace to oneself, for one decision; what an earlier process left in the middle is carried on first."""
    with _at_work(workspace, today, options) as stages:
        _continue(stages)
        yield stages
        _keep_list(stages)


def desk(workspace: Workspace, *, today: date | None = None) -> tuple[dict[str, Any], Bounds]:
    """What workers are told and allowed in a workspace, for commands that read without recording."""
    settings = load_settings(workspace, today or _clock())
    return configuration(workspace, today or _clock(), _roster(workspace)), Bounds.of(settings.limits)


def reported(done: Finished) -> DocumentReport:
    """What is told about an arrival at its end."""
    row = done.row
    return DocumentReport(
        f"inbox/{row.path}", row.unit, row.reference, row.sha256, done.forms, done.numbers, done.outputs
    )


def _take(stages: Stages, batch: Sequence[Seen]) -> list[Finished]:
    claimed, left = claim.claim(stages.workspace, batch, now=datetime.now(UTC), today=stages.today)
    stages.left += left
    return _carry(stages, stages.receive(claimed))


def _carry(stages: Stages, items: Sequence[Item]) -> list[Finished]:
    """From recorded to archived."""
    if not items:
        return []
    decided = stages.decide(stages.examine(items))
    if any(stages.is_new_roster(one) for one in decided):
        stages.configure()
    stages.log()
    done = stages.finish(items)
    if all(item.row.unit for item in items):
        return done
    return [*done, *stages.publish_again(), *_learn(stages)]


def _keep_list(stages: Stages) -> None:
    """What waits for a person, as a workbook; imported late, for it brings the database along."""
    from pipeline.flow import todo

    todo.keep(stages)


def _learn(stages: Stages) -> list[Finished]:
    """What the workbooks of the batch taught, and the files read again with it."""
    if not stages.lessons:
        return []
    from pipeline.flow.learning import learn_all

    lessons, stages.lessons = stages.lessons, []
    return learn_all(stages, lessons)


def _continue(stages: Stages) -> list[Finished]:
    """What an earlier process left in the middle, from wherever it stood."""
    from pipeline.flow.recovery import pick_up

    found = pick_up(stages)
    stages.log()
    done = stages.finish(found.decided) if found.decided else []
    done += stages.publish_again()
    for batch in found.recorded:
        done += _carry(stages, batch)
    for start in range(0, len(found.claimed), BATCH):
        done += _carry(stages, stages.receive(found.claimed[start : start + BATCH]))
    return done


def _settled(workspace: Workspace, stages: Stages, settle: float) -> list[Seen]:
    """The files that look the same at two looks; the others are left for the next run."""
    first = list_inbox(workspace.inbox)
    stages.left += first.left
    if not first.files:
        return []
    stages.pool.start()
    before = {seen.path: seen.look for seen in first.files}
    time.sleep(settle)
    second = list_inbox(workspace.inbox).files
    stages.left += [stages.busy(seen) for seen in second if before.get(seen.path) != seen.look]
    return [seen for seen in second if before.get(seen.path) == seen.look]


def _look(stages: Stages, tracker: SettleTracker[Path], stop: threading.Event, done: list[Finished]) -> bool:
    """One look of `watch`: everything that has settled is done. True when some file has not yet."""
    listing = list_inbox(stages.workspace.inbox)
    stages.left += listing.left
    seen = {item.path: item for item in listing.files}
    ready = tracker.settled({path: item.look for path, item in seen.items()}, time.monotonic())
    for batch in batches([seen[path] for path in ready]):
        if stop.is_set():
            break
        done += _take(stages, batch)
    return len(ready) < len(seen)


def _rest(stop: threading.Event, wake: threading.Event, seconds: float) -> None:
    end = time.monotonic() + seconds
    stop.wait(_BREATH)  # a file that is written all the time must not keep us running all the time
    while not wake.is_set() and (left := end - time.monotonic()) > 0:
        if stop.wait(min(left, 0.2)):
            return


@contextmanager
def _at_work(workspace: Workspace, today: date, options: Options) -> Iterator[Stages]:
    with _file_troubles():
        workspace.prepare()
        with _alone(workspace, options.wait), _opened(workspace, today, options) as stages:
            stages.configure()
            yield stages


@contextmanager
def _opened(workspace: Workspace, today: date, options: Options) -> Iterator[Stages]:
    """Settings, workers and registry, in this order; workers get ready while the registry is opened."""
    settings = load_settings(workspace, today)
    with _file_troubles(), ExitStack() as stack:
        workspace.prepare()
        stack.enter_context(keep_log(workspace.log))
        bounds = Bounds.of(settings.limits)
        pool = stack.enter_context(Pool(options.workers, options.examiner, bounds=bounds, paths=options.paths))
        if list_inbox(workspace.inbox).files:
            pool.start()
        from pipeline.flow.stages import Stages
        from pipeline.store.registry import Registry

        registry = stack.enter_context(Registry.open(workspace.database))
        yield Stages(workspace, registry, pool, settings, today)


@contextmanager
def _alone(workspace: Workspace, wait: float) -> Iterator[None]:
    lock = FileLock(workspace.lock, timeout=wait)
    try:
        lock.acquire()
    except Timeout as error:
        raise StoreError("另一个 pipeline 正在处理这个工作文件夹，请等它结束后再运行。") from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _file_troubles() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        where = f"（{error.filename}）" if error.filename else ""
        raise StoreError(
            f"文件读写失败：{error.strerror or error}{where}。请检查磁盘空间、写入权限和共享盘连接后再运行。"
        ) from error


def _roster(workspace: Workspace) -> dict[str, Any]:
    if not workspace.database.exists():
        return {}
    from pipeline.store.registry import Registry
    from pipeline.store.submissions import roster

    with Registry.open(workspace.database) as registry, registry.transaction() as connection:
        return roster(connection)[1]


def _clock() -> date:
    return datetime.now(UTC).astimezone().date()
