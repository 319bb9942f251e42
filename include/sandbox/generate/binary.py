"""Small valid files of the kinds that travel uuencoded in submissions, made with the standard library alone."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from random import Random

_ZIP_TIME = (2020, 1, 1, 0, 0, 0)


def png(rng: Random, side: int = 24) -> bytes:
    """A square of one colour with a few marks on it: much of it zero, so that uuencoded lines end in blanks."""
    rows = bytearray()
    for _ in range(side):
        row = bytearray(side * 3)
        row[rng.randrange(side * 3)] = rng.randrange(256)
        rows += b"\0" + row

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    packed = zlib.compress(bytes(rows), 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def gif(rng: Random, side: int = 24) -> bytes:
    """A GIF87a of 128 greys. Codes stay 8 bits wide because the table is cleared before it can grow."""
    palette = b"".join(bytes((grey * 2,) * 3) for grey in range(128))
    pixels = bytes(rng.randrange(128) if rng.random() < 0.1 else 0 for _ in range(side * side))
    codes = b"".join(b"\x80" + pixels[start : start + 100] for start in range(0, len(pixels), 100)) + b"\x81"
    blocks = b"".join(
        bytes((len(codes[start : start + 255]),)) + codes[start : start + 255] for start in range(0, len(codes), 255)
    )
    screen = struct.pack("<HHBBB", side, side, 0xF6, 0, 0)
    image = b"," + struct.pack("<HHHHB", 0, 0, side, side, 0)
    return b"GIF87a" + screen + palette + image + b"\x07" + blocks + b"\0;"


def jpg(rng: Random, blocks: int = 3) -> bytes:
    """A grey JPEG of flat 8×8 blocks: for each the difference in brightness, then end of block."""

    def segment(mark: int, data: bytes) -> bytes:
        return struct.pack(">BBH", 0xFF, mark, len(data) + 2) + data

    side = blocks * 8
    # Brightness codes: size n is n ones and a zero, for n from 0 to 7. All else: one code, end of block.
    brightness = bytes((1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0)) + bytes(range(8))
    the_rest = bytes((1, *[0] * 15)) + b"\0"
    bits, last = "", 0
    for _ in range(blocks * blocks):
        level = rng.randint(-60, 60)
        change, last = level - last, level
        size = abs(change).bit_length()
        bits += "1" * size + "0"
        if size:
            bits += f"{change if change > 0 else change + (1 << size) - 1:0{size}b}"
        bits += "0"
    bits += "1" * (-len(bits) % 8)
    scan = bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits), 8)).replace(b"\xff", b"\xff\0")
    return (
        b"\xff\xd8"
        + segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
        + segment(0xDB, b"\0" + b"\x08" * 64)
        + segment(0xC0, struct.pack(">BHHB", 8, side, side, 1) + b"\1\x11\0")
        + segment(0xC4, b"\0" + brightness)
        + segment(0xC4, b"\x10" + the_rest)
        + segment(0xDA, b"\1\1\0\0\x3f\0")
        + scan
        + b"\xff\xd9"
    )


def pdf(lines: list[str]) -> bytes:
    """One page with these lines."""
    shown = b"".join(
        b"BT /F1 11 Tf 60 %d Td (%s) Tj ET\n" % (740 - 16 * row, _escaped(line)) for row, line in enumerate(lines[:40])
    )
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%sendstream" % (len(shown), shown),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>",
    )
    file, places = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
    for number, said in enumerate(objects, 1):
        places.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, said)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(file)
    return file + b"xref\n0 6\n0000000000 65535 f \n" + table + trailer


def zipped(files: dict[str, bytes]) -> bytes:
    """A ZIP of these files, the same at each making."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, _ZIP_TIME), data, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def xlsx(rows: list[tuple[str, float]]) -> bytes:
    """A workbook of one sheet with a label and a number in each row."""
    cells = "".join(
        f'<row r="{row}"><c r="A{row}" t="inlineStr"><is><t>{label}</t></is></c><c r="B{row}"><v>{value}</v></c></row>'
        for row, (label, value) in enumerate(rows, 1)
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    spreadsheet = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    head = '<?xml version="1.0" encoding="UTF-8"?>'

    def relation(kind: str, target: str) -> bytes:
        said = f'<Relationship Id="rId1" Type="{office}/{kind}" Target="{target}"/>'
        return f'{head}<Relationships xmlns="{package}/relationships">{said}</Relationships>'.encode()

    types = (
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{spreadsheet}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{spreadsheet}.worksheet+xml"/>'
    )
    book = f'<sheets><sheet name="Report" sheetId="1" r:id="rId1" xmlns:r="{office}"/></sheets>'
    return zipped(
        {
            "[Content_Types].xml": f'{head}<Types xmlns="{package}/content-types">{types}</Types>'.encode(),
            "_rels/.rels": relation("officeDocument", "xl/workbook.xml"),
            "xl/workbook.xml": f'{head}<workbook xmlns="{main}">{book}</workbook>'.encode(),
            "xl/_rels/workbook.xml.rels": relation("worksheet", "worksheets/sheet1.xml"),
            "xl/worksheets/sheet1.xml": (
                f'{head}<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>'
            ).encode(),
        }
    )


def _escaped(line: str) -> bytes:
    for letter in "\\()":
        line = line.replace(letter, f"\\{letter}")
    return line.encode("latin-1", "replace")
