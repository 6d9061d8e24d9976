"""A term's page and everything below it."""

import json
import re

import pytest

from glossary.models import Publication
from glossary.services import retiring
from glossary.services.publishing import publish_term
from tests.factories import ScenarioFactory, TermFactory, UserFactory, linked_to


def section(response, title: str) -> str:
    """The words of the section with this heading."""
    page = response.content.decode()
    found = re.search(rf"(?s)<section[^>]*>\s*<h2[^>]*>{title}</h2>(.*?)</section>", page)
    assert found, f"no section {title!r}"
    return " ".join(re.sub(r"<[^>]+>", " ", found.group(1)).split())


def test_both_voices_and_the_gap_stand_in_elements_that_tools_can_find(client):
    TermFactory(label="compaction")
    page = client.get("/terms/compaction/").content.decode()
    engineer = re.search(r'(?s)<section[^>]*data-voice="engineer"[^>]*>(.*?)</section>', page).group(1)
    manager = re.search(r'(?s)<section[^>]*data-voice="manager"[^>]*>(.*?)</section>', page).group(1)
    gap = re.search(r'(?s)<section[^>]*id="gap"[^>]*>(.*?)</section>', page).group(1)
    assert "The exact meaning of compaction." in engineer
    assert "What engineers call compaction." in engineer
    assert "What compaction buys and what it costs." in manager
    assert "Each side assumes its own compaction." in gap


def test_the_sections_that_tools_look_for_are_there_and_filled(client):
    TermFactory(
        label="compaction",
        aliases=[
            {"text": "log compaction", "kind": "synonym"},
            {"text": "compression", "kind": "discouraged", "note": "nothing is made smaller"},
        ],
        sources=[{"title": "Kafka: Design", "url": "https://kafka.apache.org/documentation/"}],
    )
    response = client.get("/terms/compaction/")
    assert "synonym log compaction" in section(response, "Aliases")
    assert "compression nothing is made smaller" in section(response, "Aliases")
    assert section(response, "Sources") == "Kafka: Design"
    assert section(response, "Say") == "Say compaction when you mean it."
    assert section(response, "Avoid") == "Avoid compaction when you do not."


def test_links_are_told_from_both_ends(client):
    compaction = TermFactory(label="compaction")
    TermFactory(label="key clean-up", relations=[linked_to(compaction, "broader", "one kind of it")])
    TermFactory(label="part", slug="part", relations=[linked_to(compaction, "part_of")])
    TermFactory(label="clean-up", voice="manager", mappings=[linked_to(compaction, "narrower", "some of it")])
    response = client.get("/terms/compaction/")
    assert "broader clean-up" in section(response, "Mappings")
    assert "some of it" in section(response, "Mappings")
    assert "narrower key clean-up" in section(response, "Relations")
    assert "has part part" in section(response, "Relations")
    assert "broader compaction" in section(client.get("/terms/key-clean-up/"), "Relations")


def test_a_link_that_both_ends_state_is_told_once_in_the_terms_own_words(client):
    first = TermFactory(label="compaction")
    second = TermFactory(label="retention", relations=[linked_to(first, "contrasts", "as retention says")])
    publish_term(
        snapshot=first.current.snapshot | {"relations": [linked_to(second, "contrasts", "as compaction says")]}
    )
    told = section(client.get("/terms/compaction/"), "Relations")
    assert told.count("contrasts") == 1
    assert "as compaction says" in told
    assert "as retention says" not in told


@pytest.mark.parametrize("relations", [0, 12])
def test_a_cold_page_costs_four_queries_whatever_the_number_of_relations(client, relations, django_assert_num_queries):
    others = [TermFactory() for _ in range(relations)]
    figures = [ScenarioFactory().slug for _ in range(3)]
    TermFactory(label="compaction", scenarios=figures, relations=[linked_to(other, "related") for other in others])
    with django_assert_num_queries(4):
        assert client.get("/terms/compaction/").status_code == 200
    with django_assert_num_queries(1):
        client.get("/terms/compaction/")


def test_the_first_scenario_is_a_figure_and_the_others_are_a_link_away(client):
    slugs = [ScenarioFactory(slug=slug, title=f"Title of {slug}").slug for slug in ("first", "second")]
    TermFactory(label="compaction", scenarios=slugs)
    page = client.get("/terms/compaction/").content.decode()
    assert page.count("<figure") == 1
    assert 'data-scenario="first"' in page
    assert '<a href="/simulator/second/">Title of second</a>' in page
    data = json.loads(
        re.search(r'(?s)<script id="scenario-first" type="application/json">(.*?)</script>', page).group(1)
    )
    assert data["log"]["records"][0]["type"] == "OrderPlaced"


def test_modules_are_announced_only_where_there_is_a_figure(client):
    TermFactory(label="still")
    TermFactory(label="moving", with_figure=True)
    still, moving = (client.get(f"/terms/{slug}/").content.decode() for slug in ("still", "moving"))
    assert "modulepreload" not in still
    assert "simulator/main.js" not in still
    for module in ("main.js", "engine/run.js", "engine/models/compaction.js", "narration/compaction.js"):
        assert f'<link rel="modulepreload" href="/static/simulator/{module}">' in moving


def test_a_manager_term_tells_in_its_own_words_what_a_manager_sees(client):
    slug = ScenarioFactory().slug
    TermFactory(label="clean-up", voice="manager", scenarios=[slug], captions={slug: "The filing room is tidied."})
    page = client.get("/terms/clean-up/").content.decode()
    assert "The filing room is tidied." in page
    assert "Old cards go." not in page
    assert "The cleaner at work." in page


def test_status_tells_version_and_how_long_the_meaning_has_stood(client, words):
    edits = [{"gap": "A wider gap."}, {"say": "Entirely new words.", "change": "wording"}]
    TermFactory(label="compaction", edits=edits)
    text = words(client.get("/terms/compaction/"))
    assert "Version 3, published 21 May 2026. Meaning unchanged since April 2026." in text


def test_a_pinned_page_is_frozen_and_says_what_happened_since(client, words):
    TermFactory(
        label="compaction",
        gap="The first gap.",
        edits=[{"gap": "The second gap.", "change": "wording"}, {"gap": "The third gap.", "change": "meaning"}],
    )
    first, second, third = (words(client.get(f"/terms/compaction/v/{n}/")) for n in (1, 2, 3))
    assert "The first gap." in first
    assert "The third gap." not in first
    assert "Since this version: 2 edits; meaning changed: yes , in version 3 on 21 May 2026" in first
    assert "Since this version: 1 edit; meaning changed: yes" in second
    assert "Since this version: 0 edits; meaning changed: no." in third


def test_a_pinned_page_survives_a_wording_edit_as_the_same_meaning(client, words):
    TermFactory(label="compaction", edits=[{"say": "Entirely new words.", "change": "wording"}])
    assert "Since this version: 1 edit; meaning changed: no" in words(client.get("/terms/compaction/v/1/"))


def test_permanent_addresses_lead_to_the_page_of_today(client):
    term = TermFactory(label="compaction", renamed=True)
    for address, target in (("", "/terms/the-new-name/"), ("v/1/", "/terms/the-new-name/v/1/")):
        response = client.get(f"/id/{term.uid}/{address}")
        assert (response.status_code, response.headers["Location"]) == (302, target)
    assert client.get(f"/id/{term.uid}/v/3/").status_code == 404


@pytest.mark.parametrize("rest", ["", "v/1/", "history/", "diff/?from=1&to=2", "discuss/"])
def test_an_old_slug_leads_on_for_everything_below_it(client, rest):
    TermFactory(label="compaction", renamed=True)
    response = client.get(f"/terms/compaction/{rest}")
    assert response.status_code == 301
    assert response.headers["Location"] == f"/terms/the-new-name/{rest}"
    assert response.headers["Cache-Control"] == "no-cache"


def test_what_is_posted_below_an_old_slug_is_posted_again_below_the_new_one(client):
    TermFactory(label="compaction", renamed=True)
    response = client.post("/terms/compaction/later/", {"gap": "typed text"})
    assert (response.status_code, response.headers["Location"]) == (308, "/terms/the-new-name/later/")


def test_renaming_back_frees_the_old_slug(client):
    TermFactory(label="compaction", edits=[{"slug": "other"}, {"slug": "compaction"}])
    assert client.get("/terms/compaction/").status_code == 200
    assert client.get("/terms/other/").headers["Location"] == "/terms/compaction/"


def test_a_retired_term_is_gone_with_its_last_text_and_its_replacement(client, words):
    compaction = TermFactory(label="compaction")
    TermFactory(label="log cleaning", gap="What each side thought.", replaced_by=compaction)
    response = client.get("/terms/log-cleaning/")
    assert response.status_code == 410
    assert "Use compaction instead" in words(response)
    assert "What each side thought." in words(response)
    assert '<a href="/terms/compaction/">' in response.content.decode()
    assert client.get("/terms/log-cleaning/v/1/").status_code == 200
    assert "The term was retired since" in words(client.get("/terms/log-cleaning/v/1/"))


def test_a_retired_term_without_a_replacement_says_so(client, words):
    TermFactory(label="log cleaning", retired=True)
    response = client.get("/terms/log-cleaning/")
    assert response.status_code == 410
    assert "It has no replacement" in words(response)


def test_htmx_gets_the_card_of_a_term_at_the_same_address(client, words):
    TermFactory(label="compaction")
    response = client.get("/terms/compaction/", headers={"HX-Request": "true"})
    assert "<html" not in response.content.decode()
    assert words(response) == (
        "engineer · Kafka compaction Engineers What engineers call compaction. "
        "Managers What managers hear in compaction."
    )
    restored = client.get("/terms/compaction/", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in restored.content.decode()


def test_the_page_can_be_cited_in_the_notations_of_documents(client, words):
    term = TermFactory(label="[odd] `label`", slug="odd")
    permanent = f"http://glossary.test/id/{term.uid}/"
    text = words(client.get("/terms/odd/"))
    assert rf"[\[odd\] \`label\`]({permanent})" in text
    assert rf"`[odd] \`label\` <{permanent}>`__" in text
    assert f'<a href="{permanent}">[odd] `label`</a>' in text
    assert f"{permanent}v/1/" in text


def test_search_engines_read_a_defined_term(client):
    term = TermFactory(
        label="compaction </script>", slug="compaction", aliases=[{"text": "tidying", "kind": "synonym"}]
    )
    page = client.get("/terms/compaction/").content.decode()
    data = json.loads(re.search(r'(?s)<script type="application/ld\+json">(.*?)</script>', page).group(1))
    assert data["@type"] == "DefinedTerm"
    assert data["@id"] == f"http://glossary.test/id/{term.uid}/"
    assert data["name"] == "compaction </script>"
    assert data["alternateName"] == ["tidying"]
    assert data["termCode"] == "compaction"
    assert data["description"] == term.line_engineer
    assert data["disambiguatingDescription"] == term.line_manager
    assert data["inDefinedTermSet"]["@id"] == "http://glossary.test/"


def test_search_engines_read_a_set_of_terms_on_the_first_page(client):
    TermFactory()
    page = client.get("/").content.decode()
    data = json.loads(re.search(r'(?s)<script type="application/ld\+json">(.*?)</script>', page).group(1))
    day = Publication.objects.get().published_at.date()
    assert data["@type"] == "DefinedTermSet"
    assert data["dateModified"] == day.isoformat()


def test_markup_in_a_term_is_text(client):
    TermFactory(label="<b>bold</b>", slug="bold", say="<script>alert(1)</script>", gap="<img src=x onerror=alert(1)>")
    page = client.get("/terms/bold/").content.decode()
    assert "<b>bold</b>" not in page
    assert "<script>alert" not in page
    assert "<img" not in page


def test_text_of_the_longest_kind_leaves_the_page_whole(client):
    long_text = "word " * 3900
    TermFactory(label="long", definitions={"engineer": long_text, "manager": long_text})
    assert client.get("/terms/long/").content.count(b"<h1") == 1


def test_comparing_marks_what_differs_and_what_is_shared(client, words):
    shared = TermFactory(label="log")
    left = TermFactory(label="compaction", relations=[linked_to(shared, "related")])
    right = TermFactory(
        label="retention", relations=[linked_to(shared, "related"), linked_to(left, "contrasts", "time")]
    )
    text = words(client.get(f"/compare/{left.slug}/{right.slug}/"))
    assert "compaction : contrasts retention — time" in text
    assert "log related · both" in text
    TermFactory(label="clean-up", voice="manager", category="operations")
    assert "Voice differs" in words(client.get("/compare/compaction/clean-up/"))


def test_comparing_by_an_old_slug_leads_to_the_new_one(client):
    TermFactory(label="compaction", renamed=True)
    TermFactory(label="offset")
    response = client.get("/compare/compaction/offset/")
    assert (response.status_code, response.headers["Location"]) == (301, "/compare/the-new-name/offset/")


def test_comparing_a_merged_term_leads_to_the_one_that_took_its_place(client):
    merged, kept = TermFactory(label="tidying"), TermFactory(label="compaction")
    TermFactory(label="offset")
    retiring.merge_term(term=merged, into=kept, by=UserFactory(curator=True))
    for path, address in (
        ("/compare/tidying/offset/", "/compare/compaction/offset/"),
        ("/compare/offset/tidying/", "/compare/offset/compaction/"),
        ("/compare/tidying/compaction/", "/terms/compaction/"),
    ):
        response = client.get(path)
        assert (response.status_code, response.headers["Location"]) == (301, address)
        # It may be restored.
        assert response.headers["Cache-Control"] == "no-cache"


def test_comparing_a_retired_term_says_what_to_say_instead(client, words):
    TermFactory(label="tidying", replaced_by=TermFactory(label="compaction"))
    TermFactory(label="offset")
    said = words(client.get("/compare/tidying/offset/"))
    assert "tidying is retired: this glossary no longer uses it. Use compaction instead." in said


def test_nothing_but_the_two_definitions_claims_to_be_a_voice(client):
    clean_up = TermFactory(label="clean-up", voice="manager")
    TermFactory(
        label="compaction",
        definitions={"engineer": f"A [[{clean_up.slug}]] by key.", "manager": "A tidy archive."},
        mappings=[linked_to(clean_up, "close")],
    )
    page = client.get("/terms/compaction/").content.decode()
    assert re.findall(r'<(\w+)[^>]* data-voice="(\w+)"', page) == [("section", "engineer"), ("section", "manager")]


def test_a_term_is_cited_in_every_notation_that_documents_are_written_in(client, settings):
    settings.PUBLIC_URL = "https://words.example.org"
    term = TermFactory(label="log [old]", slug="old-log")
    page = client.get(f"/terms/{term.slug}/").content.decode()
    url = f"https://words.example.org/id/{term.uid}/"
    for text in (
        rf"[log \[old\]]({url})",
        f"&lt;a href=&quot;{url}&quot;&gt;log [old]&lt;/a&gt;",
        f"`log [old] &lt;{url}&gt;`__",
        f"{url}[log &amp;#91;old&amp;#93;]",
        rf"[log \[old\]|{url}]",
        f'<code id="cite-6">{url}</code>',
        f"{url}v/1/",
    ):
        assert text in page
    assert f"[log [old\\]|{url}v/1/]" not in page
    assert f"{url}v/1/[log &amp;#91;old&amp;#93;]" in client.get(f"/terms/{term.slug}/v/1/").content.decode()


def test_a_pinned_page_shows_what_differs_in_the_newest_version(client, words):
    TermFactory(
        label="compaction",
        gap="The first gap.",
        edits=[{"gap": "The second gap.", "change": "wording"}, {"say": "Entirely new words.", "change": "wording"}],
    )
    told = words(client.get("/terms/compaction/v/1/"))
    assert "Since this version: 2 edits; meaning changed: no. " in told
    difference = told.partition("What differs in version 3, the newest")[2].partition("The two versions compared")[0]
    assert "The first second gap." in difference
    assert "Entirely new words" in difference
    assert 'href="/terms/compaction/diff/?from=1&amp;to=3"' in client.get("/terms/compaction/v/1/").content.decode()
    assert "What differs" not in words(client.get("/terms/compaction/v/3/"))
