"""The first steps with a book: what an empty one offers, the form of an import, and the question of the examples."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from crm_cli.tui.data import filling
from crm_cli.tui.dialogs.confirm import Confirm
from crm_cli.tui.dialogs.form import Form
from crm_cli.tui.dialogs.spec import FormField, FormSpec, Values

if TYPE_CHECKING:
    from crm_cli.tui.data.running import Running
    from crm_cli.tui.data.writes import Result
    from crm_cli.tui.screens.page import Page

SPEC = FormSpec(
    "Import a file",
    (FormField("file", "file", "e.g. ~/contacts.vcf", check=filling.check, suggest=filling.files),),
    "import",
)


def ask_for_file(page: Page) -> None:
    """Ask for a file and import it; the form shows the progress, and why the file is refused."""
    app = page.dashboard

    def save(values: Values, run: Running) -> None:
        file = Path(values["file"].strip()).expanduser()
        job = partial(filling.bring_in, page.session, file, lambda text: app.call_later(form.report, text))
        page.write(job, then=saved, refused=form.refuse, run=run)

    def saved(_: Result) -> None:
        form.close()
        app.do_people(page)

    form = Form(SPEC, save)
    app.push_screen(form)


def ask_for_examples(page: Page) -> None:
    """Ask, and fill an empty book with the data of the demo."""

    def ask(is_empty: bool) -> None:
        if is_empty:
            question = Confirm(
                "Fill this book with examples?", "fill it",
                "Some sixty people of a packaging studio, their companies, a year of calls and a dozen deals.",
            )  # fmt: skip
            page.confirm(question, partial(filling.examples, page.session))
        else:
            page.dashboard.say("This book is not empty: the examples are for an empty one.", "warning")

    page.ask_for("empty", partial(filling.is_empty, page.session), ask)
