"""Small documents to read: PDF with Vietnamese text, pages or a picture alone; Word's .docx; hostile ones of both."""

from __future__ import annotations

import io
import zipfile
import zlib

import docx


def pdf(*pages: str, encrypt: bool = False, font_size: int = 12) -> bytes:
    """A PDF with a page for each text, its letters named by a ToUnicode map (ISO 32000-1, 9.10.3)."""
    letters = sorted({letter for page in pages for letter in page})
    code = {letter: number for number, letter in enumerate(letters, start=1)}
    pairs = "".join(f"<{number:02x}> <{ord(letter):04x}>\n" for letter, number in code.items())
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def"
        " 1 begincodespacerange <00> <ff> endcodespacerange\n"
        f"{len(code)} beginbfchar\n{pairs}endbfchar endcmap end end"
    ).encode()
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 4 0 R >>")
    objects.append(stream(cmap))
    kids = []
    for page in pages:
        content = b""
        for line, text in enumerate(page.split("\n")):
            shown = "".join(f"{code[letter]:02x}" for letter in text)
            content += f"BT /F1 {font_size} Tf 50 {750 - 20 * line} Td <{shown}> Tj ET\n".encode()
        objects.append(stream(content))
        kids.append(len(objects) + 1)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {len(objects)} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}] >>".encode()
    extra = b""
    if encrypt:
        marks = b"<" + b"00" * 32 + b">"
        objects.append(b"<< /Filter /Standard /V 1 /R 2 /P -1 /O " + marks + b" /U " + marks + b" >>")
        extra = f" /Encrypt {len(objects)} 0 R /ID [<00> <00>]".encode()
    return assembled(objects, extra)


def stream(content: bytes) -> bytes:
    packed = zlib.compress(content)
    return f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n".encode() + packed + b"\nendstream"


def assembled(objects: list[bytes], extra: bytes = b"") -> bytes:
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R".encode() + extra
    return bytes(out + f" >>\nstartxref\n{table}\n%%EOF\n".encode())


def word(*paragraphs: str, rows: tuple[tuple[str, ...], ...] = ()) -> bytes:
    """A .docx as Word writes it."""
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if rows:
        table = document.add_table(len(rows), len(rows[0]))
        for row, cells in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def with_part(document: bytes, name: str, content: bytes) -> bytes:
    """The .docx with one part put in another's place."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            new.writestr(member.filename, content if member.filename == name else old.read(member))
        if name not in old.namelist():
            new.writestr(name, content)
    return out.getvalue()
