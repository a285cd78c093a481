"""Kills crawls at random instants and looks for what was lost or doubled. Exit 1 if anything was.

    make crash-test        (or: python benchmarks/crash.py [--kills N] [--sites N] [--articles N] [--cuts N] [--seed N])

A site is made up from a seed (crawling/sites.py) and served by a process of its own. `susta crawl` is killed with
SIGKILL, its whole process group at once, in all phases of a run, again and again on one archive, and then runs to its
end. The archive must then have every page, article, picture and file of the site, none twice; its rows, WARC files and
full text must agree; every WARC file must pass `gzip -t` and fastwarc; a rebuild must give equal tables; and articles
must say what they say after an undisturbed crawl. The WARC files are small, so that several are begun in a run; every
other site knows validators, so that its pages are asked for with conditions.

Then power is cut: archives of killed crawls lose what was not yet durable (crawling/power.py) and are crawled on.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from crawling.killing import Pace, Phase, instant, run_until
from crawling.machine import machine, versions
from crawling.power import cut_power, member_starts
from crawling.serve import Served, served
from crawling.sites import Site, varied
from crawling.verify import Found, records, repeats, tables, verify

_SUSTA = Path(sys.executable).with_name("susta")
_CONFIG = """
[site]
media_hosts = []
[archive]
warc_max_megabytes = 1
[crawl]
delay_seconds = 0
contact = "crash test"
"""
_PAUSE = 0.002  # seconds the server takes for an answer
_WEIGHTS = {Phase.STARTING: 4, Phase.CRAWLING: 10, Phase.FILES: 3, Phase.ENDING: 3}


@dataclass(slots=True)
class Summary:
    """What became of all kills."""

    kills: Counter[str] = field(default_factory=Counter)
    torn_tails: int = 0
    power_cuts: int = 0
    runs: int = 0
    requests: int = 0
    repeated: int = 0
    asked_anew: int = 0
    captures: int = 0
    articles: int = 0
    problems: list[str] = field(default_factory=list)
    lost: int = 0
    doubled: int = 0
    torn: int = 0
    differing: int = 0

    def take(self, found: Found, where: str) -> None:
        self.lost += len(found.lost)
        self.doubled += len(found.doubled)
        self.torn += len(found.torn)
        self.captures += found.captures
        self.articles += found.articles
        self.problems += [f"{where}: {line}" for line in found.lines()]

    def fail(self, problem: str) -> None:
        self.torn += 1
        self.problems.append(problem)


@dataclass(frozen=True, slots=True)
class Trial:
    """One site, where its archives are, and what an undisturbed crawl of it came to."""

    site: Site
    server: Served
    folder: Path
    random: Random
    pace: Pace
    undisturbed: dict[int, tuple[object, ...]]

    @property
    def log(self) -> Path:
        return self.folder / "log.txt"


def crawl_command(server: Served, folder: Path, archive: Path) -> list[str]:
    config = folder / "config.toml"
    config.write_text(_CONFIG)
    return [str(_SUSTA), "crawl", "--json", "--config", str(config), "--archive", str(archive), server.base]


def prepare(seed: int, articles: int, server: Served, folder: Path, summary: Summary) -> Trial:
    """Crawls a site undisturbed, timing the run's parts."""
    site = varied(seed, articles, server.base)
    archive = folder / "undisturbed"
    started = time.monotonic()
    with (folder / "log.txt").open("ab") as log:
        process = subprocess.Popen(crawl_command(server, folder, archive), stdout=log, stderr=log)
    while process.poll() is None and not server.count:
        time.sleep(0.005)
    first = time.monotonic()
    while process.poll() is None and server.left:
        time.sleep(0.02)
    last = time.monotonic()
    if process.wait():
        raise SystemExit(f"an undisturbed crawl failed: {(folder / 'log.txt').read_text()[-2000:]}")
    pace = Pace(first - started, time.monotonic() - last, server.count)
    summary.problems += [f"seed {seed}, undisturbed: {line}" for line in verify(archive, server.base, site).lines()]
    trial = Trial(site, server, folder, Random(seed), pace, dict(records(archive)))
    server.forget()
    return trial


def kill_often(trial: Trial, archive: Path, kills: int, summary: Summary, *, weights: dict[Phase, int]) -> None:
    """Starts the crawl again and again until it was killed so many times."""
    done = tries = 0
    phases = list(weights)
    while done < kills and tries < kills * 4:
        tries += 1
        phase = trial.random.choices(phases, [weights[phase] for phase in phases])[0]
        is_time = instant(phase, trial.pace, trial.server, archive / "warc", trial.random)
        if run_until(is_time, crawl_command(trial.server, trial.folder, archive), log=trial.log):
            done += 1
            summary.kills[phase] += 1
            summary.torn_tails += has_torn_tail(archive)
        summary.runs += 1
    if done < kills:
        summary.fail(f"only {done} of {kills} kills could be made")


def has_torn_tail(archive: Path) -> bool:
    """Whether the kill left a WARC file that does not end with a whole record."""
    for path in (archive / "warc").glob("*.open"):
        data = path.read_bytes()
        if member_starts(data)[-1] != len(data):
            return True
    return False


def finish(trial: Trial, archive: Path, where: str, summary: Summary, *, torn: bool = False) -> None:
    """Runs to the end and looks at the archive. A tail that was torn must be spoken of."""
    done = subprocess.run(
        crawl_command(trial.server, trial.folder, archive), capture_output=True, text=True, check=False
    )
    summary.runs += 1
    if done.returncode:
        summary.fail(f"{where}: the last run ended with {done.returncode}: {done.stderr[-500:]}")
        return
    said = json.loads(done.stdout)["repaired"]
    if torn and not any("cut by" in line for line in said):
        summary.fail(f"{where}: a torn WARC file was mended and nothing said of it: {said}")
    summary.take(verify(archive, trial.server.base, trial.site), where)
    after = records(archive)
    differing = [number for number, row in trial.undisturbed.items() if after.get(number) != row]
    summary.differing += len(differing)
    summary.problems += [f"{where}: article {number} reads otherwise than undisturbed" for number in differing[:5]]


def rebuild(trial: Trial, archive: Path, where: str, summary: Summary) -> None:
    """A rebuild of a copy must give equal tables."""
    copy = archive.with_name(archive.name + "-rebuilt")
    shutil.copytree(archive, copy)
    command = [str(_SUSTA), "rebuild", "--config", str(trial.folder / "config.toml"), "--archive", str(copy)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        summary.fail(f"{where}: rebuild ended with {done.returncode}: {done.stderr[-500:]}")
        return
    before, after = tables(archive), tables(copy)
    for name in sorted({*before, *after}):
        if before.get(name) != after.get(name):
            summary.fail(f"{where}: the table {name} is another after a rebuild")


def kill_trial(seed: int, articles: int, kills: int, cuts: int, summary: Summary) -> None:
    """One site: killed often and finished; then, from the beginning each time, killed once, power cut, finished."""
    with tempfile.TemporaryDirectory() as place, served("varied", size=articles, seed=seed, pause=_PAUSE) as server:
        trial = prepare(seed, articles, server, Path(place), summary)
        archive, where = trial.folder / "killed", f"seed {seed}, {kills} kills"
        kill_often(trial, archive, kills, summary, weights=_WEIGHTS)
        finish(trial, archive, where, summary)
        rebuild(trial, archive, where, summary)
        asked = server.asked
        repeated, anew = repeats(asked, trial.site)
        summary.requests, summary.repeated = summary.requests + len(asked), summary.repeated + repeated
        summary.asked_anew += anew
        for number in range(cuts):
            cut_trial(trial, trial.folder / f"cut-{number}", summary)


def cut_trial(trial: Trial, archive: Path, summary: Summary) -> None:
    trial.server.forget()
    weights = {Phase.CRAWLING: 4, Phase.FILES: 1}
    kill_often(trial, archive, trial.random.randint(1, 3), summary, weights=weights)
    said = cut_power(archive, trial.random)
    summary.power_cuts += 1
    where = f"{trial.folder.name}, {archive.name} ({said})"
    finish(trial, archive, where, summary, torn=has_torn_tail(archive))
    rebuild(trial, archive, where, summary)


def report(summary: Summary, seconds: float) -> None:
    print(f"{sum(summary.kills.values())} kills: " + "; ".join(f"{n} {phase}" for phase, n in summary.kills.items()))
    print(f"{summary.torn_tails} of them left a WARC file that ended within a record; {summary.power_cuts} power cuts")
    print(f"{summary.runs} runs, {summary.captures} captures and {summary.articles} articles in the archives looked at")
    print(
        f"{summary.requests} requests in crawls that were killed often, {summary.repeated} of them for an article or"
        f" media file asked for before, {summary.asked_anew} for what each run asks for anew"
    )
    print(
        f"lost {summary.lost}, doubled {summary.doubled}, torn {summary.torn},"
        f" articles that read otherwise than undisturbed {summary.differing}"
    )
    print(*summary.problems[:60], sep="\n")
    print(f"{seconds:.0f} s")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100, help="altogether, power cuts apart")
    parser.add_argument("--sites", type=int, default=4)
    parser.add_argument("--articles", type=int, default=160, help="of each site")
    parser.add_argument("--cuts", type=int, default=3, help="power cuts on each site")
    parser.add_argument("--seed", type=int, default=0, help="of the first site")
    options = parser.parse_args()
    print(machine())
    print(versions("susta-archive", "warcio", "fastwarc", "httpx", "selectolax"), flush=True)
    summary, started = Summary(), time.monotonic()
    for number in range(options.sites):
        kills = options.kills * (number + 1) // options.sites - options.kills * number // options.sites
        kill_trial(options.seed + number, options.articles, kills, options.cuts, summary)
        print(f"seed {options.seed + number}: {sum(summary.kills.values())} kills so far", flush=True)
    report(summary, time.monotonic() - started)
    return int(bool(summary.problems))


if __name__ == "__main__":
    sys.exit(main())
