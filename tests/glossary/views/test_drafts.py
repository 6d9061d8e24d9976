from glossary.services import drafting
from tests.factories import ScenarioFactory, TermFactory, UserFactory


def begin(person, subject, target, **fields):
    drafting.save_draft(subject=subject, target=target, base_revision=0, fields=list(fields.items()), by=person)


def test_a_person_finds_their_drafts_of_every_kind_and_no_others(client, member):
    term = TermFactory(label="compaction")
    begin(member, "term", term.uid, label="log compaction")
    begin(member, "term", "bcdfghjk", label="data mesh")
    begin(member, "scenario", ScenarioFactory(slug="play").slug, title="Play")
    begin(member, "log", "", title="Orders")
    begin(UserFactory(member=True), "term", term.uid, label="somebody else's")
    page = client.get("/accounts/drafts/").content.decode()
    for link in (
        '<a href="/terms/compaction/edit/">log compaction</a>',
        '<a href="/terms/new/?draft=bcdfghjk">data mesh</a>',
        '<a href="/simulator/play/edit/">Play</a>',
        '<a href="/logs/new/">Orders</a>',
    ):
        assert link in page
        assert client.get(link.split('"')[1]).status_code == 200
    assert "somebody else" not in page


def test_whoever_has_no_drafts_is_told_so(client, member, words):
    assert "Nothing is waiting." in words(client.get("/accounts/drafts/"))


def test_whoever_is_signed_out_signs_in_first(client):
    assert client.get("/accounts/drafts/").status_code == 302
