"""Going back to what a term said before, by a new revision that says it again."""

from django.db import transaction

from .. import permissions
from ..domain.matching import spelling_key
from ..domain.problems import Invalid, Problem
from ..domain.snapshot import spelling_keys
from ..models import Revision, Term
from .proposing import Change, Outcome, propose


@transaction.atomic
def revert(*, term: Term, number: int, note: str, by, confirms_other_voice: bool = False, at=None) -> Outcome:
    """Propose what a term said in an earlier revision, or publish it at once where that changes wording alone.

    The term keeps its present address: that is where it stands, not what it says. It also keeps the words of terms that
    were merged into it, as nothing else would lead from them to what took their place. Raises Invalid where the earlier
    text no longer holds beside what is published now, and Conflicting where somebody published meanwhile.
    """
    permissions.require(by, "revert")
    earlier = term.revisions.filter(number=number).first()
    if earlier is None or earlier.number >= term.current.number:
        raise Invalid([Problem("number", f"Version {number} is no earlier version of {term.label!r}.")])
    if not note.strip():
        raise Invalid([Problem("note", "Say why this goes back to what it said before.")])
    change = Change(
        subject="term",
        snapshot=reverted(term, earlier),
        base_revision=term.current.number,
        change=change_undone(term, earlier),
        note=note.strip(),
        confirms_other_voice=confirms_other_voice,
    )
    return propose(change, by=by, at=at)


def reverted(term: Term, earlier: Revision) -> dict:
    """What the term would say."""
    merged = Term.objects.filter(replaced_by=term, is_merged=True).select_related("current")
    taken_over = {key for each in merged for key in spelling_keys(each.current.snapshot)}
    there = spelling_keys(earlier.snapshot)
    kept = [
        alias for alias in term.current.snapshot.get("aliases", []) if spelling_key(alias["text"]) in taken_over - there
    ]
    aliases = {"aliases": [*earlier.snapshot.get("aliases", []), *kept]} if kept else {}
    return earlier.snapshot | {"slug": term.slug} | aliases


def change_undone(term: Term, earlier: Revision) -> str:
    """`meaning` if any revision that is undone changed the meaning, else `wording`."""
    undone = term.revisions.filter(number__gt=earlier.number)
    return "meaning" if undone.filter(change="meaning").exists() else "wording"
