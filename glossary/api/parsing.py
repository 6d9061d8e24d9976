"""Bodies of requests: JSON, and said to be."""

import json

from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.parser import Parser

# How JSON writes half of a pair that stands for a character; alone it is none, and no database takes it.
HALF = b"\\ud"


class JsonAlone(Parser):
    """Takes no body that is sent as something else: a form of another site could have sent it."""

    def parse_body(self, request: HttpRequest):
        if request.content_type != "application/json":
            raise HttpError(415, "Send JSON, and say so: `Content-Type: application/json`.")
        try:
            body = super().parse_body(request)
            if HALF in request.body.lower():
                json.dumps(body, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise HttpError(400, "The body has halves of characters in it, which are no text.") from None
        except (ValueError, RecursionError):
            raise HttpError(400, "The body is no JSON that can be read.") from None
        return body
