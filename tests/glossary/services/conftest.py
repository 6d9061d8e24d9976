import pytest

from glossary.models import Category
from tests.factories import UserFactory


@pytest.fixture
def categories():
    Category.objects.create(slug="kafka", label="Kafka", description="The broker.", position=0)


@pytest.fixture
def member():
    return UserFactory(member=True)


@pytest.fixture
def curator():
    return UserFactory(curator=True)


@pytest.fixture
def admin():
    return UserFactory(admin=True)
