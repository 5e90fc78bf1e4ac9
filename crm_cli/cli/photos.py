"""``photo``: write, set or remove the photo of a person or the logo of a company."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crm_cli import files
from crm_cli.cli import output, refs, terminal
from crm_cli.cli.context import reading, session, writing
from crm_cli.cli.options import DryRun, Ref, Yes
from crm_cli.errors import CrmError, NotFoundError, UsageError
from crm_cli.queries import records
from crm_cli.render import outcomes
from crm_cli.render.clean import clean

if TYPE_CHECKING:
    from crm_cli.core.records import Company, Contact
    from crm_cli.formats.vcard.photos import Photo
    from crm_cli.queries.refs import Candidate

app = typer.Typer()

Output = Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="Write to a file. [standard output]")]
New = Annotated[str, typer.Option("--set", metavar="FILE", help="Set the photo; - reads standard input.")]
Remove = Annotated[bool, typer.Option("--remove", help="Remove the photo.")]


@app.command("photo")
def photo(
    ctx: typer.Context,
    words: Ref,
    output_: Output = "",
    new: New = "",
    remove: Remove = False,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Write the photo of a person, or the logo of a company, to a file.

    --set takes a JPEG, PNG, GIF or WebP of up to 10 MB. A photo that is only a link is not downloaded.

    Examples:

      crm photo asha > asha.jpg

      crm photo asha --set portrait.png

      crm photo c4 -o logo.png
    """
    if sum(map(bool, (output_, new, remove))) > 1:
        raise UsageError("-o, --set and --remove exclude each other")
    with reading(ctx) as book:
        found = refs.pick(ctx, book.db, " ".join(words))
        record = records.get(book.db, found.kind, found.id)
    if new or remove:
        _change(ctx, found, _picture(new) if new else None, dry_run=dry_run)
    else:
        _write(ctx, record, output_, yes=yes, dry_run=dry_run)


def _picture(file: str) -> bytes:
    """Read a picture, and no more of it than shows that it is too large."""
    from crm_cli.services.photos import LARGEST

    if file != "-":
        with Path(file).open("rb") as stream:
            return stream.read(LARGEST + 1)
    if sys.stdin.isatty():
        raise UsageError("standard input is a terminal; - needs a pipe", hint="--set FILE")
    return sys.stdin.buffer.read(LARGEST + 1)


def _change(ctx: typer.Context, found: Candidate, picture: bytes | None, *, dry_run: bool) -> None:
    """Set the photo, or remove it without a picture."""
    here, chosen = session(ctx), output.chosen_format("")
    with writing(ctx, "photo", dry_run=dry_run) as (book, change):
        from crm_cli.formats.vcard import photos
        from crm_cli.render.photos import described
        from crm_cli.services import photos as service

        record = records.get(book.db, found.kind, found.id)
        if picture is not None:
            service.put(book, record, picture, now=here.now_utc)
        else:
            service.remove(book, record, now=here.now_utc)
        now = photos.photo(records.get(book.db, found.kind, found.id).properties)
    shown = described(now) if now and picture is not None else ""
    output.emit_change(
        ctx, change, outcomes.photographed(f"{found.ref} {found.line}", shown), chosen=chosen, refs=[found.ref]
    )


def _write(ctx: typer.Context, record: Contact | Company, target: str, *, yes: bool, dry_run: bool) -> None:
    """Write the picture to a file or to standard output."""
    from crm_cli.formats.vcard import photos
    from crm_cli.render.photos import described

    found = photos.photo(record.properties)
    if found is None:
        raise NotFoundError(f"{clean(record.name)} has no photo")
    if found.link:
        raise CrmError(f"the photo of {clean(record.name)} is a link and was not downloaded: {clean(found.link)}")
    if target not in {"", "-"}:
        _save(ctx, found, Path(target), yes=yes, dry_run=dry_run)
        output.notify(ctx, f"{clean(target)}: {described(found)}")
        return
    if sys.stdout.isatty():
        raise UsageError(f"standard output is a terminal; the photo is {described(found)}", hint="-o FILE")
    sys.stdout.flush()
    sys.stdout.buffer.write(b"" if dry_run else photos.content(found))
    sys.stdout.buffer.flush()


def _save(ctx: typer.Context, found: Photo, target: Path, *, yes: bool, dry_run: bool) -> None:
    """Write the picture to a file; an existing one is replaced after a question."""
    from crm_cli.formats.vcard import photos

    used = files.in_use(session(ctx).path)
    files.check_output(target, used)
    if dry_run:
        return
    if not yes and target.is_file() and target.stat().st_size:
        terminal.confirm(ctx, f"{target} exists. Replace it?")
    with files.output(target, used) as out:
        out.write(photos.content(found))
