from .audit import AuditEntry
from .categories import Category
from .documents import Document, DocumentUse
from .imports import PendingImport
from .links import Mapping, Relation, TermScenario
from .people import AccessToken, Invitation, MailFrequency, User
from .proposals import Draft, Proposal, ReviewSet, TermRequest
from .publication import Publication
from .readership import Readership
from .revisions import Revision
from .schedule import Schedule
from .talking import Comment, Notice, Watch
from .terms import Spelling, Term, TermSlug
from .webhooks import Attempt, Delivery, Webhook

__all__ = [
    "AccessToken",
    "Attempt",
    "AuditEntry",
    "Category",
    "Comment",
    "Delivery",
    "Document",
    "DocumentUse",
    "Draft",
    "Invitation",
    "MailFrequency",
    "Mapping",
    "Notice",
    "PendingImport",
    "Proposal",
    "Publication",
    "Readership",
    "Relation",
    "ReviewSet",
    "Revision",
    "Schedule",
    "Spelling",
    "Term",
    "TermRequest",
    "TermScenario",
    "TermSlug",
    "User",
    "Watch",
    "Webhook",
]
