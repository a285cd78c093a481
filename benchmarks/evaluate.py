"""Precision, recall, F1 and exact match of extraction, by field and by markup, beside other extractors in the same run.

    make eval          (or: python benchmarks/evaluate.py [--json FILE] [--misses])
    make eval-check    (or: python benchmarks/evaluate.py --check): this project alone, against benchmarks/floors.json
    python benchmarks/evaluate.py --pin     writes benchmarks/floors.json anew and prints what it lowered

The corpus is the demo site in its six markups and tests/pages; see evaluation/corpus.py. It is made by this project: it
shows that nothing got worse, and what kinds of mistake others make on such pages, not how well anyone does on the site.
"""

import argparse
import json
import sys
import time
from pathlib import Path

from evaluation import corpus, floors, report
from evaluation.contenders import Contender, ours, peers
from evaluation.run import Scores, evaluate


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="score this project alone; exit 1 below a floor")
    parser.add_argument("--pin", action="store_true", help="write the floors anew from what is measured now")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures as JSON")
    parser.add_argument("--misses", action="store_true", help="list every field of ours that is not exact, by page")
    options = parser.parse_args()
    started = time.perf_counter()
    pages = corpus.demo_pages() + corpus.golden_pages()
    digest = corpus.corpus_sha256(pages)
    if options.check or options.pin:
        scores = [evaluate(contender, pages) for contender in ours()]
        return pin(scores, digest, len(pages)) if options.pin else check(scores, digest, len(pages), started)
    samples = corpus.sample_pages()
    rivals, absent = peers()
    contenders = [*ours(), *rivals]
    print(report.machine())
    print("; ".join(f"{each.name} {each.version}" for each in contenders))
    for reason in absent:
        print(f"not installed, passed over: {reason}")
    print(f"{len(pages)} pages, corpus sha256 {digest}")
    all_scores = [evaluate(contender, pages) for contender in contenders]
    show(all_scores, sorted({page.group for page in pages}, key=lambda group: ("/" in group, group)))
    on_samples = [evaluate(contender, samples) for contender in contenders] if samples else []
    if samples:
        print(f"\n{len(samples)} sample pages from beside the repository, not pinned")
        show_overall(on_samples, ["samples"], "samples")
    if options.misses:
        for each in (*all_scores[:2], *on_samples[:2]):
            print(f"\n{each.contender}: fields that are not exact")
            print(*report.misses(each), sep="\n")
    print(f"\n{time.perf_counter() - started:.1f} s")
    if options.json:
        write(options.json, contenders, all_scores, on_samples, digest)
    return 0


def show(all_scores: list[Scores], groups: list[str]) -> None:
    print("\nP precision, R recall; byline and date: of the values given, of those to be found. Fields:")
    print(*(f"  {name:12} {meaning}" for name, meaning in report.MEANINGS.items()), sep="\n")
    show_overall(all_scores, groups, "all markups")
    print("\n" + "\n".join(report.faults(all_scores, groups)))
    demo, golden = ([group for group in groups if ("/" in group) is folder] for folder in (False, True))
    for scores in all_scores:
        for part, where in ((demo, "the demo site"), (golden, "tests/pages")):
            if part:
                print(f"\nby markup, {where}\n" + "\n".join(report.by_markup(scores, part)))
        for error in scores.errors[:5]:
            print(f"  failed: {error}")


def show_overall(all_scores: list[Scores], groups: list[str], heading: str) -> None:
    for part in (all_scores[:2], all_scores[2:]):  # ours, then the others: a table of all is too wide to read
        if part:
            print("\n" + "\n".join(report.overall(part, groups, heading)))


def check(scores: list[Scores], digest: str, pages: int, started: float) -> int:
    known = floors.load()
    if not known:
        print("benchmarks/floors.json is not there; `.venv/bin/python benchmarks/evaluate.py --pin` writes it")
        return 1
    problems = floors.shortfalls(scores, digest, known)
    print(*problems, sep="\n", end="\n" if problems else "")
    verdict = f"{len(problems)} figures not as pinned" if problems else "every figure at or above its floor"
    print(f"{pages} pages, {time.perf_counter() - started:.1f} s: {verdict}")
    return int(bool(problems))


def pin(scores: list[Scores], digest: str, pages: int) -> int:
    known = floors.load()
    less = floors.lowered(known.get("floors", {}), floors.floors_of(scores))
    floors.save(floors.pinned(scores, digest, pages))
    print(*(f"lowered: {line}" for line in less), sep="\n", end="\n" if less else "")
    print(f"pinned {pages} pages, corpus {digest}; {len(less)} floors lowered")
    return 0


def write(
    file: Path, contenders: list[Contender], all_scores: list[Scores], on_samples: list[Scores], digest: str
) -> None:
    groups = sorted({group for scores in all_scores for group in scores.tallies["refusals"]})
    data = {
        "machine": report.machine(),
        "versions": {each.name: each.version for each in contenders},
        "corpus_sha256": digest,
        "results": report.as_values(all_scores, groups),
        "samples": report.as_values(on_samples, ["samples"]),
    }
    file.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
