"""What the book knows about a text is shown while it is typed, and can be taken; days have keys of their own."""

from __future__ import annotations

from tui_support import burst, drive, press, session, shown, toast

from crm_cli.tui.data import suggestions


async def rest(pilot):
    """Wait until the book was asked about what was typed."""
    await pilot.pause(0.2)
    await press(pilot)


async def typed(pilot, *keys):
    """Press keys, and wait for what the book knows."""
    await press(pilot, *keys)
    await rest(pilot)


def test_a_person_or_company_is_recognised_while_it_is_typed(people):
    """One is echoed; of several, the arrows choose one, Esc none, and Enter takes it without saving."""

    async def work(pilot):
        await typed(pilot, "3", "c", "=Tins", "tab", "=zo")
        assert "→ Zoë Quiet, Initech" in shown(pilot.app)
        await press(pilot, "backspace", "backspace")
        await typed(pilot, "=a")
        text = shown(pilot.app)
        assert "matches 2: ↓ chooses" in text
        assert "Asha Verma, Acme" in text
        assert "Acme (company)" in text
        await press(pilot, "down", "escape", "down", "down", "up", "enter")
        field = pilot.app.screen.fields["with"]
        assert not field.offers.display
        assert field.content in {"Asha Verma", "Acme"}
        await rest(pilot)
        assert "→ A" in shown(pilot.app)
        assert not field.offers.display
        await press(pilot, "enter")
        assert toast(pilot.app).startswith("Added d1 Tins with A")

    drive(session(people), work)


def test_typing_goes_on_whatever_is_offered(people):
    """Tab goes to the next field, and the arrows too, past the end of the list."""

    async def work(pilot):
        await typed(pilot, "3", "c", "=Tins", "tab", "=a")
        await press(pilot, "=sha", "tab", "=500")
        values = pilot.app.screen.read()
        assert (values["with"], values["amount"]) == ("asha", "500")
        await press(pilot, "shift+tab", "backspace", "backspace")
        await typed(pilot, "backspace")
        await press(pilot, "down", "down", "down")
        assert pilot.app.focused.id == "amount"
        assert not pilot.app.screen.fields["with"].offers.display

    drive(session(people), work)


def test_what_was_offered_for_an_older_text_cannot_be_taken(people):
    async def work(pilot):
        await typed(pilot, "3", "c", "=Tins", "tab", "=a")
        await burst(pilot, *"sha", "down", "enter")
        assert pilot.app.screen is pilot.app.page or pilot.app.screen.read()["with"].startswith("asha")

    drive(session(people), work)


def test_namesakes_are_taken_by_their_ids(people, crm):
    crm("add", "Ravi Kumar", "city=Goa")

    async def work(pilot):
        await typed(pilot, "2", "R", "=ravi")
        assert "matches 2" in shown(pilot.app)
        await press(pilot, "down", "down", "enter")
        await rest(pilot)
        assert pilot.app.screen.read()["other"] in {"2", "5"}
        assert "→ Ravi Kumar" in shown(pilot.app)

    drive(session(people), work)


def test_what_is_ambiguous_when_it_is_saved_can_be_chosen_at_its_field(people, crm):
    crm("add", "Ravi Kumar", "city=Goa")

    async def work(pilot):
        await press(pilot, "3", "c")
        await burst(pilot, *"Tins", "tab", *"ravi", "enter")
        assert "matches 2" in shown(pilot.app)
        assert pilot.app.focused.id == "with"
        await rest(pilot)
        await press(pilot, "down", "enter", "enter")
        assert toast(pilot.app).startswith("Added d1 Tins with Ravi Kumar")

    drive(session(people), work)


def test_companies_and_tags_are_completed(people):
    """The last word of the tags, with its sign; names in every script."""

    async def work(pilot):
        await typed(pilot, "2", "c", "=Meera", "tab", "=glo")
        await press(pilot, "down", "tab")
        assert pilot.app.screen.read()["company"] == "Globex"
        await press(pilot, "escape", "y")
        await typed(pilot, "t", "=-cli")
        assert "-client" in shown(pilot.app)
        await press(pilot, "down", "enter")
        await typed(pilot, "=+v")
        await press(pilot, "down", "enter", "enter")
        assert toast(pilot.app).startswith("Tagged 1 Asha Verma +vip -client")

    drive(session(people), work)


def test_a_new_person_who_is_in_the_book_already_is_said(people):
    """As `crm add` does."""

    async def work(pilot):
        await typed(pilot, "2", "c", "=zoë quiet")
        assert "in the book already: 4 Zoë Quiet, Initech" in shown(pilot.app)
        await typed(pilot, "=r")
        assert "in the book already" not in shown(pilot.app)

    drive(session(people), work)


def test_every_script_is_completed(people, crm):
    crm("add", "सुरेश कुमार", "company=शांति आयुर्वेद")
    crm("company", "add", "शांति प्रेस")
    crm("company", "add", "東京印刷")
    on = session(people)

    assert [one.name for one in suggestions.company(on, "शां").offers] == ["शांति आयुर्वेद", "शांति प्रेस"]
    assert [one.name for one in suggestions.company(on, "東").offers] == ["東京印刷"]
    assert suggestions.person(on, "सुरेश").echo == "→ सुरेश कुमार, शांति आयुर्वेद"
    assert suggestions.company(on, "Acme").echo == ""
    assert suggestions.company(on, "Acme Ltd").echo == "→ a new company"
    assert suggestions.anyone(on, "qqq").echo == "no match"
    assert suggestions.anyone(on, "x" * 5000).offers == ()
    assert suggestions.tags(on, "client ") == suggestions.tags(on, "") == suggestions.Suggestions()


def test_one_key_moves_to_a_day(people):
    """The day that it means is shown; on the Sunday of the test, Monday is tomorrow."""

    async def work(pilot):
        await press(pilot, "m")
        text = " ".join(shown(pilot.app).split())
        for words in ("^t tomorrow: Mon 23 Nov", "^n Monday: Mon 23 Nov", "^g next week:"):
            assert words in text
        await press(pilot, "ctrl+t")
        assert toast(pilot.app).startswith("Moved a1 send the quote → Mon 23 Nov 2026")
        await press(pilot, "g", "s", "ctrl+g")
        assert toast(pilot.app).startswith("Snoozed until 2026-11-23")

    drive(session(people), work)


def test_the_keys_of_days_do_nothing_elsewhere(people):
    async def work(pilot):
        await press(pilot, "p", "=x", "ctrl+t", "ctrl+n", "ctrl+g")
        assert pilot.app.screen.read()["text"] == "x"

    drive(session(people), work)
