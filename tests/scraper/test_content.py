"""Content coding is undone within the limit, whatever the bytes are."""

import gzip
import time
import tracemalloc
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.content import Decoded, decode_content

TEXT = "<p>Liên hiệp hội Sơn La</p>".encode() * 50
LONG = b" ".join(b"%x" % (number * 7919 % 100_003) for number in range(8_000))
LIMIT = 100_000


def raw_deflate(body: bytes) -> bytes:
    deflater = zlib.compressobj(wbits=-15)
    return deflater.compress(body) + deflater.flush()


CODINGS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "Deflate": raw_deflate,
    "GZIP": gzip.compress,
    "identity, gzip": gzip.compress,
}


@pytest.mark.parametrize("coding", CODINGS)
def test_a_coding_that_was_asked_for_is_undone(coding: str) -> None:
    assert decode_content(CODINGS[coding](TEXT), coding, LIMIT) == Decoded(TEXT)


@pytest.mark.parametrize("coding", [None, "", "identity", " , "])
def test_without_a_coding_the_bytes_are_the_page(coding: str | None) -> None:
    assert decode_content(TEXT, coding, LIMIT) == Decoded(TEXT)


@pytest.mark.parametrize("size", [0, 999, 1000, 1001, 5000])
@pytest.mark.parametrize("coding", ["identity", *CODINGS])
def test_the_limit_holds_to_the_byte(coding: str, size: int) -> None:
    body = bytes(range(256)) * 20
    sent = CODINGS[coding](body[:size]) if coding in CODINGS else body[:size]
    decoded = decode_content(sent, coding, 1000)
    assert decoded == Decoded(body[: min(size, 1000)], cut=size > 1000)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "Deflate"])
def test_a_bomb_stays_small(coding: str) -> None:
    bomb = CODINGS[coding](bytes(100_000_000))
    assert len(bomb) < 200_000
    tracemalloc.start()
    try:
        decoded = decode_content(bomb, coding, LIMIT)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (len(decoded.body), decoded.cut) == (LIMIT, True)
    assert peak < 5_000_000


@pytest.mark.parametrize("coding", ["gzip", "deflate", "Deflate"])
@pytest.mark.parametrize("kept", [0, 1, 5, 30, -1])
def test_a_stream_that_ends_early_is_a_problem_and_no_page(coding: str, kept: int) -> None:
    decoded = decode_content(CODINGS[coding](TEXT)[:kept], coding, LIMIT)
    assert decoded.body == b""
    assert decoded.problem.startswith(f"broken {coding.lower()} stream")


def test_a_flipped_bit_is_a_problem() -> None:
    sent = bytearray(gzip.compress(TEXT))
    sent[-6] ^= 1
    assert "broken gzip" in decode_content(bytes(sent), "gzip", LIMIT).problem


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "deflate"])
def test_a_plain_page_that_is_declared_coded_is_read_as_it_is(coding: str) -> None:
    assert decode_content(TEXT, coding, LIMIT) == Decoded(TEXT)
    assert decode_content(TEXT, coding, 100) == Decoded(TEXT[:100], cut=True)


def test_a_page_that_is_gzip_without_saying_so_is_inflated_within_the_limit() -> None:
    assert decode_content(gzip.compress(TEXT), None, LIMIT, is_text=True) == Decoded(TEXT)
    assert decode_content(gzip.compress(TEXT), None, 100, is_text=True) == Decoded(TEXT[:100], cut=True)


def test_a_file_that_is_meant_to_be_gzip_stays_so() -> None:
    packed = gzip.compress(TEXT)
    assert decode_content(packed, None, LIMIT) == Decoded(packed)


def test_members_behind_each_other_are_one_text() -> None:
    assert decode_content(gzip.compress(TEXT[:70]) + gzip.compress(TEXT[70:]), "gzip", LIMIT) == Decoded(TEXT)


def test_members_without_number_cost_little() -> None:
    began = time.process_time()
    decoded = decode_content(gzip.compress(b"") * 500_000, "gzip", LIMIT)
    assert (decoded.body, decoded.cut) == (b"", True)
    assert time.process_time() - began < 2


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_of_a_body_that_is_known_to_be_cut_what_there_is_comes_out(coding: str) -> None:
    sent = CODINGS[coding](LONG)
    decoded = decode_content(sent[: len(sent) // 2], coding, LIMIT, cut=True)
    assert decoded.cut
    assert len(decoded.body) > 1000
    assert LONG.startswith(decoded.body)


@pytest.mark.parametrize("coding", ["br", "zstd", "compress", "gzip, gzip", "gzip, br", "text/html"])
def test_a_coding_that_was_not_asked_for_is_named(coding: str) -> None:
    decoded = decode_content(b"abc", coding, LIMIT)
    assert decoded.body == b""
    assert coding in decoded.problem


@settings(deadline=None, database=None, max_examples=60)
@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", "identity", "br", None]), st.integers(1, 50))
def test_any_bytes_give_a_value_within_the_limit(body: bytes, coding: str | None, limit: int) -> None:
    assert len(decode_content(body, coding, limit).body) <= limit
