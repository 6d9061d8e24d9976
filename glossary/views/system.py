"""What keeps the site running: health, errors that help, and a view to measure others against."""

from functools import lru_cache

from django.db import DatabaseError, connection
from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from .. import permissions, search
from ..context_processors import person_of

LARGEST_CONSTANT = 1_000_000


@never_cache
@require_safe
def healthz(request):
    """200 when the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("The database does not answer.\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def favicon(request):
    """For clients that ask for the icon at its old place."""
    return HttpResponsePermanentRedirect(static("img/favicon.ico"))


def bad_request(request, exception):
    return render(request, "400.html", status=400)


def not_found(request, exception):
    """Says what is near: whoever mistypes an address or follows a dead link meant some term."""
    words = " ".join(request.path.replace("-", " ").split("/"))
    try:
        may_read = permissions.may(person_of(request), "read")
        nearest = search.nearest(words.removeprefix(" terms "), limit=5) if may_read else []
    except DatabaseError:
        nearest = []
    return render(request, "404.html", {"nearest": nearest}, status=404)


def server_error(request):
    return render(request, "500.html", status=500)


@lru_cache(maxsize=8)
def constant_text(size: int) -> bytes:
    return b"x" * size


@require_safe
def constant(request, size):
    """The least that a view behind this middleware can do: the reference of `make bench`."""
    return HttpResponse(constant_text(min(size, LARGEST_CONSTANT)), content_type="text/html; charset=utf-8")
