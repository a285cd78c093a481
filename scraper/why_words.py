"""The words in which `susta why` tells rules, answers and dates. Pure."""

from datetime import UTC, datetime

from archive.records import REFUSAL_MEANINGS, RefusalReason
from archive.trail import Caught, Trail
from scraper.addresses import Kind
from scraper.fetch import FAILURE_MEANINGS, FailureReason
from scraper.frontier_view import Known

# The rules of `urls.why_never`.
NEVER: dict[str, str] = {
    "account": "it is for logging in or registering",
    "poll": "it is a poll's, and asking could vote",
    "search": "it is a search, of which there is no end",
    "sharing": "it is for sharing a page, which has its own address",
    "printing": "it is a printed view of a page, which has its own address",
    "mail": "it sends mail",
    "riddle": "it is a riddle for people",
    "cart": "it is a shopping cart",
    "administration": "it is the site's administration",
    "change": "it changes, deletes or adds something",
    "returning": "a parameter says where to go on to, as log-ins have it",
    "file": "it ends like a file, and files are fetched only as pictures or attachments of an article; none names it",
    "too-deep": "its path is deeper than any real page's",
    "loop": "its path repeats itself, the mark of a looping site",
}
_REDIRECTS = {
    "redirect-nowhere": "it redirects to what is no address",
    "redirect-out-of-scope": "it redirects to a host that may not be asked",
    "redirect-never-followed": "it redirects to an address such as links to are never followed (`susta why` says why)",
    "redirect-chain": "it redirects, as the tenth in a row, and is not followed further",
    "redirect-to-itself": "it redirects to itself",
}
# Why an answer for a picture or file was none, where the status does not say it.
_NO_FILE = {
    "empty": "the answer had no bytes",
    "page-for-file": "a page came in its place",
    "redirect": "it redirects, and what it leads to gave none yet",
    **_REDIRECTS,
}
_DAY = 86_400.0


def describe_capture(trail: Trail) -> tuple[str, str]:
    """What the newest answer of an address was and gave, and what to do about it, if anything."""
    if not trail.captures:
        return "It was fetched, but its capture is not in archive.db.", "`susta rebuild` makes archive.db anew."
    newest = trail.captures[0]
    run = f", run {newest.run}" if newest.run is not None else ""
    said = f"It answered {newest.status} on {newest.fetched_at[:19]}Z (capture {newest.id}{run})"
    if newest.role == "media":
        where = f" of {trail.picture_of[0]}" if trail.picture_of else ""
        return f"{said}: {newest.media_type or 'a file'}{where}.", ""
    if newest.location and 300 <= newest.status < 400:
        to = f"{said}, a redirect to {newest.location}"
        return to + (f": another address of {_article(trail)}." if trail.article else "."), (
            "" if trail.article else f"`susta why {newest.location}` says what came of that."
        )
    if newest.refusal is not None:
        return _refused(newest, said, trail)
    if trail.article is not None:
        return f"{said} and gave {_article(trail)}.", f"`susta show {trail.article.id}` shows it."
    return f"{said}.", ""


def _article(trail: Trail) -> str:
    article = trail.article
    assert article is not None
    times = "1 revision" if article.revisions == 1 else f"{article.revisions} revisions"
    gone = f", gone from the site since {article.gone_since[:10]}" if article.gone_since else ""
    named = f" at {article.url}, whose other address it is ({article.alias})" if article.alias else ""
    return f"article {article.id}, “{article.title}” ({times}{gone}){named}"


def _refused(newest: Caught, said: str, trail: Trail) -> tuple[str, str]:
    meaning = REFUSAL_MEANINGS[RefusalReason(newest.refusal or "")]
    detail = f" ({newest.detail})" if newest.detail and newest.detail != str(newest.status) else ""
    text = f"{said} and gave no article: {newest.refusal}, {meaning}{detail}."
    if trail.article is not None:
        text += f" What it was before stays: {_article(trail)}."
    return text, f"`susta inspect {newest.url}` shows line by line how it was read." if newest.status == 200 else ""


def describe_failure(reason: str | None, status: int | None, trail: Trail) -> str:
    """Why there is no usable answer of an address, and since when."""
    missed = trail.failures[0] if trail.failures else None
    newest = trail.captures[0] if trail.captures else None
    if missed is not None and missed.reason == reason:
        meaning = FAILURE_MEANINGS[FailureReason(reason)] if reason in list(FailureReason) else reason
        detail = f" ({missed.detail})" if missed.detail else ""
        return f"No answer could be had on {missed.failed_at[:19]}Z: {reason}, {meaning}{detail}."
    if reason == "robots-unreachable":
        return "The robots.txt of its host could not be had, so nothing may be asked there."
    if newest is not None:
        meant = REFUSAL_MEANINGS[RefusalReason(reason)] if reason in list(RefusalReason) else f"status {status}"
        return f"Its answer on {newest.fetched_at[:19]}Z cannot be taken for the page: {reason}, {meant}."
    return f"It failed: {reason or f'status {status}'}."


def describe_due(row: Known, trail: Trail, now: datetime) -> str:
    """When a fetched address is asked for again, and why then."""
    led = f"What it leads to is not asked for: {_REDIRECTS[row.reason]}." if row.reason in _REDIRECTS else ""
    if row.kind is Kind.START:
        return "Every run asks for it again: a start page."
    if row.every_run:
        listing = "the first page of a listing" if row.kind is Kind.LISTING else "a list for machines"
        return f"Every run asks for it again: {listing}."
    if row.due_at is None:
        return _never_again(row) if row.kind is Kind.MEDIA else led
    when = datetime.fromtimestamp(row.due_at, UTC).strftime("%Y-%m-%d %H:%M")
    days = f"{(row.interval or 0.0) / _DAY:.1f} days after the last time" if row.interval else "as soon as there is one"
    past = " (at the next run)" if row.due_at <= now.timestamp() else ""
    return f"{led} It is due again on {when} UTC{past}, {days}: {_changed(row, trail)}.".lstrip()


def _never_again(row: Known) -> str:
    if row.reason == "too-large":
        return "It is not asked for again: it is larger than [crawl] max_media_megabytes, and kept as far as that."
    return "It is not asked for again: captured once is enough."


def _changed(row: Known, trail: Trail) -> str:
    """What the interval rests on."""
    if row.reason == "absent":
        return "it was not there, and is looked for again"
    if row.kind is Kind.MEDIA:
        what = _NO_FILE.get(row.reason or "", f"it answered {row.last_status}")
        return f"no file came ({what}), so that it is tried again, ever more rarely"
    if row.reason in _REDIRECTS:
        return "where it leads may change, and it is tried again, ever more rarely"
    if row.reason == "http-status":
        return f"it answered {row.last_status}, an error that may pass, and is tried again, ever more rarely"
    articles = [caught for caught in trail.captures if caught.article_id is not None]
    if not articles:
        return "the interval of pages that are no articles, which grows while they bring nothing new"
    if len(articles) == 1:
        return "the first interval of an article"
    if articles[0].revision is not None:
        return "it had changed, so that the interval shrank by a fifth"
    return "it had not changed, so that the interval grew by half"
