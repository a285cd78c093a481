"""Documents that an article offers for download: links to files, or links that say so. Pure."""

import mimetypes
import re
from urllib.parse import unquote

from archive.records import Attachment
from scraper.extract.lines import Line, Link
from scraper.extract.text import clean, key
from scraper.urls import media_address, parts_of

_FILE = re.compile(r"\.(pdf|docx?|xlsx?|pptx?|odt|ods|odp|rtf|zip|rar|7z)$", re.I)
_DOWNLOAD = re.compile(
    r"(^|[/_-])(tai-?ve|download|tai-?lieu-?dinh-?kem|attachments?|dinh-?kem|getfile)([/_.?-]|$)", re.I
)
_LABEL = frozenset(
    map(key, ("Tải về", "Tải xuống", "Download", "Tải file", "Tệp đính kèm", "File đính kèm", "Xem tệp", "Tại đây"))
)


def is_attachment(link: Link) -> bool:
    """Whether a link offers a file: by its address, or by its text where the address is no page's."""
    parts = parts_of(link.href)
    if parts.scheme not in ("", "http", "https"):
        return False
    path = unquote(parts.path)
    if _FILE.search(path) or _FILE.search(unquote(parts.query)):
        return True
    return bool(_DOWNLOAD.search(path) or (key(link.text) in _LABEL and not link.href.startswith("#")))


def read_attachments(lines: list[Line], base: str) -> tuple[tuple[Attachment, ...], frozenset[int]]:
    """The attachments among an article's lines, once each, and the indexes of lines that are nothing but their
    labels."""
    found: dict[str, Attachment] = {}
    labels: set[int] = set()
    unnamed: set[str] = set()  # whose link was a picture so far
    for index, line in enumerate(lines):
        links = [link for link in line.links if is_attachment(link)]
        for link in links:
            address = media_address(link.href, base)
            if address and (address not in found or (link.text and address in unnamed)):
                path = parts_of(address).path
                label = link.text or clean(unquote(path.rpartition("/")[2]))
                found[address] = Attachment(address, label, mimetypes.guess_type(path)[0])
                (unnamed.discard if link.text else unnamed.add)(address)
        if links and _is_label(line, links):
            labels.add(index)
    return tuple(found.values()), frozenset(labels)


def _is_label(line: Line, links: list[Link]) -> bool:
    """Whether nothing is left to read when the download links are taken off."""
    rest = line.text
    for link in links:
        rest = rest.replace(link.text, "", 1)
    rest = key(re.sub(r"[(\[][^()\[\]]{0,40}[)\]]", " ", rest))
    return len(rest) <= 3 or rest in _LABEL
