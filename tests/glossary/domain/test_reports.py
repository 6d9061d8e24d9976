"""What was found in documents, for people and for other programs."""

import json

from glossary.domain.reports import FORMATS, Finding

FINDING = Finding(
    "docs/a,b.md", 3, 5, 4, 2, "log", "log", "https://w.example.org/terms/log/", "lgo", "warning", "100 %: “lgo”."
)


def test_text_begins_with_what_editors_jump_to():
    assert FORMATS["text"]([FINDING]) == ("docs/a,b.md:3:5: warning: 100 %: “lgo”. https://w.example.org/terms/log/\n")


def test_an_annotation_escapes_what_would_end_it():
    assert FORMATS["github"]([FINDING]) == (
        "::warning file=docs/a%2Cb.md,line=3,col=5,endLine=4,endColumn=2::"
        "100 %25: “lgo”. https://w.example.org/terms/log/\n"
    )


def test_json_has_every_field():
    assert json.loads(FORMATS["json"]([FINDING])) == [FINDING._asdict()]


def test_sarif_names_a_rule_for_each_result():
    [run] = json.loads(FORMATS["sarif"]([FINDING]))["runs"]
    [result] = run["results"]
    assert result["ruleId"] in {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert result["level"] == "warning"
    assert run["columnKind"] == "unicodeCodePoints"
    region = result["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 3, "startColumn": 5, "endLine": 4, "endColumn": 2}
