"""Talking about a term."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from .. import reading
from . import commenting
from .doors import door, term_page


@require_http_methods(["GET", "HEAD", "POST"])
@term_page(to="read")
@never_cache
def term_discuss(request, term):
    """Everything that was said, open threads first; what is posted is said, settled or opened again."""
    typed, address = None, reverse("term_discuss", args=[term.slug])
    if request.method == "POST":
        answer = commenting.discuss(request, term, back=address)
        if isinstance(answer, HttpResponse):
            return answer
        typed = answer
    threads = commenting.threads_of(term.comments)
    context = {
        "term": term,
        "open": [thread for thread in threads if not thread.resolved_at],
        "resolved": [thread for thread in threads if thread.resolved_at],
        "discuss_url": address,
        "typed": typed,
    }
    return render(request, "glossary/term_discuss.html", context, status=422 if typed else 200)


@require_safe
@never_cache
@door(to="discuss")
def mentions(request):
    """People to mention, for what was typed after an @: [{username, name}], the likeliest first."""
    people = reading.people_like(request.GET.get("q", "").replace("\0", ""), limit=8)
    return JsonResponse([{"username": person.username, "name": person.name} for person in people], safe=False)
