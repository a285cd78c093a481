"""Articles to search in, made by chance but always the same: as many as wanted, with the words of Vietnamese.

Words follow Zipf's law with Mandelbrot's shift, the commonest being those of Vietnamese news. A third of the text is
compounds (two syllables that belong together), which follow it too, so that phrases are found as in real text: some in
most articles, most in few. Each article has a title, 200 to 700 words, captions, a byline, a document number and a
percentage; every fourth a table.
"""

import itertools
import json
import random
import sqlite3
import time
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive import fulltext, schema

_FREQUENT = (
    "và của các có là được cho trong với đã những không một để người này về từ đến khi cũng tại năm công nhà ra việc"
    " phải theo vào nhiều thì ở lại như mà sẽ trên còn nước đồng chí tỉnh hội khoa học kỹ thuật nghị thảo triển phát"
    " kinh tế xã dân tổ chức cán bộ đảng lãnh đạo thực hiện dự án nghiên cứu nông nghiệp"
)
_COMPOUNDS = (
    "khoa học,kỹ thuật,công nghệ,hội thảo,hội nghị,đồng chí,liên hiệp,nông nghiệp,phát triển,kinh tế,xã hội,dự án,"
    "nghiên cứu,cán bộ,lãnh đạo,tổ chức,thực hiện,đề tài,trí thức,môi trường,Điện Biên,Sơn La,Tây Bắc,cà phê,Mộc Châu"
)
_ONSETS = "b c ch d đ g gh gi h k kh l m n ng nh ph qu r s t th tr v x"
_RHYMES = (
    "a ac ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăt âc âm ân âng âp ât âu ây e em en eo êm ên ênh êt êu i ia iêc"
    " iêm iên iêng iêt iêu im in inh it iu o oa oai oan oang oi om on ong ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơt u uân uât"
    " uê ui um un ung uôc uôi uôm uôn uông uôt uy uyên uyêt ư ưa ưng ươc ươi ươm ươn ương ưu"
)
_TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
_CATEGORIES = ("tin-tuc-su-kien", "khoa-hoc-cong-nghe", "tu-lieu-sub", "tu-van-phan-bien", "hoi-thao", "van-ban")
_NAMES = ("Nguyễn", "Trần", "Lò", "Cầm", "Quàng", "Đỗ", "Đặng", "Hoàng", "Phạm", "Vì")
_SHIFT = 2.7  # Mandelbrot's
_PAIRS = 4000  # compounds beside those above


@dataclass(frozen=True, slots=True)
class Words:
    """Words and the running sums of their weights, the commonest first."""

    words: list[str]
    sums: list[float]

    @classmethod
    def ranked(cls, words: list[str]) -> "Words":
        return cls(words, list(itertools.accumulate(1 / (rank + _SHIFT) for rank in range(len(words)))))

    def draw(self, chance: random.Random, count: int) -> list[str]:
        return chance.choices(self.words, cum_weights=self.sums, k=count)


def vocabulary(chance: random.Random) -> tuple[Words, Words]:
    """Some seven thousand syllables, as Vietnamese has, and compounds of them."""
    made = {_syllable(o, r, t) for o in _ONSETS.split() for r in _RHYMES.split() for t in _TONES}
    rest = sorted(made - set(_FREQUENT.split()))
    chance.shuffle(rest)
    words = Words.ranked([*dict.fromkeys(_FREQUENT.split()), *rest[:7000]])
    pairs = [" ".join(chance.choices(words.words[40:2500], k=2)) for _ in range(_PAIRS)]
    return words, Words.ranked([*_COMPOUNDS.split(","), *pairs])


def _syllable(onset: str, rhyme: str, tone: str) -> str:
    vowels = [place for place, letter in enumerate(rhyme) if letter in "aăâeêioôơuưy"]
    at = vowels[len(vowels) // 2] + 1
    return unicodedata.normalize("NFC", onset + rhyme[:at] + tone + rhyme[at:])


@dataclass(frozen=True, slots=True)
class Made:
    """One article as it goes into the database."""

    id: int
    category: str
    date: str
    title: str
    body: str
    rows: list[list[str]]
    captions: list[str]
    byline: str


def articles(count: int, seed: int = 1) -> Iterator[Made]:
    """So many articles; the first ones are the same whatever the count."""
    chance = random.Random(seed)
    known, compounds = vocabulary(chance)

    def text(length: int) -> str:
        words = [*known.draw(chance, 2 * length // 3), *compounds.draw(chance, length // 6)]
        chance.shuffle(words)
        return " ".join(words).capitalize()

    for number in range(1, count + 1):
        body = "\n\n".join(text(chance.randint(40, 100)) + "." for _ in range(chance.randint(4, 8)))
        body += (
            f" Theo Quyết định số {chance.randint(1, 4000)}/QĐ-UBND, tăng {chance.randint(1, 99)},{number % 100:02}%."
        )
        yield Made(
            number,
            chance.choice(_CATEGORIES),
            f"{2005 + number * 20 // (count + 1)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
            text(chance.randint(8, 16)),
            body,
            [["TT", "Tên"], ["1", text(6)]] if number % 4 == 0 else [],
            [text(chance.randint(8, 14)) for _ in range(number % 3)],
            " ".join((chance.choice(_NAMES), *(word.title() for word in chance.choices(known.words[:400], k=2)))),
        )


def fill(folder: Path, count: int) -> float:
    """An archive with so many articles: the rows that search reads, without captures. Indexed as a crawl does; gives
    the seconds of CPU which that took, without making up and storing the articles."""
    indexing = 0.0
    connection = schema.connect(folder / schema.DATABASE_NAME, create=True)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("PRAGMA cache_size = -64000")
    for piece in batches(articles(count), 1000):
        connection.execute("BEGIN")
        for article in piece:
            insert(connection, article)
        connection.execute("COMMIT")
        started = time.process_time()
        connection.execute("BEGIN")
        for article in piece:
            index(connection, article)
        connection.execute("COMMIT")
        indexing += time.process_time() - started
    connection.execute("PRAGMA optimize")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return indexing


def batches(made: Iterator[Made], size: int) -> Iterator[list[Made]]:
    while piece := list(itertools.islice(made, size)):
        yield piece


def insert(connection: sqlite3.Connection, article: Made) -> None:
    blocks: list[dict[str, object]] = [{"kind": "paragraph", "text": text} for text in article.body.split("\n\n")]
    if article.rows:
        blocks.append({"kind": "table", "rows": article.rows})
    connection.execute(
        "INSERT INTO articles (id, site, site_id, url, category, title, body, blocks, byline, date, date_kind, reasons,"
        " credit, source_id, capture_id, content_sha256, extractor, first_seen, last_seen)"
        " VALUES (?, 'susta.vn', ?, ?, ?, ?, ?, ?, ?, ?, 'dateline', '{}', 'Nguồn: Susta.vn', 1, 1, '', '', ?, ?)",
        (
            article.id,
            article.id,
            f"https://susta.vn/{article.category}/bai-{article.id}",
            article.category,
            article.title,
            article.body,
            json.dumps(blocks, ensure_ascii=False),
            article.byline,
            article.date,
            article.date,
            article.date,
        ),
    )
    for position, caption in enumerate(article.captions):
        connection.execute(
            "INSERT INTO photos (article_id, position, url, caption) VALUES (?, ?, '', ?)",
            (article.id, position, caption),
        )


def index(connection: sqlite3.Connection, article: Made) -> None:
    cells = "\n".join(" ".join(row) for row in article.rows)
    spoken = "\n".join(filter(None, ("\n".join(article.body.split("\n\n")), cells)))
    texts = (article.title, spoken, "\n".join(article.captions), article.byline, "")
    fulltext.write(connection, article.id, texts)
