"""What operations have in common that only read: open to every origin, kept until a publication, answered 304."""

from ninja.decorators import decorate_view

from ..pages import reading_page
from ..views.exporting import open_to_every_origin


def reads(*params: str, of_term: bool = False, kept: bool = True):
    """An operation that reads. `params` are those of its query; the others are as for pages.reading_page."""
    return decorate_view(reading_page(params=params, of_term=of_term, kept=kept), open_to_every_origin)
