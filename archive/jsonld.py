"""Articles as schema.org NewsArticle in JSON-LD. Pure, but for `write_jsonld`.

The site's condition is one of attribution and no Creative Commons licence, so `license` stays empty: it stands where
each vocabulary has a place for it. schema.org: `creditText` (how to credit), `copyrightNotice` and `usageInfo` (the
condition, verbatim); DCMI Terms: `dcterms:rights` and `dcterms:source`. A day is told for what it is: `datePublished`
when a listing gave it, `contentReferenceTime` when the text says it is about it, `dateCreated` for a document's own;
`dcterms:date` has it in any case.
"""

import json
from typing import IO, Any

from archive.entries import Entry, Filter
from archive.people import people_of
from archive.query import Archive

CONTEXT = ["https://schema.org", {"dcterms": "http://purl.org/dc/terms/"}]
_DAY = {"posted": "datePublished", "dateline": "contentReferenceTime", "document": "dateCreated"}
_BREAKING = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def news_article(entry: Entry, *, archived_at: str | None = None, context: bool = True) -> dict[str, Any]:
    """An article as a JSON-LD object; what is not known is left out. `archived_at` is the address of an archived view
    of it, where there is one."""
    record = entry.record
    source = record.source
    publisher = {"@type": "Organization", "name": source.organisation or source.name, "url": source.url}
    authors, photographer, origin = people_of(record)
    said: dict[str, Any] = {
        "@context": CONTEXT if context else None,
        "@type": "NewsArticle",
        "@id": record.url,
        "url": record.url,
        "headline": record.title,
        "inLanguage": "vi",
        "articleSection": record.category,
        "author": [{"@type": "Person", "name": name} for name in authors],
        "contributor": {"@type": "Person", "name": photographer} if photographer else None,
        "isBasedOn": {"@type": "CreativeWork", "name": origin} if origin else None,
        _DAY.get(record.date_kind or "", "dcterms:date"): record.date,
        "dcterms:date": record.date,
        "articleBody": "\n\n".join(record.body),
        "image": [_image(photo) for photo in record.photos],
        "associatedMedia": [_file(attachment) for attachment in record.attachments],
        "interactionStatistic": _views(record.views),
        "publisher": publisher,
        "copyrightHolder": publisher,
        "creditText": source.credit,
        "copyrightNotice": source.notice,
        "usageInfo": {"@type": "CreativeWork", "url": source.url, "text": source.notice},
        "dcterms:rights": source.notice,
        "dcterms:source": {"@id": record.url},
        "archivedAt": archived_at,
        "sdDatePublished": record.captured_at,
        "identifier": {"@type": "PropertyValue", "propertyID": "content_sha256", "value": record.content_sha256},
    }
    return {name: value for name, value in said.items() if value not in (None, [], "")}


def script_text(thing: dict[str, Any]) -> str:
    """JSON to stand within `<script type="application/ld+json">`: nothing in it can end the element."""
    return json.dumps(thing, ensure_ascii=False).translate(_BREAKING)


def write_jsonld(archive: Archive, which: Filter, out: IO[bytes]) -> int:
    """One JSON-LD document: a graph of articles, one a line; returns how many."""
    out.write(b'{"@context": ' + json.dumps(CONTEXT).encode() + b', "@graph": [')
    count = 0
    for entry in archive.entries(which):
        out.write(b",\n" if count else b"\n")
        out.write(json.dumps(news_article(entry, context=False), ensure_ascii=False).encode())
        count += 1
    out.write(b"\n]}\n")
    return count


def _image(photo: dict[str, Any]) -> dict[str, Any]:
    said = {
        "@type": "ImageObject",
        "contentUrl": photo["url"],
        "caption": photo["caption"],
        "creditText": photo["credit"],
        "sha256": photo["sha256"],
    }
    return {name: value for name, value in said.items() if value}


def _file(attachment: dict[str, Any]) -> dict[str, Any]:
    said = {
        "@type": "MediaObject",
        "contentUrl": attachment["url"],
        "name": attachment["label"],
        "encodingFormat": attachment["media_type"],
        "sha256": attachment["sha256"],
    }
    return {name: value for name, value in said.items() if value}


def _views(views: int | None) -> dict[str, Any] | None:
    if views is None:
        return None
    counter = {"@type": "InteractionCounter", "interactionType": "https://schema.org/ReadAction"}
    return counter | {"userInteractionCount": views}
