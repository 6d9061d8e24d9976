"""The search page, which also answers the type-ahead of every search box."""

from functools import lru_cache

from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from .. import search
from ..pages import reading_page, wants_partial

TYPE_AHEAD_HITS = 8
PAGE_HITS = 25
# At most some thirty megabytes, where people look for everything in ten thousand terms.
HITS_KEPT = 50_000


@reading_page(has_partial=True, kept=False)
def search_page(request):
    """?q=: terms of both voices, best first, each with the reason why it matched."""
    query = request.GET.get("q", "")
    if wants_partial(request):
        found = search.find(query, limit=TYPE_AHEAD_HITS)
        nearest = [search.Hit(term, "nearest", "", "") for term in found.nearest]
        options = [rendered("glossary/_search_option.html", hit) for hit in found.hits or nearest]
        return render(request, "glossary/_search_panel.html", {"found": found, "options": options})
    found = search.find(query, limit=PAGE_HITS)
    hits = [rendered("glossary/_search_hit.html", hit) for hit in found.hits]
    return render(request, "glossary/search.html", {"found": found, "query": found.query, "hits": hits})


@lru_cache(maxsize=HITS_KEPT)
def rendered(template: str, hit: search.Hit) -> SafeString:
    """A hit as it is shown: it depends on nothing but the hit, and many queries find the same ones."""
    return render_to_string(template, hit._asdict())
