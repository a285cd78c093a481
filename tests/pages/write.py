"""Prints the hand-written articles as folders, once: `python tests/pages/write.py` makes those that are not there yet.

A page that stands is never written again, so a change of the renderer changes no test. To make one anew, remove its
folder first.
"""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "extract")]

from composer.article import Again, record  # noqa: E402
from composer.others import serve_other  # noqa: E402
from composer.page import Served, serve  # noqa: E402
from composer.style import NAMED, Style  # noqa: E402
from make_page import next_number  # noqa: E402
from written import bylines, days, documents, pictures, refusals, texts, titles  # noqa: E402
from written.made import NoArticle, Page  # noqa: E402

ALL: tuple[Page | NoArticle, ...] = (
    *titles.PAGES,
    *bylines.PAGES,
    *days.PAGES,
    *pictures.PAGES,
    *texts.PAGES,
    *documents.PAGES,
    *refusals.PAGES,
)


def style_of(page: Page | NoArticle) -> Style:
    return replace(NAMED[page.markup], **page.changes)


def expected(page: Page | NoArticle) -> dict[str, Any]:
    if isinstance(page, NoArticle):
        return {"refusal": list(page.reasons)}
    wanted = record(page.article)
    # An organisation's line or other words above the title: whether that is a kicker, the contract does not say.
    if page.article.again is not Again.AFTER_ORGANISATION and "may_be_left_out_or_in" not in page.extra:
        wanted["kicker"] = page.article.kicker
    return wanted | page.extra


def about(page: Page | NoArticle, served: Served) -> str:
    said = {
        "url": served.url,
        "content_type": served.content_type,
        "markup": ", ".join([page.markup, *(f"{key} {value}" for key, value in page.changes.items())]),
        "shows": page.shows,
    }
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in said.items()]
    return "\n".join([*lines, "reviewed = true", ""])


def main() -> None:
    for page in ALL:
        if any(HERE.glob(f"[0-9]*[0-9]-{page.name}")):
            continue
        folder = HERE / f"{next_number(HERE):03}-{page.name}"
        if isinstance(page, NoArticle):
            served = serve_other(page.kind, style_of(page))
        else:
            served = serve(page.article, style_of(page))
            served = replace(served, content_type=page.content_type or served.content_type)
        folder.mkdir()
        (folder / "page.html").write_bytes(served.content)
        text = json.dumps(expected(page), ensure_ascii=False, indent=1)
        (folder / "expected.json").write_text(text + "\n", encoding="utf-8")
        (folder / "about.toml").write_text(about(page, served), encoding="utf-8")
        print(folder.name)


if __name__ == "__main__":
    main()
