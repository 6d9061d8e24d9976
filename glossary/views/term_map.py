"""The map: all terms and how they hang together, drawn, and told as a list."""

from django.shortcuts import render

from .. import reading
from ..domain.map_layout import MapLink, MapTerm, lay_out
from ..models import Term
from ..models.told_links import told_links
from ..pages import reading_page


@reading_page()
def page(request):
    categories = {category.slug: category for category in reading.categories()}
    terms = list(Term.objects.published().alphabetical().select_related("category"))
    links = told_links(*terms)
    drawn = {
        # Each link is told on both pages and drawn once.
        MapLink(*sorted((term.slug, link.slug)), link.kind if link.kind == "false_friend" else "")
        for term in terms
        for link in links[term.pk]
        if not link.is_retired
    }
    layout = lay_out(
        [MapTerm(term.slug, term.label, term.voice, term.category.slug) for term in terms], drawn, list(categories)
    )
    context = {
        "layout": layout,
        "clusters": [(cluster, categories[cluster.category]) for cluster in layout.clusters],
        "listed": [
            (category, [(term, links[term.pk]) for term in terms if term.category_id == category.pk])
            for category in categories.values()
        ],
    }
    return render(request, "glossary/term_map.html", context)
