"""The review queue, a proposal's page, and what each role may do with it."""

import re

import pytest
from django.urls import reverse

from glossary.models import AuditEntry, Comment, Proposal, Revision, Term
from glossary.services import discussing, proposing, publishing, reviewing
from glossary.services.proposing import Change
from tests.factories import (
    CategoryFactory,
    ProposalFactory,
    SampleLogFactory,
    ScenarioFactory,
    TermFactory,
    UserFactory,
)
from tests.snapshots import log_snapshot, scenario_snapshot, term_snapshot


@pytest.fixture
def curator(client):
    person = UserFactory(curator=True, display_name="Cleo")
    client.force_login(person)
    return person


def page(proposal) -> str:
    return reverse("proposal", args=[proposal.pk])


def decide(client, proposal, deed, **fields):
    """What a curator's browser posts, from the page as it stands."""
    sent = seen_by(client, proposal) | {"deed": deed} | fields
    return client.post(reverse("proposal_decision", args=[proposal.pk]), sent)


def seen_by(client, proposal) -> dict[str, str]:
    """What the page tells a decision of what stood on it; nothing where nothing can be decided."""
    return dict(re.findall(r'name="(seen\w*)" value="([^"]*)"', client.get(page(proposal)).content.decode()))


# --- the queue


def test_the_queue_shows_what_waits_the_oldest_first(client, curator, words):
    first, second, decided = ProposalFactory(), ProposalFactory(), ProposalFactory()
    reviewing.reject(proposal=decided, by=curator, reason="No.")
    text = words(client.get("/review/"))
    assert "2 proposals" in text
    assert text.index(first.label) < text.index(second.label)
    assert decided.label not in text


@pytest.mark.parametrize(
    ("query", "labels"),
    [
        ("", {"one", "two", "scene"}),
        ("state=all", {"one", "two", "scene", "given back"}),
        ("state=changes_requested", {"given back"}),
        ("subject=scenario", {"scene"}),
        ("voice=manager", {"two"}),
        ("category=other", {"two"}),
        ("change=wording", {"one"}),
        ("who=mine", set()),
        ("who=waiting", {"one", "two", "scene"}),
        ("voice=manager&change=wording", set()),
        ("voice=nobody", set()),
        ("state=%00", set()),
        ("set=99999999999999999999", set()),
    ],
)
def test_filters_narrow_and_unknown_values_give_nothing(client, curator, query, labels):
    CategoryFactory(slug="other")
    author = UserFactory(member=True)
    ProposalFactory(term=TermFactory(label="one"), change="wording", author=author)
    ProposalFactory(term=TermFactory(label="two", manager=True, category="other"), author=author)
    back = ProposalFactory(term=TermFactory(label="given back"), author=author)
    reviewing.ask_for_changes(proposal=back, by=curator, reason="More.")
    SampleLogFactory()
    proposing.propose(Change("scenario", scenario_snapshot(title="scene"), 0), by=author)
    html = client.get(f"/review/?{query}").content.decode()
    assert set(re.findall(r'<a[^>]* href="/proposals/\d+/">([^<]*)</a>', html)) == labels


def test_what_waits_for_somebody_is_what_they_can_do_something_about(client, words):
    member = UserFactory(member=True)
    curator = UserFactory(curator=True)
    mine = ProposalFactory(term=TermFactory(label="mine"), author=member)
    own = ProposalFactory(term=TermFactory(label="own meaning"), author=curator)
    Proposal.objects.filter(pk=ProposalFactory(term=TermFactory(label="of a file")).pk).update(author=None)
    reviewing.ask_for_changes(proposal=mine, by=curator, reason="More.")
    client.force_login(member)
    assert "1 proposal " in words(client.get("/review/?who=waiting"))
    client.force_login(curator)
    text = words(client.get("/review/?who=waiting"))
    assert "of a file" in text
    assert own.label not in text


def test_the_queue_is_told_in_pages_and_loads_no_snapshot(client, curator, django_assert_max_num_queries):
    proposal = ProposalFactory(term=TermFactory(label="a word"))
    fields = {f.attname: getattr(proposal, f.attname) for f in Proposal._meta.fields if f.attname != "id"}
    Proposal.objects.bulk_create([Proposal(**fields | {"label": f"copy {n}"}) for n in range(120)])
    with django_assert_max_num_queries(12) as queries:
        html = client.get("/review/").content.decode()
    assert not [query["sql"] for query in queries if '"snapshot"' in query["sql"]]
    assert "121 proposals" in html
    seen = []
    while True:
        seen += re.findall(r'href="/proposals/\d+/">([^<]*)</a>', html)
        following = re.search(r'rel="next" href="([^"]*)"', html)
        if not following:
            break
        html = client.get("/review/" + following[1]).content.decode()
    assert seen == ["a word", *(f"copy {n}" for n in range(120))]


def test_an_empty_queue_says_what_to_do(client, curator, words):
    assert "Nothing waits for review." in words(client.get("/review/"))


# --- what a proposal's page shows


def test_a_proposal_is_told_field_by_field_and_word_by_word(client, curator):
    term = TermFactory(definitions={"engineer": "The *log* is kept.", "manager": "Kept."})
    definitions = {"engineer": "The *log* is lost.", "manager": "Kept."}
    proposal = ProposalFactory(term=term, changes={"definitions": definitions, "say": "Say it so."})
    rendered = client.get(page(proposal)).content.decode()
    assert "The <em>log</em> is <del>kept</del><ins>lost</ins>." in rendered
    assert '<span class="voice engineer">engineer</span>' in rendered
    source = client.get(page(proposal) + "?as=source").content.decode()
    assert "The *log* is <del>kept</del><ins>lost</ins>." in source
    assert "<h3" in source
    assert source.count('class="field-change"') == 2


def test_lists_are_told_as_rows_with_labels(client, curator, words):
    near, far = TermFactory(label="near"), TermFactory(label="far")
    term = TermFactory(
        relations=[{"term": near.uid, "kind": "related"}],
        aliases=[{"text": "squash", "kind": "synonym"}, {"text": "press", "kind": "synonym"}],
    )
    changes = {
        "relations": [{"term": far.uid, "kind": "part_of", "note": "mostly"}],
        "aliases": [{"text": "squash", "kind": "abbreviation"}],
    }
    text = words(client.get(page(ProposalFactory(term=term, changes=changes))))
    assert "added far kind part of note mostly" in text
    assert "removed near kind related" in text
    assert "changed squash kind synonym abbreviation" in text
    assert "removed press" in text
    assert near.uid not in text


def test_a_proposal_that_merges_cleanly_shows_what_approving_would_change(client, curator, words):
    term = TermFactory()
    proposal = ProposalFactory(term=term)
    publishing.publish_term(snapshot=term.current.snapshot | {"say": "Say it so."})
    text = words(client.get(page(proposal)))
    assert "Since then 1 version was published; it merges cleanly with version 2" in text
    assert "What approving it would change" in text
    assert "Say it so." not in text
    assert "What its author changed" in words(client.get(page(proposal) + "?against=base"))


def test_a_conflict_shows_both_texts_and_offers_to_ask_the_author(client, curator, words):
    term = TermFactory()
    proposal = ProposalFactory(term=term, changes={"say": "Mine."})
    publishing.publish_term(snapshot=term.current.snapshot | {"say": "Theirs."})
    response = client.get(page(proposal))
    text = words(response)
    assert "it conflicts with version 2" in text
    assert "<ins>Mine</ins>." in response.content.decode()
    assert "<ins>Theirs</ins>." in response.content.decode()
    assert "Approve and publish" not in text
    assert "Please decide between the texts." in response.content.decode()


def test_a_new_term_shows_everything_it_says(client, curator, words):
    CategoryFactory()
    member = UserFactory(member=True)
    proposal = proposing.propose(Change("term", term_snapshot("brand"), 0), by=member).proposal
    text = words(client.get(page(proposal)))
    assert "A new term, proposed by" in text
    assert "The exact meaning of brand." in text


def test_a_scenario_shows_its_claims_before_and_after_and_a_live_figure(client, curator, words):
    scenario = ScenarioFactory(slug="kept")
    snapshot = scenario.revisions.get().snapshot
    claims = [snapshot["claims"][0] | {"value": 1, "engineer": "Offset one stays."}]
    change = Change("scenario", snapshot | {"claims": claims, "params": {"segmentRecords": 3}}, 1)
    proposal = proposing.propose(change, by=UserFactory(member=True)).proposal
    response = client.get(page(proposal))
    text = words(response)
    assert "/result/survivors contains 2" in text
    assert "/result/survivors contains 1" in text
    assert "Parameter: segmentRecords" in text
    html = response.content.decode()
    assert 'id="scenario-kept"' in html
    assert "Offset one stays." in html
    assert 'type="module"' in html


def test_a_sample_log_shows_its_records(client, curator, words):
    log = SampleLogFactory()
    records = [*log.records[1:], {"time": 1772784180000, "key": "order-9", "type": "OrderPlaced", "value": None}]
    change = Change("log", log_snapshot(records=records), 1)
    proposal = proposing.propose(change, by=UserFactory(member=True)).proposal
    text = words(client.get(page(proposal)))
    assert "1 added, 1 removed" in text
    assert "order-9" in text


def test_a_hostile_text_is_shown_and_not_run(client, curator):
    term = TermFactory(gap="Nothing.")
    proposal = ProposalFactory(term=term, changes={"gap": "<script>alert(1)</script> [x](javascript:1)"})
    for query in ("", "?as=source"):
        html = client.get(page(proposal) + query).content.decode()
        assert "<script>alert" not in html
        assert 'href="javascript' not in html


# --- deciding


@pytest.mark.parametrize(
    ("changes", "is_told"),
    [
        ({"gap": "They differ."}, False),
        ({"definitions": {"engineer": "Exact.", "manager": "Plain."}}, False),
        ({"lines": {"engineer": "Exact.", "manager": "What managers hear in compaction."}}, True),
    ],
)
def test_the_other_voice_is_spoken_of_where_one_was_left_behind(client, curator, words, changes, is_told):
    proposal = ProposalFactory(term=TermFactory(label="compaction"), changes=changes)
    assert ("Other voice" in words(client.get(page(proposal)))) == is_told


def test_approving_publishes_and_tells_who_decided(client, curator, words):
    proposal = ProposalFactory()
    response = decide(client, proposal, "approve")
    assert response.status_code == 302
    text = words(client.get(response.url))
    assert "Published as version 2." in text
    assert "published by Cleo" in text
    assert Term.objects.get(uid=proposal.target).current.snapshot["gap"] == "A gap that says more."


def test_a_curator_overrules_what_its_author_called_it(client, curator):
    proposal = ProposalFactory(change="wording")
    decide(client, proposal, "approve", change="meaning")
    assert Revision.objects.get(proposal=proposal).change == "meaning"


@pytest.mark.parametrize(("deed", "state"), [("reject", "rejected"), ("ask_for_changes", "changes_requested")])
def test_turning_down_needs_a_reason_and_keeps_it(client, curator, words, deed, state):
    proposal = ProposalFactory()
    response = decide(client, proposal, deed, reason=" ")
    assert response.status_code == 422
    assert "Say why, so that its author can mend it." in words(response)
    decide(client, proposal, deed, reason="Not in both voices.")
    proposal.refresh_from_db()
    assert (proposal.status, proposal.reason) == (state, "Not in both voices.")
    assert "Not in both voices." in words(client.get(page(proposal)))


def test_the_second_of_two_curators_is_told_who_was_quicker(client, curator, words):
    proposal = ProposalFactory()
    seen = seen_by(client, proposal)
    reviewing.approve(proposal=proposal, by=UserFactory(curator=True, display_name="Quinn"))
    address = reverse("proposal_decision", args=[proposal.pk])
    response = client.post(address, {"deed": "reject", "reason": "I typed this.", **seen})
    assert response.status_code == 409
    assert "Quinn approved this and it is version 2 now" in words(response)
    assert Revision.objects.filter(proposal=proposal).count() == 1


def test_what_its_author_changed_meanwhile_is_read_before_it_is_decided_about(client, curator, words):
    proposal = ProposalFactory()
    seen = seen_by(client, proposal)
    change = Change("term", proposal.snapshot | {"gap": "Other."}, 1)
    proposing.revise(proposal, change, by=proposal.author)
    address = reverse("proposal_decision", args=[proposal.pk])
    response = client.post(address, {"deed": "reject", "reason": "I typed this.", **seen})
    assert response.status_code == 409
    assert "Its author changed it while you had it open" in words(response)
    assert "I typed this." in response.content.decode()


def test_approving_what_conflicts_is_answered_with_409_and_the_way_out(client, curator, words):
    term = TermFactory()
    proposal = ProposalFactory(term=term, changes={"say": "Mine."})
    publishing.publish_term(snapshot=term.current.snapshot | {"say": "Theirs."})
    response = decide(client, proposal, "approve")
    assert response.status_code == 409
    assert "Ask its author to decide between the texts" in words(response)
    assert "Ask its author for changes" in words(response)
    proposal.refresh_from_db()
    assert proposal.status == "open"


def test_what_no_longer_holds_is_answered_with_its_problems(client, curator, words):
    term = TermFactory()
    proposal = ProposalFactory(term=term, changes={"aliases": [{"text": "squash", "kind": "synonym"}]})
    TermFactory(label="squash")
    response = decide(client, proposal, "approve", reason="Good.")
    assert response.status_code == 422
    assert "'squash' already belongs to the engineer term 'squash'" in words(response)
    assert "Good." in response.content.decode()


def test_nobody_is_offered_to_approve_their_own_change_of_meaning(client, curator, words):
    proposal = ProposalFactory(author=curator)
    text = words(client.get(page(proposal)))
    assert "Nobody approves their own change of meaning" in text
    assert "Approve and publish" not in text
    assert decide(client, proposal, "approve").status_code == 403


def test_a_member_sees_no_deciding_buttons_and_is_refused(client, words):
    proposal = ProposalFactory()
    client.force_login(UserFactory(member=True))
    text = words(client.get(page(proposal)))
    assert "Approve" not in text
    assert "Reject" not in text
    for deed in ("approve", "reject", "ask_for_changes", "withdraw"):
        assert decide(client, proposal, deed, reason="No.").status_code == 403
    proposal.refresh_from_db()
    assert proposal.status == "open"


def test_its_author_withdraws_it(client, words):
    proposal = ProposalFactory()
    client.force_login(proposal.author)
    assert "Withdraw it" in words(client.get(page(proposal)))
    assert decide(client, proposal, "withdraw").status_code == 302
    assert "Withdrawn. It stays here to be read." in words(client.get(page(proposal)))
    again = decide(client, proposal, "withdraw")
    assert again.status_code == 409


@pytest.mark.parametrize(
    "posted", [{}, {"deed": "explode"}, {"deed": "approve", "change": "spelling"}, {"deed": "reject", "reason": ""}]
)
def test_a_decision_that_is_none_is_refused_with_a_sentence(client, curator, posted):
    proposal = ProposalFactory()
    response = client.post(reverse("proposal_decision", args=[proposal.pk]), posted)
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()


def test_a_decision_from_another_site_is_refused(curator):
    from django.test import Client

    proposal = ProposalFactory()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(curator)
    response = strict.post(reverse("proposal_decision", args=[proposal.pk]), {"deed": "approve"})
    assert response.status_code == 403
    assert not AuditEntry.objects.filter(action="proposal.approved").exists()


# --- comments


def test_a_comment_stands_beside_the_field_that_it_is_about(client, words):
    proposal = ProposalFactory()
    member = UserFactory(member=True, display_name="Mo")
    client.force_login(member)
    address = reverse("proposal_comments", args=[proposal.pk])
    response = client.post(address, {"deed": "comment", "field": "gap", "text": "Is *that* so?"})
    thread = Comment.objects.get()
    assert response.url == f"{page(proposal)}#comment-{thread.pk}"
    client.post(address, {"deed": "comment", "parent": thread.pk, "text": "It is."})
    html = client.get(page(proposal)).content.decode()
    assert html.index('id="field-gap"') < html.index("Is <em>that</em> so?") < html.index("It is.")
    assert html.index("It is.") < html.index("About the whole")
    client.post(address, {"deed": "resolve", "comment": thread.pk})
    assert "Resolved by Mo" in words(client.get(page(proposal)))
    client.post(address, {"deed": "reopen", "comment": thread.pk})
    assert "Resolved by Mo" not in words(client.get(page(proposal)))


def test_people_to_mention_are_suggested_to_those_who_may_comment(client):
    address = page(ProposalFactory())
    client.force_login(UserFactory(member=True))
    shown = client.get(address).content.decode()
    assert 'data-mentions="/mentions/"' in shown
    assert "js/mentions" in shown


def test_a_comment_that_is_refused_is_not_lost(client, words):
    proposal = ProposalFactory()
    client.force_login(UserFactory(member=True))
    address = reverse("proposal_comments", args=[proposal.pk])
    text = "x" * 10_001
    response = client.post(address, {"deed": "comment", "field": "gap", "text": text})
    assert response.status_code == 422
    assert "has 10001 characters; the most is 10000" in words(response)
    assert f">{text}</textarea>" in response.content.decode()


@pytest.mark.parametrize("number", ["99", "x", "99999999999999999999999", "", "٣"])
def test_a_comment_that_is_not_there_is_not_resolved(client, number):
    proposal = ProposalFactory()
    elsewhere = discussing.comment(on=TermFactory(), text="Here.", by=proposal.author)
    client.force_login(proposal.author)
    address = reverse("proposal_comments", args=[proposal.pk])
    for named in (number, str(elsewhere.pk)):
        assert client.post(address, {"deed": "resolve", "comment": named}).status_code == 404


def test_the_page_of_a_proposal_with_many_comments_takes_few_queries(client, curator, django_assert_max_num_queries):
    proposal = ProposalFactory()
    for n in range(15):
        thread = discussing.comment(on=proposal, text=f"{n}", by=UserFactory(member=True), field="gap")
        discussing.comment(on=proposal, text="Yes.", by=UserFactory(member=True), parent=thread)
    with django_assert_max_num_queries(30):
        client.get(page(proposal))
