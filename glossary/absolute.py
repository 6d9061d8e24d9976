"""Addresses as others are given them: whole, under PUBLIC_URL, whatever host a request came to."""

from django.conf import settings
from django.urls import reverse


def absolute(name: str, *args) -> str:
    """The address of a view by its name."""
    return settings.PUBLIC_URL + reverse(name, args=args)
