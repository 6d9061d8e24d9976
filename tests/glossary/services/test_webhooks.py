"""Webhooks: what is sent, how it is signed, and what becomes of it where the other side fails, stalls and lies."""

import json
from datetime import timedelta
from ipaddress import ip_network

import pytest
import standardwebhooks
from django.utils import timezone

from glossary.domain.problems import Invalid
from glossary.models import AuditEntry, Delivery, Webhook
from glossary.services import delivering, publishing, retiring, tending, webhooks
from tests import receivers
from tests.factories import TermFactory
from tests.receivers import receiver, respond
from tests.working import work

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def near(settings):
    settings.OUTGOING_PRIVATE, settings.OUTGOING_SECONDS = [ip_network("127.0.0.0/8")], 1


@pytest.fixture
def listen(admin):
    return lambda there: webhooks.add(address=there.url, label="bot", by=admin)


def publish(term, **changes):
    change = changes.pop("change", "meaning")
    term.refresh_from_db()
    return publishing.publish_term(snapshot=term.current.snapshot | changes, change=change, note="It says more.")


def told(delivery: Delivery) -> list[tuple]:
    return list(delivery.attempts.values_list("code", "said"))


def test_a_publication_is_told_and_signed_as_standard_webhooks_has_it(listen):
    term = TermFactory(label="compaction")
    with receiver(200) as there:
        webhook = listen(there)
        publish(term, gap="A wider gap.")
        work()
    (sent,) = there.received
    verified = standardwebhooks.Webhook(webhook.secret).verify(sent.body, sent.headers)
    assert verified["type"] == "term.published"
    assert verified["data"] == {
        "term": {
            "uid": term.uid,
            "slug": "compaction",
            "label": "compaction",
            "voice": "engineer",
            "status": "published",
            "version": 2,
            "url": "http://glossary.test/terms/compaction/",
            "permanent_url": f"http://glossary.test/id/{term.uid}/",
            "pinned_url": f"http://glossary.test/id/{term.uid}/v/2/",
        },
        "change": "meaning",
        "note": "It says more.",
        "is_new": False,
    }
    delivery = Delivery.objects.get()
    assert (delivery.status, told(delivery)) == ("delivered", [(200, "So.")])
    assert sent.headers["webhook-id"] == delivery.message_id
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        standardwebhooks.Webhook(webhook.secret).verify(sent.body + b" ", sent.headers)


def test_every_end_and_beginning_of_a_term_is_told(listen, admin):
    log, journal, ledger = (TermFactory(label=label) for label in ("log", "journal", "ledger"))
    with receiver(200) as there:
        listen(there)
        retiring.retire_term(term=journal, replaced_by=log, reason="Nobody says it.", by=admin)
        retiring.restore_term(term=journal, by=admin)
        retiring.merge_term(term=ledger, into=log, by=admin)
        work()
    said = {json.loads(each.body)["type"]: json.loads(each.body)["data"] for each in there.received}
    assert said.keys() == {"term.retired", "term.restored", "term.merged", "term.published"}
    assert said["term.retired"]["replaced_by"]["slug"] == "log"
    assert said["term.retired"]["reason"] == "Nobody says it."
    assert said["term.retired"]["term"]["status"] == "retired"
    assert said["term.merged"]["into"]["uid"] == log.uid


def test_many_publications_at_once_ask_once_who_listens(django_assert_max_num_queries):
    terms = [TermFactory(label=f"term {number}") for number in range(5)]
    revisions = [term.current for term in terms]
    with django_assert_max_num_queries(1):
        delivering.terms_published(revisions, at=timezone.now())


def test_what_is_rolled_back_is_not_told(listen):
    term = TermFactory(label="log")
    with receiver(200) as there:
        listen(there)
        with pytest.raises(Invalid):
            publish(term, label="")
        work()
    assert not Delivery.objects.exists()
    assert there.received == []


def test_a_receiver_that_fails_is_asked_again_under_the_same_id(listen):
    term = TermFactory(label="log")
    with receiver(500, 503, 204) as there:
        webhook = listen(there)
        publish(term, gap="A wider gap.")
        work()
        delivery = Delivery.objects.get()
        assert (delivery.status, told(delivery)) == ("waiting", [(500, "So.")])
        assert timedelta(seconds=25) < delivery.next_at - timezone.now() < timedelta(seconds=35)
        for _ in range(2):
            Delivery.objects.update(next_at=timezone.now())
            work(later=True)
    delivery.refresh_from_db()
    assert (delivery.status, [code for code, _ in told(delivery)]) == ("delivered", [500, 503, 204])
    assert len({each.headers["webhook-id"] for each in there.received}) == 1
    assert len({each.body for each in there.received}) == 1
    for each in there.received:
        standardwebhooks.Webhook(webhook.secret).verify(each.body, each.headers)


@pytest.mark.parametrize(
    ("lie", "said"),
    [
        (receivers.never, "did not answer within 1 seconds"),
        (receivers.drips, "did not answer within 1 seconds"),
        (receivers.hangs_up, "could not be asked"),
        (receivers.speaks_nonsense, "could not be asked"),
    ],
)
def test_what_stalls_or_is_no_answer_is_noted_and_tried_again(listen, lie, said):
    with receiver(lie) as there:
        webhook = listen(there)
        delivering.send([webhook], "test", {}, at=timezone.now())
        work()
    delivery = Delivery.objects.get()
    assert delivery.status == "waiting"
    ((code, noted),) = told(delivery)
    assert code is None
    assert said in noted


def test_a_redirect_into_our_network_is_a_failure_and_is_not_followed(listen):
    with receiver(200) as inside, receiver(receivers.leads_elsewhere(inside.url)) as there:
        webhooks.send_test(webhook=(webhook := listen(there)), by=webhook.made_by)
        work()
    assert [code for code, _ in told(Delivery.objects.get())] == [307]
    assert inside.received == []


def test_what_becomes_private_later_is_not_sent_to(listen, settings):
    with receiver(200) as there:
        webhook = listen(there)
        settings.OUTGOING_PRIVATE = []
        webhooks.send_test(webhook=webhook, by=webhook.made_by)
        work()
    ((code, said),) = told(Delivery.objects.get())
    assert (code, "not of the public internet" in said) == (None, True)
    assert there.received == []


def test_it_is_given_up_after_more_than_a_day(listen):
    with receiver(500) as there:
        webhook = listen(there)
        delivering.send([webhook], "test", {}, at=timezone.now())
        work()
        for _ in delivering.PAUSES:
            Delivery.objects.update(next_at=timezone.now())
            work(later=True)
        work(later=True)
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.next_at) == ("given up", None)
    assert len(there.received) == delivery.attempts.count() == 8
    assert sum(delivering.PAUSES, timedelta()) > timedelta(days=1)


@pytest.mark.parametrize(
    ("status", "wish", "least", "most"),
    [
        (429, "3600", 3600, 3600),
        (503, "99999999999", 86_400, 86_400),
        (503, "1", 27, 33),
        (503, "tomorrow", 27, 33),
        (500, "3600", 27, 33),
    ],
)
def test_a_receiver_that_is_too_busy_says_when_to_come_back_within_reason(listen, status, wish, least, most):
    with receiver(lambda handler, ended: respond(handler, status, Retry_After=wish)) as there:
        delivering.send([listen(there)], "test", {}, at=timezone.now())
        work()
    delivery = Delivery.objects.get()
    waits = (delivery.next_at - delivery.attempts.get().at).total_seconds()
    assert least <= round(waits) <= most


def test_a_receiver_that_is_gone_is_paused(listen):
    with receiver(410) as there:
        webhook = listen(there)
        delivering.send([webhook], "test", {}, at=timezone.now())
        work()
    webhook.refresh_from_db()
    assert (webhook.is_active, Delivery.objects.get().status) == (False, "given up")
    assert AuditEntry.objects.filter(action="webhook.gone").count() == 1


def test_one_receiver_that_stalls_does_not_hold_the_others(listen, admin):
    with receiver(receivers.never) as slow, receiver(200) as quick:
        listen(slow)
        listen(quick)
        TermFactory(label="log")
        work()
    assert len(quick.received) == 1
    assert set(Delivery.objects.values_list("status", flat=True)) == {"waiting", "delivered"}


def test_what_was_delivered_is_sent_again_as_it_was(listen, admin):
    term = TermFactory(label="log")
    with receiver(200) as there:
        listen(there)
        publish(term, gap="A wider gap.")
        work()
        publish(term, gap="An even wider gap.")
        webhooks.send_again(delivery=Delivery.objects.last(), by=admin)
        work(later=True)
    first = there.received[0]
    repeated = [each for each in there.received if each.headers["webhook-id"] == first.headers["webhook-id"]]
    assert len(repeated) == 2
    assert repeated[0].body == repeated[1].body
    assert AuditEntry.objects.filter(action="webhook.sent_again").count() == 1


def test_a_task_that_is_run_twice_sends_once(listen):
    with receiver(200) as there:
        (delivery,) = delivering.send([listen(there)], "test", {}, at=timezone.now())
        delivering.deliver.enqueue(delivery.pk)
        work()
    assert len(there.received) == 1


def test_another_secret_signs_from_then_on_and_no_secret_is_in_the_audit_trail(listen, admin):
    with receiver(200) as there:
        webhook = listen(there)
        old = webhook.secret
        webhooks.change_secret(webhook=webhook, by=admin)
        webhooks.send_test(webhook=webhook, by=admin)
        work()
    (sent,) = there.received
    standardwebhooks.Webhook(webhook.secret).verify(sent.body, sent.headers)
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        standardwebhooks.Webhook(old).verify(sent.body, sent.headers)
    trail = json.dumps(list(AuditEntry.objects.values_list("data", flat=True)))
    assert "whsec_" not in trail


def test_a_paused_webhook_is_told_nothing_until_it_goes_on(listen, admin):
    term = TermFactory(label="log")
    with receiver(200) as there:
        webhook = listen(there)
        webhooks.set_active(webhook=webhook, active=False, by=admin)
        publish(term, gap="A wider gap.")
        webhooks.set_active(webhook=webhook, active=True, by=admin)
        publish(term, gap="An even wider gap.")
        work()
    assert [json.loads(each.body)["data"]["term"]["version"] for each in there.received] == [3]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://10.0.0.1/hook", "not of the public internet"),
        ("http://localhost:1/", "localhost leads to ::1|https"),
        ("ftp://x.org/", "must be an address that begins with"),
        ("https://user:secret@x.org/", "a name or a password"),
        ("https://no-such-name.invalid/", "cannot be looked up"),
    ],
)
def test_an_address_that_nothing_may_be_sent_to_is_refused_when_it_is_added(admin, settings, address, said):
    settings.OUTGOING_PRIVATE = []
    with pytest.raises(Invalid) as refused:
        webhooks.add(address=address, label="bot", by=admin)
    (problem,) = refused.value.problems
    assert problem.path == "address"
    assert any(part in problem.message for part in [*said.split("|"), "not of the public internet"])
    assert not Webhook.objects.exists()


def test_messages_that_ended_are_forgotten_after_a_month_and_those_that_wait_are_not(listen):
    old = timezone.now() - timedelta(days=31)
    with receiver(200) as there:
        webhook = listen(there)
        done, waits = delivering.send([webhook, webhook], "test", {}, at=old)
    delivering.settle(done, Delivery.Status.DELIVERED)
    assert tending.forget_old_deliveries.call() == 1
    assert list(Delivery.objects.all()) == [waits]
