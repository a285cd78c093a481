"""CPU time and memory of extraction on pages made to be slow, at one, two and four times a size.

    make hostile       (or: python benchmarks/hostile.py [NAME …] [--seconds S] [--megabytes M])

Each page is read in a process of its own under a limit of time and memory. Time that doubles with the size is linear;
a ratio near four is quadratic. Exit 1 when a page ends in a crash, at a limit, or far from linear.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

URL = "https://susta.vn/kinh-te-du-lich/mot-bai-viet-17100"
HEAD = (
    '<!DOCTYPE html><html><head><meta charset="utf-8"><title>Một bài viết về cây mắc ca</title></head><body>'
    "<h1>Một bài viết về cây mắc ca</h1><div>Lượt xem: 538</div><div>"
)
PROSE = "Ngày 07/12/2021, hội thảo bàn về cây mắc ca trên đất dốc, có nhiều ý kiến của bà con các bản vùng cao. "
TAIL = f"<p>{PROSE * 3}</p></div></body></html>"
MOST_A_DOUBLING = 2.9  # of CPU time; caches and the collector make honest work grow a little faster than its size
LEAST_SECONDS = 0.3  # below this a ratio is noise


def repeated(piece: str) -> Callable[[int], str]:
    """`piece` n times, `#` in it replaced by its number."""
    if "#" not in piece:
        return lambda n: piece * n
    return lambda n: "".join(piece.replace("#", str(number)) for number in range(n))


def nested(name: str) -> Callable[[int], str]:
    return lambda n: f"<{name}>" * n + PROSE + f"</{name}>" * n


def within(before: str, piece: str, after: str = "") -> Callable[[int], str]:
    inner = repeated(piece)
    return lambda n: before + inner(n) + after


def filled(before: str, piece: str, after: str) -> Callable[[int], str]:
    """As many pieces as make n bytes."""
    return lambda n: before + piece * (n // len(piece.encode())) + after


# Name: (what is put into an article's body, the largest n). A quarter and half of n are tried before it.
CASES: dict[str, tuple[Callable[[int], str], int]] = {
    "nested div": (nested("div"), 200_000),
    "nested div, never closed": (repeated("<div>"), 200_000),
    "nested span": (nested("span"), 200_000),
    "nested b": (nested("b"), 200_000),
    "nested b, never closed": (repeated("<b>"), 200_000),
    "nested font with attributes": (repeated("<font color=#>"), 100_000),
    "nested a": (nested("a"), 200_000),
    "nested blockquote with text": (repeated("<blockquote>x "), 100_000),
    "nested tables": (repeated("<table><tr><td>"), 100_000),
    "nested lists": (repeated("<ul><li>"), 100_000),
    "nested svg": (nested("svg"), 100_000),
    "nested object": (nested("object"), 100_000),
    "unclosed <p><font color=N>": (repeated("<p><font color=#>"), 100_000),
    "unclosed <p><b> with text": (repeated("<p><b>chữ "), 100_000),
    "unclosed li": (within("<ul>", "<li>mục "), 100_000),
    "unclosed dd in select": (within("<select>", "<option>x<dd>"), 100_000),
    "misnested <b><p></b>": (repeated("<b><p>x</b>"), 50_000),
    "misnested <a><div></a>": (repeated("<a href=/x><div>x</a>"), 50_000),
    "foster-parented text": (within("<table>", "x<tr>"), 100_000),
    "one line": (filled(f"<p>{PROSE}", PROSE, "</p>"), 10_000_000),
    "paragraphs": (filled("", f"<p>{PROSE}</p>", ""), 60_000_000),
    "short paragraphs": (repeated("<p>x</p>"), 1_000_000),
    "links": (repeated('<a href="/a/b-#">Một bài viết khác</a> '), 100_000),
    "links in list items": (repeated('<li><a href="/a/b-#">Một bài viết khác</a></li>'), 100_000),
    "br": (repeated("<br>"), 1_000_000),
    "br with words": (repeated("Toàn cảnh<br>"), 300_000),
    "attributes on one tag": (within("<p ", "a#=x "), 200_000),
    "an attribute's long value": (within('<p title="', "x", f'">{PROSE}</p>'), 10_000_000),
    "an attribute's long name": (within("<p ", "x", f">{PROSE}</p>"), 2_000_000),
    "a tag never closed": (within("<p ", "x y "), 2_000_000),
    "entities": (repeated("&amp;"), 2_000_000),
    "entities without semicolon": (repeated("&nbsp"), 2_000_000),
    "numeric entities": (repeated("&#7841;"), 1_000_000),
    "ampersands": (repeated("&"), 5_000_000),
    "comment never closed": (within("<!--", "-- x "), 2_000_000),
    "comments": (repeated("<!--x-->"), 500_000),
    "script never closed": (within("<script>", "x<a>"), 2_000_000),
    "less-than signs": (repeated("<"), 3_000_000),
    "closing tags": (repeated("</p>"), 1_000_000),
    "quotes and signs": (repeated("<a b='\">"), 500_000),
    "images": (repeated('<img src="/a-#.jpg">'), 100_000),
    "one image repeated": (repeated('<img src="/a.jpg">'), 100_000),
    "images with captions": (repeated('<p><img src="/a-#.jpg"></p><p>Toàn cảnh buổi làm việc</p>'), 50_000),
    "cells": (within("<table>", "<tr><td>x<td>y"), 100_000),
    "cells in one row": (within("<table><tr>", "<td>x"), 200_000),
    "cells that span": (within("<table>", '<tr><td colspan=1000 rowspan=1000>x'), 20_000),
    "tables": (repeated("<table><tr><td>TT<td>Tên<tr><td>1<td>A</table>"), 30_000),
    "downloads": (repeated('<a href="/t-#.pdf">Tải về</a><br>'), 50_000),
    "counters": (repeated("<p>Lượt xem: #</p>"), 100_000),
    "captions": (repeated("<p>Đồng chí Lò Văn A phát biểu (Ảnh: Tòng B)</p>"), 100_000),
    "names": (repeated("<p>TS. Nguyễn Văn Minh</p>"), 100_000),
    "bylines": (repeated("<p>Bài và ảnh: Nguyễn Văn Minh</p>"), 100_000),
    "dates": (repeated("<p>Ngày 07/12/2021, </p>"), 100_000),
    "dates in one line": (within("<p>", "Ngày 07/12/2021, "), 200_000),
    "titles again": (repeated("<p>MỘT BÀI VIẾT VỀ CÂY MẮC CA</p>"), 100_000),
    "headings": (repeated("<h2>Phần thứ #</h2>"), 100_000),
    "conditions": (repeated('<p>Ghi rõ nguồn "Susta.vn" khi phát hành lại</p>'), 50_000),
    "a run of NBSP": (within("<p>", "\u00a0", "A</p>"), 5_000_000),
    "a run of spaces": (within("<p>a", " ", "b</p>"), 10_000_000),
    "a run of digits": (within("<p>", "1", "</p>"), 2_000_000),
    "a run of dates": (within("<p>", "1/", "</p>"), 1_000_000),
    "a run of capitals": (within("<p>", "A", "</p>"), 2_000_000),
    "capital words": (within("<p>", "Nguyễn ", "</p>"), 500_000),
    "capital words with dots": (within("<p>", "A. ", "</p>"), 500_000),
    "commas and names": (within("<p>", "Nguyễn Văn Minh, ", "</p>"), 200_000),
    "brackets": (within("<p>Ảnh: ", "(", "</p>"), 1_000_000),
    "quotes": (within("<p>", '"a ', "</p>"), 1_000_000),
    "dashes": (within("<p>", "- ", "</p>"), 1_000_000),
    "dots": (within("<p>", ".", "</p>"), 3_000_000),
    "a quote in an attribute's name": (within('<a href="/x<p id="', "a", '">-z">x</a>'), 200_000),
    "nested lists, some hundreds": (lambda n: ("<ul><li>" * 400 + "</ul>" * 400) * (n // 400), 40_000),
    "attributes with quotes in their names": (repeated("<a b='c' d\"e>"), 100_000),
    "a long word and an eth": (within("<p>Ð ", "a", "</p>"), 200_000),
    "words with an eth": (repeated("Ðảng "), 500_000),
    "long base address": (within('<base href="http://a.example/', "a/", '">'), 1_000_000),
    "long links": (lambda n: f'<a href="/{"a" * (n // 100)}/b-1">x</a>' * 100, 5_000_000),
    "relative links of many steps": (within('<a href="', "../a/", 'b-1">x</a>'), 1_000_000),
    "letters of eth": (within("<p>", "ð", "</p>"), 1_000_000),
    "combining marks": (within("<p>e", "\u0301", "</p>"), 1_000_000),
    "combining marks out of order": (within("<p>e", "\u0323\u0301", "</p>"), 300_000),
    "zero-width characters": (within("<p>", "\u200b", "a</p>"), 2_000_000),
    "invalid bytes": (within("<p>", "\udcff", "</p>"), 2_000_000),
    "NUL bytes": (within("<p>", "a\0", "</p>"), 2_000_000),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Result:
    """One page read. `problem` is empty, or how it ended."""

    seconds: float = 0.0
    megabytes: float = 0.0
    size: int = 0
    outcome: str = ""
    problem: str = ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="cases to run; all unless told")
    parser.add_argument("--seconds", type=int, default=60, help="limit of CPU time a page")
    parser.add_argument("--megabytes", type=int, default=4000, help="limit of memory a page")
    parser.add_argument("--child", type=int, metavar="N", help=argparse.SUPPRESS)
    options = parser.parse_args()
    unknown = set(options.names) - set(CASES)
    if unknown:
        parser.error(f"no case {', '.join(sorted(unknown))}; there are {', '.join(CASES)}")
    if options.child is not None:
        measure(options.names[0], options.child)
        return 0
    print(f"{'':32}{'n':>10}{'MB':>7}{'CPU s':>8}{'peak MB':>9}{'ratio':>7}")
    bad = [name for name in options.names or CASES if not run(name, options.seconds, options.megabytes)]
    print(f"not linear or failed: {', '.join(bad)}" if bad else "all linear")
    return int(bool(bad))


def run(name: str, seconds: int, megabytes: int) -> bool:
    """Prints the three sizes of one case; whether all is well with it."""
    largest, before, fine = CASES[name][1], 0.0, True
    for size in (largest // 4, largest // 2, largest):
        result = in_a_process(name, size, seconds, megabytes)
        ratio = result.seconds / before if before else 0.0
        steep = ratio > MOST_A_DOUBLING and result.seconds > LEAST_SECONDS
        told = f"{ratio:.1f}" if before else ""
        remark = result.problem or ("NOT LINEAR" if steep else "")
        print(
            f"{name:32}{size:10}{result.size / 1e6:7.1f}{result.seconds:8.2f}{result.megabytes:9.0f}{told:>7}"
            f"  {result.outcome} {remark}".rstrip(),
            flush=True,
        )
        fine = fine and not steep and not result.problem
        if result.problem:
            break
        before = result.seconds
    return fine


def in_a_process(name: str, size: int, seconds: int, megabytes: int) -> Result:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds + 5, seconds + 6))  # the page is made in it too
        resource.setrlimit(resource.RLIMIT_AS, (megabytes * 1_000_000, megabytes * 1_000_000))

    command = [sys.executable, __file__, "--child", str(size), name]
    done = subprocess.run(command, capture_output=True, text=True, preexec_fn=limit, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [""])[-1]
        return Result(problem=f"FAILED with exit {done.returncode} {last[:120]}")
    return Result(**json.loads(done.stdout))


def measure(name: str, size: int) -> None:
    """Reads the page and prints what it took. In the child only."""
    from scraper.extract import extract

    make, _ = CASES[name]
    body = (HEAD + make(size) + TAIL).encode("utf-8", "surrogateescape")
    extract(f"{HEAD}{TAIL}".encode(), URL, "text/html; charset=utf-8")  # what is made once is made now
    start = time.process_time()
    outcome = extract(body, URL, "text/html; charset=utf-8")
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    reason = getattr(outcome, "reason", None)
    crash = f"CRASH {outcome.detail}" if reason == "extractor-error" else ""  # type: ignore[union-attr]
    print(json.dumps({
        "seconds": seconds, "megabytes": peak, "size": len(body), "outcome": reason or "article", "problem": crash,
    }))  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
