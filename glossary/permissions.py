"""Who may do what: the one door through which a view gets what it shows or changes.

A view asks for an object by what it wants to do with it (`access_term(person, slug, to="propose")`) and gets
it, or one of three answers: there is no such thing (404), sign in first, or this is not yours to do (403).
"""

from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from simulator.models import SampleLog, Scenario

from .domain.vocabulary import OWN_LOG, ROLES
from .models import AccessToken, Delivery, Document, Invitation, PendingImport, Proposal, Term, User, Webhook

# The least role for each deed.
LEAST_ROLE = {
    "read": "anonymous",
    "propose": "member",
    "request": "member",
    "discuss": "member",
    "watch": "member",
    "have_account": "member",
    "make_tokens": "member",
    "see_reviews": "member",
    "see_documents": "member",
    "register_documents": "member",
    "remove_document": "member",
    "export": "anonymous",
    "import": "curator",
    "review": "curator",
    "retire": "curator",
    "merge": "curator",
    "revert": "curator",
    "confirm_voices": "curator",
    "tend": "curator",
    "see_tasks": "admin",
    "manage_webhooks": "admin",
    "administer": "admin",
    "see_audit": "admin",
    "manage_people": "admin",
    "manage_categories": "admin",
}
WHO = {"member": "people who are signed in", "curator": "curators", "admin": "admins"}


class SignInNeeded(PermissionDenied):
    """The deed needs a person, and nobody is signed in."""


class Refused(PermissionDenied):
    """This person may not do this; the message says who may."""


def role_of(person) -> str:
    """The highest of a person's roles; one who has none has the default role, one who is deactivated has none."""
    if person is None or not person.is_authenticated or not person.is_active:
        return "anonymous"
    if not hasattr(person, "_role"):
        person._role = given_role(person)
    return person._role


def given_role(person) -> str:
    """The role that a person has as soon as they are signed in and active."""
    names = {*(group.name for group in person.groups.all()), settings.DEFAULT_ROLE}
    return max(names & set(ROLES), key=ROLES.index)


def may(person, deed: str, target=None) -> bool:
    """Whether a person may do a deed, to a proposal or term where it matters to which."""
    return reason_against(person, deed, target) is None


def require(person, deed: str, target=None) -> None:
    """Raises SignInNeeded or Refused."""
    reason = reason_against(person, deed, target)
    if reason is None:
        return
    if role_of(person) == "anonymous":
        raise SignInNeeded(reason)
    raise Refused(reason)


def least_role(deed: str) -> str:
    """On a private site nothing is for everybody."""
    least = LEAST_ROLE[deed]
    return "member" if settings.PRIVATE and least == "anonymous" else least


def reason_against(person, deed: str, target=None) -> str | None:
    least = least_role(deed)
    if ROLES.index(role_of(person)) < ROLES.index(least):
        return f"This is for {WHO[least]}."
    if (
        deed == "review"
        and isinstance(target, Proposal)
        and target.author_id == person.pk
        and target.change == "meaning"
    ):
        return "Nobody approves their own change of meaning: ask another curator."
    if (
        deed == "remove_document"
        and isinstance(target, Document)
        and not may(person, "tend")
        and not target.owners.filter(pk=person.pk).exists()
    ):
        return "Only its owners and curators remove a document."
    return None


def people_who_may(deed: str) -> QuerySet:
    """Everybody, active, whose role allows a deed."""
    names = ROLES[ROLES.index(LEAST_ROLE[deed]) :]
    people = User.objects.filter(is_active=True)
    return people if settings.DEFAULT_ROLE in names else people.filter(groups__name__in=names).distinct()


def may_publish_directly(person, change: str) -> bool:
    """Curators publish their own changes of wording at once; everything else is reviewed by somebody else."""
    return change == "wording" and may(person, "review")


def access_term(person, slug: str, *, to: str) -> Term:
    """The term that has this slug, or had it."""
    require(person, to)
    return get_object_or_404(Term.objects.select_related("current", "category"), slugs__slug=slug)


def access_proposal(person, pk: int, *, to: str) -> Proposal:
    """A proposal. Members see those of everybody; `to="revise"` is for its author alone."""
    require(person, "propose" if to == "revise" else to)
    proposal = get_object_or_404(Proposal.objects.select_related("author", "decided_by", "review_set"), pk=pk)
    if to == "revise" and proposal.author_id != person.pk:
        raise Refused("Only its author changes a proposal.")
    return proposal


def access_document(person, pk: int, *, to: str) -> Document:
    """A registered document. `to="remove_document"` is for its owners, and for curators."""
    require(person, to)
    document = get_object_or_404(Document.objects, pk=pk)
    require(person, to, document)
    return document


def access_webhook(person, pk: int, *, to: str) -> Webhook:
    require(person, to)
    return get_object_or_404(Webhook.objects, pk=pk)


def access_delivery(person, uid: UUID, *, to: str) -> Delivery:
    """A message that was sent to a webhook, or waits to be."""
    require(person, to)
    return get_object_or_404(Delivery.objects.select_related("webhook"), uid=uid)


def access_person(person, pk: int, *, to: str) -> User:
    """Somebody, for those who manage people."""
    require(person, to)
    return get_object_or_404(User.people.with_roles(), pk=pk)


def access_invitation(person, pk: int, *, to: str) -> Invitation:
    require(person, to)
    return get_object_or_404(Invitation.objects, pk=pk)


def access_token(person, pk: int, *, to: str) -> AccessToken:
    """A token of one's own; those of others are not there."""
    require(person, to)
    return get_object_or_404(AccessToken.objects, pk=pk, owner=person)


def access_scenario(person, slug: str, *, to: str) -> Scenario:
    require(person, to)
    return get_object_or_404(Scenario.objects.with_logs(), slug=slug)


def access_log(person, slug: str, *, to: str) -> SampleLog:
    """A sample log. The one that the site writes itself is read only."""
    require(person, to)
    log = get_object_or_404(SampleLog.objects, slug=slug)
    if slug == OWN_LOG and to != "read":
        raise Refused("The site writes this log itself, from what is published; nobody edits it.")
    return log


def access_import(person, pk: int, *, to: str) -> PendingImport:
    """An import of one's own that waits for its person; those of others are not there."""
    require(person, to)
    return get_object_or_404(PendingImport.objects, pk=pk, author=person)
