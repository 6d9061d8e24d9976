"""Editing what is named by its slug: the way of a scenario or sample log from its form to a proposal."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from ..domain.merge import Conflict
from ..domain.plain_json import write_json
from ..domain.problems import Invalid, Problem
from ..domain.vocabulary import CHANGES
from ..forms.fields import Fields, arranged, as_sent
from ..models import Draft
from ..pages import wants_partial
from ..services import drafting
from ..services.proposing import Change, Conflicting, Outcome, brought_up_to_date, propose
from ..services.subjects import NOTHING_YET, SUBJECTS, State

# What a form sends beside what it says.
BESIDE = ("csrfmiddlewaretoken", "base_revision", "do", "shown", "log_at_hand", "taken")


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
    """One form on its way: what it is about, what it says, and what came of it."""

    request: object
    editor: Editor
    target: str
    published: State
    fields: Fields
    base_revision: int
    draft: Draft | None = None
    focus: str = ""
    problems: list[Problem] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    status: int = 200

    def __post_init__(self):
        self.say(self.fields)

    def say(self, fields: Fields) -> None:
        self.fields = fields
        self.reading = self.editor.read(fields)
        self.__dict__.pop("all_problems", None)

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
    def told_conflicts(self) -> list[Conflict]:
        """Conflicts with their values as texts."""
        return [Conflict(conflict.path, *map(as_text, conflict[1:])) for conflict in self.conflicts]

    @property
    def others(self) -> list:
        return drafting.others_typing(self.request.user, subject=self.editor.subject, target=self.target)

    def as_change(self) -> Change:
        said = self.fields.get("change")
        return Change(
            self.editor.subject,
            self.reading.snapshot,
            self.base_revision,
            said if said in CHANGES else "meaning",
            self.fields.get("note", "").strip(),
        )


@never_cache
def edit(request, editor: Editor, target: str = "") -> HttpResponse:
    """The form of a scenario or sample log; "" is a new one."""
    published = SUBJECTS[editor.subject].current(target) if target else NOTHING_YET
    if request.method == "POST":
        return act(request, editor, target, published)
    draft = drafting.draft_of(request.user, subject=editor.subject, target=target)
    fields = editor.fields_of(published.snapshot) if published.snapshot else editor.begin(request)
    if draft and dict(draft.fields) == fields:
        draft = None
    if draft:
        fields = dict(draft.fields)
    base = draft.base_revision if draft else published.number
    return show(Edit(request, editor, target, published, fields, base, draft=draft))


def act(request, editor: Editor, target: str, published: State) -> HttpResponse:
    sent = as_sent(request.POST.items())
    deed = sent.get("do", "propose")
    base = int(sent["base_revision"]) if sent.get("base_revision", "").isdecimal() else 0
    fields = {name: text for name, text in sent.items() if name not in BESIDE}
    if target:
        fields["slug"] = target
    if deed == "discard":
        drafting.discard_draft(subject=editor.subject, target=target, by=request.user)
        return redirect(request.path)
    focus = ""
    word = deed.partition(" ")[0]
    if word in editor.deeds:
        fields = editor.deeds[word](fields, request)
    else:
        fields, focus = arranged(fields, deed, editor.new_rows)
    changed = Edit(request, editor, target, published, fields, base, focus=focus)
    if deed == "propose":
        return propose_edit(changed)
    changed.draft = keep(changed)
    return show(changed)


def keep(edit: Edit) -> Draft | None:
    """What was typed, kept; none where it is too much, which the form says."""
    try:
        return drafting.save_draft(
            subject=edit.editor.subject,
            target=edit.target,
            base_revision=edit.base_revision,
            fields=list(edit.fields.items()),
            by=edit.request.user,
        )
    except Invalid as invalid:
        edit.problems = invalid.problems
        return None


def propose_edit(edit: Edit) -> HttpResponse:
    own = edit.all_problems
    try:
        if own:
            raise Invalid(own)
        outcome = propose(edit.as_change(), by=edit.request.user)
    except Invalid as invalid:
        edit.problems, edit.status = invalid.problems, 422
        if not own:
            take_over_meanwhile(edit)
    except Conflicting as conflicting:
        edit.conflicts, edit.status = conflicting.conflicts, 409
        rebase(edit, conflicting.snapshot, conflicting.number)
    else:
        return follow(edit, outcome)
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
    about = {name: edit.fields[name] for name in ("change", "note") if name in edit.fields}
    edit.say(edit.editor.fields_of(snapshot) | about)
    edit.base_revision = number


def follow(edit: Edit, outcome: Outcome) -> HttpResponse:
    """To the proposal, or to what is live now."""
    if outcome.proposal:
        messages.success(edit.request, "Your change is proposed. What is published stays until a curator approves it.")
        return redirect(f"/proposals/{outcome.proposal.pk}/")
    messages.success(edit.request, f"Published as version {outcome.revision}.")
    return redirect(SUBJECTS[edit.editor.subject].address(edit.reading.snapshot["slug"]))


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
