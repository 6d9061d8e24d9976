"""oEmbed: what a page that links here may show in place of the link. Specification: oembed.com."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.urls import Resolver404, resolve
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from simulator.models import Scenario

from .. import reading
from ..absolute import absolute
from ..models import Term
from .doors import door
from .exporting import open_to_every_origin

WIDTH, HEIGHT = 800, 640
# Pages of a term, and how each names it.
OF_TERM = {"term": "slug", "pinned": "slug", "permanent": "uid", "permanent_pinned": "uid"}
OF_SCENARIO = {"scenario", "embed"}


@open_to_every_origin
@require_safe
@door("read")
def oembed(request) -> JsonResponse:
    """A frame with the figure of a term or scenario; for a term without one, a link. 404 for any other address."""
    address = request.GET.get("url", "")
    if not address:
        return refusal(400, "Say which page, as ?url=.")
    if request.GET.get("format", "json") != "json":
        return refusal(501, "Only the format json is given.")
    title, scenario = found_at(address)
    if not title:
        return refusal(404, f"There is no page to embed at {address:.200}.")
    answer = {
        "version": "1.0",
        "title": title,
        "provider_name": settings.GLOSSARY_TITLE,
        "provider_url": absolute("home"),
    }
    if scenario is None:
        return JsonResponse({"type": "link", **answer})
    width, height = within(request, "maxwidth", WIDTH), within(request, "maxheight", HEIGHT)
    frame = format_html(
        '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy"></iframe>',
        absolute("embed", scenario.slug),
        title,
        width,
        height,
    )
    return JsonResponse({"type": "rich", **answer, "html": frame, "width": width, "height": height})


def found_at(address: str) -> tuple[str, Scenario | None]:
    """The title of one of our pages and the scenario that it shows; ("", None) for any other address."""
    parts, home = urlsplit(address), urlsplit(settings.PUBLIC_URL)
    if (parts.scheme, parts.netloc) != (home.scheme, home.netloc) or "\0" in parts.path:
        return "", None
    try:
        match = resolve(parts.path)
    except Resolver404:
        return "", None
    if match.url_name in OF_SCENARIO:
        scenario = Scenario.objects.filter(slug=match.kwargs["slug"]).first()
        return (scenario.title, scenario) if scenario else ("", None)
    term = term_of(match) if match.url_name in OF_TERM else None
    if term is None:
        return "", None
    shown = reading.scenarios_of(term)
    return term.label, shown[0].scenario if shown and not term.is_retired else None


def term_of(match) -> Term | None:
    """The term of a page; where the page is of a revision, only if there is that one."""
    name = OF_TERM[match.url_name]
    term = reading.find_term(match.kwargs["slug"]) if name == "slug" else None
    if name == "uid":
        term = Term.objects.filter(uid=match.kwargs["uid"]).first()
    if term and "number" in match.kwargs and not term.revisions.filter(number=match.kwargs["number"]).exists():
        return None
    return term


def within(request: HttpRequest, name: str, usual: int) -> int:
    """The usual size, or less where the one who asks has less room."""
    most = request.GET.get(name, "")
    return min(usual, int(most)) if most.isascii() and most.isdecimal() and 0 < len(most) < 6 and int(most) else usual


def refusal(status: int, sentence: str) -> JsonResponse:
    return JsonResponse({"error": sentence}, status=status)
