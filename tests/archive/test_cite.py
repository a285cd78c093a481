"""Citations that other programs read back: what is known in its field, nothing guessed, nothing acted upon."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
import rispy
from builders import ADDRESS, SOURCE, full_article, moment
from hypothesis import given, settings
from hypothesis import strategies as st
from pybtex.database import parse_string

from archive.cite import FORMATS, Citation, bibtex, citation_of, csl_json, ris, text
from archive.entries import Entry
from archive.query import record_of
from archive.records import BylineRole

DIGEST = "ab" * 32
UNDATED = {"date": None, "date_kind": None, "date_evidence": None}
HOSTILE = r'}} @comment{x} \input{/etc/passwd} $e$ 50% #1 a_b^c~ & "q" {'


def cited(**fields: Any) -> Citation:
    record = replace(record_of(full_article(**fields), SOURCE), captured_at=moment())
    return citation_of(Entry(12, record, [], 1, 34, moment(), moment(), None), DIGEST)


def read_bibtex(written: str) -> dict[str, str]:
    """The fields, the names of the authors among them; braces around a whole field taken off."""
    ((key, entry),) = parse_string(written, "bibtex").entries.items()
    fields = {name: re.sub(r"^\{(.*)\}$", r"\1", value) for name, value in entry.fields.items()}
    names = [str(person) for person in entry.persons.get("author", [])]
    return fields | {"ENTRYTYPE": entry.type, "ID": key} | ({"author": " and ".join(names)} if names else {})


def read_ris(written: str) -> dict[str, Any]:
    (entry,) = rispy.loads(written)
    return dict(entry)


def read_csl(written: str) -> dict[str, Any]:
    (item,) = json.loads(written)
    return dict(item)


def shown_by_tex(value: str) -> str:
    """What TeX prints of an escaped text."""
    names = {"textbackslash": "\\", "textbraceleft": "{", "textbraceright": "}", "textasciicircum": "^"}
    names["textasciitilde"] = "~"
    return re.sub(r"\\([a-z]+)\{\}|\\([$&#%_])", lambda found: names[found[1]] if found[1] else found[2], value)


def test_the_text_has_all_that_a_reader_needs() -> None:
    assert text(cited()) == (
        "Cao Thị Hạnh (07/12/2021). “Một bài viết”. Susta.vn, Liên hiệp các hội. "
        f"{ADDRESS}. Bản lưu: {moment()}, lần chụp 34, sha256:{DIGEST}. Nguồn: Susta.vn."
    )


def test_in_english_a_day_cannot_be_misread() -> None:
    assert text(cited(), "en").startswith("Cao Thị Hạnh (2021-12-07). “Một bài viết”. ")
    assert f"Archived: {moment()}, capture 34" in text(cited(), "en")


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_has_credit_address_and_digest(form: str) -> None:
    written = FORMATS[form](cited(), "vi")
    for words in ("Nguồn: Susta.vn", ADDRESS, f"sha256:{DIGEST}", moment()):
        assert words in written


def test_bibtex_is_read_back() -> None:
    entry = read_bibtex(bibtex(cited()))
    assert (entry["ENTRYTYPE"], entry["ID"]) == ("misc", "susta-vn-7")
    assert entry["author"] == "{Cao Thị Hạnh}"
    assert entry["title"] == "Một bài viết"
    assert (entry["year"], entry["month"], entry["day"]) == ("2021", "12", "7")
    assert (entry["url"], entry["urldate"]) == (ADDRESS, moment()[:10])


def test_ris_is_read_back() -> None:
    entry = read_ris(ris(cited()))
    assert entry["type_of_reference"] == "ELEC"
    assert entry["authors"] == ["Cao Thị Hạnh"]
    assert entry["title"] == "Một bài viết"
    assert (entry["year"], entry["date"]) == ("2021", "2021/12/07")
    assert entry["urls"] == [ADDRESS]


def test_csl_json_is_read_back() -> None:
    item = read_csl(csl_json(cited()))
    assert item["author"] == [{"literal": "Cao Thị Hạnh"}]
    assert item["issued"] == {"date-parts": [[2021, 12, 7]]}
    assert item["accessed"] == {"date-parts": [[2026, 11, 22]]}
    assert item["URL"] == ADDRESS


@pytest.mark.parametrize(("language", "words"), [("vi", "[không rõ ngày]"), ("en", "n.d.")])
def test_a_day_that_is_not_known_is_said_to_be_unknown(language: str, words: str) -> None:
    citation = cited(**UNDATED)
    assert f"({words})" in text(citation, language)
    assert read_bibtex(bibtex(citation, language))["year"] == words
    assert read_csl(csl_json(citation, language))["issued"] == {"literal": words}
    assert "year" not in read_ris(ris(citation, language))
    assert words in read_ris(ris(citation, language))["notes"][0]


def test_several_authors_are_told_one_by_one() -> None:
    citation = cited(byline="ThS. Lò Văn Muôn - Cà Thị Hoa")
    assert read_bibtex(bibtex(citation))["author"] == "{Lò Văn Muôn} and {Cà Thị Hoa}"
    assert read_ris(ris(citation))["authors"] == ["Lò Văn Muôn", "Cà Thị Hoa"]
    assert [name["literal"] for name in read_csl(csl_json(citation))["author"]] == ["Lò Văn Muôn", "Cà Thị Hoa"]


def test_without_an_author_the_title_opens() -> None:
    assert text(cited(byline=None)).startswith("“Một bài viết” (07/12/2021). Susta.vn")
    assert "author" not in read_bibtex(bibtex(cited(byline=None)))


def test_a_syndicated_text_names_its_origin_and_no_author() -> None:
    citation = cited(byline="Báo Sơn La", byline_role=BylineRole.SYNDICATED)
    assert text(citation).startswith("“Một bài viết” (07/12/2021). Theo Báo Sơn La. Susta.vn")
    assert "author" not in read_csl(csl_json(citation))
    assert "Theo Báo Sơn La" in read_ris(ris(citation))["notes"][0]


def test_a_photographer_is_named_as_one() -> None:
    assert "Ảnh: Hà Nam. " in text(cited(byline="Hà Nam", byline_role=BylineRole.PHOTO))


def test_a_hostile_title_is_shown_and_never_acted_upon() -> None:
    entry = read_bibtex(bibtex(cited(title=HOSTILE)))
    assert shown_by_tex(entry["title"]) == HOSTILE
    assert not re.search(r"\\(?!text[a-z]+\{\}|[$&#%_])", entry["title"])
    assert read_csl(csl_json(cited(title=HOSTILE)))["title"] == HOSTILE


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_no_title_breaks_out_of_its_field(title: str) -> None:
    citation = cited(title=f"x{title}", byline=f"a{title}", affiliation=title)
    entry = read_bibtex(bibtex(citation))
    assert shown_by_tex(entry["title"]).split() == citation.title.split()
    assert entry["url"] == ADDRESS
    assert read_csl(csl_json(citation))["title"] == citation.title
    reference = read_ris(ris(citation))
    assert reference["title"] == citation.title
    assert reference["urls"] == [ADDRESS]
    assert "\n" not in text(citation)


@pytest.mark.parametrize("url", ["https://susta.vn/a}b\\c-7", "https://susta.vn/a b\n@misc{x,-7"])
def test_an_address_cannot_leave_its_field(url: str) -> None:
    entry = read_bibtex(bibtex(cited(url=url)))
    assert not set(entry["url"]) & set("{}\\ \n")


def test_keys_are_letters_digits_and_hyphens() -> None:
    assert re.fullmatch(r"[a-z0-9-]+", cited(site="SUSTA.vn\\{}").key)
    assert cited(site_id=None).key == "susta-vn-a12"
