"""Addresses of the web that people give us: of their documents, and of what listens to us."""

from urllib.parse import urlsplit, urlunsplit

LONGEST = 500


def tidied(text: str) -> str:
    """An address in one form: scheme and host in lower case, no fragment. What cannot be read stays as it is."""
    text = text.strip()
    try:
        parts = urlsplit(text)
    except ValueError:
        return text
    return urlunsplit(parts._replace(scheme=parts.scheme.lower(), netloc=parts.netloc.lower(), fragment=""))


def problem_of(text: str, schemes: tuple[str, ...] = ("https", "http")) -> str:
    """Why this is no address of the web that can be kept and shown, as a sentence; "" if it is one."""
    if len(text) > LONGEST:
        return f"This address has {len(text)} characters; at most {LONGEST} are kept."
    if not text.isprintable() or " " in text:
        return f"{text!r:.60} has spaces or control characters in it; write %20 for a space."
    try:
        parts = urlsplit(text)
        has_host = bool(parts.hostname) and (parts.port or True)
    except ValueError:
        has_host = False
    if not has_host or parts.scheme not in schemes:
        return f"{text!r:.60} must be an address that begins with {' or '.join(f'{name}://' for name in schemes)}."
    if "@" in parts.netloc:
        return "This address has a name or a password in it, which everybody here would read; leave it out."
    return ""
