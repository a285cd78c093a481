"""WARC files as other programs write them, made by warcio: for tests of what reads and imports them."""

from __future__ import annotations

import io
from dataclasses import dataclass, field

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter


@dataclass
class ForeignWarc:
    """A WARC file in the making; records are added in order."""

    version: str = "1.0"
    gzip: bool = True
    _out: io.BytesIO = field(default_factory=io.BytesIO)

    def __post_init__(self) -> None:
        self._writer = WARCWriter(self._out, gzip=self.gzip, warc_version=self.version)
        info = self._writer.create_warcinfo_record("other.warc.gz", {"software": "Other/1.0"})
        self._writer.write_record(info)

    @property
    def data(self) -> bytes:
        return self._out.getvalue()

    def response(
        self,
        url: str,
        body: bytes | str = b"<p>Xin ch\xc3\xa0o</p>",
        *,
        date: str = "2015-03-01T02:03:04Z",
        status: str = "200 OK",
        media_type: str | None = "text/html; charset=utf-8",
        headers: tuple[tuple[str, str], ...] = (),
        kind: str = "response",
        fields: dict[str, str] | None = None,
        method: str | None = "GET",
    ) -> str:
        """A response, with its request unless `method` is None; returns its record id."""
        body = body.encode() if isinstance(body, str) else body
        named = [("Content-Type", media_type)] if media_type else []
        record = self._writer.create_warc_record(
            url,
            kind,
            payload=io.BytesIO(body),
            length=len(body),
            http_headers=StatusAndHeaders(status, [*named, *headers], protocol="HTTP/1.1"),
            warc_headers_dict={"WARC-Date": date} | (fields or {}),
        )
        self._writer.write_record(record)
        record_id = str(record.rec_headers.get_header("WARC-Record-ID"))
        if method:
            self.request(url, method, date=date, concurrent=record_id)
        return record_id

    def request(
        self, url: str, method: str = "GET", *, date: str = "2015-03-01T02:03:04Z", concurrent: str = ""
    ) -> None:
        path = "/" + url.split("/", 3)[3]
        record = self._writer.create_warc_record(
            url,
            "request",
            http_headers=StatusAndHeaders(f"{path} HTTP/1.0", [("Host", url.split("/")[2])], protocol=method),
            warc_headers_dict={"WARC-Date": date} | ({"WARC-Concurrent-To": concurrent} if concurrent else {}),
        )
        self._writer.write_record(record)

    def revisit(
        self,
        url: str,
        *,
        date: str,
        of: tuple[str, str] | None = None,
        digest: str = "",
        record_id: str = "",
        status: str = "200 OK",
        media_type: str = "text/html",
    ) -> None:
        """A revisit of what was captured at (address, date), of what has a payload digest, or a record id."""
        fields = {"WARC-Date": date, "WARC-Profile": "http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"}
        if status.startswith("304"):
            fields["WARC-Profile"] = "http://netpreserve.org/warc/1.0/revisit/server-not-modified"
        if of:
            fields |= {"WARC-Refers-To-Target-URI": of[0], "WARC-Refers-To-Date": of[1]}
        if digest:
            fields["WARC-Payload-Digest"] = digest
        if record_id:
            fields["WARC-Refers-To"] = record_id
        record = self._writer.create_warc_record(
            url,
            "revisit",
            payload=io.BytesIO(b""),
            length=0,
            http_headers=StatusAndHeaders(status, [("Content-Type", media_type)], protocol="HTTP/1.1"),
            warc_headers_dict=fields,
        )
        self._writer.write_record(record)
