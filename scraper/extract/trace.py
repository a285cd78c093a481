"""Why each line of a page was taken or dropped: a reading told line by line, for a person. Pure.

Nothing is decided here; what the rules found on the way (`Reading.steps`, `Reading.region`) is put into words.
"""

from dataclasses import dataclass

from archive.records import Refusal
from scraper.extract import Reading, Steps
from scraper.extract import vocabulary as words
from scraper.extract.frame import Frame
from scraper.extract.lines import Line, LineKind
from scraper.extract.region import Region
from scraper.extract.text import key

_ENDED = {
    "widget-heading": "the heading of a widget, with a widget's content below it: the article ends here",
    "frame": "a line that recurs on the site's pages: the article ends here",
    "owner": "the owner's block or the condition for reuse: the article ends here",
    "banner": "a banner of the frame: the article ends here",
    "aside": "an element that says it is beside the matter: the article ends here",
    "statistics": "visitor counts: the article ends here",
    "counter": "another view counter: the article ends here",
    "links": "titles of articles in an element of their own: the article ends here",
    "neighbours": "links to neighbouring articles: the article ends here",
}
_DROPPED = {
    "frame": "recurs on the site's pages",
    "widget-inside": "a box of related items inside the article",
    "banner": "an advert or banner, by its alternative text",
    "button": "a picture that links to another site",
}
_DEEPEST = 200


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one line of a page. `field` is the record's field it went into, None when it was dropped; `rule`
    says why. `depth` counts the containers around it."""

    number: int
    kind: str
    text: str
    field: str | None
    rule: str
    depth: int
    paragraph: int
    face: str
    links: int
    src: str


def explain(reading: Reading, frame: Frame) -> list[Fate]:
    """The fate of each line of a page that was read; empty when it was no HTML at all."""
    if reading.page is None:
        return []
    page, region = reading.page.lines, reading.region
    refusal = reading.outcome if isinstance(reading.outcome, Refusal) else None
    why = f"no article was looked for: {refusal.reason}" if refusal else ""  # without a region there is a refusal
    known = _inside(reading.steps) if reading.steps and not refusal else {}
    fates = []
    for number, line in enumerate(page.lines):
        if region is None:
            field, rule = None, why
        else:
            field, rule = known.get(number) or _outside(number, line, region, frame, refused=not known)
        fates.append(
            Fate(
                number,
                str(line.kind),
                line.text or " | ".join(" · ".join(row) for row in line.rows) or line.alt,
                field,
                rule,
                _depth(line.container, page.parents),
                line.paragraph,
                _face(line),
                len(line.links),
                line.src,
            )
        )
    return fates


def _inside(steps: Steps) -> dict[int, tuple[str | None, str]]:
    """Field and rule for the article's lines, by their number on the page."""
    pictures = steps.gallery.places
    found: dict[int, tuple[str | None, str]] = {}
    for local, place in enumerate(steps.places):
        line = steps.lines[local]
        if local in steps.repeats.lines:
            again = (None, "the title again")
            found[place] = ("kicker", "before the repeated title") if _in_kicker(steps, line) else again
        elif local in pictures:
            told = steps.gallery.told[pictures[local]]
            rule = f"a photo; caption {told.rule}" if told else "a photo, no caption"
            found[place] = (f"photos[{pictures[local]}]", rule)
        elif local in steps.gallery.captions:
            found[place] = ("photos.caption", "the caption of a photo beside it")
        elif local in steps.labels:
            found[place] = ("attachments", "nothing but links to files")
        elif steps.byline and local in steps.byline.lines:
            found[place] = ("byline", steps.byline.rule)
        elif line.kind is LineKind.PICTURE:
            found[place] = (None, "a picture without a usable address, or an icon by its size")
        else:
            found[place] = ("tables" if line.kind is LineKind.TABLE else "body", "within the article")
    return found


def _in_kicker(steps: Steps, line: Line) -> bool:
    return bool(steps.repeats.kicker) and key(line.text) in key(steps.repeats.kicker or "")


def _outside(number: int, line: Line, region: Region, frame: Frame, *, refused: bool) -> tuple[str | None, str]:
    """Field and rule for a line that is not the article's."""
    title = region.title
    if title.rule != "head-alone" and title.first <= number <= title.last:
        return ("title", f"the title: {title.rule}")
    if number == region.counter:
        return ("views", "the view counter")
    if region.posted and line.text and region.posted.evidence in line.text and number < region.end:
        return ("date", "the day the page prints beside its title")
    if number in region.dropped:
        return None, _DROPPED[region.dropped[number]]
    if region.start <= number < region.end:
        return None, "within the article's place, but the page was refused" if refused else "left out of the body"
    if number < region.start:
        return None, "before the article" + _also(line, frame)
    if number < region.cut:
        return None, "trimmed off the article's end: a control, a banner or links elsewhere" + _also(line, frame)
    if number == region.cut:
        return None, _ENDED.get(region.ended_by, "after the article")
    return None, "after the article" + _also(line, frame)


def _also(line: Line, frame: Frame) -> str:
    """What else is known of a line outside the article."""
    if frame.holds(line):
        return "; recurs on the site's pages"
    if line.kind is LineKind.TEXT and words.is_widget_heading(line.text):
        return "; worded like a widget's heading"
    return ""


def _depth(container: int, parents: list[int]) -> int:
    depth = 0
    while container and depth < _DEEPEST:
        container = parents[container]
        depth += 1
    return depth


def _face(line: Line) -> str:
    marks = [
        f"h{line.heading}" if line.heading else "",
        "bold" if line.bold else "",
        "italic" if line.italic else "",
        line.align,
        "indented" if line.indented else "",
        "list" if line.listed else "",
        "figcaption" if line.caption else "",
    ]
    return " ".join(filter(None, marks))
