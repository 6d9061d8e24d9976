"""Documents over the API: registered by builds, read by members."""

import pytest

from glossary.models import AuditEntry, Document
from glossary.services import publishing
from tests.factories import DocumentFactory, TermFactory, UserFactory
from tests.glossary.api.operations import token_of

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/documents"
PLAN = "https://git.example.org/orders/plan.md"


def register(client, headers: dict, status: int = 201, **body) -> dict:
    described = {"address": PLAN, "text": "The log, and the log again.", **body}
    response = client.post(ADDRESS, described, content_type="application/json", headers=headers)
    assert response.status_code == status, response.content
    return response.json()


def items(client, headers: dict, query: str = "") -> list[str]:
    return [each["address"] for each in client.get(f"{ADDRESS}{query}", headers=headers).json()["items"]]


@pytest.fixture
def log():
    return TermFactory(label="log")


@pytest.fixture
def member():
    return UserFactory(member=True)


@pytest.fixture
def build(member):
    return token_of(member, "documents")


def test_a_document_is_registered_with_its_terms_and_its_text_is_kept_nowhere(client, log, build, member):
    made = register(client, build, repository="orders", team="Payments", title="The plan")
    assert {name: made[name] for name in ("address", "title", "repository", "team", "terms", "superseded")} == {
        "address": PLAN,
        "title": "The plan",
        "repository": "orders",
        "team": "Payments",
        "terms": 1,
        "superseded": 0,
    }
    assert made["uses"] == [
        {
            "term": {"uid": log.uid, "slug": "log", "label": "log"},
            "count": 2,
            "first_line": 1,
            "pins": [],
            "rests_on": 1,
            "newest": 1,
            "superseded_by": None,
        }
    ]
    assert made["url"] == f"http://glossary.test/documents/{made['id']}/"
    assert list(Document.objects.get().owners.all()) == [member]
    assert client.get(f"{ADDRESS}/{made['id']}", headers=build).json() == made


def test_registering_again_sees_it_again(client, log, build):
    first = register(client, build)
    again = register(client, build, 200, address=f"{PLAN}#a-heading")
    assert again["id"] == first["id"]
    assert again["last_seen_at"] > first["last_seen_at"]
    assert AuditEntry.objects.filter(target=f"document:{first['id']}").count() == 1


def test_a_meaning_that_changes_is_told_until_the_document_says_otherwise(client, log, build, member):
    pinned = f"[log](http://glossary.test/id/{log.uid}/v/1/)"
    number = register(client, build, text=pinned)["id"]
    publishing.publish_term(snapshot=log.current.snapshot | {"gap": "Another gap."}, change="meaning")
    assert member.notices.get().path == "/terms/log/diff/?from=1&to=2"
    (use,) = client.get(f"{ADDRESS}/{number}", headers=build).json()["uses"]
    assert (use["rests_on"], use["newest"], use["superseded_by"], use["pins"]) == (1, 2, 2, [1])
    assert items(client, build, "?superseded=true") == [PLAN]
    assert register(client, build, 200, text=pinned)["superseded"] == 1
    assert register(client, build, 200, text=pinned.replace("/v/1/", "/v/2/"))["superseded"] == 0
    assert items(client, build, "?superseded=true") == []


def test_the_list_is_narrowed_and_goes_on_piece_by_piece(client, log, build):
    for number in range(3):
        DocumentFactory(address=f"https://x.org/{number}", team=f"team {number}", repository="all", text="log" * number)
    assert len(items(client, build)) == 3
    assert items(client, build, "?team=team+1") == ["https://x.org/1"]
    assert items(client, build, "?term=log") == ["https://x.org/1"]
    assert items(client, build, f"?term={log.uid}") == ["https://x.org/1"]
    assert items(client, build, "?q=org/2") == ["https://x.org/2"]
    assert len(items(client, build, "?repository=all&limit=2")) == 2
    following = client.get(f"{ADDRESS}?limit=2", headers=build).json()["next"].removeprefix("http://glossary.test")
    assert [each["address"] for each in client.get(following, headers=build).json()["items"]] == ["https://x.org/2"]


@pytest.mark.parametrize("query", ["?team=%00", "?q=%00", "?term=%00", "?repository=%ff"])
def test_what_no_document_has_selects_nothing(client, build, query):
    DocumentFactory()
    assert items(client, build, query) == []


def test_its_owner_removes_a_document_and_others_do_not(client, log, build):
    number = register(client, build)["id"]
    other = client.delete(f"{ADDRESS}/{number}", headers=token_of(UserFactory(member=True), "documents"))
    assert other.status_code == 403
    gone = client.delete(f"{ADDRESS}/{number}", headers=build)
    assert (gone.status_code, gone.content) == (204, b"")
    assert client.get(f"{ADDRESS}/{number}", headers=build).status_code == 404
    assert AuditEntry.objects.filter(action="document.removed").count() == 1


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"address": "plan.md"}, "address"),
        ({"address": "https://user:secret@x.org/"}, "address"),
        ({"title": "x" * 201}, "title"),
        ({"team": "a\u0007b"}, "team"),
        ({"text": "zero\0"}, "text"),
        ({"format": "docx"}, "body/described/format"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_the_place(client, build, body, path):
    (problem,) = register(client, build, 422, **body)["problems"]
    assert problem["path"] == path
    assert not Document.objects.exists()


def test_half_a_character_is_refused_and_a_whole_one_is_not(client, log, build):
    def send(text: str) -> int:
        body = f'{{"address": "{PLAN}", "text": "{text}"}}'
        return client.post(ADDRESS, body, content_type="application/json", headers=build).status_code

    assert send(r"\ud83d") == 400
    assert send(r"\ud83d\ude00 \\ud83d") == 201


def test_documents_are_for_members_and_for_no_shared_cache(client, log, build):
    number = register(client, build)["id"]
    for address in (ADDRESS, f"{ADDRESS}/{number}"):
        assert client.get(address).status_code == 401
        assert "private" in client.get(address, headers=build).headers["Cache-Control"]
