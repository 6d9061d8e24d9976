"""The API as it is mounted: its routers, and its document; the page that shows it is of views/api_docs.py."""

from django.conf import settings

from . import changes, checking, documents, proposals, simulations, terms, words
from .document import Api
from .errors import handle_errors
from .limits import Limit
from .parsing import JsonAlone

api = Api(
    title=f"{settings.GLOSSARY_TITLE}: API",
    version="1",
    urls_namespace="api",
    docs_url=None,
    openapi_url=None,
    throttle=Limit(),
    parser=JsonAlone(),
    description="Terms in two voices, what they map to, and what a document says with them.",
)
handle_errors(api)
api.add_router("/terms", terms.router)
api.add_router("", words.router)
api.add_router("", simulations.router)
api.add_router("/changes", changes.router)
api.add_router("/check", checking.router)
api.add_router("/documents", documents.router)
api.add_router("/proposals", proposals.router)
