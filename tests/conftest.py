"""What every test stands on: plain static files, and nothing left over from the test before."""

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from hypothesis import HealthCheck, settings

# How long an example takes says more of the machine than of the code: nothing here is timed.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

PLAIN_STATIC_FILES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


def pytest_configure():
    """Nothing that was collected for people is served, nor listed anew for each client of a test."""
    django_settings.STATIC_ROOT = None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """`-m database`: what has to be true on every database, and says the same on each where it uses none."""
    for item in items:
        if item.get_closest_marker("django_db") or "django_db_setup" in item.fixturenames:
            item.add_marker("database")


@pytest.fixture(autouse=True)
def plain_static_files(settings):
    """Pages name static files as they are; only tests of collectstatic collect them."""
    settings.STORAGES = PLAIN_STATIC_FILES


@pytest.fixture(scope="module")
def for_all_tests(django_db_setup, django_db_blocker):
    """for_all_tests(make) -> what `make` returns; what it writes is there for each test of the module, and gone then.

    Not for modules with tests of transactions, which empty the database.
    """

    def for_all_tests(make):
        with django_db_blocker.unblock():
            return make()

    around = transaction.atomic()
    # As around any test: code that insists on being outermost is so as far as it can tell.
    around._from_testcase = True
    with django_db_blocker.unblock():
        around.__enter__()
    yield for_all_tests
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """A password is as slow to make as it should be; the people of most tests never type theirs."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def nothing_remembered():
    """A rolled-back database counts its publications anew; what a process remembers must not outlive that."""
    from django.core.cache import caches

    from glossary import documents, search
    from glossary.views import previewing

    caches["pages"].clear()
    caches["limits"].clear()
    search.forget()
    documents.forget()
    previewing.links_at.cache_clear()
