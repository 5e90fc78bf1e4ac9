"""The progress of an import on a terminal, by the bytes that were read; nothing without a terminal."""

from __future__ import annotations

import io
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from crm_cli.cli.context import session
from crm_cli.render.clean import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

    import typer
    from rich.progress import Progress

PATIENCE = 1.0
"""Seconds before the progress is shown: most imports are over by then, and Rich takes a tenth of one to import."""
_EVERY = 0.1
"""Seconds between two updates."""


@contextmanager
def shown(ctx: typer.Context, name: str, stream: BinaryIO) -> Iterator[Callable[[int], None] | None]:
    """Yield a function that shows how much of ``stream`` is read; None if quiet or without a terminal."""
    if session(ctx).quiet or not sys.stderr.isatty():
        yield None
        return
    bar = _Bar(clean(name), stream)
    try:
        yield bar.update
    finally:
        bar.stop()


class _Bar:
    """A bar that appears after ``PATIENCE``."""

    def __init__(self, name: str, stream: BinaryIO) -> None:
        self.name, self.stream = name, stream
        self.size = stream.seek(0, io.SEEK_END)
        stream.seek(0)
        self.started = self.updated = time.monotonic()
        self.live: Progress | None = None

    def update(self, read: int) -> None:
        """Show the position in the stream, and how many records were read."""
        now = time.monotonic()
        if now - self.started < PATIENCE or now - self.updated < _EVERY:
            return
        self.updated = now
        self.live = self.live or self._start()
        self.live.update(
            self.live.task_ids[0], completed=self.stream.seek(0, io.SEEK_CUR), records=f"{read:,} read", refresh=True
        )

    def _start(self) -> Progress:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

        columns = (
            TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(),
            TextColumn("{task.fields[records]}", markup=False), TimeRemainingColumn(),
        )  # fmt: skip
        # Drawn only by our own calls: no thread draws while another line is written.
        live = Progress(
            *columns, console=Console(stderr=True), transient=True, auto_refresh=False,
            redirect_stdout=False, redirect_stderr=False,
        )  # fmt: skip
        live.add_task(self.name, total=self.size, records="")
        live.start()
        return live

    def stop(self) -> None:
        """Remove the bar."""
        if self.live is not None:
            self.live.stop()
