"""The page that reads a document with its words explained."""

from itertools import islice
from typing import NamedTuple

from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from .. import documents
from ..absolute import absolute
from ..api.limits import SECONDS, Limit
from ..domain.linking import with_links
from ..domain.prose import FORMATS, SUFFIXES
from ..domain.readable import MEGABYTES, TooLarge, Unreadable
from ..domain.vocabulary import VOICES
from ..forms.document import NAMES, DocumentForm, read, suffix_of
from ..models.told_links import ToldLink
from .doors import door

limit = Limit("checks")
MOST_HITS = 5_000
# Of a longer document the beginning is shown; all of it is checked.
MOST_SHOWN = 200_000


class Piece(NamedTuple):
    """A stretch of the document; with a hit, the use of a term, and what the other side calls it."""

    text: str
    hit: documents.Hit | None = None
    counterpart: str = ""


# It changes nothing, whoever sends it from wherever.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@door("read")
def check(request):
    """A form for a document; posted, the document with its terms marked, and with links to take away."""
    context = {"formats": NAMES, "format": "markdown", "voices": VOICES, "voice": "", "most": MEGABYTES}
    if request.method != "POST":
        return render(request, "glossary/check.html", context)
    text, file, chosen = request.POST.get("text", ""), request.FILES.get("file"), request.POST.get("format", "")
    if file:
        chosen = SUFFIXES.get(suffix_of(file.name), chosen)
    context |= {"voice": request.POST.get("voice", ""), "format": chosen if chosen in FORMATS else "markdown"}
    if not limit.allow_request(request):
        return too_many(request, context | {"text": text})
    try:
        context["text"] = read(text, file)
        if not context["text"].strip():
            raise Unreadable("Paste a document, or choose a file.")
    except Unreadable as unreadable:
        context |= {"text": text, "problem": str(unreadable)}
        status = 413 if isinstance(unreadable, TooLarge) else 422
        return render(request, "glossary/check.html", context, status=status)
    return render(request, "glossary/check.html", context | checked(context))


def too_many(request, context: dict):
    usage = request.usage
    told = f"These are too many documents: {usage.most} in {SECONDS} seconds are checked."
    context |= {"problem": f"{told} Send it again in {usage.seconds} seconds."}
    response = render(request, "glossary/check.html", context, status=429)
    response["Retry-After"] = str(usage.seconds)
    return response


def checked(context: dict) -> dict:
    text, format, voice = context["text"], context["format"], context["voice"]
    hits = list(islice(documents.check(text, format), MOST_HITS + 1))
    used = {hit.term.uid: hit.term for hit in hits}
    amiss = [hit for hit in hits if hit.level != "info"]
    linked = ""
    if format == "markdown" and len(text) <= MOST_SHOWN:
        linked = with_links(text, (hit for hit in hits if hit.level == "info"), pinned)
    return {
        "is_checked": True,
        "pieces": list(pieces(text[:MOST_SHOWN], hits[:MOST_HITS], documents.counterparts(used, voice))),
        "is_cut": len(text) > MOST_SHOWN or len(hits) > MOST_HITS,
        "amiss": amiss[:MOST_HITS],
        "count": len(hits),
        "used": len(used),
        "linked": linked,
        "registering": DocumentForm(part_of="check"),
    }


def pinned(hit: documents.Hit) -> str:
    return absolute("permanent_pinned", hit.term.uid, hit.term.revision)


def pieces(text: str, hits: list[documents.Hit], called: dict[str, ToldLink]):
    position = 0
    for hit in hits:
        if hit.end > len(text):
            break
        yield Piece(text[position : hit.start])
        counterpart = called.get(hit.term.uid)
        yield Piece(hit.matched, hit, counterpart.label if counterpart else "")
        position = hit.end
    yield Piece(text[position:])
