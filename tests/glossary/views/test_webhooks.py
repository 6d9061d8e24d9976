"""The pages on which admins look after webhooks."""

from ipaddress import ip_network

import pytest

from glossary.models import Delivery, Webhook
from tests.factories import UserFactory
from tests.receivers import receiver
from tests.working import work

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def near(settings):
    settings.OUTGOING_PRIVATE = [ip_network("127.0.0.0/8")]


@pytest.fixture
def admin(client):
    person = UserFactory(admin=True)
    client.force_login(person)
    return person


@pytest.fixture
def there():
    with receiver(200) as listening:
        yield listening


def test_a_webhook_is_added_its_secret_shown_once_and_a_test_arrives(client, admin, there):
    made = client.post("/webhooks/", {"label": "bot", "address": there.url})
    webhook = Webhook.objects.get()
    assert webhook.secret in made.content.decode()
    page = f"/webhooks/{webhook.pk}/"
    assert webhook.secret not in client.get("/webhooks/").content.decode() + client.get(page).content.decode()
    assert client.post(page, {"deed": "test"}).headers["Location"] == page
    work()
    shown = client.get(page).content.decode()
    assert "200 after" in shown
    assert Delivery.objects.get().message_id in shown
    assert len(there.received) == 1


def test_a_message_is_sent_again_from_its_row(client, admin, there):
    client.post("/webhooks/", {"label": "bot", "address": there.url})
    page = f"/webhooks/{Webhook.objects.get().pk}/"
    client.post(page, {"deed": "test"})
    work()
    delivery = Delivery.objects.get()
    assert client.post(f"/webhooks/messages/{delivery.uid}/again/").headers["Location"] == page
    work(later=True)
    assert [each.headers["webhook-id"] for each in there.received] == [delivery.message_id] * 2


def test_what_is_typed_wrongly_is_kept_and_explained(client, admin):
    response = client.post("/webhooks/", {"label": "bot", "address": "https://10.0.0.1/hook"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "10.0.0.1 leads to 10.0.0.1, which is not of the public internet." in page
    assert 'value="https://10.0.0.1/hook"' in page
    assert not Webhook.objects.exists()


def test_it_is_paused_goes_on_gets_another_secret_and_is_removed(client, admin, there):
    client.post("/webhooks/", {"label": "bot", "address": there.url})
    webhook = Webhook.objects.get()
    page = f"/webhooks/{webhook.pk}/"
    client.post(page, {"deed": "pause"})
    assert "It is paused" in client.get(page).content.decode()
    client.post(page, {"deed": "resume"})
    assert Webhook.objects.get().is_active
    changed = client.post(page, {"deed": "secret"})
    now = Webhook.objects.get().secret
    assert (changed.status_code, now in changed.content.decode(), now != webhook.secret) == (200, True, True)
    assert client.post(page, {"deed": "nonsense"}).status_code == 422
    assert client.post(page, {"deed": "remove"}).headers["Location"] == "/webhooks/"
    assert not Webhook.objects.exists()


def test_an_answer_is_shown_as_text(client, admin):
    def says(handler, ended):
        handler.wfile.write(b"HTTP/1.1 500 No\r\n\r\n<script>alert(1)</script>")

    with receiver(says) as there:
        client.post("/webhooks/", {"label": "<b>bot</b>", "address": there.url})
        page = f"/webhooks/{Webhook.objects.get().pk}/"
        client.post(page, {"deed": "test"})
        work()
    shown = client.get(page).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "<b>bot" not in shown
