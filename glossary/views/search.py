"""The search page, which also answers the type-ahead of every search box."""

from django.shortcuts import render

from .. import search
from ..pages import reading_page, wants_partial

TYPE_AHEAD_HITS = 8
PAGE_HITS = 25


@reading_page(has_partial=True, kept=False)
def search_page(request):
    """?q=: terms of both voices, best first, each with the reason why it matched."""
    partial = wants_partial(request)
    found = search.find(request.GET.get("q", ""), limit=TYPE_AHEAD_HITS if partial else PAGE_HITS)
    template = "glossary/_search_panel.html" if partial else "glossary/search.html"
    return render(request, template, {"found": found, "query": found.query})
