"""``capture``: mail into the history, from a mail program's pipe, from files, an mbox or a Maildir."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from crm_cli.cli import logs, output, refs
from crm_cli.cli.context import reading, session, writing
from crm_cli.cli.logs import Next
from crm_cli.cli.options import DryRun, Json, Made
from crm_cli.core import mail as rules
from crm_cli.core.tags import tag_name
from crm_cli.errors import Exit, FormatError, UsageError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence
    from typing import BinaryIO

    from crm_cli.book.book import Book
    from crm_cli.formats.mail.boxes import Raw
    from crm_cli.queries.agenda import Day
    from crm_cli.render.capture import Entry
    from crm_cli.services.capture import Wish

app = typer.Typer()

PIPE = "standard input"

Words = Annotated[
    list[str] | None,
    typer.Argument(metavar="[FILE... | -] [+TAG]...", help="Messages, an mbox or a Maildir; - reads standard input."),
]
About = Annotated[str, typer.Option("--deal", metavar="DEAL", help="The deal that the mail is about.")]
Add = Annotated[bool, typer.Option("--add", help="Add the people who are not in the book.")]
Known = Annotated[bool, typer.Option("--known", help="Skip mail of which no one is in the book.")]
Whole = Annotated[bool, typer.Option("--whole", help="Keep the quoted history below replies.")]


class Options(NamedTuple):
    """How messages are read and reported."""

    whole: bool
    dry_run: bool
    chosen: str


@app.command("capture")
def capture(
    ctx: typer.Context,
    words: Words = None,
    next_: Next = None,
    deal: About = "",
    add: Add = False,
    known: Known = False,
    whole: Whole = False,
    dry_run: DryRun = False,
    format_: Made = "",
    as_json: Json = False,
) -> None:
    """Record mail in the history: with the people who have its addresses, once for each Message-ID.

    Mail from one of your own addresses (crm config set email) was sent, all other mail was received. Who is not in the
    book is named with the command that adds them; the mail is linked to them when they are added. Quoted history is
    cut, attachments are named and not stored. Mail from programs and mailing lists never counts as a reach.

    Examples:

      crm capture - < message.eml

      crm capture message.eml --next "fri: send the quote" --add

      crm capture ~/Mail/clients +client --known
    """
    chosen = output.chosen_format(format_, as_json=as_json)
    tags, files = _tags_and_files(words or ())
    if "-" in files and sys.stdin.isatty():
        raise UsageError("standard input is a terminal; pipe a message in", hint="or: crm capture FILE")
    wish = _wish(ctx, tags, next_ or (), deal, add=add, known=known)
    with ExitStack() as held:
        sources = [_source(file, held) for file in dict.fromkeys(files)]
        _capture(ctx, sources, wish, Options(whole, dry_run, chosen))


def _tags_and_files(words: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """Return the names of the tags among the words, and the files; standard input if no file is named."""
    tags = tuple(tag_name(word) for word in words if _is_tag(word))
    files = [word for word in words if not _is_tag(word)]
    return tags, files or ["-"]


def _is_tag(word: str) -> bool:
    return len(word) > 1 and word[0] == "+"


def _wish(
    ctx: typer.Context, tags: tuple[str, ...], steps: Sequence[str], deal: str, *, add: bool, known: bool
) -> Wish:
    from crm_cli.services.capture import Wish

    here = session(ctx)
    about = None
    if deal:
        with reading(ctx) as book:
            about = refs.deal(ctx, book.db, deal).id
    mine = rules.own_addresses(here.config.email, here.config.mail_from)
    return Wish(mine, here.now_utc, here.region, tags, about, tuple(logs.next_steps(steps, here)), add, known)


class Source(NamedTuple):
    """What a word names: its name, and its files, or the stream of a pipe that was read to its end."""

    name: str
    paths: tuple[Path, ...] = ()
    stream: BinaryIO | None = None


def _source(file: str, held: ExitStack) -> Source:
    """Open a source. A pipe is read here, because nothing may be waited for during a change."""
    from crm_cli.formats.mail import boxes
    from crm_cli.services.importing.file import seekable

    path = Path(file)
    if file != "-" and (path.is_file() or not path.exists()):
        return Source(file, (path,))
    if file != "-" and path.is_dir():
        return Source(file, tuple(boxes.files(path)))
    given = sys.stdin.buffer if file == "-" else held.enter_context(path.open("rb"))
    stream = seekable(given)
    if stream is not given:
        held.callback(stream.close)
    return Source(PIPE if file == "-" else file, stream=stream)


def _messages(source: Source) -> Iterator[tuple[str, Raw | FormatError]]:
    """Yield the messages of a source with their places; of a file that cannot be read, why."""
    from crm_cli.formats.mail import boxes

    if source.stream is not None:
        yield from ((_place(source.name, raw), raw) for raw in boxes.messages(source.stream))
    for path in source.paths:
        try:
            with path.open("rb") as stream:
                yield from ((_place(str(path), raw), raw) for raw in boxes.messages(stream))
        except OSError as error:
            yield str(path), FormatError(f"cannot be read: {error.strerror}")


def _place(name: str, raw: Raw) -> str:
    return f"{name} message {raw.number}" if raw.number else name


def _capture(ctx: typer.Context, sources: Sequence[Source], wish: Wish, options: Options) -> None:
    """Capture all messages in one change and report them; exit with 5 if some were rejected, with 1 if all were."""
    from crm_cli.render import capture as render

    here = session(ctx)
    with writing(ctx, "capture", dry_run=options.dry_run) as (book, change):
        entries = _take(book, sources, wish, options)
        message = _message(book.db, entries, _names(sources), here.day)
    for line in render.rejections(entries):
        output.notify(ctx, line)
    output.emit_change(
        ctx, change, message, chosen=options.chosen,
        refs=[ref for each in entries for ref in each.made],
        card=lambda: [render.card(each, change.ref, dry_run=change.dry_run) for each in entries],
    )  # fmt: skip
    for line in render.notes(entries, wish.mine):
        output.notify(ctx, line)
    rejected = sum(bool(each.reason) for each in entries)
    if rejected:
        here.code = Exit.FAILED if rejected == len(entries) else Exit.PARTIAL
        raise typer.Exit(here.code)


def _message(db: sqlite3.Connection, entries: Sequence[Entry], name: str, day: Day) -> str:
    """Return what became of a single message with its people and next steps, of several as a summary.

    Raises FormatError if a single one was rejected.
    """
    from crm_cli.queries import activities as queries
    from crm_cli.render import capture as render

    if len(entries) != 1:
        return render.summary(name, entries)
    (alone,) = entries
    if alone.reason:
        raise FormatError(f"{alone.place} {alone.reason}")
    record = queries.get(db, alone.activity) if alone.activity else None
    following = queries.load(db, alone.result.planned) if alone.result else []
    return render.one(alone, record, following, day)


def _names(sources: Sequence[Source]) -> str:
    return sources[0].name if len(sources) == 1 else f"{len(sources)} files"


def _take(book: Book, sources: Sequence[Source], wish: Wish, options: Options) -> list[Entry]:
    """Capture every message; return what became of each, without the texts."""
    from crm_cli.formats.mail import read
    from crm_cli.render.capture import Entry
    from crm_cli.services.capture import Capture

    work = Capture(book, wish)
    entries = []
    for place, raw in (found for source in sources for found in _messages(source)):
        try:
            if isinstance(raw, FormatError):
                raise raw
            mail = read.read(raw, whole=options.whole)
            entries.append(Entry(place, mail._replace(text=""), work.take(mail)))
        except FormatError as error:
            entries.append(Entry(place, reason=str(error)))
    work.finish()
    return entries
