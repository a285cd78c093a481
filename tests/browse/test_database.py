"""Any SQL may be sent: none of it writes, attaches, loads or runs for long."""

import json
import shutil
import sqlite3
from pathlib import Path

import httpx
import pytest
from browse_support import serving

from archive.browse.database import may
from archive.browse.metadata import HIDDEN, TABLES


def sql(client: httpx.Client, text: str) -> httpx.Response:
    return client.get("/archive.json", params={"sql": text, "_shape": "array"})


@pytest.mark.parametrize(
    "text",
    [
        "DELETE FROM articles",
        "WITH x AS (SELECT 1) DELETE FROM articles",
        "WITH x AS (SELECT 1) INSERT INTO articles SELECT * FROM articles",
        "EXPLAIN DELETE FROM articles",
        "ATTACH DATABASE '/tmp/x.db' AS x",
        "SELECT load_extension('/tmp/x.so')",
        "SELECT * FROM pragma_query_only(0)",
        "PRAGMA writable_schema = 1",
        "SELECT writefile('/tmp/x', 'x')",
        "SELECT readfile('/etc/passwd')",
        "VACUUM INTO '/tmp/x.db'",
        "SELECT 1; DELETE FROM articles",
        "SELECT zeroblob(1000000000)",
    ],
)
def test_what_is_no_reading_is_refused(client: httpx.Client, text: str) -> None:
    answer = sql(client, text)
    assert answer.status_code == 400
    assert answer.json()["ok"] is False


def test_the_connection_itself_refuses_too(client: httpx.Client, demo: Path) -> None:
    """Whatever gets past Datasette's own look at a statement."""
    assert client.get("/").status_code == 200
    connection = sqlite3.connect(f"{(demo / 'archive.db').as_uri()}?mode=ro", uri=True)
    connection.set_authorizer(may)
    for text in ("ATTACH DATABASE ':memory:' AS x", "PRAGMA journal_mode = DELETE", "PRAGMA query_only = OFF",
                 "CREATE TEMP TABLE x (y)", "SELECT load_extension('x')", "REINDEX", "ANALYZE"):  # fmt: skip
        with pytest.raises(sqlite3.DatabaseError, match="not authorized"):
            connection.execute(text)
    connection.close()


def test_a_query_that_never_ends_is_ended(client: httpx.Client) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT sum(i) FROM n"
    answer = sql(client, endless)
    assert answer.status_code == 400
    assert "<" not in answer.json()["error"]
    assert sql(client, "SELECT 1 AS one").json() == [{"one": 1}]


def test_full_text_and_json_can_be_queried(client: httpx.Client) -> None:
    rows = sql(client, "SELECT count(*) AS n FROM articles_fts WHERE articles_fts MATCH 'hoi'").json()
    assert rows[0]["n"] > 0
    assert sql(client, "SELECT count(*) AS n FROM articles a, json_each(a.blocks)").json()[0]["n"] > 0


def test_every_table_says_whom_to_credit_and_on_what_condition(client: httpx.Client) -> None:
    for table in ("articles", "photos", "captures", "revisions", "views"):
        told = client.get(f"/archive/{table}.json").json()
        assert "Ghi rõ nguồn" in told["license"]
        assert "not a Creative Commons licence" in told["license"]
        assert told["source"].startswith("Susta.vn")
        assert "Ghi rõ nguồn" in client.get(f"/archive/{table}").text


def test_every_table_that_is_listed_says_what_it_is_for(client: httpx.Client) -> None:
    told = client.get("/archive.json").json()
    listed = [table["name"] for table in told["tables"] if not table["hidden"]]
    assert "articles" in listed
    assert set(listed) | {view["name"] for view in told["views"]} == set(TABLES)
    assert not set(listed) & set(HIDDEN)


def test_each_example_query_runs_and_gives_rows_where_there_are_any(client: httpx.Client) -> None:
    queries = client.get("/-/metadata.json").json()["databases"]["archive"]["queries"]
    words = {"phrase": "hội", "word": "Toàn"}
    empty = {name for name in queries if not client.get(f"/archive/{name}.json", params=words).json()["rows"]}
    assert empty <= {"gone-from-the-site", "what-is-missing"}


def test_what_a_crawl_writes_meanwhile_is_seen(copied: Path) -> None:
    writer = sqlite3.connect(copied / "archive.db")
    with serving(copied) as client:
        assert sql(client, "SELECT count(*) AS n FROM failures").json() == [{"n": 0}]
        writer.execute("INSERT INTO failures (url, failed_at, reason, detail) VALUES ('x', 'y', 'z', '')")
        assert sql(client, "SELECT count(*) AS n FROM failures").json() == [{"n": 0}]
        writer.commit()
        assert sql(client, "SELECT count(*) AS n FROM failures").json() == [{"n": 1}]
    writer.close()


def test_a_database_that_took_the_old_ones_place_is_noticed(copied: Path) -> None:
    with serving(copied) as client:
        assert client.get("/doc/1").status_code == 200
        shutil.copy(copied / "archive.db", copied / "archive.db.new")
        new = sqlite3.connect(copied / "archive.db.new", isolation_level=None)
        new.execute("UPDATE articles SET credit = 'Nguồn: đổi chỗ' WHERE id = 1")
        new.execute("PRAGMA journal_mode = DELETE")
        new.close()
        (copied / "archive.db.new").replace(copied / "archive.db")
        for _ in range(8):  # each of Datasette's threads has a connection of its own
            assert "Nguồn: đổi chỗ" in client.get("/doc/1").text


def test_nothing_is_left_beside_the_database(copied: Path) -> None:
    before = sorted(path.name for path in copied.iterdir())
    digest = (copied / "archive.db").read_bytes()
    with serving(copied) as client:
        client.get("/search?q=hoi")
        assert json.loads(client.get("/archive/articles/1.json").text)["rows"]
    assert sorted(path.name for path in copied.iterdir()) == before
    assert (copied / "archive.db").read_bytes() == digest
