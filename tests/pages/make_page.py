"""Makes a page of this folder from a saved one: `make page FILE=saved.html URL=https://susta.vn/...`.

The record is what the extractor finds today and is marked `reviewed = false`: the tests fail until a person has read
the page, mended the record and said so.
"""

import argparse
import json
import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from folders import ABOUT, EXPECTED, HERE, PAGE, fields_of

from archive.records import Refusal
from scraper.extract import extract

CHECK = """\
Made {folder} ({what}).

Now open page.html in a browser beside expected.json and check, from top to bottom:
  title        the one line above the counter, as printed; kicker null unless a line stands above the title in the body
  byline       a name only if the page prints it as the author's; not a speaker, a signature or a person in a caption
  date         only the day the item says it is about, or a document's own; never a decree's or the sidebar's
  body         every paragraph once, in order, mistakes kept; no caption, no title again, nothing of the page around it
  photos       each picture of the article with its caption, or null
  attachments, tables, views

Then set reviewed = true and say in `shows` what the page is there for, both in about.toml, and run:
  .venv/bin/python -m pytest tests/extract/test_pages.py -k {name}
"""


class Mistake(Exception):
    """What is wrong with the request, and what to do about it."""


def slug_of(url: str) -> str:
    words = [part for part in urlsplit(url).path.split("/") if part]
    short = re.sub(r"[^a-z0-9]+", "-", words[-1].lower() if words else "home").strip("-")
    return short[:48].strip("-") or "page"


def next_number(where: Path) -> int:
    numbers = [int(found[1]) for path in where.iterdir() if (found := re.match(r"(\d+)-", path.name))]
    return max(numbers, default=0) + 1


def make(file: str, url: str, name: str, content_type: str, where: Path = HERE) -> tuple[Path, str]:
    """The folder made, and whether it holds an article or a refusal."""
    usage = "make page FILE=saved.html URL=https://susta.vn/category/title-12345"
    if not file:
        raise Mistake(f"Which page? Name the saved file: {usage}")
    if not url:
        raise Mistake(f"Where is the page from? Give its address, which holds the article's number: {usage}")
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise Mistake(f"{url} is no address of a page; it begins with https:// and names a host: {usage}")
    source = Path(file)
    if not source.exists():
        raise Mistake(
            f"There is no {file}. Save the page first (in a browser: Save as, HTML only), then name that file."
        )
    if not source.is_file():
        raise Mistake(f"{file} is not a file. Name the one .html file, not the folder a browser saved beside it.")
    body = source.read_bytes()
    if not body.strip():
        raise Mistake(f"{file} is empty. Save the page again.")
    short = name or slug_of(url)
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", short):
        raise Mistake(
            f"{short} cannot name a folder: small letters, digits and single hyphens only (NAME=photo-in-cell)."
        )
    alike = [path.name for path in where.iterdir() if re.fullmatch(rf"\d+-{re.escape(short)}", path.name)]
    if alike:
        raise Mistake(f"{alike[0]} is there already. Remove it, or give the new one another name with NAME=...")
    outcome = extract(body, url, content_type or None)
    refused = isinstance(outcome, Refusal)
    wanted = {"refusal": [outcome.reason]} if isinstance(outcome, Refusal) else fields_of(outcome)
    folder = where / f"{next_number(where):03}-{short}"
    folder.mkdir()
    (folder / PAGE).write_bytes(body)
    (folder / EXPECTED).write_text(json.dumps(wanted, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    said = {"url": url, "content_type": content_type, "markup": "saved", "shows": "TODO: what is this page here for?"}
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in said.items()]
    (folder / ABOUT).write_text("\n".join([*lines, "reviewed = false", ""]), encoding="utf-8")
    return folder, "refused: " + wanted["refusal"][0] if refused else "an article"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--file", default="", help="the saved page")
    parser.add_argument("--url", default="", help="the address it was saved from")
    parser.add_argument("--name", default="", help="the folder's name; by default from the address")
    parser.add_argument("--content-type", default="text/html", help="what the server's header said, if known")
    said = parser.parse_args(arguments)
    try:
        folder, what = make(said.file, said.url, said.name, said.content_type)
    except Mistake as mistake:
        print(f"make page: {mistake}", file=sys.stderr)
        return 2
    print(CHECK.format(folder=f"tests/pages/{folder.name}", name=folder.name, what=what), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
