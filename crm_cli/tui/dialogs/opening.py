"""Opening a form on a page: its writes, a record that was changed meanwhile, and a form that was kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.errors import CrmError, StaleError
from crm_cli.tui.data import forms
from crm_cli.tui.dialogs.conflict import resolve
from crm_cli.tui.dialogs.form import Form
from crm_cli.tui.dialogs.kept import DISCARD, OPEN, KeptForm

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm_cli.tui.data.running import Running
    from crm_cli.tui.data.writes import Result
    from crm_cli.tui.dialogs.spec import FormSpec, Values
    from crm_cli.tui.kept import Kept
    from crm_cli.tui.screens.page import Page

RETRY = 1.0
"""Seconds until a kept form is offered, if something else is open."""


def fill_in(
    page: Page,
    spec: FormSpec,
    job: Callable[[Values], Result],
    then: Callable[[Result], None] | None = None,
    kept: Kept | None = None,
) -> None:
    """Show a form that writes, filled in as it was ``kept``."""

    def saving(job: Callable[[Values], Result]) -> Callable[[Values, Running], None]:
        return lambda values, run: page.write(lambda: job(values), then=saved, refused=refused, run=run)

    def saved(result: Result) -> None:
        form.close()
        if then:
            then(result)

    def refused(error: CrmError) -> None:
        form.refuse(error)
        if isinstance(error, StaleError) and spec.name:
            page.ask_for(
                "form",
                lambda: forms.opened(page.session, spec.name, spec.about),
                lambda found: resolve(form, found.spec, saving(found.job)),
            )

    form = Form(spec, saving(job), kept)
    page.app.push_screen(form)


def offer(page: Page, found: Kept) -> None:
    """Offer a form that was kept when the dashboard was ended, once nothing else is open."""

    def answered(answer: str | None) -> None:
        if answer == OPEN:
            page.ask_for(
                "form",
                lambda: forms.opened(page.session, found.name, found.about),
                lambda form: fill_in(page, *form, kept=found),
            )
        elif answer == DISCARD:
            found.discard()

    if page.app.screen is page:
        page.app.push_screen(KeptForm(found.title, found.typed), answered)
    else:
        page.set_timer(RETRY, lambda: offer(page, found))
