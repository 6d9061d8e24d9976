"""Access tokens: programs act in a person's name as far as scopes go. Shown once, stored as a digest, revocable."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from .. import permissions
from ..domain.problems import Invalid, Problem
from ..domain.vocabulary import SCOPES
from ..models import AccessToken, User
from .recording import record

MOST_PER_PERSON = 50
# Reading a page a second must not write a row a second.
PRECISION = timedelta(minutes=1)


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def make_token(*, label: str, by: User, scopes: Collection[str] = (), at=None) -> tuple[AccessToken, str]:
    """A token and its secret, which is kept nowhere. Every token reads; `scopes` are what else it does.

    Raises Invalid for a scope that there is not, and for more than 50 tokens of one person.
    """
    permissions.require(by, "make_tokens")
    at = at or timezone.now()
    if unknown := sorted({*scopes} - SCOPES.keys()):
        raise Invalid([Problem("scopes", f"{unknown[0]!r:.60} is no scope; there are {', '.join(SCOPES)}.")])
    if by.access_tokens.filter(revoked_at=None).count() >= MOST_PER_PERSON:
        raise Invalid([Problem("label", f"You have {MOST_PER_PERSON} tokens; revoke one that is not used any more.")])
    secret = f"ec_{secrets.token_urlsafe(32)}"
    given = " ".join(scope for scope in SCOPES if scope == "read" or scope in scopes)
    token = AccessToken.objects.create(owner=by, label=label, digest=digest_of(secret), scopes=given, created_at=at)
    record(action="token.made", target=f"token:{token.pk}", by=by, at=at, data={"scopes": given})
    return token, secret


@transaction.atomic
def revoke_token(*, token: AccessToken, by: User, at=None) -> None:
    """Make a token worthless at once: one's own, or as an admin anybody's."""
    if token.owner_id != by.pk:
        permissions.require(by, "manage_people")
    at = at or timezone.now()
    if AccessToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at):
        record(action="token.revoked", target=f"token:{token.pk}", by=by, at=at)


def token_with(secret: str, *, at=None) -> AccessToken | None:
    """The token of a secret, with its owner, if it is valid; its last use is noted to the minute."""
    token = AccessToken.objects.valid().select_related("owner").filter(digest=digest_of(secret)).first()
    if token is None:
        return None
    at = at or timezone.now()
    unnoted = Q(last_used_at=None) | Q(last_used_at__lt=at - PRECISION)
    AccessToken.objects.filter(unnoted, pk=token.pk).update(last_used_at=at)
    return token
