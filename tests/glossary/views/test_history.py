"""A term's history: its revisions, two of them compared, going back to one; retiring, restoring, merging."""

import re

import pytest

from glossary.models import AuditEntry, Proposal, Revision, Term
from glossary.services import publishing, retiring
from tests.factories import FIRST_DAY, TermFactory, UserFactory

OTHER_GAP = {"gap": "A gap that says more.", "change": "meaning"}
OTHER_SAY = {"say": "Say it so.", "change": "wording"}


# --- revisions


def test_a_history_tells_who_when_why_and_what_kind(client, words):
    term = TermFactory(label="compaction", edits=[OTHER_GAP])
    author = UserFactory(display_name="Ada", member=True)
    publishing.publish_term(
        snapshot=term.current.snapshot | {"say": "So."}, by=author, note="It was long.", change="wording", at=FIRST_DAY
    )
    publishing.publish_term(snapshot=term.current.snapshot | {"say": "So"}, origin="content", at=FIRST_DAY)
    text = words(client.get("/terms/compaction/history/"))
    assert "v4 2 Mar 2026, 09:00 content files meaning" in text
    assert "v3 2 Mar 2026, 09:00 Ada wording It was long." in text
    assert text.index("v4") < text.index("v3") < text.index("v2") < text.index("v1")


def test_everybody_reads_a_history_and_only_curators_see_what_to_do_about_it(client, words):
    TermFactory(label="compaction", edits=[OTHER_GAP])
    for role in ({}, {"member": True}):
        if role:
            client.force_login(UserFactory(**role))
        text = words(client.get("/terms/compaction/history/"))
        assert "Retire" not in text
        assert "Go back to it" not in text
    client.force_login(UserFactory(curator=True))
    text = words(client.get("/terms/compaction/history/"))
    assert "Retire" in text
    assert text.count("Go back to it") == 1


def test_a_long_history_is_told_in_pages_without_loading_what_it_said(client, django_assert_max_num_queries):
    term = TermFactory(label="compaction")
    fields = {"term": term, "snapshot": term.current.snapshot, "html": term.current.html, "published_at": FIRST_DAY}
    Revision.objects.bulk_create([Revision(**fields, number=n, change="wording") for n in range(2, 161)])
    Term.objects.update(current=Revision.objects.get(number=160))
    with django_assert_max_num_queries(6) as queries:
        html = client.get("/terms/compaction/history/").content.decode()
    listing = next(query["sql"] for query in queries if "LIMIT 51" in query["sql"])
    assert "snapshot" not in listing
    assert '"html"' not in listing
    seen = []
    while True:
        seen += [int(n) for n in re.findall(r">v(\d+)</a>", html)]
        following = re.search(r'rel="next" href="([^"]*)"', html)
        if not following:
            break
        html = client.get("/terms/compaction/history/" + following[1]).content.decode()
    assert seen == list(range(160, 0, -1))


def test_an_old_slugs_history_leads_on(client):
    TermFactory(label="old name", edits=[{"slug": "new-name", "change": "wording"}])
    response = client.get("/terms/old-name/history/?after=2")
    assert (response.status_code, response.url) == (301, "/terms/new-name/history/?after=2")


# --- any two compared


def test_any_two_versions_are_compared_in_either_direction(client):
    TermFactory(label="compaction", gap="It is *kept*.", edits=[OTHER_SAY, {"gap": "It is *lost*."}])
    there = client.get("/terms/compaction/diff/?from=1&to=3").content.decode()
    assert "<p>It is <em><del>kept</del><ins>lost</ins></em>.</p>" in there
    assert 'id="field-say"' in there
    back = client.get("/terms/compaction/diff/?from=3&to=1").content.decode()
    assert "<p>It is <em><del>lost</del><ins>kept</ins></em>.</p>" in back
    source = client.get("/terms/compaction/diff/?from=1&to=3&as=source").content.decode()
    assert "It is *<del>kept</del><ins>lost</ins>*." in source
    newest = client.get("/terms/compaction/diff/").content.decode()
    assert "<del>kept</del><ins>lost</ins>" in newest
    assert 'id="field-say"' not in newest


def test_a_version_compared_with_itself_says_the_same(client, words):
    TermFactory(label="compaction", edits=[OTHER_GAP])
    assert "These versions say the same." in words(client.get("/terms/compaction/diff/?from=2&to=2"))


@pytest.mark.parametrize("value", ["9", "0", "-1", "x", "1.5", "9" * 30, "%00", "٣", "<script>"])
def test_a_version_that_there_is_not_is_named_with_those_that_there_are(client, words, value):
    TermFactory(label="compaction", edits=[OTHER_GAP])
    response = client.get(f"/terms/compaction/diff/?from={value}&to=2")
    assert response.status_code == 404
    assert "of this term: they are numbered 1 to 2." in words(response)
    assert "<script>'" not in response.content.decode()


def test_a_change_of_markup_alone_says_so(client, words):
    TermFactory(label="compaction", gap="It is kept.", edits=[{"gap": "It is *kept*.", "change": "wording"}])
    assert "only emphasis, links or layout differ" in words(client.get("/terms/compaction/diff/?from=1&to=2"))


# --- going back


def test_going_back_over_wording_is_published_at_once(client, curator, words):
    term = TermFactory(label="compaction", edits=[OTHER_SAY])
    assert "Publish version 1 again" in words(client.get("/terms/compaction/revert/1/"))
    response = client.post("/terms/compaction/revert/1/", {"note": "It was better."})
    assert response.url == "/terms/compaction/"
    term.refresh_from_db()
    first = term.revisions.get(number=1)
    assert term.current.number == 3
    assert term.current.snapshot == first.snapshot
    assert (term.current.author, term.current.change, term.current.note) == (curator, "wording", "It was better.")


def test_going_back_over_a_change_of_meaning_waits_for_another_curator(client, curator, words):
    term = TermFactory(label="compaction", edits=[OTHER_GAP, OTHER_SAY])
    assert "another curator decides about it" in words(client.get("/terms/compaction/revert/1/"))
    response = client.post("/terms/compaction/revert/1/", {"note": "It was right."})
    proposal = Proposal.objects.get()
    assert response.url == f"/proposals/{proposal.pk}/"
    assert (proposal.change, proposal.status, proposal.base_revision) == ("meaning", "open", 3)
    term.refresh_from_db()
    assert term.current.number == 3


def test_going_back_keeps_the_present_address(client, curator):
    TermFactory(label="old name", edits=[{"slug": "new-name", "say": "So.", "change": "wording"}])
    client.post("/terms/new-name/revert/1/", {"note": "It was better."})
    term = Term.objects.get()
    assert (term.slug, term.say) == ("new-name", term.revisions.get(number=1).snapshot["say"])


def test_an_old_text_that_no_longer_holds_is_refused_with_a_sentence(client, curator, words):
    TermFactory(
        label="compaction",
        aliases=[{"text": "squash", "kind": "synonym"}],
        edits=[{"aliases": [], "change": "wording"}],
    )
    TermFactory(label="squash")
    response = client.post("/terms/compaction/revert/1/", {"note": "It was better."})
    assert response.status_code == 422
    assert "'squash' already belongs to the engineer term 'squash'" in words(response)
    assert "It was better." in response.content.decode()


def test_going_back_needs_a_reason(client, curator, words):
    TermFactory(label="compaction", edits=[OTHER_SAY])
    response = client.post("/terms/compaction/revert/1/", {"note": " "})
    assert response.status_code == 422
    assert "Say why this goes back" in words(response)


@pytest.mark.parametrize("number", [2, 3, 999999999999])
def test_there_is_no_going_back_to_what_is_no_earlier_version(client, curator, number):
    TermFactory(label="compaction", edits=[OTHER_SAY])
    assert client.get(f"/terms/compaction/revert/{number}/").status_code == 404
    assert client.post(f"/terms/compaction/revert/{number}/", {"note": "So."}).status_code == 404


def test_a_retired_term_is_not_changed_by_going_back(client, curator, words):
    TermFactory(label="compaction", edits=[OTHER_SAY], retired=True)
    response = client.post("/terms/compaction/revert/1/", {"note": "So."})
    assert response.status_code == 422
    assert "bring it back before changing it" in words(response)


# --- retiring, restoring, merging


def test_a_term_is_retired_with_a_replacement_by_name_or_address(client, curator, words):
    TermFactory(label="old")
    new = TermFactory(label="the new one", aliases=[{"text": "newer", "kind": "synonym"}])
    assert "Retire this term" in words(client.get("/terms/old/retire/"))
    client.post("/terms/old/retire/", {"replaced_by": "Newer", "reason": "Nobody says it."})
    old = Term.objects.get(label="old")
    assert (old.is_retired, old.replaced_by) == (True, new)
    assert AuditEntry.objects.get(action="term.retired").data["reason"] == "Nobody says it."
    assert client.get("/terms/old/").status_code == 410
    assert client.get("/terms/old/v/1/").status_code == 200
    assert client.get("/terms/old/history/").status_code == 200


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("nothing like it", "There is no engineer term 'nothing like it'."),
        ("offzet", "Did you mean offset?"),
        ("boss", "'boss' cannot replace this term"),
        ("old", "'old' cannot replace this term"),
        ("\0", "There is no engineer term"),
    ],
)
def test_a_replacement_that_is_none_is_refused_and_what_was_typed_stays(client, curator, words, name, told):
    TermFactory(label="old")
    TermFactory(label="offset")
    TermFactory(label="boss", manager=True)
    for deed in ("retire", "merge"):
        response = client.post(f"/terms/old/{deed}/", {"replaced_by": name, "reason": "I typed this."})
        assert response.status_code == 422
        assert told in words(response)
        assert "I typed this." in response.content.decode()
    assert not Term.objects.get(label="old").is_retired


def test_a_retired_term_is_restored(client, curator, words):
    TermFactory(label="old", retired=True)
    assert "Restore it" in words(client.get("/terms/old/"))
    assert "Restore this term" in words(client.get("/terms/old/restore/"))
    response = client.post("/terms/old/restore/", {"reason": ""})
    assert response.url == "/terms/old/"
    assert client.get("/terms/old/").status_code == 200
    again = client.post("/terms/old/restore/")
    assert again.status_code == 422
    assert "'old' is not retired" in words(again)


def test_a_merged_terms_addresses_lead_to_the_other_and_its_versions_stay(client, curator, words):
    old, _ = TermFactory(label="old"), TermFactory(label="other")
    assert "takes over old" in words(client.get("/terms/old/merge/"))
    response = client.post("/terms/old/merge/", {"replaced_by": "other"})
    assert response.url == "/terms/other/"
    client.logout()
    led = client.get("/terms/old/")
    assert (led.status_code, led.url) == (301, "/terms/other/")
    assert client.get(f"/id/{old.uid}/", follow=True).redirect_chain[-1] == ("/terms/other/", 301)
    assert client.get("/terms/old/v/1/").status_code == 200
    assert client.get(f"/id/{old.uid}/v/1/", follow=True).status_code == 200
    assert "merged into other" in words(client.get("/terms/old/history/"))
    assert "Takes over the words of 'old'" in words(client.get("/terms/other/history/"))


def test_merging_into_nothing_is_refused(client, curator, words):
    TermFactory(label="old")
    response = client.post("/terms/old/merge/", {"replaced_by": " "})
    assert response.status_code == 422
    assert "Name the engineer term that takes its place." in words(response)


def test_a_merged_term_is_restored_by_its_own_address(client, curator):
    old, into = TermFactory(label="old"), TermFactory(label="other")
    retiring.merge_term(term=old, into=into, by=curator)
    assert client.get("/terms/old/restore/").status_code == 200
    client.post("/terms/old/restore/")
    assert client.get("/terms/old/").status_code == 200
    assert Term.objects.get(label="other").current.snapshot["aliases"] == []


def test_the_term_page_leads_to_its_history(client):
    TermFactory(label="compaction")
    assert 'href="/terms/compaction/history/"' in client.get("/terms/compaction/").content.decode()
