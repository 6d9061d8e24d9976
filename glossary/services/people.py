"""People: what they say of themselves, the roles that admins give, and leaving.

Audit entries name a person by number alone, so that nothing personal is left in them when somebody leaves.
"""

import secrets

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from .. import permissions
from ..domain.problems import Invalid, Problem
from ..domain.vocabulary import ROLES
from ..models import Invitation, User
from .recording import record

PROFILE = ("display_name", "voice", "team", "mail_frequency")


def named(person: User) -> str:
    """How the audit trail names a person."""
    return f"person:{person.pk}"


@transaction.atomic
def create_person(
    *, username: str, email: str, password: str | None, role: str, confirmed: bool, by=None, at=None, **profile
):
    """A new person. Without a password they set one by a link. `confirmed`: that the address is known to be theirs."""
    person = User(username=username, email=email, date_joined=at or timezone.now(), **profile)
    person.set_password(password)
    person.save()
    if email:
        EmailAddress.objects.create(user=person, email=email.lower(), primary=True, verified=confirmed)
    set_role(person, role)
    record(action="person.joined", target=named(person), by=by, at=person.date_joined, data={"role": role})
    return person


@transaction.atomic
def change_profile(*, person: User, by: User, at=None, **changes) -> None:
    """Change what a person says of themselves; the audit entry says which fields, not what they hold."""
    if by.pk != person.pk:
        permissions.require(by, "manage_people")
    changed = [name for name in PROFILE if name in changes and getattr(person, name) != changes[name]]
    for name in changed:
        setattr(person, name, changes[name])
    if changed:
        person.save(update_fields=changed)
        record(action="person.changed", target=named(person), by=by, at=at or timezone.now(), data={"fields": changed})


@transaction.atomic
def give_role(*, person: User, role: str, by: User, at=None) -> None:
    """Give a person one role in place of those they have. Raises Invalid for the last admin, or one who left."""
    permissions.require(by, "manage_people")
    person = locked(person)
    if person.anonymised_at:
        raise Invalid([Problem("role", "A former member gets no role.")])
    if role != "admin":
        keep_an_admin(person, "role")
    set_role(person, role)
    record(action="person.role_given", target=named(person), by=by, at=at or timezone.now(), data={"role": role})


@transaction.atomic
def deactivate(*, person: User, by: User, at=None) -> None:
    """Shut a person out at once: no sign-in, no session, no token. Their history stays.

    Raises Invalid for the last admin.
    """
    permissions.require(by, "manage_people")
    person = locked(person)
    keep_an_admin(person, "person")
    person.is_active = False
    person.save(update_fields=["is_active"])
    end_sessions(person)
    record(action="person.deactivated", target=named(person), by=by, at=at or timezone.now())


@transaction.atomic
def reactivate(*, person: User, by: User, at=None) -> None:
    """Let a person in again. Raises Invalid for somebody who was made anonymous: nobody could sign in as them."""
    permissions.require(by, "manage_people")
    person = locked(person)
    if person.anonymised_at:
        raise Invalid([Problem("person", "A former member cannot come back as the same person; invite them anew.")])
    person.is_active = True
    person.save(update_fields=["is_active"])
    record(action="person.reactivated", target=named(person), by=by, at=at or timezone.now())


@transaction.atomic
def make_anonymous(*, person: User, by: User, at=None) -> None:
    """Empty everything personal; what a person wrote stays, under "a former member". Raises Invalid for the last admin.

    A person does it to themselves, an admin to anybody.
    """
    if by.pk != person.pk:
        permissions.require(by, "manage_people")
    at = at or timezone.now()
    person = locked(person)
    keep_an_admin(person, "person")
    end_sessions(person)
    addresses = {person.email, *person.emailaddress_set.values_list("email", flat=True)} - {""}
    for belongings in (
        person.access_tokens,
        person.drafts,
        person.pending_imports,
        person.notices,
        person.watches,
        EmailAddress.objects.filter(user=person),
        SocialAccount.objects.filter(user=person),
    ):
        belongings.all().delete()
    person.mentioned_in.clear()
    person.documents.clear()
    person.groups.clear()
    Invitation.objects.filter(accepted_by=person).update(email="")
    Invitation.objects.filter(email__in=addresses).update(email="")
    empty(person)
    person.is_active = False
    person.anonymised_at = at
    person.save()
    record(action="person.made_anonymous", target=named(person), by=by, at=at)


def empty(person: User) -> None:
    """Take everything from the row that names a person."""
    person.username = f"former-member-{person.pk}-{secrets.token_hex(4)}"
    person.first_name = person.last_name = person.email = person.display_name = person.voice = person.team = ""
    person.mail_frequency = "never"
    person.last_login = None
    person.set_unusable_password()


def end_sessions(person: User) -> None:
    """End every session of a person, in every worker: sessions are in the database."""
    sessions = UserSession.objects.filter(user=person)
    Session.objects.filter(session_key__in=sessions.values("session_key")).delete()
    sessions.delete()


def locked(person: User) -> User:
    """The person, while nobody else changes who is an admin: of two admins who demote each other, one stays."""
    Group.objects.select_for_update().get_or_create(name="admin")
    return User.objects.select_for_update().get(pk=person.pk)


def keep_an_admin(person: User, path: str) -> None:
    """Raises Invalid if without this person nobody could manage people any more."""
    admins = User.objects.filter(is_active=True, groups__name="admin")
    if admins.filter(pk=person.pk).exists() and not admins.exclude(pk=person.pk).exists():
        raise Invalid([Problem(path, f"{person.name} is the last admin. Give somebody else the role first.")])


def set_role(person: User, role: str) -> None:
    person.groups.remove(*Group.objects.filter(name__in=ROLES))
    # A database that was emptied has no groups either, until somebody is given one.
    person.groups.add(Group.objects.get_or_create(name=role)[0])
