"""CPU time a page of extraction, against a bare parse and against trafilatura, in the same run.

    make bench-extract        (or: python benchmarks/extract.py [--articles N] [--rounds N])

Pages are those of the demo site in all its markups, brought to the weight of a portal's pages (portal_page.py); first
it is made sure that this changes no record. Rounds of the contenders alternate, so that a busy machine slows all of
them; medians are printed. Ratios are the figures to quote, since machines differ.

Extraction remembers what comes again on a site's pages, so each round begins with nothing remembered, no article comes
twice in a round, and the first pages of each layout have a row of their own: a crawl meets few layouts and many pages.
"""

import argparse
import platform
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version

import trafilatura
from evaluation.contenders import learned_frame
from evaluation.corpus import Page, demo_pages
from portal_page import padded
from selectolax.lexbor import LexborHTMLParser

from archive.records import Article
from scraper.extract import EXTRACTOR, extract
from scraper.extract.frame import Frame
from scraper.extract.memory import MEMORY

ALONE, FRAMED = f"extract ({EXTRACTOR})", f"extract ({EXTRACTOR}), frame learned"
FIRST = f"extract ({EXTRACTOR}), a layout's first {{}}"
NEW = 5  # pages of a layout until it is known
Work = Callable[["Loaded"], object]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A page of a portal's weight, the frame of its site, and the record that the lighter page gives."""

    page: Page
    body: bytes
    frame: Frame
    record: Article
    number: int  # within its layout


def pages(articles: int) -> list[Loaded]:
    """Every article in every markup, with the frame that its markup's pages teach."""
    found = []
    light = [page for page in demo_pages(articles) if page.truth is not None]
    for group in sorted({page.group for page in light}):
        own = [page for page in light if page.group == group]
        heavy = [padded(page.body, number) for number, page in enumerate(own)]
        frame = learned_frame(
            [
                Page(page.name, group, page.url, page.content_type, body, None)
                for page, body in zip(own, heavy, strict=True)
            ]
        )
        for number, (page, body) in enumerate(zip(own, heavy, strict=True)):
            record = extract(page.body, page.url, page.content_type)
            assert isinstance(record, Article), (page.name, record)
            found.append(Loaded(page, body, frame, record, number))
    return found


def changed(material: list[Loaded]) -> list[str]:
    """Pages whose record is another once the portal stands around them, without or with the frame."""
    found = []
    for loaded in material:
        for name, frame in ((ALONE, Frame()), (FRAMED, loaded.frame)):
            outcome = extract(loaded.body, loaded.page.url, loaded.page.content_type, frame)
            if not isinstance(outcome, Article):
                found.append(f"{loaded.page.name}: {name}: refused: {outcome.reason}")
                continue
            fields = ("title", "body", "byline", "affiliation", "date", "photos", "attachments", "tables", "views")
            wrong = [field for field in fields if getattr(outcome, field) != getattr(loaded.record, field)]
            if wrong:
                found.append(f"{loaded.page.name}: {name}: {', '.join(wrong)}")
    return found


def forget() -> None:
    """As in a process that has seen no page yet."""
    MEMORY.forget()
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in ("archive", "scraper"):
            for value in vars(module).values():
                if callable(clear := getattr(value, "cache_clear", None)):
                    clear()


def cpu(contenders: dict[str, Work], material: list[Loaded], rounds: int) -> dict[str, list[float]]:
    """Milliseconds of CPU a page, a figure a round: of pages whose layout was met before, and, for the first contender
    of ours, of the others. What is made once, at the first page, is made before."""
    times: dict[str, list[float]] = {name: [] for name in (*contenders, FIRST)}
    for work in contenders.values():
        for loaded in material[:3]:
            work(loaded)
    known = [loaded.number >= NEW for loaded in material]
    for _ in range(rounds):
        for name, work in contenders.items():
            forget()
            spent = []
            for loaded in material:
                start = time.process_time()
                work(loaded)
                spent.append((time.process_time() - start) * 1000)
            times[name].append(statistics.mean(one for one, is_known in zip(spent, known, strict=True) if is_known))
            if name == ALONE:
                new = [one for one, is_known in zip(spent, known, strict=True) if not is_known]
                times[FIRST].append(statistics.mean(new))
    return times


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=24, help="articles in each markup")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    material = pages(options.articles)
    sizes = [len(loaded.body) / 1000 for loaded in material]
    texts = [sum(map(len, loaded.record.body)) for loaded in material]
    contenders: dict[str, Work] = {
        "bare lexbor parse": lambda loaded: LexborHTMLParser(loaded.body.decode()),
        ALONE: lambda loaded: extract(loaded.body, loaded.page.url, loaded.page.content_type),
        FRAMED: lambda loaded: extract(loaded.body, loaded.page.url, loaded.page.content_type, loaded.frame),
        "trafilatura.bare_extraction": lambda loaded: trafilatura.bare_extraction(
            loaded.body, url=loaded.page.url, with_metadata=True
        ),
    }
    print(f"{platform.platform()}, {platform.machine()}, Python {platform.python_version()}")
    print(f"selectolax {version('selectolax')}, trafilatura {version('trafilatura')}")
    print(
        f"{len(material)} pages of {min(sizes):.0f} to {max(sizes):.0f} KB, {statistics.mean(sizes):.1f} on average;"
        f" articles of {min(texts)} to {max(texts)} characters; median of {options.rounds} rounds"
    )
    wrong = changed(material)
    print(
        f"records that the portal around the page changes: {len(wrong)} of {2 * len(material)}", *wrong[:20], sep="\n  "
    )
    medians = {name: statistics.median(times) for name, times in cpu(contenders, material, options.rounds).items()}
    print(f"{'':42}{'ms a page':>10}{'x bare parse':>14}{'x ours':>9}")
    for name, milliseconds in medians.items():
        parse, ours = milliseconds / medians["bare lexbor parse"], milliseconds / medians[ALONE]
        print(f"{name.format(NEW):42}{milliseconds:10.2f}{parse:14.2f}{ours:9.2f}")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
