"""Publishing terms: a snapshot becomes the next revision, and the rows that readers see are derived from it."""

import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from simulator.models import Scenario

from ..domain.matching import Target, spelling_key
from ..domain.problems import Invalid, Problem
from ..domain.vocabulary import OWN_LOG, VOICES, other_voice
from ..models import Category, Mapping, Proposal, Relation, Revision, Spelling, Term, TermScenario, TermSlug
from ..models.revisions import Origin
from ..rendering import NO_LINKS, Links, plain_text, render
from . import delivering, notifying
from .checking import problems_of
from .own_log import append_revisions
from .recording import bump_publication, lock_publications, record
from .requesting import answer_requests

UID_ALPHABET = "bcdfghjklmnpqrstvwxz0123456789"
# What a term's own pages show and those of other terms do not.
OWN_FIELDS = {"lines", "definitions", "gap", "say", "avoid", "sources"}
# A definition that nobody touched for so long is due to be read against the world again.
REVIEW_AFTER = timedelta(days=365)


@dataclass(frozen=True)
class Submission:
    """A snapshot on its way to publication; `change` is "wording" or "meaning".

    confirms_other_voice: that the voice which is left as it was still says the same.
    proposal: the proposal that is published so, if it is one.
    """

    snapshot: dict
    change: str = "meaning"
    note: str = ""
    content_digest: str | None = None
    confirms_other_voice: bool = False
    proposal: Proposal | None = None


def new_uid() -> str:
    return "".join(secrets.choice(UID_ALPHABET) for _ in range(8))


def publish_term(*, snapshot: dict, by=None, at=None, change="meaning", note="", origin=Origin.PERSON) -> Revision:
    """Publish a new term or the next revision of one; a different slug renames it.

    Raises Invalid with every problem; nothing is written then.
    """
    submission = Submission(snapshot, change, note)
    return publish_terms([submission], by=by, at=at, origin=origin)[0]


@transaction.atomic
def publish_terms(submissions: list[Submission], *, by=None, at=None, origin=Origin.PERSON) -> list[Revision]:
    """Publish many terms at once; they may refer to each other.

    Problems are raised as Invalid, with paths that begin with the term's uid.
    """
    at = at or timezone.now()
    lock_publications()
    problems = problems_of([submission.snapshot for submission in submissions])
    if problems:
        raise Invalid(problems if len(submissions) > 1 else [Problem(p.partition("/")[2], m) for p, m in problems])
    terms = [upsert(submission) for submission in submissions]
    free_spellings(terms)
    for term, submission in zip(terms, submissions, strict=True):
        save_spellings(term, submission.snapshot)
    by_uid = {term.uid: term for term in Term.objects.filter(uid__in=linked_uids(submissions))}
    for term, submission in zip(terms, submissions, strict=True):
        save_links(term, submission.snapshot, by_uid)
    links = current_links()
    before = [term.current.snapshot if term.current else None for term in terms]
    revisions = [
        add_revision(term, submission, links, by=by, at=at, origin=origin)
        for term, submission in zip(terms, submissions, strict=True)
    ]
    moved = set().union(*(moved_words(was, now.snapshot) for was, now in zip(before, submissions, strict=True)))
    render_mentions(moved, links, apart_from=terms)
    append_revisions(revisions, before)
    answer_requests(terms, by=by, at=at)
    notifying.terms_published(revisions, before)
    delivering.terms_published(revisions, at=at)
    bump_publication(at=at, shown_by=pages_moved(revisions, before))
    return revisions


def pages_moved(revisions: list[Revision], before: list[dict | None]) -> list[Term] | None:
    """The terms whose pages show what was published; None where pages of any other term may show it too."""
    for revision, said in zip(revisions, before, strict=True):
        after = revision.snapshot
        if said is None or any(said.get(name) != after.get(name) for name in (said.keys() | after.keys()) - OWN_FIELDS):
            return None
    return [
        *(revision.term for revision in revisions),
        *Term.objects.filter(term_scenarios__scenario__log__slug=OWN_LOG),
    ]


def upsert(submission: Submission) -> Term:
    """The row of a term, with what a snapshot says of it alone; links come after."""
    snapshot = submission.snapshot
    values = {
        "slug": snapshot["slug"],
        "label": snapshot["label"],
        "category": Category.objects.get(slug=snapshot["category"]),
        "sort_key": spelling_key(snapshot["label"]),
        "letter": first_letter(snapshot["label"]),
        "line_engineer": snapshot["lines"]["engineer"],
        "line_manager": snapshot["lines"]["manager"],
        "say": snapshot["say"],
        "avoid": snapshot["avoid"],
    }
    if submission.content_digest is not None:
        values["content_digest"] = submission.content_digest
    term, _ = Term.objects.select_for_update().update_or_create(
        uid=snapshot["uid"], defaults=values, create_defaults=values | {"voice": snapshot["voice"]}
    )
    TermSlug.objects.get_or_create(slug=snapshot["slug"], defaults={"term": term})
    return term


def first_letter(label: str) -> str:
    """The letter of the A–Z rail: accents dropped; # for what does not begin with a letter."""
    letter = unicodedata.normalize("NFKD", label).upper()[:1]
    return letter if letter.isalpha() else "#"


def free_spellings(terms: list[Term]) -> None:
    Spelling.objects.filter(term__in=terms).delete()


def save_spellings(term: Term, snapshot: dict) -> None:
    aliases = [{"text": snapshot["label"], "kind": "label"}, *snapshot.get("aliases", [])]
    Spelling.objects.bulk_create(
        Spelling(
            term=term,
            voice=term.voice,
            text=alias["text"],
            key=spelling_key(alias["text"]),
            kind=alias["kind"],
            note=alias.get("note", ""),
            position=position,
        )
        for position, alias in enumerate(aliases)
    )


def linked_uids(submissions: list[Submission]) -> set[str]:
    return {
        link["term"]
        for submission in submissions
        for name in ("mappings", "relations")
        for link in submission.snapshot.get(name, [])
    }


def save_links(term: Term, snapshot: dict, by_uid: dict[str, Term]) -> None:
    for model, name in ((Mapping, "mappings"), (Relation, "relations")):
        model.objects.filter(term=term).delete()
        model.objects.bulk_create(
            model(term=term, other=by_uid[link["term"]], kind=link["kind"], note=link.get("note", ""), position=i)
            for i, link in enumerate(snapshot.get(name, []))
        )
    slugs = snapshot.get("scenarios", [])
    scenarios = {scenario.slug: scenario for scenario in Scenario.objects.filter(slug__in=slugs)}
    TermScenario.objects.filter(term=term).delete()
    TermScenario.objects.bulk_create(
        TermScenario(
            term=term, scenario=scenarios[slug], caption=snapshot.get("captions", {}).get(slug, ""), position=i
        )
        for i, slug in enumerate(slugs)
    )


def current_links() -> Links:
    """Where words lead now: every slug ever given, and the spellings of published terms."""
    slugs = {
        slug: Target(uid, current, voice)
        for slug, uid, current, voice in TermSlug.objects.values_list("slug", "term__uid", "term__slug", "term__voice")
    }
    spellings = Spelling.objects.filter(term__status=Term.Status.PUBLISHED).order_by("term_id", "position")
    return Links(
        slugs,
        [
            (text, kind, Target(uid, slug, voice))
            for text, kind, uid, slug, voice in spellings.values_list(
                "text", "kind", "term__uid", "term__slug", "voice"
            )
        ],
    )


def rendered(snapshot: dict, links: Links) -> dict[str, str]:
    """The HTML of a snapshot's texts: {engineer, manager, gap}. Raises Invalid."""
    texts = {voice: (f"definitions/{voice}", snapshot["definitions"][voice], voice) for voice in VOICES}
    texts["gap"] = ("gap", snapshot["gap"], snapshot["voice"])
    html, problems = {}, []
    for name, (path, text, voice) in texts.items():
        try:
            html[name] = render(text, voice=voice, links=links, own_uid=snapshot["uid"])
        except ValueError as error:
            problems.append(Problem(f"{snapshot['uid']}/{path}", str(error)))
    if problems:
        raise Invalid(problems)
    return html


def unrenderable(snapshot: dict) -> list[Problem]:
    """Why texts of a snapshot cannot be rendered; that does not depend on where their words lead."""
    try:
        rendered(snapshot, NO_LINKS)
    except Invalid as invalid:
        return invalid.problems
    return []


def add_revision(term: Term, submission: Submission, links: Links, *, by, at, origin) -> Revision:
    snapshot = submission.snapshot
    html = rendered(snapshot, links)
    revision = Revision.objects.create(
        term=term,
        number=term.current.number + 1 if term.current else 1,
        snapshot=snapshot,
        html=html,
        change=submission.change,
        note=submission.note,
        origin=origin,
        author=by,
        published_at=at,
        confirms_other_voice=submission.confirms_other_voice,
        proposal=submission.proposal,
    )
    before = term.current.snapshot if term.current else snapshot
    term.drifted_voice = drifted_voice(before, submission, term.drifted_voice)
    term.review_due_on = (at + REVIEW_AFTER).date()
    term.current = revision
    save_html(term, html)
    data = {"revision": revision.number, "note": submission.note}
    if submission.proposal:
        data["proposal"] = submission.proposal.pk
    record(action="term.published", target=term.uid, by=by, at=at, data=data)
    return revision


def drifted_voice(before: dict, submission: Submission, drifted: str) -> str:
    """The voice that no longer keeps up with the other one, or "".

    Only a change of both, of the one that lagged behind, or a confirmation brings them together again.
    """
    changed = changed_voices(before, submission.snapshot)
    if submission.confirms_other_voice or len(changed) == 2:
        return ""
    if not changed:
        return drifted
    return "" if changed == [drifted] else other_voice(changed[0])


def changed_voices(before: dict, after: dict) -> list[str]:
    """The voices whose line or definition differs."""
    return [v for v in VOICES if any(before[name][v] != after[name][v] for name in ("lines", "definitions"))]


def save_html(term: Term, html: dict[str, str]) -> None:
    term.html_engineer, term.html_manager, term.html_gap = html["engineer"], html["manager"], html["gap"]
    words = " ".join([term.line_engineer, term.line_manager, *(plain_text(part) for part in html.values())])
    term.text = spelling_key(words)
    derived = ["current", "drifted_voice", "review_due_on", "html_engineer", "html_manager", "html_gap", "text"]
    term.save(update_fields=derived)


def moved_words(before: dict | None, after: dict) -> set[str]:
    """The keys of spellings that lead elsewhere now, or no longer anywhere, or for the first time."""
    old, new = words_of(before), words_of(after)
    has_moved = before is None or before["slug"] != after["slug"]
    return {spelling_key(text) for text, _ in (old | new if has_moved else old ^ new)}


def words_of(snapshot: dict | None) -> set[tuple[str, str]]:
    """(text, kind) of a term's label and aliases."""
    if snapshot is None:
        return set()
    return {(snapshot["label"], "label"), *((alias["text"], alias["kind"]) for alias in snapshot.get("aliases", []))}


def keys_of(term: Term) -> set[str]:
    return set(Spelling.objects.filter(term=term).values_list("key", flat=True))


def render_mentions(keys: set[str], links: Links, *, apart_from: Iterable[Term]) -> None:
    """Render again every term, apart from some, whose text mentions one of these spellings, as it links now."""
    if not keys:
        return
    others = Term.objects.exclude(pk__in=[term.pk for term in apart_from]).select_related("current")
    for term in others.exclude(current=None).iterator():
        if any(key in term.text for key in keys):
            save_html(term, rendered(term.current.snapshot, links))
