"""What every test stands on: plain static files, and nothing left over from the test before."""

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes says more of the machine than of the code: nothing here is timed.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

PLAIN_STATIC_FILES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


@pytest.fixture(autouse=True)
def plain_static_files(settings):
    """Pages name static files as they are; only tests of collectstatic collect them."""
    settings.STORAGES = PLAIN_STATIC_FILES


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
