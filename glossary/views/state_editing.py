"""Editing what is named by its slug: the way of a scenario or sample log from its form to a proposal."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from .. import permissions
from ..domain import workflow
from ..domain.merge import Conflict, merge
from ..domain.plain_json import write_json
from ..domain.problems import Invalid, Problem
from ..domain.settling import place_of, put, value_at
from ..domain.vocabulary import CHANGES
from ..forms.fields import Fields, arranged, as_sent, problem_at
from ..forms.scenario_page import words_of
from ..models import Draft, Proposal
from ..pages import wants_partial
from ..services import drafting
from ..services.proposing import Change, Conflicting, brought_up_to_date
from ..services.subjects import NOTHING_YET, SUBJECTS, State
from . import submitting
from .listing import number_of

# What a form sends that is no text of its author's.
BESIDE = ("csrfmiddlewaretoken", "base_revision", "conflicts_since", "do", "shown", "log_at_hand", "taken")


@dataclass(frozen=True)
class Editor:
    """How one kind of thing is edited.

    page: the template of the whole form. parts: templates of its parts, by the id of the element that they replace.
    fields_of: a snapshot as fields. read: fields as a reading, which has `snapshot`, `problems`, and tells problems
    of its snapshot as ones of its fields.
    begin: the fields of a new one, from a request. context: what the templates need, for an `Edit`.
    deeds: what a form can do besides being proposed, by the first word of its button: fields and request give fields.
    """

    subject: str
    page: str
    parts: dict[str, str]
    fields_of: Callable[[dict], Fields]
    read: Callable
    begin: Callable[..., Fields]
    context: Callable[["Edit"], dict]
    new_rows: dict[str, Fields] = field(default_factory=dict)
    deeds: dict[str, Callable] = field(default_factory=dict)


@dataclass
class Edit:
    """One form on its way: what it is about, what it says, and what came of it.

    proposal: the unfinished proposal that is revised, if it is one. since: the revision that both started from, while
    there is something to decide, else 0. notice: why nothing was done with what was sent.
    """

    request: object
    editor: Editor
    target: str
    published: State
    fields: Fields
    base_revision: int
    proposal: Proposal | None = None
    since: int = 0
    draft: Draft | None = None
    focus: str = ""
    notice: str = ""
    problems: list[Problem] = field(default_factory=list)
    status: int = 200

    def __post_init__(self):
        self.say(self.fields)

    def say(self, fields: Fields) -> None:
        self.fields = fields
        self.reading = self.editor.read(fields)
        for cached in ("all_problems", "conflicts"):
            self.__dict__.pop(cached, None)

    @property
    def is_new(self) -> bool:
        return not self.target

    @cached_property
    def all_problems(self) -> list[Problem]:
        """Everything that stands against proposing what is typed, one problem for each field."""
        subject = SUBJECTS[self.editor.subject]
        found = [*self.reading.problems, *self.reading.tell(subject.problems(self.reading.snapshot))]
        if self.is_new and subject.current(self.reading.snapshot["slug"]).number:
            found.append(Problem("slug", f"{self.reading.snapshot['slug']!r} is taken; choose another"))
        return list({problem.path: problem for problem in reversed(found)}.values())[::-1]

    @property
    def sides(self) -> tuple[dict | None, dict | None]:
        """The state that both started from, and what is published now."""
        at = SUBJECTS[self.editor.subject].at
        return (at(self.target, self.since), at(self.target, self.base_revision)) if self.since else (None, None)

    @cached_property
    def conflicts(self) -> list[Conflict]:
        """What is still to decide; taking their text or writing it oneself settles a place."""
        base, theirs = self.sides
        if not base or not theirs:
            return []
        return merge(base=base, mine=self.reading.snapshot, theirs=theirs).conflicts

    @property
    def told_conflicts(self) -> list[tuple[str, Conflict]]:
        """What the place of each conflict is called, and the conflict with its values as texts."""
        return [
            (words_of(conflict.path), Conflict(conflict.path, *map(as_text, conflict[1:])))
            for conflict in self.conflicts
        ]

    @property
    def draft_target(self) -> str:
        """What a draft is kept under: something new has no name yet."""
        return self.proposal.target if self.proposal else self.target

    @property
    def has_slug(self) -> bool:
        """Whether its author may still choose its slug."""
        return self.is_new and not self.proposal

    @property
    def is_behind(self) -> bool:
        return 0 < self.base_revision < self.published.number

    @property
    def own_proposals(self):
        """What this person proposed for it already, and nobody decided yet."""
        if self.is_new or self.proposal or not self.request.user.is_authenticated:
            return []
        return Proposal.objects.by(self.request.user).about(self.editor.subject, self.target).unfinished()

    @property
    def others(self) -> list:
        """Who else has this open and is writing."""
        if self.is_new or not self.request.user.is_authenticated:
            return []
        return drafting.others_typing(self.request.user, subject=self.editor.subject, target=self.target)

    @property
    def told_problems(self) -> list[tuple[Problem, str]]:
        """Problems with what their fields are called."""
        return [(problem, words_of(problem.path)) for problem in self.problems]

    @property
    def note_problem(self) -> str:
        return problem_at(self.problems, "note")

    @property
    def change_problem(self) -> str:
        return problem_at(self.problems, "change")

    def as_change(self) -> Change:
        """What is new is a change of meaning, whatever its author calls it."""
        change = self.fields.get("change", "meaning") if not self.is_new else "meaning"
        note = self.fields.get("note", "").strip()
        return Change(self.editor.subject, self.reading.snapshot, self.base_revision, change, note)


@never_cache
def edit(request, editor: Editor, target: str = "", proposal: Proposal | None = None, refusal: str = ""):
    """The form of a scenario or sample log; "" is a new one.

    ?version=<n> begins with what it said then. refusal: why what was posted cannot be done.
    """
    published = SUBJECTS[editor.subject].current(target) if target else NOTHING_YET
    if request.method == "POST":
        return act(sent(request, editor, target, published, proposal), refusal)
    draft = drafting.draft_of(request.user, subject=editor.subject, target=proposal.target if proposal else target)
    fields, base = beginning(request, editor, published, proposal)
    earlier = SUBJECTS[editor.subject].at(target, number_of(request.GET.get("version", "")) or 0) if target else None
    if earlier:
        fields, draft = editor.fields_of(earlier), None
    if draft and dict(draft.fields) == fields:
        draft = None
    if draft:
        fields, base = dict(draft.fields), draft.base_revision
    return show(Edit(request, editor, target, published, fields, base, proposal, draft=draft))


def revise_state(request, editor: Editor, pk: int, refusal: str = "") -> HttpResponse:
    """The same form over a proposal of one's own that is not decided yet."""
    may_propose = permissions.may(request.user, "propose")
    to = "read" if request.method == "POST" and not may_propose else "revise"
    proposal = permissions.access_proposal(request.user, pk, to=to)
    if not proposal.is_unfinished and request.method != "POST":
        messages.info(request, f"This proposal is {proposal.status}: it can no longer be changed.")
        return redirect("proposal", pk)
    target = proposal.target if SUBJECTS[editor.subject].current(proposal.target).number else ""
    return edit(request, editor, target, proposal, refusal)


def needed_to(request) -> str:
    """The deed that opens the door: whoever was signed out while typing gets the form back, not the door."""
    is_posted = request.method == "POST"
    return "read" if is_posted and not permissions.may(request.user, "propose") else "propose"


def beginning(request, editor: Editor, published: State, proposal: Proposal | None) -> tuple[Fields, int]:
    if proposal:
        fields = editor.fields_of(proposal.snapshot) | {"change": proposal.change, "note": proposal.note}
        return fields, proposal.base_revision
    if published.snapshot:
        return editor.fields_of(published.snapshot), published.number
    return editor.begin(request), 0


def sent(request, editor: Editor, target: str, published: State, proposal: Proposal | None) -> Edit:
    posted = as_sent(request.POST.items())
    fields = {name: text for name, text in posted.items() if name not in BESIDE}
    if slug := target or (proposal.target if proposal else ""):
        fields["slug"] = slug
    base, since = (number_of(posted.get(name, "")) or 0 for name in ("base_revision", "conflicts_since"))
    return Edit(request, editor, target, published, fields, base, proposal, since)


def act(edit: Edit, refusal: str) -> HttpResponse:
    deed = edit.request.POST.get("do", "propose")
    word = deed.partition(" ")[0]
    person = edit.request.user
    if refusal or not permissions.may(person, "propose"):
        edit.notice, edit.status = submitting.turned_away(person, refusal)
        return show(edit)
    if word == "discard":
        drafting.discard_draft(subject=edit.editor.subject, target=edit.draft_target, by=person)
        messages.info(edit.request, "Your draft is discarded.")
        return redirect(edit.request.path)
    if word == "propose":
        return submit(edit)
    if word == "theirs":
        take_theirs(edit, deed.partition(" ")[2])
    elif word in edit.editor.deeds:
        edit.say(edit.editor.deeds[word](edit.fields, edit.request))
    else:
        fields, edit.focus = arranged(edit.fields, deed, edit.editor.new_rows)
        edit.say(fields)
    edit.draft = keep(edit)
    return show(edit)


def take_theirs(edit: Edit, path: str) -> None:
    """A conflict decided for what was published."""
    base, theirs = edit.sides
    if not base or not theirs:
        return
    if edit.reading.problems:
        edit.problems, edit.status = edit.reading.problems, 422
        return
    mine = edit.reading.snapshot
    place = place_of(path, base, mine, theirs)
    edit.say(edit.editor.fields_of(put(mine, place, value_at(theirs, place))) | beside(edit))


def beside(edit: Edit) -> Fields:
    """What the author says of the change."""
    return {name: edit.fields[name] for name in ("change", "note") if name in edit.fields}


def keep(edit: Edit) -> Draft | None:
    """What was typed, kept; none where it is too much, which the form says."""
    try:
        return drafting.save_draft(
            subject=edit.editor.subject,
            target=edit.draft_target,
            base_revision=edit.base_revision,
            fields=list(edit.fields.items()),
            by=edit.request.user,
        )
    except Invalid as invalid:
        edit.problems = invalid.problems
        return None


def submit(edit: Edit) -> HttpResponse:
    own = [*edit.all_problems, *submitting.unsaid(edit.fields, is_new=edit.is_new)]
    try:
        if own:
            raise Invalid(own)
        change = edit.as_change()
        outcome = submitting.send(change, proposal=edit.proposal, by=edit.request.user)
    except workflow.NotPossible as impossible:
        edit.problems, edit.status = [Problem("", str(impossible))], 409
    except Invalid as invalid:
        edit.problems, edit.status = invalid.problems, 422
        if not own:
            take_over_meanwhile(edit)
    except Conflicting as conflicting:
        edit.since, edit.status = edit.base_revision, 409
        rebase(edit, conflicting.snapshot, conflicting.number)
    else:
        address = SUBJECTS[change.subject].address(change.target)
        is_revised = edit.proposal is not None
        return submitting.follow(
            edit.request, change, outcome, address=address, is_revised=is_revised, words_of=words_of
        )
    keep(edit)
    return show(edit)


def take_over_meanwhile(edit: Edit) -> None:
    """Where two changes merged into what is not valid, the form goes on from both."""
    subject = edit.editor.subject
    try:
        snapshot, number = brought_up_to_date(subject, edit.reading.snapshot, edit.base_revision)
    except Invalid:
        return
    if number != edit.base_revision:
        edit.status = 409
        rebase(edit, snapshot, number)


def rebase(edit: Edit, snapshot: dict, number: int) -> None:
    edit.base_revision = number
    edit.say(edit.editor.fields_of(snapshot) | beside(edit))


def show(edit: Edit) -> HttpResponse:
    """The page, or the part of it that htmx asks for; nothing where that part would look as it does."""
    context = edit.editor.context(edit) | {"edit": edit, "changes": CHANGES}
    shown = edit.request.POST.get("shown")
    if shown and shown == context.get("digest"):
        return HttpResponse(status=204)
    part = edit.editor.parts.get(edit.request.headers.get("HX-Target", "")) if wants_partial(edit.request) else None
    response = render(edit.request, part or edit.editor.page, context, status=edit.status)
    if part:
        # The preview follows the fields that were changed by a button.
        if edit.request.headers["HX-Target"].endswith("fields"):
            response["HX-Trigger-After-Swap"] = "redraw"
        response["Vary"] = "HX-Request, HX-Target"
    return response


def as_text(value) -> str:
    """A value of a snapshot as it is shown beside another; lists one item on a line."""
    if value is None:
        return "nothing is here"
    if isinstance(value, list):
        return "\n".join(map(write_json, value)) or "an empty list"
    return value if isinstance(value, str) else write_json(value)


def digest(*parts) -> str:
    """Tells whether a preview would look as it does."""
    return sha256(repr(parts).encode(errors="surrogatepass")).hexdigest()[:16]
