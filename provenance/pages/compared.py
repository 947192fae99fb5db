"""Two articles side by side: each shared passage with its edits, then how they stand to each other, and why."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from provenance.model import Article, Span
from provenance.pages.addresses import Addresses
from provenance.pages.fragments import link_item
from provenance.pages.marked import language_tag
from provenance.pages.naming import Held
from provenance.pages.rendering import rendered
from provenance.pages.visible import ShownText, count
from provenance.reports import Compared, Comparison
from provenance.settings import PagesSettings

_DEFAULT: Final = PagesSettings()
_FIGURE: Final = re.compile(r"\d(?:[\d.,]*\d)?")


@dataclass(frozen=True, slots=True)
class _Pair:
    """A shared passage as its two cells, with what is said above them."""

    kind: str
    similarity: float
    cluster: int
    a: Markup
    b: Markup
    changed: int


def comparison(
    compared: Comparison,
    addresses: Addresses,
    *,
    held: Held | None = None,
    settings: PagesSettings = _DEFAULT,
    level: int = 2,
) -> Markup:
    """What two articles share, with what was changed.

    Words that only the left copy has are struck through (`<del>`), words that only the right copy has are underlined
    (`<ins>`); long stretches without a change are cut in the middle.

    Args:
        compared: of `Corpus.compare`.
        addresses: where things are shown.
        held: articles by id, for the names of those that links name; their texts are not read.
        settings: how much is shown.
        level: of the headings.
    """
    ordered = sorted(compared.passages, key=lambda one: (-len(one.match.a_span), one.match.a_span))
    kept = sorted(ordered[: settings.passages_compared], key=lambda one: (one.match.a_span, one.match.b_span))
    texts = ShownText(compared.a.text), ShownText(compared.b.text)
    known = {**(held or {}), compared.a.id: compared.a, compared.b.id: compared.b}
    return rendered(
        "comparison.html",
        compared=compared,
        one=compared.a,
        two=compared.b,
        languages=(language_tag(compared.a.language), language_tag(compared.b.language)),
        figures=figures_changed(compared)[: settings.overview_rows],
        pairs=[_pair(compared, each, texts, settings) for each in kept],
        left=len(ordered) - len(kept),
        said=[link_item(link, addresses, held=known, part="said", settings=settings) for link in compared.links],
        why=[
            link_item(link, addresses, held=known, part="why", opened=True, settings=settings)
            for link in compared.links
        ],
        a=addresses,
        held=known,
        h=level,
    )


def figures_changed(compared: Comparison) -> list[tuple[str, str]]:
    """Numbers that stand in the same place of a passage and differ: as the one has them, as the other has them."""
    found: dict[tuple[str, str], None] = {}
    for each in compared.passages:
        for edit in each.edits:
            if edit.kind == "replaced":
                before = _FIGURE.findall(compared.a.text[edit.a.start : edit.a.end])
                after = _FIGURE.findall(compared.b.text[edit.b.start : edit.b.end])
                if before and len(before) == len(after):
                    found.update(dict.fromkeys(pair for pair in zip(before, after, strict=True) if len(set(pair)) > 1))
    return list(found)


def _pair(compared: Comparison, each: Compared, texts: tuple[ShownText, ShownText], settings: PagesSettings) -> _Pair:
    changed = [edit for edit in each.edits if edit.kind != "equal"]
    match = each.match
    return _Pair(
        match.kind,
        match.similarity,
        match.cluster,
        _cell(compared.a, texts[0], match.a_span, [edit.a for edit in changed], "del", settings),
        _cell(compared.b, texts[1], match.b_span, [edit.b for edit in changed], "ins", settings),
        len(changed),
    )


def _cell(
    article: Article, text: ShownText, span: Span, changed: Sequence[Span], tag: str, settings: PagesSettings
) -> Markup:
    """One copy: a little of what stands around it, then its words with those marked that the other copy lacks."""
    around = settings.around_characters
    begin, end = text.snapped(max(span.start, 0)), text.snapped(min(span.end, len(article.text)))
    before = text.word_end(begin - around, begin) if begin > around else 0
    behind = text.word_end(min(len(article.text), end + around), len(article.text))
    parts = [_around(text, before, begin, opening=before > 0)]
    at = begin
    wrap = Markup(f"<{tag}>{{}}</{tag}>")  # noqa: S704 - the tag is ours
    for each in changed:
        low, high = text.snapped(each.start), text.snapped(each.end)
        if low < at or low >= high:
            continue
        parts += [_alike(text, at, low, settings), wrap.format(text.of(low, high))]
        at = high
    parts += [_alike(text, at, max(at, end), settings)]
    parts.append(_around(text, max(at, end), behind, closing=behind < len(article.text)))
    return Markup("").join(parts)


def _alike(text: ShownText, start: int, end: int, settings: PagesSettings) -> Markup:
    """A stretch without a change, cut in the middle where it is long."""
    half = settings.alike_characters // 2
    if end - start <= 3 * half:
        return text.of(start, end)
    left, right = text.word_end(start + half, end), text.word_end(end - half, end)
    note = Markup(' <span class="skipped">[… {} the same …]</span> ').format(count(right - left, "character"))
    return text.of(start, left) + note + text.of(right, end)


def _around(text: ShownText, start: int, end: int, *, opening: bool = False, closing: bool = False) -> Markup:
    if start >= end:
        return Markup("")
    return Markup('<span class="around">{}{}{}</span>').format(
        "… " if opening else "", text.of(start, end), " …" if closing else ""
    )
