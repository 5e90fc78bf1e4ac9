"""What the keys of the people screen do with those selected, or with the one under the cursor."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from crm_cli.core import edits as grammar
from crm_cli.core.fields import COMPANY_FIELDS, CONTACT_FIELDS
from crm_cli.core.kinds import COMPANY, PERSON
from crm_cli.core.text.width import is_blank
from crm_cli.drafts import Draft, kept_words
from crm_cli.errors import CrmError, UsageError
from crm_cli.render.clean import clean
from crm_cli.tui import actions
from crm_cli.tui.data import cards as reads
from crm_cli.tui.data import writes
from crm_cli.tui.screens.page import Page
from crm_cli.tui.widgets.card import Card
from crm_cli.tui.widgets.people_list import PeopleList
from crm_cli.tui.widgets.search_field import SearchField

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crm_cli.core.edits import Edit, TagEdit
    from crm_cli.core.kinds import Kind
    from crm_cli.core.records import Company, Contact, Merge


class PeopleActions(Page):
    """What the keys of the people screen do with those selected, or with the one under the cursor."""

    searching = True
    """Does the list not yet show the result of the current search?"""
    kind: ClassVar[Kind] = PERSON
    """What is listed."""
    inside: tuple[str, str] = ("", "")
    """The search for the people of a company that was opened, and the company's name."""
    unselected = 0
    """How many people were selected when a search cleared the selection."""

    @property
    def is_opening(self) -> bool:
        """Is something being read that the next key is meant for, the result of a search that was left included?"""
        waits = self.waits.get(self.contents)
        is_searching = self.searching and self.focused is not self.field and not (waits and waits.is_waiting)
        return super().is_opening or is_searching

    @property
    def found(self) -> PeopleList:
        """The list."""
        return self.query_one(PeopleList)

    @property
    def field(self) -> SearchField:
        """The search field."""
        return self.query_one(SearchField)

    def do_search(self) -> None:
        """Move the focus to the search field."""
        self.remove_class("card-on")
        self.unselected = 0
        self.set_focus(self.field)

    def do_open(self) -> None:
        """Read the card: next to the list, or in its place on a narrow screen."""
        self.read_card()

    def do_leave(self) -> None:
        """Leave the card, else the selection, else the search."""
        if self.focused is self.query_one(Card):
            self.leave_card()
        elif self.found.selected:
            self.found.select(())
        elif self.field.text:
            if self.field.text == self.inside[0]:
                self.dashboard.do_companies(self)
            self.field.set_text("")

    def sort(self) -> None:
        """Read the list in its new order."""
        raise NotImplementedError

    def do_sort(self) -> None:
        """Sort the list by the next column."""
        self.found.sort_next()
        self.sort()

    def do_reverse(self) -> None:
        """Reverse the order of the list."""
        self.found.sort_reversed()
        self.sort()

    def do_select(self) -> None:
        """Toggle selection of the person under the cursor."""
        self.found.toggle()

    def do_select_all(self) -> None:
        """Select all listed people, or clear the selection if all are selected."""
        all_selected = len(self.found.selected) == len(self.found.ids)
        self.found.select(() if all_selected else self.found.ids)

    def _targets(self) -> list[int]:
        """Return the people an action applies to, with a message if there are none.

        There are none while a search is running: those still listed may not match it.
        """
        if self.searching:
            return []
        if not self.found.targets:
            self.dashboard.say(f"No {self.kind.plural} are listed: c adds a {self.kind.singular}.", "warning")
        return self.found.targets

    def _parties(self) -> list[int]:
        """Return the people, or the one company, that a new activity is with; with a message if there are none."""
        targets = self._targets()
        if len(targets) > 1 and self.kind is COMPANY:
            self.dashboard.say("An activity is with one company: select only one.", "warning")
            return []
        return targets

    def _who(self, people: list[int]) -> str:
        """Return the names of the people an action applies to: the first few whose rows are loaded."""
        from crm_cli.tui.data.forms import who

        return who((self.found.known[ref].name for ref in people if ref in self.found.known), len(people), self.kind)

    def _open_form(self, name: str, refs: Sequence[int]) -> None:
        """Open a form about people or companies, if there are any."""
        if refs:
            self.open_form(name, [self.kind.printed(ref) for ref in refs], then=self._done)

    def do_log(self) -> None:
        """Log an activity with them."""
        self._open_form("log", self._parties())

    def do_todo(self) -> None:
        """Plan an activity with them."""
        self._open_form("todo", self._parties())

    def do_tag(self) -> None:
        """Add or remove tags."""
        self._open_form("tag", self._targets())

    def do_relate(self) -> None:
        """Record or remove a relationship of the person under the cursor."""
        person = self.found.current
        if person is not None and self._targets():
            self.open_form("relate", [str(person)])

    def _done(self, _: writes.Result) -> None:
        """Clear the selection after the action."""
        if self.found.selected:
            self.found.select(())

    def do_remove(self) -> None:
        """Remove them; several only after a question that names them."""
        from crm_cli.tui.dialogs.confirm import Confirm

        people = self._targets()
        job = partial(self._remove, people)
        if len(people) > 1:
            question = f"Remove {len(people)} {self.kind.plural}?  {self._who(people)}"
            self.confirm(Confirm(question, "remove them", "u restores them."), job, then=self._done)
        elif people:
            self.write(job, then=self._done)

    def do_merge(self) -> None:
        """Merge the selected ones into the one with the lowest id, after a question about what differs."""
        from crm_cli.tui.dialogs.merging import ask

        refs = sorted(self._targets())
        if len(refs) > 1:
            ask(self, self.kind.name, refs, self._done)
        elif refs:
            self.dashboard.say(f"Select two {self.kind.plural} or more: space selects.", "warning")

    def do_unmerge(self) -> None:
        """Take the last merge into the one under the cursor apart, after a question."""
        from crm_cli.tui.data import duplicates
        from crm_cli.tui.dialogs.confirm import Confirm

        def ask(found: Merge | None) -> None:
            if found is None:
                self.dashboard.say(f"Nothing was merged into this {self.kind.singular}.", "warning")
                return
            question = f"Separate {self.kind.printed(found.loser)} {clean(found.name)} again?"
            remark = "It comes back as it was. Later edits and activities stay, unless they came by its addresses."
            self.confirm(Confirm(question, "unmerge", remark), partial(duplicates.unmerge, self.session, found))

        ref = self.found.current
        if self._targets() and ref is not None:
            self.ask_for("merge", partial(duplicates.last_merge, self.session, self.kind.name, ref), ask)

    def do_duplicates(self) -> None:
        """List the likely duplicates."""
        self.dashboard.open(actions.DUPLICATES, "")

    def _remove(self, refs: list[int]) -> writes.Result:
        return writes.remove(self.session, refs)

    def do_add(self) -> None:
        """Add a person; one who was searched for without a hit begins with what was typed."""
        from crm_cli.tui.data import forms
        from crm_cli.tui.dialogs.person import begun

        found = {} if self.found.count and not self.searching else begun(self.field.text)
        self.fill_in(*forms.add_person(self.session, found), then=self._added)

    def _added(self, result: writes.Result) -> None:
        """Move the cursor to the new person."""
        if result.made is not None:
            self.dashboard.go_to_person(result.made)

    def read_record(self, ref: int) -> Any:
        """Read a whole person."""
        return reads.contact(self.session, ref)

    def _record(self, then: Callable[[Any], None]) -> None:
        """Read the record under the cursor."""
        ref = self.found.current
        if self._targets() and ref is not None:
            self.ask_for("record", partial(self.read_record, ref), then)

    def do_edit(self) -> None:
        """Change the person."""
        ref = self.found.current
        if self._targets() and ref is not None:
            self.open_form("edit", [self.kind.printed(ref)])

    def do_note(self) -> None:
        """Write a note about them in the editor."""
        refs = self._parties()
        if not refs:
            return
        draft = Draft()
        try:
            text = self.dashboard.edited(draft)
        except CrmError as error:
            self.dashboard.show_error(error)
            return
        if is_blank(text):
            draft.discard()
            self.dashboard.say("The text is empty; nothing was written.")
            return
        self.write(partial(writes.note, self.session, refs, text, self.kind.name), then=self._done, draft=draft)

    def write_card(self, record: Any, edits: list[Edit | TagEdit]) -> writes.Result:
        """Change a person."""
        return writes.edit(self.session, record.id, edits, record.revision)

    def do_edit_card(self) -> None:
        """Change the whole card in the editor."""

        def read() -> tuple[Contact | Company, list[str]]:
            return self.read_record(ref), reads.custom_fields(self.session)

        def ask(found: tuple[Contact | Company, list[str]]) -> None:
            record, custom = found
            draft = Draft(toml_card.written(record, self.kind.printed(record.id)), suffix=".toml")
            try:
                edits = self._edits_of_card(draft, record, custom)
            except CrmError as error:
                self.dashboard.show_error(error)
                return
            self.write(partial(self.write_card, record, edits), draft=draft)

        from crm_cli.render import toml_card

        ref = self.found.current or 0
        if self._targets() and ref:
            self.ask_for("record", read, ask)

    def _edits_of_card(self, draft: Draft, record: Contact | Company, custom: list[str]) -> list[Edit | TagEdit]:
        """Return the edits; a card with a mistake is opened again until it is valid or left unchanged.

        Raises CrmError if there is nothing to save; the error says where a card with a mistake is kept.
        """
        from crm_cli.render import toml_card

        old, before = toml_card.card(record), draft.original
        while True:
            text = self.dashboard.edited(draft)
            if text == before or is_blank(text):
                raise CrmError("nothing was changed", hint=kept_words(draft))
            try:
                words = toml_card.assignments(old, toml_card.read(text), company=self.kind is COMPANY, custom=custom)
                fields = COMPANY_FIELDS if self.kind is COMPANY else CONTACT_FIELDS
                edits = grammar.split_words(words, fields, custom)[1]
            except UsageError as error:
                body = "".join(part for part in text.splitlines(keepends=True) if not part.startswith("# mistake: "))
                before = f"# mistake: {clean(str(error))}\n{body}"
                draft.write(before)
                continue
            if not edits:
                draft.discard()
                raise CrmError("nothing was changed")
            return edits

    def do_copy(self) -> None:
        """Copy the e-mail address, or the name if there is none."""
        self._record(lambda found: self.copy(_current(found, "email") or found.name))

    def do_copy_phone(self) -> None:
        """Copy the phone number."""

        def copy(found: Contact | Company) -> None:
            if value := _current(found, "phone"):
                self.copy(value)
            else:
                self.dashboard.say(f"{found.name} has no phone number.", "warning")

        self._record(copy)


def _current(found: Contact | Company, kind: str) -> str:
    """Return the first current contact point of a kind, or ``""``."""
    return next((one.value for one in found.points if one.kind == kind and one.state == "current"), "")
