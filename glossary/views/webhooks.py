"""Webhooks, for admins: who listens, what was sent to them, and what they answered."""

from django.contrib import messages
from django.db.models import Count
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from .. import permissions
from ..domain.problems import Invalid
from ..forms.webhook import WebhookForm
from ..models import Webhook
from ..services import webhooks as services
from . import listing
from .doors import add_problems, door

PAGE = 50


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@door("manage_webhooks")
def webhooks(request):
    """The list, and a form for a new one, whose secret is shown in the answer and never again."""
    form = WebhookForm(request.POST or None)
    made = None
    if request.method == "POST" and form.is_valid():
        try:
            made = services.add(**form.cleaned_data, by=request.user)
            form = WebhookForm()
        except Invalid as invalid:
            add_problems(form, invalid)
    shown = Webhook.objects.annotate(messages=Count("deliveries"))
    context = {"form": form, "made": made, "webhooks": shown}
    return render(request, "webhooks/list.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@door("manage_webhooks")
def webhook(request, pk):
    """One webhook with what was sent to it; POST `deed`: test, pause, resume, secret or remove."""
    shown = permissions.access_webhook(request.user, pk, to="manage_webhooks")
    deed = request.POST.get("deed", "")
    if deed == "secret":
        services.change_secret(webhook=shown, by=request.user)
    elif request.method == "POST" and (said := do(deed, shown, request.user)):
        messages.success(request, said)
        return redirect("webhooks") if deed == "remove" else redirect("webhook", pk)
    found = shown.deliveries.prefetch_related("attempts")
    page = listing.page_of(found, request, {}, column="pk", size=PAGE, newest_first=True)
    context = {"webhook": shown, "page": page, "secret": shown.secret if deed == "secret" else ""}
    status = 422 if request.method == "POST" and deed != "secret" else 200
    return render(request, "webhooks/webhook.html", context, status=status)


def do(deed: str, shown: Webhook, by) -> str | None:
    """What was done, in words; nothing for a deed that is none."""
    match deed:
        case "test":
            services.send_test(webhook=shown, by=by)
            return "A test is on its way; see below what is answered."
        case "pause":
            services.set_active(webhook=shown, active=False, by=by)
            return "It is paused: what happens from now on is not sent to it."
        case "resume":
            services.set_active(webhook=shown, active=True, by=by)
            return "It is sent what happens from now on."
        case "remove":
            services.remove(webhook=shown, by=by)
            return f"“{shown.label}” is removed, with the log of what was sent to it."
    return None


@require_POST
@door("manage_webhooks")
def delivery_again(request, uid):
    delivery = permissions.access_delivery(request.user, uid, to="manage_webhooks")
    services.send_again(delivery=delivery, by=request.user)
    messages.success(request, "It is sent again, as it was.")
    return redirect("webhook", delivery.webhook_id)
