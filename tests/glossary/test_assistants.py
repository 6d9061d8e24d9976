"""Assistants: the tools as the official client reaches them, in this process, by standard input and over HTTP."""

import asyncio
import sys
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import httpx2
import pytest
from asgiref.sync import async_to_sync
from django.conf import settings as configured
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from glossary import assistants
from glossary.services import access_tokens
from tests import moving
from tests.factories import TermFactory, UserFactory, linked_to


@pytest.fixture(autouse=True)
def no_running_loop():
    """Where browser tests ran before, Playwright's loop counts as running in this thread; no other could begin."""
    loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(loop)


async def asking(server, tool: str, **arguments):
    """(whether it went wrong, data, text) of what a tool answers to the official client."""
    async with Client(server) as client:
        result = await client.call_tool(tool, arguments)
        return result.is_error, result.structured_content, result.content[0].text


# In this thread, which has the connection to the database.
asked = async_to_sync(asking)


def answered(tool: str, **arguments) -> dict:
    went_wrong, data, text = asked(assistants.server(), tool, **arguments)
    assert not went_wrong, text
    return data


def refused(tool: str, **arguments) -> str:
    went_wrong, _, text = asked(assistants.server(), tool, **arguments)
    assert went_wrong
    return text


@pytest.fixture
def dictionary(db):
    cleaning = TermFactory(label="archive clean-up", voice="manager", lines={"engineer": "ce", "manager": "cm"})
    purge = TermFactory(label="purge", voice="manager")
    return TermFactory(
        label="compaction",
        lines={"engineer": "Keeps the newest record of each key.", "manager": "Keeps the newest fact of each thing."},
        definitions={"engineer": "The [[purge|log]] is rewritten.", "manager": "Older facts go."},
        gap="Nothing is squeezed.",
        aliases=[
            {"text": "log compaction", "kind": "synonym"},
            {"text": "compactions", "kind": "inflection"},
            {"text": "comapction", "kind": "misspelling"},
        ],
        mappings=[linked_to(cleaning, "close"), linked_to(purge, "false_friend", "Nothing is deleted on demand.")],
    )


def test_a_word_is_explained_to_whoever_asks(dictionary):
    found = answered("explain", word="compaction", voice="manager")
    (meaning,) = found["meanings"]
    assert (meaning["label"], meaning["said_by"], meaning["version"]) == ("compaction", "engineer", 1)
    assert meaning["line"] == "Keeps the newest fact of each thing."
    assert (meaning["definition"], meaning["gap"]) == ("Older facts go.", "Nothing is squeezed.")
    assert meaning["pinned_url"] == f"http://glossary.test/id/{dictionary.uid}/v/1/"
    assert {(link["label"], link["kind"]) for link in meaning["mappings"]} == {
        ("archive clean-up", "close"),
        ("purge", "false friend"),
    }
    assert (
        answered("explain", word="compaction", voice="engineer")["meanings"][0]["definition"] == "The log is rewritten."
    )


@pytest.mark.parametrize("word", ["Compactions", "LOG COMPACTION", " log  compaction\n", "comapction", "compaction"])
def test_every_spelling_of_a_word_is_explained(dictionary, word):
    assert answered("explain", word=word, voice="manager")["meanings"][0]["label"] == "compaction"


def test_a_word_of_both_sides_has_two_meanings(db):
    TermFactory(label="event")
    TermFactory(label="event", slug="event-manager", voice="manager")
    found = answered("explain", word="Events", voice="manager")["meanings"]
    assert [meaning["said_by"] for meaning in found] == ["engineer", "manager"]


def test_a_retired_word_is_explained_only_where_no_other_has_its_spelling(db):
    TermFactory(label="journal", retired=True)
    (meaning,) = answered("explain", word="journal", voice="manager")["meanings"]
    assert meaning["is_retired"]
    TermFactory(label="journal", slug="journal-of-accounts", voice="manager")
    (meaning,) = answered("explain", word="journal", voice="manager")["meanings"]
    assert (meaning["said_by"], meaning["is_retired"]) == ("manager", False)


def test_an_unknown_word_is_answered_with_the_nearest(dictionary):
    told = refused("explain", word="compactoin", voice="manager")
    assert told.endswith("“compactoin” is no term of this glossary. Did you mean “compaction”?")
    assert refused("explain", word="\0", voice="manager").endswith("“” is no term of this glossary.")


def test_a_sentence_is_translated_term_by_term(dictionary):
    found = answered("translate", sentence="Compaction runs; compactions cost time.", to="manager")
    assert found["text"] == "Compaction (archive clean-up) runs; compactions (archive clean-up) cost time."
    assert [word["matched"] for word in found["words"]] == ["Compaction", "compactions"]
    assert found["words"][0]["beware"] == [
        "“purge”, as managers say it, is not the same. Nothing is deleted on demand."
    ]


def test_a_sentence_is_translated_the_other_way_too(dictionary):
    assert answered("translate", sentence="We pay for archive clean-up.", to="engineer")["text"] == (
        "We pay for archive clean-up (compaction)."
    )


def test_what_has_no_counterpart_or_is_said_by_the_reader_stays_and_is_explained(db):
    TermFactory(label="watermark", lines={"engineer": "e", "manager": "How far time has come."})
    TermFactory(label="backlog", voice="manager")
    found = answered("translate", sentence="A watermark, a backlog.", to="manager")
    assert found["text"] == "A watermark, a backlog."
    assert [word["instead"] for word in found["words"]] == ["", ""]
    assert found["words"][0]["line"] == "How far time has come."


def test_a_document_is_checked_place_by_place(dictionary):
    found = answered("check", text="# Log compaction\n\nSee `compaction`; comapction.\n")
    assert [(place["line"], place["column"], place["matched"], place["level"]) for place in found["places"]] == [
        (1, 3, "Log compaction", "info"),
        (3, 19, "comapction", "warning"),
    ]
    assert found["places"][0]["pinned_url"].endswith(f"/id/{dictionary.uid}/v/1/")
    assert not found["is_cut"]


def test_of_many_places_the_first_are_told(dictionary):
    found = answered("check", text="compaction " * 501, format="text")
    assert (len(found["places"]), found["is_cut"]) == (500, True)


def test_terms_are_searched_with_what_matched(dictionary):
    (hit,) = answered("search", query="comapct", limit=1)["found"]
    assert (hit["label"], hit["how"], hit["matched"]) == ("compaction", "misspelling", "comapction")


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("explain", {"word": "x" * 201, "voice": "manager"}),
        ("explain", {"word": "x", "voice": "owner"}),
        ("translate", {"sentence": "x" * 5_001, "to": "manager"}),
        ("check", {"text": "x", "format": "docx"}),
        ("search", {"query": "x", "limit": 26}),
        ("search", {}),
    ],
)
def test_what_a_tool_does_not_take_is_told_to_the_model(db, tool, arguments):
    assert "validation error" in refused(tool, **arguments)


@async_to_sync
async def tools_of(server) -> list:
    async with Client(server) as client:
        return (await client.list_tools()).tools


def test_every_tool_says_what_it_is_for_and_that_it_only_reads(db):
    tools = tools_of(assistants.server())
    assert [tool.name for tool in tools] == ["explain", "translate", "check", "search"]
    assert all(tool.description and tool.output_schema and tool.annotations.read_only_hint for tool in tools)
    assert all(tool.input_schema["properties"] for tool in tools)


def test_the_command_speaks_over_standard_input_and_output(tmp_path):
    url = f"sqlite:///{tmp_path}/glossary.sqlite3"
    moving.run(url, "manage.py", "migrate", "-v0")
    moving.run(url, "-m", "tests.moving", "fill")
    started = StdioServerParameters(
        command=sys.executable, args=["manage.py", "mcp"], cwd=configured.BASE_DIR, env=moving.environment(url)
    )
    went_wrong, data, _ = asyncio.run(asking(started, "explain", word="journal", voice="engineer"))
    assert not went_wrong
    assert data["meanings"][0]["label"] == "journal"


@pytest.fixture
def address(live_server, dictionary):
    return f"{live_server.url}/mcp"


@asynccontextmanager
async def with_token(address: str, secret: str):
    headers = {"Authorization": f"Bearer {secret}"}
    async with (
        httpx2.AsyncClient(headers=headers) as http,
        streamable_http_client(address, http_client=http) as streams,
    ):
        yield streams


@pytest.mark.django_db(transaction=True)
def test_assistants_ask_over_http(address):
    assert [tool.name for tool in tools_of(address)] == ["explain", "translate", "check", "search"]
    assert asked(address, "explain", word="compaction", voice="manager")[1]["meanings"][0]["label"] == "compaction"
    assert asked(address, "explain", word="nonsense", voice="manager")[0]


@pytest.mark.django_db(transaction=True)
def test_a_private_site_is_asked_with_a_token(address, settings):
    settings.PRIVATE = True
    secret = access_tokens.make_token(label="assistant", by=UserFactory(member=True))[1]
    assert not asked(with_token(address, secret), "search", query="compaction")[0]
    assert httpx2.post(address, json={}).status_code == 401


def call(**arguments) -> dict:
    return {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "search", "arguments": arguments}}


def post(client, body, **headers):
    accept = "application/json, text/event-stream"
    return client.post("/mcp", body, content_type="application/json", headers={"Accept": accept, **headers})


def test_a_message_is_answered_as_json_and_no_session_is_kept(client, dictionary):
    response = post(client, call(query="compaction"))
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/json")
    assert "Mcp-Session-Id" not in response.headers
    assert response.json()["result"]["structuredContent"]["found"][0]["label"] == "compaction"


def test_what_is_no_message_is_refused(client, db):
    assert post(client, "{").status_code == 400
    assert post(client, {"jsonrpc": "2.0"}).status_code == 400


def test_pages_of_other_origins_are_refused(client, dictionary):
    assert post(client, call(query="x"), Origin="https://elsewhere.example").status_code == 403
    public = "{0.scheme}://{0.netloc}".format(urlsplit(configured.PUBLIC_URL))
    assert post(client, call(query="x"), Origin=public).status_code == 200


def test_whoever_looks_at_the_address_is_told_what_it_is(client, db):
    response = client.get("/mcp")
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
    assert b"Model Context Protocol" in response.content


def test_a_program_that_asks_too_often_is_told_when_to_ask_again(client, dictionary, settings):
    settings.API_LIMITS = settings.API_LIMITS | {"checks": 1}
    assert post(client, call(query="x")).status_code == 200
    response = post(client, call(query="x"))
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
