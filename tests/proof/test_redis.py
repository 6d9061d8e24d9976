"""Pages in a shared cache: a real Redis server, that also goes away."""

import shutil
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.cache import caches

from glossary.api import limits
from tests.factories import TermFactory
from tests.proof.postgresql import free_port

pytestmark = [pytest.mark.proof, pytest.mark.django_db]


@pytest.fixture
def redis(tmp_path: Path):
    """A running server: (port, a function that ends it)."""
    program = shutil.which("redis-server")
    assert program, "Redis is not installed (Debian: apt-get install redis-server)"
    port = free_port()
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", tmp_path]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    for line in process.stdout:
        if "Ready to accept connections" in line:
            break

    def stop():
        process.terminate()
        process.wait(timeout=10)

    yield port, stop
    stop()
    process.stdout.close()


def use(settings, port):
    settings.CACHES = settings.CACHES | {
        "pages": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": f"redis://127.0.0.1:{port}/0",
        }
    }


def count_in(settings, port):
    settings.CACHES = settings.CACHES | {
        "limits": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": f"redis://127.0.0.1:{port}/0",
            "KEY_PREFIX": "limits",
        }
    }


def keys(port) -> int:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"DBSIZE\r\n")
        return int(connection.recv(64)[1:])


def test_a_page_is_kept_in_redis_and_answered_from_there(client, settings, redis, django_assert_num_queries):
    port, _ = redis
    use(settings, port)
    TermFactory(label="compaction")
    first = client.get("/terms/compaction/")
    assert keys(port) == 1
    with django_assert_num_queries(1):
        assert client.get("/terms/compaction/").content == first.content


def test_a_page_is_served_while_redis_is_away(client, settings, redis, caplog):
    port, stop = redis
    use(settings, port)
    TermFactory(label="compaction")
    stop()
    caches["pages"].close()
    response = client.get("/terms/compaction/")
    assert response.status_code == 200
    assert b"compaction" in response.content
    assert "The cache at CACHE_URL does not answer" in caplog.text


def test_requests_are_counted_for_all_workers_and_none_is_lost(settings, redis):
    port, _ = redis
    count_in(settings, port)
    with ThreadPoolExecutor(8) as pool:
        counts = pool.map(lambda _: limits.use("reads", "192.0.2.1", at=0).used, range(400))
        assert sorted(counts) == list(range(1, 401))


def test_nobody_is_refused_while_redis_is_away(client, settings, redis, caplog):
    port, stop = redis
    count_in(settings, port)
    settings.API_LIMITS = {"reads": 1, "checks": 1, "writes": 1}
    stop()
    caches["limits"].close()
    sent = [client.post("/api/v1/check", {"text": "log"}, content_type="application/json") for _ in range(3)]
    assert [each.status_code for each in sent] == [200] * 3
    assert "Requests are not counted" in caplog.text
