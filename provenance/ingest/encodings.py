"""Bytes to text, and what is no text.

The order is: byte order mark, UTF-8 strictly, UTF-8 with slight damage, the encoding a page declares, UTF-16 without a
mark, and last the best guess of charset-normalizer among the legacy encodings of the WHATWG Encoding Standard.
"""

from __future__ import annotations

import codecs
import re

from provenance.errors import BinaryInputError, MalformedError
from provenance.settings import IngestSettings

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is the beginning of this one
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_MAGIC = (
    (b"%PDF-", "a PDF", "extract its text first, for example with pdftotext"),
    (b"\x89PNG", "a PNG image", "give the text, not the picture"),
    (b"\xff\xd8\xff", "a JPEG image", "give the text, not the picture"),
    (b"GIF87a", "a GIF image", "give the text, not the picture"),
    (b"GIF89a", "a GIF image", "give the text, not the picture"),
    (b"II*\x00", "a TIFF image", "give the text, not the picture"),
    (b"MM\x00*", "a TIFF image", "give the text, not the picture"),
    (b"PK\x03\x04", "a ZIP archive or an Office document", "unpack it, or save it as plain text"),
    (b"PK\x05\x06", "an empty ZIP archive", "unpack it"),
    (b"\x1f\x8b", "gzip data", "let its name end in .gz"),
    (b"BZh", "bzip2 data", "unpack it first, with bunzip2"),
    (b"\xfd7zXZ\x00", "xz data", "unpack it first, with unxz"),
    (b"\x28\xb5\x2f\xfd", "Zstandard data", "unpack it first, with unzstd"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "unpack it first"),
    (b"Rar!\x1a\x07", "a RAR archive", "unpack it first"),
    (b"\xd0\xcf\x11\xe0", "an old Office document", "save it as plain text"),
    (b"{\\rtf", "a Rich Text document", "save it as plain text"),
    (b"%!PS", "PostScript", "extract its text first"),
    (b"SQLite format 3\x00", "an SQLite database", "export its articles as JSON Lines"),
    (b"\x7fELF", "a program", "leave it out"),
    (b"OggS", "an Ogg recording", "give a transcript"),
    (b"ID3", "an MP3 recording", "give a transcript"),
    (b"wOFF", "a font", "leave it out"),
    (b"wOF2", "a font", "leave it out"),
    (b"\x00\x00\x01\x00", "an icon", "leave it out"),
    (b"PAR1", "a Parquet file", "export its articles as JSON Lines"),
)
# magic numbers of few or common letters need a byte that no text has behind them
_NEEDS_BINARY_BEHIND = {b"BZh", b"ID3", b"PAR1", b"OggS", b"wOFF", b"wOF2"}

# The legacy encodings of the WHATWG Encoding Standard, by how often pages have them; earlier wins a tie.
_LEGACY = (
    "cp1252",
    "cp1251",
    "gb18030",
    "shift_jis",
    "euc_kr",
    "cp1250",
    "euc_jp",
    "cp1256",
    "big5",
    "cp1254",
    "cp1253",
    "cp1255",
    "cp1257",
    "cp1258",
    "cp874",
    "koi8_r",
    "cp866",
    "iso8859_2",
    "iso8859_5",
    "iso8859_7",
    "iso8859_15",
)
# What pages mean when they declare these (WHATWG Encoding Standard, section 4.2)
_LABELS = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252",
    "latin1": "cp1252",
    "l1": "cp1252",
    "iso-8859-9": "cp1254",
    "latin5": "cp1254",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "big5": "big5hkscs",
    "x-cp1251": "cp1251",
    "x-cp1252": "cp1252",
}
# Python codecs that read more, or other things, than any page means
_REFUSED = {"utf-7", "utf_7", "unicode_escape", "raw_unicode_escape", "idna", "punycode", "undefined", "mbcs", "oem"}

_META_CHARSET = re.compile(
    rb"""<meta[^<>]{0,500}?charset\s{0,9}=\s{0,9}["']?\s{0,9}([A-Za-z0-9_:.-]{2,40})""", re.IGNORECASE
)
_XML_ENCODING = re.compile(
    rb"""^\s{0,99}<\?xml[^<>]{0,200}?encoding\s{0,9}=\s{0,9}["']([A-Za-z0-9_:.-]{2,40})["']""", re.IGNORECASE
)
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_SURROGATES = re.compile("[\ud800-\udfff]")


def split_mark(data: bytes) -> tuple[str | None, bytes]:
    """The encoding that the byte order mark at the beginning says, or None, and the bytes after it."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding, data[len(mark) :]
    return None, data


def describe_binary(head: bytes) -> tuple[str, str] | None:
    """What a file is by its magic number, and what to do about it; None where no magic number is known.

    Args:
        head: the first bytes of the file.
    """
    for magic, what, remedy in _MAGIC:
        if head.startswith(magic) and (magic not in _NEEDS_BINARY_BEHIND or _has_controls(head[:256])):
            return what, remedy
    if head[:4] == b"RIFF" and head[8:12] in {b"WEBP", b"WAVE", b"AVI "}:
        return "a picture or recording", "give the text"
    if head[4:8] == b"ftyp":
        return "a picture or film", "give the text"
    return None


def _has_controls(data: bytes) -> bool:
    return _CONTROLS.search(data.decode("latin-1")) is not None


def declared_charset(head: bytes) -> str | None:
    """The encoding that a page declares in a `<meta>` or XML declaration, as Python names it; None if none is usable.

    Labels are read as the WHATWG Encoding Standard reads them: `iso-8859-1` means Windows-1252.
    """
    match = _XML_ENCODING.search(head) or _META_CHARSET.search(head)
    return None if match is None else known_charset(match.group(1).decode("ascii"))


def known_charset(label: str) -> str | None:
    """The encoding that a label means, as Python names it; None where it means none that pages are in."""
    label = label.lower()
    name = _LABELS.get(label, label)
    try:
        name = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    return None if name.replace("-", "_") in {refused.replace("-", "_") for refused in _REFUSED} else name


def without_surrogates(text: str) -> str:
    """The text with lone surrogates, which UTF-8 and SQLite cannot hold, replaced by U+FFFD."""
    if text.isascii():  # known without looking at the characters
        return text
    try:
        text.encode("utf-8")  # ten times as fast as a search, and seldom in vain
    except UnicodeEncodeError:
        return _SURROGATES.sub("\ufffd", text)
    return text


def decode(data: bytes, settings: IngestSettings, *, where: str, declared: str | None = None) -> str:
    """Text of a whole file, without its byte order mark, its newlines as they are.

    Args:
        data: the file.
        settings: thresholds.
        where: the file's name, for errors.
        declared: an encoding that the content itself declares, tried after UTF-8.

    Raises:
        BinaryInputError: the bytes are no text.
        MalformedError: the mark says UTF-16 or UTF-32 and the bytes do not decode so.
    """
    binary = describe_binary(data[:256])
    if binary is not None:
        raise BinaryInputError(f"this is {binary[0]}, not text", where=where, remedy=binary[1])
    encoding, body = split_mark(data)
    if encoding is not None and encoding != "utf-8":
        try:
            return body.decode(encoding)
        except UnicodeDecodeError as error:
            what = f"marked as {encoding.upper()}, but byte {error.start} is not"
            raise MalformedError(what, where=where, remedy="save it as UTF-8") from error
    text = _decode_unmarked(body, settings, declared)
    if text is None:
        what = "no text in any known encoding"
        raise BinaryInputError(what, where=where, remedy="save it as UTF-8, or leave it out")
    if "\x00" in text:
        raise BinaryInputError("it holds NUL bytes, as no text does", where=where, remedy="give plain text")
    if len(_CONTROLS.findall(text)) > settings.binary_control_share * len(text):
        raise BinaryInputError("mostly control characters, not text", where=where, remedy="give plain text")
    return text


def _decode_unmarked(body: bytes, settings: IngestSettings, declared: str | None) -> str | None:
    try:
        return_text = body.decode("utf-8")
    except UnicodeDecodeError:
        return_text = None
    if return_text is not None and "\x00" not in return_text:
        return return_text
    wide = _unmarked_utf16(body, settings)
    if wide is not None or return_text is not None:
        return wide if wide is not None else return_text
    damaged = _damaged_utf8(body, settings)
    if damaged is not None:
        return damaged
    if declared is not None:
        try:
            return body.decode(declared)
        except (UnicodeDecodeError, LookupError):
            pass  # a page that declares what it is not is guessed like one that declares nothing
    encoding = guess_encoding(body[: settings.sniff_bytes])
    if encoding is None:
        return None
    try:
        return body.decode(encoding)
    except UnicodeDecodeError:
        return body.decode(encoding, "replace")


def _damaged_utf8(body: bytes, settings: IngestSettings) -> str | None:
    text = body.decode("utf-8", "replace")
    beyond_ascii = sum(1 for byte in body if byte >= 0xC0)
    broken = text.count("\ufffd") - body.count(b"\xef\xbf\xbd")
    return text if broken <= settings.utf8_damage_share * beyond_ascii else None


def _unmarked_utf16(body: bytes, settings: IngestSettings) -> str | None:
    pairs = len(body) // 2
    if not pairs or len(body) % 2:
        return None
    even, odd = body[::2].count(0), body[1::2].count(0)
    wanted = settings.utf16_nul_share * pairs
    try:
        if odd >= wanted and not even:
            return body.decode("utf-16-le")
        if even >= wanted and not odd:
            return body.decode("utf-16-be")
    except UnicodeDecodeError:
        return None
    return None


def guess_encoding(sample: bytes) -> str | None:
    """The legacy encoding that fits a sample best, or None for bytes that fit none.

    charset-normalizer measures the mess and the coherence of each candidate; Windows pages of related alphabets often
    tie on short texts, and the tie goes to the one that pages have more often.
    """
    import logging  # noqa: PLC0415 - with the import below, needed for few files

    from charset_normalizer import from_bytes  # noqa: PLC0415 - costs a tenth of a second

    logging.getLogger("charset_normalizer").addHandler(logging.NullHandler())
    matches = list(from_bytes(sample, cp_isolation=list(_LEGACY)))
    if not matches:
        return None
    # several encodings may give one and the same text; the most usual of them stands for it
    ranked = []
    for match in matches:
        names = [name for name in match.could_be_from_charset if name in _LEGACY] or [match.encoding]
        order = min(_LEGACY.index(name) if name in _LEGACY else len(_LEGACY) for name in names)
        ranked.append((match.chaos, -match.coherence, order, names))
    _, _, order, names = min(ranked)
    return _LEGACY[order] if order < len(_LEGACY) else names[0]
