"""What holds for every answer that leaves: who may ask, how, and what a browser may do with it.

Host               an address, or a name that was asked for: another site's name that was pointed at this machine
                   (DNS rebinding) gets nothing
method             GET and HEAD; there is nothing to write
/-/…               Datasette's own tools are closed but for its style, metadata and versions
Link               data names the place of the credit and the condition
response headers   Content-Security-Policy: nothing inline, nothing from elsewhere, no script on our own pages
"""

import ipaddress
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Callable[[], Awaitable[Message]], Send], Awaitable[None]]

_COMMON = "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
PAGE_POLICY = f"default-src 'none'; style-src 'self'; img-src 'self'; {_COMMON}"
# Datasette's pages have scripts of their own, from files, and a small drawing within its style.
DATASETTE_POLICY = f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; {_COMMON}"
MEDIA_POLICY = "default-src 'none'; sandbox"
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_DATA = (".json", ".csv")
_CONDITION = b'</-/metadata.json>; rel="copyright"; type="application/json"'
_OPEN_TOOLS = re.compile(r"/-/(?:static/.+|metadata(?:\.json)?|versions(?:\.json)?)")


def host_allowed(header: str, names: Iterable[str]) -> bool:
    """Whether a Host header (RFC 9110 7.2) may be answered: any address written in digits, since a name is needed to
    rebind, `localhost`, and these names."""
    found = re.fullmatch(r"(?P<name>\[[0-9a-fA-F:.]+\]|[^:\s/@\[\]]+)(?::\d{1,5})?", header)
    if found is None:
        return False
    name = found["name"].strip("[]").lower().rstrip(".")
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return name in {"localhost", *(each.lower() for each in names)}
    return True


def guarded(app: App, names: Iterable[str]) -> App:
    """The same app behind the rules above; `names` are host names that may be asked for besides addresses."""
    allowed = frozenset(names)

    async def answer(scope: Message, receive: Callable[[], Awaitable[Message]], send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        refused = _refusal(scope, allowed)

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": with_headers(message.get("headers", []), scope["path"])}
            await send(message)

        if refused is None:
            await app(scope, receive, send_guarded)
            return
        status, text = refused
        body = text.encode()
        headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
        if status == 405:
            headers.append((b"allow", b"GET, HEAD"))
        await send_guarded({"type": "http.response.start", "status": status, "headers": headers})
        await send_guarded({"type": "http.response.body", "body": body})

    return answer


def _refusal(scope: Message, names: frozenset[str]) -> tuple[int, str] | None:
    """(status, text) for a request that is not answered."""
    hosts = [value.decode("latin-1") for name, value in scope["headers"] if name.lower() == b"host"]
    if len(hosts) != 1 or not host_allowed(hosts[0], names):
        return 403, "This archive does not answer under this name. `susta serve --name NAME` allows one.\n"
    if scope["method"] not in ("GET", "HEAD"):
        return 405, "The archive is served read-only.\n"
    if scope["path"].startswith("/-/") and not _OPEN_TOOLS.fullmatch(scope["path"]):
        return 404, "There is nothing here.\n"
    return None


def with_headers(headers: Iterable[tuple[bytes, bytes]], path: str = "") -> list[tuple[bytes, bytes]]:
    """Response headers with ours; a policy that a page has set itself stays. What is data at this path tells where the
    credit and the condition stand (RFC 8288, relation `copyright`), since some of its forms have no place for them."""
    fixed = {name.lower().encode(): value.encode() for name, value in _HEADERS.items()}
    kept = [(name, value) for name, value in headers if name.lower() not in fixed]
    if not any(name.lower() == b"content-security-policy" for name, _ in kept):
        kept.append((b"content-security-policy", DATASETTE_POLICY.encode()))
    told = [(b"link", _CONDITION)] if path.endswith(_DATA) else []
    return [*kept, *told, *fixed.items()]
