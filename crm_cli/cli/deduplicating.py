"""``crm dupes --review`` and ``--auto``: merge likely duplicates one by one, or all above a score at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_cli.cli import output, terminal
from crm_cli.cli.context import reading, session, writing
from crm_cli.core.duplicates.groups import groups
from crm_cli.core.kinds import BY_NAME
from crm_cli.errors import UsageError
from crm_cli.queries import records
from crm_cli.render import duplicates as render

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import typer

    from crm_cli.book.book import Book
    from crm_cli.core.records import Company, Contact
    from crm_cli.queries.duplicates import Duplicate

KEYS = "ynsq"


def review(ctx: typer.Context, kind: str, found: Sequence[Duplicate]) -> None:
    """Show each pair side by side, and do what the user answers; each answer is a change of its own.

    Raises UsageError without a terminal.
    """
    if not session(ctx).interactive:
        raise UsageError("there is no terminal to review on", hint="crm dupes --json lists, --auto 0.97 --yes merges")
    into: dict[int, int] = {}
    done = {"y": 0, "n": 0, "s": 0}
    for number, each in enumerate(found, 1):
        one, other = sorted((_survivor(into, each.one), _survivor(into, each.other)))
        with reading(ctx) as book:
            both = records.load(book.db, kind, [one, other])
        if one == other or len(both) < 2:
            continue
        _show(ctx, f"{number} of {len(found)}", both, each)
        pressed = terminal.key("merge? y: merge, n: not the same, s: skip, q: quit ", KEYS)
        if pressed == "q":
            break
        done[pressed] += 1
        if pressed == "y":
            into[other] = one
            _merge(ctx, kind, both)
        elif pressed == "n":
            _distinguish(ctx, kind, both)
    output.notify(ctx, render.reviewed(done["y"], done["n"], len(found) - done["y"] - done["n"]))


def _survivor(into: Mapping[int, int], ref: int) -> int:
    """Return the record that a record was merged into in this review, or itself."""
    while ref in into:
        ref = into[ref]
    return ref


def _show(ctx: typer.Context, place: str, both: Sequence[Contact | Company], each: Duplicate) -> None:
    heading = f"{place}  {render.percent(each.score)}  {', '.join(render.reasons(each.reasons))}"
    lines = render.side_by_side(both[0], both[1], width=output.terminal_width())
    output.notify(ctx, "\n".join(["", heading, *("".join(span.text for span in line) for line in lines)]))


def _merge(ctx: typer.Context, kind: str, both: Sequence[Contact | Company]) -> None:
    here, printed = session(ctx), BY_NAME[kind].printed
    one, other = both
    with writing(ctx, "merge") as (book, change):
        from crm_cli.services import merging

        merging.merge(book, kind, one.id, [other.id], now=here.now_utc)
    text = f"Merged {printed(other.id)} {other.name} into {printed(one.id)} {one.name}"
    output.notify(ctx, f"{text} [{change.ref}] (crm unmerge {printed(other.id)} takes it apart)")


def _distinguish(ctx: typer.Context, kind: str, both: Sequence[Contact | Company]) -> None:
    here, printed = session(ctx), BY_NAME[kind].printed
    with writing(ctx, "dupes not") as (book, change):
        from crm_cli.services import duplicates

        duplicates.distinguish(book, kind, [each.id for each in both], now=here.now_utc)
    output.notify(ctx, f"{render.distinguished([f'{printed(each.id)} {each.name}' for each in both])} [{change.ref}]")


def auto(
    ctx: typer.Context, kind: str, found: Sequence[Duplicate], least: float, *, chosen: str, dry_run: bool, yes: bool
) -> None:
    """Merge every group of records whose pairs have at least the score ``least``, in one change."""
    printed = BY_NAME[kind].printed
    made, left = _groups(found, least)
    what = render.merging(sum(map(len, made)), len(made), kind)
    if made and not (dry_run or yes):
        terminal.confirm(ctx, f"Merge {what}?")
    if not made and chosen != "json":
        output.notify(ctx, render.NONE)
        return
    with writing(ctx, "dupes", dry_run=dry_run) as (book, change):
        lines = _lines(book, kind, made)
        _merge_groups(book, kind, made, session(ctx).now_utc)
    if dry_run and chosen == "table":
        for line in lines:
            output.say(line)
    output.emit_change(
        ctx, change, f"Merged {what}", chosen=chosen,
        refs=[printed(group[0]) for group in made], card=lambda: _card(kind, made, change.ref),
        advice=" (crm unmerge ID takes one apart)",
    )  # fmt: skip
    if left:
        output.notify(ctx, f"note: {render.remaining(left)}")


def _groups(found: Sequence[Duplicate], least: float) -> tuple[Sequence[Sequence[int]], int]:
    """Return the groups of records whose pairs have at least the score ``least``, and how many pairs were left."""
    scores = {(each.one, each.other): each.score for each in found}
    return groups((pair for pair, score in scores.items() if score >= least), scores)


def _lines(book: Book, kind: str, made: Sequence[Sequence[int]]) -> list[str]:
    """Return a line for each group, ``12 Asha Verma + 15 A. Verma``."""
    printed = BY_NAME[kind].printed
    return [" + ".join(f"{printed(one.id)} {one.name}" for one in records.load(book.db, kind, group)) for group in made]


def _merge_groups(book: Book, kind: str, made: Sequence[Sequence[int]], now: str) -> None:
    """Merge each group into its first record."""
    from crm_cli.services import merging

    for first, *others in made:
        merging.merge(book, kind, first, others, now=now)


def _card(kind: str, made: Sequence[Sequence[int]], change: str) -> dict[str, Any]:
    printed = BY_NAME[kind].printed
    merged = [{"into": printed(first), "from": [printed(ref) for ref in others]} for first, *others in made]
    return {"change": change or None, "merged": merged}
