"""What nobody should send: each is answered with the right status and a page of ordinary size."""

import pytest

from tests.factories import ScenarioFactory, TermFactory

PAGES = [
    "/",
    "/terms/",
    "/terms/compaction/",
    "/terms/compaction/v/1/",
    "/compare/compaction/offset/",
    "/map/",
    "/search/",
    "/simulator/",
    "/simulator/play/",
    "/simulator/fidelity/",
    "/embed/play/",
]
PATHS = [
    "/terms/{}/",
    "/terms/compaction/v/{}/",
    "/id/{}/",
    "/compare/compaction/{}/",
    "/simulator/{}/",
    "/embed/{}/",
    "/static/{}",
    "/{}",
]
PARAMS = ["q", "voice", "category", "letter", "model", "log", "page", "next", "__proto__"]
VALUES = {
    "nul": "%00",
    "not UTF-8": "%ff%fe",
    "half an escape": "%zz%",
    "markup": "%3Cscript%3Ealert(1)%3C/script%3E",
    "right to left": "%E2%80%AE%D9%85",
    "10 kB": "a" * 10_000,
    "10 kB of words": "a+" * 5_000,
}
# The largest page of these tests has about a third of it.
LARGEST = 60_000


@pytest.fixture
def term():
    TermFactory(label="offset")
    return TermFactory(label="compaction", scenarios=[ScenarioFactory(slug="play").slug])


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_junk_in_a_query_makes_no_page_fail_or_grow(client, term, value):
    query = "&".join(f"{name}={value}" for name in PARAMS)
    for address in PAGES:
        response = client.get(f"{address}?{query}")
        assert (address, response.status_code) == (address, 200)
        assert len(response.content) < LARGEST
        assert b"<script>alert" not in response.content


@pytest.mark.parametrize(
    "part", ["%00", "%ff", "%zz", "..%2f..%2fmanage.py", "%3Cscript%3Ealert(1)%3C%2Fscript%3E", "a" * 5000, "%D9%A1"]
)
def test_junk_in_a_path_is_a_page_that_is_not_there(client, term, part):
    for path in PATHS:
        response = client.get(path.format(part))
        assert (path, response.status_code) == (path, 404)
        assert "There is no such page" in response.content.decode()
        assert len(response.content) < LARGEST
        assert b"<script>alert" not in response.content


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "PROPFIND", "NONSENSE"])
def test_methods_that_nobody_needs_are_refused(client, term, method):
    for address in PAGES:
        response = client.generic(method, address)
        assert (address, response.status_code) == (address, 405)
        assert response.headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("name", ["X-Forwarded-Host", "X-Forwarded-Server", "Forwarded", "X-Original-URL"])
def test_no_header_decides_about_an_address(client, term, name):
    plain = client.get("/terms/compaction/")
    told = client.get("/terms/compaction/", headers={name: "host=evil.example"})
    assert told.content == plain.content
    assert b"evil.example" not in told.content


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1@evil.example", "127.0.0.1, evil.example", "a" * 5000, ""])
def test_a_host_that_is_not_ours_is_a_bad_request_that_tells_nothing_of_it(client, term, host):
    response = client.get("/terms/compaction/", headers={"host": host})
    assert response.status_code == 400
    assert b"evil" not in response.content


@pytest.mark.parametrize(
    ("header", "value", "status"),
    [
        ("If-None-Match", "*", 304),
        ("If-None-Match", "junk", 200),
        ("If-None-Match", '"a",' * 2000, 200),
        ("If-Modified-Since", "junk", 200),
        ("Range", "bytes=0-10", 200),
        ("Range", "bytes=99999999-", 200),
        ("Accept", "application/json", 200),
        ("Cookie", "sessionid=%00; csrftoken=" + "a" * 4000, 200),
        ("HX-Current-URL", "%zz", 200),
    ],
)
def test_odd_headers_are_answered_with_the_page(client, term, header, value, status):
    plain = client.get("/terms/compaction/")
    response = client.get("/terms/compaction/", headers={header: value})
    assert response.status_code == status
    assert response.content == (b"" if status == 304 else plain.content)


@pytest.mark.parametrize("accepted", ["*;q=0", "identity;q=0", "gzip;q=0, br;q=0", "x-gzip"])
def test_what_a_browser_cannot_read_is_not_sent(client, term, accepted):
    response = client.get("/terms/compaction/", headers={"Accept-Encoding": accepted})
    assert response.status_code == 200
    assert "Content-Encoding" not in response.headers
    assert b"</html>" in response.content
