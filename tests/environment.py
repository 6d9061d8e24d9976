"""The environment of every test, set before Django reads its settings: none of it comes from the machine."""

import os

os.environ.update(SECRET_KEY="only-for-tests", DEBUG="0", PUBLIC_URL="http://glossary.test")  # noqa: S106
for name in ("ALLOWED_HOSTS", "BENCH", "CACHE_URL", "CONTENT_DIRS", "EMBED_ANCESTORS", "GLOSSARY_TITLE", "PORT"):
    os.environ.pop(name, None)
