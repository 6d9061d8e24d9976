"""Webhooks: admins say who listens, and what was sent to whom is kept and can be sent again."""

import secrets

from django.db import transaction
from django.utils import timezone

from .. import outgoing, permissions
from ..domain import addresses
from ..domain.problems import Invalid, Problem
from ..domain.signing import secret_of
from ..models import Delivery, User, Webhook
from . import delivering
from .recording import record

MOST = 50
KEY_BYTES = 32


def add(*, address: str, label: str, by: User, at=None) -> Webhook:
    """Let a program listen, with a secret of its own. Raises Invalid for an address that nothing may be sent to."""
    permissions.require(by, "manage_webhooks")
    address = addresses.tidied(address)
    # Before the transaction: looking a name up takes a while.
    if trouble := trouble_with(address):
        raise Invalid([Problem("address", trouble)])
    return keep(address, label, by=by, at=at or timezone.now())


def trouble_with(address: str) -> str:
    """Why nothing is sent to an address, as a sentence; "" if all is well with it."""
    if trouble := addresses.problem_of(address):
        return trouble
    try:
        outgoing.destination(address)
    except (outgoing.Refused, outgoing.Unanswered) as error:
        return str(error)
    return ""


@transaction.atomic
def keep(address: str, label: str, *, by: User, at) -> Webhook:
    if Webhook.objects.count() >= MOST:
        raise Invalid([Problem("address", f"There are {MOST} webhooks; remove one that nobody listens at any more.")])
    webhook = Webhook.objects.create(address=address, label=label, secret=new_secret(), made_by=by, created_at=at)
    leave_trace("webhook.added", webhook, {"address": address}, by=by, at=at)
    return webhook


@transaction.atomic
def change_secret(*, webhook: Webhook, by: User, at=None) -> None:
    """Sign with another secret from now on; what is sent again is signed with it, too."""
    permissions.require(by, "manage_webhooks")
    webhook.secret = new_secret()
    webhook.save(update_fields=["secret"])
    leave_trace("webhook.secret_changed", webhook, by=by, at=at)


@transaction.atomic
def set_active(*, webhook: Webhook, active: bool, by: User, at=None) -> None:
    """Pause a webhook, or let it go on. What happens meanwhile is not sent to it."""
    permissions.require(by, "manage_webhooks")
    if Webhook.objects.filter(pk=webhook.pk).exclude(is_active=active).update(is_active=active):
        leave_trace("webhook.resumed" if active else "webhook.paused", webhook, by=by, at=at)


@transaction.atomic
def remove(*, webhook: Webhook, by: User, at=None) -> None:
    """Forget a webhook, and all that was sent to it."""
    permissions.require(by, "manage_webhooks")
    leave_trace("webhook.removed", webhook, {"address": webhook.address}, by=by, at=at)
    webhook.delete()


@transaction.atomic
def send_test(*, webhook: Webhook, by: User, at=None) -> None:
    """Send a message that says nothing, to see whether it arrives."""
    permissions.require(by, "manage_webhooks")
    at = at or timezone.now()
    leave_trace("webhook.tested", webhook, by=by, at=at)
    delivering.send([webhook], "test", {}, at=at)


@transaction.atomic
def send_again(*, delivery: Delivery, by: User, at=None) -> None:
    """Send a message once more, as it was and under its id; one that waits is sent at once."""
    permissions.require(by, "manage_webhooks")
    at = at or timezone.now()
    delivering.put_off(delivery, at)
    leave_trace("webhook.sent_again", delivery.webhook, {"message": delivery.message_id}, by=by, at=at)


def new_secret() -> str:
    return secret_of(secrets.token_bytes(KEY_BYTES))


def leave_trace(action: str, webhook: Webhook, data: dict | None = None, *, by, at) -> None:
    """The secret is nobody's to read in the audit trail."""
    record(action=action, target=f"webhook:{webhook.pk}", by=by, at=at or timezone.now(), data=data)
