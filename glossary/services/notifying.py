"""Telling people what happened: a notice on the site for each, and a mail for those who want one.

Called by the services, in their transactions. Nobody is told of their own deed, nor twice of one event: where two
reasons meet, the one that is called first says it.
"""

from collections.abc import Iterable
from datetime import date
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from .. import permissions
from ..models import (
    Comment,
    DocumentUse,
    MailFrequency,
    Notice,
    Proposal,
    ReviewSet,
    Revision,
    Term,
    TermRequest,
    User,
    Watch,
)
from ..rendering import plain_text
from ..tasks import enqueue_once
from .mailing import mail_notices

LONGEST = 300


def tell(
    people: Iterable[int | None], *, kind: str, event: str, text: str, path: str, at, actor=None, but: Iterable = ()
) -> None:
    """A notice for each of these people (ids) who is still active, `but` for some.

    actor: whose name the sentence begins with, no part of the text, as people are renamed, or leave.
    """
    deliver([notice(pk, kind, event, text, path, at, actor) for pk in {*people} - {None, *but}])


def notice(person_id: int, kind: str, event: str, text: str, path: str, at, actor: User | None = None) -> Notice:
    return Notice(
        person_id=person_id, kind=kind, event=event, text=one_line(text), actor=actor, path=path, created_at=at
    )


def deliver(notices: list[Notice]) -> None:
    """Keep notices, except for people who have left; what a person was told before stays as it was."""
    if not notices:
        return
    people = User.objects.filter(pk__in={notice.person_id for notice in notices}, is_active=True)
    frequencies = dict(people.values_list("pk", "mail_frequency"))
    kept = [notice for notice in notices if notice.person_id in frequencies]
    Notice.objects.bulk_create(kept, ignore_conflicts=True, batch_size=500)
    if MailFrequency.AT_ONCE in frequencies.values():
        # Part of this transaction: it is enqueued if, and only if, the notices are kept.
        enqueue_once(mail_notices, MailFrequency.AT_ONCE)


def one_line(text: str) -> str:
    """One line without control characters, cut where a notice ends."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def because(reason: str) -> str:
    """What somebody gave as a reason, at the end of a sentence."""
    return f": {reason.strip()}" if reason.strip() else "."


# --- terms


def terms_published(revisions: list[Revision], before: list[dict | None]) -> None:
    """For owners of documents that rest on it, if a meaning changed, and for watchers.

    before: what each term said until now.
    """
    meanings_changed([revision for revision in revisions if revision.change == "meaning" and revision.number > 1])
    watches = watches_of([revision.term_id for revision in revisions])
    deliver(
        [
            notice(
                person,
                "term.published",
                f"revision:{revision.pk}",
                published_sentence(revision, earlier),
                path_of_news(revision),
                revision.published_at,
            )
            for revision, earlier in zip(revisions, before, strict=True)
            for person in watchers(watches, revision.term_id, revision.change) - authors_of(revision)
        ]
    )


def meanings_changed(revisions: list[Revision]) -> None:
    """For owners of documents that use these terms; the event is that of watchers, so that nobody is told twice."""
    owned = documents_of([revision.term_id for revision in revisions])
    deliver(
        [
            notice(
                person,
                "document.superseded",
                f"revision:{revision.pk}",
                superseded_sentence(revision, titles),
                path_of_news(revision),
                revision.published_at,
            )
            for revision in revisions
            for person, titles in owned[revision.term_id].items()
            if person not in authors_of(revision)
        ]
    )


def documents_of(term_ids: list[int]) -> dict[int, dict[int, list[str]]]:
    """Titles of the documents that use terms, by term and owner (ids)."""
    found: dict[int, dict[int, list[str]]] = {term_id: {} for term_id in term_ids}
    uses = DocumentUse.objects.filter(term__in=term_ids).exclude(document__owners=None).order_by("document_id")
    for term_id, owner, title in uses.values_list("term", "document__owners", "document__title"):
        found[term_id].setdefault(owner, []).append(title)
    return found


def superseded_sentence(revision: Revision, titles: list[str]) -> str:
    others = f" and {len(titles) - 1} more of your documents" if len(titles) > 1 else ""
    label = revision.snapshot["label"]
    return f"Meaning of {label} changed in v{revision.number} under “{titles[0]}”{others}{because(revision.note)}"


def path_of_news(revision: Revision) -> str:
    """Where a publication is read: what changed if the meaning did, else the term as it is now."""
    if revision.change == "meaning" and revision.number > 1:
        versions = urlencode({"from": revision.number - 1, "to": revision.number})
        return f"{reverse('term_diff', args=[revision.term.slug])}?{versions}"
    return reverse("permanent", args=[revision.term.uid])


def authors_of(revision: Revision) -> set[int | None]:
    """Whose deed a publication is: who wrote it, who approved it."""
    return {revision.author_id, revision.proposal.decided_by_id if revision.proposal else None}


def published_sentence(revision: Revision, before: dict | None) -> str:
    label, version = revision.snapshot["label"], f"v{revision.number}"
    if before is None:
        return f"{label} is a new term ({revision.snapshot['voice']}){because(revision.note)}"
    if before["label"] != label:
        return f"{before['label']} is called {label} since {version}{because(revision.note)}"
    return f"{revision.change.capitalize()} of {label} changed in {version}{because(revision.note)}"


def term_retired(term: Term, *, by, at) -> None:
    instead = f" Say {term.replaced_by.label} instead." if term.replaced_by else ""
    tell_watchers(term, "term.retired", f"{term.label} was retired.{instead}", by=by, at=at)


def term_restored(term: Term, *, by, at) -> None:
    tell_watchers(term, "term.restored", f"{term.label} is in use again.", by=by, at=at)


def term_merged(term: Term, into: Term, *, by, at) -> None:
    tell_watchers(term, "term.merged", f"{term.label} was merged into {into.label}.", by=by, at=at)


def tell_watchers(term: Term, kind: str, text: str, *, by, at) -> None:
    """All watchers of a term, whatever they want to hear of, and the owners of documents that use it.

    This is more than a change of wording.
    """
    people = watchers(watches_of([term.pk]), term.pk, "meaning") | documents_of([term.pk])[term.pk].keys()
    event, path = f"{kind}:{term.uid}:{at.isoformat()}", reverse("permanent", args=[term.uid])
    tell(people, kind=kind, event=event, text=text, path=path, at=at, but=[by and by.pk])


def watches_of(term_ids: list[int]) -> list[Watch]:
    return list(Watch.objects.filter(Q(term__in=term_ids) | Q(term=None)))


def watchers(watches: list[Watch], term_id: int | None, change: str) -> set[int]:
    """People (ids) with a watch on this term, or on everything, that is for such a change."""
    return {
        watch.person_id
        for watch in watches
        if watch.term_id in (term_id, None) and (watch.extent == "every" or change == "meaning")
    }


def review_due(term: Term, *, at) -> None:
    """For whoever wrote what is published, once for each date."""
    text = f"{term.label} should have been read again by {day(term.review_due_on)}: is it still right?"
    event, path = f"review:{term.uid}:{term.review_due_on}", reverse("permanent", args=[term.uid])
    tell([term.current.author_id], kind="term.review_due", event=event, text=text, path=path, at=at)


def day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"


def request_closed(request: TermRequest, kind: str, *, by, at) -> None:
    """For whoever asked for a word."""
    if request.term:
        text = f"The word that you asked for is there: {request.term.label}."
        path = reverse("permanent", args=[request.term.uid])
    else:
        outcome = "was answered" if request.status == "done" else "was declined"
        text, path = f"Your request for the word {request.label} {outcome}.", reverse("term_request")
    event, but = f"request:{request.pk}", [by and by.pk]
    tell([request.requested_by_id], kind=kind, event=event, text=text, path=path, at=at, but=but)


# --- proposals


def proposal_made(proposal: Proposal) -> None:
    """For curators who watch."""
    text = f"proposes {described(proposal)}{because(proposal.note)}"
    term = Term.objects.filter(uid=proposal.target).first() if proposal.subject == "term" else None
    people = watchers(watches_of([term.pk] if term else []), term and term.pk, proposal.change)
    author, at = proposal.author, proposal.created_at
    tell_about(proposal, "proposal.made", text, reviewers(people), by=author, at=at, begins_with=author)


def review_set_made(review_set: ReviewSet, *, count: int) -> None:
    """For curators who watch everything: one notice for the whole set."""
    text = f"proposes {count} changes in one set: {review_set.title}"
    people = reviewers(watchers(watches_of([]), None, "meaning"))
    event, at, by = f"review_set:{review_set.pk}", review_set.created_at, review_set.author
    path = reverse("review_queue")
    tell(people, kind="review_set.made", event=event, text=text, path=path, at=at, actor=by, but=[by and by.pk])


def proposal_revised(proposal: Proposal, *, by, at) -> None:
    """For the curator who gave it back, and those who talked about it."""
    text, people = f"revised {described(proposal)}.", {proposal.decided_by_id, *talkers(proposal)}
    tell_about(proposal, "proposal.revised", text, people, by=by, at=at, begins_with=by)


def proposal_decided(proposal: Proposal, kind: str, *, by, at) -> None:
    """For its author, in the second person, and for those who talked about it."""
    outcome, reason = OUTCOMES[kind], proposal.reason
    number = f" It is v{proposal.published_revision}." if proposal.published_revision else ""
    ending = f": {reason}" if reason else f".{number}"
    yours = f"Your proposal, {described(proposal)}, {outcome}{ending}"
    tell_about(proposal, kind, yours, {proposal.author_id}, by=by, at=at)
    text = f"The proposal of {described(proposal)} {outcome}{ending}"
    tell_about(proposal, kind, text, talkers(proposal), by=by, at=at)


OUTCOMES = {
    "proposal.approved": "was approved and published",
    "proposal.returned": "needs changes before it can be published",
    "proposal.rejected": "was rejected",
    "proposal.withdrawn": "was withdrawn by its author",
}


def described(proposal: Proposal) -> str:
    what = {"term": "", "scenario": "the scenario ", "log": "the sample log "}[proposal.subject] + proposal.label
    if proposal.base_revision == 0:
        return f"the new term {what}" if proposal.subject == "term" else what
    return f"a change of {'meaning' if proposal.change == 'meaning' else 'wording'} of {what}"


def tell_about(
    proposal: Proposal, kind: str, text: str, people: Iterable, *, by, at, begins_with: User | None = None
) -> None:
    event, path = f"{kind}:{proposal.pk}:{at.isoformat()}", reverse("proposal", args=[proposal.pk])
    tell(people, kind=kind, event=event, text=text, path=path, at=at, actor=begins_with, but=[by and by.pk])


def reviewers(people: set[int]) -> set[int]:
    return set(permissions.people_who_may("review").filter(pk__in=people).values_list("pk", flat=True))


def talkers(proposal: Proposal) -> set[int]:
    return set(proposal.comments.exclude(author=None).values_list("author", flat=True))


# --- comments


def commented(comment: Comment) -> None:
    """For people who are mentioned, those in the thread, the proposal's author, and who watches every change."""
    by, at, thread = comment.author, comment.created_at, comment.parent or comment
    where = comment.term.label if comment.term_id else described(comment.proposal)
    said = plain_text(comment.html)
    told = [
        ("comment.mentioned", "mentions you about", set(comment.mentions.values_list("pk", flat=True))),
        ("comment.answered", "answered in a discussion of yours about", people_in(thread) if comment.parent else set()),
    ]
    if comment.proposal_id:
        told.append(("comment.made", "commented on your proposal,", {comment.proposal.author_id}))
    else:
        told.append(("comment.made", "commented on", watchers_of_talk(comment.term_id)))
    for kind, deed, people in told:
        text, event = f"{deed} {where}: {said}", f"comment:{comment.pk}"
        tell(people, kind=kind, event=event, text=text, path=path_of(comment), at=at, actor=by, but=[by.pk])


def thread_resolved(thread: Comment, *, by, at) -> None:
    settled(thread, "comment.resolved", "called a discussion of yours settled, about", by=by, at=at)


def thread_reopened(thread: Comment, *, by, at) -> None:
    settled(thread, "comment.reopened", "opened a discussion of yours again, about", by=by, at=at)


def settled(thread: Comment, kind: str, deed: str, *, by, at) -> None:
    where = thread.term.label if thread.term_id else described(thread.proposal)
    text, event = f"{deed} {where}: {plain_text(thread.html)}", f"{kind}:{thread.pk}:{at.isoformat()}"
    tell(people_in(thread), kind=kind, event=event, text=text, path=path_of(thread), at=at, actor=by, but=[by.pk])


def people_in(thread: Comment) -> set[int]:
    return {thread.author_id, *thread.answers.values_list("author", flat=True)} - {None}


def watchers_of_talk(term_id: int) -> set[int]:
    """Talk changes nothing yet: it is for those who watch this very term, for everything."""
    return set(Watch.objects.filter(term=term_id, extent="every").values_list("person", flat=True))


def path_of(comment: Comment) -> str:
    about = comment.term_id and ("term_discuss", comment.term.slug)
    name, named = about or ("proposal", comment.proposal_id)
    return f"{reverse(name, args=[named])}#comment-{comment.pk}"
