"""What the tool's own terms are called on a page: plain words for relations, rules, stances and kinds of sources."""

from __future__ import annotations

from typing import Final

from provenance.model import Evidence, Link

RELATIONS: Final[dict[str, str]] = {
    "uncredited-copy": "copied without credit",
    "credited-copy": "copied with credit",
    "common-source": "common source",
    "update": "later version by the same outlet",
    "quotation": "same quotation only",
    "credit-only": "credited, text not shared",
    "undetermined": "shared text, direction not decided",
    "ancestor": "one descends from the other",
    "siblings": "both go back to a third article",
    "none": "no link",
}
"""The relation of two articles, in a few words."""

MEANINGS: Final[dict[str, str]] = {
    "uncredited-copy": "One article has text of another and does not say so.",
    "credited-copy": "One article has text of another and names it or its outlet.",
    "common-source": "Both have it from one source, which the collection does not hold. Neither had it from the other.",
    "update": "The same outlet printed the story again.",
    "quotation": "The two share nothing but what somebody said. That does not show that one copied the other.",
    "credit-only": "An article credits an outlet or agency, and shares no text with an article of it that is held.",
    "undetermined": "The two share text. The evidence does not decide who had it from whom.",
    "ancestor": "One has it from the other through articles in between.",
    "siblings": "Both have it from the same third article, not from each other.",
    "none": "Nothing joins the two.",
}
"""The same in a sentence."""

RULES: Final[dict[str, str]] = {
    "shared": "the passage both hold",
    "coverage": "how much of the copied passage the other article holds",
    "earlier": "published earlier",
    "later": "published later, which speaks against",
    "first": "the first of all that hold the passage",
    "same-outlet": "same outlet, an earlier version",
    "document-credit": "credits the outlet for the whole article",
    "passage-credit": "credits the outlet for this passage",
    "lead-in": "names the outlet before the passage",
    "marked": "presents the passage as somebody's words",
    "address": "its page gives the other article's address as its origin",
    "quoted": "puts the passage in somebody's mouth where the other prints it plain",
    "credited-by-others": "other articles with this passage credit that outlet",
    "peculiarity": "words that only these two have, against most others",
    "lacking": "words the other article does not have, which speaks against",
    "agency": "the other one is a news agency, which others print",
    "credited-back": "the other article credits this one, which speaks against",
    "opposite": "evidence for the opposite direction, which speaks against",
    "circle": "steps that lead back to where they began, which speaks against",
    "common-credit": "both credit this source",
    "implied": "words that two of them share and a third lacks",
    "quotation": "the words quoted",
    "own-statement": "the speaker's own statement",
}
"""What each kind of evidence for a link is."""

STANCES: Final[dict[str, str]] = {
    "assert": "",
    "deny": "denied",
    "distanced": "claimed, at a distance",
    "conjecture": "supposed",
    "contested": "contested",
}
"""How a source stands to what is said; nothing for a plain assertion."""

KINDS: Final[dict[str, str]] = {
    "agency": "news agency",
    "outlet": "outlet",
    "person": "person",
    "organization": "organization",
    "collective": "group without a name",
    "anonymous": "anonymous",
    "artefact": "document",
    "statement": "statement",
    "author": "author",
    "unnamed": "not named",
}
"""What sort of thing speaks."""

STEPS: Final[dict[str, str]] = {
    "attribution": "said in the article",
    "document-credit": "credited for the whole article",
    "relay-elsewhere": "read in another article",
}
"""What a step of a chain rests on."""

MATCHES: Final[dict[str, str]] = {
    "copy": "whole article",
    "passage": "running text",
    "quotation": "quoted speech only",
    "furniture": "page furniture",
}
"""What a shared passage is."""

CONFIDENCE: Final = (
    "Confidence is meant as the share of right ones among findings of its kind: of those given 0.80, eight in ten. "
    "That of links was measured on a mailing list, where it is known who answered whom. Of 30 links of news with 0.80 "
    "or more that were read by eye, 27 were right and 2 wrong; of 6 copies without credit, which never get 0.80, 2 "
    "were right. That of statements was measured on English political news. That of chains is an estimate. A number is "
    "no proof: read the words, on both sides."
)
"""What confidence means, and its limits."""
LEAD: Final = (
    "Each of these is a lead, not a proof. Read the two side by side, look at the pages themselves, and ask both sides "
    "before you publish."
)
"""What is said above every list of uncredited copies."""


def rule(evidence: Evidence) -> str:
    """What a piece of evidence shows, in words."""
    known = RULES.get(evidence.rule)
    if known is not None:
        return known
    if evidence.weight:
        # a rule that this list does not know yet
        return evidence.rule.replace("-", " ").replace(":", ", ")
    return "credit on its page" if evidence.where == "page" else "names its source"


def others(link: Link) -> tuple[str, ...]:
    """The articles of a link but the one it speaks of."""
    return tuple(each for each in link.documents if each != link.downstream)
