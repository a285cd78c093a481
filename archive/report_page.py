"""The report as one HTML page: no script, no request elsewhere, readable in print. Pure: facts in, markup out.

Every text from the site is escaped, and an address becomes a link only when it is http or https: a page about hostile
pages must not become one.
"""

import json
import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from archive.health import Health
from archive.records import DOUBTS
from archive.report_charts import bars, every_month, heat, lines
from archive.report_facts import Changed, Facts

_STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.5 system-ui, sans-serif; color: #1c1c1c; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin-bottom: 0; }
h2 { font-size: 1.15rem; margin-top: 2.2rem; border-bottom: 1px solid #ccc; }
p.sub, .dim { color: #555; } a { color: #1f5f8b; } code { font-size: .9em; }
.state { padding: .6rem .9rem; border-left: .4rem solid; } .state ul { margin: .3rem 0; }
.ok { border-color: #4a7c2c; background: #f1f7ec; } .warning { border-color: #c98a00; background: #fff7e0; }
.critical, .unknown { border-color: #b02318; background: #fdecea; }
table { border-collapse: collapse; font-size: .9rem; width: 100%; } th, td { text-align: left; padding: .2rem .5rem; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; } tbody tr { border-top: 1px solid #e4e4e4; }
td:first-child { white-space: nowrap; }
table.heat { font-size: .7rem; } table.heat td { text-align: center; padding: .15rem; }
table.heat th[scope=row] { white-space: nowrap; padding-left: 0; }
table.heat thead th span { writing-mode: vertical-rl; font-weight: normal; }
.h1 { background: #e3eef5; } .h2 { background: #bfd8e8; } .h3 { background: #8dbbd6; }
.h4 { background: #5596bb; color: #fff; } .h5 { background: #1f5f8b; color: #fff; }
svg.bars, svg.lines { width: 100%; height: auto; } svg text { font: 11px system-ui, sans-serif; fill: #555; }
svg.bars rect { fill: #1f5f8b; } svg.lines polyline { fill: none; stroke-width: 2; } svg .grid { stroke: #ddd; }
.legend span { margin-right: 1.2rem; font-size: .85rem; } ins { background: #d9f0d0; } del { background: #f8d7d3; }
.texts p { margin: .2rem 0 .2rem 1rem; font-size: .9rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; }
dd { margin: 0; } details { margin: .3rem 0; }
@media print { body { max-width: none; margin: 0; font-size: 11pt; } h2, h3 { break-after: avoid; }
 tr, svg, details { break-inside: avoid; } * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
"""


def page(facts: Facts, health: Health, times: Sequence[tuple[str, float]] = ()) -> str:
    """The whole page. `times` are the median seconds an answer took, by run, where a log has them."""
    title = f"Archive report, {facts.since[:10]} to {facts.until[:10]}"
    body = [
        f"<h1>{escape(title)}</h1>",
        f'<p class="sub">{_sources(facts)}</p>',
        _state(health),
        _news(facts),
        _changes(facts),
        _gone(facts),
        _doubtful(facts),
        _holdings(facts),
        _runs(facts, times),
        _care(facts),
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        f'<meta name="susta-report-until" content="{escape(facts.until)}">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>\n" + "\n".join(body) + "\n</body></html>\n"
    )


def _link(url: str, text: str) -> str:
    shown = escape(text) or escape(url)
    if not url.startswith(("http://", "https://")):
        return shown
    return f'<a href="{escape(url, quote=True)}" rel="noreferrer">{shown}</a>'


def _sources(facts: Facts) -> str:
    each = [f"{escape(row['name'])} ({escape(row['site'])}): {escape(row['notice'])}" for row in facts.sources[:1]]
    return "; ".join(each) or "No source yet."


def _state(health: Health) -> str:
    bad = [each for each in health.findings if each.level]
    rows = "".join(
        f"<li><b>{escape(each.rule)}</b>: {escape(each.reason)}<br><span class='dim'>{_advice(each.advice)}</span></li>"
        for each in sorted(bad, key=lambda each: -each.level)
    )
    words = f"<ul>{rows}</ul>" if rows else " All is well."
    return f'<div class="state {health.level.word}"><b>{health.level.name}</b>{words}</div>'


def _advice(text: str) -> str:
    """Advice with its commands, which stand between backticks, as such."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def _news(facts: Facts) -> str:
    rows = [
        (
            escape(row["date"] or "none found"),
            _link(row["url"], row["title"]),
            escape(row["byline"] or ""),
            escape(row["category"] or ""),
        )
        for row in facts.new
    ]
    more = f"<p class='dim'>and {facts.new_count - len(rows)} more</p>" if facts.new_count > len(rows) else ""
    lines_to_print = sorted({row["credit"] for row in facts.new})
    note = f"<p class='dim'>{escape('; '.join(lines_to_print))}</p>" if lines_to_print else ""
    table = _table(("day", "title", "byline", "category"), rows) if rows else "<p>None.</p>"
    return f"<h2>New: {facts.new_count} articles</h2>{table}{more}{note}"


def _changes(facts: Facts) -> str:
    if not facts.changed:
        return "<h2>Changed: none</h2>"
    parts = [f"<h2>Changed: {facts.changed_count} revisions</h2>"]
    parts += [_change(each) for each in facts.changed]
    if facts.changed_count > len(facts.changed):
        parts.append(f"<p class='dim'>and {facts.changed_count - len(facts.changed)} more</p>")
    return "".join(parts)


def _change(each: Changed) -> str:
    texts = "".join(f"<p>{_segments(text)}</p>" for text in each.texts)
    head = f"{_link(each.url, each.title)}, revision {each.number}, seen {escape(each.seen_at[:10])}: "
    head += escape(each.changed)
    return f'<details open><summary>{head}</summary><div class="texts">{texts}</div></details>'


def _segments(text: Sequence[tuple[str, str]]) -> str:
    marked = []
    for kind, words in text:
        if kind == "added":
            marked.append(f"<ins>{escape(words)}</ins>")
        elif kind == "removed":
            marked.append(f"<del>{escape(words)}</del>")
        else:  # the ends of a long stretch that is the same are enough to know where one is
            marked.append(escape(words if len(words) <= 160 else f"{words[:70]} … {words[-70:]}"))
    return "".join(marked)


def _gone(facts: Facts) -> str:
    if not facts.gone:
        return "<h2>Gone from the site, or back: none</h2>"
    rows = [
        (escape(row["at"][:10]), escape(row["type"]), _link(row["url"], row["title"] or row["url"]))
        for row in facts.gone
    ]
    return f"<h2>Gone from the site, or back</h2>{_table(('day', 'what', 'article'), rows)}"


def _doubtful(facts: Facts) -> str:
    if not facts.doubtful:
        return "<h2>Records to look at: none</h2>"
    rows = []
    for row in facts.doubtful:
        why = "; ".join(DOUBTS[doubt][1] if doubt in DOUBTS else str(doubt) for doubt in json.loads(row["doubts"]))
        rows.append((f"{row['doubt']:.0%}", str(row["id"]), _link(row["url"], row["title"]), escape(why)))
    count = facts.totals["doubtful"]
    have = "record has" if count == 1 else "records have"
    note = f"<p class='dim'>{count} {have} doubts; <code>susta review</code> lists them all.</p>"
    return f"<h2>Records to look at</h2>{_table(('doubt', 'id', 'article', 'why'), rows, right=(0, 1))}{note}"


def _holdings(facts: Facts) -> str:
    totals = facts.totals
    share = {name: _share(totals[name], totals["articles"]) for name in ("with_byline", "with_date", "doubtful")}
    photos = f"{totals['photos']:,}, captions on {_share(totals['with_caption'], totals['photos'])}"
    files = f"{totals['attachments']:,}, captured {_share(totals['attachments_captured'], totals['attachments'])}"
    listed = [
        ("Articles", f"{totals['articles']:,}, {totals['gone']:,} of them gone from the site"),
        ("Revisions", f"{totals['revisions']:,}"),
        ("Fields", f"byline {share['with_byline']}, date {share['with_date']}, doubtful {share['doubtful']}"),
        ("Photos", f"{photos}, captured {_share(totals['photos_captured'], totals['photos'])}"),
        ("Attachments", files),
        ("Captures", f"{totals['captures']:,} in {_megabytes(totals['warc_bytes'])} of WARC records"),
    ]
    names = ("byline", "date", "captions", "undoubted")
    series = {name: [row[name] for row in facts.completeness] for name in names}
    months = [row["month"] for row in facts.completeness]
    return (
        "<h2>What the archive holds</h2>"
        + _definitions(listed)
        + "<h3>Articles by month</h3>"
        + bars("Articles by month of their day", every_month(facts.by_month)[-120:])
        + "<h3>By category, and by month or year of their day</h3>"
        + (heat(facts.coverage.times, facts.coverage.counts) or "<p>None yet.</p>")
        + "<h3>Fields that were found, by the month in which articles were first seen</h3>"
        + lines("Share of articles with each field", months, series)
    )


def _runs(facts: Facts, times: Sequence[tuple[str, float]]) -> str:
    shown = list(reversed(facts.runs))
    rows = [
        (
            str(run["id"]),
            escape(run["started_at"][:16].replace("T", " ")),
            escape(run["outcome"]),
            *(f"{run[name]:,}" for name in ("fetched", "new", "changed", "unchanged", "refused", "failed")),
            _megabytes(run["bytes"]),
        )
        for run in facts.runs
    ]
    heads = ("run", "began (UTC)", "ended", "fetched", "new", "changed", "unchanged", "refused", "failed", "received")
    failures = ", ".join(f"{escape(reason)} {count}" for reason, count in facts.failures.items()) or "none"
    parts = [
        "<h2>Runs</h2>",
        bars("New and changed articles by run", [(str(run["id"]), run["new"] + run["changed"]) for run in shown]),
        "<p class='dim'>New and changed articles by run</p>",
    ]
    if any(run["failed"] for run in shown):
        parts.append(bars("Failed addresses by run", [(str(run["id"]), run["failed"]) for run in shown]))
        parts.append("<p class='dim'>Addresses that could not be fetched, by run</p>")
    if times:
        parts += [
            bars("Median seconds of an answer, by run", times, lambda value: f"{value:.2f} s"),
            "<p class='dim'>Median seconds that an answer took, by run</p>",
        ]
    parts += [
        f"<p>Failures since the last report: {failures}.</p>",
        _table(heads, rows, right=(0, 3, 4, 5, 6, 7, 8, 9)),
    ]
    return "".join(parts)


def _care(facts: Facts) -> str:
    audits = []
    for row in facts.audits:
        detail = json.loads(row["detail"])
        found = (
            ", ".join(f"{count} {code}" for code, count in dict(detail.get("found") or {}).items()) or "nothing amiss"
        )
        files = f"{detail.get('files', 0)} WARC files" + (", archive.db" if detail.get("database") else "")
        audits.append((escape(row["at"][:16].replace("T", " ")), escape(row["outcome"]), escape(files), escape(found)))
    table = _table(("when (UTC)", "outcome", "what", "found"), audits) if audits else "<p>There was none yet.</p>"
    sizes = [(month, size / 1e6) for month, size in every_month(facts.growth)[-60:]]
    size = bars("Megabytes of WARC records by month", sizes, lambda value: f"{value:,.1f}")
    return f"<h2>Audits</h2>{table}<h2>Growth: megabytes of WARC records by month</h2>{size}"


def _share(count: int, of: int) -> str:
    return f"{count / of:.0%}" if of else "none"


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"


def _definitions(rows: Iterable[tuple[str, str]]) -> str:
    return "<dl>" + "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in rows) + "</dl>"


def _table(heads: Sequence[str], rows: Iterable[Sequence[Any]], right: Sequence[int] = ()) -> str:
    """Cells are markup already; columns in `right` hold numbers."""
    kind = [' class="n"' if place in right else "" for place in range(len(heads))]
    head = "".join(f'<th scope="col"{kind[place]}>{escape(name)}</th>' for place, name in enumerate(heads))
    body = "".join(
        "<tr>" + "".join(f"<td{kind[place]}>{cell}</td>" for place, cell in enumerate(row)) + "</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
