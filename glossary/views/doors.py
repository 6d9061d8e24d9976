"""Decorators that hand a view what it is about, once permissions.py has let its visitor in."""

from functools import wraps

from django.http import HttpResponse

from .. import permissions
from .terms import moved


def term_page(*, to: str):
    """The view gets the term in place of its slug; an old slug leads on, a POST keeps what it carries (308)."""

    def decorate(view):
        @wraps(view)
        def entered(request, slug, **kwargs) -> HttpResponse:
            term = permissions.access_term(request.user, slug, to=to)
            return view(request, term, **kwargs) if term.slug == slug else moved(request, slug, term)

        return entered

    return decorate


def proposal_page(*, to: str):
    """The view gets the proposal in place of its number."""

    def decorate(view):
        @wraps(view)
        def entered(request, pk, **kwargs) -> HttpResponse:
            return view(request, permissions.access_proposal(request.user, pk, to=to), **kwargs)

        return entered

    return decorate


def door(to: str):
    """The view is for people who may do this deed."""

    def decorate(view):
        @wraps(view)
        def entered(request, **kwargs) -> HttpResponse:
            permissions.require(request.user, to)
            return view(request, **kwargs)

        return entered

    return decorate
