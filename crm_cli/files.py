"""Safe output files: which paths may be written, and atomic replacement once a file is complete and on the disk.

Some files are never overwritten by accident: the book, the files SQLite keeps next to it, the input files of the run,
the settings, any other database, and anything that is not a regular file. Files are compared by device and inode, not
by name.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Self

from crm_cli import config
from crm_cli.errors import CrmError, UsageError, unwritable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

COMPANIONS = {"": "the book", "-journal": "the book's journal", "-wal": "the book's log", "-shm": "the book's log"}
"""The files that SQLite keeps next to a book, by suffix (https://www.sqlite.org/tempfiles.html)."""

DATABASE = b"SQLite format 3\0"
MAGIC = (DATABASE, b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7", b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83")
"""The first bytes of an SQLite database, a rollback journal and a write-ahead log."""

MOST_LINKS = 40
READER_SECONDS = 5.0
"""How long to wait for a reader to open a named pipe, in seconds."""

KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
}


def in_use(book: Path, inputs: Iterable[Path] = ()) -> dict[Path, str]:
    """Return the files that a run must not overwrite, each with a description; ``inputs`` are the files it reads."""
    own = followed(book)
    found = {own.with_name(own.name + end): what for end, what in COMPANIONS.items()}
    found[config.config_path()] = "the file of your settings"
    return {**found, **dict.fromkeys(inputs, "a file that is being imported")}


def followed(path: Path) -> Path:
    """Return the path with links resolved, whether or not it exists. Raises CrmError for a loop of links."""
    try:
        return path.expanduser().resolve()
    except (OSError, RuntimeError) as error:
        raise CrmError(f"{path}: symbolic links form a loop") from error


def is_one_of(path: Path, used: Mapping[Path, str]) -> str:
    """Return the description of the file in ``used`` that this path is, or ``""``.

    Existing files are compared by device and inode, missing ones by path.
    """
    for other, what in used.items():
        try:
            same = path.samefile(other)
        except OSError:
            same = path == followed(other)
        if same:
            return what
    return ""


def target(path: Path, used: Mapping[Path, str]) -> Path:
    """Return the real path to write for this name, with links resolved: a new file or an existing regular file.

    Raises UsageError for a file that this run uses, CrmError for a file that is not regular, a link that another user
    made, or a missing folder.
    """
    real = followed(path)
    if what := is_one_of(real, used):
        raise UsageError(f"{path} is {what}; it was not touched", hint="name another file")
    with naming(path):
        if path.is_symlink() and path.lstat().st_uid not in {os.geteuid(), 0}:
            raise CrmError(f"{path} is a link that another user made; it was not followed")
        try:
            mode = real.stat().st_mode
        except FileNotFoundError:
            if not real.parent.is_dir():
                raise CrmError(f"cannot write {path}: there is no folder {real.parent}") from None
            return real
    if not stat.S_ISREG(mode):
        kind = KINDS.get(stat.S_IFMT(mode), "not a regular file")
        raise CrmError(f"{path} is {kind}; it was not touched", hint="name a file" + " in it" * stat.S_ISDIR(mode))
    return real


def is_database(path: Path) -> bool:
    """Is this an SQLite file: a database, or the journal or log of one?"""
    try:
        with path.open("rb") as file:
            head = file.read(len(DATABASE))
    except OSError:
        return False
    return head.startswith(MAGIC)


@contextmanager
def output(path: Path, used: Mapping[Path, str]) -> Iterator[IO[bytes]]:
    """Open a path that the user named for output; replace a regular file on success, write to a stream directly."""
    stream = _stream(path, used)
    if stream is not None:
        with naming(path), stream:
            yield stream
        return
    with naming(path), Part(_replaceable(path, used)) as part:
        with os.fdopen(os.dup(part.handle), "wb") as file:
            yield file
        part.settle()


def check_output(path: Path, used: Mapping[Path, str]) -> None:
    """Raise what ``output`` would raise because of the file's name or type, without opening anything for writing."""
    if not is_stream(path):
        _replaceable(path, used)


def is_stream(path: Path) -> bool:
    """Is a path written to directly: a descriptor, a named pipe or a device?"""
    return _descriptor(path) is not None or path.is_fifo() or path.is_char_device()


def _replaceable(path: Path, used: Mapping[Path, str]) -> Path:
    """Return the real path to write for a regular file. Raises as ``target`` does, and CrmError for a database."""
    real = target(path, used)
    if is_database(real):
        raise CrmError(f"{path} is an SQLite database; it was not touched", hint="name another file")
    return real


def _stream(path: Path, used: Mapping[Path, str]) -> IO[bytes] | None:
    """Open a path that is a stream (an open descriptor, a terminal, a pipe) for writing; return None for a file."""
    with naming(path):
        descriptor = _descriptor(path)
        try:
            mode = os.fstat(descriptor).st_mode if descriptor is not None else path.stat().st_mode
        except FileNotFoundError:
            return None
        if descriptor is not None:
            if what := is_one_of(Path(f"/dev/fd/{descriptor}"), used):
                raise UsageError(f"{path} is {what}; it was not touched", hint="name another file")
            return os.fdopen(os.dup(descriptor), "wb")
        if stat.S_ISCHR(mode):
            return os.fdopen(os.open(path, os.O_WRONLY | os.O_NOCTTY), "wb")
        return _pipe(path) if stat.S_ISFIFO(mode) else None


def _descriptor(path: Path) -> int | None:
    """Return the number of the open descriptor that a path names (``/dev/stdout``, ``/dev/fd/63``), or None."""
    ours = {os.path.realpath(folder) for folder in ("/dev/fd", "/proc/self/fd")}
    for _ in range(MOST_LINKS):
        if os.path.realpath(path.parent) in ours and path.name.isdecimal():
            return int(path.name)
        if not path.is_symlink():
            return None
        path = path.parent / path.readlink()
    return None


def _pipe(path: Path) -> IO[bytes]:
    """Open a named pipe for writing once it has a reader.

    Raises CrmError after `READER_SECONDS` without a reader, so that no run hangs for ever.
    """
    from time import monotonic, sleep

    until = monotonic() + READER_SECONDS
    while True:
        try:
            handle = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
        except OSError as error:
            if error.errno != errno.ENXIO:
                raise
            if monotonic() > until:
                raise CrmError(f"{path} is a named pipe that no program reads") from None
            sleep(0.02)
        else:
            os.set_blocking(handle, True)
            return os.fdopen(handle, "wb")


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Add the file's name to errors of the system, and raise them as CrmError."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise unwritable(path, error) from error


class Part:
    """A private temporary file next to its target; only `settle` gives it the target's name.

    Creating one first removes the temporary files that killed runs left in the folder, unless it was ``swept`` already.
    """

    def __init__(self, target: Path, *, swept: bool = False) -> None:
        self.target = target
        name = os.fsdecode(os.fsencode(target.name)[:180])
        self.path = target.with_name(f".{name}.crm-{os.getpid()}.part")
        if not swept:
            sweep(target.parent)
        self.handle = os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_RDWR, 0o600)
        _lock(self.handle)

    def __enter__(self) -> Self:
        """Return the file itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Delete the file unless it was renamed to its target."""
        self.drop()

    def settle(self, *, replace: bool = True, durable: bool = True) -> None:
        """Rename the file to its target; if ``durable``, sync it to the disk first.

        Raises FileExistsError when the target exists and ``replace`` is false.
        """
        if durable:
            os.fsync(self.handle)
        if replace:
            self.path.replace(self.target)
        else:
            _rename_to_new(self.path, self.target)
        if durable:
            sync(self.target.parent, required=False)

    def drop(self) -> None:
        """Close the file and delete it unless it was renamed, along with the files SQLite may have left next to it."""
        for end in COMPANIONS:
            with suppress(OSError):
                self.path.with_name(self.path.name + end).unlink()
        if self.handle >= 0:
            os.close(self.handle)
            self.handle = -1


def sync(path: Path, *, required: bool = True) -> None:
    """Flush a file, or a folder's names after a rename, to the disk.

    Unless ``required``, do nothing on file systems that cannot flush folders.
    """
    with nullcontext() if required else suppress(OSError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _rename_to_new(path: Path, new: Path) -> None:
    """Rename without overwriting anything. Raises FileExistsError.

    Without hard links (FAT) this is not atomic: a file created between the check and the rename is overwritten.
    """
    try:
        new.hardlink_to(path)
    except FileExistsError:
        raise
    except OSError:
        if os.path.lexists(new):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(new)) from None
        path.rename(new)
    else:
        path.unlink()


def write(path: Path, text: str, *, durable: bool = True) -> None:
    """Write one of the program's own files (settings, state, cache) atomically, creating its folder.

    Raises CrmError when that fails.
    """
    with naming(path):
        followed(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with Part(target(path, {})) as part:
            with os.fdopen(os.dup(part.handle), "w", encoding="utf-8") as file:
                file.write(text)
            part.settle(durable=durable)


# Cleaning up after killed runs


def sweep(folder: Path) -> None:
    """Delete the temporary files of killed runs.

    Only regular files with our name pattern and owner that no process is writing are deleted.
    """
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            writer = _writer(entry.name)
            if writer and _is_abandoned(entry, writer):
                with suppress(OSError):
                    os.unlink(entry.path)  # noqa: PTH108


def _writer(name: str) -> int:
    """Return the process id in the name of a temporary file (``.leads.vcf.crm-4711.part``), or 0."""
    head, _, end = name.removesuffix("-journal").rpartition(".")
    number = head.rpartition(".crm-")[2]
    ours = end == "part" and name.startswith(".") and ".crm-" in head[1:]
    return int(number) if ours and number.isascii() and number.isdigit() and len(number) < 10 else 0


def _is_abandoned(entry: os.DirEntry[str], writer: int) -> bool:
    found = entry.stat(follow_symlinks=False)
    ours = stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid()
    if not ours or (writer != os.getpid() and _is_alive(writer)):
        return False
    with suppress(OSError):
        handle = os.open(entry.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            return _lock(handle)
        finally:
            os.close(handle)
    return False


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _lock(handle: int) -> bool:
    """Lock a temporary file while it is open. Did we get the lock? A killed process releases its lock."""
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # a file system without such locks: rely on the process id
    return True


def check_parent(folder: Path) -> None:
    """Raise UsageError if a folder cannot be made because the one above it is missing: the path is probably a typo."""
    parent = folder.absolute().parent
    if not parent.is_dir():
        raise UsageError(f"there is no folder {parent}", hint="make it first, if the path is right")


def make_folder(folder: Path) -> None:
    """Create the user's data folder with mode 0700.

    Raises CrmError for any other folder that is missing: its path is probably a typo.
    """
    own = config.folder("data")
    if folder == own or own in folder.parents:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    elif not folder.is_dir():
        raise CrmError(f"there is no folder {folder}", hint="make it first, if the path is right")
