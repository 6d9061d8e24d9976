from .audit import AuditEntry
from .categories import Category
from .links import Mapping, Relation, TermScenario
from .people import User
from .publication import Publication
from .revisions import Proposal, Revision
from .terms import Spelling, Term, TermSlug

__all__ = [
    "AuditEntry",
    "Category",
    "Mapping",
    "Proposal",
    "Publication",
    "Relation",
    "Revision",
    "Spelling",
    "Term",
    "TermScenario",
    "TermSlug",
    "User",
]
