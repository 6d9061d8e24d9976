"""The dictionary in both directions, narrowed by links."""

from typing import NamedTuple
from urllib.parse import urlencode

from django.shortcuts import render
from django.urls import reverse

from .. import reading
from ..domain.vocabulary import VOICES
from ..models import Term
from ..pages import reading_page

FILTERS = ("voice", "category", "letter")
# More than this on one page is no longer read; letters lead to the rest.
MOST_ENTRIES = 400
# No slug is as long. The links repeat a value many times over, so what is longer is cut.
LONGEST_VALUE = 200


class Choice(NamedTuple):
    """A link that narrows the dictionary; `url` is empty where it would lead to nothing."""

    label: str
    url: str
    is_chosen: bool


@reading_page(params=FILTERS)
def dictionary(request):
    """?voice=engineer|manager &category=<slug> &letter=<A–Z>; a value that does not exist narrows to nothing."""
    chosen = {name: request.GET[name][:LONGEST_VALUE] for name in FILTERS if request.GET.get(name)}
    categories = reading.categories()
    category = next((category for category in categories if category.slug == chosen.get("category")), None)
    terms = narrowed(chosen)
    letters = sorted(set(narrowed({**chosen, "letter": ""}).values_list("letter", flat=True)))
    found = list(terms.select_related("category")[: MOST_ENTRIES + 1])
    context = {
        "entries": reading.dictionary_entries(found[:MOST_ENTRIES]),
        "is_cut": len(found) > MOST_ENTRIES,
        "chosen": chosen,
        "voice": chosen["voice"] if chosen.get("voice") in VOICES else "",
        "category": category,
        "voices": [
            choice("Both directions", chosen, "voice", ""),
            choice("Engineer → manager", chosen, "voice", "engineer"),
            choice("Manager → engineer", chosen, "voice", "manager"),
        ],
        "categories": [
            choice("All", chosen, "category", ""),
            *(choice(category.label, chosen, "category", category.slug) for category in categories),
        ],
        # Exports know no letters.
        "export_query": query_of({name: chosen.get(name, "") for name in ("voice", "category")}),
        "letters": [choice("All", chosen, "letter", ""), *rail(chosen, letters)],
    }
    return render(request, "glossary/dictionary.html", context)


def narrowed(chosen: dict):
    """Published terms under the chosen filters. Only values that can exist reach the database."""
    terms = Term.objects.published().alphabetical()
    if voice := chosen.get("voice"):
        terms = terms.in_voice(voice) if voice in VOICES else terms.none()
    if category := chosen.get("category"):
        terms = terms.in_category(category) if category.isprintable() else terms.none()
    if letter := chosen.get("letter"):
        terms = terms.under_letter(letter) if len(letter) == 1 and letter.isprintable() else terms.none()
    return terms


def rail(chosen: dict, present: list[str]) -> list[Choice]:
    """The alphabet and whatever else headwords begin with; letters without a word are no links."""
    alphabet = [chr(code) for code in range(ord("A"), ord("Z") + 1)]
    return [
        choice(letter, chosen, "letter", letter) if letter in present else Choice(letter, "", False)
        for letter in sorted({*alphabet, *present})
    ]


def choice(label: str, chosen: dict, name: str, value: str) -> Choice:
    url = reverse("dictionary") + query_of({**chosen, name: value})
    return Choice(label, url, chosen.get(name, "").upper() == value.upper())


def query_of(values: dict[str, str]) -> str:
    given = {name: value for name, value in values.items() if value}
    return f"?{urlencode(given)}" if given else ""
