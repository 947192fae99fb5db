"""What people see in the terminal: tables that fit the window, words of others made harmless.

Nothing of an article reaches the terminal as it is: control characters (escape sequences among them), bidirectional
overrides and zero-width marks are shown as their code points, and rich's own markup is never interpreted.
"""

from __future__ import annotations

import os
import sys
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from rich.console import Console
from rich.text import Text

from provenance.export.tags import UNTAGGED, Named, Tags
from provenance.model import Article, Attribution, Chain, Evidence, Link, Span
from provenance.terminal_lines import lines_of, printed

if TYPE_CHECKING:
    from provenance.reports import ArticleView, Comparison
    from provenance.reuse.edits import Edit
    from provenance.store import ClusterRow, LeadingRow, SourceRow

ARROW: Final = " ← "
Block = tuple[str, Sequence[str]]
"""A row where there is no room for a table: its first line, and those below."""
_GAP: Final = 2
"""Columns between two of a table."""
_NARROWEST: Final = 12
"""Columns that indented text has at least."""
_SPACES: Final = frozenset(" \t\n\r\x0b\x0c\x85\u2028\u2029\u00a0")
_QUOTATION_MARKS: Final = '“”„"«» '
_MARKS: Final = (
    ("content", "underline", ("‹", "›")),
    ("source", "bold cyan", ("[", "]")),
    ("cue", "bold yellow", ("{", "}")),
)
"""What is marked in an article's text, its colour, and its brackets where there is none."""
STANCES: Final = {
    "deny": "denied",
    "distanced": "claimed, at a distance",
    "conjecture": "supposed",
    "contested": "contested",
}
"""What is said of a chain's stance; nothing of a plain assertion."""


def console(*, stderr: bool = False) -> Console:
    """A console that respects NO_COLOR and COLUMNS; without colour, and 100 columns wide, where there is no window."""
    made = Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    if not made.is_terminal and not os.environ.get("COLUMNS", "").isdecimal():
        made.width = 100
    return made


def printable(text: str) -> str:
    """A text on one line, with white space folded and nothing left that a terminal would act on."""
    parts: list[str] = []
    for character in text:
        if character in _SPACES:
            parts.append(" ")
        elif unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn"}:
            parts.append(f"<U+{ord(character):04X}>")
        else:
            parts.append(character)
    return " ".join("".join(parts).split())


def shortened(text: str, width: int) -> str:
    """A text on one line of at most `width` characters, cut at a word where it is cut."""
    text = printable(text[: 4 * width + 40])
    if len(text) <= width:
        return text
    cut = text[: width - 1]
    at = cut.rfind(" ")
    return (cut[:at] if at > width // 2 else cut).rstrip(" ,;:") + "…"


def label(article: Article, width: int = 60) -> str:
    """A short name for an article: its title, or its first words."""
    return shortened(article.title or article.text.lstrip()[: 4 * width], width)


def when(article: Article) -> str:
    """When it was published, as fine as it is known; "undated" where nothing says."""
    if article.published is None:
        return "undated"
    start = article.published.start
    cut = {"year": 4, "month": 7, "day": 10}.get(article.published.precision, 16)
    return start[:cut].replace("T", " ")


def tagged(tags: Iterable[str]) -> str:
    """Tags behind a name: " {state media, known mirror}"; nothing where there are none."""
    shown = ", ".join(map(printable, tags))
    return f" {{{shown}}}" if shown else ""


def _named(every: Iterable[str], tags: Named) -> str:
    return ARROW.join(printable(name) + tagged(tags.get(name, ())) for name in every)


def names(chain: Chain, tags: Tags = UNTAGGED) -> str:
    """A chain from the nearest relayer to the ultimate source."""
    return _named((hop.name for hop in chain.hops), tags.chain(chain))


def quoted(text: str, width: int) -> str:
    """Words of an article as evidence; its own quotation marks at the ends give way to ours."""
    return f"“{shortened(text, width).strip(_QUOTATION_MARKS)}”"


class Column(NamedTuple):
    """A column of a list; `least` is how narrow it may become by breaking its cells into lines, 0 for not at all."""

    name: str
    least: int = 0
    side: Literal["left", "right"] = "left"


def listed(out: Console, columns: Sequence[Column], rows: Sequence[Sequence[str]], block: Callable[..., Block]) -> None:
    """A table where the window has room for one, else a block of lines for each row.

    Args:
        out: where to.
        columns: of the table.
        rows: the cells as text, nothing in them that a terminal would act on.
        block: a row's cells as its first line and the lines below, for narrow windows.
    """
    from rich.cells import cell_len  # noqa: PLC0415 - only tables need it
    from rich.table import Table  # noqa: PLC0415

    needed = _GAP * (len(columns) - 1)
    for place, column in enumerate(columns):
        width = max([cell_len(column.name), *(cell_len(row[place]) for row in rows)])
        needed += min(width, column.least or width)
    if needed > out.width:
        for row in rows:
            first, below = block(*row)
            indented(out, Text(first, style="bold"), 0)
            for line in below:
                indented(out, line, 2)
        return
    table = Table(box=None, show_edge=False, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="bold")
    for column in columns:
        table.add_column(column.name, overflow="fold", no_wrap=not column.least, justify=column.side)
    for row in rows:
        table.add_row(*map(Text, row))
    out.print(table)


def counted(count: str, one: str) -> str:
    """A number with its noun: "1 article", "2 articles"."""
    return f"{count} {one}" if count == "1" else f"{count} {one}s"


def heading(out: Console, text: str) -> None:
    """A heading with an empty line above it."""
    out.print()
    out.print(Text(text, style="bold"))


def documents(out: Console, articles: Iterable[Article], tags: Tags = UNTAGGED) -> None:
    """A table of articles."""
    columns = (Column("id"), Column("title", 22), Column("outlet", 16), Column("published"), Column("lang"))
    rows = [
        (
            printable(article.id),
            label(article),
            printable(article.outlet or "outlet unknown") + tagged(tags.article(article)),
            when(article),
            printable(article.language or "?"),
        )
        for article in articles
    ]
    listed(
        out, columns, rows, lambda name, title, outlet, date, language: (name, [title, f"{outlet}, {date}, {language}"])
    )


def clusters(out: Console, rows: Sequence[ClusterRow]) -> None:
    """A table of passages that articles share."""
    columns = (
        Column("passage", side="right"),
        Column("copies", side="right"),
        Column("words", side="right"),
        Column("kind"),
        Column("first copy in"),
        Column("text", 36),
    )
    cells = [
        (
            str(row.cluster),
            str(row.copies),
            str(row.words),
            row.kind,
            printable(row.document),
            shortened(row.sample, 90),
        )
        for row in rows
    ]

    def block(number: str, copies: str, words: str, kind: str, first: str, text: str) -> Block:
        return f"{number}  {kind}, {copies} copies, {counted(words, 'word')}", [f"first in {first}", text]

    listed(out, columns, cells, block)


def copies(out: Console, found: Iterable[tuple[Article, Span, str]]) -> None:
    """The copies of one passage, each with its words."""
    for article, span, kind in found:
        head = f"{printable(article.id)} [{span.start}:{span.end}] {kind}, "
        head += f"{printable(article.outlet or 'outlet unknown')}, {when(article)}"
        indented(out, Text(head, style="bold"), 0)
        indented(out, shortened(article.text[span.start : span.end], 400), 2)


def link_line(link: Link, tags: Tags = UNTAGGED) -> Text:
    """One link in a line."""
    downstream = printable(link.downstream)
    upstream = printable(link.upstream or link.upstream_name or "?")
    held = "" if link.upstream or not link.upstream_name else " (article not held)"
    if link.relation == "common-source":
        text = f"{downstream} has text in common with others from {upstream}{held}"
    elif link.relation == "quotation":
        who = printable(link.upstream_name) or "somebody"
        text = f"{downstream} shares only words of {who} with {_others(link)}"
    elif link.relation == "undetermined":
        text = f"{downstream} shares text with {_others(link)}; who had it from whom is not decided"
    else:
        text = f"{downstream}{ARROW}{upstream}{held}"
    words = "; ".join(f"{printable(name)}{tagged(every)}" for name, every in tags.link(link).items())
    tail = f"  {link.relation}, {link.confidence:.2f}" + (f"; {words}" if words else "")
    return Text.assemble(text, (tail, "dim"))


def _others(link: Link) -> str:
    others = [printable(each) for each in link.documents if each != link.downstream]
    return ", ".join(others[:3]) + (f" and {len(others) - 3} more" if len(others) > 3 else "") if others else "others"


def links(out: Console, found: Iterable[Link], tags: Tags = UNTAGGED, *, evidence: bool = False) -> None:
    """Links, each on a line, with their evidence below where asked for."""
    for link in found:
        indented(out, link_line(link, tags), 2)
        if evidence:
            for each in link.evidence:
                indented(out, _evidence(each, out.width - 6), 6, style="dim")


def _evidence(evidence: Evidence, width: int) -> str:
    place = "page" if evidence.where == "page" else f"{evidence.start}:{evidence.end}"
    weight = f" {evidence.weight:+.1f}" if evidence.weight else ""
    head = f"{printable(evidence.document)} [{place}] {evidence.rule}{weight} "
    # in a narrow window the words stand on lines of their own
    return head + quoted(evidence.text, max(60, width - len(head) - 2))


def chain_lines(out: Console, chain: Chain, *, tags: Tags = UNTAGGED, evidence: bool = True) -> None:
    """A chain, with the words that show it below."""
    stance = STANCES.get(chain.stance)
    tail = f"  {chain.confidence:.2f}" + (f", {stance}" if stance else "")
    indented(out, Text.assemble((names(chain, tags), "cyan"), (tail, "dim")), 2)
    if evidence:
        indented(out, evidence_words(chain), 6, style="dim")


def chains(out: Console, found: Iterable[Chain], tags: Tags = UNTAGGED) -> None:
    """Chains below the articles that make them."""
    last = None
    for each in found:
        if each.document != last:
            indented(out, Text(printable(each.document), style="bold"), 0)
            last = each.document
        chain_lines(out, each, tags=tags)


def evidence_words(chain: Chain, width: int = 90) -> str:
    """The words that show a chain: those of the article itself in their order, then those of other articles.

    Each piece is cut to `width` characters; pieces within others are left out.
    """
    pieces = {
        (each.document != chain.document, each.document, each.start, -each.end, each.text)
        for hop in chain.hops
        for each in hop.evidence
        if each.text
    }
    shown: list[str] = []
    reached: tuple[str, int] = ("", 0)
    for _, document, start, minus_end, text in sorted(pieces):
        if (document, -minus_end) <= reached and reached[0] == document and start:
            continue
        reached = (document, -minus_end)
        shown.append(quoted(text, width))
    return " … ".join(shown)


def indented(out: Console, text: str | Text, indent: int, style: str = "") -> None:
    """Print with every line indented; where nobody watches, on one line, so that programs find it whole."""
    whole = text if isinstance(text, Text) else Text(text, style=style)
    if not out.is_terminal:
        out.print(" " * indent + whole.plain, soft_wrap=True)
        return
    for line in whole.wrap(out, max(out.width - indent, _NARROWEST), overflow="fold"):
        line.rstrip()
        line.pad_left(indent)
        out.print(line, soft_wrap=True)


def sources(out: Console, rows: Sequence[SourceRow | LeadingRow], tags: Tags = UNTAGGED) -> None:
    """A table of sources."""
    columns = (
        Column("source", 22),
        Column("kind"),
        Column("held", side="right"),
        Column("articles", side="right"),
        Column("statements", side="right"),
    )
    cells = [
        (
            shortened(row.name, 60) + tagged(tags.outlet(row.outlet)),
            row.kind,
            str(row.held) if row.outlet else "",
            str(row.articles),
            str(row.statements),
        )
        for row in rows
    ]

    def block(name: str, kind: str, held: str, articles: str, statements: str) -> Block:
        also = f", {held} held" if held else ""
        return name, [f"{kind}{also}; {counted(statements, 'statement')} in {counted(articles, 'article')}"]

    listed(out, columns, cells, block)


def article(out: Console, view: ArticleView, tags: Tags = UNTAGGED) -> None:
    """An article with its sources, cues and contents marked, then what is known of it."""
    out.print(Text(label(view.article, out.width), style="bold"))
    out.print(
        Text(
            f"{printable(view.article.id)}, {printable(view.article.outlet or 'outlet unknown')}"
            f"{tagged(tags.article(view.article))}, "
            f"{when(view.article)}, {view.article.language or 'language unknown'}",
            style="dim",
        )
    )
    out.print()
    _marked_text(out, view)
    heading(out, f"Attributions ({len(view.attributions)})")
    for attribution in view.attributions:
        _attribution(out, attribution, tags)
    heading(out, f"Chains ({len(view.chains)})")
    for chain in view.chains:
        chain_lines(out, chain, tags=tags)
    heading(out, f"Shared passages ({len(view.passages)})")
    for passage in view.passages:
        span = passage.span
        words = shortened(view.article.text[span.start : span.end], max(60, out.width - 40))
        indented(out, f"{passage.cluster} {passage.kind} [{span.start}:{span.end}] {words}", 2)
    heading(out, f"Links ({len(view.links)})")
    links(out, view.links, tags, evidence=True)


def attributions(out: Console, found: Iterable[Attribution], tags: Tags = UNTAGGED) -> None:
    """Attributions below the articles that make them."""
    last = None
    for each in found:
        if each.document != last:
            out.print(printable(each.document), style="bold")
            last = each.document
        _attribution(out, each, tags)


def _attribution(out: Console, attribution: Attribution, tags: Tags) -> None:
    chain = _named((source.name for source in attribution.chain), tags.attribution(attribution))
    for name, meaning in tags.meant(attribution).items():
        chain = chain.replace(printable(name), f"{printable(name)} (for the {meaning})", 1)
    details = f"{attribution.kind}, {attribution.stance}, {attribution.confidence:.2f}, rule {attribution.rule}"
    indented(out, Text.assemble((chain, "cyan"), (f"  {details}", "dim")), 2)
    indented(out, " … ".join(quoted(each.text, 90) for each in attribution.evidence), 6, style="dim")


def _marked_text(out: Console, view: ArticleView) -> None:
    """The text with sources, cues and contents marked: by colour on a terminal, else by brackets."""
    text = view.article.text
    plain = out.no_color or not out.is_terminal
    marked = {name: _united(found) for name, found in _marked(view).items()}
    if view.attributions:
        legend = Text("Marked: ", style="dim")
        for name, style, (opening, closing) in _MARKS:
            legend.append(f"{opening}{name}{closing}" if plain else name, style="" if plain else style)
            legend.append(" ")
        out.print(legend)
    brackets: dict[int, str] = {}
    for name, _, (opening, closing) in _MARKS if plain else ():
        for start, end in marked[name]:
            # what opens first closes last
            brackets[start] = brackets.get(start, "") + opening
            brackets[end] = closing + brackets.get(end, "")
    cuts = sorted({edge for found in marked.values() for span in found for edge in span})
    for start, end in lines_of(text):
        line = Text()
        inside = cuts[bisect_right(cuts, start) : bisect_right(cuts, end)]
        line.append(brackets.pop(start, ""))
        for low, high in pairwise(dict.fromkeys([start, *inside, end])):
            styles = [] if plain else [style for name, style, _ in _MARKS if _within(marked[name], low)]
            line.append(_keeping_spaces(text[low:high]), style=" ".join(styles))
            line.append(brackets.pop(high, ""))
        printed(out, line)


def _marked(view: ArticleView) -> dict[str, list[tuple[int, int]]]:
    spans: dict[str, list[tuple[int, int]]] = {name: [] for name, _, _ in _MARKS}
    for each in view.attributions:
        for name, mention in (("source", each.source), ("cue", each.cue)):
            if mention:
                spans[name].append((mention.span.start, mention.span.end))
        spans["content"].extend((span.start, span.end) for span in each.content)
    return spans


def _united(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Stretches that overlap or touch as one, in order."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif start < end:
            found.append((start, end))
    return found


def _within(spans: list[tuple[int, int]], place: int) -> bool:
    at = bisect_right(spans, (place, sys.maxsize)) - 1
    return at >= 0 and spans[at][0] <= place < spans[at][1]


def _keeping_spaces(text: str) -> str:
    """Like `printable`, but spaces at the ends of a piece stay."""
    middle = printable(text)
    if not middle:
        return " " if text else ""
    return (" " if text[0].isspace() else "") + middle + (" " if text[-1].isspace() else "")


def comparison(out: Console, compared: Comparison) -> None:
    """Two articles' shared passages with what was changed."""
    for name, each in (("A", compared.a), ("B", compared.b)):
        head = f"{name}  {printable(each.id)}, {printable(each.outlet or 'outlet unknown')}, {when(each)}"
        out.print(Text(head, style="bold"))
    out.print(Text(f"{compared.relation}: {printable(compared.why)}"))
    if compared.passages:
        out.print()
        out.print(Text.assemble("in A only ", ("[-so-]", "red strike"), ", in B only ", ("{+so+}", "green underline")))
    else:
        out.print(Text("They share no passage."))
    for number, passage in enumerate(compared.passages, 1):
        match = passage.match
        heading(
            out,
            f"Passage {number}: {match.kind}, {match.similarity:.0%} alike, "
            f"A [{match.a_span.start}:{match.a_span.end}], B [{match.b_span.start}:{match.b_span.end}]",
        )
        printed(out, edited_text(passage.edits, compared.a.text, compared.b.text))
    for link in compared.links:
        heading(out, "Link")
        links(out, [link], evidence=True)


def edited_text(edits: Sequence[Edit], text_a: str, text_b: str) -> Text:
    """The copy in B with what A has otherwise, as word processors show tracked changes."""
    line = Text()
    for edit in edits:
        old = _keeping_spaces(text_a[edit.a.start : edit.a.end])
        new = _keeping_spaces(text_b[edit.b.start : edit.b.end])
        if len(line) and not line.plain.endswith(" "):
            line.append(" ")
        if edit.kind == "equal":
            line.append(new)
            continue
        if old:
            line.append(f"[-{old}-]", style="red strike")
        if new:
            line.append(f"{{+{new}+}}", style="green underline")
    return line
