"""The tables of the first schemas, as SQL. What they mean is drawn in `schema.py`, which puts them in place and changes
them from version to version; nothing here is ever changed, but for values that a CHECK takes from an enum.
"""

from enum import StrEnum

from archive.records import BylineRole, DateKind, RefusalReason, Role


def one_of(column: str, values: type[StrEnum]) -> str:
    """A CHECK written from the enum itself, so that code and database cannot disagree."""
    return f"CHECK ({column} IN ({', '.join(repr(str(value)) for value in values)}))"


DERIVATIONS = f"""
CREATE TABLE derivations (
    capture_id INTEGER PRIMARY KEY REFERENCES captures(id),
    article_id INTEGER REFERENCES articles(id) ON DELETE SET NULL,
    content_sha256 TEXT,
    refusal TEXT {one_of("refusal", RefusalReason)},
    frame_id INTEGER REFERENCES frames(id),
    source_id INTEGER REFERENCES sources(id),
    extractor TEXT NOT NULL,
    record TEXT
) STRICT;
"""
DERIVATION_INDEXES = """
CREATE INDEX derivations_article ON derivations(article_id);
CREATE INDEX derivations_unframed ON derivations(capture_id) WHERE frame_id IS NULL;
"""
REFUSALS = f"""
CREATE TABLE refusals (
    url TEXT NOT NULL,
    capture_id INTEGER NOT NULL PRIMARY KEY REFERENCES captures(id),
    reason TEXT NOT NULL {one_of("reason", RefusalReason)},
    detail TEXT NOT NULL DEFAULT '',
    seen_at TEXT NOT NULL
) STRICT;
"""
REFUSAL_INDEXES = "CREATE INDEX refusals_url ON refusals(url);"
CAPTURES = f"""
CREATE TABLE captures (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL,
    fetched_at TEXT NOT NULL,
    status INTEGER NOT NULL,
    role TEXT NOT NULL {one_of("role", Role)},
    media_type TEXT NOT NULL,
    payload_sha256 TEXT NOT NULL,
    payload_length INTEGER NOT NULL,
    truncated INTEGER NOT NULL DEFAULT 0,
    location TEXT,
    warc_file TEXT NOT NULL,
    warc_offset INTEGER NOT NULL,
    warc_length INTEGER NOT NULL,
    run_id INTEGER REFERENCES runs(id),
    UNIQUE (warc_file, warc_offset)
) STRICT;
"""
CAPTURE_INDEXES = """
CREATE INDEX captures_url ON captures(url);
CREATE INDEX captures_run ON captures(run_id);
CREATE INDEX captures_location ON captures(location) WHERE location IS NOT NULL;
"""
TABLES = f"""
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    started_at TEXT NOT NULL,
    finished_at TEXT,
    outcome TEXT NOT NULL DEFAULT 'running',
    software TEXT NOT NULL,
    start_urls TEXT NOT NULL,
    fetched INTEGER NOT NULL DEFAULT 0,
    new INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    aliases INTEGER NOT NULL DEFAULT 0,
    refused INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    media INTEGER NOT NULL DEFAULT 0,
    bytes INTEGER NOT NULL DEFAULT 0
) STRICT;

{CAPTURES}{CAPTURE_INDEXES}

CREATE TABLE failures (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL,
    failed_at TEXT NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    run_id INTEGER REFERENCES runs(id)
) STRICT;

CREATE TABLE sources (
    id INTEGER PRIMARY KEY,
    site TEXT NOT NULL,
    name TEXT NOT NULL CHECK (length(trim(name)) > 0),
    organisation TEXT NOT NULL,
    notice TEXT NOT NULL CHECK (length(trim(notice)) > 0),
    notice_sha256 TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    UNIQUE (site, notice_sha256)
) STRICT;

CREATE TABLE articles (
    id INTEGER PRIMARY KEY,
    site TEXT NOT NULL,
    site_id INTEGER,
    url TEXT NOT NULL UNIQUE,
    category TEXT,
    title TEXT NOT NULL,
    kicker TEXT,
    body TEXT NOT NULL,
    blocks TEXT NOT NULL,
    byline TEXT,
    byline_role TEXT {one_of("byline_role", BylineRole)},
    affiliation TEXT,
    date TEXT,
    date_kind TEXT {one_of("date_kind", DateKind)},
    date_evidence TEXT,
    views INTEGER,
    reasons TEXT NOT NULL,
    credit TEXT NOT NULL CHECK (length(trim(credit)) > 0),
    source_id INTEGER NOT NULL REFERENCES sources(id),
    capture_id INTEGER NOT NULL REFERENCES captures(id),
    content_sha256 TEXT NOT NULL,
    extractor TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    gone_since TEXT,
    CHECK ((date IS NULL) = (date_kind IS NULL))
) STRICT;
CREATE INDEX articles_site_id ON articles(site, site_id);
CREATE INDEX articles_content ON articles(content_sha256);
CREATE INDEX articles_date ON articles(coalesce(date, substr(first_seen, 1, 10)), site_id);
CREATE INDEX articles_category ON articles(category);

CREATE TABLE aliases (
    url TEXT PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    reason TEXT NOT NULL,
    first_seen TEXT NOT NULL
) STRICT;
CREATE INDEX aliases_article ON aliases(article_id);

CREATE TABLE photos (
    article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    url TEXT NOT NULL,
    caption TEXT,
    credit TEXT,
    sha256 TEXT,
    capture_id INTEGER REFERENCES captures(id),
    PRIMARY KEY (article_id, position)
) STRICT;
CREATE INDEX photos_url ON photos(url);

CREATE TABLE attachments (
    article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    url TEXT NOT NULL,
    label TEXT NOT NULL,
    media_type TEXT,
    sha256 TEXT,
    capture_id INTEGER REFERENCES captures(id),
    PRIMARY KEY (article_id, position)
) STRICT;
CREATE INDEX attachments_url ON attachments(url);

CREATE TABLE revisions (
    article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    seen_at TEXT NOT NULL,
    capture_id INTEGER NOT NULL REFERENCES captures(id),
    content_sha256 TEXT NOT NULL,
    extractor TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (article_id, number)
) STRICT;

CREATE TABLE frames (
    id INTEGER PRIMARY KEY,
    site TEXT NOT NULL,
    learned_at TEXT NOT NULL,
    run_id INTEGER REFERENCES runs(id),
    pages INTEGER NOT NULL,
    lines TEXT NOT NULL
) STRICT;

{DERIVATIONS}
{DERIVATION_INDEXES}

CREATE TABLE views (
    article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    seen_at TEXT NOT NULL,
    views INTEGER NOT NULL,
    capture_id INTEGER NOT NULL REFERENCES captures(id),
    PRIMARY KEY (capture_id)
) STRICT;
CREATE INDEX views_article ON views(article_id, seen_at);

{REFUSALS}
{REFUSAL_INDEXES}

CREATE TABLE postings (
    url TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    site_id INTEGER,
    date TEXT NOT NULL,
    evidence TEXT NOT NULL,
    capture_id INTEGER NOT NULL REFERENCES captures(id)
) STRICT;
CREATE INDEX postings_site_id ON postings(site, site_id);

CREATE TABLE progress (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    warc_file TEXT NOT NULL,
    warc_end INTEGER NOT NULL
) STRICT;

CREATE VIRTUAL TABLE articles_fts USING fts5(
    title, body, captions, byline, plain,
    tokenize = "unicode61 remove_diacritics 2"
);

CREATE VIEW articles_with_credit AS
    SELECT a.*, s.name AS source_name, s.organisation AS source_organisation, s.notice AS source_notice
    FROM articles a JOIN sources s ON s.id = a.source_id;
"""
