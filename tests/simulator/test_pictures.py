"""A step as a picture that stands alone."""

import re
from operator import itemgetter
from xml.etree import ElementTree as Xml

import pytest

from tests.shipped import scenarios

SVG = "{http://www.w3.org/2000/svg}"
WORDS = {"engineer": "The exact words.", "manager": "The plain words."}
TOLD = {"title": "A title", "sentence": WORDS, "note": "Step 1", "address": "https://example.org/#v=1", "shown": "both"}


def drawn(engine, given, step, **told) -> Xml.Element:
    return Xml.fromstring(engine.call("picture", given, step, TOLD | told))  # noqa: S314 – our own


def texts(svg: Xml.Element) -> list[str]:
    return [text.text for text in svg.iter(f"{SVG}text")]


@pytest.mark.parametrize("scenario", scenarios(), ids=itemgetter("slug"))
def test_each_scenario_is_drawn_within_its_frame(engine, scenario):
    given = scenario["given"]
    length = engine.simulate(given)["length"]
    for step in {0, scenario["start"], length}:
        svg = drawn(engine, given, step)
        width, height = float(svg.get("width")), float(svg.get("height"))
        numbers = [float(each.get(name)) for each in svg.iter() for name in ("x", "y") if each.get(name)]
        places = [(float(each.get("x")), float(each.get("y"))) for each in svg.iter(f"{SVG}text")]
        assert all(number == number for number in numbers)
        assert all(0 <= x <= width and 0 <= y <= height for x, y in places)
        assert not re.search("NaN|undefined|\\[object", Xml.tostring(svg, encoding="unicode"))


@pytest.mark.parametrize(("shown", "left_out"), [("engineer", "plain"), ("manager", "exact"), ("both", "neither")])
def test_it_speaks_in_the_voice_that_is_shown(engine, shown, left_out):
    told = " ".join(texts(drawn(engine, {"model": "append_log", "log": []}, 0, shown=shown)))
    assert {word for word in ("exact", "plain") if word not in told} == {left_out} - {"neither"}


def test_hostile_texts_stay_texts(engine):
    key = '<script>&"\x00\ud800'
    log = [{"time": 0, "key": key, "type": "</svg>", "value": key}]
    svg = drawn(engine, {"model": "fold", "log": log}, 1, title="</text><script>", note="&", address="https://x/?a&b")
    assert not list(svg.iter(f"{SVG}script"))
    assert "&" in texts(svg)


def test_a_long_log_makes_a_picture_of_bounded_size(engine):
    log = [{"time": n, "key": f"k{n}", "type": "t", "value": n} for n in range(5_000)]
    assert len(engine.call("picture", {"model": "fold", "log": log}, 5_000, TOLD)) < 200_000
