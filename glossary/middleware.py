"""What the public address decides, for every request."""

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.shortcuts import redirect, render, resolve_url

from . import permissions


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


class Doors:
    """What somebody meets at a closed door: the way to sign in, or a page that says who may enter."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, permissions.SignInNeeded):
            if request.method in {"GET", "HEAD"} and not request.htmx:
                return redirect(f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': request.get_full_path()})}")
            return render(request, "403.html", {"reason": str(exception), "needs_sign_in": True}, status=401)
        if isinstance(exception, permissions.Refused):
            return render(request, "403.html", {"reason": str(exception)}, status=403)
        return None
