"""What the public address decides, for every request."""

from urllib.parse import urlsplit

from django.conf import settings


class PublicScheme:
    """Treat every request as it was made to PUBLIC_URL: over TLS, or not.

    A proxy that ends TLS speaks plain HTTP to us. No header of the request is trusted about
    it: the setting knows.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.META["wsgi.url_scheme"] = urlsplit(settings.PUBLIC_URL).scheme
        return self.get_response(request)
