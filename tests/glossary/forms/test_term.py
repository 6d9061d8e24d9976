"""A term's form says what its snapshot says, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glossary.domain.snapshot import term_problems
from glossary.domain.vocabulary import ALIAS_KINDS, MAPPING_KINDS, RELATION_KINDS, VOICES
from glossary.forms.fields import arranged, as_sent
from glossary.forms.names import Named, Names, names_of
from glossary.forms.term import NEW_ROWS, compact, field_at, fields_of, linked_uids, named_terms, snapshot_of
from glossary.models import Term
from tests.factories import TermFactory, linked_to
from tests.snapshots import term_snapshot

UIDS = ("bcdfghjk", "lmnpqrst", "vwxz0123")
NAMES = Names(
    {
        uid: Named(uid, label, slug)
        for uid, label, slug in zip(UIDS, ("Log", "log", "x"), ("log", "log-2", "x"), strict=True)
    },
    {"log": UIDS[0], "log-2": UIDS[1], "x": UIDS[2]},
    {("engineer", "log"): UIDS[0], ("manager", "log"): UIDS[1], ("engineer", "x"): UIDS[1]},
)
blanks = " \n\t\r"
line = st.text(max_size=12).map(lambda text: text.replace("\r", "").replace("\n", "").strip()).filter(bool)
prose = st.text(max_size=30).map(lambda text: text.replace("\r", "").strip("\n").rstrip()).filter(bool)
slug = st.from_regex(r"[a-z]{1,5}", fullmatch=True)


def item(required, note=True):
    return st.fixed_dictionaries(required, optional={"note": line} if note else {})


def links(kinds):
    terms = st.sampled_from([*UIDS, "no such term"])
    return st.lists(item({"term": terms, "kind": st.sampled_from(kinds)}), max_size=3)


@st.composite
def snapshots(draw):
    texts = {name: draw(line) for name in ("slug", "label", "say", "avoid")}
    scenarios = draw(st.lists(slug, max_size=3, unique=True))
    optional = {
        "scenarios": scenarios,
        "captions": {name: draw(line) for name in scenarios if draw(st.booleans())},
        "aliases": draw(st.lists(item({"text": line, "kind": st.sampled_from(ALIAS_KINDS)}), max_size=3)),
        "mappings": draw(links(MAPPING_KINDS)),
        "relations": draw(links(RELATION_KINDS)),
        "sources": draw(st.lists(item({"title": line, "url": line}, note=False), max_size=3)),
        "code": draw(st.dictionaries(st.sampled_from(["python", "clojure"]), prose)),
    }
    return {
        "uid": "q0q0q0q0",
        **texts,
        "voice": draw(st.sampled_from(VOICES)),
        "category": draw(slug),
        "lines": {voice: draw(line) for voice in VOICES},
        "definitions": {voice: draw(prose) for voice in VOICES},
        "gap": draw(prose),
        **{name: value for name, value in optional.items() if value},
    }


@given(snapshots())
def test_nothing_is_lost_between_a_snapshot_and_its_form(snapshot):
    assert snapshot_of(fields_of(snapshot, NAMES), NAMES, uid="q0q0q0q0") == snapshot


@given(snapshots())
def test_line_breaks_of_browsers_and_empty_rows_change_nothing(snapshot):
    fields = fields_of(snapshot, NAMES)
    for name in NEW_ROWS:
        fields, _ = arranged(fields, f"add {name}", NEW_ROWS)
    sent = as_sent((name, text.replace("\n", "\r\n")) for name, text in fields.items())
    assert snapshot_of(sent, NAMES, uid="q0q0q0q0") == snapshot
    assert compact(sent) == fields_of(snapshot, NAMES)


@given(
    st.dictionaries(st.sampled_from(["label", "aliases/0/text", "mappings/0/term", "sources/9/url"]) | line, st.text())
)
def test_whatever_is_sent_is_read_and_checked(fields):
    assert term_problems(snapshot_of(fields, NAMES, uid="q0q0q0q0")) != []


@pytest.mark.django_db
def test_terms_are_named_by_label_slug_alias_or_old_slug():
    log = TermFactory(label="event log", aliases=[{"text": "journal", "kind": "synonym"}], renamed=True)
    book = TermFactory(label="event log", slug="event-log-manager", manager=True)
    names = names_of(
        [], ["Event Log", "the-new-name", "event-log", "event-log-manager", "JOURNAL", "no such", "nul\x00"]
    )
    for text in ("Event Log", "the-new-name", "event-log", "JOURNAL", log.uid):
        assert names.uid(text, "engineer") == log.uid, text
    assert names.uid("event log", "manager") == book.uid
    assert names.uid("no such", "manager") == "no such"


@pytest.mark.django_db
def test_a_form_names_other_terms_by_their_labels():
    log, book = TermFactory(label="log"), TermFactory(label="log", slug="log-manager", manager=True)
    snapshot = term_snapshot("topic", mappings=[linked_to(book, "close")], relations=[linked_to(log, "part_of")])
    fields = fields_of(snapshot, names_of(linked_uids(snapshot), []))
    assert named_terms(fields) == ["log", "log"]
    assert snapshot_of(fields, names_of([], named_terms(fields)), uid=snapshot["uid"]) == snapshot
    assert Term.objects.count() == 2


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("aliases/1/kind", "aliases/1/kind"),
        ("mappings", "mappings"),
        ("definitions/manager", "definitions/manager"),
        ("scenarios/1", "scenarios/1/slug"),
        ("captions/play", "scenarios/1/caption"),
        ("uid", ""),
        ("", ""),
    ],
)
def test_a_problem_finds_its_field(path, name):
    assert field_at(path, {"scenarios": ["fold", "play"]}) == name
