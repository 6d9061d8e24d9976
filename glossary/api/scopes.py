"""Which scope of an access token an operation needs: `@router.post("", auth=Scope("propose"))`."""

from ninja.errors import HttpError
from ninja.security import HttpBearer

from ..domain.vocabulary import SCOPES
from ..models import AccessToken


class Scope(HttpBearer):
    """Lets in who sends a valid token with a scope: 401 without a token, 403 without the scope.

    What its owner may do is asked of permissions.py by whatever the operation calls, as on the site.
    """

    def __init__(self, name: str):
        super().__init__()
        if name not in SCOPES:
            raise ValueError(f"{name!r} is no scope; there are {', '.join(SCOPES)}")
        self.name = name

    def authenticate(self, request, token: str) -> AccessToken | None:
        # The middleware has found it, so that a private site lets its owner in.
        found = request.access_token
        if found and not found.allows(self.name):
            raise HttpError(403, f"This needs a token with the scope `{self.name}`: make one at /accounts/tokens/.")
        return found
