import pytest

from glossary.models import Category


@pytest.fixture
def categories():
    Category.objects.create(slug="kafka", label="Kafka", description="The broker.", position=0)
