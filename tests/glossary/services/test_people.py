"""Roles, deactivating and leaving, as services."""

import pytest
from allauth.account.models import EmailAddress
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from glossary.domain.problems import Invalid
from glossary.models import AuditEntry, Comment, Draft, Notice, User, Watch
from glossary.permissions import Refused, role_of
from glossary.services import access_tokens, own_data, people
from tests.factories import ProposalFactory, TermFactory, UserFactory

pytestmark = pytest.mark.django_db
SECRETS = ("ada", "Lovelace", "ada@example.org", "Analytics")


@pytest.fixture
def ada():
    """A member with one of everything."""
    person = UserFactory(
        member=True,
        username="ada",
        first_name="Ada",
        last_name="Lovelace",
        display_name="Ada Lovelace",
        email="ada@example.org",
        team="Analytics",
        voice="engineer",
    )
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    ProposalFactory(author=person)
    now = timezone.now()
    term = TermFactory(label="offset")
    Comment.objects.create(term=term, author=person, text="Why?", html="<p>Why?</p>", created_at=now)
    mention = Comment.objects.create(term=term, author=UserFactory(), text="@ada", html="", created_at=now)
    mention.mentions.add(person)
    Draft.objects.create(author=person, subject="term", base_revision=0, fields=[["label", "x"]], updated_at=now)
    Watch.objects.create(person=person, term=term)
    Notice.objects.create(person=person, kind="term.published", text="offset changed", path="/", created_at=now)
    access_tokens.make_token(label="docs", by=person)
    return person


def audited(action: str) -> AuditEntry:
    return AuditEntry.objects.get(action=action)


def test_a_role_takes_the_place_of_the_one_before(admin, ada):
    people.give_role(person=ada, role="curator", by=admin)
    assert [group.name for group in ada.groups.all()] == ["curator"]
    assert role_of(User.objects.get(pk=ada.pk)) == "curator"
    entry = audited("person.role_given")
    assert (entry.by, entry.target, entry.data) == (admin, f"person:{ada.pk}", {"role": "curator"})


@pytest.mark.parametrize("role", ["member", "curator"])
def test_only_admins_give_roles_and_shut_people_out(ada, role):
    other = UserFactory(**{role: True})
    for deed in (
        lambda: people.give_role(person=ada, role="admin", by=other),
        lambda: people.deactivate(person=ada, by=other),
        lambda: people.reactivate(person=ada, by=other),
        lambda: people.make_anonymous(person=ada, by=other),
        lambda: people.change_profile(person=ada, by=other, team="Mine"),
    ):
        with pytest.raises(Refused):
            deed()


def test_the_last_admin_stays_one(admin):
    UserFactory(admin=True, deactivated=True)
    for deed in (
        lambda: people.give_role(person=admin, role="member", by=admin),
        lambda: people.deactivate(person=admin, by=admin),
        lambda: people.make_anonymous(person=admin, by=admin),
    ):
        with pytest.raises(Invalid, match="last admin"):
            deed()
    UserFactory(admin=True)
    people.give_role(person=admin, role="member", by=admin)
    assert role_of(User.objects.get(pk=admin.pk)) == "member"


def test_who_is_deactivated_is_out_at_once_and_their_history_stays(client, admin, ada):
    _, secret = access_tokens.make_token(label="wiki", by=ada)
    client.post("/accounts/login/", {"login": "ada", "password": "correct horse battery"})
    assert client.get("/accounts/profile/").status_code == 200
    people.deactivate(person=ada, by=admin)
    assert client.get("/accounts/profile/").status_code == 302
    assert access_tokens.token_with(secret) is None
    assert not client.login(username="ada", password="correct horse battery")  # noqa: S106
    assert ada.proposals.count() == 1
    people.reactivate(person=ada, by=admin)
    # What was open stays closed; they sign in again.
    assert client.get("/accounts/profile/").status_code == 302
    assert client.login(username="ada", password="correct horse battery")  # noqa: S106


def test_who_leaves_is_named_nowhere_and_what_they_wrote_stays(client, ada):
    client.force_login(ada)
    people.make_anonymous(person=ada, by=ada)
    person = User.objects.get(pk=ada.pk)
    assert person.name == str(person) == "a former member"
    assert not person.is_active
    assert not person.has_usable_password()
    held = DjangoJSONEncoder().encode(list(User.objects.filter(pk=ada.pk).values()))
    assert [word for word in SECRETS if word in held] == []
    for belongings in (person.drafts, person.notices, person.watches, person.access_tokens, person.emailaddress_set):
        assert belongings.count() == 0
    assert person.mentioned_in.count() == 0
    assert person.proposals.count() == 1
    assert "Why?" in person.comments.values_list("text", flat=True)
    assert client.get("/accounts/profile/").status_code == 302
    entry = audited("person.made_anonymous")
    assert (entry.by, entry.target, entry.data) == (person, f"person:{ada.pk}", {})


def test_the_audit_trail_holds_nothing_personal(admin, ada):
    people.change_profile(person=ada, by=ada, display_name="Countess", team="Engines")
    people.give_role(person=ada, role="curator", by=admin)
    people.deactivate(person=ada, by=admin)
    people.make_anonymous(person=ada, by=admin)
    held = DjangoJSONEncoder().encode(list(AuditEntry.objects.values("action", "target", "data")))
    assert [word for word in (*SECRETS, "Countess", "Engines") if word in held] == []
    assert audited("person.changed").data == {"fields": ["display_name", "team"]}


def test_nobody_comes_back_as_a_former_member(admin, ada):
    people.make_anonymous(person=ada, by=admin)
    with pytest.raises(Invalid, match="invite them anew"):
        people.reactivate(person=ada, by=admin)
    with pytest.raises(Invalid):
        people.give_role(person=ada, role="member", by=admin)


def test_a_person_takes_everything_away_that_is_theirs_and_nothing_of_others(ada):
    ProposalFactory(term=TermFactory(label="partition"), author=UserFactory(member=True))
    data = own_data.data_of(ada)
    assert data["profile"]["display_name"] == "Ada Lovelace"
    assert data["email_addresses"] == [{"email": "ada@example.org", "verified": True, "primary": True}]
    assert [row["snapshot"]["gap"] for row in data["proposals"]] == ["A gap that says more."]
    assert "Why?" in [row["text"] for row in data["comments"]]
    assert [row["fields"] for row in data["drafts"]] == [[["label", "x"]]]
    assert [row["text"] for row in data["notices"]] == ["offset changed"]
    assert [row["label"] for row in data["access_tokens"]] == ["docs"]
    assert len(data["watches"]) == 1
    assert {"proposal.made", "token.made"} <= {row["action"] for row in data["audit_entries"]}
    assert "digest" not in DjangoJSONEncoder().encode(data)
