"""Notices, watches and mail, as each kind of visitor meets them."""

import pytest
from django.utils import timezone

from glossary.models import MailFrequency, Notice, Watch
from glossary.services import mailing, notifying, watching
from tests.factories import TermFactory, UserFactory

PEOPLE = {"member": {"member": True}, "curator": {"curator": True}, "admin": {"admin": True}}


@pytest.fixture
def term():
    return TermFactory(label="compaction")


def tell(person, text="compaction was retired.", event="one", path="/terms/"):
    notifying.tell([person.pk], kind="term.retired", event=event, text=text, path=path, at=timezone.now())


@pytest.mark.parametrize("address", ["/notices/", "/notices/1/", "/accounts/watches/", "/terms/compaction/watch/"])
def test_strangers_and_people_who_left_sign_in_first(client, term, address):
    gone = UserFactory(member=True)
    for sign_in in (lambda: None, lambda: client.force_login(gone)):
        sign_in()
        gone.is_active = False
        gone.save()
        response = client.post(address) if "watch/" in address else client.get(address)
        assert response.status_code in (302, 401)
        assert response.status_code == 401 or response["Location"].startswith("/accounts/login/?next=")


@pytest.mark.parametrize("role", PEOPLE)
def test_a_person_sees_their_own_notices_unread_first(client, words, role):
    person = UserFactory(**PEOPLE[role])
    tell(person, "An old one.", "one")
    watching.mark_read(person.notices.all())
    tell(person, "A new one.", "two")
    tell(UserFactory(member=True), "Not yours.", "three")
    client.force_login(person)
    page = words(client.get("/notices/"))
    assert page.index("Unread: A new one.") < page.index("An old one.")
    assert "Not yours." not in page


def test_following_a_notice_reads_it_and_leads_to_its_page(client, term):
    person = UserFactory(member=True)
    tell(person, path="/terms/compaction/")
    client.force_login(person)
    response = client.get(f"/notices/{person.notices.get().pk}/")
    assert response["Location"] == "/terms/compaction/"
    assert person.notices.get().read_at


def test_nobody_follows_or_reads_anothers_notice(client):
    other = UserFactory(member=True)
    tell(other)
    client.force_login(UserFactory(admin=True))
    pk = other.notices.get().pk
    assert client.get(f"/notices/{pk}/").status_code == 404
    client.post("/notices/", {"notice": pk})
    client.post("/notices/", {"notice": "all"})
    assert other.notices.get().read_at is None


def test_one_or_all_are_marked_as_read(client):
    person = UserFactory(member=True)
    for number in range(3):
        tell(person, event=str(number))
    client.force_login(person)
    client.post("/notices/", {"notice": person.notices.first().pk})
    assert person.notices.unread().count() == 2
    client.post("/notices/", {"notice": "all"})
    assert person.notices.unread().count() == 0


@pytest.mark.parametrize("chosen", ["", "x", "²", "-1", "9" * 30])
def test_a_notice_that_cannot_be_is_not_found(client, chosen):
    client.force_login(UserFactory(member=True))
    assert client.post("/notices/", {"notice": chosen}).status_code == 404


def test_many_notices_are_paged(client, words):
    person = UserFactory(member=True)
    for number in range(51):
        tell(person, f"Notice number {number}.", str(number))
    client.force_login(person)
    assert "Notice number 0." not in words(client.get("/notices/"))
    assert "Notice number 0." in words(client.get("/notices/?page=2"))
    assert client.get("/notices/?page=junk").status_code == 200


# --- watches


def test_a_term_is_watched_from_its_page_and_no_more(client, term, words):
    person = UserFactory(member=True)
    client.force_login(person)
    assert "Watch: every change meaning only" in words(client.get("/terms/compaction/"))
    response = client.post("/terms/compaction/watch/", {"extent": "meaning"})
    assert response["Location"] == "/terms/compaction/#watch"
    assert "You watch changes of meaning. Every change Stop watching" in words(client.get("/terms/compaction/"))
    client.post("/terms/compaction/watch/", {"extent": "none"})
    assert not Watch.objects.exists()


def test_a_kept_page_has_no_button_to_watch(client, term):
    client.force_login(UserFactory(member=True))
    client.get("/terms/compaction/")
    client.logout()
    assert "watch" not in client.get("/terms/compaction/").content.decode().lower()


def test_an_extent_that_is_none_is_refused(client, term):
    client.force_login(UserFactory(member=True))
    response = client.post("/terms/compaction/watch/", {"extent": "all"})
    assert response.status_code == 422
    assert "'all' must be one of every, meaning" in response.content.decode()
    response = client.post("/accounts/watches/", {"extent": "all"})
    assert response.status_code == 422
    assert "must be one of every, meaning" in response.content.decode()
    assert client.get("/terms/compaction/watch/").status_code == 405


def test_everything_and_mail_are_set_on_one_page(client, term, words):
    person = UserFactory(member=True)
    watching.watch(term=term, extent="every", by=person)
    client.force_login(person)
    assert "compaction every change Meaning only" in words(client.get("/accounts/watches/"))
    client.post("/accounts/watches/", {"extent": "meaning", "mail_frequency": "daily"})
    person.refresh_from_db()
    assert person.mail_frequency == MailFrequency.DAILY
    assert Watch.objects.get(term=None).extent == "meaning"
    response = client.post("/terms/compaction/watch/", {"extent": "none", "back": "watches"})
    assert response["Location"] == "/accounts/watches/"
    assert client.post("/accounts/watches/", {"mail_frequency": "hourly"}).status_code == 422


# --- no more mail


def test_unsubscribing_takes_one_post_without_signing_in(client, words):
    person = UserFactory(member=True)
    address = f"/accounts/unsubscribe/{mailing.unsubscribe_token(person)}/"
    assert "Stop the mail" in words(client.get(address))
    person.refresh_from_db()
    assert person.mail_frequency == MailFrequency.AT_ONCE
    strict = type(client)(enforce_csrf_checks=True)
    response = strict.post(address, {"List-Unsubscribe": "One-Click"})
    assert response.status_code == 200
    assert "You get no more mail" in words(response)
    person.refresh_from_db()
    assert person.mail_frequency == MailFrequency.NEVER
    assert strict.post(address).status_code == 200


def test_a_forged_link_unsubscribes_nobody(client):
    person = UserFactory(member=True)
    token = mailing.unsubscribe_token(person)
    for forged in (token[:-1], f"{person.pk}", token.replace(token[0], "X", 1), "x" * 500):
        assert client.post(f"/accounts/unsubscribe/{forged}/").status_code == 404
    person.refresh_from_db()
    assert person.mail_frequency == MailFrequency.AT_ONCE
    assert Notice.objects.count() == 0
