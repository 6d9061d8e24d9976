"""How a new term begins: from a search without a hit, from a request, or from a draft."""

from ..domain.matching import slugify
from ..domain.snapshot import UID
from ..domain.vocabulary import RESERVED_SLUGS, VOICES
from ..forms.fields import Fields
from ..models import Draft, Proposal, Term, TermRequest, TermSlug
from ..services.publishing import new_uid


def first_fields(params) -> Fields:
    """The fields that an address fills in: ?label= and ?voice=, or ?request= for a word that somebody asked for."""
    label, voice, note = params.get("label", ""), params.get("voice", ""), ""
    wish = params.get("request", "")
    is_number = wish.isascii() and wish.isdecimal() and len(wish) < 10
    found = TermRequest.objects.open().filter(pk=int(wish)).first() if is_number else None
    if found:
        label, voice, note = found.label, found.voice, f"Asked for: {found.note}" if found.note else "Asked for."
    return {
        "label": label[:100].replace("\x00", ""),
        "voice": voice if voice in VOICES else "",
        "note": note,
        "base_revision": "0",
    }


def free_uid(uid: str) -> str:
    """The uid that a form was given when it was opened; another one if a term has it by now."""
    return uid if UID.fullmatch(uid) and not Term.objects.filter(uid=uid).exists() else new_uid()


def suggested_slug(label: str, voice: str) -> str:
    """A free address made from a label; where the other voice has the word too, the manager's ends in -manager."""
    word = slugify(label)[:90].strip("-")
    if not word:
        return ""
    candidates = [word, f"{word}-{voice}" if voice in VOICES else "", *(f"{word}-{n}" for n in range(2, 10))]
    taken = set(TermSlug.objects.filter(slug__in=candidates).values_list("slug", flat=True)) | RESERVED_SLUGS
    return next((slug for slug in candidates if slug and slug not in taken), "")


def drafts_of(person) -> list[dict]:
    """A person's drafts of terms that do not exist yet: {uid, label, at}."""
    drafts = Draft.objects.filter(author=person, subject="term", base_revision=0)
    return [{"uid": draft.target, "label": dict(draft.fields).get("label"), "at": draft.updated_at} for draft in drafts]


def draft_named(person, uid: str) -> Draft | None:
    drafts = Draft.objects.filter(author=person, subject="term", base_revision=0)
    return drafts.filter(target=uid).first() if UID.fullmatch(uid) else None


def unfinished(person, uid: str) -> list[Proposal]:
    """A person's own proposals for a term that are not decided yet."""
    if not person.is_authenticated:
        return []
    return list(Proposal.objects.by(person).about("term", uid).unfinished())
