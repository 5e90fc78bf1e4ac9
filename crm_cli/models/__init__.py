"""SQLModel: every table, column and constraint declared. Imported only by services."""

from crm_cli.models.activities import Activity, ActivityCustom, ActivityParticipant, Reminder, Series
from crm_cli.models.cadence import Cadence, Rhythm
from crm_cli.models.companies import Company, CompanyCustom, CompanyTag, Employment
from crm_cli.models.consent import Consent
from crm_cli.models.contacts import Contact, ContactCustom, ContactPoint, ContactTag, CustomField, PostalAddress, Tag
from crm_cli.models.deals import Deal, DealCustom, DealParticipant, DealTag, Pipeline, Segment, Stage, StageChange
from crm_cli.models.delivery import Deliverer, Outbox, Reported
from crm_cli.models.imports import ExternalRef, ImportRun, PendingLink, SourceProperty
from crm_cli.models.journal import Change, ChangeRange, ChangeRow, ChangeSubject
from crm_cli.models.merges import DistinctPair, Erasure, Merge, MergeRow, PendingErasure
from crm_cli.models.search import SearchDoc, SearchTerm, SearchWord

__all__ = [
    "Activity",
    "ActivityCustom",
    "ActivityParticipant",
    "Cadence",
    "Change",
    "ChangeRange",
    "ChangeRow",
    "ChangeSubject",
    "Company",
    "CompanyCustom",
    "CompanyTag",
    "Consent",
    "Contact",
    "ContactCustom",
    "ContactPoint",
    "ContactTag",
    "CustomField",
    "Deal",
    "DealCustom",
    "DealParticipant",
    "DealTag",
    "Deliverer",
    "DistinctPair",
    "Employment",
    "Erasure",
    "ExternalRef",
    "ImportRun",
    "Merge",
    "MergeRow",
    "Outbox",
    "PendingErasure",
    "PendingLink",
    "Pipeline",
    "PostalAddress",
    "Reminder",
    "Reported",
    "Rhythm",
    "SearchDoc",
    "SearchTerm",
    "SearchWord",
    "Segment",
    "Series",
    "SourceProperty",
    "Stage",
    "StageChange",
    "Tag",
]  # fmt: skip
