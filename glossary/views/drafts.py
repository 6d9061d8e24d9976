"""A person's drafts, of whatever they write: what they began and did not propose."""

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ..models import Draft, Term
from .doors import door


@never_cache
@require_safe
@door("propose")
def drafts(request):
    """Each with the way back to its form."""
    found = list(Draft.objects.filter(author=request.user))
    slugs = dict(Term.objects.filter(uid__in=[draft.target for draft in found]).values_list("uid", "slug"))
    shown = [{"draft": draft, "name": name_of(draft), "address": address_of(draft, slugs)} for draft in found]
    return render(request, "people/drafts.html", {"drafts": shown})


def name_of(draft: Draft) -> str:
    fields = dict(draft.fields)
    return fields.get("label") or fields.get("title") or draft.target


def address_of(draft: Draft, slugs: dict[str, str]) -> str:
    """`slugs`: those of published terms by uid."""
    if draft.subject != "term":
        form = f"{draft.subject}_edit" if draft.target else f"{draft.subject}_new"
        return reverse(form, args=[draft.target] if draft.target else [])
    if draft.target in slugs:
        return reverse("term_edit", args=[slugs[draft.target]])
    return f"{reverse('term_new')}?draft={draft.target}"
