"""The start of the site with right, wrong and missing settings, each in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
SHOW = "import json; from glossary import settings; print(json.dumps({name: getattr(settings, name) for name in %r}))"


def start(code="from glossary import settings", **environment):
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=kept | environment, capture_output=True, text=True
    )


def settings(*names, **environment):
    started = start(SHOW % (names,), **{"SECRET_KEY": "long"} | environment)
    assert started.returncode == 0, started.stderr
    return json.loads(started.stdout)


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({}, "SECRET_KEY is missing"),
        ({"SECRET_KEY": "x", "DEBUG": "perhaps"}, "DEBUG is 'perhaps', but must be 1 or 0."),
        ({"SECRET_KEY": "x", "PUBLIC_URL": "example.org"}, "PUBLIC_URL is 'example.org', but must be like"),
        ({"SECRET_KEY": "x", "PUBLIC_URL": "https://example.org/path"}, "without a path"),
        ({"SECRET_KEY": "x", "PUBLIC_URL": "https://example.org:port"}, "PUBLIC_URL is"),
        ({"SECRET_KEY": "x", "PORT": "eighty"}, "PUBLIC_URL is 'http://127.0.0.1:eighty'"),
        ({"SECRET_KEY": "x", "DATABASE_URL": "nonsense"}, "DATABASE_URL cannot be read"),
        ({"SECRET_KEY": "x", "DATABASE_URL": "mysql://a@b/c"}, "only SQLite and PostgreSQL"),
        ({"SECRET_KEY": "x", "PRIVATE": "maybe"}, "PRIVATE is 'maybe', but must be 1 or 0."),
        (
            {"SECRET_KEY": "x", "REGISTRATION": "all"},
            "REGISTRATION is 'all', but must be one of closed, invited, open.",
        ),
        ({"SECRET_KEY": "x", "EMAIL_URL": "mail.example.org"}, "EMAIL_URL cannot be read; write console://"),
        ({"SECRET_KEY": "x", "EMAIL_URL": "smtp://host:port"}, "EMAIL_URL cannot be read; write console://"),
        ({"SECRET_KEY": "x", "DEFAULT_FROM_EMAIL": "Words"}, "DEFAULT_FROM_EMAIL is 'Words', but must be an address"),
        ({"SECRET_KEY": "x", "TRUSTED_PROXIES": "one"}, "TRUSTED_PROXIES is 'one', but must be a whole number."),
        ({"SECRET_KEY": "x", "OIDC_ISSUER": "https://id.example.org"}, "OIDC_CLIENT_ID is missing"),
        (
            {
                "SECRET_KEY": "x",
                "OIDC_ISSUER": "http://id.example.org",
                "OIDC_CLIENT_ID": "a",
                "OIDC_CLIENT_SECRET": "b",
            },
            "OIDC_ISSUER is 'http://id.example.org', but must be like https://id.example.org/realm.",
        ),
        ({"SECRET_KEY": "x", "CACHE_URL": "memcached://x"}, "CACHE_URL is 'memcached://x', but must be"),
    ],
)
def test_a_wrong_or_missing_value_stops_the_start_with_one_sentence(environment, sentence):
    stopped = start(**environment)
    assert stopped.returncode == 1
    assert stopped.stderr.startswith("Cannot start: ")
    assert stopped.stderr.count("\n") == 1
    assert sentence in stopped.stderr


def test_debug_is_off_unless_asked_for():
    assert settings("DEBUG") == {"DEBUG": False}
    assert settings("DEBUG", DEBUG="1") == {"DEBUG": True}


def test_the_scheme_of_the_public_address_decides_about_cookies_and_hsts():
    names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS")
    assert settings(*names, PUBLIC_URL="https://words.example.org") == {
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_HSTS_SECONDS": 31536000,
    }
    assert settings(*names, PUBLIC_URL="http://words.example.org") == dict.fromkeys(names, False) | {
        "SECURE_HSTS_SECONDS": 0
    }


def test_sqlite_serves_readers_while_one_writes():
    options = settings("DATABASES")["DATABASES"]["default"]["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in options["init_command"]
    assert options["timeout"] == 20


def test_postgresql_and_redis_are_taken_from_the_environment():
    found = settings("DATABASES", "CACHES", DATABASE_URL="postgresql://u@db:5433/g", CACHE_URL="redis://cache:6379/1")
    assert found["DATABASES"]["default"]["ENGINE"] == "django.db.backends.postgresql"
    assert found["DATABASES"]["default"]["HOST"] == "db"
    assert found["CACHES"]["pages"]["LOCATION"] == "redis://cache:6379/1"


def test_the_public_address_names_the_host_that_is_allowed():
    assert "words.example.org" in settings("ALLOWED_HOSTS", PUBLIC_URL="https://words.example.org")["ALLOWED_HOSTS"]
    assert settings("ALLOWED_HOSTS", ALLOWED_HOSTS="a.example, b.example") == {
        "ALLOWED_HOSTS": ["a.example", "b.example"]
    }


def test_passwords_are_kept_by_argon2():
    assert settings("PASSWORD_HASHERS")["PASSWORD_HASHERS"][0] == "django.contrib.auth.hashers.Argon2PasswordHasher"


@pytest.mark.parametrize(
    ("url", "port", "tls", "ssl"),
    [
        ("smtp://mail.example.org", 25, False, False),
        ("submission://ada:p%40ss@mail.example.org", 587, True, False),
        ("smtps://ada:p%40ss@mail.example.org:4465", 4465, False, True),
    ],
)
def test_the_scheme_of_the_mail_address_decides_about_tls(url, port, tls, ssl):
    code = (
        "from django.conf import settings as s; import glossary.settings;"
        "print(s.EMAIL_HOST, s.EMAIL_PORT, s.EMAIL_USE_TLS, s.EMAIL_USE_SSL, s.EMAIL_HOST_PASSWORD)"
    )
    said = start(code, SECRET_KEY="long", EMAIL_URL=url, DJANGO_SETTINGS_MODULE="glossary.settings").stdout.split()  # noqa: S106
    assert said[:4] == ["mail.example.org", str(port), str(tls), str(ssl)]
    assert said[4:] == (["p@ss"] if "@ss" in url or "%40" in url else [])


def test_mail_is_printed_and_comes_from_the_public_host_unless_told_otherwise():
    found = settings("EMAIL_BACKEND", "DEFAULT_FROM_EMAIL", PUBLIC_URL="https://words.example.org")
    assert found["EMAIL_BACKEND"] == "django.core.mail.backends.console.EmailBackend"
    assert found["DEFAULT_FROM_EMAIL"] == "Eventually Consistent <glossary@words.example.org>"


def test_attempts_are_counted_where_all_workers_see_them_whatever_keeps_the_pages():
    for url in ("locmem://", "redis://cache:6379/1"):
        backend = settings("CACHES", CACHE_URL=url)["CACHES"]["default"]["BACKEND"]
        assert backend == "django.core.cache.backends.db.DatabaseCache"
