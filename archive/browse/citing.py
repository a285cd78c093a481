"""How an article is cited from its page: a citation to read, files for reference managers, and JSON-LD for machines."""

from typing import Any

from archive import cite
from archive.browse.media import Payload
from archive.cite import citation_of
from archive.jsonld import news_article
from archive.query import Archive

# Ending of the file to format and media type (RIS and CSL have registered none but the last).
ENDINGS = {
    "txt": ("text", "text/plain; charset=utf-8"),
    "bib": ("bibtex", "application/x-bibtex; charset=utf-8"),
    "ris": ("ris", "application/x-research-info-systems; charset=utf-8"),
    "json": ("csl-json", "application/vnd.citationstyles.csl+json"),
}


def _cited(archive: Archive, article_id: int) -> cite.Citation | None:
    entry = archive.entry(str(article_id))
    if entry is None:
        return None
    capture = archive.capture_row(entry.capture_id) if entry.capture_id is not None else None
    return citation_of(entry, capture["payload_sha256"] if capture else None)


def citation(archive: Archive, article_id: int, language: str) -> str:
    """A citation of the newest revision of an article that is there, as plain text."""
    cited = _cited(archive, article_id)
    return cite.text(cited, language) if cited else ""


def citation_file(archive: Archive, article_id: int, ending: str, language: str) -> Payload | None:
    """A citation as a file; None where there is no such article. `ending` is one of ENDINGS."""
    cited = _cited(archive, article_id)
    if cited is None:
        return None
    format_, media_type = ENDINGS[ending]
    said = cite.FORMATS[format_](cited, language)
    return Payload(f"{said}\n".encode(), media_type, f"{cited.key}.{ending}")


def linked_data(archive: Archive, article_id: int) -> dict[str, Any]:
    """An article that is there as schema.org NewsArticle; {} where it is not."""
    entry = archive.entry(str(article_id))
    return news_article(entry) if entry else {}
