"""Terms as authors name them in a form, and as snapshots do: a label or slug on the one side, a uid on the other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from ..domain.matching import spelling_key
from ..models import Spelling, Term, TermSlug


class Named(NamedTuple):
    uid: str
    label: str
    slug: str
    is_retired: bool = False


@dataclass(frozen=True)
class Names:
    """What the words of one form lead to.

    by_uid: the terms in question. slugs: slug → uid, old ones included. spellings: (voice, key) → uid.
    """

    by_uid: Mapping[str, Named] = field(default_factory=dict)
    slugs: Mapping[str, str] = field(default_factory=dict)
    spellings: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def uid(self, text: str, voice: str) -> str:
        """What is named: a spelling of this voice first, then a slug; the text itself where it names nothing."""
        text = text.strip()
        if text in self.by_uid:
            return text
        return self.spellings.get((voice, spelling_key(text))) or self.slugs.get(text.lower()) or text

    def word(self, uid: str, voice: str) -> str:
        """How a form names a term, so that `uid` finds it again."""
        named = self.by_uid.get(uid)
        words = [named.label, named.slug] if named else []
        return next((word for word in words if self.uid(word, voice) == uid), uid)

    def label(self, uid: str) -> str:
        return self.by_uid[uid].label if uid in self.by_uid else uid


def names_of(uids: Iterable[str], texts: Iterable[str]) -> Names:
    """What the database knows of these uids, and of words that were typed."""
    typed = {text.strip() for text in texts if "\x00" not in text and len(text) <= 200}
    slugs = dict(TermSlug.objects.filter(slug__in={text.lower() for text in typed}).values_list("slug", "term__uid"))
    spelled = Spelling.objects.filter(key__in={spelling_key(text) for text in typed})
    found = {uid for uid in spelled.values_list("term__uid", flat=True)} | set(slugs.values())
    terms = Term.objects.filter(uid__in={uid for uid in {*uids, *typed} if "\x00" not in uid} | found)
    by_uid = {uid: Named(uid, *rest) for uid, *rest in terms.values_list("uid", "label", "slug")}
    by_uid |= {uid: by_uid[uid]._replace(is_retired=True) for uid in terms.retired().values_list("uid", flat=True)}
    slugs |= {named.slug: uid for uid, named in by_uid.items()}
    keys = {spelling_key(text) for text in typed} | {spelling_key(named.label) for named in by_uid.values()}
    spellings = Spelling.objects.filter(key__in=keys).values_list("voice", "key", "term__uid")
    return Names(by_uid, slugs, {(voice, key): uid for voice, key, uid in spellings})
