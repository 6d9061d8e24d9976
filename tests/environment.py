"""The environment of every test, set before Django reads its settings: none of it comes from the machine."""

import os

os.environ.update(SECRET_KEY="only-for-tests", DEBUG="0", PUBLIC_URL="http://glossary.test")  # noqa: S106
for name in (
    *("API_CHECKS", "API_READS", "API_WRITES", "OUTGOING_PRIVATE", "OUTGOING_SECONDS"),
    *("ALLOWED_HOSTS", "BENCH", "CACHE_URL", "CONTENT_DIRS", "EMBED_ANCESTORS", "GLOSSARY_TITLE", "PORT"),
    *("DEFAULT_FROM_EMAIL", "DEFAULT_ROLE", "EMAIL_URL", "PRIVATE", "REGISTRATION", "REGISTRATION_DOMAINS"),
    *("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_ISSUER", "OIDC_NAME", "TRUSTED_PROXIES"),
):
    os.environ.pop(name, None)
