"""Why an address was or was not fetched: what the frontier, the archive and the rules say of it. Reads only.

    spelled as the crawl spells it ─► known to the frontier?  its state says why
                                   └► not known: out of scope? never followed? forbidden? a trap? else never found

Every address gets one verdict, one sentence, and what to do about it.
"""

from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from archive.errors import ArchiveUnusable, ConfigError
from archive.trail import Behind, Caught, Trail, Trails
from scraper.addresses import Kind, State
from scraper.config import Config
from scraper.frontier_view import Known, closed_traps, known, opened, repeating
from scraper.robots import read_rules
from scraper.robots_rule import rule_against
from scraper.starts import scope_of
from scraper.urls import Scope, family_of, host_of, media_address, page_address, pattern_of, site_id_of, why_never
from scraper.why_links import unfollowed_link
from scraper.why_words import NEVER, describe_capture, describe_due, describe_failure


class Verdict(StrEnum):
    FETCHED = "fetched"
    FAILED = "failed"
    WAITING = "waiting"
    BEING_ASKED = "being-asked"
    ROBOTS = "robots"
    TRAP = "trap"
    OUT_OF_SCOPE = "out-of-scope"
    NEVER_FOLLOWED = "never-followed"
    NEVER_FOUND = "never-found"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Why:
    """The answer. `said` is why, `advice` what to do about it ("" where nothing need be done); `due` says when a
    fetched page is asked for again, and why then. `trap` and `rule` are what the verdict rests on."""

    asked: str
    url: str
    verdict: Verdict
    said: str
    advice: str = ""
    due: str = ""
    trap: str | None = None
    rule: str | None = None
    frontier: Known | None = None
    article: Behind | None = None
    captures: tuple[Caught, ...] = ()
    captures_altogether: int = 0
    in_articles: tuple[str, ...] = ()


def why(url: str, config: Config, folder: Path, now: datetime) -> Why:
    """Why an address was or was not fetched. Raises ConfigError when it is none, ArchiveUnusable without an archive."""
    with closing(Trails(folder)) as trails:
        starts = tuple(dict.fromkeys((*config.site.start_urls, *trails.last_starts())))
        scope = scope_of(config, starts)
        spellings = _spellings(url, scope)
        with opened(folder) as db:
            row = known(db, spellings) if db is not None else None
            repeats = repeating(db, pattern_of(spellings[0])) if db is not None else None
        trail = trails.trail(spellings)
        found = row.url if row else trail.captures[0].url if trail.captures else spellings[0]
        asked = _Asked(found, scope, trails, trail, closed_traps(folder), now, repeats)
        answer = asked.of_withdrawn(spellings) or (asked.of_known(row) if row else asked.of_unknown())
    return replace(
        answer,
        asked=url,
        frontier=row,
        article=trail.article,
        captures=tuple(trail.captures),
        captures_altogether=trail.captures_altogether,
        in_articles=tuple(trail.picture_of),
    )


def _spellings(url: str, scope: Scope) -> tuple[str, ...]:
    """The ways a crawl may have written an address: as a page, at each spelling of a start host, and as a file."""
    page, media = page_address(url, "", scope), media_address(url, "")
    if page is None or media is None:
        raise ConfigError(f"{url} is no whole http(s) address, such as https://susta.vn/tin-tuc/bai-1")
    plain = page_address(url, "") or page
    rest = plain.split("/", 3)[3]
    home = scope.home_of(plain)
    elsewhere = (f"{spelling}/{rest}" for spelling, stands_for in scope.homes if home and stands_for == home)
    return tuple(dict.fromkeys((page, plain, *elsewhere, media)))


@dataclass(frozen=True, slots=True)
class _Asked:
    """One address in its spelling, with what there is to judge it by."""

    url: str
    scope: Scope
    trails: Trails
    trail: Trail
    traps: dict[str, float]
    now: datetime
    repeats: str | None = None  # a page of its family that led where others do

    def _why(self, verdict: Verdict, said: str, advice: str = "", **more: str | None) -> Why:
        return Why(self.url, self.url, verdict, said, advice, **more)  # type: ignore[arg-type]

    def of_withdrawn(self, spellings: tuple[str, ...]) -> Why | None:
        """Its article was withdrawn from the archive: that is why, whatever the crawl knows of it."""
        stone = self.trails.withdrawn(spellings)
        if stone is None:
            return None
        said = f"Its article (id {stone.article_id}) was {stone.said}. The crawl does not ask for it any more."
        return self._why(Verdict.WITHDRAWN, said)

    def of_known(self, row: Known) -> Why:
        """The frontier knows it: its state says why."""
        if row.state is State.DONE:
            return replace(self.fetched(), due=describe_due(row, self.trail, self.now))
        if row.state is State.FAILED:
            said = describe_failure(row.reason, row.last_status, self.trail)
            return self._why(Verdict.FAILED, said, "It is tried again at the next run, by itself.")
        if row.state is State.LEASED:
            return self._why(
                Verdict.BEING_ASKED,
                "It is being asked for just now, or a killed run left it so.",
                "The next run asks for it in any case.",
            )
        if row.state is State.SKIPPED:
            return self.skipped(row)
        return self.out_of_scope(row.kind is Kind.MEDIA) or self.waiting(row)

    def of_unknown(self) -> Why:
        """The frontier does not know it: captured all the same, or kept out by a rule, or never found."""
        if self.trail.captures:
            return replace(self.fetched(), due="It is not in the crawl's plan: asked for when a link to it is found.")
        media = bool(self.trail.picture_of)
        return (
            self.out_of_scope(media)
            or (None if media else self.never_followed())
            or self.forbidden()
            or self.trapped(pattern_of(self.url), family_of(self.url), "trap")
            or self.beyond_the_end()
            or (None if media else self.marked())
            or self.never_found(media)
        )

    def marked(self) -> Why | None:
        """A page links it, and says that links are not to be followed."""
        found = unfollowed_link(self.trails, self.url, self.scope)
        if found is None:
            return None
        page, how = found
        what = "with the mark nofollow" if how == "link" else "and asks for none of its links to be followed (nofollow)"
        return self._why(
            Verdict.NEVER_FOLLOWED,
            f"{page} links it {what}; no other page fetched so far does without that.",
            f"To have it asked for all the same: susta crawl {self.url}",
            rule="nofollow",
        )

    def beyond_the_end(self) -> Why | None:
        """A further page of a listing, or of a calendar, that was left where its pages led nowhere new."""
        if self.repeats is None or site_id_of(self.url) is not None:
            return None
        return self._why(
            Verdict.TRAP,
            f"Pages like it are not followed further: {self.repeats} led exactly where others of them do, the mark of"
            " the end of a list, or of one without end.",
            f"To have this one asked for all the same: susta crawl {self.url}",
            trap=pattern_of(self.url),
        )

    def fetched(self) -> Why:
        said, advice = describe_capture(self.trail)
        return self._why(Verdict.FETCHED, said, advice)

    def waiting(self, row: Known) -> Why:
        since = datetime.fromtimestamp(row.found_at, UTC).strftime("%Y-%m-%d %H:%M")
        where = "it is a start address" if row.found_on == "start" else f"found on {row.found_on}"
        ahead = f"{row.ahead} addresses of {row.host} go before it" if row.ahead else f"it is the next of {row.host}"
        return self._why(
            Verdict.WAITING, f"It waits to be asked for as {row.kind}, known since {since} UTC ({where}); {ahead}.",
            "`susta crawl` asks for it.",
        )  # fmt: skip

    def trapped(self, pattern: str, family: str | None, reason: str | None) -> Why | None:
        name = next((each for each in (pattern, family) if each in self.traps), None)
        if name is None or reason != "trap":
            return None
        day = datetime.fromtimestamp(self.traps[name], UTC).strftime("%Y-%m-%d")
        return self._why(
            Verdict.TRAP,
            f"It belongs to a family of addresses that was closed as a trap on {day}, since so many fetches in a row"
            f" brought no new article and no link to one: {name}",
            f"If it is none, open it again: susta crawl --reopen '{name}'",
            trap=name,
        )

    def out_of_scope(self, media: bool) -> Why | None:
        host = host_of(self.url)
        if self.scope.allows_page(self.url) or (media and self.scope.allows_media(self.url)):
            return None
        besides = ""
        if self.scope.allows_media(self.url):
            besides = " Its host is one of [site] media_hosts: only pictures and files of articles are fetched there."
        setting = "media_hosts" if media else "allowed_hosts"
        return self._why(
            Verdict.OUT_OF_SCOPE,
            f"Its host {host} is neither that of a start address nor an allowed one.{besides}",
            f'To have it crawled, put "{host}" into [site] {setting} of the config. A host is a name with its port.',
        )

    def never_followed(self) -> Why | None:
        found = why_never(self.url)
        if found is None:
            return None
        rule, mark = found
        return self._why(
            Verdict.NEVER_FOLLOWED,
            f"Links to such addresses are never followed: {NEVER[rule]} ({mark}).",
            f"To have this one asked for all the same: susta crawl {self.url}" if rule != "file" else "",
            rule=rule,
        )

    def forbidden(self, *, certain: bool = False) -> Why | None:
        """What the newest robots.txt that the archive holds says; `certain` where the crawl was kept out by one."""
        host = host_of(self.url)
        advice = "The rules are asked for anew at every run, and it is asked for once they allow it."
        try:
            found = self.trails.robots(host)
        except ArchiveUnusable:
            found = None
        if found is not None:
            caught, body, coding = found
            rules = read_rules(caught.status, body, coding=coding)
            day = f"{caught.fetched_at[:10]}, capture {caught.id}"
            if not rules.reachable:
                said = f"The robots.txt of {host} could not be had ({day}: status {caught.status})"
                return self._why(Verdict.ROBOTS, f"{said}, so nothing may be asked there.", advice)
            if not rules.allows(self.url):
                line = rule_against(body, self.url, coding=coding)
                said = f"The robots.txt of {host} forbids it ({day}): {line or 'its rules taken together'}"
                return self._why(Verdict.ROBOTS, said, advice, rule=line)
        if not certain:
            return None
        said = f"A robots.txt of {host} forbade it; the newest one here no longer does." if found else (
            f"The robots.txt of {host} forbade it."
        )  # fmt: skip
        return self._why(Verdict.ROBOTS, said, advice)

    def skipped(self, row: Known) -> Why:
        if row.reason == "robots":
            return self.forbidden(certain=True) or self.waiting(row)
        return self.trapped(row.pattern, row.family, row.reason) or self._why(
            Verdict.TRAP, f"It was left out: {row.reason}.", f"To have it asked for: susta crawl {self.url}"
        )

    def never_found(self, media: bool) -> Why:
        if media:
            said = "An article shows or offers it, but it is not in the crawl's plan: fetch_media may have been off."
            return self._why(Verdict.NEVER_FOUND, said, "The next time the article is fetched, it is queued.")
        return self._why(
            Verdict.NEVER_FOUND,
            "No page fetched so far has a link to it that may be followed: none at all, or only such as are marked"
            " nofollow, stand on a page that asks for that, or are made by a script.",
            f"To have it asked for: susta crawl {self.url}",
        )
