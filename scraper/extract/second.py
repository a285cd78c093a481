"""trafilatura as the second opinion, for a page whose article is certain but whose body our own reading did not find.

Its text only: on these pages its metadata date is wrong and never "none". Imported when needed, since it takes half a
second to load and most runs never ask.
"""

from scraper.extract.text import clean


def second_opinion(html: str) -> tuple[str, ...]:
    """Paragraphs of the main text as trafilatura sees it; empty when it sees none."""
    from trafilatura import extract as trafilatura_extract

    text = trafilatura_extract(html, include_comments=False, include_tables=False, favor_precision=True)
    return tuple(filter(None, map(clean, (text or "").splitlines())))
