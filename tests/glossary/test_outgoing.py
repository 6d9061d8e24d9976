"""Requests to addresses that people gave us: where they never go, and how they end."""

import socket
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glossary import outgoing
from tests import receivers
from tests.receivers import receiver

HERE = [ip_network("127.0.0.0/8")]


@pytest.fixture
def near(settings):
    settings.OUTGOING_PRIVATE, settings.OUTGOING_SECONDS = HERE, 1


def leading_to(*addresses: str):
    """A lookup of names that gives these."""

    def resolve(host, port, **_):
        return [(socket.AF_INET6 if ":" in each else socket.AF_INET, 1, 6, "", (each, port)) for each in addresses]

    return resolve


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254"),  # noqa: S104
        *("100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001:0:7f00:1::"),
    ],
)
def test_nothing_is_sent_to_what_is_not_of_the_public_internet(address):
    with pytest.raises(outgoing.Refused, match="not of the public internet"):
        outgoing.destination("https://hook.example.org/", resolve=leading_to(address))


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34"])
def test_a_public_address_is_well(address):
    found = outgoing.destination("https://hook.example.org/", resolve=leading_to(address))
    assert ip_address(found) == ip_address(address)


def test_one_private_address_among_many_is_one_too_many():
    with pytest.raises(outgoing.Refused, match=r"10\.0\.0\.1"):
        outgoing.destination("https://x.org/", resolve=leading_to("93.184.216.34", "10.0.0.1"))


@given(st.ip_addresses())
def test_what_is_sent_to_is_global_whatever_the_address(address):
    try:
        found = outgoing.destination("https://x.org/", resolve=leading_to(str(address)))
    except outgoing.Refused:
        return
    assert ip_address(found).is_global
    assert not any(address in network for network in outgoing.TRANSLATED)


def test_a_setting_opens_a_network_and_no_other(settings):
    settings.OUTGOING_PRIVATE = [ip_network("10.20.0.0/16")]
    assert outgoing.destination("https://x.org/", resolve=leading_to("10.20.1.1")) == "10.20.1.1"
    assert outgoing.destination("http://x.org/", resolve=leading_to("10.20.1.1")) == "10.20.1.1"
    with pytest.raises(outgoing.Refused):
        outgoing.destination("https://x.org/", resolve=leading_to("10.21.1.1"))


def test_nothing_is_sent_in_the_clear_to_the_internet():
    with pytest.raises(outgoing.Refused, match="https://"):
        outgoing.destination("http://x.org/", resolve=leading_to("93.184.216.34"))


def test_a_name_that_nobody_has_is_said():
    with pytest.raises(outgoing.Unanswered, match=r"no-such-name\.invalid cannot be looked up"):
        outgoing.destination("https://no-such-name.invalid/")


def test_the_connection_goes_to_the_address_that_was_checked(near):
    """A name is looked up once: what it would lead to at another look is nowhere asked."""
    looks = []

    def resolve(host, port, **_):
        looks.append(host)
        return leading_to("127.0.0.1" if len(looks) == 1 else "10.0.0.1")(host, port)

    with receiver(200) as there:
        url = there.url.replace("127.0.0.1", "hook.invalid")
        assert outgoing.post(url, b"{}", {}, resolve=resolve).status == 200
    assert looks == ["hook.invalid"]
    assert there.received[0].headers["host"].startswith("hook.invalid:")


def test_an_answer_is_told_with_its_beginning(near):
    def at_length(handler, ended):
        receivers.respond(handler, 503, b"\xffno" + b"x" * 5_000, Retry_After=7)

    with receiver(at_length) as there:
        answer = outgoing.post(there.url, b'{"a": 1}', {"X-A": "b"})
    assert (answer.status, answer.retry_after, len(answer.beginning)) == (503, "7", outgoing.MOST_READ)
    assert answer.beginning.startswith("\ufffdnox")
    (sent,) = there.received
    assert (sent.path, sent.body, sent.headers["x-a"]) == ("/hook?x=1", b'{"a": 1}', "b")


@pytest.mark.parametrize("lie", [receivers.endless, receivers.promises_more])
def test_a_body_that_lies_is_read_no_further_than_its_beginning(near, lie):
    with receiver(lie) as there:
        assert outgoing.post(there.url, b"{}", {}).status == 200


@pytest.mark.parametrize("stall", [receivers.never, receivers.drips])
def test_whoever_stalls_is_left_after_a_while(near, stall):
    with receiver(stall) as there, pytest.raises(outgoing.Unanswered, match="did not answer within 1 seconds"):
        outgoing.post(there.url, b"{}", {})


@pytest.mark.parametrize("lie", [receivers.hangs_up, receivers.speaks_nonsense])
def test_what_is_no_answer_is_said(near, lie):
    with receiver(lie) as there, pytest.raises(outgoing.Unanswered, match="could not be asked"):
        outgoing.post(there.url, b"{}", {})


def test_a_redirect_is_an_answer_and_is_not_followed(near):
    with receiver(200) as elsewhere, receiver(receivers.leads_elsewhere(elsewhere.url)) as there:
        assert outgoing.post(there.url, b"{}", {}).status == 307
    assert elsewhere.received == []


def test_whoever_does_not_speak_tls_is_not_told_anything(near):
    with receiver(200) as there, pytest.raises(outgoing.Unanswered, match="could not be asked"):
        outgoing.post(there.url.replace("http:", "https:"), b"secret", {})
    assert there.received == []


def test_no_proxy_of_the_environment_is_used(near, monkeypatch):
    with receiver(500) as proxy, receiver(200) as there:
        monkeypatch.setenv("http_proxy", proxy.url)
        assert outgoing.post(there.url, b"{}", {}).status == 200
    assert proxy.received == []
