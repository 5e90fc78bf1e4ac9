"""``disclose``: everything that the book holds about a person, as a folder for them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crm_cli import files
from crm_cli.cli import output, refs, terminal
from crm_cli.cli.context import reading, session
from crm_cli.cli.options import DryRun, Json, Ref, Yes
from crm_cli.core.json_text import json_text
from crm_cli.render.clean import clean
from crm_cli.render.words import counted

if TYPE_CHECKING:
    from crm_cli.core.records import Contact
    from crm_cli.queries.disclosures import Disclosure

app = typer.Typer()

Output = Annotated[
    str, typer.Option("--output", "-o", metavar="DIR", help="The folder to write. [disclosed-ID, in this folder]")
]
TEXT, DATA = "person.txt", "person.json"


@app.command("disclose")
def disclose(
    ctx: typer.Context,
    words: Ref,
    output_: Output = "",
    as_json: Json = False,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Write all that the book holds about a person to a folder, as text, JSON and photo, for them to read.

    person.txt has the card, the whole history, deals, where each piece came from, and the texts of other records that
    name the person. person.json has the same and every row of the book, each with its change and file. Read it before
    you hand it out: notes and texts may be about other people, too.

    Examples:

      crm disclose asha

      crm disclose 12 -o for-asha

      crm disclose 12 --json
    """
    here = session(ctx)
    with reading(ctx) as book:
        from crm_cli.queries import disclosures
        from crm_cli.render import disclosures as render

        person = refs.pick(ctx, book.db, " ".join(words), refs.PEOPLE)
        found = disclosures.read(book.db, person.id)
    data = render.as_json(found, zone=here.zone, now=here.now_utc)
    if as_json:
        output.say_json(data)
        return
    shown = render.as_text(found, today=here.today, zone=here.zone, locale=here.locale, now=here.now_utc)
    content = {TEXT: shown.encode(), DATA: (json_text(data) + "\n").encode(), **_photo(found.contact)}
    folder = Path(output_ or f"disclosed-{person.id}")
    _write(ctx, folder, content, yes=yes, dry_run=dry_run)
    output.notify(ctx, _outcome(folder, found, content) + (" (dry run: nothing was written)" if dry_run else ""))


def _photo(contact: Contact) -> dict[str, bytes]:
    """Return the name and the bytes of a person's photo, if the book has one."""
    from crm_cli.formats.vcard import photos

    found = photos.photo(contact.properties)
    if found is None or found.link:
        return {}
    return {f"photo.{found.kind.lower()}": photos.content(found)}


def _write(ctx: typer.Context, folder: Path, content: dict[str, bytes], *, yes: bool, dry_run: bool) -> None:
    """Write the files into the folder, which is made with mode 0700; existing ones are replaced after a question."""
    files.check_parent(folder)
    used = files.in_use(session(ctx).path)
    there = [name for name in content if (folder / name).exists()]
    for name in there:
        files.check_output(folder / name, used)
    if there and not (yes or dry_run):
        terminal.confirm(ctx, f"{folder / there[0]} exists. Replace it?")
    if dry_run:
        return
    with files.naming(folder):
        folder.mkdir(mode=0o700, exist_ok=True)
    for name, data in content.items():
        with files.output(folder / name, used) as file:
            file.write(data)


def _outcome(folder: Path, found: Disclosure, content: dict[str, bytes]) -> str:
    rows = counted(sum(map(len, found.rows.values())), "row")
    named = counted(len(found.mentions), "text of another record names", "texts of other records name")
    who = clean(found.contact.name) or str(found.contact.id)
    return f"{clean(str(folder))}: {', '.join(content)}: {rows} about {who}; {named} them"
