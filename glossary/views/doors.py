"""Decorators that hand a view what it is about, once permissions.py has let its visitor in."""

from functools import wraps

from django.http import HttpResponse

from .. import permissions
from ..domain.problems import Invalid
from .terms import moved


def term_page(*, to: str, of_merged: bool = False):
    """The view gets the term in place of its slug; an old slug leads on, a POST keeps what it carries (308).

    A term that was merged leads on to the one that took its place, unless the page is `of_merged` ones too.
    """

    def decorate(view):
        @wraps(view)
        def entered(request, slug, **kwargs) -> HttpResponse:
            term = permissions.access_term(request.user, slug, to=to)
            if term.is_merged and not of_merged:
                return moved(request, slug, term.replaced_by)
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


def add_problems(form, invalid: Invalid) -> None:
    """Show what a service found wrong beside the fields of a form that it is about, or above them all."""
    for problem in invalid.problems:
        form.add_error(problem.path if problem.path in form.fields else None, problem.message)
