"""Whether snapshots may be published: by themselves, beside each other, and beside what is published already."""

from collections.abc import Iterable

from simulator.models import Scenario

from ..domain.hierarchy import UPWARD, Hierarchy
from ..domain.links import linked_slugs
from ..domain.matching import spelling_key
from ..domain.problems import Problem
from ..domain.snapshot import spellings_by_path, term_problems
from ..domain.vocabulary import INVERSE, VOICES, other_voice
from ..models import Category, Mapping, Relation, Spelling, Term, TermSlug


def problems_of(snapshots: list[dict], *, scenarios: Iterable[str] = ()) -> list[Problem]:
    """All problems of snapshots that are to be published together; paths begin with the uid.

    `scenarios` are slugs of scenarios that would be published with them.
    """
    problems = []
    for snapshot in snapshots:
        problems += prefixed(snapshot, term_problems(snapshot))
    return problems or reference_problems(snapshots, scenarios)


def prefixed(snapshot: dict, problems: Iterable[Problem]) -> list[Problem]:
    return [Problem(f"{snapshot.get('uid', '')}/{path}", message) for path, message in problems]


def reference_problems(snapshots: list[dict], scenarios: Iterable[str] = ()) -> list[Problem]:
    """Whether what the snapshots name exists, and whether what they claim for themselves is free."""
    known = Known(snapshots, scenarios)
    problems = []
    for snapshot in snapshots:
        problems += prefixed(snapshot, known.problems(snapshot))
    return problems


class Known:
    """What is in the dictionary, or would be once the given snapshots were published."""

    def __init__(self, snapshots: list[dict], scenarios: Iterable[str] = ()):
        uids = {snapshot["uid"] for snapshot in snapshots}
        terms = Term.objects.values_list("uid", "voice", "label")
        self.voices = {uid: voice for uid, voice, _ in terms}
        self.labels = {uid: label for uid, _, label in terms}
        self.voices_before = dict(self.voices)
        self.categories = set(Category.objects.values_list("slug", flat=True))
        self.scenarios = {*Scenario.objects.values_list("slug", flat=True), *scenarios}
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
        self.hierarchy = Hierarchy(
            Relation.objects.exclude(term__uid__in=uids).filter(kind__in=UPWARD).values_list("term__uid", "other__uid")
        )
        self.clashes: dict[tuple[str, str], str] = {}
        for snapshot in snapshots:
            self.add(snapshot)

    def add(self, snapshot: dict) -> None:
        uid = snapshot["uid"]
        if uid in self.voices and uid not in self.voices_before:
            self.clashes[uid, "uid"] = f"{uid!r} is the uid of another term too"
        self.voices[uid] = snapshot["voice"]
        self.labels[uid] = snapshot["label"]
        if self.slugs.setdefault(snapshot["slug"], uid) != uid:
            self.clashes[uid, "slug"] = f"{snapshot['slug']!r} is or was the address of another term"
        for path, text in spellings_by_path(snapshot):
            owner, label = self.spellings.setdefault((snapshot["voice"], spelling_key(text)), (uid, snapshot["label"]))
            if owner != uid:
                self.clashes[uid, path] = f"{text!r} already belongs to the {snapshot['voice']} term {label!r}"
        for mapping in snapshot.get("mappings", []):
            self.statements[uid, mapping["term"]] = mapping["kind"]
        for relation in snapshot.get("relations", []):
            if relation["kind"] in UPWARD:
                self.hierarchy.add(uid, relation["term"])

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
        yield from self.circles(snapshot)
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

    def circles(self, snapshot: dict) -> Iterable[Problem]:
        """Relations that would put a term above itself, directly or by way of others."""
        for index, relation in enumerate(snapshot.get("relations", [])):
            way = self.hierarchy.way(relation["term"], snapshot["uid"]) if relation["kind"] in UPWARD else None
            if way:
                told = " → ".join(self.labels.get(uid, uid) for uid in (snapshot["uid"], *way))
                words = relation["kind"].replace("_", " ")
                yield Problem(
                    f"relations/{index}/term", f"{words} leads in a circle: {told}; remove one of these links"
                )
