"""Mailing notices: claimed, sent, marked.

What is promised: a notice that waits for a mail is sent at least once while the mail server answers within three
hours, or is swept up later; it is sent twice only if the process is killed between the server's "accepted" and the
next commit, and then under the same Message-ID, by which mail programs drop the second. No transaction is open
while a mail server is talked to.
"""

from contextlib import contextmanager
from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from ..absolute import absolute
from ..domain.problems import Invalid, Problem
from ..models import MailFrequency, Notice, User
from ..tasks import background, enqueue_once
from .recording import record

MOST_PER_MAIL = 50
LONGEST_SUBJECT = 140
# Longer than all attempts of one task take.
LEFT_OVER_AFTER = timedelta(hours=3)
UNSUBSCRIBE_SALT = "glossary.unsubscribe"


class Undeliverable(Exception):
    """The mail server refused for good, as it does for an address that does not exist."""


@background
def mail_notices(frequency: str, left_over: bool = False) -> int:
    """Enqueue a mail for everybody who wants theirs now; the number of people.

    left_over: only what should have gone out long ago.
    """
    at = timezone.now()
    waiting = Notice.objects.awaiting_mail(at=at).filter(person__in=people_mailed(frequency))
    if left_over:
        waiting = waiting.filter(created_at__lt=at - LEFT_OVER_AFTER)
    people = list(waiting.order_by().values_list("person", flat=True).distinct())
    for person in people:
        enqueue_once(mail_person, person)
    return len(people)


@background
def mail_person(person_id: int) -> int:
    """Send one person everything that waits for a mail, in one; the number of notices."""
    person = people_mailed().filter(pk=person_id).first()
    if person is None:
        return 0
    with claimed_notices(person) as notices:
        if notices:
            send(message_to(person, notices))
    return len(notices)


def people_mailed(frequency: str | None = None) -> QuerySet:
    """People who get their notices by mail; only those who get them so often, if that is said."""
    people = User.objects.filter(is_active=True, anonymised_at=None).exclude(email="")
    return people.filter(mail_frequency=frequency) if frequency else people.exclude(mail_frequency=MailFrequency.NEVER)


@contextmanager
def claimed_notices(person: User):
    """Notices in this worker's hands: marked as mailed if all goes well, given back otherwise.

    A claim outlives its worker by ten minutes.
    """
    notices = claim(person, at=timezone.now())
    mine = Notice.objects.filter(pk__in=[notice.pk for notice in notices])
    try:
        yield notices
    except BaseException:
        mine.update(mailing_since=None)
        raise
    mine.update(mailing_since=None, mailed_at=timezone.now())


@transaction.atomic
def claim(person: User, *, at) -> list[Notice]:
    waiting = Notice.objects.select_for_update(of=("self",)).filter(person=person).awaiting_mail(at=at)
    notices = list(waiting.order_by("created_at", "pk").told())
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(mailing_since=at)
    return notices


def message_to(person: User, notices: list[Notice]) -> EmailMultiAlternatives:
    """A mail of plain text and simple HTML, with what RFC 8058 asks for one-click unsubscribing."""
    unsubscribe = absolute("unsubscribe", unsubscribe_token(person))
    context = {
        "person": person,
        "notices": notices[:MOST_PER_MAIL],
        "more": max(0, len(notices) - MOST_PER_MAIL),
        "public_url": settings.PUBLIC_URL,
        "site_title": settings.GLOSSARY_TITLE,
        "unsubscribe": unsubscribe,
    }
    message = EmailMultiAlternatives(
        subject=subject_of(notices),
        body=render_to_string("glossary/notices_mail.txt", context),
        to=[person.email],
        headers={
            "Message-ID": message_id(notices[0]),
            "List-Unsubscribe": f"<{unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(render_to_string("glossary/notices_mail.html", context), "text/html")
    return message


def subject_of(notices: list[Notice]) -> str:
    """What happened. Notices are one line each, so that no label can smuggle a header in."""
    others = f" (and {len(notices) - 1} more)" if len(notices) > 1 else ""
    text = " ".join(notices[0].sentence.split())
    room = LONGEST_SUBJECT - len(others)
    return (text if len(text) <= room else text[: room - 1] + "…") + others


def message_id(notice: Notice) -> str:
    """The same for every attempt at the same mail."""
    moment = int(notice.created_at.timestamp() * 1_000_000)
    return f"<notice-{notice.pk}-{moment}@{urlsplit(settings.PUBLIC_URL).hostname}>"


def send(message: EmailMultiAlternatives) -> None:
    """Raises Undeliverable where another attempt is no use, OSError where it may be."""
    try:
        message.connection = get_connection()
        message.send()
    except SMTPRecipientsRefused as error:
        if all(code >= 500 for code, _ in error.recipients.values()):
            raise Undeliverable(str(error)) from error
        raise
    except SMTPResponseException as error:
        # 530 to 535: the server does not know us, which an admin can mend.
        if error.smtp_code >= 500 and error.smtp_code not in range(530, 536):
            raise Undeliverable(str(error)) from error
        raise


def unsubscribe_token(person: User) -> str:
    return signing.dumps(person.pk, salt=UNSUBSCRIBE_SALT)


def person_of_token(token: str) -> User | None:
    """Whom a link for unsubscribing was made for; it never expires, and leads nowhere else."""
    try:
        return User.objects.filter(pk=signing.loads(token, salt=UNSUBSCRIBE_SALT)).first()
    except signing.BadSignature:
        return None


@transaction.atomic
def set_mail_frequency(*, person: User, frequency: str, at=None) -> None:
    """How often a person gets mail from now on. Setting it twice is setting it once. Raises Invalid."""
    if frequency not in MailFrequency:
        raise Invalid([Problem("mail_frequency", f"{frequency!r:.40} must be one of {', '.join(MailFrequency)}")])
    changed = User.objects.filter(pk=person.pk).exclude(mail_frequency=frequency)
    if changed.update(mail_frequency=frequency):
        data = {"mail_frequency": str(frequency)}
        record(action="person.mail_changed", target=person.username, by=person, at=at or timezone.now(), data=data)
