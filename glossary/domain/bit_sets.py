"""Sets of small whole numbers, each kept as the bits of one large number, and counted all at once."""

import re
from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_

SOMETHING = re.compile(rb"[^\0]")
PLACES = [tuple(place for place in range(8) if byte >> place & 1) for byte in range(256)]


def bit_set(members: Iterable[int]) -> int:
    members = list(members)
    data = bytearray(max(members, default=0) // 8 + 1)
    for member in members:
        data[member >> 3] |= 1 << (member & 7)
    return int.from_bytes(data, "little")


def members_of(bits: int) -> list[int]:
    """The members of a set, rising."""
    data = bits.to_bytes((bits.bit_length() + 7) // 8, "little")
    starts = [found.start() for found in SOMETHING.finditer(data)]
    return [8 * start + place for start in starts for place in PLACES[data[start]]]


def by_count(sets: Iterable[int]) -> Iterator[tuple[int, int]]:
    """(count, the set of what is a member of exactly so many of the sets), highest count first, down to one.

    All counts are kept as one column of binary digits each: digit i of the count of n is bit n of digits[i].
    So one addition of whole numbers counts a set's thousands of members at once.
    """
    digits: list[int] = []
    for carry in sets:
        for place, digit in enumerate(digits):
            if not carry:
                break
            digits[place], carry = digit ^ carry, digit & carry
        if carry:
            digits.append(carry)
    yield from split(reduce(or_, digits, 0), digits, 0)


def split(members: int, digits: list[int], count: int) -> Iterator[tuple[int, int]]:
    """The same of members whose counts begin with the digits of `count`, and go on with the last ones of `digits`."""
    if not members:
        return
    if not digits:
        yield count, members
        return
    *lower, digit = digits
    ones = members & digit
    yield from split(ones, lower, 2 * count + 1)
    yield from split(members ^ ones, lower, 2 * count)
