"""The shipped dictionary, looked for in documents in which a person marked every use of a term."""

import pytest
from django.core.management import call_command

from tests.labelled import CORPORA, agreement


@pytest.mark.django_db
@pytest.mark.parametrize(("corpus", "least"), [("labelled", 0.98), ("held-out", 0.97)])
def test_uses_of_terms_are_found_where_a_reader_sees_them(corpus, least):
    call_command("load_content", verbosity=0)
    found = agreement(CORPORA[corpus])
    assert found.labels >= 100
    assert found.precision >= least, found.extra
    assert found.recall >= least, found.missed
