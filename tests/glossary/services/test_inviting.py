"""Invitations and access tokens: shown once, used as promised, worthless afterwards."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from glossary.domain.problems import Invalid
from glossary.models import AccessToken, Invitation
from glossary.permissions import Refused, role_of
from glossary.services import access_tokens, inviting, people
from tests.factories import UserFactory

PASSWORD = "a long enough password"  # noqa: S105
pytestmark = pytest.mark.django_db


def accept(secret, username="grace", **fields):
    return inviting.accept(secret=secret, username=username, password=PASSWORD, **fields)


def test_an_invitation_makes_one_person_with_its_role(admin):
    invitation, secret = inviting.invite(role="curator", by=admin)
    person = accept(secret, display_name="Grace", email="grace@example.org")
    assert role_of(person) == "curator"
    assert person.check_password(PASSWORD)
    assert not person.emailaddress_set.get().verified
    invitation.refresh_from_db()
    assert invitation.accepted_by == person
    with pytest.raises(Invalid, match="was used"):
        accept(secret, username="mallory")


def test_the_address_that_an_invitation_was_mailed_to_is_confirmed(admin):
    _, secret = inviting.invite(role="member", by=admin, email="Grace@example.org")
    person = accept(secret, email="mallory@example.net")
    address = person.emailaddress_set.get()
    assert (address.email, address.verified) == ("grace@example.org", True)


def test_the_secret_of_an_invitation_is_stored_nowhere(admin):
    _, secret = inviting.invite(role="member", by=admin)
    assert secret not in str(Invitation.objects.values().get())


def test_an_invitation_that_has_expired_or_was_revoked_is_worthless(admin):
    _, old = inviting.invite(role="member", by=admin, at=timezone.now() - timedelta(days=8))
    revoked, secret = inviting.invite(role="member", by=admin)
    inviting.revoke(invitation=revoked, by=admin)
    for worthless in (old, secret, "no such secret"):
        with pytest.raises(Invalid):
            accept(worthless)
    with pytest.raises(Invalid):
        inviting.revoke(invitation=revoked, by=admin)


@pytest.mark.parametrize("role", ["member", "curator"])
def test_only_admins_invite(role):
    with pytest.raises(Refused):
        inviting.invite(role="member", by=UserFactory(**{role: True}))


def test_nobody_is_invited_while_registration_is_closed(admin, settings):
    settings.REGISTRATION = "closed"
    with pytest.raises(Invalid, match="REGISTRATION is closed"):
        inviting.invite(role="member", by=admin)


# Two connections to one file, which is what two workers have; the database of the other tests is in memory.
AT_ONCE = """
from threading import Barrier, Thread
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from glossary.domain.problems import Invalid
from glossary.models import User
from glossary.services import inviting, people

call_command("migrate", verbosity=0)
root = people.create_person(username="root", email="", password=None, role="admin", confirmed=False)
secret, together, outcomes = inviting.invite(role="member", by=root)[1], Barrier(2), []

def join(username):
    together.wait()
    try:
        inviting.accept(secret=secret, username=username, password="a long enough password")
        outcomes.append("joined")
    except Invalid as invalid:
        outcomes.append(invalid.problems[0].message)
    finally:
        connection.close()

threads = [Thread(target=join, args=[name]) for name in ("one", "two")]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(*outcomes, f"{User.objects.count()} people", sep="\\n")
"""


def test_of_two_who_use_an_invitation_at_once_one_joins(tmp_path):
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'two.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "glossary.settings",
    }
    ran = subprocess.run([sys.executable, "-c", AT_ONCE], env=environment, capture_output=True, text=True, check=False)
    assert sorted(ran.stdout.splitlines()) == [
        "2 people",
        "This invitation was used, was revoked or has expired.",
        "joined",
    ], ran.stderr


def test_a_token_reads_in_the_name_of_its_owner_until_it_is_revoked():
    owner = UserFactory(member=True)
    token, secret = access_tokens.make_token(label="docs build", by=owner)
    assert secret not in str(AccessToken.objects.values().get())
    assert access_tokens.token_with(secret).owner == owner
    access_tokens.revoke_token(token=token, by=owner)
    assert access_tokens.token_with(secret) is None


def test_a_token_of_somebody_else_is_revoked_by_admins_alone(admin):
    token, secret = access_tokens.make_token(label="docs", by=UserFactory(member=True))
    with pytest.raises(Refused):
        access_tokens.revoke_token(token=token, by=UserFactory(curator=True))
    access_tokens.revoke_token(token=token, by=admin)
    assert access_tokens.token_with(secret) is None


def test_the_last_use_of_a_token_is_noted_to_the_minute(django_assert_num_queries):
    _, secret = access_tokens.make_token(label="docs", by=UserFactory(member=True))
    first = timezone.now()
    access_tokens.token_with(secret, at=first)
    access_tokens.token_with(secret, at=first + timedelta(seconds=30))
    assert AccessToken.objects.get().last_used_at == first
    access_tokens.token_with(secret, at=first + timedelta(minutes=2))
    assert AccessToken.objects.get().last_used_at == first + timedelta(minutes=2)


def test_a_token_of_somebody_who_left_or_was_shut_out_is_refused(admin):
    for shut_out in (people.deactivate, people.make_anonymous):
        owner = UserFactory(member=True)
        _, secret = access_tokens.make_token(label="docs", by=owner)
        shut_out(person=owner, by=admin)
        assert access_tokens.token_with(secret) is None


def test_nobody_collects_tokens():
    owner = UserFactory(member=True)
    for number in range(access_tokens.MOST_PER_PERSON):
        access_tokens.make_token(label=str(number), by=owner)
    with pytest.raises(Invalid, match="revoke one"):
        access_tokens.make_token(label="one more", by=owner)
