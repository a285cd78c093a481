"""The command that shows an archive in a web browser: serve. It alone listens, by default on loopback."""

import errno
import ipaddress
import signal
import socket
import webbrowser
from contextlib import closing
from typing import Annotated, Any

import typer

from archive.errors import ConfigError
from scraper.cli_options import ArchiveOption, ConfigOption, folder_of, say
from scraper.config import load_config
from scraper.console import safe

commands = typer.Typer()

LOOPBACK = "127.0.0.1"


@commands.command("serve")
def serve_command(
    port: Annotated[
        int, typer.Option(min=0, max=65535, metavar="N", help="The port; 0 takes any that is free.")
    ] = 8001,
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Where to listen. Anything but loopback lets others in.")
    ] = LOOPBACK,
    names: Annotated[
        list[str] | None,
        typer.Option("--name", metavar="NAME", help="A host name to answer under, as behind a proxy; may be repeated."),
    ] = None,
    open_: Annotated[bool, typer.Option("--open", help="Open it in the web browser.")] = False,
    archive: ArchiveOption = None,
    config: ConfigOption = None,
) -> None:
    """Show the archive in a web browser, read-only: search, reading pages, tables, SQL and a JSON API.

    Everything shown comes from the archive's own files; nothing is asked of any other host, and nothing of a page can
    run. A crawl may write meanwhile. Ctrl-C ends it.

    \b
    Examples:
      susta serve --archive data/demo          then open http://127.0.0.1:8001/
      susta serve --open
      susta serve --port 0                     on any free port
      susta serve --host 192.0.2.7             for others on your network: there is no password
    """
    from archive.browse.serving import Serving

    folder = folder_of(archive, load_config(config))
    for name in names or ():
        if not name.replace("-", "").replace(".", "").isalnum():
            raise ConfigError(f"--name: {safe(name)} is no host name, such as archive.example.org")
    listening = listen(host, port)
    with closing(listening), closing(Serving(folder, names or ())) as serving:
        address = address_of(listening)
        if not is_loopback(address[0]):
            say(f"Warning: everybody who can reach {address[0]} can read this archive; there is no password.")
        url = f"http://{f'[{address[0]}]' if ':' in address[0] else address[0]}:{address[1]}/"
        print(f"Serving {folder} at {url}  (Ctrl-C ends)", flush=True)
        if open_:
            webbrowser.open(url)
        run(serving.app, listening)
    say("Ended.")


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens at an address of this machine. Raises ConfigError where it cannot."""
    try:
        family, kind, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError) as error:
        raise ConfigError(f"--host: {safe(host)} is no address of this machine") from error
    listening = socket.socket(family, kind)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(place)
        listening.listen(128)
    except OSError as error:
        listening.close()
        advice = (
            "Is `susta serve` running already? --port N takes another port, --port 0 any that is free."
            if error.errno == errno.EADDRINUSE
            else ""
        )
        raise ConfigError(f"Cannot listen at {safe(host)}, port {port}: {error.strerror}", advice=advice) from error
    return listening


def address_of(listening: socket.socket) -> tuple[str, int]:
    """(address, port) that a socket listens at."""
    address = listening.getsockname()
    return str(address[0]), int(address[1])


def is_loopback(address: str) -> bool:
    """Whether an address is reached from this machine alone."""
    return ipaddress.ip_address(address.partition("%")[0]).is_loopback


def run(app: Any, listening: socket.socket) -> None:
    """Answers requests until Ctrl-C or SIGTERM."""
    import uvicorn

    settings = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        lifespan="on",
        ws="none",
        server_header=False,
        timeout_graceful_shutdown=3,
    )
    # uvicorn ends cleanly, then raises the signal anew: SIGTERM is to be like Ctrl-C then, not the end at once.
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        uvicorn.Server(settings).run(sockets=[listening])
    except KeyboardInterrupt:
        return
    finally:
        signal.signal(signal.SIGTERM, before)
