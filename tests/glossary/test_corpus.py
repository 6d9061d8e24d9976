"""The shipped dictionary, looked for in documents in which a person marked every use of a term."""

import pytest
from django.core.management import call_command

from tests.labelled import agreement


@pytest.mark.django_db
def test_uses_of_terms_are_found_where_a_reader_sees_them():
    call_command("load_content", verbosity=0)
    found = agreement()
    assert found.labels >= 100
    assert found.precision >= 0.98, found.extra
    assert found.recall >= 0.98, found.missed
