"""The first run: an empty book says where it lies, and is filled by keys."""

from __future__ import annotations

import zipfile

import pytest
from tui_support import drive, press, session, settled, shown, toast

from crm_cli.errors import NoAddressesError, StoppedError
from crm_cli.tui import actions
from crm_cli.tui.data import filling
from crm_cli.tui.data.running import Running


def test_the_pipeline_of_an_empty_book_says_so_until_it_is_filled(book_path):
    """In a line below the stages."""

    async def work(pilot):
        await press(pilot, "3")
        assert "This book is empty:  I imports a file" in shown(pilot.app)
        await press(pilot, "X", "y")
        await settled(pilot)
        assert "This book is empty" not in shown(pilot.app)

    drive(session(book_path), work)


@pytest.mark.parametrize("key", ["1", "2", "f2"])
def test_an_empty_book_says_where_it_lies_and_what_fills_it(book_path, key):
    """On each list."""

    async def work(pilot):
        await press(pilot, key)
        text = shown(pilot.app)
        assert book_path.name[-8:] in text
        for words in ("c  add a", "I  import a file", "X  fill it with examples"):
            assert words in text

    drive(session(book_path), work)


def test_the_first_person_is_added_from_today(book_path):
    """The form is that of the people."""

    async def work(pilot):
        await press(pilot, "c", "=Meera Iyer", "enter")
        assert toast(pilot.app) == "Added 1 Meera Iyer [ch1]"
        assert pilot.app.page.place == actions.PEOPLE

    drive(session(book_path), work)


def test_a_file_is_imported_and_taken_back(book_path, tmp_path):
    """A path is completed; a file that is not an address book is refused in the form."""
    (tmp_path / "notes.bin").write_bytes(b"\0\1\2\3")
    file = tmp_path / "leads.csv"
    file.write_text("name,email\nAsha Verma,asha@acme.in\nRavi Kumar,\n,\n", encoding="utf-8")

    async def work(pilot):
        await press(pilot, "I", f"={tmp_path}/none", "enter")
        assert "no such file" in shown(pilot.app)
        await press(pilot, "ctrl+u", f"={tmp_path}/notes.bin", "enter")
        assert pilot.app.screen is not pilot.app.page
        await press(pilot, "ctrl+u", f"={tmp_path}/le")
        assert "leads.csv" in shown(pilot.app)
        await press(pilot, "down", "enter")
        assert pilot.app.screen.read()["file"] == str(file)
        await press(pilot, "enter")
        assert toast(pilot.app).startswith("Imported leads.csv: 2 read, 2 new [ch1]")
        assert pilot.app.page.place == actions.PEOPLE
        assert "Ravi Kumar" in shown(pilot.app)
        await press(pilot, "u")
        assert toast(pilot.app).endswith(": 2 people")
        assert "No people in this book yet." in shown(pilot.app)

    drive(session(book_path), work)


def test_progress_and_rejected_rows_are_said(book_path, tmp_path, monkeypatch):
    """As on the command line."""
    monkeypatch.setattr(filling, "EVERY", -1)
    file = tmp_path / "cards.vcf"
    file.write_text("BEGIN:VCARD\nVERSION:3.0\nFN:Asha\nEND:VCARD\nBEGIN:VCARD\nVERSION:3.0\nEND:VCARD\n")
    said = []

    found = filling.bring_in(session(book_path), file, said.append)

    assert said == ["cards.vcf: 2 read…"]
    assert "1 rejected" in found.words()
    assert "cards.vcf.rejects" in found.words()


def test_an_import_that_is_stopped_changes_nothing(book_path, tmp_path):
    """Esc in the form ends it."""
    file = tmp_path / "leads.csv"
    file.write_text("name,city\nAsha Verma,Pune\nRavi Kumar,Goa\n", encoding="utf-8")
    run = Running()
    run.end()

    with run.shown(), pytest.raises(StoppedError):
        filling.bring_in(session(book_path), file, print)

    assert filling.is_empty(session(book_path))


def test_an_archive_is_imported_as_on_the_command_line(book_path, tmp_path):
    """Each table is a change; what is skipped or fails is said."""
    file = tmp_path / "move.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.csv", "name,email\nAsha Verma,a@x.example\n")
        archive.writestr("b.csv", "name,email\nRavi Kumar,r@x.example\n")
        archive.writestr("c.csv", "SKU,Product Name,Unit Price\n1,Tin,5\n")
        archive.writestr("README.md", "# Read me\n")

    found = filling.bring_in(session(book_path), file, print).words()

    assert found.startswith("Imported move.zip (2 tables): 2 read, 2 new [ch2]")
    assert "1 failure, the first: move.zip/c.csv: it holds products" in found
    assert "1 skipped, no address data" in found
    assert "u undoes the last of 2 changes" in found


def test_a_folder_without_address_data_is_refused(book_path, tmp_path):
    """The folder is named."""
    (tmp_path / "empty").mkdir()

    with pytest.raises(NoAddressesError, match="empty: no address data in it"):
        filling.bring_in(session(book_path), tmp_path / "empty", print)
    assert filling.check(str(tmp_path / "empty")) == "→ a folder"


def test_examples_fill_only_an_empty_book(book_path):
    """After a question."""

    async def work(pilot):
        await press(pilot, "X")
        assert "Fill this book with examples?" in shown(pilot.app)
        await press(pilot, "y")
        await settled(pilot)
        assert "as examples" in toast(pilot.app)
        assert "Coming  13" in shown(pilot.app)
        await press(pilot, "X")
        assert toast(pilot.app) == "This book is not empty: the examples are for an empty one."

    drive(session(book_path), work)
