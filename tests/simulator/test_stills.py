"""A figure as a picture, drawn on the server."""

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from django.core.management import call_command

from simulator import node, stills
from simulator.models import Scenario
from tests.factories import ScenarioFactory

pytestmark = pytest.mark.django_db
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def scenario(settings):
    settings.PUBLIC_URL = "https://words.example.org"
    return ScenarioFactory(slug="compacting", title="Compacting <b> & “more”")


def words(svg: str) -> str:
    return " ".join("".join(text.itertext()) for text in ElementTree.fromstring(svg).iter(f"{SVG}text"))  # noqa: S314


def test_the_picture_says_what_it_shows_and_where_it_lives(client, scenario):
    response = client.get("/embed/compacting.svg")
    assert response["Content-Type"] == "image/svg+xml"
    told = words(response.content.decode())
    assert "Compacting <b> & “more”" in told
    assert "https://words.example.org/simulator/compacting/#v=1&f=compacting" in told


def test_a_state_is_drawn_as_its_address_says(client, scenario):
    fragment = "v=1&f=compacting&s=2&w=manager"
    for state in (fragment, f"#{fragment}"):
        told = words(client.get(f"/embed/compacting.svg?state={quote(state)}").content.decode())
        assert "Step 2 of" in told
        assert f"#{fragment}" in told


@pytest.mark.parametrize(
    "state",
    [
        "",
        "section",
        "v=1&s=99999999",
        "v=1&f=another&s=1",
        "v=1&m=__proto__",
        "v=1&p={",
        "v=1&p=[1]",
        "v=1&i=%00",
        "%",
        "v=1&o=1",
    ],
)
def test_what_does_not_fit_falls_back(client, scenario, state):
    response = client.get(f"/embed/compacting.svg?state={quote(state)}")
    assert response.status_code == 200
    assert "Compacting" in words(response.content.decode())


def test_another_model_is_shown_where_the_state_names_it(client, scenario):
    told = words(client.get("/embed/compacting.svg?state=" + quote("v=1&m=append_log&s=3")).content.decode())
    assert "m=append_log" in told


def test_a_state_that_is_too_long_is_refused_with_its_length(client, scenario):
    response = client.get("/embed/compacting.svg?state=" + "x" * 40_000)
    assert response.status_code == 414
    assert "40000 characters" in response.content.decode()


def test_what_takes_too_long_is_ended_and_said(client, scenario, monkeypatch):
    monkeypatch.setattr(stills, "SECONDS", 0.01)
    response = client.get("/embed/compacting.svg")
    assert response.status_code == 422
    assert "more than 0.01 seconds" in response.content.decode()


def test_no_more_are_drawn_at_once_than_a_machine_bears(client, scenario, monkeypatch):
    monkeypatch.setattr(stills, "PATIENCE", 0.01)
    for _ in range(2):
        stills.AT_ONCE.acquire()
    try:
        response = client.get("/embed/compacting.svg")
    finally:
        stills.AT_ONCE.release(2)
    assert response.status_code == 503
    assert response["Retry-After"] == "2"
    assert client.get("/embed/compacting.svg").status_code == 200


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_scripts_of_any_origin_read_it_and_an_unchanged_picture_is_not_sent_again(client, scenario, kind):
    response = client.get(f"/embed/compacting.{kind}")
    assert response["Access-Control-Allow-Origin"] == "*"
    again = client.get(f"/embed/compacting.{kind}", headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304
    assert client.get(f"/embed/no-such.{kind}").status_code == 404


def test_a_png_is_twice_as_wide_and_has_letters_without_the_machine_s_fonts(client, scenario):
    content = client.get("/embed/compacting.png").content
    assert content.startswith(b"\x89PNG")
    assert int.from_bytes(content[16:20]) == 1920
    sheet = '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40">{}</svg>'
    drawn = {
        stills.png(sheet.format(f'<text x="5" y="30" font-family="{family}">{letter}</text>' if letter else ""))
        for family in ("Charter, serif", "system-ui, sans-serif", "ui-monospace, monospace")
        for letter in ("", "A", "ж")
    }
    # Nothing; each letter with serifs, and without; monospace is drawn without.
    assert len(drawn) == 5


def test_every_model_is_drawn(settings):
    call_command("load_content", verbosity=0)
    of_each = {scenario.model: scenario for scenario in Scenario.objects.with_logs()}
    assert len(of_each) > 20
    with ThreadPoolExecutor(2) as pool:
        for svg in pool.map(lambda scenario: stills.svg(scenario, ""), of_each.values()):
            assert ElementTree.fromstring(svg).tag == f"{SVG}svg"  # noqa: S314


def test_the_process_reads_no_other_file(tmp_path):
    secret, script = tmp_path / "secret", tmp_path / "own" / "script.mjs"
    script.parent.mkdir()
    secret.touch()
    script.write_text(f'import {{ readFileSync }} from "node:fs"; readFileSync("{secret}");')
    with pytest.raises(node.BrokeOff):
        node.answer(script, [], reads=(script.parent,), seconds=5, megabytes=128)
