"""The forms by their names: what each asks, and what it writes, for the records that it is about.

A form is opened by its name and printed ids, so that one that was kept when the dashboard was ended, or one whose
record was changed meanwhile, can be opened again.
"""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from crm_cli.book.book import Book
from crm_cli.core.kinds import BY_LETTER, COMPANY, DEAL, PERSON, split
from crm_cli.core.text.width import display_width, fit
from crm_cli.render.clean import clean
from crm_cli.render.words import counted
from crm_cli.tui.data import cards as reads
from crm_cli.tui.data import writes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from crm_cli.core.daily import Activity
    from crm_cli.core.kinds import Kind
    from crm_cli.services.activities import Links
    from crm_cli.session import Session
    from crm_cli.tui.dialogs.spec import FormSpec, Values

    Asked = tuple[FormSpec, Callable[[Values], writes.Result]]

NAMED, LONGEST = 3, 40
"""How many of several people are named, and the maximum width of a name in cells."""


class Opened(NamedTuple):
    """A form, and what it does with the values."""

    spec: FormSpec
    job: Callable[[Values], writes.Result]


def opened(session: Session, name: str, about: Sequence[str] = ()) -> Opened:
    """Return a form about records, given by printed ids. Raises NotFoundError."""
    spec, job = FORMS[name](session, tuple(about))
    return Opened(spec._replace(name=name, about=tuple(about)), job)


def add_person(session: Session, begun: Values | None = None) -> Opened:
    """Return the form for a new person, with the values it is ``begun`` with."""
    from crm_cli.tui.dialogs import person

    def save(values: Values) -> writes.Result:
        edits, name = person.added(values)
        return writes.add(session, edits, name)

    return Opened(person.form(None, begun)._replace(name="add"), save)


def add_company(session: Session, name: str = "") -> Opened:
    """Return the form for a new company, perhaps of this name."""
    from crm_cli.tui.data import companies
    from crm_cli.tui.dialogs import company

    def save(values: Values) -> writes.Result:
        return companies.add(session, company.edits(None, values), values["name"].strip())

    return Opened(company.form(None, name)._replace(name="add company"), save)


def who(names: Iterable[str], count: int, kind: Kind = PERSON) -> str:
    """Return the first names of ``count`` people or companies, and how many more there are."""
    shown = [_short(name) for name in islice(names, NAMED)]
    if not shown:
        return counted(count, kind.singular, kind.plural)
    more = count - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _short(name: str) -> str:
    """Return a name, shortened to leave room for others."""
    shown = clean(name) or "(no name)"
    return fit(shown, LONGEST) if display_width(shown) > LONGEST else shown


def _number(ref: str) -> int:
    return int(split(ref)[1])


def _kind(about: tuple[str, ...]) -> Kind:
    """Return the kind of the records that a form is about; without any, that of people."""
    return BY_LETTER[split(about[0])[0]] if about else PERSON


def _subject(session: Session, about: tuple[str, ...]) -> tuple[str, Links]:
    """Return what an activity is about, in words and as links: people, or a company or a deal."""
    from crm_cli.queries import refs
    from crm_cli.services.activities import Links

    kind, ids = _kind(about), tuple(map(_number, about))
    if kind is DEAL:
        deal = reads.deal(session, ids[0])
        return deal.title, Links(tuple(person.id for person in deal.people), deal.company_id, deal.id)
    with Book.read(session.path) as book:
        names = [refs.name(book.db, kind.name, ref) for ref in ids[:NAMED]]
    return (who(names, len(ids), kind) if ids else ""), Links(ids) if kind is PERSON else Links((), ids[0])


def _log(session: Session, about: tuple[str, ...]) -> Asked:
    from crm_cli.tui.dialogs import forms

    name, links = _subject(session, about)
    return forms.log(session, name), partial(writes.log_with, session, links)


def _todo(session: Session, about: tuple[str, ...]) -> Asked:
    from crm_cli.tui.dialogs import forms

    name, links = _subject(session, about)
    return forms.todo(session, name), partial(writes.plan_with, session, links)


def _tag(session: Session, about: tuple[str, ...]) -> Asked:
    from crm_cli.tui.dialogs import forms

    kind, ids = _kind(about), [_number(ref) for ref in about]

    def save(values: Values) -> writes.Result:
        return writes.tag(session, ids, forms.tags_in(values["tags"]), kind.name)

    return forms.tag(_subject(session, about)[0]), save


def _relate(session: Session, about: tuple[str, ...]) -> Asked:
    from crm_cli.tui.data import relationships
    from crm_cli.tui.dialogs.relationships import form

    name, links = _subject(session, about)
    return form(name), partial(relationships.save, session, links.people[0])


def _edit(session: Session, about: tuple[str, ...]) -> Asked:
    from crm_cli.tui.dialogs import person

    if _kind(about) is COMPANY:
        return _edit_company(session, _number(about[0]))
    found = reads.contact(session, _number(about[0]))

    def save(values: Values) -> writes.Result:
        return writes.edit(session, found.id, person.changed(found, values), found.revision)

    return person.form(found), save


def _edit_company(session: Session, ref: int) -> Asked:
    from crm_cli.tui.data import companies
    from crm_cli.tui.dialogs import company

    found = companies.company(session, ref)

    def save(values: Values) -> writes.Result:
        return companies.edit(session, ref, company.edits(found, values), found.revision)

    return company.form(found), save


def _activity(
    name: str, write: Callable[[Session, int, Values], writes.Result]
) -> Callable[[Session, tuple[str, ...]], Asked]:
    """Return the function that opens a form about one activity."""

    def make(session: Session, about: tuple[str, ...]) -> Asked:
        from crm_cli.tui.dialogs import forms

        found = reads.activity(session, _number(about[0]))
        factory: Callable[[Session, Activity], FormSpec] = getattr(forms, name)
        return factory(session, found), partial(write, session, found.id)

    return make


def _edit_activity(session: Session, about: tuple[str, ...]) -> Asked:
    from crm_cli.tui.data import past
    from crm_cli.tui.dialogs import activity

    found = reads.activity(session, _number(about[0]))
    return activity.form(session, found), lambda values: past.edit(
        session, found, activity.edits(session, found, values)
    )


def _stages(session: Session) -> tuple[str, ...]:
    from crm_cli.queries import stages

    with Book.read(session.path) as book:
        return tuple(stage.name for stage in stages.every(book.db) if not stage.archived)


def _add_deal(session: Session, _: tuple[str, ...]) -> Asked:
    from crm_cli.tui.data import deals as deal_writes
    from crm_cli.tui.dialogs import deals

    def save(values: Values) -> writes.Result:
        return deal_writes.add(session, values["title"], values["with"], deals.edits(None, values))

    return deals.form(session, None, _stages(session)), save


def _edit_deal(session: Session, about: tuple[str, ...]) -> Asked:
    from crm_cli.tui.data import deals as deal_writes
    from crm_cli.tui.dialogs import deals

    found = reads.deal(session, _number(about[0]))

    def save(values: Values) -> writes.Result:
        return deal_writes.edit(session, found, deals.edits(found, values))

    return deals.form(session, found, _stages(session)), save


def _move_deal(session: Session, about: tuple[str, ...]) -> Asked:
    from crm_cli.tui.data import deals as deal_writes
    from crm_cli.tui.dialogs import deals

    found = reads.deal(session, _number(about[0]))

    def save(values: Values) -> writes.Result:
        return deal_writes.move(session, found.id, values["stage"])

    return deals.move(found.title, found.stage, _stages(session)), save


def _close_deal(session: Session, about: tuple[str, ...], *, won: bool) -> Asked:
    from crm_cli.tui.data import deals as deal_writes
    from crm_cli.tui.dialogs import deals

    found = reads.deal(session, _number(about[0]))
    return deals.close(found.title, won=won), partial(deal_writes.close, session, found.id, won=won)


FORMS: dict[str, Callable[[Session, tuple[str, ...]], Asked]] = {
    "log": _log,
    "todo": _todo,
    "tag": _tag,
    "relate": _relate,
    "add": lambda session, _: add_person(session),
    "add company": lambda session, _: add_company(session),
    "edit": _edit,
    "done": _activity("done", writes.done),
    "move": _activity("move", writes.move),
    "snooze": _activity("snooze", writes.snooze),
    "activity edit": _edit_activity,
    "deal add": _add_deal,
    "deal edit": _edit_deal,
    "deal move": _move_deal,
    "deal win": partial(_close_deal, won=True),
    "deal lose": partial(_close_deal, won=False),
}
"""The name of a form -> the function that opens it, about records given by printed ids."""
