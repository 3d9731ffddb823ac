"""Characters that nobody sees: two texts that differ by them alone look the same and are not.

A login, a person's number or a name on a roll typed twice, once with such a character in it, would be two.
"""

_RANGES = (
    (0x00, 0x08),
    (0x0E, 0x1F),
    (0x7F, 0x9F),
    (0xAD, 0xAD),
    (0x61C, 0x61C),
    (0x180E, 0x180E),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0xFEFF, 0xFEFF),
    (0xFFF9, 0xFFFB),
    (0xE0000, 0xE007F),
)
"""Control characters without line breaks and tabs, joiners, marks of direction (Unicode's Cc and Cf)."""
INVISIBLE: dict[int, None] = {code: None for first, last in _RANGES for code in range(first, last + 1)}


def visible(text: str) -> str:
    """The text without what nobody sees in it."""
    return text.translate(INVISIBLE)
