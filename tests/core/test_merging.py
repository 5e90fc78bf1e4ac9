"""The laws of the three-way merge."""

from __future__ import annotations

from operator import attrgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import records_of

from crm_cli.core.consent import CHANNELS, STATES
from crm_cli.core.merging import Merge, completed, items, keeping, merge
from crm_cli.core.records import Address, Consent, Draft, Employment, Point, Property

words = st.sampled_from(["", "a", "b", "c", "अ"])
points = st.lists(
    records_of(Point, st.sampled_from(["email", "phone"]), st.sampled_from(["x", "y", "z"]), words, st.booleans()),
    max_size=3,
).map(tuple)
consents = records_of(Consent, st.sampled_from(CHANNELS), st.sampled_from(STATES))
drafts = records_of(Draft,
    name=st.sampled_from(["Asha Verma", "Ravi Kumar", "Zoë"]),
    nickname=words, company=words, title=words, department=words, notes=words,
    birthday=st.sampled_from([None, "--11-22", "1990-01-02"]),
    points=points,
    addresses=st.lists(records_of(Address, locality=words, label=words), max_size=2).map(tuple),
    tags=st.lists(st.sampled_from(["a", "b", "c"]), max_size=3, unique=True).map(tuple),
    custom=st.dictionaries(st.sampled_from("fg"), st.sampled_from("12")).map(lambda d: tuple(sorted(d.items()))),
    properties=st.lists(records_of(Property, st.sampled_from(["X-A", "X-B"]), words), max_size=2).map(tuple),
    consents=st.lists(consents, max_size=2, unique_by=attrgetter("channel")).map(tuple),
).map(completed)  # fmt: skip


def applied(ours: Draft, plan: Merge) -> Draft:
    """Do to a draft what the import service does to the book (work apart)."""
    lists = {}
    for name in ("points", "addresses", "tags", "properties", "consents"):
        todo = getattr(plan, name)
        have = list(getattr(ours, name))
        for gone in todo.remove:
            have.remove(gone)
        for old, new in todo.change:
            have[have.index(old)] = new
        lists[name] = (*have, *todo.add)
    custom = {**dict(ours.custom), **plan.custom}
    scalars = {
        name: value or ("" if name not in {"birthday", "anniversary"} else None) for name, value in plan.scalars.items()
    }
    return ours._replace(**scalars, **lists, parts=plan.parts or ours.parts,
        custom=tuple(sorted((name, value) for name, value in custom.items() if value)),
    )  # fmt: skip


def jobs(draft: Draft) -> list[Employment]:
    """Return the work a draft speaks of as the book has it."""
    if not (draft.company or draft.title or draft.department):
        return []
    return [Employment(draft.company, 1, draft.title, draft.department, id=1)]


def content(draft: Draft) -> tuple[object, ...]:
    """Return what a draft says, the order of its lists and its work apart."""
    lists = (draft.points, draft.addresses, draft.tags, draft.properties)
    return (
        draft.name,
        draft.parts,
        draft.nickname,
        draft.birthday,
        draft.notes,
        sorted(draft.custom),
        *(sorted(map(repr, each)) for each in lists),
    )


@given(drafts, drafts)
def test_an_unchanged_file_changes_nothing(base: Draft, ours: Draft) -> None:
    """Whatever the user made of a record, the same file again leaves it alone."""
    plan = merge(base, base, ours, jobs(ours))

    assert not plan
    assert not plan.conflicts


@given(drafts, drafts)
def test_an_untouched_record_becomes_what_the_file_says(base: Draft, theirs: Draft) -> None:
    """Where the user changed nothing, the newer file is taken over whole."""
    plan = merge(base, theirs, base, jobs(base))

    assert content(applied(base, plan)) == content(theirs)
    assert not plan.conflicts


@given(drafts, drafts)
def test_the_users_change_that_the_file_made_as_well_is_no_conflict(base: Draft, theirs: Draft) -> None:
    """Both sides saying the same is agreement."""
    plan = merge(base, theirs, theirs, jobs(theirs))

    assert not plan.scalars
    assert not plan.custom
    assert not plan.conflicts


@given(drafts, drafts, drafts)
def test_merging_twice_is_merging_once(base: Draft, theirs: Draft, ours: Draft) -> None:
    """After an import the file is the new base, and nothing is left to do."""
    after = applied(ours, merge(base, theirs, ours, jobs(ours)))

    assert not merge(theirs, theirs, after, jobs(after))


@given(drafts, drafts, drafts)
def test_what_the_user_changed_stays(base: Draft, theirs: Draft, ours: Draft) -> None:
    """A field that the user changed keeps the user's value, and a file that says another is told of."""
    plan = merge(base, theirs, ours, jobs(ours))

    for name in ("nickname", "notes", "birthday"):
        if (getattr(ours, name) or "") != (getattr(base, name) or ""):
            assert name not in plan.scalars
            named = any(conflict.field == name for conflict in plan.conflicts)
            assert named is (
                (getattr(theirs, name) or "") not in {getattr(base, name) or "", getattr(ours, name) or ""}
            )
    for tag in set(ours.tags) - set(base.tags):
        assert tag not in plan.tags.remove


@given(drafts, drafts)
def test_without_a_base_nothing_is_taken_away(theirs: Draft, ours: Draft) -> None:
    """Somebody first met through an e-mail is only added to."""
    plan = merge(None, theirs, ours, jobs(ours))

    assert not any(each.remove for each in (plan.points, plan.addresses, plan.tags, plan.properties))
    assert all(not getattr(ours, name) for name in plan.scalars)
    assert set(ours.tags) | set(theirs.tags) == set(applied(ours, plan).tags)


@given(drafts, drafts, drafts)
def test_keeping_never_removes(base: Draft, theirs: Draft, ours: Draft) -> None:
    """A file that may be another one does not remove by its silence."""
    plan = merge(base, keeping(base, theirs), ours, jobs(ours))

    assert not any(each.remove for each in (plan.points, plan.addresses, plan.tags, plan.properties))
    assert all(plan.scalars.values())


def test_what_the_user_removed_does_not_come_back() -> None:
    """A phone that the user deleted stays deleted as long as the file says nothing new of it."""
    one, two = Point("phone", "1"), Point("phone", "2")

    found = items((one,), (one, two), (), key=lambda p: p.value, content=lambda p: p.label)

    assert (found.add, found.remove) == ((two,), ())


HOME = Address("4 Station Road", locality="Mumbai", country="India", label="home")


@pytest.mark.parametrize(
    ("theirs", "added"),
    [
        (Address(locality="Mumbai"), False),
        (Address(locality="MUMBAI", country="india", label="work"), False),
        (HOME._replace(label=""), False),
        (Address(locality="Pune"), True),
        (Address("Mumbai"), True),
        (Address("4 Station Road", locality="Mumbai", code="400001"), True),
    ],
)
def test_an_address_that_is_part_of_a_known_one_is_not_added(theirs: Address, added: bool) -> None:
    """A list of cities says nothing new of people whose streets are known."""
    plan = merge(None, Draft(name="Asha", addresses=(theirs,)), Draft(name="Asha", addresses=(HOME,)))

    assert plan.addresses.add == ((theirs,) if added else ())


def test_an_address_that_the_file_shortens_is_shortened() -> None:
    """The old one goes, so the new one is not part of anything."""
    base, city = Draft(name="Asha", addresses=(HOME,)), Address(locality="Mumbai")

    plan = merge(base, Draft(name="Asha", addresses=(city,)), base)

    assert (plan.addresses.remove, plan.addresses.add) == ((HOME,), (city,))


def test_an_employer_changed_in_the_file_makes_the_old_place_a_former_one() -> None:
    """History is kept: the old employment is left and a new one begins."""
    base, theirs = Draft(name="A", company="Acme", title="CTO"), Draft(name="A", company="Globex", title="CEO")

    job = merge(base, theirs, Draft(name="A"), [Employment("Acme", 1, "CTO", id=5)]).job

    assert (job.leave, job.add, job.company, job.title) == (5, True, "Globex", "CEO")


def test_an_employer_that_the_user_changed_stays() -> None:
    """The file's new employer is told of and not taken."""
    base, theirs = Draft(name="A", company="Acme"), Draft(name="A", company="Globex")

    plan = merge(base, theirs, Draft(name="A"), [Employment("Initech", 2, id=9)])

    assert not plan.job
    assert [(c.field, c.ours, c.theirs) for c in plan.conflicts] == [("company", "Initech", "Globex")]


def test_a_new_title_at_the_same_company_changes_the_place() -> None:
    """A promotion is no new employer."""
    base, theirs = Draft(name="A", company="Acme", title="CTO"), Draft(name="A", company="ACME", title="CEO")

    job = merge(base, theirs, Draft(name="A"), [Employment("Acme", 1, "CTO", id=5)]).job

    assert (job.change, job.title, job.leave, job.add) == (5, "CEO", None, False)


STOP, ALLOW = Consent("email"), Consent("email", "allowed")


@pytest.mark.parametrize(
    ("base", "theirs", "ours", "after"),
    [
        (None, (STOP,), (), (STOP,)),
        (None, (STOP,), (ALLOW,), (STOP,)),
        (None, (ALLOW,), (STOP,), (STOP,)),
        ((STOP,), (STOP,), (ALLOW,), (ALLOW,)),
        ((STOP,), (), (STOP,), (STOP,)),
        ((STOP,), (ALLOW,), (STOP,), (ALLOW,)),
        ((), (ALLOW,), (STOP,), (STOP,)),
        ((ALLOW,), (STOP,), (ALLOW,), (STOP,)),
        ((STOP,), (STOP,), (), ()),
    ],
)
def test_a_stop_ends_only_if_the_file_ends_its_own(base, theirs, ours, after):
    """No file makes a person reachable whom something else has stopped, and none repeats a stop that was ended."""
    one = Draft(name="Asha Verma")
    known = None if base is None else one._replace(consents=base)

    plan = merge(known, one._replace(consents=theirs), one._replace(consents=ours))

    assert applied(one._replace(consents=ours), plan).consents == after
    assert bool(plan.conflicts) is (theirs == (ALLOW,) and after == (STOP,))
