"""What of an article stood so far on its page, and where: what is beside it, and whether it goes on. Pure."""

from scraper.extract import vocabulary as words
from scraper.extract.dates import posted_line
from scraper.extract.frame import is_byline_wording
from scraper.extract.lines import Line, LineKind, Lines
from scraper.extract.names import are_persons, bare, is_position, read_lead, with_affiliation
from scraper.extract.title import is_prose
from scraper.urls import site_id_of

LOOK_AHEAD = 300  # lines; more stand between no two parts of an article
_LINES_OF_A_POEM = 2
_LINES_OF_A_BYLINE = 3
_TITLES_OF_A_LIST = 3
_LONGEST_ASIDE = 350  # characters of a caption


class Own:
    """What of the article stood so far, and the containers that held its prose."""

    def __init__(self, page: Lines, start: int, repeated: frozenset[int]) -> None:
        self.page = page
        self._start = start
        self._repeated = repeated
        self._containers: set[int] = set()
        self.begun = False  # whether anything of the article stood so far

    def add(self, index: int, framed: frozenset[int]) -> None:
        """Takes in a line that may be the article's."""
        line = self.page.lines[index]
        self.begun = self.begun or not (index in framed or words.is_control(line.text) or posted_line(line.text))
        if is_prose(line) and index not in framed:
            self._containers.update((line.container, self.page.parents[line.container]))
            self._containers.discard(0)

    def __bool__(self) -> bool:
        return bool(self._containers)

    def holds(self, line: Line) -> bool:
        """Whether a line stands where the article's prose did."""
        return self.page.within(line, self._containers)

    def surrounds(self, index: int, framed: frozenset[int]) -> bool:
        """Whether a line stands among the article's, with one of them before it and one after. The head of a document
        says what the site's own head does."""
        lines, parents = self.page.lines, self.page.parents
        following = next((i for i in range(index + 1, len(lines)) if lines[i].kind is LineKind.TEXT), None)
        if following is None or following in framed or lines[following].linked > 0.3:
            return False
        if words.is_widget_heading(lines[following].text) or words.is_owner_line(lines[following].text):
            return False
        place = parents[lines[index].container]
        first = max(self._start, index - LOOK_AHEAD)
        before = any(parents[lines[i].container] == place for i in range(first, index))
        return place != 0 and parents[lines[following].container] == place and before

    def keeps(self, index: int, framed: frozenset[int]) -> bool:
        """Whether a line that is worded like one of the frame's is the article's all the same: prose where its prose
        stands, a sentence there that the frame says once more, or a line among its lines."""
        line = self.page.lines[index]
        return ((is_prose(line) or index in self._repeated) and self.holds(line)) or self.surrounds(index, framed)

    def ends_with(self, index: int) -> bool:
        """Whether a line stands where the article's prose did and the text below it does not: the article's last line
        rather than the heading of what follows."""
        lines = self.page.lines
        following = next((line for line in lines[index + 1 : index + 4] if line.text), None)
        if following is None or self._is_beside(index, following):
            return False
        # The lines of a poem or a list stand beside each other rather than beside prose.
        return self.holds(lines[index]) or (index > self._start and self._is_beside(index, lines[index - 1]))

    def links_apart(self, index: int) -> int | None:
        """Where a list of links ends that opens with this line: several titles of articles, and nothing else, in an
        element that holds nothing of the article. None for any other line."""
        lines = self.page.lines
        if not is_title(lines[index]) or not (index > self._start and self.begun) or is_title(lines[index - 1]):
            return None
        apart = outermost_apart(self.page, lines[index], lines[index - 1])
        if apart is None:
            return None
        after, titles = index, 0
        while after < min(len(lines), index + LOOK_AHEAD) and is_in(self.page, lines[after], apart):
            if is_title(lines[after]):
                titles += 1
            elif lines[after].kind is LineKind.TEXT and not posted_line(lines[after].text):
                break
            after += 1
        return after if titles >= _TITLES_OF_A_LIST else None

    def is_signed(self, index: int) -> bool:
        """Whether a line is worded as a byline and stands where the article's prose did."""
        lines = self.page.lines[index : index + 1]
        return bool(self) and any(self.holds(line) and is_byline_wording(line.text) for line in lines)

    def _is_beside(self, index: int, other: Line) -> bool:
        """Whether another line stands in the container that holds a line, or in the one around that, at any depth."""
        return is_in(self.page, other, self.page.parents[self.page.lines[index].container])

    def has_prose_next(self, index: int) -> bool:
        """Whether the next text is prose, where the article's prose stood."""
        following = next((line for line in self.page.lines[index + 1 : index + 3] if line.text), None)
        return following is not None and is_prose(following) and bool(self) and self.holds(following)

    def goes_on(self, index: int, after: int) -> bool:
        """Whether the article goes on, in the very container that held its prose, after something at `index` that ends
        before `after`: with prose, or with several lines of text as a poem has."""
        lines, parents = self.page.lines, self.page.parents
        beside = lines[index].container
        texts = 0
        for line in lines[after : after + LOOK_AHEAD]:
            if words.is_widget_heading(line.text):
                return False
            if line.kind is not LineKind.TEXT:
                continue
            if is_prose(line):
                return self.holds(line)
            if line.linked > 0.3 or not self.holds(line) or line.container == beside:
                return False
            texts += not (
                words.is_owner_line(line.text) or words.is_control(line.text) or posted_line(line.text) is not None
            )
            if texts >= _LINES_OF_A_POEM and parents[line.container]:
                return True
        return False

    def lines_beside(self, index: int) -> int | None:
        """Where the element ends that says it is beside the matter and holds this line but not the article's beginning;
        None when the line is in none."""
        container = self._aside_of(index)
        if not container or container == self._aside_of(self._start):
            return None
        if self.page.parents[container] in self._containers and self.page.lines[index].linked < 0.5:
            return None  # an article's own footer may hold its byline
        after = index + 1
        while after < len(self.page.lines) and self._aside_of(after) == container:
            after += 1
        own = self._is_caption(index, after, container) or self._is_byline(index, after, container)
        return None if own else after

    def _is_byline(self, index: int, after: int, container: int) -> bool:
        """Whether all that stands in an element beside the prose is its author, perhaps with an affiliation: an
        article's footer, wherever it is within it. The site's own says more."""
        while self._start < index > after - _LINES_OF_A_BYLINE - 1 and self._aside_of(index - 1) == container:
            index -= 1
        lines = self.page.lines[index:after]
        if not self or len(lines) > _LINES_OF_A_BYLINE or any(line.src or line.links or line.rows for line in lines):
            return False
        first, *below = (line.text for line in lines)
        lead = read_lead(first)
        named = are_persons(lead[0] if lead else bare(first)) or with_affiliation(first) is not None
        return named and all(map(is_position, below))

    def _is_caption(self, index: int, after: int, container: int) -> bool:
        """Whether the lines `index` to `after` are one text next to a picture that stands beside their element."""
        lines, parents = self.page.lines, self.page.parents
        if after - index > 1 or lines[index].linked > 0.3 or len(lines[index].text) > _LONGEST_ASIDE:
            return False
        beside = parents[container]
        return any(
            lines[i].kind is LineKind.PICTURE
            and not is_banner(lines[i])
            and beside in (lines[i].container, parents[lines[i].container])
            for i in (index - 1, after)
            if self._start <= i < len(lines)
        )

    def _aside_of(self, index: int) -> int:
        """The outermost element around a line that says it is beside the matter; 0 for none."""
        found, container = 0, self.page.lines[index].container
        while container:
            found = container if container in self.page.asides else found
            container = self.page.parents[container]
        return found


def is_in(page: Lines, line: Line, container: int) -> bool:
    """Whether a container holds a line, at any depth."""
    own = line.container
    while own > container:
        own = page.parents[own]
    return own == container


def outermost_apart(page: Lines, line: Line, other: Line) -> int | None:
    """The outermost container that holds a line and not another; None where there is none."""
    around, container = {0}, other.container
    while container:
        around.add(container)
        container = page.parents[container]
    apart = line.container
    if apart in around:
        return None
    while page.parents[apart] not in around:
        apart = page.parents[apart]
    return apart


def is_title(line: Line) -> bool:
    """Whether a line is nothing but a link to an article."""
    return line.linked > 0.9 and any(site_id_of(link.href) is not None for link in line.links)


def is_banner(line: Line) -> bool:
    """Whether a picture is an advert or a slider's."""
    return line.kind is LineKind.PICTURE and (not line.src or words.is_banner(line.alt))
