"""What is read as a document: text in UTF-8, up to a size. Every door that takes one asks here."""

# In bytes of UTF-8. As JSON, with every sign that is not ASCII escaped, it is still within the largest body.
LARGEST = 3_000_000
MEGABYTES = LARGEST // 1_000_000
WAY_OUT = "save it as UTF-8, or leave it out"


class Unreadable(Exception):
    """Why something is read as no document: a sentence that begins with its name."""


class TooLarge(Unreadable):
    """A document has more than LARGEST bytes."""

    def __init__(self, name: str):
        super().__init__(f"{name} has more than {MEGABYTES} MB, which is the most; divide it, or leave it out.")


def require_readable(text: str, name: str = "This") -> None:
    # A character has a byte at least, and four at most.
    if len(text) > LARGEST or (len(text) * 4 > LARGEST and len(text.encode(errors="surrogatepass")) > LARGEST):
        raise TooLarge(name)
    if "\0" in text:
        raise Unreadable(f"{name} is no text, as it has zero bytes in it; {WAY_OUT}.")


def decoded(data: bytes, name: str) -> str:
    """The text of a file, with its lines ended as everywhere. Raises Unreadable."""
    if len(data) > LARGEST:
        raise TooLarge(name)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable(f"{name} is not UTF-8; {WAY_OUT}.") from None
    require_readable(text, name)
    return text.replace("\r\n", "\n")
