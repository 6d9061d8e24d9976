"""What other machines read."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from .. import reading
from ..pages import reading_page


@reading_page()
def robots(request):
    if settings.PRIVATE:
        lines = ["User-agent: *", "Disallow: /", ""]
    else:
        lines = ["User-agent: *", "Disallow: /search/", f"Sitemap: {settings.PUBLIC_URL}/sitemap.xml", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@reading_page()
def sitemap(request):
    context = {"terms": reading.published_addresses(), "scenarios": reading.scenario_slugs()}
    return render(request, "glossary/sitemap.xml", context, content_type="application/xml; charset=utf-8")
