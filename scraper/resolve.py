"""From a host's name to the addresses that may be connected to.

A name may lead anywhere, also to the machine the crawl runs on or to a router beside it; so what counts is the address
that is connected to, in whatever clothes it comes (RFC 6890; IPv4 within IPv6: RFC 4291 2.5.5, 6052, 3056).
"""

import ipaddress
import queue
import socket
import threading
import time
from collections.abc import Callable

Resolver = Callable[[str, int], list[str]]
"""From a name and a port to IP addresses, in the order to try them. Raises OSError or UnicodeError when it has none."""

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_NAT64_LOCAL = ipaddress.ip_network("64:ff9b:1::/48")
_IPV4_COMPATIBLE = ipaddress.ip_network("::/96")


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public network. Raises ValueError when it is no address."""
    plain = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(plain, ipaddress.IPv6Address):
        if plain in _NAT64_LOCAL:
            return False
        inner = plain.ipv4_mapped or plain.sixtofour
        if inner is None and (plain in _NAT64 or plain in _IPV4_COMPATIBLE):
            inner = ipaddress.IPv4Address(int(plain) & 0xFFFF_FFFF)
        if inner is not None:
            return is_public(str(inner))
    return plain.is_global and not plain.is_multicast


def addresses_of(name: str, port: int) -> list[str]:
    """What the system's resolver says. Raises OSError when the name has no address, UnicodeError when it is none."""
    found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def resolve_in_time(
    resolver: Resolver, name: str, port: int, seconds: float, stopped: Callable[[], bool]
) -> list[str] | None:
    """The addresses of a name; None when they did not come in time or the run was stopped. Raises as the resolver does.

    The system's resolver cannot be interrupted, so it is asked in a thread that is left behind when it takes too long.
    """
    answers: queue.Queue[list[str] | Exception] = queue.Queue(1)

    def ask() -> None:
        try:
            answers.put(resolver(name, port))
        except Exception as error:
            answers.put(error)

    threading.Thread(target=ask, name=f"resolve {name}", daemon=True).start()
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0 and not stopped():
        try:
            answer = answers.get(timeout=min(left, 0.5))
        except queue.Empty:
            continue
        if isinstance(answer, Exception):
            raise answer
        return answer
    return None
