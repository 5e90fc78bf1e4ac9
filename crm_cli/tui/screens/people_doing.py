"""What can be done to the people listed, by keys."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from crm_cli.core import edits as grammar
from crm_cli.errors import UsageError
from crm_cli.render.clean import clean
from crm_cli.tui import reads, writes
from crm_cli.tui.screens.page import Page
from crm_cli.tui.widgets.card import Card
from crm_cli.tui.widgets.people_list import PeopleList
from crm_cli.tui.widgets.search_field import SearchField

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm_cli.core.edits import Edit, TagEdit
    from crm_cli.core.records import Contact

MANY = 5
"""From so many people on, a removal is confirmed; fewer are brought back by a key as fast as a question is answered."""


class PeopleDoing(Page):
    """The actions of the people's screen."""

    @property
    def found(self) -> PeopleList:
        """The list."""
        return self.query_one(PeopleList)

    @property
    def field(self) -> SearchField:
        """The search."""
        return self.query_one(SearchField)

    def do_search(self) -> None:
        """Go into the search."""
        self.remove_class("card-on")
        self.set_focus(self.field)

    def do_open(self) -> None:
        """Read the card: beside the list, or in its place where it is narrow."""
        if self.found.current is None:
            return
        if not self.card_is_seen:
            self.do_card()
        self.set_focus(self.query_one(Card))

    def do_leave(self) -> None:
        """Leave the card, else the selection, else the search."""
        if self.focused is self.query_one(Card):
            self.remove_class("card-on")
            self.set_focus(self.found)
        elif self.found.selected:
            self.found.select(())
        elif self.field.text:
            self.field.set_text("")

    def do_select(self) -> None:
        """Select the person under the cursor, or not any more."""
        self.found.toggle()

    def do_select_all(self) -> None:
        """Select everybody listed; again, nobody."""
        everybody = len(self.found.selected) == len(self.found.ids)
        self.found.select(() if everybody else self.found.ids)

    def _targets(self) -> list[int]:
        """Return whom an action is about, saying so where it is nobody."""
        if not self.found.targets:
            self.dashboard.say("Nobody is listed here: c adds a person.", "warning")
        return self.found.targets

    def _who(self, people: list[int]) -> str:
        """Name those an action is about."""
        row = self.found.known.get(people[0])
        return row.name if row and len(people) == 1 else f"{len(people)} people"

    def do_log(self) -> None:
        """Log something with them."""
        from crm_cli.tui.dialogs import forms

        if people := self._targets():
            self.fill_in(
                forms.log(self.desk, self._who(people)), partial(writes.log, self.desk, people), then=self._done
            )

    def do_todo(self) -> None:
        """Plan something with them."""
        from crm_cli.tui.dialogs import forms

        if people := self._targets():
            spec = forms.todo(self.desk, self._who(people))
            self.fill_in(spec, partial(writes.todo, self.desk, people), then=self._done)

    def do_tag(self) -> None:
        """Put tags on, or take them off."""
        from crm_cli.tui.dialogs import forms

        if people := self._targets():
            self.fill_in(
                forms.tag(self._who(people)),
                lambda values: writes.tag(self.desk, people, forms.tags_in(values["tags"])),
                then=self._done,
            )

    def _done(self, _: writes.Told) -> None:
        """Let go of those it was done to."""
        if self.found.selected:
            self.found.select(())

    def do_remove(self) -> None:
        """Remove them; many only after a question."""
        from crm_cli.tui.dialogs.confirm import Confirm

        people = self._targets()
        job = partial(writes.remove, self.desk, people)
        if len(people) >= MANY:
            self.confirm(Confirm(f"Remove {len(people)} people?", "remove them", "u brings them back."), job)
        elif people:
            self.write(job)
        self.found.select(())

    def do_add(self) -> None:
        """Add a person."""
        from crm_cli.tui.dialogs import person

        def save(values: writes.Values) -> writes.Told:
            edits, name = person.added(values)
            return writes.add(self.desk, edits, name)

        self.fill_in(person.form(None), save, then=self._added)

    def _added(self, told: writes.Told) -> None:
        """Put the cursor on who was added."""
        if told.made is not None:
            self.dashboard.go_to_person(told.made)

    def _contact(self, then: Callable[[Contact], None]) -> None:
        """Read the person under the cursor."""
        person, desk = self.found.current, self.desk
        if person is None:
            self._targets()
            return
        self.ask("contact", lambda _: iter([reads.contact(desk, person)]), then)

    def do_edit(self) -> None:
        """Change the person."""
        from crm_cli.tui.dialogs import person

        def ask(found: Contact) -> None:
            self.fill_in(
                person.form(found),
                lambda values: writes.edit(self.desk, found.id, person.changed(found, values), found.revision),
            )

        self._contact(ask)

    def do_note(self) -> None:
        """Write a note in the editor."""
        people = self._targets()
        if not people:
            return
        text = self.dashboard.edited("", suffix=".md")
        if text and text.strip():
            self.write(partial(writes.note, self.desk, people[0], text))

    def do_edit_card(self) -> None:
        """Change the whole card in the editor."""
        desk = self.desk

        def ask(found: tuple[Contact, list[str]]) -> None:
            contact, custom = found
            edits = self._edits_of_card(contact, custom)
            if edits:
                self.write(partial(writes.edit, desk, contact.id, edits, contact.revision))

        person = self.found.current
        if person is not None:
            self.ask("contact", lambda _: iter([(reads.contact(desk, person), reads.custom_fields(desk))]), ask)

    def _edits_of_card(self, contact: Contact, custom: list[str]) -> list[Edit | TagEdit]:
        """Return what was edited; a card with a mistake is offered again until it is left as it is."""
        from crm_cli.render import toml_card

        old = toml_card.card(contact)
        original = text = toml_card.written(contact, str(contact.id))
        while True:
            before, text = text, self.dashboard.edited(text, suffix=".toml") or ""
            if not text.strip() or text in {original, before}:
                self.dashboard.say("Nothing was changed.")
                return []
            try:
                words = toml_card.assignments(old, toml_card.read(text), company=False, custom=custom)
                return grammar.split_words(words, custom=custom)[1]
            except UsageError as error:
                body = "".join(part for part in text.splitlines(keepends=True) if not part.startswith("# mistake: "))
                text = f"# mistake: {clean(str(error))}\n{body}"

    def do_copy_email(self) -> None:
        """Copy the e-mail address."""
        self._copy("email", "e-mail address")

    def do_copy_phone(self) -> None:
        """Copy the phone number."""
        self._copy("phone", "phone number")

    def _copy(self, kind: str, called: str) -> None:
        def copy(found: Contact) -> None:
            value = next((one.value for one in found.points if one.kind == kind and one.state == "current"), "")
            if value:
                self.app.copy_to_clipboard(clean(value))
                self.dashboard.say(f"Copied {value}")
            else:
                self.dashboard.say(f"{found.name} has no {called}.", "warning")

        self._contact(copy)
