"""Parquet, typed and nested, written a row group at a time. The credit and the condition stand in each row and in the
file's own metadata.

pyarrow is imported when a file is written: it weighs more than all the rest, and only this needs it
(`pip install 'susta-archive[parquet]'`).
"""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from typing import IO, Any

from archive import __version__
from archive.entries import Filter, Record
from archive.errors import ArchiveUnusable, ConfigError
from archive.query import Archive

_ROW_GROUP = 2000  # records held at once


def write_parquet(archive: Archive, which: Filter, out: IO[bytes]) -> int:
    """One Parquet file, zstd within; returns how many records. Raises ConfigError when pyarrow is not installed."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise ConfigError(
            "Parquet needs pyarrow, which is not installed", advice="pip install 'susta-archive[parquet]'"
        ) from error
    schema = parquet_schema(archive)
    records = (_typed(record) for record in archive.records(which))
    count = 0
    with parquet.ParquetWriter(pyarrow.PythonFile(out, mode="w"), schema, compression="zstd") as writer:
        while group := list(islice(records, _ROW_GROUP)):
            writer.write_table(pyarrow.Table.from_pylist(group, schema=schema))
            count += len(group)
    return count


def parquet_schema(archive: Archive) -> Any:
    """The types of the columns, with the sources' conditions as metadata of the file. Needs pyarrow."""
    import pyarrow as pa

    text = pa.string()
    photo = pa.struct([("url", text), ("caption", text), ("credit", text), ("sha256", text)])
    attachment = pa.struct([("url", text), ("label", text), ("media_type", text), ("sha256", text)])
    source = pa.struct([(name, text) for name in ("name", "organisation", "credit", "notice", "url")])
    table = pa.struct([("rows", pa.list_(pa.list_(text)))])
    types = {
        "site_id": pa.int64(),
        "date": pa.date32(),
        "body": pa.list_(text),
        "photos": pa.list_(photo),
        "attachments": pa.list_(attachment),
        "tables": pa.list_(table),
        "views": pa.int64(),
        "source": source,
        "captured_at": pa.timestamp("us", tz="UTC"),
    }
    fields = [pa.field(name, types.get(name, text), nullable=name not in _ALWAYS) for name in Record.__slots__]
    return pa.schema(fields, metadata=dict(_metadata(archive)))


_ALWAYS = {"url", "site", "title", "body", "photos", "attachments", "tables", "source", "content_sha256", "extractor"}


def _metadata(archive: Archive) -> Iterator[tuple[str, str]]:
    sources = archive.sources()
    yield "generator", f"susta-archive {__version__}"
    yield "license", "other"
    yield "dcterms:rights", "\n".join(each["notice"] for each in sources)
    yield "dcterms:source", "\n".join(each["site"] for each in sources)
    yield "credit", "\n".join(f"Nguồn: {each['name']}" for each in sources)


def _typed(record: Record) -> dict[str, Any]:
    row = record.as_dict()
    try:
        row["date"] = record.date and date.fromisoformat(record.date)
        row["captured_at"] = record.captured_at and datetime.fromisoformat(record.captured_at)
    except ValueError as error:
        raise ArchiveUnusable(
            f"{record.url} has a date that is none: {error}", advice="`susta check` says what else is damaged."
        ) from error
    return row
