"""Invitations: a link that makes one new person with a role. Its secret is shown once and stored as a digest."""

import hashlib
import logging
import secrets
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from .. import permissions
from ..domain.problems import Invalid, Problem
from ..models import Invitation, User
from .people import create_person
from .recording import record

logger = logging.getLogger(__name__)
HOLDS = timedelta(days=7)


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def invite(*, role: str, by: User, email: str = "", at=None) -> tuple[Invitation, str]:
    """An invitation and the secret of its link, which is kept nowhere. Raises Invalid while registration is closed."""
    permissions.require(by, "manage_people")
    if settings.REGISTRATION == "closed":
        raise Invalid([Problem("", "This glossary takes no new people: REGISTRATION is closed.")])
    at = at or timezone.now()
    secret = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        digest=digest_of(secret), email=email.lower(), role=role, invited_by=by, created_at=at, expires_at=at + HOLDS
    )
    data = {"role": role}
    record(action="invitation.made", target=f"invitation:{invitation.pk}", by=by, at=at, data=data)
    return invitation, secret


def mail_invitation(*, invitation: Invitation, link: str) -> bool:
    """Whether the mail went out; the link can be passed on by hand where it did not."""
    context = {"invitation": invitation, "link": link, "site_title": settings.GLOSSARY_TITLE}
    subject = f"{invitation.invited_by.name} invites you to {settings.GLOSSARY_TITLE}"
    try:
        send_mail(subject, render_to_string("people/invitation_mail.txt", context), None, [invitation.email])
    except (OSError, SMTPException) as error:
        logger.warning("An invitation could not be mailed: %s", error)
        return False
    return True


@transaction.atomic
def revoke(*, invitation: Invitation, by: User, at=None) -> None:
    """Make a link worthless. Raises Invalid if somebody has used it."""
    permissions.require(by, "manage_people")
    at = at or timezone.now()
    if not Invitation.objects.open(at=at).filter(pk=invitation.pk).update(revoked_at=at):
        raise Invalid([Problem("", "This invitation was used, was revoked or has expired already.")])
    record(action="invitation.revoked", target=f"invitation:{invitation.pk}", by=by, at=at)


def find(secret: str) -> Invitation | None:
    return Invitation.objects.select_related("invited_by").filter(digest=digest_of(secret)).first()


@transaction.atomic
def accept(*, secret: str, username: str, password: str, email: str = "", display_name: str = "", at=None) -> User:
    """The person whom a link makes; of two who use it at once, one. Raises Invalid if it leads nowhere any more."""
    at = at or timezone.now()
    invitation = Invitation.objects.select_for_update().filter(digest=digest_of(secret)).first()
    if invitation is None or not invitation.is_open(at=at):
        raise Invalid([Problem("", "This invitation was used, was revoked or has expired.")])
    person = create_person(
        username=username,
        email=invitation.email or email,
        password=password,
        role=invitation.role,
        # Whoever has the link from a mail reads that mail.
        confirmed=bool(invitation.email),
        display_name=display_name,
        at=at,
    )
    invitation.accepted_by, invitation.accepted_at = person, at
    invitation.save(update_fields=["accepted_by", "accepted_at"])
    record(action="invitation.accepted", target=f"invitation:{invitation.pk}", by=person, at=at)
    return person
