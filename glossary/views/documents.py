"""Documents that use the dictionary: the list, one with what changed under it, and registering one."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from .. import permissions
from ..domain.problems import Invalid
from ..forms.document import DocumentForm
from ..models import Document, Term
from ..services import registering
from ..services.registering import Description
from . import listing
from .doors import add_problems, door

FILTERS = ("q", "repository", "team", "term", "superseded")
PAGE = 50
# Of repositories and teams so many are offered; the words of the search find the others.
MOST_OFFERED = 500


@never_cache
@require_safe
@door("see_documents")
def documents(request):
    """The list, the newest first: ?q=<words> &repository= &team= &term=<slug or uid> &superseded=1."""
    chosen = listing.chosen_filters(request, FILTERS)
    found = Document.objects.narrowed(**chosen).with_counts()
    term = Term.objects.named(chosen["term"]).first() if "term" in chosen else None
    context = {
        "chosen": chosen,
        "term": term,
        "page": listing.page_of(found, request, chosen, column="pk", size=PAGE, newest_first=True),
        "repositories": Document.objects.names_of("repository")[:MOST_OFFERED],
        "teams": Document.objects.names_of("team")[:MOST_OFFERED],
    }
    return render(request, "glossary/documents.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@door("see_documents")
def document(request, pk):
    """One document; POST `deed`: own, disown, still_right or remove."""
    deed = request.POST.get("deed", "")
    to = "remove_document" if deed == "remove" else "see_documents"
    shown = permissions.access_document(request.user, pk, to=to)
    if request.method == "POST" and (said := do(deed, shown, request.user)):
        messages.success(request, said)
        return redirect("documents") if deed == "remove" else redirect("document", pk)
    uses = list(shown.uses.with_changes().select_related("term__current", "term__replaced_by"))
    context = {
        "document": shown,
        "uses": uses,
        "superseded": sum(use.superseded_by is not None for use in uses),
        "is_confirmable": any(use.superseded_by and not use.pins for use in uses),
        "owners": shown.owners.order_by("username"),
        "is_owner": shown.owners.filter(pk=request.user.pk).exists(),
        "may_remove": permissions.may(request.user, "remove_document", shown),
    }
    return render(request, "glossary/document.html", context, status=422 if request.method == "POST" else 200)


def do(deed: str, shown: Document, by) -> str | None:
    """What was done, in words; nothing for a deed that is none."""
    match deed:
        case "own":
            registering.set_ownership(document=shown, owns=True, by=by)
            return "You are an owner: you are told when the meaning of one of its terms changes."
        case "disown":
            registering.set_ownership(document=shown, owns=False, by=by)
            return "You are no owner of this document any more."
        case "still_right":
            registering.confirm_still_right(document=shown, by=by)
            return "It rests on what its terms mean today."
        case "remove":
            registering.remove(document=shown, by=by)
            return f"“{shown.title}” is forgotten here; the document itself is where it was."
    return None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@door("register_documents")
def document_new(request):
    """A form for a document; what is registered again is seen again."""
    form = DocumentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        text = said.pop("text")
        try:
            made, is_new = registering.register(description=Description(**said), text=text, by=request.user)
        except Invalid as invalid:
            add_problems(form, invalid)
        else:
            messages.success(request, f"“{made.title}” {'is registered' if is_new else 'was seen again'}.")
            return redirect("document", made.pk)
    status = 413 if form.is_too_large else 422 if form.errors else 200
    return render(request, "glossary/document_new.html", {"form": form}, status=status)
