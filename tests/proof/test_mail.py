"""Mails of notices through a real SMTP server, that also refuses and goes away."""

import pytest
from aiosmtpd.controller import Controller
from django.utils import timezone

from glossary.models import Notice
from glossary.services import mailing, notifying
from tests.factories import UserFactory
from tests.proof.postgresql import free_port
from tests.working import work

pytestmark = [pytest.mark.proof, pytest.mark.django_db]


class Mailbox:
    """What a server got; what it answers to the next mails, if not 250."""

    def __init__(self):
        self.mails, self.answers = [], []

    async def handle_DATA(self, server, session, envelope):
        if self.answers:
            return self.answers.pop(0)
        self.mails.append(envelope)
        return "250 OK"


@pytest.fixture
def server(settings):
    """A function that starts a server at the address that mail goes to; it gives the mailbox."""
    running, port = [], free_port()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port

    def start() -> Mailbox:
        controller = Controller(Mailbox(), hostname="127.0.0.1", port=port)
        controller.start()
        running.append(controller)
        return controller.handler

    yield start
    for controller in running:
        controller.stop()


@pytest.fixture
def person():
    made = UserFactory(member=True)
    text = "Meaning of compaction changed in v2: «naïve» 🙂\r\nBcc: everybody@example.org"
    notifying.tell([made.pk], kind="term.published", event="one", text=text, path="/terms/", at=timezone.now())
    return made


def test_a_mail_arrives_whole_and_at_one_address(server, person):
    mailbox = server()
    work()
    [envelope] = mailbox.mails
    assert envelope.rcpt_tos == [person.email]
    text = envelope.content.decode()
    assert "\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in text
    assert f"/accounts/unsubscribe/{mailing.unsubscribe_token(person)}/" in text
    assert "\r\nBcc:" not in text


def test_a_mail_waits_for_a_server_that_is_away_and_for_one_that_is_busy(server, person):
    work()
    assert Notice.objects.get().mailed_at is None
    mailbox = server()
    mailbox.answers = ["451 try again later"]
    work(later=True)
    assert mailbox.mails == []
    for _ in range(3):
        work(later=True)
    assert len(mailbox.mails) == 1
    assert Notice.objects.get().mailed_at


def test_a_mail_that_is_refused_for_good_is_not_sent_again(server, person):
    mailbox = server()
    mailbox.answers = ["554 no"]
    for _ in range(2):
        work(later=True)
    assert mailbox.mails == mailbox.answers == []
    assert Notice.objects.get().mailed_at is None
