"""Delivering messages to webhooks: kept in the transaction of what they tell, sent by a worker, tried again.

What is promised: a message is sent at least once, and again for more than a day until somebody answers with 2xx. It
may come twice, under one id; and messages may come in another order than they were made.
"""

import json
import random
import time
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from .. import outgoing
from ..absolute import absolute
from ..domain.signing import headers_of
from ..models import Attempt, Delivery, Revision, Term, Webhook
from ..tasks import background
from .recording import record

# After each attempt but the last: half a minute, then longer, for more than a day.
PAUSES = [timedelta(seconds=30 * 4**step) for step in range(4)] + [timedelta(hours=each) for each in (2, 6, 18)]
# So that a receiver that comes back is not met by everything at once.
JITTER = 0.1
LONGEST_WISH = timedelta(hours=24)
LONGEST_SAID = 500
GONE = 410


def terms_published(revisions: Iterable[Revision], *, at) -> None:
    said = ({"change": each.change, "note": each.note, "is_new": each.number == 1} for each in revisions)
    tell("term.published", zip((each.term for each in revisions), said, strict=True), at=at)


def tell(event: str, told: Iterable[tuple[Term, dict]], *, at) -> None:
    """A message about each term, with what is said of it, to everybody who listens: in the transaction of the event."""
    if webhooks := list(Webhook.objects.filter(is_active=True)):
        for term, said in told:
            send(webhooks, event, {"term": described(term), **said}, at=at)


def described(term: Term | None) -> dict | None:
    if term is None:
        return None
    number = term.current.number
    return {
        "uid": term.uid,
        "slug": term.slug,
        "label": term.label,
        "voice": term.voice,
        "status": term.status,
        "version": number,
        "url": absolute("term", term.slug),
        "permanent_url": absolute("permanent", term.uid),
        "pinned_url": absolute("permanent_pinned", term.uid, number),
    }


def send(webhooks: Iterable[Webhook], event: str, data: dict, *, at) -> list[Delivery]:
    body = json.dumps({"type": event, "timestamp": at.isoformat(), "data": data}, ensure_ascii=False)
    made = [Delivery(webhook=webhook, event=event, body=body, created_at=at, next_at=at) for webhook in webhooks]
    Delivery.objects.bulk_create(made)
    for delivery in made:
        deliver.enqueue(delivery.pk)
    return made


@background
def deliver(pk: int) -> int | None:
    """Try to deliver a message, and note what came of it; the status that was answered."""
    delivery = Delivery.objects.select_related("webhook").filter(pk=pk, status=Delivery.Status.WAITING).first()
    # Of two tasks for one message, as after sending it again, the one that comes too early has nothing to do.
    if delivery is None or delivery.next_at > timezone.now():
        return None
    started, at = time.monotonic(), timezone.now()
    answer, said = asked(delivery, int(at.timestamp()))
    milliseconds = round((time.monotonic() - started) * 1000)
    note(delivery, answer, said, milliseconds, at=at)
    return answer and answer.status


def asked(delivery: Delivery, timestamp: int) -> tuple[outgoing.Answer | None, str]:
    """What a listener answered, and what is to be told of it, or of why nobody did."""
    body = delivery.body.encode()
    headers = headers_of(delivery.webhook.secret, delivery.message_id, timestamp, body)
    try:
        answer = outgoing.post(delivery.webhook.address, body, {"Content-Type": "application/json", **headers})
    except (outgoing.Refused, outgoing.Unanswered) as trouble:
        return None, str(trouble)
    return answer, answer.beginning


@transaction.atomic
def note(delivery: Delivery, answer, said: str, milliseconds: int, *, at) -> None:
    code = answer and answer.status
    # PostgreSQL keeps no NUL, and a listener may say anything.
    said = " ".join(said.replace("\0", "\ufffd").split())[:LONGEST_SAID]
    Attempt.objects.create(delivery=delivery, at=at, milliseconds=milliseconds, code=code, said=said)
    tried = delivery.attempts.count()
    if code is not None and 200 <= code < 300:
        settle(delivery, Delivery.Status.DELIVERED)
    elif code == GONE:
        settle(delivery, Delivery.Status.GIVEN_UP)
        Webhook.objects.filter(pk=delivery.webhook_id).update(is_active=False)
        record(action="webhook.gone", target=f"webhook:{delivery.webhook_id}", at=at)
    elif tried > len(PAUSES):
        settle(delivery, Delivery.Status.GIVEN_UP)
    else:
        put_off(delivery, at + pause_after(tried, answer))


def settle(delivery: Delivery, status: str) -> None:
    delivery.status, delivery.next_at = status, None
    delivery.save(update_fields=["status", "next_at"])


def put_off(delivery: Delivery, until) -> None:
    """Let a message be tried at a time, whatever became of it before."""
    delivery.status, delivery.next_at = Delivery.Status.WAITING, until
    delivery.save(update_fields=["status", "next_at"])
    deliver.using(run_after=until).enqueue(delivery.pk)


def pause_after(tried: int, answer: outgoing.Answer | None) -> timedelta:
    """How long to wait: as the listener wishes if it is too busy, within a day, else longer each time."""
    usual = PAUSES[tried - 1] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 – nobody is to guess nothing
    if answer and answer.status in {429, 503} and answer.retry_after.isascii() and answer.retry_after.isdecimal():
        return max(usual, min(timedelta(seconds=int(answer.retry_after[:9])), LONGEST_WISH))
    return usual
