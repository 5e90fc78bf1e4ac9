from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_cli.core import fields
from crm_cli.core.edits import Edit, TagEdit, split_words
from crm_cli.errors import UsageError


@pytest.mark.parametrize(
    ("word", "edit"),
    [
        ("email=a@x.in", Edit("email", "set", "a@x.in")),
        ("email+=a@x.in", Edit("email", "add", "a@x.in")),
        ("email.work+=a@x.in", Edit("email", "add", "a@x.in", "work")),
        ("email-=a@x.in", Edit("email", "remove", "a@x.in")),
        ("email=", Edit("email", "set", "")),
        ("email.work=", Edit("email", "set", "", "work")),
        ("E-Mail=a@x.in", Edit("email", "set", "a@x.in")),
        ("mobile=098200 12345", Edit("phone", "set", "098200 12345", "mobile")),
        ("phone=+919820012345", Edit("phone", "set", "+919820012345")),
        ("linkedin=asha", Edit("social", "set", "asha", "linkedin")),
        ("city=", Edit("city", "set", "")),
        ("city.home=Pune", Edit("city", "set", "Pune", "home")),
        ("zip=411001", Edit("code", "set", "411001")),
        ("notes=a=b", Edit("notes", "set", "a=b")),
        ("notes+=more", Edit("notes", "add", "more")),
        ("first=Asha", Edit("given", "set", "Asha")),
        ("birthday=12 apr", Edit("birthday", "set", "--04-12")),
        ("birthday=1990-04-12", Edit("birthday", "set", "1990-04-12")),
        ("birthday=", Edit("birthday", "set", "")),
        ("renewal=2027-01-01", Edit("renewal", "set", "2027-01-01")),
        ("Renewal_Date=x", Edit("renewal-date", "set", "x")),
        ("a.b=x", Edit("a.b", "set", "x")),
        ("tag+=vip", TagEdit("vip", True)),
        ("tags-=vip", TagEdit("vip", False)),
        ("+client", TagEdit("client", True)),
        ("-lead", TagEdit("lead", False)),
        ("+old  friend", TagEdit("old friend", True)),
        ("+ग्राहक", TagEdit("ग्राहक", True)),
        ("name=Zoe\u0308", Edit("name", "set", "Zoë")),
    ],
)
def test_one_assignment(word: str, edit: Edit | TagEdit) -> None:
    assert split_words([word], custom=["renewal", "renewal-date", "a.b"]) == ([], [edit])


def test_free_words_and_edits_are_parted_in_order() -> None:
    free, edits = split_words(["Asha", "email=a@x.in", "Verma", "+client", "-"])

    assert free == ["Asha", "Verma", "-"]
    assert edits == [Edit("email", "set", "a@x.in"), TagEdit("client", True)]


@pytest.mark.parametrize(
    ("word", "advice"),
    [
        ("emial=a@x.in", "did you mean email"),
        ("xyzzy=1", "crm field list"),
        ("=x", "crm field list"),
        ("email=nobody", "not an e-mail address"),
        ("email=a b@x", "not an e-mail address"),
        ("email+=", "email.work=asha"),
        ("email-=", "says nothing"),
        ("name=", "says nothing"),
        ("city-=Pune", "write city="),
        ("city+=Pune", "write city=Pune"),
        ("tag=vip", "write \\+vip"),
        ("title.work=CTO", "takes no label"),
        ("email.=a@x.in", "takes no label"),
        ("birthday=12/04/1990", "not a birthday"),
        ("+919820012345", "phone=\\+91"),
        ("+a,b", "not a name for a tag"),
        ("+ ", "not a name for a tag"),
    ],
)
def test_what_is_wrong_is_refused_with_advice(word: str, advice: str) -> None:
    with pytest.raises(UsageError, match=advice):
        split_words([word])


def test_a_company_has_no_birthday() -> None:
    with pytest.raises(UsageError, match="no field 'birthday'"):
        split_words(["birthday=12 apr"], fields.COMPANY_FIELDS)
    assert split_words(["city=Pune"], fields.COMPANY_FIELDS) == ([], [Edit("city", "set", "Pune")])


@given(st.lists(st.text() | st.from_regex(r"\A[a-z.+-]{0,9}[+-]?=.{0,5}\Z")))
def test_words_are_edits_or_a_usage_error(words: list[str]) -> None:
    try:
        free, edits = split_words(words)
    except UsageError:
        return

    assert len(free) + len(edits) == len(words)


@pytest.mark.parametrize("listed", [fields.CONTACT_FIELDS, fields.COMPANY_FIELDS])
def test_names_are_unambiguous_and_examples_parse(listed: tuple[fields.Field, ...]) -> None:
    names = [name for field in listed for name in (field.name, *field.aliases)]

    assert len(names) == len(set(names))
    assert not set(names) & set(fields.LABELLED)
    assert all(split_words([field.example], listed)[1] for field in listed)
