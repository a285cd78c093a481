"""The words of a data set release: its data statement and its CITATION.cff. Pure.

The statement follows what data statements and datasheets ask for: how the data came about, what is missing, whom it is
about, what others own, under which condition it may be used.
"""

import json
from typing import Any

from archive import __version__
from archive.export_markdown import escape
from archive.holdings import Holdings
from archive.records import REFUSAL_MEANINGS, RefusalReason

_ROLES = {
    "author": "author of the text",
    "text_and_photo": "author of text and photos",
    "photo": "photographer alone",
    "syndicated": "the work of others, who are named (`Theo …`, `Nguồn: …`)",
}
_DAYS = {
    "dateline": "the day the text says it is about",
    "posted": "the day a listing says it was posted",
    "document": "the day of the document that the page shows",
}


def title_of(sources: list[dict[str, Any]]) -> str:
    """The title of a release."""
    return f"Articles of {', '.join(dict.fromkeys(source['name'] for source in sources))}"


def citation_cff(sources: list[dict[str, Any]], held: Holdings, now: str) -> str:
    """CITATION.cff 1.2.0. Its `license` takes SPDX names only, and `license-url` the text of a licence, which there is
    none of: `message` and `abstract` say the condition."""
    notices = " / ".join(dict.fromkeys(source["notice"] for source in sources))
    said: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": "Cite this data set as below, and name the source of each article that you use (`source.credit`)."
        f" Condition of use: {notices}",
        "type": "dataset",
        "title": title_of(sources),
        "authors": [{"name": name} for name in dict.fromkeys(_holder(source) for source in sources)],
        "version": now[:10],
        "date-released": now[:10],
        "abstract": f"{held.articles} articles, made with susta-archive {__version__}. Condition of use: {notices}",
        "url": f"https://{sources[0]['site']}/",
        "keywords": ["Vietnamese", "news", "web archive"],
    }
    # JSON values are YAML; a day in quotation marks stays a text, as the schema wants it.
    return "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in said.items())


def _holder(source: dict[str, Any]) -> str:
    return str(source["organisation"] or source["name"])


def readme(sources: list[dict[str, Any]], held: Holdings, now: str) -> str:
    """The data statement, in Markdown."""
    return "\n\n".join(
        (
            f"# {escape(title_of(sources))}",
            (
                f"{held.articles} articles, as they stood in an archive on {now[:10]}."
                f" Made with susta-archive {__version__}."
            ),
            _condition(sources),
            _files(),
            _collection(held),
            _missing(held),
            _dates(held),
            _people(),
            _others(held),
            (
                "## Checking it\n\n`sha256sum -c SHA256SUMS` in this folder. `datapackage.json` describes the files"
                " (Frictionless Data Package), `CITATION.cff` how to cite them.\n"
            ),
        )
    )


def _condition(sources: list[dict[str, Any]]) -> str:
    lines = [
        "## The condition",
        (
            "In the source's own words. It asks for attribution; it is **not a Creative Commons licence**, and says"
            " nothing of other uses, of changes, or of what others own."
            " Every row carries it with the line to print (`source`)."
        ),
    ]
    lines += [
        f"> {escape(source['notice'])}\n>\n> {escape(source['name'])}, {escape(source['organisation'])},"
        f" <https://{source['site']}/>, last seen {source['last_seen'][:10]}"
        for source in sources
    ]
    return "\n\n".join(lines)


def _files() -> str:
    return (
        "## Files\n\n- `data/articles.jsonl`: one JSON object a line.\n"
        "- `data/articles.parquet`: the same records, typed and nested.\n\n"
        "Pictures and attached files are not in it; their addresses are, with the SHA-256 of those that the archive"
        " holds."
    )


def _collection(held: Holdings) -> str:
    first, last = (held.first_capture or "")[:10], (held.last_capture or "")[:10]
    return (
        "## How it was collected\n\n"
        f"A polite crawler that obeys robots.txt asked for public pages from {first} to {last} and kept every response."
        " Records were read from these pages by rules, without human correction (articles by version of the rules:"
        f" {_listed(held.extractors)}). Each record is the newest revision of its article; {held.changed} articles were"
        f" seen to change, and {held.gone} are gone from the site since. `content_sha256` identifies what an article"
        " says."
        f"\n\n{held.doubtful} records are doubtful by the program's own measure: some field rests on weak evidence."
    )


def _missing(held: Holdings) -> str:
    refusals = [f"- {count}: {REFUSAL_MEANINGS[RefusalReason(reason)]}" for reason, count in held.refusals.items()]
    lines = [
        "## What is missing",
        (
            "What no page linked to, what robots.txt or the site's own wish kept out, and what was gone before it was"
            " asked for is not here, and cannot be counted. What can:"
        ),
        (
            f"- {sum(held.failures.values())} addresses never gave an answer ({_listed(held.failures)}).\n"
            f"- {sum(held.refusals.values())} addresses gave a page that is no article, by reason below.\n"
            f"- {held.unread} captured pages were not read yet.\n"
            f"- {held.withdrawn} articles were withdrawn from the archive.\n"
            f"- {held.photos_missing} of {held.photos} photos and {held.attachments_missing} of {held.attachments}"
            " attached files were not captured.\n"
            f"- {held.without_byline} articles have no byline, {held.without_date} no date: none was found, and none"
            " was guessed."
        ),
    ]
    if refusals:
        lines += ["Pages that are no article:", "\n".join(refusals)]
    return "\n\n".join(lines)


def _dates(held: Holdings) -> str:
    days = "\n".join(f"- {count}: {_DAYS.get(kind, kind)} (`{kind}`)" for kind, count in held.dates.items())
    span = f"{held.first_day} to {held.last_day}" if held.first_day else "none"
    return (
        f"## Dates\n\n`date` runs from {span}. `date_kind` says what each rests on, `date_evidence` in which words:"
        f"\n\n{days or '- none'}"
    )


def _people() -> str:
    return (
        "## Personal data\n\nArticles name people: authors, photographers, those they write about and those in the"
        " pictures, as the site published them. Nothing was added, linked or inferred, and nothing anonymised. Some are"
        " private persons, and some may be children. Do not use the data to build profiles of people; respect a wish to"
        " be forgotten, and the laws on personal data where you are. An article that its publisher took down since may"
        " still be here."
    )


def _others(held: Holdings) -> str:
    roles = "\n".join(f"- {count}: {_ROLES.get(role, role)} (`{role}`)" for role, count in held.roles.items())
    return (
        "## What others own\n\nThe site's condition speaks for the site. `byline_role` marks what the site took from"
        f" others, and {held.photos_credited} photos name their own origin (`photos[].credit`): name these too, and ask"
        f" them before other uses. Bylines by role:\n\n{roles or '- none'}"
    )


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{escape(name)} {count}" for name, count in counts.items()) or "none"
