"""The idea of a term in code: shown, and taken away as a file that runs by itself."""

import pytest

from tests.factories import TermFactory

PYTHON = "survivors = {record['key']: record['offset'] for record in log}\nprint(sorted(survivors.values()))"
CLOJURE = '(prn (sort (vals (into {} (map (juxt :key :offset)) log)))) ; "<b>"'
CODE = {"path": "/result/survivors", "python": PYTHON, "clojure": CLOJURE}


@pytest.fixture
def term(db):
    return TermFactory(label="compaction", with_figure=True, code=CODE)


def test_both_programs_are_shown_side_by_side_with_what_they_print(client, term, words):
    response = client.get("/terms/compaction/")
    page = response.content.decode()
    assert "what is printed is /result/survivors of its outcome" in words(response)
    assert page.index('id="code-python"') < page.index('id="code-clojure"')
    assert '<span class="k">print</span>' in page
    assert "&lt;b&gt;" in page
    assert "<b>" not in page[page.index('id="code"') :]


def test_a_term_without_code_has_no_such_part(client, db):
    TermFactory(label="offset")
    assert 'id="code"' not in client.get("/terms/offset/").content.decode()


def test_a_program_is_taken_away_as_a_file_that_runs_by_itself(client, term, capsys):
    response = client.get("/terms/compaction/code/python/")
    assert response.headers["Content-Disposition"] == 'attachment; filename="compaction.py"'
    exec(response.content.decode(), {})  # noqa: S102 – our own
    assert capsys.readouterr().out == "[1, 2]\n"
    clojure = client.get("/terms/compaction/code/clojure/").content.decode()
    assert f";; compaction: http://glossary.test/id/{term.uid}/" in clojure
    assert (
        '{:offset 0, :time 1772784000000, :key "order-1", :type "OrderPlaced", :value {:amount 4200}, :size 22}'
        in clojure
    )


@pytest.mark.parametrize("address", ["/terms/compaction/code/cobol/", "/terms/offset/code/python/"])
def test_a_program_that_there_is_not_is_not_found(client, term, address):
    TermFactory(label="offset")
    assert client.get(address).status_code == 404
