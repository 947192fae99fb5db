from __future__ import annotations

import codecs
import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.errors import BinaryInputError, InputError, MalformedError
from provenance.ingest.encodings import declared_charset, decode, describe_binary, without_surrogates
from provenance.settings import IngestSettings

SETTINGS = IngestSettings()
FRENCH = "Le maître du port a déclaré que l’équipage était prêt à lever l’ancre dès la fin de la tempête."
RUSSIAN = "Начальник порта сообщил совету, что паром не выйдет в море, пока не закончится шторм."


def decoded(data: bytes, declared: str | None = None) -> str:
    return decode(data, SETTINGS, where="x.txt", declared=declared)


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_mark_decides_and_is_removed(mark: bytes, encoding: str) -> None:
    assert decoded(mark + RUSSIAN.encode(encoding)) == RUSSIAN


def test_newlines_are_kept() -> None:
    assert decoded(b"a\r\nb\rc\n\n") == "a\r\nb\rc\n\n"


def test_utf8_wins_over_what_is_declared() -> None:
    assert decoded(FRENCH.encode(), "cp1252") == FRENCH


def test_what_is_declared_wins_over_a_guess() -> None:
    assert decoded(RUSSIAN.encode("koi8-r"), "koi8-r") == RUSSIAN


def test_a_wrong_declaration_is_guessed_over() -> None:
    assert decoded(RUSSIAN.encode("cp1251"), "ascii") == RUSSIAN


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", FRENCH),
        ("cp1252", "The master’s “boat” – again."),
        ("cp1251", RUSSIAN),
        ("koi8-r", RUSSIAN),
        ("cp1256", "قال مدير الميناء للمجلس إن العبارة لن تبحر قبل أن تهدأ العاصفة."),
        ("gb18030", "港口负责人告诉委员会，在暴风雨过去之前渡轮不会启航。"),
        ("shift_jis", "港の責任者は委員会に、嵐が過ぎるまで船は出ないと述べた。"),
    ],
)
def test_legacy_encodings_are_guessed(encoding: str, text: str) -> None:
    assert decoded(text.encode(encoding)) == text


def test_a_few_broken_bytes_do_not_make_another_encoding() -> None:
    data = RUSSIAN.encode() + b"\xff" + RUSSIAN.encode()
    assert decoded(data) == RUSSIAN + "\ufffd" + RUSSIAN


def test_a_file_cut_within_a_character_is_utf8() -> None:
    assert decoded(RUSSIAN.encode() + "я".encode()[:1]) == RUSSIAN + "\ufffd"


def test_utf16_without_a_mark() -> None:
    text = "The ferry did not sail."
    assert decoded(text.encode("utf-16-le")) == text
    assert decoded(text.encode("utf-16-be")) == text


@pytest.mark.parametrize(
    "data", [b"text\x00with a nul", b"\x00" * 100, bytes(range(1, 32)) * 20, bytes(range(256)) * 8]
)
def test_bytes_that_are_no_text(data: bytes) -> None:
    with pytest.raises(BinaryInputError) as caught:
        decoded(data)
    assert caught.value.where == "x.txt"
    assert caught.value.remedy


def test_the_share_of_controls_is_a_setting() -> None:
    data = b"ab\x01c"
    with pytest.raises(BinaryInputError):
        decode(data, dataclasses.replace(SETTINGS, binary_control_share=0.2), where="x")
    assert decode(data, dataclasses.replace(SETTINGS, binary_control_share=0.3), where="x") == "ab\x01c"


def test_a_mark_that_is_wrong_is_named() -> None:
    with pytest.raises(MalformedError, match="UTF-16"):
        decoded(codecs.BOM_UTF16_LE + b"\x00\xd8a")


@pytest.mark.parametrize(
    ("head", "what"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"GIF89a", "GIF"),
        (b"PK\x03\x04rest", "ZIP"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"BZh91AY&SY\x00", "bzip2"),
        (b"{\\rtf1", "Rich Text"),
        (b"SQLite format 3\x00", "SQLite"),
        (b"RIFF\x00\x00\x00\x00WEBP", "picture"),
        (b"\x00\x00\x00\x18ftypmp42", "film"),
    ],
)
def test_magic_numbers_are_named_with_a_remedy(head: bytes, what: str) -> None:
    found = describe_binary(head)
    assert found is not None
    assert what in found[0]
    assert found[1]


@pytest.mark.parametrize("head", [b"", b"BZhang said on Monday", b"ID3 of the list", b"OggS is a name", b"MM. Dupont"])
def test_words_are_no_magic_numbers(head: bytes) -> None:
    assert describe_binary(head) is None


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b'<meta charset="koi8-r">', "koi8-r"),
        (b"<meta charset=windows-1251>", "cp1251"),
        (b'<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">', "cp1252"),
        (b'<?xml version="1.0" encoding="ISO-8859-2"?>', "iso8859-2"),
        (b'<meta charset="gb2312">', "gb18030"),
        (b'<meta charset="utf-7">', None),
        (b'<meta charset="unicode_escape">', None),
        (b'<meta charset="no-such">', None),
        (b"<p>charset=koi8-r</p>", None),
    ],
)
def test_declared_charsets(head: bytes, name: str | None) -> None:
    assert declared_charset(head) == name


def test_codecs_that_are_no_text_encodings_do_no_harm() -> None:
    assert decoded(RUSSIAN.encode("cp1251"), declared_charset(b'<meta charset="hex">')) == RUSSIAN


def test_lone_surrogates_become_replacement_characters() -> None:
    assert without_surrogates("a\ud800b\udfffc") == "a\ufffdb\ufffdc"
    assert without_surrogates("😀 kept") == "😀 kept"


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([None, "cp1251", "utf-8", "euc_jp"]))
def test_any_bytes_give_text_or_an_input_error(data: bytes, declared: str | None) -> None:
    try:
        text = decoded(data, declared)
    except InputError:
        return
    text.encode("utf-8")


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=200))
def test_utf8_comes_back_as_it_was(text: str) -> None:
    data = text.encode()
    if describe_binary(data) is None and not text.startswith("\ufeff"):
        assert decoded(data) == text
