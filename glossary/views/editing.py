"""Editing a term: one form for all that it says, from the first key to the proposal, with nothing typed ever lost."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from .. import permissions
from ..domain import workflow
from ..domain.merge import merge
from ..domain.problems import Invalid, Problem
from ..domain.settling import place_of, put, value_at
from ..domain.vocabulary import CHANGES, VOICES, other_voice
from ..forms.fields import Fields, arranged, as_sent
from ..forms.names import Names, names_of
from ..forms.telling import Undecided, undecided, words_of
from ..forms.term import NEW_ROWS, compact, fields_of, linked_uids, named_terms, snapshot_of
from ..forms.term_page import TermForm, id_of
from ..models import Category, Draft, Proposal, Term
from ..pages import wants_partial
from ..reading import scenario_titles, terms_to_name
from ..services import drafting
from ..services.proposing import Change, Conflicting
from ..services.publishing import new_uid
from ..services.subjects import SUBJECTS
from . import new_terms, submitting
from .listing import number_of
from .previewing import preview_of
from .terms import moved, retired_context

TEXTS = ("label", "slug", "voice", "category", "say", "avoid", "gap")
# What a form sends beside the term: what it is based on, and what its author says of the change.
BESIDE = ("uid", "base_revision", "conflicts_since", "change", "note", "confirms_other_voice")
METHODS = ("GET", "HEAD", "POST")


@dataclass
class Edit:
    """One form on its way: whose, about what, what it says, and what came of it.

    term: the published term, None for a new one. proposal: the unfinished proposal that is revised, if it is one.
    notice: why nothing was done with what was sent.
    """

    request: object
    uid: str
    values: Fields = field(default_factory=dict)
    term: Term | None = None
    proposal: Proposal | None = None
    draft: Draft | None = None
    problems: list[Problem] = field(default_factory=list)
    focus: str = ""
    status: int = 200
    notice: str = ""

    @property
    def person(self):
        return self.request.user

    @property
    def published(self) -> dict | None:
        return self.term.current.snapshot if self.term else None

    @property
    def base_revision(self) -> int:
        return number_of(self.values.get("base_revision", "")) or 0

    @cached_property
    def sides(self) -> tuple[dict | None, dict | None]:
        """The text that both started from, and the other person's, while there is something to decide."""
        since = number_of(self.values.get("conflicts_since", ""))
        at = SUBJECTS["term"].at
        return (at(self.uid, since), at(self.uid, self.base_revision)) if since else (None, None)

    @cached_property
    def names(self) -> Names:
        known = linked_uids(self.published, self.proposal and self.proposal.snapshot, *self.sides)
        return names_of(known, named_terms(self.values))

    @cached_property
    def snapshot(self) -> dict:
        return snapshot_of(self.values, self.names, uid=self.uid)

    @cached_property
    def before(self) -> dict | None:
        """What is published, as this form would say it, so that only what a person changed differs."""
        if not self.published:
            return None
        return snapshot_of(fields_of(self.published, self.names), self.names, uid=self.uid)

    @cached_property
    def conflicts(self) -> list[Undecided]:
        """What is still to decide; taking their text or writing it oneself settles a place."""
        base, theirs = self.sides
        if not base or not theirs:
            return []
        found = merge(base=base, mine=self.snapshot, theirs=theirs).conflicts
        return undecided(found, base, self.snapshot, theirs, label=self.names.label)

    @property
    def address(self) -> str:
        if self.proposal:
            return reverse("proposal_edit", args=[self.proposal.pk])
        return reverse("term_edit", args=[self.term.slug]) if self.term else reverse("term_new")

    @property
    def preview_address(self) -> str:
        return reverse("term_preview", args=[self.term.slug]) if self.term else reverse("term_new_preview")

    @property
    def beside(self) -> Fields:
        return {name: self.values[name] for name in BESIDE if name in self.values}

    def as_change(self) -> Change:
        """A new term is a change of meaning, whatever its author calls it."""
        said = self.values.get("change")
        return Change(
            "term",
            self.snapshot,
            self.base_revision,
            change=said if said in CHANGES and self.term else "meaning",
            note=self.values.get("note", "").strip(),
            confirms_other_voice=bool(self.values.get("confirms_other_voice")),
        )

    def saying(self, values: Fields) -> "Edit":
        """The same form with other texts in it."""
        return Edit(self.request, self.uid, values, self.term, self.proposal)


# --- the addresses of the form. `refusal` is why what was posted cannot be done; the form comes back all the same.


@never_cache
@require_http_methods(METHODS)
def term_edit(request, slug, refusal: str = "") -> HttpResponse:
    """The form of a published term."""
    is_posted = request.method == "POST"
    # Whoever was signed out while typing gets the form back, not the door.
    term = permissions.access_term(request.user, slug, to="read" if is_posted else "propose")
    if is_posted:
        return act(Edit(request, term.uid, sent(request) | {"voice": term.voice}, term), refusal)
    if term.slug != slug:
        return moved(request, slug, term)
    if term.is_retired:
        return render(request, "glossary/term_retired.html", retired_context(term), status=410)
    return opened(Edit(request, term.uid, term=term), lambda: (term.current.snapshot, term.current.number))


@never_cache
@require_http_methods(METHODS)
def term_new(request, refusal: str = "") -> HttpResponse:
    """The form of a term that does not exist yet; `?draft=` continues one, `?label=&voice=` begins one."""
    if request.method == "POST":
        values = sent(request) | {"base_revision": "0"}
        return act(Edit(request, new_terms.free_uid(values.get("uid", "")), values), refusal)
    permissions.require(request.user, "propose")
    draft = new_terms.draft_named(request.user, request.GET.get("draft", ""))
    if draft:
        return show(Edit(request, draft.target, dict(draft.fields), draft=draft))
    return show(Edit(request, new_uid(), new_terms.first_fields(request.GET)))


@never_cache
@require_http_methods(METHODS)
def proposal_edit(request, pk, refusal: str = "") -> HttpResponse:
    """The same form over a proposal of one's own that is not decided yet."""
    if request.method == "POST" and not permissions.may(request.user, "propose"):
        return act(Edit(request, sent(request).get("uid", ""), sent(request)), refusal)
    proposal = permissions.access_proposal(request.user, pk, to="revise")
    term = Term.objects.select_related("current", "category").filter(uid=proposal.target).first()
    edit = Edit(request, proposal.target, sent(request), term, proposal)
    if request.method == "POST":
        if term:
            edit.values["voice"] = term.voice
        return act(edit, refusal)
    if not proposal.is_unfinished:
        messages.info(request, f"This proposal is {proposal.status}: it can no longer be changed.")
        return redirect("proposal", proposal.pk)
    return opened(edit, lambda: (proposal.snapshot, proposal.base_revision))


@never_cache
@require_POST
def term_preview(request, slug: str = "", refusal: str = "") -> HttpResponse:
    """The live preview of what a form says; without htmx, the form with it."""
    term = permissions.access_term(request.user, slug, to="propose") if slug else None
    permissions.require(request.user, "propose")
    values = sent(request) | ({"voice": term.voice} if term else {})
    edit = Edit(request, term.uid if term else new_terms.free_uid(values.get("uid", "")), values, term)
    if refusal or not wants_partial(request):
        edit.notice, edit.status = refusal, 403 if refusal else 200
        return show(edit)
    return render(request, "glossary/_term_preview.html", preview_context(edit) | {"is_live": True})


def sent(request) -> Fields:
    """What a form sent of the term and beside it; the rest is not kept."""
    below = ("lines/", "definitions/", "code/", *(f"{name}/" for name in NEW_ROWS))
    pairs = as_sent(request.POST.items())
    return {name: text for name, text in pairs.items() if name in (*TEXTS, *BESIDE) or name.startswith(below)}


def opened(edit: Edit, beginning: Callable[[], tuple[dict, int]]) -> HttpResponse:
    """The form as its author left it, if there is a draft, else as it begins."""
    edit.draft = drafting.draft_of(edit.person, subject="term", target=edit.uid)
    if edit.draft:
        edit.values = dict(edit.draft.fields)
        return show(edit)
    snapshot, base_revision = beginning()
    edit.values = fields_of(snapshot, names_of(linked_uids(snapshot), [])) | {"base_revision": str(base_revision)}
    if edit.proposal:
        edit.values |= {"change": edit.proposal.change, "note": edit.proposal.note}
        edit.values |= {"confirms_other_voice": "on"} if edit.proposal.confirms_other_voice else {}
    return show(edit)


# --- what its buttons do


def act(edit: Edit, refusal: str) -> HttpResponse:
    deed = edit.request.POST.get("do", "propose")
    word, _, path = deed.partition(" ")
    edit.values["uid"] = edit.uid
    if refusal or not permissions.may(edit.person, "propose"):
        return turned_away(edit, refusal, only_state=word == "draft" and wants_partial(edit.request))
    if word == "draft":
        return draft_state(keep(edit))
    if word == "discard":
        drafting.discard_draft(subject="term", target=edit.uid, by=edit.person)
        messages.info(edit.request, "Your draft is discarded.")
        return redirect(edit.address)
    if word == "propose":
        return submit(edit)
    if word == "theirs":
        return show(keep(edit.saying(with_theirs(edit, path))))
    values, focus = arranged(edit.values, deed, NEW_ROWS)
    edit = edit.saying(values)
    edit.focus = focus
    return show(keep(edit))


def turned_away(edit: Edit, refusal: str, *, only_state: bool) -> HttpResponse:
    """The same form with everything that was typed, and what to do about it."""
    edit.notice, edit.status = submitting.turned_away(edit.person, refusal)
    return draft_state(edit) if only_state else show(edit)


def keep(edit: Edit) -> Edit:
    """Keep what was typed, unless it says nothing new."""
    if edit.snapshot == edit.before:
        return edit
    try:
        edit.draft = drafting.save_draft(
            subject="term",
            target=edit.uid,
            base_revision=edit.base_revision,
            fields=list(edit.values.items()),
            by=edit.person,
            says=edit.snapshot,
        )
    except Invalid as invalid:
        edit.problems += invalid.problems
    return edit


def with_theirs(edit: Edit, path: str) -> Fields:
    """The fields with a conflict decided for what was published."""
    base, theirs = edit.sides
    if not base or not theirs:
        return edit.values
    place = place_of(path, base, edit.snapshot, theirs)
    return fields_of(put(edit.snapshot, place, value_at(theirs, place)), edit.names) | edit.beside


def submit(edit: Edit) -> HttpResponse:
    values = compact(edit.values)
    if not edit.term and not values.get("slug", "").strip():
        values["slug"] = new_terms.suggested_slug(values.get("label", ""), values.get("voice", ""))
    edit = edit.saying(values)
    try:
        if wanting := submitting.unsaid(edit.values, is_new=not edit.term):
            raise Invalid([*SUBJECTS["term"].problems(edit.snapshot), *wanting])
        change = edit.as_change()
        outcome = submitting.send(change, proposal=edit.proposal, by=edit.person)
    except Invalid as invalid:
        edit.problems = list(invalid.problems)
        edit.status = 409 if edit.term and edit.term.is_retired else 422
    except workflow.NotPossible as impossible:
        edit.problems, edit.status = [Problem("", str(impossible))], 409
    except Conflicting as conflicting:
        edit = to_decide(edit, conflicting)
    else:
        address = reverse("term", args=[edit.snapshot["slug"]])
        is_revised = edit.proposal is not None
        return submitting.follow(
            edit.request, change, outcome, address=address, is_revised=is_revised, words_of=words_of
        )
    return show(keep(edit))


def to_decide(edit: Edit, conflicting: Conflicting) -> Edit:
    """The form with whatever merged, mine where nothing did, based on the revision to decide against."""
    names = names_of(linked_uids(conflicting.snapshot), [])
    beside = {"base_revision": str(conflicting.number), "conflicts_since": str(edit.base_revision)}
    edit = edit.saying(fields_of(conflicting.snapshot, names) | edit.beside | beside)
    edit.status = 409
    return edit


# --- what is shown


def draft_state(edit: Edit) -> HttpResponse:
    return render(
        edit.request, "glossary/_term_draft.html", draft_context(edit) | {"is_live": True}, status=edit.status
    )


def draft_context(edit: Edit) -> dict:
    is_known = edit.term and permissions.may(edit.person, "propose")
    others = drafting.others_typing(edit.person, subject="term", target=edit.uid) if is_known else []
    return {"edit": edit, "others": others}


def preview_context(edit: Edit) -> dict:
    context = preview_of(edit.snapshot, edit.before, edit.names)
    own = edit.snapshot["voice"] if edit.snapshot["voice"] in VOICES else VOICES[0]
    is_unnamed = not edit.term and not edit.values.get("slug", "").strip()
    return context | {
        "edit": edit,
        "term": edit.term,
        "lengths_by_id": {id_of(path): length for path, length in context["lengths"].items()},
        "suggested_slug": new_terms.suggested_slug(edit.snapshot["label"], own) if is_unnamed else "",
        "terms_own": f"terms-{own}",
        "terms_other": f"terms-{other_voice(own)}",
    }


def show(edit: Edit) -> HttpResponse:
    context = preview_context(edit) | draft_context(edit)
    context["form"] = TermForm(
        edit.values,
        edit.snapshot,
        problems=edit.problems,
        conflicts=edit.conflicts,
        lengths=context["lengths"],
        categories=list(Category.objects.values_list("slug", "label")),
        scenarios=scenario_titles(),
        focus=edit.focus,
    )
    context |= {
        "slug_hint": "Old addresses keep leading here." if edit.term else "Left empty, it is made from the label.",
        "terms_by_voice": terms_to_name(),
        "newer": bool(edit.term) and 0 < edit.base_revision < edit.term.current.number,
        "own_proposals": new_terms.unfinished(edit.person, edit.uid) if edit.term and not edit.proposal else [],
        "drafts": new_terms.drafts_of(edit.person) if not edit.term and edit.request.method == "GET" else [],
    }
    return render(edit.request, "glossary/term_edit.html", context, status=edit.status)
