"""Read a large file in a process of its own, so that reading and storing use two processors at once.

Without it, the rows "import CSV" and "import vCards" of ``benchmarks/run.py`` take a third longer.
"""

from __future__ import annotations

import gc
import io
import os
import pickle
import signal
from contextlib import contextmanager
from dataclasses import replace
from typing import IO, TYPE_CHECKING, BinaryIO, NoReturn

from crm_cli.formats.source import in_chunks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm_cli.core.records import Draft, Problem
    from crm_cli.formats.source import Source

LARGE = 2_000_000
"""From how many bytes on a file is read apart: smaller ones are read before a process pays off."""
EACH, HEAVY = 200, 1_000_000
"""How many records are sent at a time, and from how many characters on fewer."""


@contextmanager
def reading(source: Source, stream: BinaryIO) -> Iterator[Source]:
    """Yield the source with its records read by another process, or unchanged if that does not pay off or work.

    The position of ``stream`` follows that of the reader. An error of the reader is raised where its records are read;
    if the process is killed, an OSError is.
    """
    again = _opened_again(stream) if source.items is None else None
    if again is None:
        yield source
        return
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        os.close(ours)
        os.dup2(again, stream.fileno())
        _serve(source, stream, theirs)
    os.close(theirs)
    os.close(again)
    pipe = os.fdopen(ours, "rb")
    try:
        yield replace(source, records=_received(pipe, stream))
    finally:
        pipe.close()
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _opened_again(stream: BinaryIO) -> int | None:
    """Open a large file again, at the same position, for a process with a processor of its own; None if there is none.

    Two processes that share an open file share its position, too. What is unpacked on the fly is not read apart.
    """
    if not isinstance(stream, io.BufferedReader) or not isinstance(stream.raw, io.FileIO) or not hasattr(os, "fork"):
        return None
    file = stream.fileno()
    if os.fstat(file).st_size < LARGE or len(os.sched_getaffinity(0)) < 2:
        return None
    try:
        again = os.open(f"/proc/self/fd/{file}", os.O_RDONLY)
    except OSError:
        return None
    os.lseek(again, os.lseek(file, 0, os.SEEK_CUR), os.SEEK_SET)
    return again


def _serve(source: Source, stream: BinaryIO, theirs: int) -> NoReturn:
    """Send all records, then an empty list; or the error that ended the reading."""
    try:
        gc.disable()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGPIPE):
            signal.signal(number, signal.SIG_DFL)
        with os.fdopen(theirs, "wb") as pipe:
            try:
                _send(source.records, stream, pipe)
            except Exception as error:  # noqa: BLE001  (raised again in the other process)
                pickle.dump(error, pipe)
    finally:
        os._exit(0)


def _send(records: Iterator[Draft | Problem], stream: BinaryIO, pipe: IO[bytes]) -> None:
    for part in in_chunks(records, EACH, HEAVY):
        pickle.dump((stream.seek(0, os.SEEK_CUR), part), pipe, pickle.HIGHEST_PROTOCOL)
    pickle.dump((stream.seek(0, os.SEEK_CUR), []), pipe, pickle.HIGHEST_PROTOCOL)


def _received(pipe: IO[bytes], stream: BinaryIO) -> Iterator[Draft | Problem]:
    while True:
        try:
            found = pickle.load(pipe)  # noqa: S301
        except EOFError as error:
            raise OSError("the process that read the file was killed") from error
        if isinstance(found, Exception):
            raise found
        position, records = found
        stream.seek(position)
        if not records:
            return
        yield from records
