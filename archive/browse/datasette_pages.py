"""Datasette's own pages under our Content-Security-Policy, which allows nothing inline.

Its templates hold scripts, styles and `style` attributes of their own. They are taken out when a template is compiled,
before any value is in it; what they did is in static/datasette.js and datasette.css. (Datasette 0.65 has no setting for
it. The browser tests watch that no page of it is against the policy.)
"""

import re

from jinja2.ext import Extension

_VALUE = r"(?:[^\"{]|\{\{.*?\}\})*"
_INLINE = (
    re.compile(r"<script>.*?</script>", re.DOTALL),
    re.compile(r"<style[^>]*>.*?</style>", re.DOTALL),
    re.compile(rf"\sstyle=\"{_VALUE}\""),
)


class WithoutInline(Extension):
    """A Jinja extension that compiles templates without what stands inline in them, and tells the pages' language."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """The template's text as it is to be compiled."""
        return without_inline(source)


def without_inline(source: str) -> str:
    """A template without inline scripts and styles."""
    for inline in _INLINE:
        source = inline.sub("", source)
    return source.replace("<html>", '<html lang="en">')
