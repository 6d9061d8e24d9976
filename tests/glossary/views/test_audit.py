"""The audit trail as admins search it."""

import re
from datetime import timedelta

import pytest

from glossary.models import AuditEntry
from glossary.services.recording import record
from tests.factories import FIRST_DAY, ProposalFactory, TermFactory, UserFactory


@pytest.fixture
def admin(client):
    person = UserFactory(admin=True, username="root")
    client.force_login(person)
    return person


def actions(response) -> list[str]:
    return re.findall(r"<td><code>([^<]*)</code></td>", response.content.decode())


def test_the_trail_tells_who_did_what_to_what_the_newest_first(client, admin, words):
    term = TermFactory(label="compaction")
    proposal = ProposalFactory(term=term, author=UserFactory(member=True, display_name="Ada"))
    response = client.get("/audit/")
    assert actions(response)[:2] == ["proposal.made", "term.published"]
    assert f"Ada proposal.made compaction proposal {proposal.pk} subject term" in words(response)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("by=ada", ["note.read", "note.made"]),
        ("by=Ada+Lovelace", ["note.read", "note.made"]),
        ("by=ad", []),
        ("action=note.made", ["note.made"]),
        ("target=compaction", ["term.published"]),
        ("target=here", ["note.read"]),
        ("q=grüße", ["note.made"]),
        ("q=READ", ["note.read"]),
        ("since=2026-03-03&until=2026-03-03", ["note.read"]),
        ("until=2026-03-02", ["note.made", "term.published"]),
        ("action=nothing.done", []),
        ("q=%00", []),
        ("by=ada&action=note.read&since=2026-03-01", ["note.read"]),
    ],
)
def test_the_trail_is_searched(client, admin, query, found):
    TermFactory(label="compaction")
    ada = UserFactory(username="ada", display_name="Ada Lovelace")
    record(action="note.made", target="there", by=ada, at=FIRST_DAY, data={"text": "viele Grüße"})
    record(action="note.read", target="here", by=ada, at=FIRST_DAY + timedelta(days=1))
    assert actions(client.get(f"/audit/?{query}")) == found


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "9999-12-31", "٣"])
def test_a_day_that_is_none_is_named(client, admin, words, day):
    response = client.get(f"/audit/?since={day}")
    assert response.status_code == 422
    assert "is no day; write it as 2026-03-31." in words(response)


def test_a_long_trail_is_told_in_pages(client, admin, django_assert_max_num_queries):
    AuditEntry.objects.bulk_create(
        [AuditEntry(action="note.made", target=f"n{n}", by=admin, at=FIRST_DAY) for n in range(250)]
    )
    with django_assert_max_num_queries(12):
        html = client.get("/audit/?action=note.made").content.decode()
    seen = []
    while True:
        seen += re.findall(r"<td>(n\d+)</td>", html)
        following = re.search(r'rel="next" href="([^"]*)"', html)
        if not following:
            break
        html = client.get("/audit/" + following[1].replace("&amp;", "&")).content.decode()
    assert seen == [f"n{n}" for n in reversed(range(250))]
