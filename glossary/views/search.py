"""The search page, which also answers the type-ahead of every search box."""

from functools import lru_cache

from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from .. import search
from ..pages import reading_page, wants_partial

TYPE_AHEAD_HITS = 8
PAGE_HITS = 25
# About ten megabytes of HTML.
HITS_KEPT = 20_000


@reading_page(has_partial=True, kept=False)
def search_page(request):
    """?q=: terms of both voices, best first, each with the reason why it matched."""
    partial = wants_partial(request)
    found = search.find(request.GET.get("q", ""), limit=TYPE_AHEAD_HITS if partial else PAGE_HITS)
    template, part = ("_search_panel.html", "_search_option.html") if partial else ("search.html", "_search_hit.html")
    hits = [rendered(f"glossary/{part}", hit) for hit in found.hits]
    return render(request, f"glossary/{template}", {"found": found, "query": found.query, "hits": hits})


@lru_cache(maxsize=HITS_KEPT)
def rendered(template: str, hit: search.Hit) -> SafeString:
    """A hit as it is shown: it depends on nothing but the hit, and many queries find the same ones."""
    return render_to_string(template, {"hit": hit})
