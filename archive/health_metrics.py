"""Health as metrics: the Prometheus text format (version 0.0.4), for the textfile collector of node_exporter."""

from archive.health import Health
from archive.health_terms import Level

_HELP = {
    "articles": "Articles on record.",
    "articles_gone": "Articles that are not on the site any more.",
    "articles_doubtful": "Articles whose record is worth a look.",
    "captures": "Responses kept.",
    "warc_bytes": "Bytes of the finished WARC files.",
    "disk_free_bytes": "Bytes that may still be written where the archive is.",
    "last_success_timestamp_seconds": "When the last good run ended.",
    "last_new_article_timestamp_seconds": "When a run last brought a new article.",
    "last_run_fetched": "Pages that the newest run fetched.",
    "last_run_new": "Articles that were new in the newest run.",
    "last_run_failed": "Addresses that could not be fetched in the newest run.",
    "last_run_start_timestamp_seconds": "When the newest run began.",
    "last_run_duration_seconds": "How long the newest run took.",
}


def metrics(health: Health, archive: str) -> str:
    """The whole file. `archive` tells several archives of one machine apart."""
    label = f'archive="{_escaped(archive)}"'
    lines = [
        "# HELP susta_health_state Worst of all rules: 0 ok, 1 warning, 2 critical, 3 unknown.",
        "# TYPE susta_health_state gauge",
        f"susta_health_state{{{label}}} {int(health.level)}",
        "# HELP susta_health_rule What each rule says: 0 ok, 1 warning, 2 critical, 3 unknown.",
        "# TYPE susta_health_rule gauge",
    ]
    lines += [f'susta_health_rule{{{label},rule="{each.rule}"}} {int(each.level)}' for each in health.findings]
    lines += [
        "# HELP susta_health_checked_timestamp_seconds When health was last looked at.",
        "# TYPE susta_health_checked_timestamp_seconds gauge",
        f"susta_health_checked_timestamp_seconds{{{label}}} {health.at.timestamp():.0f}",
    ]
    for name, value in health.figures.items() if health.level is not Level.UNKNOWN else ():
        lines += [
            f"# HELP susta_{name} {_HELP[name]}",
            f"# TYPE susta_{name} gauge",
            f"susta_{name}{{{label}}} {value:.15g}",
        ]
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    """A label's value (Prometheus exposition formats: backslash, quote and line feed)."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
