"""One request: tried again where that is worth it, never faster than the delay, kept as it came."""

import itertools
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest
from fake_site import Clock, FakeSite, Page, Reply
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.records import Role
from archive.warc import Exchange
from scraper.captured import DISCONNECT, LENGTH, TIME, UNSPECIFIED
from scraper.fetch import FailureReason, Fetcher, FetchFailure, Limits, World, trust
from scraper.pace import PaceSettings, retry_after
from scraper.resolve import is_public
from scraper.watch import Patience

NOW = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
TLS = trust(None)
OK = Reply("<p>tốt</p>")


class Asking:
    """A fetcher of a fake site, with what it did."""

    def __init__(self, page: Page, *, delay: float = 0.0, limits: Limits | None = None) -> None:
        self.site, self.clock = FakeSite(pages={"/a": page}), Clock()
        self.fetcher = Fetcher(
            user_agent="susta-archive/9 (site archive; archive@example.org)",
            limits=limits or Limits(),
            world=self.site.world(self.clock),
            private_hosts=frozenset(),
            tls=TLS,
            pace=PaceSettings(delay),
        )

    def fetch(self, target: str = "a", role: Role = Role.PAGE) -> Exchange | FetchFailure:
        try:
            return self.fetcher.fetch(self.site.base + target, role)
        finally:
            self.fetcher.close()

    @property
    def tries(self) -> int:
        return len(self.site.asked)


def at_first(trouble: Page, *, times: int = 1) -> Callable[[int], Page]:
    """Trouble at the first visits, then a page."""
    return lambda visit: trouble if visit <= times else OK


def refused() -> httpx.ConnectError:
    return httpx.ConnectError("[Errno 111] Connection refused")


# Tries


@pytest.mark.parametrize(
    "trouble",
    [
        *(Reply("", status) for status in (408, 425, 429, 500, 502, 503, 504)),
        httpx.ReadTimeout("timed out"),
        httpx.ConnectTimeout("timed out"),
        refused(),
        httpx.ReadError("reset by peer"),
        httpx.RemoteProtocolError("illegal status line"),
        Reply(""),
    ],
    ids=repr,
)
def test_trouble_that_may_pass_is_worth_another_try(trouble: Page) -> None:
    asking = Asking(at_first(trouble))
    answer = asking.fetch()
    assert isinstance(answer, Exchange)
    assert (answer.status, asking.tries) == (200, 2)


@pytest.mark.parametrize("status", [200, 204, 301, 304, 401, 403, 404, 410, 501])
def test_an_answer_is_not_asked_for_again(status: int) -> None:
    asking = Asking(Reply("x", status))
    answer = asking.fetch()
    assert isinstance(answer, Exchange)
    assert (answer.status, asking.tries, asking.clock.pauses) == (status, 1, [])


@pytest.mark.parametrize("role", [Role.MEDIA, Role.ROBOTS])
def test_only_an_empty_page_is_asked_for_again(role: Role) -> None:
    asking = Asking(Reply(""))
    asking.fetch(role=role)
    assert asking.tries == 1


@pytest.mark.parametrize("attempts", [1, 2, 5])
def test_tries_end_and_the_last_answer_counts(attempts: int) -> None:
    asking = Asking(Reply("down", 503), limits=Limits(attempts=attempts))
    answer = asking.fetch()
    assert isinstance(answer, Exchange)
    assert (answer.status, answer.body, asking.tries) == (503, b"down", attempts)
    assert len(asking.clock.pauses) == attempts - 1


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (httpx.ReadTimeout("timed out"), FailureReason.TIMEOUT),
        (httpx.PoolTimeout("timed out"), FailureReason.TIMEOUT),
        (refused(), FailureReason.CONNECT),
        (httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed"), FailureReason.TLS),
        (ssl.SSLError("handshake failure"), FailureReason.TLS),
        (httpx.RemoteProtocolError("peer closed connection"), FailureReason.BROKEN),
        (httpx.ReadError("reset"), FailureReason.BROKEN),
        (OSError("no route"), FailureReason.BROKEN),
    ],
)
def test_no_answer_is_a_value_with_its_reason(error: Exception, reason: FailureReason) -> None:
    failure = Asking(error).fetch()
    assert isinstance(failure, FetchFailure)
    assert (failure.reason, failure.url) == (reason, "http://susta.test/a")
    assert failure.at.endswith("Z")
    assert failure.detail


def test_a_bad_certificate_is_not_tried_again() -> None:
    asking = Asking(httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED]"))
    asking.fetch()
    assert asking.tries == 1


# Pauses


@pytest.mark.parametrize("delay", [0.5, 20.0])
@pytest.mark.parametrize(
    "trouble", [Reply("", 503), Reply("", 429, headers=(("Retry-After", "0"),)), Reply(""), refused()]
)
def test_a_new_try_never_comes_sooner_than_the_delay(trouble: Page, delay: float) -> None:
    asking = Asking(trouble, delay=delay, limits=Limits(attempts=6))
    asking.fetch()
    assert len(asking.clock.pauses) == 5
    assert min(asking.clock.pauses) >= delay


@pytest.mark.parametrize(
    ("asked", "least", "most"),
    [
        ("7", 7, 7),
        ("0", 0, 30),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90, 90),
        ("120", 120, 120),
        (format_datetime(NOW - timedelta(days=1), usegmt=True), 0, 30),
        ("soon", 0, 30),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_honoured(status: int, asked: str, least: float, most: float) -> None:
    asking = Asking(at_first(Reply("", status, headers=(("Retry-After", asked),))))
    asking.fetch()
    (pause,) = asking.clock.pauses
    assert least <= pause <= most


@pytest.mark.parametrize("asked", ["121", "100000", format_datetime(NOW + timedelta(days=30), usegmt=True)])
def test_when_retry_after_asks_for_more_than_a_run_may_wait_the_host_is_left_alone(asked: str) -> None:
    asking = Asking(Reply("down", 503, headers=(("Retry-After", asked),)), limits=Limits(max_retry_wait=120))
    answer = asking.fetch()
    assert isinstance(answer, Exchange)
    assert (answer.status, asking.tries, asking.clock.pauses) == (503, 1, [])
    assert asking.fetcher.pace.not_before > asking.clock.seconds() + 120


def test_retry_after_holds_when_the_delay_is_longer() -> None:
    asking = Asking(at_first(Reply("", 503, headers=(("Retry-After", "2"),))), delay=10)
    asking.fetch()
    assert asking.clock.pauses[0] >= 10


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0), ("120", 120.0), (" 5 ", 5.0), ("1.5", 1.5),
        ("Mon, 05 Jan 2026 02:00:30 GMT", 30.0), ("Monday, 05-Jan-26 02:00:30 GMT", 30.0),
        ("Sun, 04 Jan 2026 02:00:00 GMT", 0.0),
        ("Mon Jan  5 02:00:30 2026", 30.0), ("05 Jan 2026 02:00:30", 30.0), ("Mon, 05 Jan 2026 02:00:30 -0000", 30.0),
        ("Mon, 05 Jan 2026 09:00:30 +0700", 30.0),
        ("60, 60", 60.0), ("60,120", 120.0), ("Mon, 05 Jan 2026 02:00:30 GMT, 20", 30.0), ("later, 60", 60.0),
        ("monday, 05-Jan-26 02:00:30 GMT,Mon Jan  5 02:01:30 2026", 90.0), (",", None), (",7,", 7.0),
        ("999999999", 604800.0), ("Tue, 05 Jan 2027 02:00:00 GMT", 604800.0),
        ("", None), (None, None), ("-5", None), ("later", None), ("12abc", None),
    ],
)  # fmt: skip
def test_retry_after_is_seconds_or_a_date_or_several_of_them(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


def test_a_retry_after_that_was_sent_twice_asks_for_the_longer_wait() -> None:
    headers = (("Retry-After", "7"), ("retry-after", "Mon Jan  5 02:01:30 2026"))
    asking = Asking(at_first(Reply("", 503, headers=headers)))
    asking.fetch()
    assert asking.clock.pauses == [90]


@settings(deadline=None, database=None, max_examples=60)
@given(st.text(max_size=40))
def test_any_retry_after_is_a_wait_or_nothing(value: str) -> None:
    seconds = retry_after(value, NOW)
    assert seconds is None or seconds >= 0


# Limits


def endless(chunk: bytes = b"x" * 1000) -> Iterator[bytes]:
    return itertools.repeat(chunk)


@pytest.mark.parametrize("role", [Role.PAGE, Role.MEDIA, Role.ROBOTS])
def test_a_body_is_cut_at_the_limit_of_its_role_while_it_is_read(role: Role) -> None:
    asking = Asking(Reply(stream=endless()), limits=Limits(max_bytes={role: 12_345}))
    answer = asking.fetch(role=role)
    assert isinstance(answer, Exchange)
    assert (len(answer.body), answer.truncated, asking.tries) == (12_345, LENGTH, 1)


@pytest.mark.parametrize(("size", "truncated"), [(999, False), (1000, False), (1001, True)])
def test_a_body_of_just_the_limit_is_whole(size: int, truncated: bool) -> None:
    answer = Asking(Reply(b"x" * size), limits=Limits(max_bytes={Role.PAGE: 1000})).fetch()
    assert isinstance(answer, Exchange)
    assert (len(answer.body), answer.truncated) == (min(size, 1000), LENGTH if truncated else "")


def test_a_body_that_drips_ends_at_the_total_time() -> None:
    asking = Asking(OK, limits=Limits(Patience(total=60), attempts=1))

    def dripping() -> Iterator[bytes]:
        while True:
            asking.clock.pause(1.0)
            yield b"."

    asking.site.pages["/a"] = Reply(stream=dripping())
    answer = asking.fetch()
    assert isinstance(answer, Exchange)
    assert (answer.truncated, set(answer.body)) == (TIME, set(b"."))
    assert 60 <= sum(asking.clock.pauses) <= 62


# Bodies that break off


def breaking(*chunks: bytes, error: Exception) -> Page:
    """A body that comes as far as this, at each visit anew."""

    def stream() -> Iterator[bytes]:
        yield from chunks
        raise error

    return lambda _: Reply(stream=stream())


GONE = httpx.RemoteProtocolError("peer closed connection without sending complete message body")


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (GONE, DISCONNECT),
        (httpx.ReadError("reset by peer"), DISCONNECT),
        (httpx.ReadTimeout("nothing came for 30 s"), TIME),
        (httpx.RemoteProtocolError("illegal chunk header"), UNSPECIFIED),
    ],
)
def test_a_body_that_breaks_off_is_kept_as_far_as_it_came_and_asked_for_again(error: Exception, why: str) -> None:
    asking = Asking(breaking(b"<p>ha", b"lf", error=error))
    answer = asking.fetch()
    assert isinstance(answer, Exchange)
    assert (answer.body, answer.truncated, asking.tries) == (b"<p>half", why, 3)


def test_without_one_byte_of_body_there_is_no_answer() -> None:
    failure = Asking(breaking(error=GONE)).fetch()
    assert isinstance(failure, FetchFailure)
    assert failure.reason is FailureReason.BROKEN


def test_a_missing_page_is_missing_however_its_body_ends() -> None:
    def stream() -> Iterator[bytes]:
        yield b"<p>Kh"
        raise GONE

    asking = Asking(lambda _: Reply(status=404, stream=stream()))
    answer = asking.fetch()
    assert isinstance(answer, Exchange)
    assert (answer.status, answer.truncated, asking.tries) == (404, DISCONNECT, 1)


PART = breaking(b"part", error=GONE)


@pytest.mark.parametrize(
    ("tries", "best"),
    [
        ((PART, OK), b"<p>t"),
        ((refused(), PART, refused()), b"part"),
        ((PART, Reply("down", 503), Reply("down", 503)), b"part"),
        ((refused(), Reply("down", 503), refused()), b"down"),
        ((Reply(""), PART, Reply("")), b"part"),
    ],
)
def test_the_best_answer_counts(tries: tuple[Page, ...], best: bytes) -> None:
    def answering(visit: int) -> Page:
        page = tries[visit - 1]
        return page(visit) if callable(page) else page

    answer = Asking(answering).fetch()
    assert isinstance(answer, Exchange)
    assert answer.body.startswith(best)


# The wish to stop


def test_a_wish_to_stop_is_honoured_before_the_first_try() -> None:
    asking = Asking(OK)
    asking.clock.stop = True
    failure = asking.fetch()
    assert isinstance(failure, FetchFailure)
    assert (failure.reason, asking.tries) == (FailureReason.STOPPED, 0)


def test_a_wish_to_stop_is_honoured_between_tries() -> None:
    asking = Asking(OK, limits=Limits(attempts=9))

    def stopping(visit: int) -> Page:
        asking.clock.stop = visit == 2
        return Reply("", 503)

    asking.site.pages["/a"] = stopping
    failure = asking.fetch()
    assert isinstance(failure, FetchFailure)
    assert (failure.reason, asking.tries) == (FailureReason.STOPPED, 2)


def test_a_wish_to_stop_is_honoured_while_reading() -> None:
    asking = Asking(OK)

    def stopping() -> Iterator[bytes]:
        yield b"x"
        asking.clock.stop = True
        yield from endless()

    asking.site.pages["/a"] = Reply(stream=stopping())
    failure = asking.fetch()
    assert isinstance(failure, FetchFailure)
    assert failure.reason is FailureReason.STOPPED


# What goes out, what is kept


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    asking = Asking(Reply("", 302, headers=(("Location", "http://elsewhere.test/"),)))
    answer = asking.fetch()
    assert isinstance(answer, Exchange)
    assert (answer.status, answer.header("location")) == (302, "http://elsewhere.test/")
    assert asking.site.asked == ["http://susta.test/a"]


def test_the_request_says_who_asks_and_nothing_else() -> None:
    asking = Asking(OK)
    asking.fetch("a?b=%C3%A0")
    (request,) = asking.site.requests
    assert {name.lower(): value for name, value in request.headers.items()} == {
        "host": "susta.test",
        "user-agent": "susta-archive/9 (site archive; archive@example.org)",
        "accept": "text/html,application/xhtml+xml,*/*;q=0.8",
        "accept-language": "vi,en;q=0.5",
        "accept-encoding": "gzip, deflate",
        "connection": "keep-alive",
    }
    assert (request.method, request.url.raw_path) == ("GET", b"/a?b=%C3%A0")


def test_pictures_and_files_are_asked_for_without_a_coding() -> None:
    asking = Asking(OK)
    asking.fetch(role=Role.MEDIA)
    assert asking.site.requests[0].headers["accept-encoding"] == "identity"


def test_no_cookie_is_ever_sent_back() -> None:
    asking = Asking(at_first(Reply("", 503, headers=(("Set-Cookie", "ASP.NET_SessionId=1; Path=/"),))))
    asking.fetch()
    assert asking.tries == 2
    assert all("cookie" not in request.headers for request in asking.site.requests)


def test_the_request_is_kept_as_it_was_sent() -> None:
    answer = Asking(OK).fetch("a?b=1")
    assert isinstance(answer, Exchange)
    lines = answer.request_head.split(b"\r\n")
    assert lines[0] == b"GET /a?b=1 HTTP/1.1"
    assert b"Host: susta.test" in lines
    assert any(line.startswith(b"User-Agent: susta-archive/9") for line in lines)
    assert b"192.0.2.1" not in answer.request_head
    assert (answer.ip, answer.url) == ("192.0.2.1", "http://susta.test/a?b=1")


class WireServer:
    """Answers each connection on loopback with the bytes given, and keeps what it was sent."""

    def __init__(self, answer: bytes) -> None:
        self._answer, self.received = answer, b""
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        connection, _ = self._socket.accept()
        with connection:
            while b"\r\n\r\n" not in self.received:
                self.received += connection.recv(65536)
            connection.sendall(self._answer)

    def __enter__(self) -> "WireServer":
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join()
        self._socket.close()


def fetch_over_the_wire(answer: bytes) -> tuple[Exchange, bytes]:
    with WireServer(answer) as server:
        host = f"127.0.0.1:{server.port}"
        world = World(pause=lambda _: False, stopped=lambda: False)
        fetcher = Fetcher(
            user_agent="a/1",
            limits=Limits(Patience(5, 5, 5, 5)),
            world=world,
            private_hosts=frozenset((host,)),
            tls=TLS,
        )
        exchange = fetcher.fetch(f"http://{host}/a", Role.PAGE)
        fetcher.close()
    assert isinstance(exchange, Exchange)
    return exchange, server.received


def test_the_answer_is_kept_as_it_was_sent() -> None:
    head = (
        b"HTTP/1.1 200 T\xe1\xbb\x91t\r\nCONTENT-type: text/html\r\nSet-Cookie: a=1\r\nX-Odd:  two\tspaces\r\n"
        b"set-cookie: b=2\r\nContent-Encoding: gzip\r\nContent-Length: 3"
    )
    exchange, received = fetch_over_the_wire(head + b"\r\n\r\nabc")
    kept = exchange.response_head.split(b"\r\n")
    sent = head.split(b"\r\n")
    assert [line.partition(b":")[0] for line in kept[1:]] == [line.partition(b":")[0] for line in sent[1:]]
    assert kept[0] == sent[0]
    assert [value for name, value in exchange.headers if name.lower() == "set-cookie"] == ["a=1", "b=2"]
    assert exchange.body == b"abc"
    assert set(exchange.request_head.split(b"\r\n")) == set(received.split(b"\r\n")) - {b""}


def test_a_chunked_answer_is_kept_whole_and_its_transfer_header_renamed() -> None:
    exchange, _ = fetch_over_the_wire(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/html\r\n\r\n"
        b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    )
    assert exchange.body == b"abcde"
    assert [name for name, _ in exchange.headers] == ["X-Archive-Orig-Transfer-Encoding", "Content-Type"]


# Private addresses


def fetch_at(addresses: dict[str, list[str]], url: str, private_hosts: frozenset[str] = frozenset()) -> FetchFailure:
    """What comes of an address whose host is where these say."""
    world = World(
        pause=lambda _: False, stopped=lambda: False, resolver=lambda name, _: addresses.get(name) or [name.strip("[]")]
    )
    fetcher = Fetcher(
        user_agent="a",
        limits=Limits(Patience(1, 1, 1, 1), attempts=1),
        world=world,
        private_hosts=private_hosts,
        tls=TLS,
    )
    failure = fetcher.fetch(url, Role.PAGE)
    fetcher.close()
    assert isinstance(failure, FetchFailure)
    return failure


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "10.0.0.1", "192.168.1.1", "172.16.0.9", "169.254.169.254", "0.0.0.0", "100.64.0.1",
        "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1",
        "2002:7f00:1::1", "2002:c0a8:101::1", "2001::1",
    ],
)  # fmt: skip
def test_a_name_that_leads_to_a_private_address_is_not_asked(address: str) -> None:
    failure = fetch_at({"trong.test": [address]}, "http://trong.test/")
    assert failure.reason is FailureReason.BLOCKED_ADDRESS
    assert address in failure.detail


@pytest.mark.parametrize("address", ["103.1.2.3", "2001:ee0:4f00::1", "::ffff:103.1.2.3", "64:ff9b::6701:203"])
def test_a_public_address_is_one_in_any_clothes(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.1", "2130706433", "[::1]:80"])
def test_a_private_address_is_refused_however_it_is_written(host: str) -> None:
    world = World(pause=lambda _: False, stopped=lambda: False)
    fetcher = Fetcher(user_agent="a", limits=Limits(attempts=1), world=world, private_hosts=frozenset(), tls=TLS)
    failure = fetcher.fetch(f"http://{host}/", Role.PAGE)
    assert isinstance(failure, FetchFailure)
    assert failure.reason in (FailureReason.BLOCKED_ADDRESS, FailureReason.DNS)


def test_a_start_host_may_be_private_and_opens_no_other_port() -> None:
    private = frozenset(("127.0.0.1:1",))  # nobody listens there
    assert fetch_at({}, "http://127.0.0.1:1/", private).reason is FailureReason.CONNECT
    assert fetch_at({}, "http://127.0.0.1:2/", private).reason is FailureReason.BLOCKED_ADDRESS


def test_when_one_address_of_a_host_refuses_the_next_is_tried() -> None:
    with WireServer(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok") as server:
        host = f"hai.test:{server.port}"
        world = World(pause=lambda _: False, stopped=lambda: False, resolver=lambda *_: ["127.0.0.2", "127.0.0.1"])
        fetcher = Fetcher(
            user_agent="a", limits=Limits(attempts=1), world=world, private_hosts=frozenset((host,)), tls=TLS
        )
        answer = fetcher.fetch(f"http://{host}/a", Role.PAGE)
        fetcher.close()
    assert isinstance(answer, Exchange)
    assert (answer.ip, answer.body) == ("127.0.0.1", b"ok")
    assert f"Host: {host}\r\n".encode() in server.received
