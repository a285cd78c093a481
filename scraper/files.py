"""Pictures written for people, under names of ours."""

from pathlib import Path

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
