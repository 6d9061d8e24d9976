"""Asking for a term that is missing, and what curators do about it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from .. import permissions
from ..domain.problems import Invalid
from ..domain.vocabulary import VOICES
from ..models import TermRequest
from ..services.confirming import confirm_voices
from ..services.requesting import close_request, request_term
from .doors import door


@never_cache
@door("request")
def term_request(request) -> HttpResponse:
    """The form, ?label= filled in, above what others have asked for."""
    given = request.POST if request.method == "POST" else request.GET
    typed = {name: given.get(name, "") for name in ("label", "voice", "note")}
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            wish = request_term(
                label=typed["label"].strip(),
                voice=typed["voice"],
                note=typed["note"].replace("\r\n", "\n").strip(),
                by=request.user,
            )
        except Invalid as invalid:
            problems = dict(invalid.problems)
        else:
            messages.success(
                request, f"“{wish.label}” is asked for. Curators see it; a term that has this word answers it."
            )
            return redirect("term_request")
    context = {
        "typed": typed,
        "problems": problems,
        "voices": VOICES,
        "wishes": TermRequest.objects.open().select_related("requested_by"),
    }
    return render(request, "glossary/term_request.html", context, status=422 if problems else 200)


@require_POST
@door("tend")
def request_close(request, pk) -> HttpResponse:
    """do=done or do=declined."""
    wish = get_object_or_404(TermRequest, pk=pk)
    try:
        close_request(wish, status=request.POST.get("do", ""), by=request.user)
    except Invalid as invalid:
        raise Http404(str(invalid)) from None
    messages.success(request, f"The request for “{wish.label}” is closed.")
    return redirect("term_request")


@require_POST
def voices_confirm(request, slug) -> HttpResponse:
    """Somebody who may says that both voices of a term say the same again."""
    term = permissions.access_term(request.user, slug, to="confirm_voices")
    confirm_voices(term=term, by=request.user)
    messages.success(request, "Confirmed: both voices say the same.")
    return redirect("term", term.slug)
