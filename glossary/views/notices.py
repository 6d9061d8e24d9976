"""What a person is told, what they watch, and how they get no more mail."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..domain.problems import Invalid
from ..models import MailFrequency
from ..services import mailing, watching
from .doors import door, term_page

PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@door(to="watch")
def notices(request):
    """The list, unread first; what is posted marks one notice (its number) or all as read."""
    told = request.user.notices.told()
    if request.method == "POST":
        chosen = request.POST.get("notice", "")
        watching.mark_read(told if chosen == "all" else told.filter(pk=number(chosen)))
        return redirect("notices")
    page = Paginator(told.unread_first(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "glossary/notices.html", {"page": page})


def number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Http404(text)
    return int(text)


@require_safe
@never_cache
@door(to="watch")
def notice(request, pk):
    """Follow a notice: it is read now."""
    told = get_object_or_404(request.user.notices, pk=pk)
    watching.mark_read(request.user.notices.filter(pk=pk))
    return redirect(told.path)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@door(to="watch")
def watches(request):
    """What a person watches; what is posted changes everything's watch (`extent`) or mail (`mail_frequency`)."""
    status, problems = 200, []
    if request.method == "POST":
        try:
            change_watches(request)
            return redirect("watches")
        except Invalid as invalid:
            status, problems = 422, invalid.problems
    watched = list(watching.watches_of(request.user))
    context = {
        "watches": [watch for watch in watched if watch.term],
        "everything": next((watch for watch in watched if watch.term is None), None),
        "frequencies": MailFrequency.choices,
        "problems": problems,
    }
    return render(request, "glossary/watches.html", context, status=status)


def change_watches(request) -> None:
    if "mail_frequency" in request.POST:
        mailing.set_mail_frequency(person=request.user, frequency=request.POST["mail_frequency"])
    if "extent" in request.POST:
        set_watch(request, None)


def set_watch(request, term) -> None:
    """Watch to the extent that was posted; "none" is not to watch. Raises Invalid."""
    extent = request.POST.get("extent", "")
    if extent == "none":
        watching.unwatch(term=term, by=request.user)
    else:
        watching.watch(term=term, extent=extent, by=request.user)


@require_POST
@term_page(to="watch")
def term_watch(request, term):
    """Watch a term, or no more; leads back to where it was posted from: the term, or the list of watches."""
    try:
        set_watch(request, term)
    except Invalid as invalid:
        return HttpResponse(invalid.problems[0].message, status=422, content_type="text/plain; charset=utf-8")
    back = reverse("watches") if request.POST.get("back") == "watches" else f"{reverse('term', args=[term.slug])}#watch"
    return redirect(back)


@csrf_exempt  # A mail program posts this by itself (RFC 8058); the signed link says for whom.
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def unsubscribe(request, secret):
    """No more mail, for whom the link was made for, signed in or not. GET only offers it."""
    person = mailing.person_of_token(secret)
    if person is None:
        raise Http404("This link was not made here.")
    if request.method == "POST":
        mailing.set_mail_frequency(person=person, frequency=MailFrequency.NEVER)
    return render(request, "glossary/unsubscribe.html", {"is_done": request.method == "POST", "secret": secret})
