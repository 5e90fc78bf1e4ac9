"""Activities, done and planned, with their participants and reminders."""

from sqlalchemy import Index, Integer, text
from sqlmodel import Field, SQLModel

from crm_cli.models.columns import LINK, TABLE, blank, check, key, maybe, number, one_of, points_at, words


class Activity(SQLModel, table=True):
    """A call, meeting, message, note or task; ``at_utc`` is when it happened, ``due_…`` when it is planned.

    ``hidden_until`` is the instant until which a snooze hides it from the agenda. ``occurrence_on`` is the day of its
    series that it stands for.
    """

    __tablename__ = "activity"
    __table_args__ = (
        one_of("kind", "call", "meeting", "email", "message", "letter", "note", "task"),
        one_of("status", "open", "done", "cancelled"),
        one_of("direction", "", "in", "out"),
        one_of("priority", "", "high", "low"),
        one_of("promise", "", "owe", "await"),
        one_of("reach", 0, 1, 2),
        check("minutes >= 0"),
        check("status <> 'done' OR at_utc IS NOT NULL"),
        check("due_date IS NULL OR due_utc IS NOT NULL"),
        Index(
            "activity_open", "due_utc", text("priority <> 'high'"), "id", "hidden_until", "due_time", "due_date",
            sqlite_where=text("status = 'open'"),
        ),
        Index("activity_hidden", "hidden_until", sqlite_where=text("status = 'open' AND hidden_until IS NOT NULL")),
        Index("activity_at", "at_utc", sqlite_where=text("status = 'done'")),
        Index("activity_company", "company_id", sqlite_where=text("company_id IS NOT NULL")),
        Index("activity_deal", "deal_id", "status", "due_utc", sqlite_where=text("deal_id IS NOT NULL")),
        Index("activity_follows", "follows_id", sqlite_where=text("follows_id IS NOT NULL")),
        Index("activity_series", "series_id", "occurrence_on", sqlite_where=text("series_id IS NOT NULL")),
        Index("activity_promise", "promise", "due_utc", sqlite_where=text("status = 'open' AND promise <> ''")),
        TABLE,
    )  # fmt: skip

    id: int | None = key()
    uid: str = words(unique=True)
    kind: str = words()
    status: str = words()
    subject: str = blank()
    body: str = blank()
    direction: str = blank()
    outcome: str = blank()
    priority: str = blank()
    promise: str = blank()
    reach: int = number(0)
    at_utc: str | None = maybe()
    minutes: int | None = Field(default=None, sa_type=Integer, nullable=True)
    due_date: str | None = maybe()
    due_time: str | None = maybe()
    zone: str | None = maybe()
    due_utc: str | None = maybe()
    company_id: int | None = points_at("company")
    follows_id: int | None = points_at("activity")
    created_utc: str = words()
    updated_utc: str = words()
    revision: int = number(1)
    deal_id: int | None = points_at("deal")
    hidden_until: str | None = maybe()
    series_id: int | None = points_at("series")
    occurrence_on: str | None = maybe()


class Series(SQLModel, table=True):
    """A repeated activity: an RRULE value (RFC 5545 section 3.3.10), its first day, and the time of day in a zone."""

    __tablename__ = "series"
    __table_args__ = (one_of("from_completion", 0, 1), TABLE)

    id: int | None = key()
    uid: str = words(unique=True)
    rule: str = words()
    from_completion: int = number(0)
    start_on: str = words()
    time: str | None = maybe()
    zone: str | None = maybe()
    created_utc: str = words()


class ActivityParticipant(SQLModel, table=True):
    """A participant of an activity; ``reach`` and ``at_utc`` repeat the activity's, so that last reach is one seek."""

    __tablename__ = "activity_participant"
    __table_args__ = (
        one_of("reach", 0, 1, 2),
        Index("activity_participant_contact", "contact_id", "reach", "at_utc"),
        LINK,
    )

    activity_id: int = points_at("activity", primary=True)
    contact_id: int = points_at("contact", primary=True)
    reach: int = number(0)
    at_utc: str | None = maybe()


class ActivityCustom(SQLModel, table=True):
    """An activity's value of a custom field."""

    __tablename__ = "activity_custom"
    __table_args__ = (Index("activity_custom_field", "field_id", "value"), LINK)

    activity_id: int = points_at("activity", primary=True)
    field_id: int = points_at("custom_field", primary=True)
    value: str = words()


class Reminder(SQLModel, table=True):
    """When an activity asks for attention: a number of minutes before it is due, or at a fixed time."""

    __tablename__ = "reminder"
    __table_args__ = (
        Index("reminder_activity", "activity_id"),
        Index("reminder_at", "at_utc", "activity_id", "lead_minutes"),
        TABLE,
    )

    id: int | None = key()
    activity_id: int = points_at("activity", required=True)
    lead_minutes: int | None = Field(default=None, sa_type=Integer, nullable=True)
    on_date: str | None = maybe()
    on_time: str | None = maybe()
    zone: str | None = maybe()
    at_utc: str = words()
