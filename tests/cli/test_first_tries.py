"""What users of other programs try first: it works or names the right command, and does nothing else than meant."""

from __future__ import annotations

import shlex
import shutil
from typing import TYPE_CHECKING

import pytest
from support import dump

from crm_cli.entry import run as run_line

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support import Run

ACT = [
    ("lookup 'asha verma'", 2, "use: crm find WORDS"),
    ("schedule call asha tomorrow 3pm", 2, "use: crm todo TEXT --with REF --due WHEN"),
    ("record history asha", 2, "use: crm log KIND REF -m TEXT"),
    ("history asha", 0, "pouches: 40 000 in January"),
    ("groups", 2, "use: crm tag"),
    ("opportunities", 2, "use: crm deal board"),
    ("calendar", 2, "use: crm agenda --days 30"),
    ("duplicates", 2, "use: crm dupes"),
]
HUBSPOT = [
    ("contacts list", 2, "use: crm list"),
    ("contacts create --email a@b.example", 2, "use: crm add NAME"),
    ("companies search acme", 2, "use: crm find WORDS"),
    ("deal create 'Big deal' --amount 5000", 2, "use: crm deal add NAME"),
    ("deal 3 won", 2, "use: crm deal win 3"),
    ("list leads", 2, "use: crm list status:lead"),
    ("log call asha 'talked about boxes'", 3, 'a text is given as -m "talked about boxes"'),
    ("export contacts", 2, "use: crm export --format csv"),
    ("merge asha ravi", 2, "--yes"),
]
TASKWARRIOR = [
    ("add due:friday Call Bob", 2, "use: crm todo TEXT --due friday"),
    ("task add 'Call Bob'", 2, "use: crm todo TEXT --due WHEN"),
    ("todo 'call asha' due:friday", 2, "use: --due friday"),
    ("77 done", 2, "use: crm done a77"),
    ("77 modify due:friday", 2, "use: crm edit a77 FIELD=VALUE"),
    ("list overdue", 2, "use: crm agenda --only overdue"),
    ("next", 2, "use: crm today"),
    ("delete a77", 2, "use: crm rm REF"),
    ("annotate a77 'asked again'", 2, "use: crm edit ID text=TEXT"),
    ("sync", 2, ""),
]
KHARD = [
    ("new", 2, "use: crm add NAME"),
    ("ls", 2, "use: crm list"),
    ("details asha verma", 2, "use: crm show REF"),
    ("email asha", 0, "asha.verma@sahyadrifoods.example\tAsha Verma"),
    ("email --parsable asha", 2, "use: --no-header"),
    ("birthdays", 2, "use: crm list birthday:this-month"),
    ("list -a work", 2, "use: --book"),
    ("add-email", 2, "use: crm add NAME email=ADDRESS"),
]
ABOOK = [
    ("--mutt-query asha", 2, "use: crm email WORDS"),
    ("--convert --informat vcard --infile x.vcf", 2, "use: crm import FILE"),
    ("--datafile other.db", 2, "use: --book"),
    ("export vcard", 2, "use: crm export --format vcf"),
    ("addressbook", 2, "use: crm list"),
]
TRIES = [*ACT, *HUBSPOT, *TASKWARRIOR, *KHARD, *ABOOK]

MORE = [
    ("add Call Bob", 2, 'write: crm todo "Call Bob"'),
    ("add 'Call Bob'", 0, 'something to do is: crm todo "Call Bob"'),
    ("add email asha@new.example", 2, "write: crm add NAME email=asha@new.example"),
    ("add Asha city:Pune", 2, "write city=Pune"),
    ("add project:sales x", 2, "use: crm todo TEXT --deal DEAL"),
    ("todo 'call asha' +work", 2, "crm tag REF +TAG"),
    ("deal add 'Big deal' 5000", 0, "note: 5000 in the title is not an amount; crm deal edit d14 amount=5000"),
    ("deal list won", 2, "use: crm deal list status:won"),
    ("deal close d3", 2, "use: crm deal win DEAL"),
    ("deals list", 2, "use: crm deal list"),
    ("task 77 done", 2, "use: crm done a77"),
    ("agenda tomorrow", 2, "use: crm agenda due:tomorrow"),
    ("agenda next week", 2, "use: crm agenda due:next-week"),
    ("history yesterday", 2, "use: crm history when:yesterday"),
    ("history asha verma", 0, "pouches"),
    ("export out.vcf", 2, "use: -o out.vcf"),
    ("list -p", 2, "use: --format"),
    ("list text:deals", 0, ""),
    ("find tag:client", 3, "crm list tag:client"),
    ("rm contact 12", 2, "use: crm rm 12"),
    ("move d3 friday", 2, "use: crm deal move d3 STAGE"),
    ("called asha 'talked about boxes'", 3, 'a text is given as -m "talked about boxes"'),
    ("a77", 2, "use: crm show a77"),
    ("todo call +91 98200 12345", 0, "Planned a100 call +91 98200 12345"),
    ("todo https://x.example/a", 0, "Planned a100 https://x.example/a"),
]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CRM_NOW", "2026-11-24T09:30:00+05:30")
        patch.setenv("TZ", "Asia/Kolkata")
        assert run_line(["demo", "--json", str(path)]) == 0
    return path


@pytest.mark.parametrize(("line", "code", "answer"), [*TRIES, *MORE], ids=str)
def test_it_works_or_names_the_command(
    crm: Callable[..., Run], demo: Path, book_path: Path, line: str, code: int, answer: str
) -> None:
    shutil.copy(demo, book_path)
    before = dump(book_path)

    found = crm(*shlex.split(line))

    assert found.code == code
    assert answer in found.out + found.err
    assert code == 0 or (found.out, dump(book_path)) == ("", before)
    assert code == 0 or len(found.err.splitlines()) == 1


def test_thirty_five_of_forty_are_answered():
    assert len(TRIES) == 40
    assert sum(bool(answer) for _, _, answer in TRIES) >= 35
