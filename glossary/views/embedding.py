"""Scripts for other sites, under addresses that stay, and the words that they look for."""

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse, JsonResponse

from .. import documents
from ..pages import reading_page
from ..staticfiles import bare
from .exporting import open_to_every_origin


def script(name: str):
    """A view that answers with a module of static/embed/, without its comments as everything that browsers load."""

    @open_to_every_origin
    @reading_page()
    def view(request) -> HttpResponse:
        with open(finders.find(f"embed/{name}"), encoding="utf-8") as file:
            return HttpResponse(bare(file.read(), "js"), content_type="text/javascript; charset=utf-8")

    return view


hovercards = script("hovercards.js")
simulator = script("simulator.js")


@open_to_every_origin
@reading_page()
def words(request) -> JsonResponse:
    """{title, terms: [{uid, slug, label, lines}], words: [[key, place of its term, whether only capitals match]]}"""
    answer = {"title": settings.GLOSSARY_TITLE} | documents.word_list()
    return JsonResponse(answer, json_dumps_params={"ensure_ascii": False, "separators": (",", ":")})
