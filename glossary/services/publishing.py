"""Publishing terms: a snapshot becomes the next revision, and the rows that readers see are derived from it."""

import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from simulator.models import Scenario

from ..domain.links import linked_slugs
from ..domain.matching import Target, spelling_key
from ..domain.problems import Invalid, Problem
from ..domain.snapshot import spellings_by_path, term_problems
from ..domain.vocabulary import INVERSE, VOICES, other_voice
from ..models import Category, Mapping, Relation, Revision, Spelling, Term, TermScenario, TermSlug
from ..models.revisions import Origin
from ..rendering import Links, plain_text, render
from .recording import bump_publication, record

UID_ALPHABET = "bcdfghjklmnpqrstvwxz0123456789"


@dataclass(frozen=True)
class Submission:
    """A snapshot on its way to publication; `change` is "wording" or "meaning"."""

    snapshot: dict
    change: str = "meaning"
    note: str = ""
    content_digest: str | None = None


def new_uid() -> str:
    return "".join(secrets.choice(UID_ALPHABET) for _ in range(8))


def publish_term(
    *, snapshot: dict, by=None, at=None, change="meaning", note="", origin=Origin.PERSON
) -> Revision:
    """Publish a new term or the next revision of one; a different slug renames it.

    Raises Invalid with every problem; nothing is written then.
    """
    submission = Submission(snapshot, change, note)
    return publish_terms([submission], by=by, at=at, origin=origin)[0]


@transaction.atomic
def publish_terms(
    submissions: list[Submission], *, by=None, at=None, origin=Origin.PERSON
) -> list[Revision]:
    """Publish many terms at once; they may refer to each other.

    Problems are raised as Invalid, with paths that begin with the term's uid.
    """
    at = at or timezone.now()
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
    revisions = [
        add_revision(term, submission, links, by=by, at=at, origin=origin)
        for term, submission in zip(terms, submissions, strict=True)
    ]
    render_mentions(terms, links)
    bump_publication(at=at)
    return revisions


def problems_of(snapshots: list[dict]) -> list[Problem]:
    """All problems of snapshots that are to be published together; paths begin with the uid."""
    problems = []
    for snapshot in snapshots:
        problems += prefixed(snapshot, term_problems(snapshot))
    return problems or reference_problems(snapshots)


def prefixed(snapshot: dict, problems: Iterable[Problem]) -> list[Problem]:
    return [Problem(f"{snapshot.get('uid', '')}/{path}", message) for path, message in problems]


def reference_problems(snapshots: list[dict]) -> list[Problem]:
    """Whether what the snapshots name exists, and whether what they claim for themselves is free."""
    known = Known(snapshots)
    problems = []
    for snapshot in snapshots:
        problems += prefixed(snapshot, known.problems(snapshot))
    return problems


class Known:
    """What is in the dictionary, or would be once the given snapshots were published."""

    def __init__(self, snapshots: list[dict]):
        uids = {snapshot["uid"] for snapshot in snapshots}
        self.voices = dict(Term.objects.values_list("uid", "voice"))
        self.voices_before = dict(self.voices)
        self.categories = set(Category.objects.values_list("slug", flat=True))
        self.scenarios = set(Scenario.objects.values_list("slug", flat=True))
        self.slugs = dict(TermSlug.objects.values_list("slug", "term__uid"))
        self.spellings = {
            (voice, key): (uid, label)
            for voice, key, uid, label in Spelling.objects.exclude(term__uid__in=uids).values_list(
                "voice", "key", "term__uid", "term__label"
            )
        }
        self.statements: dict[tuple[str, str], str] = {
            (uid, other): kind
            for uid, other, kind in Mapping.objects.exclude(term__uid__in=uids).values_list(
                "term__uid", "other__uid", "kind"
            )
        }
        self.clashes: dict[tuple[str, str], str] = {}
        for snapshot in snapshots:
            self.add(snapshot)

    def add(self, snapshot: dict) -> None:
        uid = snapshot["uid"]
        if uid in self.voices and uid not in self.voices_before:
            self.clashes[uid, "uid"] = f"{uid!r} is the uid of another term too"
        self.voices[uid] = snapshot["voice"]
        if self.slugs.setdefault(snapshot["slug"], uid) != uid:
            self.clashes[uid, "slug"] = f"{snapshot['slug']!r} is or was the address of another term"
        for path, text in spellings_by_path(snapshot):
            owner, label = self.spellings.setdefault(
                (snapshot["voice"], spelling_key(text)), (uid, snapshot["label"])
            )
            if owner != uid:
                self.clashes[uid, path] = f"{text!r} already belongs to the {snapshot['voice']} term {label!r}"
        for mapping in snapshot.get("mappings", []):
            self.statements[uid, mapping["term"]] = mapping["kind"]

    def problems(self, snapshot: dict) -> Iterable[Problem]:
        uid, voice = snapshot["uid"], snapshot["voice"]
        for (clashing, path), message in self.clashes.items():
            if clashing == uid:
                yield Problem(path, message)
        if self.voices_before.get(uid, voice) != voice:
            yield Problem("voice", "a term never changes its voice; make a new term")
        if snapshot["category"] not in self.categories:
            known = ", ".join(sorted(self.categories))
            yield Problem("category", f"{snapshot['category']!r} is no category; known are {known}")
        for index, slug in enumerate(snapshot.get("scenarios", [])):
            if slug not in self.scenarios:
                yield Problem(f"scenarios/{index}", f"there is no scenario {slug!r}")
        yield from self.link_problems(snapshot, "mappings", other_voice(voice))
        yield from self.link_problems(snapshot, "relations", voice)
        for index, mapping in enumerate(snapshot.get("mappings", [])):
            returned = self.statements.get((mapping["term"], uid))
            if returned and returned != INVERSE[mapping["kind"]]:
                yield Problem(
                    f"mappings/{index}/kind",
                    f"{mapping['kind']!r} contradicts the other term, which says {returned!r} of this one",
                )
        texts = {"gap": snapshot["gap"]} | {f"definitions/{v}": snapshot["definitions"][v] for v in VOICES}
        for path, text in texts.items():
            for slug in linked_slugs(text):
                if slug not in self.slugs:
                    yield Problem(path, f"[[{slug}]] leads to no term")

    def link_problems(self, snapshot: dict, name: str, voice: str) -> Iterable[Problem]:
        for index, link in enumerate(snapshot.get(name, [])):
            found = self.voices.get(link["term"])
            if found is None:
                yield Problem(f"{name}/{index}/term", f"there is no term {link['term']!r}")
            elif found != voice:
                yield Problem(f"{name}/{index}/term", f"{name} lead to {voice} terms, and this is a {found} term")


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
    letter = unicodedata.normalize("NFKD", label)[:1].upper()
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
        for slug, uid, current, voice in TermSlug.objects.values_list(
            "slug", "term__uid", "term__slug", "term__voice"
        )
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
    html = {}
    for name, (path, text, voice) in texts.items():
        try:
            html[name] = render(text, voice=voice, links=links, own_uid=snapshot["uid"])
        except ValueError as error:
            raise Invalid([Problem(f"{snapshot['uid']}/{path}", str(error))]) from None
    return html


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
    )
    term.current = revision
    save_html(term, html)
    record(
        action="term.published", target=term.uid, by=by, at=at, data={"revision": revision.number, "note": submission.note}
    )
    return revision


def save_html(term: Term, html: dict[str, str]) -> None:
    term.html_engineer, term.html_manager, term.html_gap = html["engineer"], html["manager"], html["gap"]
    words = " ".join([term.line_engineer, term.line_manager, *(plain_text(part) for part in html.values())])
    term.text = spelling_key(words)
    term.save(update_fields=["current", "html_engineer", "html_manager", "html_gap", "text"])


def render_mentions(changed: list[Term], links: Links) -> None:
    """Render again every other term whose text mentions a spelling of the changed ones, so that it links there."""
    keys = set(Spelling.objects.filter(term__in=changed).values_list("key", flat=True))
    if not keys:
        return
    others = Term.objects.exclude(pk__in=[term.pk for term in changed]).select_related("current")
    for term in others.exclude(current=None).iterator():
        if any(key in term.text for key in keys):
            save_html(term, rendered(term.current.snapshot, links))
