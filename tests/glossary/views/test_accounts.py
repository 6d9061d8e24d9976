"""Signing in and out, and what a person does with their own account, as they meet it in pages and mails."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.cache import caches
from django.test import Client

from glossary.models import AccessToken, AuditEntry, Invitation, User
from tests.factories import TermFactory, UserFactory

PASSWORD = "correct horse battery"  # noqa: S105
NEW_PASSWORD = "another long password"  # noqa: S105


@pytest.fixture
def ada():
    person = UserFactory(member=True, username="ada", email="ada@example.org")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def sign_in(client, login="ada", password=PASSWORD, **query):
    return client.post("/accounts/login/", {"login": login, "password": password}, query_params=query)


def link_in_mail() -> str:
    return re.search(r"http://glossary\.test(/\S+)", mail.outbox[-1].body)[1]


@pytest.mark.parametrize("login", ["ada", "ADA", "ada@example.org"])
def test_a_person_signs_in_by_name_or_address_and_signs_out(client, ada, words, login):
    assert sign_in(client, login).headers["Location"] == "/"
    assert "You are signed in as ada." in words(client.get("/accounts/profile/"))
    assert client.post("/accounts/logout/").headers["Location"] == "/"
    assert client.get("/accounts/profile/").status_code == 302


@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [
        ("/terms/?letter=C", "/terms/?letter=C"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_signing_in_leads_on_inside_the_site_alone(client, ada, wanted, led_to):
    assert sign_in(client, next=wanted).headers["Location"] == led_to
    assert client.get("/accounts/login/", {"next": wanted}).headers["Location"] == led_to


def test_a_wrong_password_an_unknown_name_and_somebody_shut_out_are_told_the_same(client, ada, words):
    UserFactory(username="grace", deactivated=True)
    tries = [("ada", "wrong"), ("nobody", "wrong"), ("grace", "wrong")]
    responses = [sign_in(client, *tried) for tried in tries]
    assert {response.status_code for response in responses} == {422}
    answers = {re.sub("ada|nobody|grace", "", words(response)) for response in responses}
    assert len(answers) == 1
    assert "This name and password do not belong together" in answers.pop()


def test_who_is_shut_out_and_knows_the_password_is_told_so(client):
    UserFactory(username="grace", deactivated=True)
    assert sign_in(client, "grace").headers["Location"] == "/accounts/inactive/"


def test_failed_sign_ins_are_limited_for_a_name_in_every_worker(ada, words):
    for _ in range(5):
        assert "do not belong together" in words(sign_in(Client(), password="wrong"))  # noqa: S106
    # What counts is in the database, not in a process.
    assert type(caches["default"]).__name__ == "DatabaseCache"
    response = sign_in(Client())
    assert "Too many attempts failed" in words(response)
    assert sign_in(Client(), login="ada", password=PASSWORD).status_code == 422


@pytest.mark.django_db
def test_a_visitor_who_tries_many_names_is_told_to_wait(client, words):
    answers = [sign_in(client, f"name-{n}", "wrong") for n in range(31)]
    assert answers[-1].status_code == 429
    assert "Too many attempts" in words(answers[-1])


def test_a_forgotten_password_is_set_anew_by_a_link_that_works_once(client, ada, words):
    client.post("/accounts/password/reset/", {"email": "ada@example.org"}, headers={"host": "127.0.0.1"})
    assert mail.outbox[0].subject == "[Eventually Consistent] Set a new password"
    assert "127.0.0.1" not in mail.outbox[0].body
    link = link_in_mail()
    form = client.get(link, follow=True)
    where = form.redirect_chain[-1][0]
    client.post(where, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert sign_in(Client(), password=NEW_PASSWORD).status_code == 302
    assert "This link has expired" in words(Client().get(link, follow=True))


def test_a_forgotten_password_tells_nobody_who_is_here(client, ada, words):
    known = client.post("/accounts/password/reset/", {"email": "ada@example.org"})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert known.headers["Location"] == unknown.headers["Location"]
    assert [message.to for message in mail.outbox] == [["ada@example.org"]]


def test_password_resets_are_limited(client, ada):
    answers = [client.post("/accounts/password/reset/", {"email": "ada@example.org"}) for _ in range(6)]
    assert answers[-1].status_code == 429
    assert len(mail.outbox) == 5


def test_changing_the_password_ends_other_sessions(client, ada):
    elsewhere = Client()
    sign_in(client)
    sign_in(elsewhere)
    form = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert client.post("/accounts/password/change/", form).status_code == 302
    assert client.get("/accounts/profile/").status_code == 200
    assert elsewhere.get("/accounts/profile/").status_code == 302


def test_a_new_address_counts_once_its_link_was_opened(client, ada, words):
    sign_in(client)
    asked = client.post("/accounts/email/", {"email": "ada@example.net", "action_add": ""}).headers["Location"]
    assert "type your password once more" in words(client.get(asked))
    client.post(asked, {"password": PASSWORD})
    assert User.objects.get(pk=ada.pk).email == "ada@example.org"
    confirm = next(message for message in mail.outbox if message.to == ["ada@example.net"])
    link = re.search(r"http://glossary\.test(/\S+)", confirm.body)[1]
    assert "Is ada@example.net your address" in words(client.get(link))
    client.post(link)
    assert User.objects.get(pk=ada.pk).email == "ada@example.net"
    assert list(EmailAddress.objects.values_list("email", "verified")) == [("ada@example.net", True)]


def test_a_person_sees_their_sessions_and_ends_the_others(client, ada, words):
    elsewhere = Client(headers={"User-Agent": "a phone"})
    sign_in(elsewhere)
    sign_in(client)
    assert "a phone" in words(client.get("/accounts/sessions/"))
    client.post("/accounts/sessions/")
    assert UserSession.objects.count() == 1
    assert elsewhere.get("/accounts/profile/").status_code == 302
    assert client.get("/accounts/profile/").status_code == 200


@pytest.mark.django_db
def test_nobody_registers_unless_registration_is_open(client, settings, words):
    form = {"username": "eve", "email": "eve@example.org", "password1": NEW_PASSWORD}
    for closed in ("closed", "invited"):
        settings.REGISTRATION = closed
        assert client.get("/accounts/signup/").status_code == 403
        assert client.post("/accounts/signup/", form).status_code == 403
    assert not User.objects.exists()


@pytest.mark.django_db
def test_open_registration_takes_addresses_of_its_domains_once_they_are_confirmed(client, settings, words):
    settings.REGISTRATION, settings.ACCOUNT_EMAIL_VERIFICATION = "open", "mandatory"
    settings.REGISTRATION_DOMAINS = ["example.org"]
    form = {"username": "eve", "password1": NEW_PASSWORD}
    refused = client.post("/accounts/signup/", form | {"email": "eve@evil.example"})
    assert "eve@evil.example is of another domain" in words(refused)
    client.post("/accounts/signup/", form | {"email": "eve@example.org"})
    assert client.get("/accounts/profile/").status_code == 302
    client.post(link_in_mail())
    assert sign_in(client, "eve", NEW_PASSWORD).headers["Location"] == "/"


def test_a_profile_is_saved_and_read_back(client, ada, words):
    client.force_login(ada)
    form = {"display_name": "Ada L.", "voice": "engineer", "team": "Engines", "mail_frequency": "daily"}
    assert client.post("/accounts/profile/", form).headers["Location"] == "/accounts/profile/"
    assert "Ada L." in words(client.get("/terms/"))
    wrong = client.post("/accounts/profile/", form | {"display_name": "x" * 81, "voice": "director"})
    assert wrong.status_code == 422
    assert "at most 80 characters" in words(wrong)
    assert "director is not one of the available choices" in words(wrong)
    assert User.objects.get(pk=ada.pk).display_name == "Ada L."


def test_a_person_takes_their_data_away(client, ada):
    client.force_login(ada)
    response = client.get("/accounts/data/")
    assert response.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
    assert response.json()["profile"]["name"] == "ada"


def test_leaving_takes_a_name_typed_in_full(client, ada, words):
    client.force_login(ada)
    wrong = client.post("/accounts/leave/", {"name": "Ada"})
    assert wrong.status_code == 422
    assert "This is not ada. Nothing was changed." in words(wrong)
    assert "You are a former member" in words(client.post("/accounts/leave/", {"name": "ada"}))
    assert client.get("/accounts/profile/").status_code == 302
    assert User.objects.get(pk=ada.pk).name == "a former member"


def test_the_last_admin_does_not_leave(client, words):
    admin = UserFactory(admin=True)
    client.force_login(admin)
    response = client.post("/accounts/leave/", {"name": admin.username})
    assert response.status_code == 422
    assert "is the last admin. Give somebody else the role first." in words(response)


def test_a_token_is_shown_once_listed_and_revoked(client, ada, words):
    client.force_login(ada)
    made = words(client.post("/accounts/tokens/", {"label": "docs build"}))
    secret = re.search(r"ec_\S+", made)[0]
    page = words(client.get("/accounts/tokens/"))
    assert "docs build" in page
    assert secret not in page
    client.post(f"/accounts/tokens/{AccessToken.objects.get().pk}/revoke/")
    assert "revoked" in words(client.get("/accounts/tokens/"))
    assert client.post("/accounts/tokens/", {"label": ""}).status_code == 422


def test_tokens_of_others_are_not_there(client, ada):
    client.force_login(UserFactory(admin=True))
    client.post("/accounts/tokens/", {"label": "mine"})
    client.force_login(ada)
    assert client.post(f"/accounts/tokens/{AccessToken.objects.get().pk}/revoke/").status_code == 404


def test_an_admin_invites_somebody_who_joins_with_the_role(client, words):
    client.force_login(UserFactory(admin=True, username="root"))
    shown = words(client.post("/accounts/invitations/", {"role": "curator", "email": ""}))
    path = re.search(r"http://glossary\.test(/accounts/invitation/\S+)", shown)[1]
    assert path not in words(client.get("/accounts/invitations/"))
    assert client.get(path).status_code == 409
    visitor = Client()
    assert "root invites you as a curator" in words(visitor.get(path))
    form = {"username": "grace", "display_name": "Grace H.", "email": "", "password": "password"}
    wrong = visitor.post(path, form)
    assert wrong.status_code == 422
    assert "This password is too common." in words(wrong)
    assert visitor.post(path, form | {"password": NEW_PASSWORD}).headers["Location"] == "/"
    assert "your role is curator" in words(visitor.get("/accounts/profile/"))
    assert Client().get(path).status_code == 410


def test_an_invitation_with_an_address_is_mailed_there(client):
    client.force_login(UserFactory(admin=True, display_name="Root"))
    client.post("/accounts/invitations/", {"role": "member", "email": "grace@example.org"})
    (message,) = mail.outbox
    assert (message.to, message.subject) == (["grace@example.org"], "Root invites you to Eventually Consistent")
    Client().post(link_in_mail(), {"username": "grace", "password": NEW_PASSWORD})
    assert EmailAddress.objects.get(email="grace@example.org").verified


def test_a_name_that_somebody_has_is_refused_beside_its_field(client, ada, words):
    client.force_login(UserFactory(admin=True))
    client.post("/accounts/invitations/", {"role": "member", "email": "grace@example.org"})
    taken = Client().post(link_in_mail(), {"username": "Ada", "password": NEW_PASSWORD})
    assert taken.status_code == 422
    assert "Somebody has this name already" in words(taken)
    assert Invitation.objects.get().accepted_by is None


def test_an_admin_revokes_an_invitation(client, words):
    client.force_login(UserFactory(admin=True))
    client.post("/accounts/invitations/", {"role": "member", "email": "grace@example.org"})
    client.post(f"/accounts/invitations/{Invitation.objects.get().pk}/revoke/")
    assert Client().get(link_in_mail()).status_code == 410


def test_an_admin_finds_people_and_looks_after_them(client, ada, words):
    admin = UserFactory(admin=True)
    client.force_login(admin)
    assert "ada" in words(client.get("/accounts/people/?q=example.org+ada"))
    assert "Nobody’s name" in words(client.get("/accounts/people/?q=lovelace"))
    address = f"/accounts/people/{ada.pk}/"
    assert client.post(address, {"deed": "give_role", "role": "curator"}).status_code == 302
    assert "now has the role curator" in words(client.get(address))
    client.post(address, {"deed": "deactivate"})
    assert "deactivated" in words(client.get("/accounts/people/?q=ada"))
    client.post(address, {"deed": "reactivate"})
    assert client.post(address, {"deed": "make_anonymous", "name": "wrong"}).status_code == 422
    assert client.post(address, {"deed": "nonsense"}).status_code == 422
    client.post(address, {"deed": "make_anonymous", "name": "ada"})
    assert "nothing names them any more" in words(client.get(address))
    last = client.post(f"/accounts/people/{admin.pk}/", {"deed": "deactivate"})
    assert last.status_code == 422
    assert "is the last admin" in words(last)
    deeds = AuditEntry.objects.filter(by=admin).values_list("action", flat=True)
    assert {"person.role_given", "person.deactivated", "person.reactivated", "person.made_anonymous"} <= set(deeds)


@pytest.mark.parametrize("address", ["/accounts/people/?q=%00", "/accounts/people/?page=zz", "/accounts/people/99999/"])
def test_junk_in_the_addresses_of_people_breaks_nothing(client, address):
    client.force_login(UserFactory(admin=True))
    assert client.get(address).status_code in {200, 404}


def test_the_header_tells_who_is_signed_in_and_says_nothing_of_it_to_others(client, ada):
    TermFactory(label="compaction")
    assert b">Sign in</a>" in client.get("/terms/compaction/").content
    visitor = Client()
    visitor.force_login(ada)
    assert b">ada</a>" in visitor.get("/terms/compaction/").content
    assert b"ada" not in client.get("/terms/compaction/").content


def test_forms_without_their_token_are_refused_in_words(ada, words):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)
    tokenless = client.post("/accounts/profile/", {"display_name": "Eve"})
    foreign = client.post("/accounts/profile/", {"display_name": "Eve"}, headers={"origin": "https://evil.example"})
    assert (tokenless.status_code, foreign.status_code) == (403, 403)
    assert "press the button again" in words(tokenless)
    assert "sent from another site" in words(foreign)
    assert User.objects.get(pk=ada.pk).display_name == ""


def test_cookies_are_for_this_site_and_no_script(client, ada):
    cookies = sign_in(client).cookies
    assert cookies["sessionid"]["httponly"]
    assert cookies["sessionid"]["samesite"] == "Lax"
    client.get("/accounts/profile/")
    assert client.cookies["csrftoken"]["httponly"]
