"""The configuration of nginx in docs/operating.md, tried with a real nginx in front of the site."""

import os
import re
import shutil
import ssl
import subprocess
import time
from contextlib import closing
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path

import pytest

from tests.factories import TermFactory
from tests.proof.postgresql import free_port

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "operating.md"
HOST = "words.example.org"
SECONDS_TO_START = 10

pytestmark = [pytest.mark.proof, pytest.mark.django_db(transaction=True)]


def configuration(folder: Path, upstream: str, port: int, tls_port: int) -> str:
    """The documented servers on free ports of this machine, with what a distribution's nginx.conf has around them."""
    servers = re.search(r"```nginx\n(.*?)```", DOCUMENT.read_text(), re.S)[1]
    for documented, tried in (
        ("127.0.0.1:8000", upstream),
        ("listen 80;", f"listen 127.0.0.1:{port};"),
        ("listen 443 ", f"listen 127.0.0.1:{tls_port} "),
        (f"/etc/ssl/{HOST}", f"{folder}/{HOST}"),
    ):
        assert documented in servers, f"docs/operating.md no longer says {documented!r}"
        servers = servers.replace(documented, tried)
    user = "user root;" if os.geteuid() == 0 else ""
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return (
        f"daemon off; pid {folder}/pid; error_log {folder}/errors; {user}\nevents {{}}\n"
        f"http {{\naccess_log off; {temporary}\n{servers}}}\n"
    )


@pytest.fixture
def proxy(live_server, settings, tmp_path):
    """The ports of a running nginx: plain and TLS."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program, "nginx is not installed (Debian: apt-get install nginx-light)"
    settings.ALLOWED_HOSTS = [HOST]
    key = ["-newkey", "rsa:2048", "-nodes", "-keyout", tmp_path / f"{HOST}.key", "-subj", f"/CN={HOST}"]
    subprocess.run(["openssl", "req", "-x509", *key, "-out", tmp_path / f"{HOST}.pem"], check=True, capture_output=True)
    ports = free_port(), free_port()
    upstream = live_server.url.removeprefix("http://")
    (tmp_path / "nginx.conf").write_text(configuration(tmp_path, upstream, *ports))
    process = subprocess.Popen([program, "-p", tmp_path, "-c", tmp_path / "nginx.conf"])
    try:
        wait_for(tmp_path / "pid", process)
        yield ports
    finally:
        process.terminate()
        process.wait(timeout=10)


def wait_for(path: Path, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while not path.exists():
        assert process.poll() is None, "nginx refused its configuration"
        assert time.monotonic() < deadline, "nginx did not start"
        time.sleep(0.05)


def ask(connection: HTTPConnection, path: str, **headers: str):
    with closing(connection):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", path, headers={"Host": HOST, "Connection": "close"} | named)
        response = connection.getresponse()
        return response, response.read()


def over_tls(port: int) -> HTTPSConnection:
    # The certificate is our own, made for this test.
    return HTTPSConnection("127.0.0.1", port, context=ssl._create_unverified_context(), timeout=10)  # noqa: S323


def test_the_documented_proxy_serves_the_site_over_tls(proxy):
    _, tls_port = proxy
    TermFactory(slug="partition", label="partition")
    response, body = ask(over_tls(tls_port), "/terms/partition/", Accept_Encoding="gzip")
    assert response.status == 200
    assert response.headers["Content-Encoding"] == "gzip"
    assert body[:2] == b"\x1f\x8b"
    again, rest = ask(
        over_tls(tls_port), "/terms/partition/", Accept_Encoding="gzip", If_None_Match=response.headers["ETag"]
    )
    assert (again.status, rest) == (304, b"")


def test_the_documented_proxy_leads_from_plain_http_to_tls(proxy):
    port, _ = proxy
    response, _ = ask(HTTPConnection("127.0.0.1", port, timeout=10), "/terms/?voice=manager")
    assert response.status == 301
    assert response.headers["Location"] == f"https://{HOST}/terms/?voice=manager"
