"""CPU time a page of extraction, against a bare parse and against trafilatura, in the same run.

    make bench-extract        (or: python benchmarks/extract.py [--articles N] [--rounds N])

Pages are those of the demo site, in all its markups. Medians of several rounds; ratios are the figures to quote, since
machines differ.
"""

import argparse
import platform
import statistics
import time
from collections.abc import Callable
from importlib.metadata import version

import httpx
import trafilatura
from selectolax.lexbor import LexborHTMLParser

from scraper.demo import MARKUPS, DemoSite
from scraper.extract import EXTRACTOR, extract


def pages(articles: int) -> list[tuple[bytes, str]]:
    """(body, address) of every article page in every markup."""
    found = []
    for markup in MARKUPS:
        with DemoSite(articles=articles, markup=markup) as site, httpx.Client(base_url=site.base_url) as client:
            found += [
                (client.get(truth.path).content, f"http://susta.example{truth.path}") for truth in site.expected()
            ]
    return found


def cpu(work: Callable[[bytes, str], object], material: list[tuple[bytes, str]], rounds: int) -> float:
    """Median milliseconds of CPU a page."""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        for body, url in material:
            work(body, url)
        times.append((time.process_time() - start) * 1000 / len(material))
    return statistics.median(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=24, help="articles in each markup")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    material = pages(options.articles)
    size = statistics.mean(len(body) for body, _ in material)
    contenders: dict[str, Callable[[bytes, str], object]] = {
        "bare lexbor parse": lambda body, _: LexborHTMLParser(body.decode()),
        f"extract ({EXTRACTOR})": lambda body, url: extract(body, url, "text/html; charset=utf-8"),
        "trafilatura.bare_extraction": lambda body, url: trafilatura.bare_extraction(body, url=url, with_metadata=True),
    }
    print(f"{platform.platform()}, {platform.machine()}, Python {platform.python_version()}")
    print(f"selectolax {version('selectolax')}, trafilatura {version('trafilatura')}")
    print(f"{len(material)} pages, {size / 1000:.1f} KB on average, median of {options.rounds} rounds")
    results = {name: cpu(work, material, options.rounds) for name, work in contenders.items()}
    ours = results[f"extract ({EXTRACTOR})"]
    for name, milliseconds in results.items():
        print(f"{name:30} {milliseconds:8.2f} ms a page   {milliseconds / ours:6.2f} x ours")


if __name__ == "__main__":
    main()
