"""What becomes of a form that cannot be taken: the session changed meanwhile, or it came from elsewhere."""

from django.http import HttpResponse
from django.middleware import csrf
from django.shortcuts import render
from django.urls import Resolver404, resolve

STALE = "This page was open while your session changed. What you typed is still here: press the button again."
ELSEWHERE = "This was sent from another site, so nothing was done with it."
# Reasons of Django's that name where a form came from, and not its token.
FOREIGN = (csrf.REASON_BAD_ORIGIN, csrf.REASON_BAD_REFERER, csrf.REASON_NO_REFERER, csrf.REASON_MALFORMED_REFERER)
FORMS = (
    "term_edit", "term_new", "proposal_edit", "term_preview", "term_new_preview",
    "scenario_edit", "scenario_new", "log_edit", "log_new",
)  # fmt: skip


def csrf_failure(request, reason="") -> HttpResponse:
    """Django's CSRF_FAILURE_VIEW: the form again, with all that was typed and a token that works; 403 or 401.

    A form that came from another site is not offered for sending again.
    """
    if any(reason.startswith(known.partition("%s")[0]) for known in FOREIGN):
        return render(request, "403.html", {"reason": ELSEWHERE}, status=403)
    try:
        match = resolve(request.path_info)
    except Resolver404:
        match = None
    if match and match.url_name in FORMS:
        return match.func(request, *match.args, **match.kwargs, refusal=STALE)
    return render(request, "403.html", {"reason": STALE, "may_send_again": True}, status=403)
