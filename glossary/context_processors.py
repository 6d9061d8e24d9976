from django.conf import settings
from django.contrib.messages import get_messages

from . import permissions


def site(request):
    """What every page says of the site; nothing of it depends on the visitor or the Host header."""
    return {
        "site_title": settings.GLOSSARY_TITLE,
        "public_url": settings.PUBLIC_URL,
        "canonical_url": settings.PUBLIC_URL + request.path,
        "private": settings.PRIVATE,
        "registration": settings.REGISTRATION,
    }


class Deeds:
    """What somebody may do, found out for each deed of permissions.py when a template asks for it."""

    def __init__(self, person):
        self._person = person

    def __getitem__(self, deed: str) -> bool:
        return permissions.may(self._person, deed)


class Visitor:
    """Who is looking, for templates: `visitor.person`, and `visitor.may.review` for each deed."""

    def __init__(self, person):
        self.person = person if person and person.is_authenticated and person.is_active else None
        self.may = Deeds(self.person)

    @property
    def unread(self) -> int:
        return self.person.notices.unread().count() if self.person else 0


def visitor(request):
    return {"visitor": Visitor(person_of(request))}


def messages(request):
    """What the last deed has to say. Only people who are signed in are told anything."""
    return {"messages": get_messages(request)} if person_of(request) else {}


def person_of(request):
    """The person who is signed in; the session of a visitor without its cookie is not even looked for."""
    has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    return request.user if has_session and hasattr(request, "user") else None
