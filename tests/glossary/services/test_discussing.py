"""Comments: who may say what about what, how threads settle, and what is kept of it."""

import pytest

from glossary.domain.problems import Invalid
from glossary.models import AuditEntry, Comment
from glossary.permissions import PermissionDenied
from glossary.services import discussing
from tests.factories import ProposalFactory, TermFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return UserFactory(member=True, voice="manager")


@pytest.fixture
def proposal():
    return ProposalFactory()


def paths(raised) -> list[str]:
    return [problem.path for problem in raised.value.problems]


def test_a_comment_is_rendered_with_links_to_terms_and_without_anybodys_html(person):
    term = TermFactory(label="compaction")
    other = TermFactory(label="retention", manager=True)
    made = discussing.comment(on=term, text="Is this *retention*? <script>alert(1)</script>", by=person)
    assert f'<em><a class="term" data-uid="{other.uid}"' in made.html
    assert "<script" not in made.html


def test_a_comment_is_audited_about_what_it_is_on(person, proposal):
    made = discussing.comment(on=proposal, text="Why?", by=person, field="gap")
    entry = AuditEntry.objects.get(action="comment.made")
    assert (entry.target, entry.by) == (proposal.target, person)
    assert entry.data == {"comment": made.pk, "proposal": proposal.pk}


def test_an_answer_to_an_answer_joins_the_thread_and_its_field(person, proposal):
    first = discussing.comment(on=proposal, text="Why?", by=person, field="definitions/manager")
    second = discussing.comment(on=proposal, text="Because.", by=person, parent=first)
    third = discussing.comment(on=proposal, text="I see.", by=person, parent=second, field="gap")
    assert third.parent == second.parent == first
    assert {second.field, third.field} == {"definitions/manager"}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@anna and @bob.", {"anna", "bob"}),
        ("ask anna@example.org, or `@bob`", set()),
        ("@@anna @nobody", set()),
        ("(@anna)", {"anna"}),
        ("@gone", set()),
    ],
)
def test_people_are_mentioned_by_their_username(person, text, named):
    for name in ("anna", "bob"):
        UserFactory(username=name)
    UserFactory(username="gone", deactivated=True)
    made = discussing.comment(on=TermFactory(), text=text, by=person)
    assert {mentioned.username for mentioned in made.mentions.all()} == named


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "Write something first."),
        (" \n ", "Write something first."),
        ("a" * 10_001, "has 10001 characters; the most is 10000"),
        ("a\0b", "holds a control character; remove it"),
        ("[" * 801, "the text has 801 square brackets; the most is 800"),
        (" ".join(f"@person-x{n}" for n in range(21)), "mentions 21 people; the most is 20"),
    ],
)
def test_what_cannot_be_a_comment_is_refused_with_a_reason(person, text, problem):
    for n in range(21):
        UserFactory(username=f"person-x{n}")
    with pytest.raises(Invalid) as raised:
        discussing.comment(on=TermFactory(), text=text, by=person)
    assert raised.value.problems == [("text", problem)]
    assert not Comment.objects.exists()


def test_a_field_belongs_to_proposals_and_looks_like_one(person, proposal):
    for on, field in ((proposal, "../gap"), (proposal, "x" * 201), (TermFactory(), "gap")):
        with pytest.raises(Invalid) as raised:
            discussing.comment(on=on, text="Why?", by=person, field=field)
        assert paths(raised) == ["field"]


def test_an_answer_stays_on_what_its_thread_is_about(person, proposal):
    elsewhere = discussing.comment(on=TermFactory(), text="Why?", by=person)
    with pytest.raises(Invalid) as raised:
        discussing.comment(on=proposal, text="Because.", by=person, parent=elsewhere)
    assert paths(raised) == ["parent"]


def test_a_thread_is_resolved_and_reopened_once_each_through_any_of_its_comments(person, proposal):
    thread = discussing.comment(on=proposal, text="Why?", by=person)
    answer = discussing.comment(on=proposal, text="Because.", by=person, parent=thread)
    other = UserFactory(member=True)
    discussing.resolve(comment=answer, by=other)
    discussing.resolve(comment=thread, by=person)
    thread.refresh_from_db()
    assert thread.resolved_by == other
    discussing.reopen(comment=thread, by=person)
    discussing.reopen(comment=thread, by=person)
    thread.refresh_from_db()
    assert (thread.resolved_at, thread.resolved_by) == (None, None)
    actions = AuditEntry.objects.filter(action__startswith="comment.re").order_by("id")
    assert [entry.action for entry in actions] == ["comment.resolved", "comment.reopened"]


def test_only_people_discuss(proposal):
    thread = discussing.comment(on=proposal, text="Why?", by=UserFactory(member=True))
    gone = UserFactory(admin=True, deactivated=True)
    for deed in (
        lambda: discussing.comment(on=proposal, text="Why?", by=gone),
        lambda: discussing.resolve(comment=thread, by=gone),
        lambda: discussing.reopen(comment=thread, by=gone),
    ):
        with pytest.raises(PermissionDenied):
            deed()
