"""Who is told of what, in which words; nobody of their own deed, nobody twice."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from glossary.models import Notice
from glossary.services import discussing, notifying, people, proposing, retiring, reviewing, tending, watching
from glossary.services.proposing import Change
from glossary.services.publishing import publish_term
from tests.factories import DocumentFactory, ProposalFactory, TermFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def term():
    return TermFactory(label="compaction")


@pytest.fixture
def curator():
    return UserFactory(curator=True, display_name="Ada")


@pytest.fixture
def member():
    return UserFactory(member=True, display_name="Grace")


def told(person) -> list[str]:
    return [notice.sentence for notice in person.notices.told().order_by("pk")]


def kinds(person) -> list[str]:
    return [notice.kind for notice in person.notices.order_by("pk")]


def watcher(term=None, extent="every", **traits):
    person = UserFactory(**({"member": True} | traits))
    watching.watch(term=term, extent=extent, by=person)
    return person


def publish(term, *, change="meaning", note="", by=None, **changes):
    term.refresh_from_db()
    return publish_term(snapshot=term.current.snapshot | changes, change=change, note=note, by=by)


# --- watching


def test_watchers_of_a_term_and_of_everything_hear_of_each_change(term):
    stranger, other = UserFactory(member=True), watcher(TermFactory())
    people = [watcher(term), watcher()]
    publish(term, gap="New.", change="wording", note="Clearer.")
    for person in people:
        assert told(person) == ["Wording of compaction changed in v2: Clearer."]
    assert told(stranger) == told(other) == []


@pytest.mark.parametrize("everything", [True, False])
def test_meaning_only_is_meaning_only(term, everything):
    person = watcher(None if everything else term, "meaning")
    publish(term, gap="New.", change="wording")
    publish(term, gap="Newer.", change="meaning", note="It was wrong.")
    assert told(person) == ["Meaning of compaction changed in v3: It was wrong."]


def test_two_watches_that_fit_are_one_notice_and_one_that_fits_is_enough(term):
    person = watcher(term, "every")
    watching.watch(term=None, extent="meaning", by=person)
    publish(term, gap="New.", change="wording")
    publish(term, gap="Newer.", change="meaning")
    assert len(told(person)) == 2


def test_a_new_term_and_a_new_label_are_told_as_such(term):
    person = watcher()
    TermFactory(label="projection", manager=True)
    publish(term, label="log compaction", note="In full.")
    assert told(person) == [
        "projection is a new term (manager).",
        "compaction is called log compaction since v2: In full.",
    ]


def test_a_change_of_meaning_leads_to_what_changed_and_anything_else_to_the_term(term):
    person = watcher()
    publish(term, gap="New.", change="wording")
    publish(term, gap="Newer.", change="meaning")
    new = TermFactory(label="projection")
    assert [notice.path for notice in person.notices.order_by("pk")] == [
        f"/id/{term.uid}/",
        "/terms/compaction/diff/?from=2&to=3",
        f"/id/{new.uid}/",
    ]


def test_a_retired_term_is_told_with_its_replacement_even_to_those_who_watch_meaning(term, curator):
    person = watcher(term, "meaning")
    watching.watch(term=term, extent="every", by=curator)
    retiring.retire_term(term=term, replaced_by=TermFactory(label="cleaning"), by=curator)
    assert told(person) == ["compaction was retired. Say cleaning instead."]
    assert told(curator) == []


def test_nobody_is_told_of_what_they_published(term, curator):
    watching.watch(term=term, extent="every", by=curator)
    publish(term, gap="New.", by=curator)
    assert told(curator) == []


def test_who_stops_watching_or_leaves_is_told_nothing(term):
    gone, bored = watcher(term), watcher(term)
    gone.is_active = False
    gone.save()
    watching.unwatch(term=term, by=bored)
    publish(term, gap="New.")
    assert told(gone) == told(bored) == []


def test_telling_the_same_event_again_changes_nothing(term, member):
    for text in ("First.", "Second."):
        notifying.tell([member.pk], kind="a.b", event="one", text=text, path="/", at=timezone.now())
    assert told(member) == ["First."]


def test_a_publication_that_is_refused_tells_nobody(term):
    person = watcher(term)
    with pytest.raises(Exception, match="lines"):
        publish(term, lines={"engineer": "", "manager": ""})
    assert told(person) == []


# --- proposals


def test_curators_who_watch_hear_of_proposals_and_members_do_not(term, curator, member):
    watching.watch(term=term, extent="every", by=curator)
    watching.watch(term=term, extent="every", by=member)
    author = UserFactory(member=True, display_name="Linus")
    proposal = ProposalFactory(term=term, author=author, note="It says more.")
    assert told(curator) == ["Linus proposes a change of meaning of compaction: It says more."]
    assert curator.notices.get().path == f"/proposals/{proposal.pk}/"
    assert told(member) == told(author) == []


def test_an_author_hears_of_each_decision_and_its_reason(term, curator, member):
    proposal = ProposalFactory(term=term, author=member)
    reviewing.ask_for_changes(proposal=proposal, by=curator, reason="Name a source.")
    change = Change("term", term.current.snapshot | {"gap": "Mended."}, 1)
    proposing.revise(proposal, change, by=member)
    proposal.refresh_from_db()
    reviewing.approve(proposal=proposal, by=curator)
    assert told(member) == [
        "Your proposal, a change of meaning of compaction, needs changes before it can be published: Name a source.",
        "Your proposal, a change of meaning of compaction, was approved and published. It is v2.",
    ]
    assert told(curator) == ["Grace revised a change of meaning of compaction."]


def test_author_and_curator_who_watch_hear_of_an_approval_once_and_never(term, curator, member):
    proposal = ProposalFactory(term=term, author=member)
    for person in (member, curator):
        watching.watch(term=term, extent="every", by=person)
    reviewing.approve(proposal=proposal, by=curator)
    assert kinds(member) == ["proposal.approved"]
    assert kinds(curator) == []


def test_who_talked_about_a_proposal_hears_what_becomes_of_it(term, curator, member):
    proposal = ProposalFactory(term=term, author=member)
    talker = UserFactory(member=True)
    discussing.comment(on=proposal, text="Why?", by=talker)
    reviewing.reject(proposal=proposal, by=curator, reason="No.")
    assert told(talker) == ["The proposal of a change of meaning of compaction was rejected: No."]
    assert kinds(member) == ["comment.made", "proposal.rejected"]


def test_an_author_who_withdraws_is_told_nothing_and_talkers_are(term, member):
    proposal = ProposalFactory(term=term, author=member)
    talker = UserFactory(member=True)
    discussing.comment(on=proposal, text="Why?", by=talker)
    reviewing.withdraw(proposal=proposal, by=member)
    assert kinds(talker) == ["proposal.withdrawn"]
    assert kinds(member) == ["comment.made"]


def test_a_set_of_proposals_is_one_notice(term, curator):
    watching.watch(term=None, extent="every", by=curator)
    author = UserFactory(curator=True, display_name="Linus")
    other = TermFactory()
    changes = [Change("term", t.current.snapshot | {"gap": "New."}, 1) for t in (term, other)]
    Notice.objects.all().delete()
    proposing.propose_set(changes=changes, title="Spring cleaning", by=author)
    assert told(curator) == ["Linus proposes 2 changes in one set: Spring cleaning"]


# --- comments


def test_people_in_a_thread_hear_of_answers_and_of_its_end(term, member):
    other = UserFactory(member=True, display_name="Linus")
    first = discussing.comment(on=term, text="Why?", by=member)
    discussing.comment(on=term, text="Because *so*.", by=other, parent=first)
    discussing.resolve(comment=first, by=other)
    discussing.reopen(comment=first, by=other)
    assert told(member) == [
        "Linus answered in a discussion of yours about compaction: Because so.",
        "Linus called a discussion of yours settled, about compaction: Why?",
        "Linus opened a discussion of yours again, about compaction: Why?",
    ]
    assert told(other) == []


def test_a_mention_is_told_once_whatever_else_is_true(term, member):
    first = discussing.comment(on=term, text="Why?", by=member)
    watching.watch(term=term, extent="every", by=member)
    Notice.objects.all().delete()
    made = discussing.comment(on=term, text=f"Ask @{member.username}", by=UserFactory(member=True), parent=first)
    assert kinds(member) == ["comment.mentioned"]
    assert member.notices.get().path == f"/terms/compaction/discuss/#comment-{made.pk}"


def test_talk_about_a_term_is_for_those_who_watch_it_for_everything(term, member):
    close, loose, everything = watcher(term), watcher(term, "meaning"), watcher()
    discussing.comment(on=term, text="Why?", by=member)
    assert told(close) == ["Grace commented on compaction: Why?"]
    assert told(loose) == told(everything) == []


def test_mentioning_oneself_is_no_news(term, member):
    discussing.comment(on=term, text=f"As @{member.username} said", by=member)
    assert told(member) == []


# --- reviews


def test_whoever_wrote_it_is_reminded_of_an_overdue_review_once(term, member):
    publish(term, gap="New.", by=member)
    term.refresh_from_db()
    term.review_due_on = timezone.now().date() - timedelta(days=1)
    term.save()
    for _ in range(2):
        tending.remind_of_reviews.call()
    [text] = told(member)
    assert text.startswith("compaction should have been read again by ")


# --- sentences


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("two\nlines\r\nand\ttabs", "two lines and tabs"),
        ("nothing\x00 \u202e hidden\u2028here", "nothing hidden here"),
        ("x" * 301, "x" * 299 + "…"),
        ("naïve 🙂 события", "naïve 🙂 события"),
    ],
)
def test_a_notice_is_one_line(text, line):
    assert notifying.one_line(text) == line


def test_a_notice_names_people_as_they_are_called_now(term, curator):
    watching.watch(term=term, extent="every", by=curator)
    author = UserFactory(member=True, display_name="Linus")
    ProposalFactory(term=term, author=author, note="It says more.")
    people.make_anonymous(person=author, by=author)
    assert told(curator) == ["a former member proposes a change of meaning of compaction: It says more."]
    assert "Linus" not in str(list(curator.notices.values()))


def test_a_change_of_meaning_is_told_to_the_owners_of_documents_and_one_of_wording_is_not(term):
    owner, other = UserFactory(member=True), UserFactory(member=True)
    DocumentFactory(title="ADR 7", text="compaction", by=owner)
    DocumentFactory(title="ADR 8", text="compaction", by=owner)
    DocumentFactory(title="ADR 9", text="nothing of ours", by=other)
    publish(term, change="wording", gap="Other words.")
    assert told(owner) == []
    publish(term, change="meaning", gap="Another thing.", note="It keeps less.")
    assert told(owner) == [
        "Meaning of compaction changed in v3 under “ADR 7” and 1 more of your documents: It keeps less."
    ]
    assert owner.notices.get().path == "/terms/compaction/diff/?from=2&to=3"
    assert told(other) == []


def test_an_owner_who_watches_is_told_once_and_one_who_wrote_it_is_not(term, curator):
    owner = watcher(term)
    for person in (owner, curator):
        DocumentFactory(title="ADR 7", text="compaction", by=person)
    publish(term, change="meaning", gap="Another thing.", by=curator)
    assert told(owner) == ["Meaning of compaction changed in v2 under “ADR 7”."]
    assert told(curator) == []


def test_owners_of_documents_are_told_that_a_term_is_retired(term, curator):
    owner = UserFactory(member=True)
    DocumentFactory(text="compaction", by=owner)
    retiring.retire_term(term=term, by=curator)
    assert kinds(owner) == ["term.retired"]


def test_a_thousand_terms_with_documents_cost_as_many_questions_as_one(term, django_assert_num_queries):
    other = TermFactory(label="offset")
    owner = UserFactory(member=True)
    DocumentFactory(text="compaction and offset", by=owner)
    for words in (term, other):
        publish(words, change="meaning", gap="Another thing.")
    revisions = [words.revisions.select_related("proposal", "term").get(number=2) for words in (term, other)]
    owner.notices.all().delete()
    with CaptureQueriesContext(connection) as one:
        notifying.meanings_changed(revisions[:1])
    owner.notices.all().delete()
    with django_assert_num_queries(len(one)):
        notifying.meanings_changed(revisions)
    assert owner.notices.count() == 2
