"""Digests in place of lines of a withdrawn article that stand on other pages too, as its title does in their sidebars.
Pure.

What is learned of a site's frame is kept in `archive.db`, line by line. A line that is withheld goes on being frame
without its words: its SHA-256 stands there instead.
"""

import hashlib
from collections.abc import Iterable

VEIL = "sha256:"


def digest_of(name: str) -> str:
    """The digest of a line of a frame: of its words, whether or not they are a link (`@`)."""
    return hashlib.sha256(name.removeprefix("@").encode()).hexdigest()


def veil(name: str) -> str:
    """What stands in a frame for a line that is withheld."""
    return f"{'@' if name.startswith('@') else ''}{VEIL}{digest_of(name)}"


def veiled(names: Iterable[str], digests: frozenset[str]) -> frozenset[str]:
    """Lines with the digest in place of the words for those that are withheld."""
    return frozenset(veil(name) if digest_of(name) in digests else name for name in names)
