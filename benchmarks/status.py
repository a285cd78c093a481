"""How long commands that read take on a large archive: 100,000 articles, 400,000 captures, written as bare rows.

    python benchmarks/status.py [--articles 100000] [--folder DIR]    (a folder made here is used again)

Each command runs in a process of its own, twice; the second, with the file in the system's cache, is told beside the
first. Opening is what `Archive.open` takes, without Python's own start.
"""

import argparse
import hashlib
import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from archive.query import Archive  # noqa: E402
from archive.store import DATABASE_NAME, Store  # noqa: E402
from archive.vietnamese import without_marks  # noqa: E402

VISITS = 4  # captures of each article; every third article changed once
SITE = "susta.vn"
START = datetime(2021, 1, 1, tzinfo=UTC)
COMMON = (
    "hội và của các khoa học tỉnh trong được Sơn La công nghệ thảo năm đồng chí nông dân chè cà phê mận huyện Mộc Châu"
)
ONSETS = "b c ch d đ g h kh l m n ng nh ph qu s t th tr v x"
RIMES = "a ac an anh ao ay em en eo iên iêu in o oan oc ôi ông ơi ua uân ui ưng ươi ương"
RARE = [f"{onset}{rime}" for onset in ONSETS.split() for rime in RIMES.split()]
SYLLABLES = COMMON.split() + random.Random(3).sample(RARE, len(RARE))
WEIGHTS = list(accumulate(1 / (rank + 2) for rank in range(len(SYLLABLES))))  # Zipf's law
CATEGORIES = [f"chuyen-muc-{number}" for number in range(24)]


def stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def text(draw: random.Random, words: int) -> str:
    return " ".join(draw.choices(SYLLABLES, cum_weights=WEIGHTS, k=words)).capitalize() + "."


def fill(folder: Path, articles: int) -> None:
    """Rows as many visits would leave them; no WARC files, which none of these commands reads."""
    draw = random.Random(11)
    store = Store(folder)
    store.db.execute("PRAGMA synchronous = OFF")
    with store.transaction():
        for run_id in range(1, VISITS + 1):
            at = stamp(START + timedelta(days=30 * run_id))
            run = {"id": run_id, "started_at": at, "finished_at": at, "outcome": "finished", "start_urls": "[]"}
            store.insert("runs", run | {"software": "susta-archive/bench", "new": articles if run_id == 1 else 0})
        source = {"id": 1, "site": SITE, "name": "Susta.vn", "organisation": "Liên hiệp hội", "notice": "Ghi rõ nguồn"}
        store.insert("sources", source | {"notice_sha256": "x", "first_seen": stamp(START), "last_seen": stamp(START)})
    for first in range(1, articles + 1, 5000):
        with store.transaction():
            for number in range(first, min(first + 5000, articles + 1)):
                for table, row in article_rows(draw, number):
                    store.insert(table, row)
    store.close()


def article_rows(draw: random.Random, number: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """The rows of one article: (table, row)."""
    category, title = draw.choice(CATEGORIES), text(draw, 12)
    url = f"https://{SITE}/{category}/{without_marks(title)[:-1].replace(' ', '-')}-{number}"
    body = [text(draw, draw.randint(30, 90)) for _ in range(draw.randint(4, 12))]
    digest = hashlib.sha256(url.encode()).hexdigest()
    visits = [
        ((number - 1) * VISITS + visit, stamp(START + timedelta(days=30 * visit, seconds=number)), visit)
        for visit in range(1, VISITS + 1)
    ]
    yield from (("captures", capture_row(url, digest, *visit)) for visit in visits)
    yield (
        "articles",
        article_row(number, url, title, body)
        | {
            "category": category,
            "content_sha256": digest,
            "capture_id": visits[0][0],
            "first_seen": visits[0][1],
            "last_seen": visits[-1][1],
            "gone_since": visits[-1][1] if number % 50 == 0 else None,
        },
    )
    of_article = {"article_id": number, "content_sha256": digest, "extractor": "susta-4"}
    blocks = [{"kind": "paragraph", "text": one, "rows": [], "photo": None} for one in body]
    for revision, (capture_id, at, _) in enumerate(visits[: 1 + (number % 3 == 0)], start=1):
        record = json.dumps(RECORD | {"url": url, "title": title, "blocks": blocks[revision - 1 :]}, ensure_ascii=False)
        yield "revisions", of_article | {"number": revision, "seen_at": at, "capture_id": capture_id, "record": record}
    for capture_id, at, _ in visits:
        yield "derivations", of_article | {"capture_id": capture_id}
        yield "views", {"article_id": number, "seen_at": at, "views": capture_id % 977, "capture_id": capture_id}
    for position in range(number % 4):
        photo = {"article_id": number, "position": position, "url": f"https://{SITE}/anh/{number}-{position}.jpg"}
        yield "photos", photo | {"caption": "Đại biểu dự hội nghị", "sha256": digest if position else None}
    words = "\n".join(body)
    indexed = {"rowid": number, "title": title, "body": words, "captions": "", "byline": ""}
    yield "articles_fts", indexed | {"plain": without_marks(f"{title}\n{words}")}
    if number % 5 == 0:
        refused = {"url": f"{url}/trang", "capture_id": visits[-1][0], "reason": "listing", "seen_at": visits[-1][1]}
        yield "refusals", refused


def capture_row(url: str, digest: str, capture_id: int, at: str, run_id: int) -> dict[str, Any]:
    return {
        "id": capture_id,
        "url": url,
        "fetched_at": at,
        "status": 200,
        "role": "page",
        "media_type": "text/html",
        "payload_sha256": digest,
        "payload_length": 60_000,
        "warc_file": "susta-000001-20210101T000000Z.warc.gz",
        "warc_offset": capture_id * 9000,
        "warc_length": 9000,
        "run_id": run_id,
    }


def article_row(number: int, url: str, title: str, body: list[str]) -> dict[str, Any]:
    return {
        "id": number,
        "site": SITE,
        "site_id": number,
        "url": url,
        "title": title,
        "body": "\n\n".join(body),
        "blocks": json.dumps([{"kind": "paragraph", "text": one} for one in body], ensure_ascii=False),
        "byline": "TS. Cao Thị Hạnh" if number % 3 else None,
        "date": f"{2001 + number % 20}-{1 + number % 12:02d}-{1 + number % 28:02d}",
        "date_kind": "dateline",
        "date_evidence": "Ngày",
        "views": 99,
        "reasons": '{"title": ["address", 0.99]}',
        "credit": "Nguồn: Susta.vn",
        "source_id": 1,
        "extractor": "susta-4",
        "doubts": '["title-unsure"]' if number % 7 == 0 else "[]",
        "doubt": 0.5 if number % 7 == 0 else 0.0,
    }


RECORD: dict[str, Any] = {
    "site": SITE, "site_id": 1, "category": "tin", "photos": [], "attachments": [], "kicker": None,
    "byline": None, "byline_role": None, "affiliation": None, "date": None, "date_kind": None, "date_evidence": None,
    "views": 9, "notice": None, "extractor": "susta-4", "reasons": {}, "doubts": [],
}  # fmt: skip


def timed(*words: str) -> tuple[float, float]:
    """(seconds, seconds of CPU) of a command in a process of its own; on a busy machine the latter is to be quoted."""
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "scraper", *words], check=True, capture_output=True, cwd=ROOT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - started, cpu


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, default=ROOT / "data" / "bench-status")
    options = parser.parse_args()
    path = options.folder / DATABASE_NAME
    if not path.exists():
        started = time.perf_counter()
        fill(options.folder, options.articles)
        print(f"{options.articles} articles written in {time.perf_counter() - started:.0f} s")
    print(f"{path.stat().st_size / 1e9:.2f} GB")
    started = time.perf_counter()
    with Archive.open(options.folder) as archive:
        opened = time.perf_counter()
        archive.status()
        print(
            f"open {1000 * (opened - started):.1f} ms, status {1000 * (time.perf_counter() - opened):.0f} ms (inside)"
        )
    middle = str(options.articles // 2 // 3 * 3)
    of_archive = ("--archive", str(options.folder))
    commands = (["status"], ["runs"], ["review"], ["history", middle], ["diff", middle], ["show", middle],
                ["search", "hoi thao moc chau"], ["events"])  # fmt: skip
    for words in (["--version"], *([*words, *of_archive] for words in commands)):
        name = " ".join(word for word in words if word not in of_archive)
        first, again = timed(*words), timed(*words)
        print(f"susta {name:26} {first[0]:6.2f} s, again {again[0]:6.2f} s, of CPU {again[1]:5.2f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
