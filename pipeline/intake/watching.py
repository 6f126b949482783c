"""Events of the file system as a hint to look sooner. They may be lost or absent: the timed look does not need them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def wake_on_change(inbox: Path, wake: threading.Event) -> Iterator[None]:
    """Set `wake` whenever something happens below the inbox, as far as the system tells."""
    from watchdog.events import FileSystemEvent, FileSystemEventHandler
    from watchdog.observers import Observer

    class Waker(FileSystemEventHandler):
        def on_any_event(self, event: FileSystemEvent) -> None:
            if event.event_type not in ("opened", "closed_no_write"):
                wake.set()

    observer = Observer()
    try:
        observer.schedule(Waker(), str(inbox), recursive=True)
        observer.start()
    except OSError:  # no more watches allowed, or a file system that has none
        yield
        return
    try:
        yield
    finally:
        observer.stop()
        observer.join()
