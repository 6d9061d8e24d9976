"""Random dictionaries that may be published: every script, and whatever formats stumble over."""

from hypothesis import strategies as st

from glossary.domain.vocabulary import ALIAS_KINDS, RELATION_KINDS
from tests.snapshots import term_snapshot

AWKWARD = [
    "\"", "\\", "'", "'=1+1", "=1+1", "+1", "-1", "@x", "＝1", "|", " | ", "\\|", ";", ",", "\t", "{{", "}}", "`", "#",
    "# Engineer", "+++", "\u2028", "\x85", "e\u0301", "🧮", "عربى", "עברית", "漢字", "Ünï", "ﬁ", "ß", "\ufeff", "null",
]  # fmt: skip
LINES = ["\n", "\n\n", "\r\n", "\n# Engineer\n", "\n# Gap \n", "\n+++\n", "  \n", "\n=1\n"]
# [ would begin a link that leads nowhere; what is no character cannot be kept.
characters = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="[]")
spelt = st.characters(categories=("Ll", "Lu", "Nd", "Lo"), max_codepoint=0x4FFF)


def texts(pieces: list[str], most: int):
    return (
        st.lists(st.sampled_from(pieces) | st.text(characters, max_size=8), min_size=1, max_size=most)
        .map("".join)
        .filter(str.strip)
    )


lines = texts(AWKWARD, 5).map(lambda text: text[:100]).filter(str.strip)
prose = texts(AWKWARD + LINES, 10)
words = st.text(spelt, min_size=1, max_size=8)
uids = st.text("bcdfghjkl0123456789", min_size=8, max_size=8)


@st.composite
def dictionaries(draw) -> list[dict]:
    """Snapshots of terms that may be published together, in the categories kafka and sales."""
    terms = []
    for number, uid in enumerate(draw(st.lists(uids, min_size=1, max_size=4, unique=True))):
        # Numbers keep spellings apart from each other.
        term = term_snapshot(
            f"{draw(words)} {number}",
            uid=uid,
            slug=f"term-{number}",
            voice=draw(st.sampled_from(["engineer", "manager"])),
            category=draw(st.sampled_from(["kafka", "sales"])),
            say=draw(lines),
            avoid=draw(lines),
            lines={"engineer": draw(lines), "manager": draw(lines)},
            definitions={"engineer": draw(prose), "manager": draw(prose)},
            gap=draw(prose),
        )
        if draw(st.booleans()):
            aliases = draw(st.lists(words, max_size=3))
            term["aliases"] = [draw(alias(f"{text} {number} {place}")) for place, text in enumerate(aliases)]
        if draw(st.booleans()):
            term["sources"] = [
                {"title": title, "url": f"https://example.org/{place}"}
                for place, title in enumerate(draw(st.lists(lines, max_size=2)))
            ]
        if draw(st.booleans()):
            term["code"] = draw(st.dictionaries(st.sampled_from(["python", "clojure"]), prose, max_size=2))
            if term["code"]:
                term["code"]["path"] = "/result" + draw(lines).strip()
        terms.append(term)
    for term in terms:
        link(draw, term, terms)
    return terms


@st.composite
def alias(draw, text: str) -> dict:
    kind = draw(st.sampled_from(ALIAS_KINDS))
    note = draw(lines if kind == "discouraged" else st.none() | st.just("") | lines)
    return {"text": text, "kind": kind} | ({} if note is None else {"note": note})


def link(draw, term: dict, terms: list[dict]) -> None:
    """Links to some of the other terms. What could go round in circles, or contradict its other end, is left out."""
    same = [other for other in terms if other is not term and other["voice"] == term["voice"]]
    opposite = [other for other in terms if other["voice"] != term["voice"]]
    for name, others, kinds in (("relations", same, ["related", "contrasts"]), ("mappings", opposite, ["exact"])):
        if chosen := draw(st.lists(st.sampled_from(others), unique_by=id) if others else st.just([])):
            term[name] = [{"term": other["uid"], "kind": draw(st.sampled_from(kinds))} for other in chosen]
            if draw(st.booleans()):
                term[name][0]["note"] = draw(lines)
    assert set(RELATION_KINDS) >= {"related", "contrasts"}
