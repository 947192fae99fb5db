"""Every threshold, named and explained. No number that decides anything stands elsewhere in the package.

A settings file is TOML with one table a stage:

    [reuse]
    shingle_words = 5

    [attribution]
    minimum_confidence = 0.3

`Settings.from_toml` refuses names it does not know and values of another type.
"""

from __future__ import annotations

import dataclasses
import math
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from provenance.errors import SettingsError

if sys.version_info >= (3, 11):
    import tomllib
else:  # pragma: no cover - the same parser under its older name
    import tomli as tomllib


_LARGEST = 256 * 1024
"""Characters of a settings file; all settings with their reasons have a fifth of it."""


def setting(default: Any, reason: str) -> Any:
    """A field with its reason, which the documentation prints."""
    return field(default=default, metadata={"reason": reason})


SENSITIVITIES = ("verbatim", "edited", "rewritten")
"""How much a passage may be changed and still be found."""


@dataclass(frozen=True, slots=True)
class IngestSettings:
    """Reading files, pages and records."""

    maximum_file_bytes: int = setting(
        64 * 1024 * 1024,
        "A text, Markdown or HTML file beyond this is no article; it is refused before it is read.",
    )
    pipe_seconds: float = setting(
        60.0, "How long the first byte of a named pipe is waited for; one that nobody writes to would be without end."
    )
    maximum_page_bytes: int = setting(
        8 * 1024 * 1024,
        "An HTML page beyond this is a dump or an attack; the largest article pages are near 3 MB with their scripts.",
    )
    maximum_page_elements: int = setting(
        50_000,
        "Beyond this many elements main-text extraction, which walks the page many times over, is left out and the "
        "plain text of the body taken; article pages have 500 to 5,000.",
    )
    maximum_record_bytes: int = setting(
        16 * 1024 * 1024,
        "A JSON line, a CSV line or a CSV field beyond this is an error of its record, so that one line without end "
        "cannot fill the memory.",
    )
    maximum_unpacked_bytes: int = setting(
        16 * 1024 * 1024 * 1024,
        "Where a gzip file of records stops being read: such files are streamed, so the bound is against packed "
        "nonsense that would take days.",
    )
    maximum_unpacked_ratio: int = setting(
        250,
        "A gzip file that unpacks to more than so many times its size, and to more than `maximum_file_bytes`, is a "
        "bomb; articles pack to a third or a tenth, nothing packs beyond a thousandth.",
    )
    maximum_listed_errors: int = setting(
        1000, "Records of one file that cannot be used and are listed one by one; those behind are counted."
    )
    maximum_errors_in_a_row: int = setting(
        100_000,
        "After so many records in a row that cannot be used the rest of a file is left out: it is not what its name "
        "says.",
    )
    maximum_tag_attributes: int = setting(
        1000,
        "Attributes of one tag of a page or feed that are kept: parsers compare each with all before it, so that a tag "
        "of 100,000 takes minutes. Real tags have fewer than fifty.",
    )
    archive_header_bytes: int = setting(
        64 * 1024,
        "The fields of a WARC record, and those of the HTTP response in it, end within so many bytes; servers refuse "
        "more than 8 to 16 KiB.",
    )
    archive_damage: int = setting(
        1000, "A WARC file damaged in more places is given up; each is an error of its own until then."
    )
    sniff_bytes: int = setting(
        64 * 1024,
        "Read first to tell what a file is, and how it is encoded where it is streamed; heads of pages fit in it.",
    )
    binary_control_share: float = setting(
        0.1,
        "A file with more control characters than this share of its characters is no text, even where it decodes.",
    )
    utf16_nul_share: float = setting(
        0.25,
        "UTF-16 without a mark is recognised where NULs stand on one side of at least this share of the byte pairs and "
        "never on the other; Latin text has them in nearly all.",
    )
    utf8_damage_share: float = setting(
        0.1,
        "Where no more than this share of the characters beyond ASCII is broken, a file is damaged UTF-8 (the broken "
        "ones become U+FFFD) and not another encoding; text of another encoding is nearly all broken.",
    )
    title_characters: int = setting(200, "A first line longer than this is a paragraph, not a headline.")
    title_words: int = setting(
        3,
        "A shorter line over another headline is a kicker such as 'Breaking News', and the next line is the title.",
    )
    front_matter_lines: int = setting(100, "A Markdown head not closed within so many lines is a rule, not a head.")
    byline_characters: int = setting(120, "A longer text in an element marked as byline is a biography.")
    maximum_bylines: int = setting(
        6, "A page with more different bylines in its elements is an index of articles, and none of them is its own."
    )
    notice_characters: int = setting(
        400, "A republish notice is a paragraph by itself; one longer than this is running text."
    )
    maximum_page_credits: int = setting(
        50, "A page that names more origins than this is a list of links; the first ones are kept."
    )
    maximum_feed_bytes: int = setting(
        8 * 1024 * 1024, "A feed or list of feeds beyond this is an attack; feeds with 100 whole articles have 1 MB."
    )
    maximum_feed_tags: int = setting(
        200_000, "A feed with more tags is an attack: mending what is not well-formed costs 20 µs a tag."
    )
    feed_label_characters: int = setting(4000, "Where titles and addresses in a feed are cut.")
    feed_name_characters: int = setting(
        250,
        "Where names, dates and all else in a feed are cut that is no text, title or address; to look for mail "
        "addresses in names takes time that grows with the square of their length.",
    )
    feed_full_characters: int = setting(
        1000,
        "A feed's description shorter than this is a beginning, not the article; what a feed marks as content is taken "
        "as whole unless it ends in dots.",
    )
    json_ld_depth: int = setting(8, "Levels of lists, graphs and entities followed in JSON-LD; real pages have 3.")
    date_characters: int = setting(80, "A longer string is no date; parsing it would only cost time.")
    language_sample_chars: int = setting(
        500,
        "Characters of an article its language is told from. With 500 all of 1,500 English news articles were told to "
        "be English, with 200 all but three; each hundred costs 0.05 ms.",
    )
    language_minimum_letters: int = setting(
        20, "With fewer letters a guess at the language is chance. One CJK character counts as three letters."
    )
    language_minimum_margin: float = setting(
        3.0,
        "Log-odds the best language must have over the next one; close relatives of one macrolanguage count as one.",
    )


@dataclass(frozen=True, slots=True)
class ReuseSettings:
    """Finding the passages that articles share."""

    sensitivity: str = setting(
        "edited",
        "How much a passage may be changed and still be found: `verbatim`, `edited` (up to three words in ten) or "
        "`rewritten` (reworded, translated there and back, summed up).",
    )
    verbatim_similarity: float = setting(
        0.95, "Share of equal words of a passage that counts as verbatim: a typing error in twenty words."
    )
    verbatim_unmatched_cost: float = setting(
        3.0, "What an unmatched word costs where only verbatim passages are wanted: a change ends the passage."
    )
    shingle_words: int = setting(
        5,
        "Words in a fingerprinted shingle. Five found .996 of planted passages at precision .99; three floods "
        "candidates with stock phrases.",
    )
    winnowing_window: int = setting(
        1,
        "Of this many shingles in a row the smallest is kept; 1 keeps all. Four keeps 40% of them at recall .991, "
        "eight 22% at .972.",
    )
    rare_occurrences: int = setting(
        24,
        "A fingerprint with at most this many occurrences is rare: each is paired with every other.",
    )
    common_neighbours: int = setting(
        3,
        "Each occurrence of a commoner fingerprint is paired with this many that follow: linear cost, and a passage "
        "of a thousand papers is still found, link by link.",
    )
    minimum_seeds: int = setting(2, "Two texts are compared from this many shared fingerprints on.")
    candidate_gap_words: int = setting(
        100,
        "Runs of equal words no further apart than this may be one candidate: where 30% of the words are changed, five "
        "in a row survive every 30 words, now and then only after 80.",
    )
    candidate_drift_words: int = setting(
        40, "Words by which one side of a candidate may run ahead of the other from one run to the next."
    )
    minimum_run_words: int = setting(
        6, "Words in runs that a candidate must have before it is aligned: one shingle and a word."
    )
    extension_words: int = setting(
        40,
        "Words before and after a candidate that are aligned too, to find where an edited passage ends; and the next "
        "ones where these are mostly equal.",
    )
    maximum_runs_chained: int = setting(
        200,
        "Runs of one candidate up to which the best chain of them is sought, at quadratic cost; in more (long lists, "
        "tables) the longest are taken first.",
    )
    maximum_gap_words: int = setting(
        1000,
        "A gap between two runs beyond this is not aligned. No passage goes on over so many foreign words, and the "
        "alignment's memory grows with the square: two crafted texts could ask for all of it.",
    )
    unmatched_cost: float = setting(
        0.6,
        "What an unmatched word costs, an equal one earning 1. Unrelated prose has a quarter of its words in common "
        "order and loses; a passage with 30% of its words changed wins.",
    )
    drop_limit: float = setting(
        25.0, "A passage ends where its score has fallen this far below its best: some forty foreign words in a row."
    )
    minimum_words: int = setting(
        12, "Equal words that a reported passage has. Shorter ones are stock phrases more often than reuse."
    )
    minimum_characters: int = setting(
        24,
        "Characters that either side of a reported passage has. Twelve words of a script with spaces have sixty; in "
        "Chinese, Japanese or Thai, where every letter counts as a word, twelve are an office with its title.",
    )
    minimum_score: float = setting(
        10.0, "Equal words less the cost of the unmatched ones: with 12 words this leaves room for three changes."
    )
    echo_overlap: float = setting(
        0.5,
        "A match whose passage lies by more than this within a heavier match of the same two texts, on either side, "
        "is the echo of words that one text repeats, and is dropped.",
    )
    minimum_similarity: float = setting(
        0.5, "Share of the longer side's words that are equal and in order; half, as the published checks ask."
    )
    content_share: float = setting(
        0.05, "A word in at most this share of the articles is a content word, of which rewordings are known."
    )
    content_documents: int = setting(
        12,
        "In small collections a word in up to this many articles is a content word; it also smooths weights, so that "
        "rarity in a handful of articles does not count as rarity.",
    )
    content_neighbours: int = setting(
        4, "Each content word is paired with this many that follow: rewording swaps words and drops some."
    )
    content_reach_words: int = setting(20, "Content words further apart than this are no neighbours.")
    content_pair_occurrences: int = setting(
        16, "A pair of content words in more places than this tells no passage from another and is not joined."
    )
    rewrite_seeds: int = setting(
        3,
        "Distinct pairs of content words that two texts must have near each other: .98 of the reworded and translated "
        "pairs of articles have three, among 93,000 pairs of 12.8 million.",
    )
    rewrite_gap_words: int = setting(60, "Seeds no further apart than this are one reworded passage.")
    rewrite_margin_words: int = setting(
        30, "Words beside the seeds of one side in which words of the other are looked for at first."
    )
    rewrite_extension_words: int = setting(80, "Words before and behind a candidate into which it may grow.")
    rewrite_unmatched_cost: float = setting(
        0.3, "What a word that the other side lacks costs, as a share of its weight, while a candidate grows."
    )
    rewrite_minimum_weight: float = setting(
        40.0, "Weight of the words in common that a reworded passage has: some eight rare words."
    )
    rewrite_minimum_share: float = setting(
        0.28, "Share of the weight of the heavier side that is in common; two texts on one topic have a tenth."
    )
    rewrite_minimum_strength: float = setting(
        28.0,
        "That share times the weight of the different words in common. A short passage must be close, a long one may "
        "be freer: with it twice as many true rewordings are kept at the same number of false ones.",
    )
    rewrite_exact_share: float = setting(
        0.9, "A reworded passage of which an exact one fills this much is left to it; else it takes its place."
    )
    rewrite_explained: float = setting(
        0.9,
        "The same where an exact one has this share of the weight in common: what the reworded one has more is chance, "
        "and the bounds of a verbatim passage are those of its exact alignment.",
    )
    summary_gap_words: int = setting(600, "Seeds of a summary may lie this far apart on the side that is summed up.")
    summary_seeds: int = setting(6, "Distinct pairs of content words that a summary has in common with its source.")
    summary_ratio: float = setting(3.0, "A summary's source is at least this many times as long.")
    summary_minimum_words: int = setting(25, "A shorter stretch is a sentence on the topic, not a summary.")
    summary_minimum_weight: float = setting(75.0, "Weight of the words that a summary has from its source.")
    summary_minimum_share: float = setting(
        0.6, "Share of a summary's weight that is its source's: chance and a common topic bring a third."
    )
    summary_unmatched_cost: float = setting(
        0.6, "What a word that the source lacks costs, as a share of its weight, while the short side grows."
    )
    summary_gain: float = setting(
        1.15, "A summary is one only where it explains this many times what the passages found within it explain."
    )
    summary_rest_seeds: int = setting(
        4, "Pairs of content words that a summary has from its source outside the passages found within it."
    )
    summary_seed_rate: float = setting(
        0.08, "The same for each of its words outside them: a long text on the topic has the words, but scattered."
    )
    summary_rest_share: float = setting(
        0.6, "Share of a summary's weight outside the passages found within it that is its source's."
    )
    family_shingle_words: int = setting(
        3, "Words in the shingles that whole articles are compared by: with 10% of its words changed a copy keeps 73%."
    )
    family_sample: int = setting(
        4, "One in this many of an article's shingles goes into its signature; articles have hundreds."
    )
    family_minimum_shingles: int = setting(
        12, "Sampled shingles from which on an article can join a family: below it an estimate means nothing."
    )
    family_permutations: int = setting(64, "Length of a signature; the error of its estimate is about 1/8.")
    family_band_rows: int = setting(
        3,
        "Rows in a band of the LSH index; 21 bands of three find nine in ten of the pairs that are half alike, and "
        "every member of a family that was found before helps to find the next. With four rows 240 of 5,000 edited "
        "copies stayed outside, and detection cost half as much again.",
    )
    family_bucket: int = setting(
        8, "Families that one bucket of the LSH index names, the first ones; bounds the work on formulaic texts."
    )
    family_trials: int = setting(
        3, "Representatives, those with the likest signatures, whose words an article is compared with to join them."
    )
    family_coverage: float = setting(
        0.6,
        "Share of an article's words in shingles that its representative has too from which on it belongs to the "
        "family: a copy with a fifth of its words changed has .72. One with half a text of its own stays outside.",
    )
    family_minimum_texts: int = setting(
        5, "Different texts from which on copies are a family; fewer are compared pair by pair, at no cost that shows."
    )
    family_length_classes: int = setting(
        7,
        "Classes of length for each doubling: among articles about equally long (within a tenth) that which is most "
        "like the others, not the longest one, is to represent them.",
    )
    family_own_words: int = setting(
        20,
        "Where its representative can be compared instead, a member of a family is compared only where it has so many "
        "words in a row that the representative lacks: fewer are places where that was edited, and would be reported "
        "as fragments of the passage that the representative shares as a whole.",
    )
    family_own_share: float = setting(
        0.3,
        "Share of so many words up to which shingles that the representative has too are chance, and the stretch is "
        "one that it lacks; where both were edited by a tenth they have two thirds in common.",
    )
    family_seed: int = setting(1, "Seed of the permutations; signatures of different seeds must not be compared.")
    copy_coverage: float = setting(
        0.8, "Two articles are copies as wholes where what they share covers this much of either."
    )
    quotation_share: float = setting(
        0.8, "A passage is quoted speech only where this share of it stands in quotation marks on either side."
    )
    furniture_share: float = setting(
        0.4, "Share of a passage in sentences that speak to the reader of the page, or printed twice, to be furniture."
    )
    furniture_context: int = setting(
        400, "Characters beside a passage in which the controls of a gallery or player are looked for."
    )
    furniture_reach: int = setting(
        4000, "Characters around a passage in which the bounds of its paragraphs are looked for; beyond, all are read."
    )
    furniture_doubled_characters: int = setting(
        40, "Characters from which on a line that its article prints twice counts as a caption or teaser."
    )
    furniture_lines: int = setting(200, "Lines of a passage that are looked for a second time; bounds the work.")
    furniture_articles: int = setting(
        200, "Articles from which on counts tell stock phrases and standing paragraphs from running text."
    )
    furniture_occurrences: float = setting(
        4.0, "Three words in a row are rare where the collection has them at most so often, in small collections."
    )
    furniture_occurrence_rate: float = setting(
        0.1, "Occurrences by which that grows with each million words of the collection."
    )
    furniture_rare_triples: int = setting(
        4, "Rare triples that running text has; of 100 matches read by eye 34 of 35 real ones had four."
    )
    furniture_rare_share: float = setting(0.1, "Share of a longer passage's triples that are rare in running text.")
    furniture_kinship: float = setting(
        0.15,
        "Articles that share this much of their rare words outside the passage tell one story, and what they share is "
        "reuse however common its wording; of 1,000 random pairs of articles one does.",
    )
    furniture_kinship_apart: float = setting(
        0.4,
        "The same where the dates are further apart than `furniture_days`: a column's instalments have all their "
        "headings in common, and only another version of the text itself tells the story months later.",
    )
    furniture_own_words: int = setting(
        40, "Words of a passage from which on it is reuse, whatever it says, if no third article has its wording."
    )
    furniture_own_share: float = setting(
        0.25, "Share of a passage's triples that no third article has, for that; standing matter recurs."
    )
    furniture_near_kinship: float = setting(
        0.04,
        "Articles of one time that share this much speak of one event; a little rare wording then shows reuse.",
    )
    furniture_near_share: float = setting(
        0.75, "Share of the rare triples asked for elsewhere that is enough then: three for a short passage."
    )
    furniture_retold_kinship: float = setting(
        0.1,
        "Articles of one outlet and one time that share this much of their rare words tell one story, and what they "
        "share at an edge belongs to it if its wording is rare.",
    )
    furniture_verbatim_share: float = setting(
        0.9,
        "Share of its triples that a standing paragraph keeps from one article of a house to the next; in the versions "
        "of one story words are changed.",
    )
    furniture_fact_words: int = setting(
        32, "Words up to which the same fact may be told by two outlets in some of the same words by chance."
    )
    furniture_fact_share: float = setting(
        0.4, "Two such tellings share less than this of their triples, and none that is rare."
    )
    furniture_name_share: float = setting(
        0.5,
        "Share of a short passage's words that are names, from which on it is an office with its holder or the title "
        "of a book; of running text a fifth are names.",
    )
    furniture_office_share: float = setting(
        0.4, "The same between articles that share less than `furniture_retold_kinship` outside it."
    )
    furniture_list_share: float = setting(
        0.75, "The same for longer passages between articles of different stories: lists of states or of members."
    )
    furniture_strangers: float = setting(
        0.06, "Articles that share less than this have nothing in common; of random pairs 98 in 100 share less."
    )
    furniture_stranger_factor: float = setting(
        2.5, "How many times as many rare triples a very short passage between strangers needs to be running text."
    )
    furniture_stranger_words: int = setting(
        20, "Words of a passage up to which that holds: names with offices and titles are hardly longer."
    )
    furniture_days: int = setting(14, "Articles dated no further apart may tell one story and are no strangers.")
    furniture_sister_matches: int = setting(
        5, "Pairs of articles of two outlets with the same words to the reader from which on they are of one house."
    )
    furniture_sister_share: float = setting(
        0.05, "Share of the articles of one of the two that such pairs must take in; agencies' notes are in fewer."
    )
    furniture_margin: int = setting(
        4, "Characters between a passage and the end of its line, such as a bullet or a stop, with which it fills it."
    )
    stock_phrase_words: int = setting(
        25, "A passage of articles of different outlets is a stock phrase up to this length only."
    )
    furniture_coverage: float = setting(
        0.35,
        "Articles of one outlet that share less than this of either tell different stories: what they share at an "
        "edge is standing matter.",
    )
    furniture_edge: float = setting(
        0.12, "The part of an article at either end in which standing matter begins or ends."
    )
    pairs_listed_copies: int = setting(
        200, "Clusters of up to this many copies are listed as all their pairs (19,900); larger ones as aligned."
    )
    incremental_articles: int = setting(
        1000,
        "In a smaller collection everything is compared anew after every change: it takes seconds.",
    )
    incremental_share: float = setting(
        0.2,
        "Articles that may be added, changed or deleted, as a share of those there were, before everything is compared "
        "anew. Until then only these are compared, with all; matches among the others keep what counts over the "
        "collection of before made of them.",
    )
    cluster_overlap: float = setting(
        0.5,
        "Two passages of one article are copies of the same one where they overlap by this share of the longer: "
        "a quotation within a copied article stays a cluster of its own.",
    )

    def __post_init__(self) -> None:
        """Refuse what detection cannot work with.

        Raises:
            SettingsError: no words in a shingle, a window that is longer than the shingle, an empty sample, or bands
                that do not fit into a signature.
        """
        if self.sensitivity not in SENSITIVITIES:
            what = f"sensitivity = {self.sensitivity!r} is none that there is"
            raise SettingsError(what, remedy=f"one of {', '.join(SENSITIVITIES)}")
        for name in (
            "shingle_words",
            "winnowing_window",
            "family_shingle_words",
            "family_sample",
            "family_band_rows",
            "family_bucket",
            "family_trials",
            "family_minimum_texts",
            "family_length_classes",
            "family_own_words",
        ):
            if getattr(self, name) < 1:
                raise SettingsError(f"{name} = {getattr(self, name)} is not positive", remedy="1 or more")
        if self.winnowing_window > self.shingle_words:
            what = f"winnowing_window = {self.winnowing_window} is more than shingle_words = {self.shingle_words}"
            raise SettingsError(what, remedy="a window of at most the words of a shingle")
        if self.family_band_rows > self.family_permutations:
            what = (
                f"family_band_rows = {self.family_band_rows} is more than "
                f"family_permutations = {self.family_permutations}"
            )
            raise SettingsError(what, remedy="rows that divide the permutations")


@dataclass(frozen=True, slots=True)
class AttributionSettings:
    """Reading who is said to say what."""

    minimum_confidence: float = setting(
        0.4,
        "Attributions below this are not reported: a wrong link is worse than a missing one.",
    )
    least_relayed: float = setting(
        0.5,
        "Statements within what an outlet is said to report that are less sure than this are left out: read so, the "
        "outlet would be named for words that nobody may have said.",
    )
    least_relayed_loose: float = setting(
        0.75,
        "The same for beliefs, wishes, judgements, promises and bare objects ('O reported that S complained of pain'): "
        "of those below it half were no attributions when read.",
    )
    calibrated: bool = setting(
        True,
        "Whether confidences are shares of attributions that are right, as fitted on annotated articles; else they "
        "are products of priors.",
    )
    attitudes: bool = setting(
        True,
        "Whether verbs of attitude (support, oppose, hope, plan) count as attributions besides verbs of reporting.",
    )
    nested_attitudes: bool = setting(
        False,
        "Whether what somebody is said to support or to hope ('S said the guild hopes to sell') counts, too, with S in "
        "its chain. No link or chain between articles rests on it, and annotators of attributions leave it out.",
    )
    pronoun_factor: float = setting(
        0.85,
        "Confidence kept where a pronoun stands for the source: its antecedent may be another.",
    )
    definite_factor: float = setting(
        0.85,
        "Confidence kept where a definite phrase ('the center', 'the former militant') stands for an earlier speaker.",
    )
    unresolved_factor: float = setting(
        0.7,
        "Confidence kept where a pronoun has no antecedent that spoke before.",
    )
    unknown_speaker_factor: float = setting(
        0.6,
        "Confidence kept where a noun that names no kind of speaker is the subject of another verb than say or tell "
        "('the amendment states', 'the latest attacks'): of 300 such ones half were no attribution.",
    )
    floating_factor: float = setting(
        0.8,
        "Confidence kept where a paragraph that is only a quotation takes the speaker of the one before.",
    )
    quoted_factor: float = setting(
        0.85,
        "Confidence kept for a statement reported inside a quotation.",
    )
    antecedent_paragraphs: int = setting(
        4,
        "How many paragraphs back a pronoun or a definite phrase may find who spoke.",
    )
    variant_letters: int = setting(
        6,
        "Names of outlets at least this long may differ by one letter and be the same (Rossiva-24, Rossiya-24).",
    )
    maximum_name_searches: int = setting(
        300,
        "Names looked up in the whole text of one article; beyond it a surname stays as it is. Bounds hostile input.",
    )
    longest_sentence: int = setting(
        4000,
        "Characters of a sentence that are parsed; longer ones are lists or damaged text.",
    )
    clauses_a_sentence: int = setting(
        24,
        "Reporting clauses read in one sentence of Arabic or Chinese; more are a list or damaged text. Bounds hostile "
        "input.",
    )
    deepest_quotation: int = setting(
        3,
        "Quotations within quotations are read to this depth.",
    )
    credit_head_lines: int = setting(
        8,
        "Lines at the start of a text where a via line, a byline or a dateline may stand.",
    )
    credit_tail_lines: int = setting(
        14,
        "Lines at the end of a text where a sign-off or a republication notice may stand.",
    )
    middle_share: float = setting(
        0.2,
        "Share of the running text that must stand before and behind a line such as 'Source: O' for it to speak for "
        "the paragraph before it; with less it begins or ends the text and speaks for the whole.",
    )
    credit_line_length: int = setting(
        400,
        "A line longer than this is running text and no credit line.",
    )
    outlets: str = setting(
        "",
        "CSV or TOML file of outlets of your own, with aliases, domain, country and tags, relative to where the "
        "command runs; kept in the database when it is read. Empty: those kept.",
    )


@dataclass(frozen=True, slots=True)
class ChainSettings:
    """Inferring who had a text from whom. Weights and penalties are log-odds for one step, from parent to copy."""

    weight_document_credit: float = setting(
        4.0,
        "The whole article credits the parent's outlet. Of 34 real copies with such a credit and at least 30% shared "
        "text, 31 credit the earlier article.",
    )
    weight_passage_credit: float = setting(
        2.5,
        "A sentence in or beside the passage credits the parent's outlet; it may speak of something else.",
    )
    weight_lead: float = setting(
        3.5,
        "The words right before the passage, or a line of it that ends with a colon, name the parent's outlet or "
        "writer in full.",
    )
    lead_characters: int = setting(160, "How far before a passage such words are looked for: two lines.")
    maximum_leads: int = setting(32, "Stretches of one copy that are looked before; bounds the work.")
    weight_address: float = setting(
        4.0,
        "The page names the very address of the parent as its origin, which a credit of its outlet does not.",
    )
    weight_coverage: float = setting(3.0, "The parent holds all words of the copy; in proportion where it does not.")
    weight_elsewhere: float = setting(
        1.5,
        "The parent holds all that the copy's article shares with anybody outside this passage; in proportion where "
        "it does not. Who holds a part alone stands further off.",
    )
    minimum_coverage: float = setting(
        0.15,
        "Share of one copy's pairs of neighbouring words that the other must have; two below it hold different parts "
        "of a passage. Passages with 30% of their words changed keep about half.",
    )
    weight_quoted: float = setting(1.0, "The copy attributes the passage to somebody and the parent prints it plain.")
    weight_peculiarity: float = setting(
        2.0,
        "For each place where both read alike against the other copies (a typo, a changed figure, a tag left over): "
        "the best undated evidence.",
    )
    weight_earlier: float = setting(
        1.2,
        "The parent is dated clearly before the copy; two dates of one day are a tie. Of 10,554 mails that quote an "
        "earlier one 3% are dated before it; more would let a date outweigh the credit of a whole article.",
    )
    weight_first: float = setting(0.5, "The parent is dated before every other copy; it decides nothing alone.")
    weight_agency: float = setting(1.0, "The parent's outlet is a news agency and the copy's is not.")
    weight_credited_by_others: float = setting(1.0, "Another copy of the passage credits the parent's outlet.")
    weight_update: float = setting(
        7.5,
        "An outlet's later version of a story starts from its own earlier one, with the credits that one carried; it "
        "outweighs a document credit and its date.",
    )
    penalty_later: float = setting(
        5.0,
        "The parent is dated clearly after the copy. Soft: times get updated and scrapes lag. Fitted on mails.",
    )
    penalty_later_credited: float = setting(
        2.0,
        "The same where the copy credits the parent: credit beats a timestamp, and the link shows that they disagree.",
    )
    penalty_lacking: float = setting(
        0.9, "For each place where the copy agrees with other copies and the parent reads differently."
    )
    penalty_unseen: float = setting(3.0, "The passage comes from a source not held that nobody credits.")
    penalty_unseen_credited: float = setting(
        1.0, "The passage comes from a source not held that the copy credits: the credit accounts for it."
    )
    weight_unseen_known: float = setting(
        1.5, "Other copies credit a source that is not held; this one may have used it too, without saying so."
    )
    weight_stock_phrase: float = setting(
        4.0,
        "The less of an article is shared, the likelier it is a stock phrase or an official wording that both had from "
        "elsewhere; in full for next to nothing, nothing from `short_passage_words` on.",
    )
    short_passage_words: int = setting(40, "Shared words from which on a passage is no stock phrase.")
    deeper_credit: float = setting(
        0.5, "Share of a credit's weight that is left where another relayer stands before the outlet."
    )
    inherited_credit: float = setting(
        0.25,
        "Share of a credit's weight that is left where its words lie in the copied passage (a dateline): they may "
        "have come with it from another reprint.",
    )
    maximum_peculiarities: int = setting(2, "Places of agreement beyond these are mostly one edit seen many times.")
    maximum_lacking: int = setting(3, "Places of disagreement beyond these are counted by coverage already.")
    maximum_readings: int = setting(400, "Varying words of one copy that are compared; bounds the work on long texts.")
    maximum_readings_shown: int = setting(6, "Peculiar words listed as evidence of one link.")
    reading_gap: int = setting(8, "Varying words at most this far apart are one place: one edit, one added sentence.")
    peculiar_share: float = setting(0.34, "A reading is peculiar where at most this share of the copies has it.")
    tag_characters: int = setting(80, "How far before a passage a bracketed tag, such as '(Reuters)', is looked for.")
    near_characters: int = setting(
        240, "How near the passage, about a sentence and a half, a sentence's credit must stand to speak for it."
    )
    maximum_credits: int = setting(500, "Credits of outlets in one article that are weighed; bounds the work.")
    introduced_share: float = setting(0.5, "Share of a passage that an attribution must cover to introduce it.")
    minimum_margin: float = setting(
        0.7, "Log-odds by which a parent must beat the next and the reverse step; below it the order is undetermined."
    )
    minimum_uncredited_margin: float = setting(
        1.5, "The same for a copy without credit: to say who copied in silence is an accusation."
    )
    uncredited_words: int = setting(
        30,
        "Words outside quoted speech that an article must have from another before it is told to have copied without "
        "credit. Of eight such copies read by eye in news six were statements and lists that both had from elsewhere.",
    )
    uncredited_share: float = setting(
        0.08, "Share of its own words from which on fewer are enough: a short notice may be copied whole."
    )
    uncredited_likeness: float = setting(
        0.9,
        "Share of the copied words' pairs that the other must have as they stand: two papers that reword one agency's "
        "paragraph are as alike as a copy that was reworded.",
    )
    uncredited_scattered: float = setting(
        0.97, "The same where no single stretch is as long as the words that are asked for, but all together are."
    )
    uncredited_whole: float = setting(
        0.5, "Share of its own text from which on an article may have changed more of what it copied."
    )
    uncredited_confidence: float = setting(
        0.79,
        "How sure an uncredited copy may be at most. Of mails that copy without credit more are right; in news a text "
        "that neither holds is often behind both.",
    )
    minimum_source_margin: float = setting(
        1.5, "The same for a source not held over one that nobody names: a stock phrase does not show a common source."
    )
    switch_margin: float = setting(
        1.0,
        "How much worse than a passage's own best parent the parent of the article's other passages may be and still "
        "be taken for it: an article takes one text from one place.",
    )
    implied_words: int = setting(
        30,
        "Words in a row that two articles share and a third lacks, for each of the three, before an origin of all "
        "three is inferred that nobody names.",
    )
    implied_lacking: float = setting(
        0.8, "Share of such words that the third must lack: it may hold them with some words changed."
    )
    implied_articles: int = setting(
        4,
        "Articles that an implied origin must have: of three one may have put together what it took from two others, "
        "and of planted threes that did so every second was told as implied.",
    )
    implied_confidence: float = setting(
        0.7, "That articles of which none can be the origin had it from one not held. A judgement, not fitted."
    )
    house_copies: int = setting(
        3, "Articles of one outlet that share a text from which on it may be what the outlet always prints."
    )
    house_update_share: float = setting(
        0.8, "What two of these must share of the shorter text to be versions of one story all the same."
    )
    update_share: float = setting(
        0.4,
        "Share of the shorter text that two articles of one outlet must share to be versions of one story; below it "
        "they are articles with a paragraph carried over.",
    )
    update_days: float = setting(7.0, "Days between two versions of one story at most, but for those nearly alike.")
    update_text: float = setting(
        0.3,
        "Share of the shorter text that passages common to both must make up for versions within these days. Of 12 "
        "pairs below .15 none was one story when read, of 24 from .3 on all but one.",
    )
    confidence_base: float = setting(
        -1.7,
        "Log-odds that a link is right which beats its rivals by nothing, has no credit and no dates. This and the "
        "next four are fitted by benchmarks/fit_links.py on half of 38,000 mails, with their dates and without.",
    )
    confidence_slope: float = setting(
        0.64, "What each log-odd of the margin adds to it; below 1 since the rules of evidence overlap."
    )
    confidence_margin: float = setting(
        4.0, "Margin beyond which more of it tells nothing: of links with 4 as many are right as of links with 10."
    )
    confidence_credited: float = setting(2.0, "What it adds that the copy credits the parent.")
    confidence_dated: float = setting(1.2, "What it adds that the parent is dated clearly before the copy.")
    maximum_confidence: float = setting(0.99, "No inferred link is certain.")
    quotation_confidence: float = setting(
        0.9, "That two articles which share nothing but quoted speech had it from the speaker, not from each other."
    )
    quotation_doubtful: float = setting(
        0.75,
        "The same where the two name different speakers or none, where one prints the words as its own, or where both "
        "are one publisher's: of 30 read by eye the wrong ones were such.",
    )
    maximum_all_pairs: int = setting(
        24, "Clusters of at most this many copies are weighed pair by pair; larger ones by the likeliest parents."
    )
    maximum_candidates: int = setting(12, "Parents weighed for one copy in a larger cluster; keeps work linear.")
    maximum_evidence: int = setting(12, "Passages shown as evidence of one link, the longest first.")
    linked_together: int = setting(
        5000,
        "Articles, at least, that are linked at a time and committed together; bounds the memory for attributions, "
        "some 40 KB an article.",
    )
    relay_elsewhere: float = setting(
        0.8,
        "Share of a relay's confidence that is left where it is taken over from another statement of the same speaker.",
    )
    maximum_hops: int = setting(12, "Steps of one chain; no real one is as long, a circle of credits is longer.")
    supplied_share: float = setting(
        0.5,
        "Share of a statement's pairs of neighbouring words that the article credited as a whole must have too for the "
        "statement to have come from it; the rest is the crediting article's own.",
    )
    same_claim_share: float = setting(
        0.5, "Share of the rarer words of the shorter of two statements that both need to count as the same statement."
    )
    telling_share: float = setting(
        0.45, "Share of the query's weight (rarer words and word pairs weigh more) that an article must tell."
    )
    telling_window_share: float = setting(
        0.2, "Share of the query's weight that a few neighbouring sentences must hold to count as part of a telling."
    )
    telling_core_share: float = setting(
        0.4,
        "Share of the query's weight that one place of a telling must hold: names and years scattered over an article "
        "are no telling. Set after one false telling with 0.33; two that may be true had 0.31 and 0.35.",
    )
    maximum_windows: int = setting(50, "Places of one article that are followed up as a telling, the closest first.")
    maximum_claim_words: int = setting(400, "Words of a claim that are looked for; of a longer one the first.")
    maximum_tellings: int = setting(200, "Tellings of one claim that a trace follows up, the closest first.")
    denial_terms: int = setting(2, "Longer words that a denial must share with the telling of its own article.")
    denial_share: float = setting(0.25, "Share of the query's weight that a denial in another article must hold.")
    maximum_words_changed: int = setting(
        12, "Words listed as dropped, and as added, between two tellings; of more the first."
    )
    granted_share: float = setting(
        0.08,
        "Share of a claim's weight, in its commonest words, that every article is granted without looking: they are in "
        "most articles, and looking them up costs more than reading a few articles in vain.",
    )
    near_words: int = setting(
        120,
        "Words within which one place of a telling is taken to lie before its text is read; three sentences have "
        "about 75, and words are counted in stretches of twice as many.",
    )
    read_articles: int = setting(
        300,
        "Articles that are read for a trace, those first that may hold most of the claim in one place. Only claims of "
        "a few common words have more; a trace says how many were not read.",
    )
    weighed_articles: int = setting(
        2_000, "Articles of which it is asked how near the claim's words stand, those first that have most of them."
    )
    counted_articles: int = setting(
        20_000,
        "Articles in which the common words of a claim, and pairs of them, are counted, the first that were added; "
        "their small weights rest on that in larger collections, the rarer words' are exact.",
    )
    counted_enough: int = setting(
        1_000, "Articles of that part with a word, from which on it is common: the weight is then off by at most 0.1."
    )
    pair_forms: int = setting(
        60, "Words of the index that begin with a cut stem and are told apart; of more, all that begin so count."
    )
    figure_sentences: int = setting(2, "Sentences around a telling in which its figures are looked for.")


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """The SQLite database."""

    busy_seconds: float = setting(
        10.0, "How long a write waits for another program's before it gives up; a batch takes under two seconds."
    )
    retry_seconds: float = setting(
        0.02, "Pause before the switch to the write-ahead log is tried again, which SQLite does not wait for itself."
    )
    turn_seconds: float = setting(
        60.0,
        "How long a command that changes a collection waits until another one is done with it; a scheduled run that "
        "meets the one before it rather comes again later.",
    )
    cache_kibibytes: int = setting(
        65536, "SQLite's page cache; with its own default of 2 MB the building of large indexes is twice as slow."
    )
    batch_articles: int = setting(
        2000, "Articles a transaction: what a killed run loses at most. Smaller ones cost a third more CPU at 500."
    )
    batch_characters: int = setting(
        16_000_000, "A transaction of articles ends early at so many characters, which bounds its memory."
    )
    texts_remembered: int = setting(
        1000, "Texts kept in memory where only some of a collection are needed; about 10 MB."
    )
    sources_remembered: int = setting(
        200_000,
        "Sources whose keys are kept in memory while attributions are written, about 50 MB; those of more are looked "
        "up again. An article names two that no other does.",
    )
    batch_rows: int = setting(5000, "Rows handed to SQLite, or read for rebuilding records, at a time.")
    sample_characters: int = setting(200, "Where the sample text of a cluster is cut.")
    search_hits: int = setting(20, "Hits of a search where no limit is asked for: about one screen.")
    search_words: int = setting(
        32, "Words of a query that are looked for; FTS5's time grows with words times occurrences."
    )
    search_characters: int = setting(
        300, "Characters of a query that are read: a long sentence. Every Chinese character is a word to FTS5."
    )
    snippet_characters: int = setting(160, "Text shown around the first word found: about two lines.")
    title_weight: float = setting(5.0, "How much more a word counts in a title than in a text, in BM25.")
    credited_kept: int = setting(
        2000, "Sources of which the summaries keep how many articles credit them; the rest are credited once or twice."
    )
    counted_statements: int = setting(
        50_000,
        "Statements up to which the page of `run` counts all sources, which takes a second at that; beyond, it shows "
        "the first ones and says that there are more.",
    )
    near_ids: int = setting(3, "How many ids that look alike are named where an id is not held.")
    near_id_score: float = setting(
        75.0, "How alike they must be, in rapidfuzz's WRatio of 0 to 100; below it most suggestions are chance."
    )
    near_id_characters: int = setting(300, "Characters of an unknown id that are compared: enough for any path.")
    checked_articles: int = setting(
        200, "Articles, spread over the collection, whose words `check` compares with both indexes; `--deep` takes all."
    )
    checked_together: int = setting(500, "Articles whose spans `check` looks at together.")
    checked_characters: int = setting(
        4_000_000, "It looks at fewer together where their texts have so many characters, which bounds its memory."
    )
    backup_pages: int = setting(
        2000, "Pages that a backup copies between two looks at Ctrl-C and the progress line: 8 MB, about 10 ms."
    )
    runs_kept: int = setting(1000, "Runs of which a record is kept; a row has some 700 bytes, so about 1 MB.")
    run_wait_seconds: float = setting(
        1.0,
        "Seconds a run's record waits at its start for another program that writes; else it is written at the end.",
    )
    run_message_characters: int = setting(2000, "Where the record cuts the message of a run that failed.")
    told_wait_seconds: float = setting(
        0.5, "From which wait for another program's write on the log tells of it; a batch takes under two seconds."
    )


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """Fetching pages and feeds over HTTP."""

    allow_private: bool = setting(
        False,
        "Whether addresses of this machine and of private networks may be fetched. A page or feed may redirect there, "
        "so it is only for those who fetch from their own network.",
    )
    any_port: bool = setting(False, "Whether ports other than 80 and 443 may be fetched; other services listen there.")
    contact: str = setting(
        "",
        "A page or mail address by which operators of sites reach you; it is sent in User-Agent with every request.",
    )
    address_characters: int = setting(4000, "A longer address is refused; servers refuse it from about 8,000 on.")
    addresses_tried: int = setting(4, "Addresses of one host that a connection is tried to, one after the other.")
    host_delay_seconds: float = setting(
        2.0, "Pause between two requests to one host; a person who clicks is hardly faster."
    )
    maximum_host_delay_seconds: float = setting(
        60.0, "The longest pause that a site's robots.txt can ask for (Crawl-delay) and get."
    )
    connect_seconds: float = setting(10.0, "How long a connection may take to be made.")
    read_seconds: float = setting(20.0, "How long a server may be silent in the middle of an answer.")
    request_seconds: float = setting(
        60.0, "How long a request may take altogether; a server that sends a byte a second would otherwise never end."
    )
    header_bytes: int = setting(64 * 1024, "Status line and headers of an answer; browsers stop at 250 kB, sites at 8.")
    body_bytes: int = setting(
        8 * 1024 * 1024,
        "Body of an answer, as sent and as unpacked; the same as `ingest.maximum_page_bytes`.",
    )
    gzip_members: int = setting(16, "Pieces of gzip that one body may be made of; nearly all have one.")
    redirects: int = setting(5, "Redirects followed from one address; each is checked like an address of its own.")
    tries: int = setting(3, "Requests made for one address where the server fails or does not answer.")
    backoff_seconds: float = setting(5.0, "Pause before the second try; before each further one twice as long.")
    maximum_wait_seconds: float = setting(
        120.0,
        "The longest pause that a server can ask for (Retry-After) and get at once; where it asks for more, the "
        "request is given up and its host left alone for that long.",
    )
    maximum_rest_seconds: float = setting(
        86_400.0, "The longest that a host is left alone because it asked for it; nonsense such as a year is cut to it."
    )
    robots_bytes: int = setting(512_000, "What is read of a robots.txt: 500 KiB, as RFC 9309 asks for at least.")
    robots_seconds: float = setting(86_400.0, "How long a robots.txt is remembered; RFC 9309 says a day at most.")
    robots_error_seconds: float = setting(
        900.0, "When a robots.txt that could not be had is asked for again; until then nothing is fetched from there."
    )
    robots_kept_bytes: int = setting(
        4_000_000,
        "Bytes of robots.txt whose rules are kept in memory, of the sites asked last; rules take 16 times as much. "
        "Files have 2 kB, and only an attack reaches this.",
    )
    hosts_remembered: int = setting(
        1000, "Hosts whose robots.txt and last request are kept in memory, those asked last; for runs of weeks."
    )
    pages_a_run: int = setting(
        50, "Pages behind the entries of feeds that one `add` or `run` with `--follow` fetches, newest entries first."
    )


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """Spreading work over the processor's cores. Results do not depend on it."""

    processes: int = setting(
        0,
        "Processes that read attributions and align passages, this one included; 0 for as many as there are cores.",
    )
    spread_articles: int = setting(
        300,
        "Articles from which on several processes read attributions; to start one costs as much as 60 to 100 articles.",
    )
    memory_megabytes: int = setting(
        2048,
        "Memory that the words of all articles, their fingerprints and the pairs of places may take while passages are "
        "looked for; what passes it goes to files in the system's folder for temporary files: 16 bytes a word for the "
        "words, and as much for fingerprints while they are joined. Some 112 bytes a word stay within it as a whole, "
        "so two gigabytes hold 19 million words, 60,000 articles of 300.",
    )
    articles_at_once: int = setting(
        40, "Articles sent to a process at a time: a tenth of a second of work, so that none waits long for another."
    )
    spread_candidates: int = setting(
        200_000,
        "Candidates from which on passages are aligned by several processes; to start one and to write the words down "
        "for it costs as much as aligning 50,000.",
    )


@dataclass(frozen=True, slots=True)
class SparkSettings:
    """The Spark engine. Results do not depend on it."""

    part_words: int = setting(
        8_000_000,
        "Words of a part, which one Python process works on as a whole: half a gigabyte while fingerprints are joined.",
    )
    most_parts: int = setting(
        4096, "Parts at most; texts are sent to every part that needs them, and each part has its own overhead."
    )


@dataclass(frozen=True, slots=True)
class PagesSettings:
    """The report, and what pages show of articles, trees and traces. Limits only: nothing is inferred by them."""

    report_articles: int = setting(
        60, "Articles shown whole in a report of a large collection, those with the strongest evidence; 10 kB each."
    )
    report_comparisons: int = setting(40, "Pairs side by side in a report of a large collection, strongest first.")
    report_trees: int = setting(8, "Trees drawn in a report, those with the most uncredited copies first.")
    report_passages: int = setting(24, "Passages shown with their copies in a report of a large collection.")
    report_sources: int = setting(200, "Sources looked through for those most credited and for those not held.")
    scope_articles: int = setting(
        12, "Articles shown whole in a report about one article, passage or trace: those nearest to it."
    )
    whole_articles: int = setting(
        60, "A collection of so many articles or fewer is shown whole: about what a person leafs through."
    )
    overview_rows: int = setting(12, "Rows of each table of the overview: what fits a printed page.")
    article_characters: int = setting(
        30_000, "Characters of an article's text that are shown; longer ones are books or dumps, not articles."
    )
    chains_shown: int = setting(12, "Chains listed below an article, those of the whole article and the surest first.")
    attributions_shown: int = setting(40, "Statements listed below an article; the text has all of them marked.")
    links_shown: int = setting(24, "Links listed below an article, the surest first.")
    evidence_shown: int = setting(12, "Pieces of evidence listed for a link; the rows have all of them.")
    evidence_characters: int = setting(220, "Where a piece of evidence is cut: about three lines.")
    claim_characters: int = setting(320, "Where the words of a claim are cut above its chain: a long sentence.")
    proof_characters: int = setting(120, "Where each piece of the words that prove a chain is cut: a line and a half.")
    copy_characters: int = setting(600, "Where a copy of a passage is cut in a list of its copies; a short paragraph.")
    around_characters: int = setting(80, "Text shown before and behind a shared passage: half a sentence.")
    alike_characters: int = setting(
        700, "A stretch without a change longer than this is cut in the middle, so that the changes stand together."
    )
    passages_compared: int = setting(8, "Shared passages shown side by side for a pair, the longest first.")
    copies_shown: int = setting(24, "Copies of a passage shown with their words, in the order of their dates.")
    tellings_shown: int = setting(24, "Tellings of a claim shown in a timeline; a longer one is not read.")
    tree_nodes: int = setting(40, "Articles and sources drawn in one tree; more are a thicket that nobody can follow.")
    bars: int = setting(40, "Bars in the chart of articles over time; finer ones cannot be told apart on a phone.")


@dataclass(frozen=True, slots=True)
class WebSettings:
    """The pages that `serve` shows and the Datasette plugin. Limits only: nothing is inferred by them."""

    page_milliseconds: int = setting(
        10_000, "How long a page may read the database before it is given up; the median is far below 200."
    )
    rows_a_page: int = setting(25, "Entries of a list on one page; the next ones are a link away.")
    deepest_page: int = setting(
        400, "The last page of a list that is shown: going through a list to its end is what exports are for."
    )
    overview_rows: int = setting(10, "Rows of each list of the overview.")
    claim_characters: int = setting(
        2000, "Characters of a claim that is traced: a long paragraph. More is refused, not cut."
    )
    compared_characters: int = setting(
        400_000, "Two articles longer than this together are not set side by side; it takes seconds."
    )
    graph_articles: int = setting(
        60, "Articles whose links are followed for one graph, nearest first; it draws fewer (`pages.tree_nodes`)."
    )


@dataclass(frozen=True, slots=True)
class WatchSettings:
    """Watching folders and feeds. Nothing that is found depends on it."""

    every_seconds: float = setting(
        600.0, "Pause between two rounds where `--every` does not say; feeds of news change a few times an hour."
    )
    settle_seconds: float = setting(
        5.0, "A file whose size and times have stayed the same for so long is no longer being written to."
    )
    files_at_once: int = setting(
        200, "Files that are read before it is noted that they were; a killed watch reads so many anew at most."
    )
    pages_a_round: int = setting(
        100, "Pages behind the entries of feeds that one round fetches, the oldest entries of each feed first."
    )
    page_tries: int = setting(
        5, "Rounds in which a page is asked for whose server fails or does not answer; then it is left out."
    )
    retry_seconds: float = setting(
        60.0, "Pause after a feed, a page or a whole round has failed; after each further failure twice as long."
    )
    maximum_retry_seconds: float = setting(21_600.0, "The longest such pause: a quarter of a day.")
    news_at_once: int = setting(200, "New articles that are told of before it is noted that they were.")
    others_told: int = setting(
        10, "Other articles that are told of for one new article, the surest first; of the rest the number is told."
    )
    evidence_characters: int = setting(160, "Words of the evidence that are printed for people: about two lines.")


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, one group a stage."""

    ingest: IngestSettings = field(default_factory=IngestSettings)
    reuse: ReuseSettings = field(default_factory=ReuseSettings)
    attribution: AttributionSettings = field(default_factory=AttributionSettings)
    chains: ChainSettings = field(default_factory=ChainSettings)
    store: StoreSettings = field(default_factory=StoreSettings)
    engine: EngineSettings = field(default_factory=EngineSettings)
    spark: SparkSettings = field(default_factory=SparkSettings)
    pages: PagesSettings = field(default_factory=PagesSettings)
    web: WebSettings = field(default_factory=WebSettings)
    fetch: FetchSettings = field(default_factory=FetchSettings)
    watch: WatchSettings = field(default_factory=WatchSettings)

    @classmethod
    def from_toml(cls, path: Path) -> Settings:
        """Read a settings file; what it does not name keeps its default.

        Raises:
            SettingsError: the file cannot be read, is not TOML, or names an unknown setting or a value of another type.
        """
        try:
            with path.open(encoding="utf-8") as file:
                text = file.read(_LARGEST + 1)
            if len(text) > _LARGEST:
                what = f"more than {_LARGEST:,} characters"
                raise SettingsError(what, where=str(path), remedy="name a file of settings")
            tables = tomllib.loads(text)
        except OSError as error:
            raise SettingsError(str(error.strerror), where=str(path), remedy="name a readable TOML file") from error
        except (ValueError, RecursionError) as error:  # numbers of thousands of digits, lists within lists without end
            raise SettingsError(f"not TOML: {error}", where=str(path), remedy="see the settings page") from error
        groups = {group.name: group for group in dataclasses.fields(cls)}
        chosen: dict[str, Any] = {}
        for name, table in tables.items():
            if name not in groups or not isinstance(table, dict):
                known = ", ".join(sorted(groups))
                what = f"no table of settings is named {name!r}"
                raise SettingsError(what, where=str(path), remedy=f"one of: {known}")
            chosen[name] = group_of(cls, name, table, path)
        return cls(**chosen)


def group_of(settings: type[Settings], name: str, table: dict[str, Any], path: Path) -> Any:
    """One group of settings from the values that a file gives; what it does not name keeps its default.

    Args:
        settings: the class of all settings.
        name: of the group.
        table: values by the names of settings.
        path: the file, for messages.

    Raises:
        SettingsError: a setting is unknown, or its value of another type or impossible.
    """
    default = getattr(settings(), name)
    known = {entry.name: getattr(default, entry.name) for entry in dataclasses.fields(default)}
    values: dict[str, Any] = {}
    for key, value in table.items():
        where = f"{path}, [{name}]"
        if key not in known:
            names = ", ".join(sorted(known))
            raise SettingsError(f"no setting is named {key!r}", where=where, remedy=f"one of: {names}")
        wanted = type(known[key])
        if type(value) is int and abs(value) >= 1 << 63:
            raise SettingsError(f"{key} is beyond 64 bits", where=where, remedy=f"such as {known[key]!r}")
        if wanted is float and type(value) is int:
            value = float(value)  # noqa: PLW2901 - TOML may write 1 where it means 1.0
        if type(value) is not wanted:
            what = f"{key} = {value!r:.80} is no {wanted.__name__}"
            raise SettingsError(what, where=where, remedy=f"such as {known[key]!r}")
        if isinstance(value, float) and not math.isfinite(value):
            raise SettingsError(f"{key} = {value!r} is no number", where=where, remedy=f"such as {known[key]!r}")
        if isinstance(value, int | float) and not isinstance(value, bool) and value < 0 and known[key] >= 0:
            raise SettingsError(f"{key} = {value!r} is negative", where=where, remedy=f"such as {known[key]!r}")
        values[key] = value
    try:
        return dataclasses.replace(default, **values)
    except SettingsError as error:
        raise SettingsError(error.what, where=f"{path}, [{name}]", remedy=error.remedy) from error
