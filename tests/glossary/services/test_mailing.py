"""Mails of notices: who gets one, when, what it says, and what happens when the mail server does not answer."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from glossary.models import MailFrequency, Notice
from glossary.services import mailing, notifying, tending, watching
from glossary.services.publishing import publish_term
from tests.factories import TermFactory, UserFactory
from tests.working import work

pytestmark = pytest.mark.django_db


class RefusingBackend(BaseEmailBackend):
    """A mail server that raises what a test wants."""

    raises: Exception | None = None

    def send_messages(self, messages):
        raise self.raises


@pytest.fixture
def server_raises(settings):
    def refuse(error):
        RefusingBackend.raises = error
        settings.EMAIL_BACKEND = "tests.glossary.services.test_mailing.RefusingBackend"

    return refuse


def tell(person, text="Meaning of compaction changed in v2.", event="one", at=None):
    at = at or timezone.now()
    notifying.tell([person.pk], kind="term.published", event=event, text=text, path="/id/bqhgrb80/v/2/", at=at)


def test_a_change_of_meaning_is_mailed_with_what_changed_in_its_subject():
    term, person = TermFactory(label="compaction"), UserFactory(member=True)
    watching.watch(term=term, extent="meaning", by=person)
    publish_term(snapshot=term.current.snapshot | {"gap": "A new gap."}, note="It was wrong.")
    work()
    [message] = mail.outbox
    assert message.subject == "Meaning of compaction changed in v2: It was wrong."
    assert message.to == [person.email]
    assert "http://glossary.test/terms/compaction/diff/?from=1&to=2" in message.body
    [(html, kind)] = message.alternatives
    assert kind == "text/html"
    assert 'terms/compaction/diff/?from=1&amp;to=2">Meaning of compaction changed in v2: It was' in html


def test_a_burst_is_one_mail():
    person = UserFactory(member=True)
    for number in range(60):
        tell(person, f"Wording of word {number} changed in v2.", event=f"event {number}")
    work()
    [message] = mail.outbox
    assert DBTaskResult.objects.count() == 2
    assert message.subject == "Wording of word 0 changed in v2. (and 59 more)"
    assert "Wording of word 49 changed" in message.body
    assert "Wording of word 50 changed" not in message.body
    assert "And 10 more: http://glossary.test/notices/" in message.body
    assert not Notice.objects.filter(mailed_at=None).exists()


@pytest.mark.parametrize(
    "traits", [{"mail_frequency": "never"}, {"mail_frequency": "daily"}, {"email": ""}, {"is_active": False}]
)
def test_who_wants_no_mail_at_once_gets_none(traits):
    person = UserFactory(member=True)
    tell(person)
    for name, value in traits.items():
        setattr(person, name, value)
    person.save()
    work()
    assert mail.outbox == []


def test_what_was_read_on_the_site_is_not_mailed():
    person = UserFactory(member=True)
    tell(person)
    watching.mark_read(person.notices.all())
    work()
    assert mail.outbox == []


def test_a_digest_gathers_a_day_in_one_mail_and_is_sent_once():
    person = UserFactory(member=True, mail_frequency=MailFrequency.DAILY)
    tell(person, event="one")
    tell(person, "compaction was retired.", event="two")
    night = timezone.now().replace(hour=4)
    tending.enqueue_due(at=night)
    for _ in range(2):
        tending.enqueue_due(at=night + timedelta(hours=2))
        work()
    [message] = mail.outbox
    assert "compaction was retired." in message.body
    assert "Meaning of compaction changed in v2." in message.body


# --- a mail server that is away


def test_a_mail_waits_for_its_server_and_goes_out_once(server_raises, settings):
    person = UserFactory(member=True)
    server_raises(ConnectionRefusedError("no mail today"))
    tell(person)
    work()
    assert Notice.objects.get().mailed_at is None
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    for _ in range(3):
        work(later=True)
    assert len(mail.outbox) == 1
    assert Notice.objects.get().mailed_at


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPRecipientsRefused({"a@example.org": (550, b"no such user")}),
        smtplib.SMTPDataError(554, b"rejected"),
    ],
)
def test_an_address_that_is_refused_for_good_is_not_tried_again(server_raises, error):
    server_raises(error)
    tell(UserFactory(member=True))
    results = work()
    assert [result.status for result in results] == ["SUCCESSFUL", "FAILED"]
    assert "Undeliverable" in results[-1].traceback


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPRecipientsRefused({"a@example.org": (450, b"greylisted")}),
        smtplib.SMTPAuthenticationError(535, b"who are you"),
        smtplib.SMTPServerDisconnected("gone"),
    ],
)
def test_a_server_that_cannot_just_now_is_asked_again(server_raises, error):
    server_raises(error)
    tell(UserFactory(member=True))
    assert [result.status for result in work()] == ["SUCCESSFUL", "FAILED", "READY"]


def test_two_workers_with_one_persons_mail_send_it_once():
    person = UserFactory(member=True)
    tell(person)
    with mailing.claimed_notices(person) as notices:
        mailing.mail_person.call(person.pk)
        assert len(notices) == 1
    assert mail.outbox == []
    assert Notice.objects.get().mailed_at


def test_a_claim_does_not_outlive_a_lost_worker_for_long():
    person = UserFactory(member=True)
    tell(person)
    mailing.claim(person, at=timezone.now() - timedelta(minutes=11))
    mailing.mail_person.call(person.pk)
    assert len(mail.outbox) == 1


def test_what_was_left_over_is_swept_up_but_not_for_ever():
    old, older = UserFactory(member=True), UserFactory(member=True)
    tell(old, at=timezone.now() - timedelta(hours=4))
    tell(older, at=timezone.now() - timedelta(days=8))
    mailing.mail_notices.enqueue("at_once", True)
    work()
    assert [message.to for message in mail.outbox] == [[old.email]]


def test_every_attempt_at_a_mail_has_the_same_message_id():
    person = UserFactory(member=True)
    tell(person)
    notices = list(Notice.objects.all())
    first, second = (mailing.message_to(person, notices).message()["Message-ID"] for _ in range(2))
    assert first == second
    assert first.endswith("@glossary.test>")


# --- what a label could do to a mail


def test_a_label_smuggles_no_header_in():
    person = UserFactory(member=True)
    tell(person, "Meaning of x\r\nBcc: everybody@example.org\r\n\r\nBuy! changed\x00 in v2.")
    work()
    [message] = mail.outbox
    assert message.message()["Bcc"] is None
    assert message.subject == "Meaning of x Bcc: everybody@example.org Buy! changed in v2."


def test_markup_in_a_notice_is_text_in_a_mail():
    tell(UserFactory(member=True), "<b>compaction</b> & co. was retired.")
    work()
    [message] = mail.outbox
    assert "<b>compaction</b> & co. was retired." in message.body
    assert "&lt;b&gt;compaction&lt;/b&gt; &amp; co." in message.alternatives[0][0]


def test_a_long_subject_is_cut():
    tell(UserFactory(member=True), "x" * 500)
    work()
    assert mail.outbox[0].subject == "x" * 139 + "…"


def test_a_mail_program_finds_how_to_unsubscribe_in_one_click():
    person = UserFactory(member=True)
    tell(person)
    work()
    headers = mail.outbox[0].message()
    token = mailing.unsubscribe_token(person)
    assert headers["List-Unsubscribe"] == f"<http://glossary.test/accounts/unsubscribe/{token}/>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
