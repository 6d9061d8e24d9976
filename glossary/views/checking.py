"""The page that reads a document with its words explained."""

from itertools import islice
from typing import NamedTuple

from django.conf import settings
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from .. import documents
from ..domain.linking import with_links
from ..domain.prose import FORMATS, SUFFIXES
from ..domain.vocabulary import VOICES
from ..models import Term
from ..models.told_links import told_links
from .doors import door

MOST_HITS = 5_000
# Of a longer document the beginning is shown; all of it is checked.
MOST_SHOWN = 200_000
# The kinds of mappings that say what the other side calls the same.
SAME = ("exact", "close")
NAMES = {"markdown": "Markdown", "rst": "reStructuredText", "asciidoc": "AsciiDoc", "text": "plain text"}


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
    context = {"formats": NAMES, "format": "markdown", "voices": VOICES, "voice": "", "text": ""}
    if request.method != "POST":
        return render(request, "glossary/check.html", context)
    posted = request.POST
    context |= {"voice": posted.get("voice", ""), "text": posted.get("text", "").replace("\r\n", "\n")}
    chosen = posted.get("format", "")
    file = request.FILES.get("file")
    if file:
        chosen = SUFFIXES.get(f".{file.name.rpartition('.')[2].lower()}", chosen)
        try:
            context["text"] = file.read().decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError:
            context["problem"] = f"{file.name} is not UTF-8: save it as UTF-8, or paste its text."
    context["format"] = chosen if chosen in FORMATS else "markdown"
    if "problem" not in context:
        context["problem"] = amiss(context["text"])
    if context["problem"]:
        return render(request, "glossary/check.html", context, status=422)
    return render(request, "glossary/check.html", context | checked(context))


def amiss(text: str) -> str:
    if not text.strip():
        return "Paste a document, or choose a file."
    if "\0" in text:
        return "This is no text: it has zero bytes in it."
    return ""


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
        "pieces": list(pieces(text[:MOST_SHOWN], hits[:MOST_HITS], counterparts(used, voice))),
        "is_cut": len(text) > MOST_SHOWN or len(hits) > MOST_HITS,
        "amiss": amiss[:MOST_HITS],
        "count": len(hits),
        "used": len(used),
        "linked": linked,
    }


def pinned(hit: documents.Hit) -> str:
    return settings.PUBLIC_URL + reverse("permanent_pinned", args=[hit.term.uid, hit.term.revision])


def counterparts(used: dict[str, documents.Named], voice: str) -> dict[str, str]:
    """What a voice calls the terms of the other one, by uid, where it calls the same something else."""
    if voice not in VOICES:
        return {}
    terms = list(Term.objects.filter(uid__in=[uid for uid, term in used.items() if term.voice != voice]))
    links = told_links(*terms, sorts=("mapping",))
    found = {}
    for term in terms:
        alike = [link for link in links[term.pk] if link.kind in SAME and not link.is_retired]
        same = sorted(alike, key=lambda link: SAME.index(link.kind))
        if same:
            found[term.uid] = same[0].label
    return found


def pieces(text: str, hits: list[documents.Hit], called: dict[str, str]):
    position = 0
    for hit in hits:
        if hit.end > len(text):
            break
        yield Piece(text[position : hit.start])
        yield Piece(hit.matched, hit, called.get(hit.term.uid, ""))
        position = hit.end
    yield Piece(text[position:])
