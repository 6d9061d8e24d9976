from django.conf import settings


def site(request):
    """What every page says of the site; nothing of it depends on the visitor or the Host header."""
    return {
        "site_title": settings.GLOSSARY_TITLE,
        "public_url": settings.PUBLIC_URL,
        "canonical_url": settings.PUBLIC_URL + request.path,
    }
