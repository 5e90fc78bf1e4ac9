"""People, and the tables that belong to people and companies alike."""

from sqlalchemy import Index, text
from sqlmodel import SQLModel

from crm_cli.models.columns import LINK, ONE_OWNER, TABLE, blank, check, key, maybe, number, one_of, points_at, words


class Contact(SQLModel, table=True):
    """A person."""

    __tablename__ = "contact"
    __table_args__ = (
        Index("contact_uid", "uid", unique=True),
        Index("contact_name", "name_key", "id"),
        Index("contact_updated", "updated_utc"),
        Index("contact_birthday", text("substr(birthday, -5)"), "birthday", sqlite_where=text("birthday IS NOT NULL")),
        Index(
            "contact_anniversary",
            text("substr(anniversary, -5)"),
            "anniversary",
            sqlite_where=text("anniversary IS NOT NULL"),
        ),
        TABLE,
    )

    id: int | None = key()
    uid: str = words()
    name: str = words()
    name_key: str = words()
    prefix: str = blank()
    given: str = blank()
    additional: str = blank()
    family: str = blank()
    suffix: str = blank()
    nickname: str = blank()
    birthday: str | None = maybe()
    anniversary: str | None = maybe()
    notes: str = blank()
    status: str | None = maybe()
    status_on: str | None = maybe()
    source: str | None = maybe()
    zone: str | None = maybe()
    language: str | None = maybe()
    created_utc: str = words()
    updated_utc: str = words()
    revision: int = number(1)


class ContactPoint(SQLModel, table=True):
    """An e-mail address, phone number, URL or handle of a person or a company."""

    __tablename__ = "contact_point"
    __table_args__ = (
        one_of("kind", "email", "phone", "url", "social", "im"),
        one_of("state", "current", "former", "bounced"),
        one_of("preferred", 0, 1),
        check(ONE_OWNER),
        Index("contact_point_contact", "contact_id", sqlite_where=text("contact_id IS NOT NULL")),
        Index("contact_point_company", "company_id", sqlite_where=text("company_id IS NOT NULL")),
        Index("contact_point_norm", "norm", "kind", "contact_id", "company_id", sqlite_where=text("norm <> ''")),
        Index(
            "contact_point_reversed",
            "reversed",
            "kind",
            "contact_id",
            "company_id",
            sqlite_where=text("reversed <> ''"),
        ),
        TABLE,
    )

    id: int | None = key()
    contact_id: int | None = points_at("contact")
    company_id: int | None = points_at("company")
    kind: str = words()
    value: str = words()
    label: str = blank()
    service: str = blank()
    norm: str = blank()
    reversed: str = blank()
    state: str = blank("current")
    preferred: int = number(0)
    params: str = blank()


class PostalAddress(SQLModel, table=True):
    """A postal address of a person or a company."""

    __tablename__ = "postal_address"
    __table_args__ = (
        one_of("preferred", 0, 1),
        check(ONE_OWNER),
        Index("postal_address_locality", "locality", sqlite_where=text("locality <> ''")),
        Index("postal_address_contact", "contact_id", sqlite_where=text("contact_id IS NOT NULL")),
        Index("postal_address_company", "company_id", sqlite_where=text("company_id IS NOT NULL")),
        TABLE,
    )

    id: int | None = key()
    contact_id: int | None = points_at("contact")
    company_id: int | None = points_at("company")
    street: str = blank()
    extended: str = blank()
    po_box: str = blank()
    locality: str = blank()
    region: str = blank()
    code: str = blank()
    country: str = blank()
    label: str = blank()
    preferred: int = number(0)
    params: str = blank()


class Tag(SQLModel, table=True):
    """A tag; ``name_key`` is its folded name."""

    __tablename__ = "tag"
    __table_args__ = TABLE

    id: int | None = key()
    name: str = words()
    name_key: str = words(unique=True)


class ContactTag(SQLModel, table=True):
    """A person's tag."""

    __tablename__ = "contact_tag"
    __table_args__ = (Index("contact_tag_tag", "tag_id", "contact_id"), LINK)

    contact_id: int = points_at("contact", primary=True)
    tag_id: int = points_at("tag", primary=True)


class CustomField(SQLModel, table=True):
    """A field that the user, or an import, added; ``choices`` has one choice per line."""

    __tablename__ = "custom_field"
    __table_args__ = (one_of("type", "text", "number", "date", "yesno", "choice"), TABLE)

    id: int | None = key()
    name: str = words(unique=True)
    label: str = words()
    type: str = words()
    choices: str = blank()


class ContactCustom(SQLModel, table=True):
    """A person's value of a custom field."""

    __tablename__ = "contact_custom"
    __table_args__ = (Index("contact_custom_field", "field_id", "value"), LINK)

    contact_id: int = points_at("contact", primary=True)
    field_id: int = points_at("custom_field", primary=True)
    value: str = words()
