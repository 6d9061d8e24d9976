from .audit import AuditEntry
from .categories import Category
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

__all__ = [
    "AccessToken",
    "AuditEntry",
    "Category",
    "Comment",
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
]
