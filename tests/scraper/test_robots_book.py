"""robots.txt is asked for once a day, its redirects are followed within the scope, and without it nothing is asked."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from archive.records import Role
from archive.warc import Exchange
from scraper.fetch import FailureReason, FetchFailure
from scraper.robots_book import RobotsBook

Answer = tuple[int, str] | FailureReason
FORBIDDING = (200, "User-agent: *\nDisallow: /a")


class Asking:
    """A book over a net of answers: a status with a body, or with a location."""

    def __init__(self, answers: dict[str, Answer], may_ask: Callable[[str], bool] = lambda _: False) -> None:
        self.answers, self.asked, self.now = answers, list[str](), 0.0
        self.book = RobotsBook(self._ask, may_ask, lambda: self.now)

    def _ask(self, url: str) -> Exchange | FetchFailure:
        self.asked.append(url)
        answer = self.answers.get(url, (404, ""))
        if isinstance(answer, FailureReason):
            return FetchFailure(url, answer, "why", "")
        status, text = answer
        head = f"HTTP/1.1 {status} x" + (f"\r\nLocation: {text}" if 300 <= status < 400 else "")
        return Exchange(url, "", Role.ROBOTS, status, b"", head.encode(), text.encode())

    def allows(self, url: str) -> bool:
        return self.book.look_up(url).rules.allows(url)


ROBOTS = "http://a.test/robots.txt"


def chain(length: int) -> dict[str, Answer]:
    """So many redirects, then rules."""
    hops = [ROBOTS, *(f"http://a.test/{number}" for number in range(length))]
    return {**{hop: (301, target) for hop, target in pairwise(hops)}, hops[-1]: FORBIDDING}


def test_five_redirects_are_followed() -> None:
    asking = Asking(chain(5))
    assert [asking.allows(f"http://a.test/{path}") for path in "ab"] == [False, True]
    assert len(asking.asked) == 6


def test_after_more_than_five_redirects_nothing_is_asked_for() -> None:
    asking = Asking(chain(6))
    assert not asking.allows("http://a.test/b")
    assert len(asking.asked) == 6


def test_redirects_in_a_circle_end() -> None:
    asking = Asking({ROBOTS: (302, "/robots.txt")})
    assert not asking.allows("http://a.test/b")
    assert len(asking.asked) == 6


@pytest.mark.parametrize(
    "target", ["http://www.a.test/robots.txt", "https://a.test/robots.txt", "//www.a.test/robots.txt"]
)
def test_a_redirect_to_another_spelling_of_the_host_is_followed(target: str) -> None:
    whole = target if "://" in target else f"http:{target}"
    asking = Asking({ROBOTS: (301, target), whole: FORBIDDING}, may_ask=lambda url: "a.test" in url)
    assert [asking.allows(f"http://a.test/{path}") for path in "ab"] == [False, True]
    assert asking.asked == [ROBOTS, whole]


def test_rules_found_on_the_way_hold_for_their_own_host_too() -> None:
    asking = Asking({ROBOTS: (301, "https://a.test/robots.txt"), "https://a.test/robots.txt": FORBIDDING})
    assert not asking.allows("http://a.test/a")
    assert not asking.allows("https://a.test/a")
    assert len(asking.asked) == 2


@pytest.mark.parametrize(
    "target", ["http://other.test/robots.txt", "http://a.test:8080/robots.txt", "http://127.0.0.1/robots.txt",
               "file:///etc/passwd", "javascript:alert(1)", "http://[", "https:///x"],
)  # fmt: skip
def test_a_redirect_beyond_the_scope_is_not_followed_and_the_host_is_left_alone(target: str) -> None:
    asking = Asking({ROBOTS: (302, target)})
    rules = asking.book.look_up("http://a.test/b").rules
    assert not rules.reachable
    assert target[:200] in rules.detail
    assert asking.asked == [ROBOTS]


@pytest.mark.parametrize("answer", [(500, ""), (503, ""), (429, ""), (301, ""), (304, ""), *list(FailureReason)])
def test_without_robots_txt_nothing_is_asked_for(answer: Answer) -> None:
    asking = Asking({ROBOTS: answer})
    assert not asking.allows("http://a.test/b")


def test_schemes_and_ports_have_rules_of_their_own() -> None:
    asking = Asking({ROBOTS: FORBIDDING})
    assert [asking.allows(f"{origin}/a") for origin in ("http://a.test", "https://a.test", "http://a.test:81")] == [
        False,
        True,
        True,
    ]


def test_rules_hold_for_a_day() -> None:
    asking = Asking({ROBOTS: FORBIDDING})
    for hours, requests in ((0, 1), (12, 1), (23.9, 1), (24, 2), (47, 2), (48.1, 3)):
        asking.now = hours * 3600
        assert not asking.allows("http://a.test/a")
        assert len(asking.asked) == requests


def test_a_wish_to_stop_is_no_answer_and_is_not_remembered() -> None:
    asking = Asking({ROBOTS: FailureReason.STOPPED})
    assert asking.book.look_up("http://a.test/b").stopped
    asking.answers[ROBOTS] = FORBIDDING
    assert asking.allows("http://a.test/b")
