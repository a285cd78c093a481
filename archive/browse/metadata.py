"""What Datasette's own pages say beside the rows: credit and condition on each table, what a table is for, and example
queries. The condition is one of attribution, in the source's own words; it is no Creative Commons licence."""

from typing import Any

from archive.browse.overview import SourceSaid

TABLES = {
    "articles": "The newest revision of each article; its id is the number in /doc/ID. Give the credit with any use.",
    "articles_with_credit": "Articles with the source’s name, organisation and condition beside each row.",
    "aliases": "Other addresses of an article.",
    "articles_marked": "What the index of spellings gives back: ids, no text.",
    "attachment_texts": "The text of attached documents, by the digest of their bytes, and whether it could be read.",
    "attachments": "Files that articles offer for download.",
    "capture_events": "What was done to each capture.",
    "captures": "Every stored response and its place in the WARC files; /capture/ID shows one.",
    "derivations": "What each captured page gave: an article or a refusal.",
    "events": "What was done to the archive, when, by which agent, with what outcome (after PREMIS 3.0).",
    "failures": "Pages that could not be fetched.",
    "frames": "What runs learned of the site’s recurring parts.",
    "not_found_pages": "What a site answered for an address that cannot exist.",
    "photos": "Pictures of articles in order, with captions and credits.",
    "postings": "Days that listings give for their items.",
    "refusals": "Captured pages that are no article, and why.",
    "revisions": "Each change of what an article says; record is the whole record as it was then.",
    "runs": "Each run of the crawler and what it did.",
    "sources": "Whom to credit, and the site’s condition in its own words.",
    "views": "The view counter over time, a measurement at each capture.",
    "warc_files": "Each finished WARC file with its digest.",
    "withdrawn_addresses": "Every address of a withdrawn article.",
    "withdrawn_lines": "Digests of lines of withdrawn articles that stand on other pages too.",
    "withdrawals": "Articles that were taken out of the archive, when, by whom and why.",
}

# What only the program itself has a use for.
HIDDEN = ("_sqlite_migrations", "progress", "seal")

QUERIES: dict[str, dict[str, str]] = {
    "articles-by-year-and-category": {
        "title": "Articles by year and category",
        "sql": "SELECT coalesce(substr(date, 1, 4), 'no date') AS year, category, count(*) AS articles\n"
        "FROM articles GROUP BY year, category ORDER BY year, articles DESC",
    },
    "a-phrase-over-the-years": {
        "title": "A phrase over the years",
        "description": "How many articles of each year hold a phrase, marks or not, and what share that is.",
        "sql": "SELECT substr(a.date, 1, 4) AS year, count(*) AS articles,\n"
        "       round(100.0 * count(*) / (SELECT count(*) FROM articles y\n"
        "             WHERE substr(y.date, 1, 4) = substr(a.date, 1, 4)), 1) AS per_cent\n"
        "FROM articles_fts f JOIN articles a ON a.id = f.rowid\n"
        "WHERE articles_fts MATCH '\"' || replace(:phrase, '\"', ' ') || '\"' AND a.date IS NOT NULL\n"
        "GROUP BY year ORDER BY year",
    },
    "who-wrote-what": {
        "title": "Who wrote how much, from when to when",
        "sql": "SELECT byline, affiliation, count(*) AS articles, min(date) AS first, max(date) AS last\n"
        "FROM articles WHERE byline IS NOT NULL\n"
        "GROUP BY byline ORDER BY articles DESC, byline",
    },
    "captions-that-hold-a-word": {
        "title": "Captions that hold a word",
        "description": "Pictures with their captions; the words must be spelt with their marks.",
        "sql": "SELECT a.id, a.title, a.date, p.caption, p.credit AS photographer, a.credit\n"
        "FROM photos p JOIN articles a ON a.id = p.article_id\n"
        "WHERE instr(p.caption, :word) > 0 ORDER BY a.date DESC",
    },
    "articles-that-were-edited": {
        "title": "Articles that were edited after they were first seen",
        "sql": "SELECT a.id, a.title, count(*) AS revisions, min(r.seen_at) AS first, max(r.seen_at) AS last, a.url\n"
        "FROM revisions r JOIN articles a ON a.id = r.article_id\n"
        "GROUP BY a.id HAVING count(*) > 1 ORDER BY last DESC",
    },
    "views-gained": {
        "title": "Views gained between the first and the last reading",
        "sql": "SELECT a.id, a.title, min(v.views) AS first, max(v.views) AS last,\n"
        "       max(v.views) - min(v.views) AS gained, count(*) AS readings\n"
        "FROM views v JOIN articles a ON a.id = v.article_id\n"
        "GROUP BY a.id HAVING count(*) > 1 ORDER BY gained DESC",
    },
    "cells-of-tables": {
        "title": "Cells of tables, one a row",
        "sql": "SELECT a.id, a.title, r.key + 1 AS table_row, c.key + 1 AS table_column, c.value AS cell\n"
        "FROM articles a, json_each(a.blocks) b, json_each(b.value, '$.rows') r, json_each(r.value) c\n"
        "WHERE json_extract(b.value, '$.kind') = 'table' ORDER BY a.id, b.key, r.key, c.key",
    },
    "what-days-rest-on": {
        "title": "What the days of articles rest on",
        "sql": "SELECT coalesce(date_kind, 'no date') AS kind, count(*) AS articles, min(date) AS first,\n"
        "       max(date) AS last, min(date_evidence) AS an_example\n"
        "FROM articles GROUP BY date_kind ORDER BY articles DESC",
    },
    "gone-from-the-site": {
        "title": "Articles that are gone from the site",
        "sql": "SELECT id, title, url, first_seen, last_seen, gone_since FROM articles\n"
        "WHERE gone_since IS NOT NULL ORDER BY gone_since DESC",
    },
    "what-is-missing": {
        "title": "Pictures and attachments that could not be captured",
        "sql": "SELECT 'photo' AS what, article_id, url FROM photos WHERE sha256 IS NULL\n"
        "UNION ALL SELECT 'attachment', article_id, url FROM attachments WHERE sha256 IS NULL\n"
        "ORDER BY article_id",
    },
}


def condition(source: SourceSaid) -> str:
    """The condition as a line of metadata."""
    return f"{source.notice} (the source’s condition of attribution; not a Creative Commons licence)"


def metadata(sources: tuple[SourceSaid, ...], name: str) -> dict[str, Any]:
    """Datasette's metadata for the archive's database, which is called `name`."""
    credit: dict[str, str] = {}
    if sources:
        newest = sources[0]
        credit = {
            "source": f"{newest.name}, {newest.organisation}" if newest.organisation else newest.name,
            "license": condition(newest),
        }
        if newest.site and all(letter.isalnum() or letter in ".-:" for letter in newest.site):
            credit["source_url"] = f"https://{newest.site}/"
    tables: dict[str, dict[str, Any]] = {table: {"description": text, **credit} for table, text in TABLES.items()} | {
        table: {"hidden": True, **credit} for table in HIDDEN
    }
    tables["articles"]["label_column"] = "title"
    about = "Articles with the source’s credit, every capture, and the archive’s own history. Read-only."
    return {
        "title": "susta-archive",
        **credit,
        "databases": {name: {"description": about, **credit, "tables": tables, "queries": QUERIES}},
    }
