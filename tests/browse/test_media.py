"""Pictures are sent as pictures only, attachments to be kept only, and both only through an article that is there."""

import gzip
import re
import struct
from pathlib import Path

import httpx
import pytest
from browse_support import serving
from builders import Desk, make_article, make_exchange

from archive.browse.media import disposition, file_name, size_of
from archive.records import Attachment, Block, BlockKind, Photo, Role
from archive.store import Store
from archive.warc import FOLDER_NAME, WarcFiles

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sIIBBBBB", 13, b"IHDR", 3, 2, 8, 2, 0, 0, 0)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><script>alert(1)</script>"
PHOTOS = {"good.png": PNG, "says-jpeg.jpg": SVG, "page.png": HTML, "packed.png": gzip.compress(PNG, mtime=0)}


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """An archive of one article, whose pictures are not all pictures and whose attachment is a page."""
    folder = tmp_path / "archive"
    names = [*PHOTOS, "not-captured.png"]
    article = make_article(
        blocks=tuple(Block(BlockKind.PHOTO, photo=place) for place in range(len(names))),
        photos=tuple(Photo(f"https://susta.vn/anh/{name}", f"Chú thích {name}") for name in names),
        attachments=(Attachment("https://susta.vn/tep/van-ban.pdf", "Tải về", "application/pdf"),),
    )
    store, files = Store(folder), WarcFiles(folder / FOLDER_NAME, software="test")
    desk = Desk(store)
    page = files.append(make_exchange())
    desk.captures[store.add_capture(page, None)] = page
    desk.derive(1, article)
    for name, body in PHOTOS.items():
        coding = b"\r\nContent-Encoding: gzip" if name == "packed.png" else b""
        head = b"HTTP/1.1 200 OK\r\nContent-Type: image/png" + coding
        url = f"https://susta.vn/anh/{name}"
        store.add_capture(files.append(make_exchange(body, url=url, head=head, role=Role.MEDIA)), None)
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf"
    attached = make_exchange(HTML, url="https://susta.vn/tep/van-ban.pdf", head=head, role=Role.MEDIA)
    store.add_capture(files.append(attached), None)
    files.close()
    store.close()
    return folder


def test_only_what_its_bytes_say_is_a_picture_is_shown(odd: Path) -> None:
    with serving(odd) as client:
        text = client.get("/doc/1").text
        sources = re.findall(r'<img src="(/doc/1/photo/[0-9a-f]{64})"', text)
        assert len(sources) == 2  # the picture, and the one that was packed on its way
        for source in sources:
            answer = client.get(source)
            assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
            assert answer.content == PNG
            assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
            assert answer.headers["content-disposition"].startswith("inline")
        assert text.count('width="3" height="2"') == 2
        for name in [*PHOTOS, "not-captured.png"]:
            assert f"Chú thích {name}" in text


def test_what_is_no_picture_is_not_sent_as_one(odd: Path) -> None:
    with serving(odd) as client:
        rows = client.get("/archive/photos.json?_shape=array").json()
        for row in rows:
            if row["url"].endswith(("says-jpeg.jpg", "page.png")):
                assert client.get(f"/doc/1/photo/{row['sha256']}").status_code == 404


def test_an_attachment_is_sent_to_be_kept(odd: Path) -> None:
    with serving(odd) as client:
        (row,) = client.get("/archive/attachments.json?_shape=array").json()
        answer = client.get(f"/doc/1/file/{row['sha256']}")
        assert answer.content == HTML
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert client.get(f"/doc/1/photo/{row['sha256']}").status_code == 404


def test_bytes_are_reached_through_their_own_article_only(client: httpx.Client) -> None:
    row = client.get("/archive/photos.json?_shape=array&_size=1").json()[0]
    assert client.get(f"/doc/{row['article_id']}/photo/{row['sha256']}").status_code == 200
    assert client.get(f"/doc/{row['article_id'] + 1}/photo/{row['sha256']}").status_code == 404
    page = client.get(
        "/archive.json?_shape=array&sql=select+payload_sha256+as+d+from+captures+where+role='page'"
    ).json()
    assert client.get(f"/doc/{row['article_id']}/photo/{page[0]['d']}").status_code == 404


@pytest.mark.parametrize(
    ("url", "media_type", "name"),
    [
        ("https://x/a/anh%20(1).JPG", "image/jpeg", "anh-1-.JPG"),
        ("https://x/a/h%E1%BB%99i-th%E1%BA%A3o.png", "image/png", "hội-thảo.png"),
        ("https://x/tai-ve?id=7", "application/pdf", "tai-ve.pdf"),
        ("https://x/page.html", "application/pdf", "page.html.pdf"),
        ("https://x/bao-cao.docx", "application/zip", "bao-cao.docx"),
        ("https://x/..%2F..%2Fetc%2Fpasswd", None, "etc-passwd"),
        ("https://x/%0d%0aSet-Cookie:%20a", None, "Set-Cookie-a"),
        ("https://x/", None, "file"),
        ("https://x/.htaccess", None, "htaccess"),
    ],
)
def test_a_file_gets_a_name_that_harms_nothing(url: str, media_type: str | None, name: str) -> None:
    assert file_name(url, media_type) == name


def test_a_name_of_vietnamese_letters_goes_as_the_rfc_has_it() -> None:
    said = disposition("attachment", "hội-thảo.pdf")
    assert said == "attachment; filename=\"h_i-th_o.pdf\"; filename*=UTF-8''h%E1%BB%99i-th%E1%BA%A3o.pdf"
    assert said.isascii()


@pytest.mark.parametrize(
    ("body", "media_type", "size"),
    [
        (PNG, "image/png", (3, 2)),
        (b"GIF89a\x05\x00\x04\x00", "image/gif", (5, 4)),
        (b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08\x00\x07\x00\x09\x01\x01\x11\x00", "image/jpeg", (9, 7)),
        (
            b"RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00\x0f\x00\x00\x07\x00\x00",
            "image/webp",
            (16, 8),
        ),
        (b"\x89PNG", "image/png", None),
        (b"\xff\xd8\xff\xe0\x00", "image/jpeg", None),
        (b"\xff\xd8" + b"\xff" * 40, "image/jpeg", None),
        (b"BM", "image/bmp", None),
    ],
    ids=["png", "gif", "jpeg", "webp", "png-cut", "jpeg-cut", "jpeg-fill", "bmp"],
)
def test_the_size_of_a_picture_is_told_by_its_first_bytes(
    body: bytes, media_type: str, size: tuple[int, int] | None
) -> None:
    assert size_of(body, media_type) == size
