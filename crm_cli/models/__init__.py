"""SQLModel: every table, column and constraint declared. Imported only by services."""

from crm_cli.models.activities import Activity, ActivityParticipant, Reminder
from crm_cli.models.companies import Company, CompanyCustom, CompanyTag, Employment
from crm_cli.models.contacts import Contact, ContactCustom, ContactPoint, ContactTag, CustomField, PostalAddress, Tag
from crm_cli.models.deals import Deal, DealParticipant, Pipeline, Segment, Stage, StageChange
from crm_cli.models.imports import ExternalRef, ImportRun, SourceProperty
from crm_cli.models.journal import Change, ChangeRange, ChangeRow, ChangeSubject
from crm_cli.models.search import SearchDoc, SearchTerm, SearchWord

__all__ = [
    "Activity", "ActivityParticipant", "Change", "ChangeRange", "ChangeRow", "ChangeSubject", "Company",
    "CompanyCustom", "CompanyTag", "Contact", "ContactCustom", "ContactPoint", "ContactTag", "CustomField", "Deal",
    "DealParticipant", "Employment", "ExternalRef", "ImportRun", "Pipeline", "PostalAddress", "Reminder", "SearchDoc",
    "SearchTerm", "SearchWord", "Segment", "SourceProperty", "Stage", "StageChange", "Tag",
]  # fmt: skip
