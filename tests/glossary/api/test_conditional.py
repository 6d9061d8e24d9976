"""Whatever is read is not sent again while nothing has changed."""

import gzip

import pytest

from tests.factories import UserFactory
from tests.glossary.api.operations import READING, change_world, make_world, token_of

pytestmark = pytest.mark.django_db
WHOEVER = pytest.mark.parametrize("operation", READING, ids=str)


@pytest.fixture(scope="module", autouse=True)
def world(for_all_tests):
    for_all_tests(make_world)


def asked(client, operation, *, by=None, **headers):
    """The answer to a visitor, or where a token is needed to its bearer."""
    by = token_of() if operation.scopes and by is None else by or {}
    return operation.ask(client, headers=by | {name.replace("_", "-"): value for name, value in headers.items()})


@WHOEVER
def test_an_etag_spares_the_body_in_every_form_of_the_header(client, operation):
    by = token_of() if operation.scopes else {}
    first = asked(client, operation, by=by)
    etag = first["ETag"]
    assert first.status_code == 200
    for header in (etag, f"W/{etag.removeprefix('W/')}", f'"another", {etag}', f'W/"another",{etag}', "*"):
        again = asked(client, operation, by=by, if_none_match=header)
        assert (header, again.status_code, again.content, again["ETag"]) == (header, 304, b"", etag)
    for header in ('"another"', 'W/"another"', "nonsense", etag.strip('"')):
        again = asked(client, operation, by=by, if_none_match=header)
        assert (header, again.status_code, again["ETag"]) == (header, 200, etag)
        assert again.content == first.content


@WHOEVER
def test_a_change_makes_another_etag(client, operation):
    by = token_of() if operation.scopes else {}
    address = operation.address()
    first = operation.ask(client, address, headers=by)
    change_world()
    later = operation.ask(client, address, headers=by | {"if-none-match": first["ETag"]})
    assert later.status_code == 200
    assert later["ETag"] != first["ETag"]
    assert later.content != first.content


@WHOEVER
def test_a_head_says_what_a_get_would(client, operation):
    by = token_of() if operation.scopes else {}
    first = asked(client, operation, by=by)
    head = client.head(operation.address(), headers=by)
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", first["ETag"])
    assert head["Content-Type"] == first["Content-Type"]
    spared = client.head(operation.address(), headers=by | {"if-none-match": first["ETag"]})
    assert spared.status_code == 304


@WHOEVER
def test_a_compressed_answer_has_an_etag_of_its_own_and_says_the_same(client, operation):
    by = token_of() if operation.scopes else {}
    plain = asked(client, operation, by=by)
    packed = asked(client, operation, by=by, accept_encoding="gzip")
    if packed.headers.get("Content-Encoding") == "gzip":
        assert packed["ETag"] != plain["ETag"]
        assert gzip.decompress(packed.content) == plain.content
        assert "Accept-Encoding" in packed["Vary"]
    else:
        assert (packed["ETag"], packed.content) == (plain["ETag"], plain.content)
    again = asked(client, operation, by=by, accept_encoding="gzip", if_none_match=packed["ETag"])
    assert (again.status_code, again["ETag"]) == (304, packed["ETag"])


@WHOEVER
def test_a_private_site_spares_bearers_and_no_shared_cache_keeps_what_they_get(client, settings, operation):
    settings.PRIVATE = True
    by = token_of()
    first = asked(client, operation, by=by)
    assert "private" in first["Cache-Control"]
    assert "Authorization" in first["Vary"]
    assert asked(client, operation, by=by, if_none_match=first["ETag"]).status_code == 304
    assert client.get(operation.address(), headers={"if-none-match": first["ETag"]}).status_code == 401


@WHOEVER
def test_somebody_who_is_signed_in_is_spared_as_well(client, operation):
    client.force_login(UserFactory(member=True))
    by = token_of() if operation.scopes else {}
    first = asked(client, operation, by=by)
    assert "private" in first["Cache-Control"]
    assert asked(client, operation, by=by, if_none_match=first["ETag"]).status_code == 304
