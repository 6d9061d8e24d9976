"""Comments on terms and proposals: threads of one level, resolved when they are settled and reopened when not."""

import re

from django.db import transaction
from django.utils import timezone

from .. import permissions
from ..domain.links import CODE
from ..domain.problems import Invalid, Problem
from ..domain.snapshot import CONTROL
from ..models import Comment, Proposal, Term, User
from ..rendering import render
from . import notifying
from .publishing import current_links
from .recording import record

LONGEST = 10_000
# Each is told of it, perhaps by mail: more are a mailing list.
MOST_MENTIONS = 20
MENTION = re.compile(r"(?<![\w@])@([\w.+-]{1,150})")
# The path of a field of a snapshot, such as "definitions/manager".
FIELD = re.compile(r"[\w-]+(?:/[\w-]+)*")


@transaction.atomic
def comment(*, on: Term | Proposal, text: str, by, parent: Comment | None = None, field: str = "", at=None) -> Comment:
    """Say something about a term or a proposal, or answer a comment on it.

    An answer to an answer joins the same thread, and keeps its field. `field` anchors a proposal's comment. People
    named as @username are in the comment's `mentions`. Raises Invalid or PermissionDenied.
    """
    permissions.require(by, "discuss")
    thread = parent and (parent.parent or parent)
    field = thread.field if thread else field
    about = {"proposal": on} if isinstance(on, Proposal) else {"term": on}
    mentions = mentioned(text)
    if problems := problems_of(text, field, about, thread, mentions):
        raise Invalid(problems)
    made = Comment.objects.create(
        **about,
        field=field,
        parent=thread,
        author=by,
        text=text,
        html=html_of(text, on, by),
        created_at=at or timezone.now(),
    )
    made.mentions.set(mentions)
    note("comment.made", made, by=by, at=made.created_at)
    notifying.commented(made)
    return made


@transaction.atomic
def resolve(*, comment: Comment, by, at=None) -> None:
    """Call the thread of a comment settled. One that is settled already stays as it was."""
    thread = thread_of(comment, by)
    if thread.resolved_at is None:
        thread.resolved_at, thread.resolved_by = at or timezone.now(), by
        thread.save(update_fields=["resolved_at", "resolved_by"])
        note("comment.resolved", thread, by=by, at=thread.resolved_at)
        notifying.thread_resolved(thread, by=by, at=thread.resolved_at)


@transaction.atomic
def reopen(*, comment: Comment, by, at=None) -> None:
    """Open the thread of a comment again. One that is open already stays as it was."""
    thread = thread_of(comment, by)
    if thread.resolved_at is not None:
        thread.resolved_at = thread.resolved_by = None
        thread.save(update_fields=["resolved_at", "resolved_by"])
        at = at or timezone.now()
        note("comment.reopened", thread, by=by, at=at)
        notifying.thread_reopened(thread, by=by, at=at)


def thread_of(comment: Comment, by) -> Comment:
    permissions.require(by, "discuss")
    return Comment.objects.select_for_update(of=["self"]).get(pk=comment.parent_id or comment.pk)


def problems_of(text: str, field: str, about: dict, thread: Comment | None, mentions: list[User]) -> list[Problem]:
    problems = []
    if not text.strip():
        problems.append(Problem("text", "Write something first."))
    if len(text) > LONGEST:
        problems.append(Problem("text", f"has {len(text)} characters; the most is {LONGEST}"))
    if CONTROL.search(text):
        problems.append(Problem("text", "holds a control character; remove it"))
    if len(mentions) > MOST_MENTIONS:
        problems.append(Problem("text", f"mentions {len(mentions)} people; the most is {MOST_MENTIONS}"))
    if field and ("term" in about or len(field) > 200 or not FIELD.fullmatch(field)):
        problems.append(Problem("field", f"{field!r:.60} is no field that can be commented on"))
    if thread and any(getattr(thread, name) != value for name, value in about.items()):
        problems.append(Problem("parent", "The comment that this answers belongs to something else."))
    return problems


def mentioned(text: str) -> list[User]:
    """People whose @username stands in a text outside of code; a full stop after it ends the sentence."""
    names = {name for found in MENTION.findall(CODE.sub("", text)) for name in (found, found.rstrip(".+-"))}
    return list(User.objects.filter(username__in=names, is_active=True)) if names else []


def html_of(text: str, on: Term | Proposal, by) -> str:
    """The HTML of a comment; its terms are links, in the voice of whoever says it."""
    voice = by.voice or (on.voice if isinstance(on, Term) else "engineer")
    try:
        return render(text, voice=voice, links=current_links())
    except ValueError as error:
        raise Invalid([Problem("text", str(error))]) from None


def note(action: str, comment: Comment, *, by, at) -> None:
    target = comment.proposal.target if comment.proposal_id else comment.term.uid
    data = {"comment": comment.pk} | ({"proposal": comment.proposal_id} if comment.proposal_id else {})
    record(action=action, target=target, by=by, at=at, data=data)
