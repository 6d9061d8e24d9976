"""The dictionary as schema.org describes one, for search engines."""

from django.conf import settings

from ..absolute import absolute
from ..models import Publication, Term


def defined_term(term: Term) -> dict:
    aliases = term.current.snapshot.get("aliases", [])
    return {
        "@context": "https://schema.org",
        "@type": "DefinedTerm",
        "@id": absolute("permanent", term.uid),
        "url": absolute("term", term.slug),
        "name": term.label,
        "alternateName": [
            alias["text"] for alias in aliases if alias["kind"] in {"synonym", "abbreviation", "inflection"}
        ],
        "termCode": term.slug,
        "description": term.line_engineer,
        "disambiguatingDescription": term.line_manager,
        "inDefinedTermSet": {"@type": "DefinedTermSet", "@id": absolute("home"), "name": settings.GLOSSARY_TITLE},
    }


def term_set(publication: Publication | None) -> dict:
    described = {
        "@context": "https://schema.org",
        "@type": "DefinedTermSet",
        "@id": absolute("home"),
        "url": absolute("home"),
        "name": settings.GLOSSARY_TITLE,
        "description": "One vocabulary for event-driven architecture, in two voices.",
    }
    if publication:
        day = publication.published_at.date()
        described |= {"version": f"{day:%Y.%m.%d}", "dateModified": day.isoformat()}
    return described
