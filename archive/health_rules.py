"""The rules of health about runs, news, failures, notice, audit, backup, disk and clock: facts, a time and thresholds
in, one finding out. Nothing here reads a clock, a disk or a database."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import accumulate, pairwise

from archive.check_schedule import counts_from
from archive.health_facts import Audit, Facts, Run, after_harvest
from archive.health_shares import judge, rate
from archive.health_terms import Finding, Level, Standing, Thresholds, span, stamp

_AHEAD = timedelta(hours=1)  # clocks that differ by less are no wonder
_BACKUP_MARGIN = 26.0  # hours: one night that failed is no news, nor is a backup that takes long
_LEAST_GAPS = 10
_LEAST_GROWTH_DAYS = 7.0
_WITH_DATABASE = 1.25  # what archive.db grows by beside the WARC files (docs/measurements.md)
_STATED_DAYS = 30.0
_LOG = "`susta runs` lists the past runs; `journalctl` or the mail of cron has what the last one said"


def runs(facts: Facts, now: datetime, limits: Thresholds, standing: Standing, *, lock_held: bool) -> Finding:
    """Whether a run ended well lately. One that goes on and captures is as good. Before the first one, what counts is
    since when the archive is looked after; a first run that could crawl nothing is told at once, since it may never
    have worked."""
    known = [run for run in facts.runs if run.started <= now + _AHEAD]
    if not known:
        return _no_run_yet(now, limits, standing)
    last = known[-1]
    if last.outcome == "running" and lock_held and facts.newest_capture and _hours(now, facts.newest_capture) < 1:
        return Finding("runs", Level.OK, f"run {last.id} goes on", figures={"run": last.id})
    success = next((run for run in reversed(known) if run.is_success), None)
    since = success.ended if success else known[0].started
    hours = max(0.0, _hours(now, since))
    figures = {"hours": round(hours, 1), "last_success": stamp(since) if success else None, "outcome": last.outcome}
    tried = sum(1 for run in known if run.started > since) if success else len(known)
    never_worked = success is None and last.outcome == "nothing-crawled"
    if hours < limits.stale_hours and not never_worked:
        well = f"the last good run ended {span(hours)} ago" if success else "no run has ended well yet"
        return Finding("runs", Level.OK, well, figures=figures)
    late = hours >= (limits.stale_hours if never_worked else limits.stale_hours_critical)
    level = Level.CRITICAL if late else Level.WARNING
    what = f"no run ended well for {span(hours)}" if success else f"no run has ended well yet, since {span(hours)}"
    how = f"; {tried} tried, the last ended: {last.outcome}" if tried else "; none was started"
    advice = f"{_LOG}. " + (
        "Try `susta doctor`, then `susta crawl`."
        if tried
        else "Is the schedule there (`susta schedule show`), and the machine on at night?"
    )
    return Finding("runs", level, what + how, advice, figures)


def _no_run_yet(now: datetime, limits: Thresholds, standing: Standing) -> Finding:
    hours = _hours(now, standing.since) if standing.since else 0.0
    if standing.since is None or hours < limits.stale_hours:
        return Finding("runs", Level.OK, "no run yet")
    return Finding(
        "runs",
        Level.CRITICAL if hours >= limits.stale_hours_critical else Level.WARNING,
        f"no run was ever started, and the archive is looked after for {span(hours)}",
        "Is the schedule there (`susta schedule show`), and the machine on at night? Try `susta crawl --limit 20`.",
        {"hours": round(hours, 1), "from": stamp(standing.since)},
    )


def unfinished(facts: Facts, now: datetime, limits: Thresholds, *, lock_held: bool) -> Finding:
    """Whether the newest run died, or hangs."""
    last = facts.runs[-1] if facts.runs else None
    if last is None or last.outcome != "running":
        return Finding("unfinished", Level.OK, "no run was left unfinished")
    figures = {"run": last.id, "started": stamp(last.started)}
    if not lock_held:
        return Finding(
            "unfinished",
            Level.WARNING,
            f"run {last.id} of {stamp(last.started)} was left unfinished: killed, or the machine went down",
            "Nothing is lost; the next `susta crawl` makes it good. If it happens again, look for lack of memory "
            "(`journalctl -k`) or a limit of the schedule ([schedule] memory_megabytes).",
            figures,
        )
    silent = _hours(now, max(last.started, facts.newest_capture or last.started))
    if silent < limits.hung_hours:
        return Finding("unfinished", Level.OK, f"run {last.id} goes on", figures=figures)
    return Finding(
        "unfinished",
        Level.CRITICAL,
        f"run {last.id} goes on since {stamp(last.started)} and has captured nothing for {span(silent)}",
        "The file .lock in the archive's folder names its process; end that (SIGTERM), then run `susta crawl` again.",
        figures | {"silent_hours": round(silent, 1)},
    )


def news(facts: Facts, now: datetime, limits: Thresholds) -> Finding:
    """Whether the site is quiet for longer than it is wont to be. Only time that good runs watched counts, so that an
    outage is not told twice."""
    later = [run for run in after_harvest(facts.runs) if run.started <= now + _AHEAD]
    watched = [run for run in later if run.is_success]
    with_news = [run for run in later if run.new and run.started > now - timedelta(days=365)]
    between = _Watched(watched, limits)
    gaps = sorted(between.days(*pair) for pair in pairwise(run.ended for run in with_news))
    if len(gaps) < _LEAST_GAPS or not watched:
        return Finding("news", Level.OK, "the site's habit is not known yet")
    usual = gaps[min(len(gaps) - 1, int(len(gaps) * 0.95))]
    allowed = max(limits.quiet_days, limits.quiet_factor * usual)
    quiet = between.days(with_news[-1].ended, watched[-1].ended)
    figures = {"quiet_days": round(quiet, 1), "usual_days": round(usual, 1), "allowed_days": round(allowed, 1)}
    if quiet <= allowed:
        return Finding("news", Level.OK, f"last new article {quiet:.0f} days of watching ago", figures=figures)
    return Finding(
        "news",
        Level.WARNING,
        f"no new article for {quiet:.0f} days, where 95 of 100 gaps were within {usual:.1f}",
        "Open the site in a browser. If it has news, see what the crawl makes of its listings "
        "(`susta crawl --dry-run`, `susta why URL`); if it has none, all is well.",
        figures,
    )


class _Watched:
    """How long good runs watched the site; a longer silence between two of them counts as `stale_hours`."""

    def __init__(self, good: Sequence[Run], limits: Thresholds) -> None:
        self._ends = sorted(run.ended for run in good)
        hours = (min(_hours(after, before), limits.stale_hours) for before, after in pairwise(self._ends))
        self._hours = list(accumulate(hours, initial=0.0))

    def days(self, begin: datetime, end: datetime) -> float:
        """Days between the last good runs up to two times."""
        first, last = (max(0, bisect_right(self._ends, at) - 1) for at in (begin, end))
        return max(0.0, self._hours[last] - self._hours[first]) / 24


def failures(facts: Facts, limits: Thresholds) -> Finding:
    """Whether far more addresses than usual could not be fetched."""
    ended = [run for run in facts.runs if run.outcome != "running"]
    newest: list[Run] = []
    for run in reversed(ended):
        if newest and (run.started < ended[-1].started - timedelta(days=7) or _asked(newest) >= limits.least_pages):
            break
        newest.append(run)
    if not newest:
        return Finding("failures", Level.OK, "no run yet")
    begin = newest[-1].started
    past = [run for run in ended if begin - timedelta(days=limits.baseline_days) <= run.started < begin]
    asked, failed = _asked(newest), sum(run.failed for run in newest)
    if _asked(past) < 20:
        return Finding("failures", Level.OK, "too few pages so far to know the usual share of failures")
    chance = rate(sum(run.failed for run in past), _asked(past))
    jump = judge(
        failed, [chance] * asked, points=limits.jump_points, chance=limits.jump_chance, least=limits.least_pages
    )
    figures = {"count": failed, "pages": asked, "expected": jump.expected, "chance": jump.chance}
    if not jump.jumped:
        return Finding("failures", Level.OK, f"{failed} of {asked} addresses could not be fetched", figures=figures)
    return Finding(
        "failures",
        Level.WARNING,
        f"{failed} of {asked} addresses could not be fetched ({jump.share:.0%}; to be expected: {jump.expected:.0%})",
        f"They are asked for again at the next run. {_LOG}; `susta why URL` says what happened to an address.",
        figures,
    )


def _asked(some: Sequence[Run]) -> int:
    return sum(run.fetched + run.failed for run in some)


def notice(facts: Facts, now: datetime, limits: Thresholds, standing: Standing) -> Finding:
    """Whether the site states another condition than it did. What its first pages said is history, not a change."""
    first_run = facts.runs[0].ended if facts.runs else now
    for each in reversed(facts.notices):
        before = [other for other in facts.notices if other.site == each.site and other.first_seen < each.first_seen]
        known = _plain(each.text) == _plain(limits.notice) or each.first_seen <= first_run
        stated = _hours(now, each.last_seen) <= 24 * _STATED_DAYS
        if known or not before or not stated or (standing.accepted and each.first_seen <= standing.accepted):
            continue
        return Finding(
            "notice",
            Level.WARNING,
            f"{each.site} states another condition since {each.first_seen:%Y-%m-%d}: {each.text}",
            "Read it. If it may go on, put it into [source] notice of the config, or `susta health --accept notice`.",
            {"site": each.site, "notice": each.text, "first_seen": stamp(each.first_seen)},
        )
    return Finding("notice", Level.OK, "the site's condition is as it was")


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def audit(facts: Facts, now: datetime, limits: Thresholds) -> Finding:
    """Whether an audit found damage, or is overdue."""
    bad = next((each for each in reversed(facts.audits) if each.failed and not _made_good(each, facts.audits)), None)
    if bad is not None:
        return Finding(
            "audit",
            Level.CRITICAL,
            f"the audit of {stamp(bad.at)} found damage: {bad.found or 'see `susta events`'}",
            "`susta check` names each damage with what to do; when it ends clean, all is well again.",
            {"at": stamp(bad.at), "found": bad.found},
        )
    if not facts.runs:
        return Finding("audit", Level.OK, "nothing to audit yet")
    grace = limits.audit_days * 1.25 + 1
    began = facts.runs[0].started
    ages = {name: _hours(now, max(counts_from(name, facts.past), began)) / 24 for name in facts.files}
    database = _hours(now, max(facts.past.database, began)) / 24
    oldest = max([database, *ages.values()])
    figures = {"oldest_days": round(oldest, 1), "files": sum(age > grace for age in ages.values())}
    if oldest <= grace:
        return Finding(
            "audit", Level.OK, f"everything was audited within {oldest:.0f} days, or is newer", figures=figures
        )
    what = f"{figures['files']} WARC files" if figures["files"] else "archive.db"
    return Finding(
        "audit",
        Level.WARNING,
        f"{what} not audited for more than {grace:.0f} days",
        "Run `susta check --due` every day (`susta schedule` sees to that), or `susta check` now.",
        figures,
    )


def _made_good(bad: Audit, audits: Sequence[Audit]) -> bool:
    """Whether later audits found all of this one's clean."""
    later = [each for each in audits if each.at > bad.at and not each.failed]
    if bad.database and not any(each.database for each in later):
        return False
    if bad.names is None:
        return any(each.takes(bad.through) and each.names is None for each in later) or not bad.through
    return all(any(each.takes(name) for each in later) for name in bad.names)


def backup(facts: Facts, now: datetime, limits: Thresholds, standing: Standing) -> Finding:
    """Whether backups that are scheduled are made. Before the first one, what counts is since when the archive is
    there; none is missed before backups were scheduled."""
    if limits.backup_every_hours is None:
        return Finding("backup", Level.OK, "no backup is scheduled", figures={"from": stamp(now)})
    done = next((at for at in reversed(facts.backups) if at <= now + _AHEAD), None)
    first = facts.runs[0].started if facts.runs else None
    since = min(now, max((at for at in (done or first, standing.since, standing.accepted) if at), default=now))
    hours, allowed = _hours(now, since), limits.backup_every_hours + _BACKUP_MARGIN
    figures = {"hours": round(hours, 1), "last_backup": stamp(done) if done else None, "from": stamp(since)}
    if hours < allowed:
        reason = f"the last one was made {span(hours)} ago" if done else "none was made yet"
        return Finding("backup", Level.OK, reason, figures=figures)
    return Finding(
        "backup",
        Level.CRITICAL if hours >= 3 * allowed else Level.WARNING,
        f"no backup was made for {span(hours)}" if done else f"no backup was ever made, since {span(hours)}",
        "Is the disk for it there, writable and not full? `journalctl -u susta-backup` (`--user` for one's own units) "
        "or the mail of cron says why; try `susta backup DIR` with the folder of [schedule] backup_to.",
        figures,
    )


def disk(facts: Facts, now: datetime, limits: Thresholds, free: int) -> Finding:
    """Whether the disk is full soon, at the growth since the harvest or of the last 30 days, or now."""
    need = limits.min_free_bytes
    figures: dict[str, object] = {"free_bytes": free}
    make_room = "Make room, or move the archive to a larger disk: `susta backup DIR` copies it whole."
    short = facts.runs and facts.runs[-1].outcome == "disk-low" and free < 2 * need
    if free < need or short:
        what = f"{free / 1e6:,.0f} MB are free, and a run needs {need / 1e6:,.0f}"
        return Finding(
            "disk", Level.CRITICAL, what + ("; the last one stopped for it" if short else ""), make_room, figures
        )
    grown = facts.stored_since_harvest
    days = _hours(now, grown[0]) / 24 if grown else 0.0
    if grown is None or days < _LEAST_GROWTH_DAYS or grown[1] <= 0:
        return Finding("disk", Level.OK, f"{free / 1e6:,.0f} MB are free", figures=figures)
    a_day = grown[1] * _WITH_DATABASE / days
    left = (free - need) / a_day
    figures |= {"bytes_a_day": round(a_day), "days_left": round(left, 1)}
    what = f"{free / 1e6:,.0f} MB are free, and {a_day / 1e6:,.2f} MB a day are needed"
    if left > limits.disk_days:
        return Finding("disk", Level.OK, f"{what}: enough for {min(left, 36500):,.0f} days", figures=figures)
    level = Level.CRITICAL if left <= limits.disk_days_critical else Level.WARNING
    return Finding("disk", level, f"{what}: full in {left:.0f} days", make_room, figures)


def clock(facts: Facts, now: datetime) -> Finding:
    """Whether something happened in the future."""
    ahead = [f"run {run.id} of {stamp(run.started)}" for run in facts.runs if run.started > now + _AHEAD]
    ahead += [f"an audit of {stamp(each.at)}" for each in facts.audits if each.at > now + _AHEAD]
    if not ahead:
        return Finding("clock", Level.OK, "nothing happened in the future")
    return Finding(
        "clock",
        Level.WARNING,
        f"it is {stamp(now)}, and the archive has {', '.join(ahead[:3])}",
        "Set the clock and keep it right (`timedatectl set-ntp true`). If it is right now, this passes by itself at "
        "that time; the records say what the clock said then.",
        {"ahead": len(ahead)},
    )


def _hours(later: datetime, earlier: datetime) -> float:
    return (later - earlier).total_seconds() / 3600
