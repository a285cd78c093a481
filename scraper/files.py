"""Files written for people: whole or not at all, under names of ours."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import IO, cast

from archive.errors import ConfigError
from archive.query import Archive

# The name of a written photo comes from these and from numbers of ours, never from the page.
_PICTURE_ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp"}


def write_photos(opened: Archive, article_id: int, target: Path) -> int:
    """Writes the captured photos of an article into a folder; returns how many. Raises ConfigError when it is none."""
    if target.exists() and not target.is_dir():
        raise ConfigError(f"--photos {target} is no folder")
    target.mkdir(parents=True, exist_ok=True)
    count = 0
    for position, sha256, media_type, capture_id in opened.captured_photos(article_id):
        stored = opened.capture(capture_id)
        ending = _PICTURE_ENDINGS.get(media_type, ".bin")
        (target / f"{article_id}-{position + 1:02d}-{sha256[:12]}{ending}").write_bytes(stored.body)
        count += 1
    return count


class _Hashed(io.TextIOBase):
    def __init__(self, out: IO[str], update: Callable[[bytes], object]) -> None:
        self._out, self._update = out, update

    def write(self, text: str) -> int:
        self._update(text.encode("utf-8", "backslashreplace"))
        return self._out.write(text)


def hashed(out: IO[str], update: Callable[[bytes], object]) -> IO[str]:
    """A text file that writes into another, and gives all it writes, as UTF-8, to a digest's `update`."""
    return cast(IO[str], _Hashed(out, update))


def write_file(output: Path, write: Callable[[IO[str]], int]) -> int:
    """Writes a file whole or not at all; into a device or pipe, directly. Links are followed."""
    target = output.resolve()
    if not target.parent.is_dir():
        raise ConfigError(f"Cannot write {output}: there is no folder {target.parent}", advice="Make it first.")
    if target.is_dir():
        raise ConfigError(f"Cannot write {output}: it is a folder")
    if target.exists() and not target.is_file():
        with target.open("w", encoding="utf-8", newline="") as out:
            return write(out)
    temporary = target.with_name(target.name + ".part")
    try:
        with temporary.open("w", encoding="utf-8", newline="") as out:
            count = write(out)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    return count
