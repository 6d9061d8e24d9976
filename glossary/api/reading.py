"""What operations have in common that only read: open to every origin, kept until a publication, answered 304."""

from functools import wraps

from django.middleware.http import ConditionalGetMiddleware
from ninja.decorators import decorate_view

from ..pages import personal, reading_page
from ..views.exporting import open_to_every_origin

conditional = ConditionalGetMiddleware(lambda request: None)


def reads(*params: str, of_term: bool = False, kept: bool = True):
    """An operation that reads. `params` are those of its query; the others are as for pages.reading_page."""
    return decorate_view(reading_page(params=params, of_term=of_term, kept=kept), with_etag, open_to_every_origin)


def reads_personally():
    """An operation that reads what is for the bearer of a token alone."""
    return decorate_view(for_bearer, with_etag)


def for_bearer(view):
    @wraps(view)
    def private(request, *args, **kwargs):
        return personal(view(request, *args, **kwargs))

    return private


def with_etag(view):
    """What the bearer of a token is answered, which is never kept, is spared like the rest."""

    @wraps(view)
    def tagged(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        if response.status_code != 200 or "ETag" in response:
            return response
        return conditional.process_response(request, response)

    return tagged
