"""What a person sees while a command works, and at its end. Everything here goes to standard error, so that standard
output stays for results; text from pages is shown as text, never as markup or terminal codes."""

import re
from typing import TYPE_CHECKING, Any

from archive.query import Record
from archive.records import REFUSAL_MEANINGS, RefusalReason

if TYPE_CHECKING:
    from scraper.report import Report

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def safe(text: str) -> str:
    """Text from outside without what could steer a terminal."""
    return _CONTROL.sub("\ufffd", text)


def summary(report: "Report") -> str:
    """What a run did, for people."""
    took = f"{report.started_at[:19]}Z to {report.finished_at[:19]}Z"
    lines = [
        f"Run {report.run} {report.outcome} ({took})",
        f"  pages fetched  {report.fetched}",
        f"  new            {report.new}",
        f"  changed        {report.changed}",
        f"  unchanged      {report.unchanged}",
        f"  known already  {report.aliases} (other addresses of articles)",
        f"  refused        {_counted(report.refused)}",
        f"  failed         {_counted(report.failed)}",
        f"  not asked for  {_counted(report.skipped)}",
        f"  media files    {report.media}",
        f"  received       {report.bytes / 1_000_000:.1f} MB",
    ]
    if report.not_modified:
        lines.append(
            f"  not modified   {report.not_modified} answers, {report.saved / 1_000_000:.1f} MB not sent again"
        )
    if report.identical:
        lines.append(f"  kept already   {report.identical} answers whose bytes are in the archive")
    lines += hosts_text(report)
    lines += understood_text(report.understood)
    lines += [f"  repaired: {safe(text)}" for text in report.repaired]
    lines += [f"  trap opened again: {safe(pattern)}" for pattern in report.reopened]
    lines += [f"  trap closed: {safe(pattern)} (`susta why URL` says more)" for pattern in report.traps]
    for notice in report.notices:
        lines.append(f"  ATTENTION: the site states another condition than the configured one: {safe(notice)}")
    if report.without_notice:
        lines.append(
            f"  ATTENTION: {report.without_notice} articles state no condition; the configured credit stands in for it"
        )
    lines += [f"  changed: {safe(url)}" for url in report.changes[:10]]
    lines += [f"  problem: {safe(text)}" for text in report.problems[:10]]
    if len(report.problems) > 10:
        lines.append(f"  … and {len(report.problems) - 10} more problems (crawl --json lists them)")
    if report.outcome == "interrupted":
        lines.append(f"Stopped. All is saved; {report.waiting} addresses wait. The same command goes on from here.")
    elif report.outcome == "disk-low":
        lines.append(
            f"Stopped for lack of disk space. All is saved; {report.waiting} addresses wait. Make room, then run again."
        )
    elif report.outcome == "limit":
        lines.append(f"The limit was reached; {report.waiting} addresses wait. The same command goes on from here.")
    return "\n".join(lines)


def hosts_text(report: "Report") -> list[str]:
    """How each host answered, and which were left alone."""
    lines = []
    for host, figures in report.hosts.items():
        times = ""
        if figures.median_seconds is not None and figures.worst_seconds is not None:
            times = f", answers in {figures.median_seconds:.2f} s (median), {figures.worst_seconds:.2f} s at worst"
        pause = f", pause {figures.delay_seconds:g} s" if figures.delay_seconds else ""
        waits = f", {figures.waiting} wait" if figures.waiting else ""
        lines.append(f"  asked          {safe(host)}: {figures.requests} requests{times}{pause}{waits}")
    lines += [f"  ATTENTION: {safe(host)} was left alone: {safe(why)}" for host, why in report.rested.items()]
    return lines


def understood_text(understood: dict[str, int]) -> list[str]:
    """How well the pages were understood, in shares; empty where there was no article."""
    articles, photos = understood.get("articles", 0), understood.get("photos", 0)
    if not articles:
        return []

    def share(name: str, of: int) -> str:
        return f"{understood[name] / of:.0%}" if of else "none"

    doubtful = articles - understood["undoubted"]
    which = ", which `susta review` lists" if doubtful else ""
    fields = ", ".join(f"{name} {share(name, articles)}" for name in ("title", "body", "byline", "date"))
    captions = f"captions on {share('captions', photos)} of {photos} photos"
    return [
        f"  understood     {articles} articles: {fields}; {captions}",
        f"                 {doubtful} doubtful ({doubtful / articles:.0%}){which}",
    ]


def _counted(counts: dict[str, int]) -> str:
    total = sum(counts.values())
    parts = ", ".join(f"{name} {count}" for name, count in sorted(counts.items(), key=lambda item: -item[1]))
    return f"{total} ({parts})" if total else "0"


def article_text(record: Record) -> str:
    """One article to read on a terminal, with its credit."""
    lines = [safe(record.title), "=" * min(len(record.title), 100)]
    if record.byline:
        role = f" ({record.byline_role})" if record.byline_role else ""
        affiliation = f", {record.affiliation}" if record.affiliation else ""
        lines.append(f"Byline: {safe(record.byline + affiliation)}{role}")
    if record.date:
        lines.append(f"Date: {record.date} ({record.date_kind}: {safe(record.date_evidence or '')})")
    lines += [f"Address: {safe(record.url)}", f"Views: {record.views}" if record.views is not None else "", ""]
    for paragraph in record.body:
        lines += [safe(paragraph), ""]
    for table in record.tables:
        lines += [" | ".join(map(safe, row)) for row in table["rows"]] + [""]
    for number, photo in enumerate(record.photos, start=1):
        lines.append(f"[photo {number}] {safe(photo['caption'] or '(no caption)')}  {safe(photo['url'])}")
    for attachment in record.attachments:
        lines.append(f"[attachment] {safe(attachment['label'])}  {safe(attachment['url'])}")
    lines += ["", safe(record.source.credit), safe(record.source.notice)]
    return "\n".join(lines)


def history_text(history: dict[str, Any]) -> str:
    """Where an article stands in the archive, in one line."""
    parts = [f"Article {history['id']}", f"first captured {history['first_seen'][:19]}Z"]
    parts.append(f"last seen {history['last_seen'][:19]}Z")
    parts.append("1 revision" if history["revisions"] == 1 else f"{history['revisions']} revisions")
    if history["gone_since"]:
        parts.append(f"gone from the site since {history['gone_since'][:10]}")
    elif history["last_refusal"] in ("noarchive", "challenge"):
        parts.append(f"its newest capture gave none: {REFUSAL_MEANINGS[RefusalReason(history['last_refusal'])]}")
    elif history["last_status"] not in (None, 200, 304):
        parts.append(f"its address last answered {history['last_status']}")
    return ", ".join(parts)


def status_text(status: dict[str, Any], waiting: dict[str, int]) -> str:
    """What an archive holds, for people."""
    run = status["last_run"]
    days = f"{status['first_day']} to {status['last_day']}" if status["first_day"] else "none"
    lines = [
        f"Articles      {status['articles']} ({status['gone']} gone from the site), {status['revisions']} revisions",
        f"  with byline {status['with_byline']}, with date {status['with_date']} ({days})",
        f"Photos        {status['photos_captured']} of {status['photos']} captured",
        f"Attachments   {status['attachments_captured']} of {status['attachments']} captured",
        f"Captures      {status['captures']} in {status['runs']} runs",
        f"No article    {_counted(status['refusals'])}",
    ]
    if waiting:
        lines.append(f"Frontier      {', '.join(f'{count} {state}' for state, count in sorted(waiting.items()))}")
    if run:
        lines.append(f"Last run      {run['id']}, {run['started_at'][:19]}Z, {run['outcome']}, {run['new']} new")
    lines += [f"Source        {safe(source['name'])}: {safe(source['notice'])}" for source in status["sources"]]
    lines.append("Categories")
    lines += [f"  {count:6d}  {safe(name)}" for name, count in status["categories"].items()]
    return "\n".join(lines)
