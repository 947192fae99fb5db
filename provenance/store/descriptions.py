"""What every table, column, view and index holds, in words; `schema.describe` fails on one without words."""

from __future__ import annotations

_SPAN = "Code points into the article's text, from 0, end exclusive."
_CONFIDENCE = "0 to 1; of many rows with 0.8, eight in ten should be right."

TABLES: dict[str, tuple[str, dict[str, str]]] = {
    "migrations": (
        "The schema steps that were applied. The number of the last one is also `PRAGMA user_version`.",
        {"number": "Of the step.", "name": "What it made.", "applied": "When, ISO 8601 in UTC."},
    ),
    "state": (
        "Values that outlive changes of the articles, by name.",
        {"name": "What the value is.", "value": "The value, as text."},
    ),
    "stages": (
        (
            "The stages whose results are complete for the present articles. Any change of the articles empties it; "
            "replacing the results of a stage removes its own row and those of the stages that build on it."
        ),
        {
            "stage": "`reuse`, `attribution`, `links`, `chains` or `summaries`.",
            "signature": "The settings and code that ran.",
        },
    ),
    "document_stages": (
        "The articles that a stage has done since they last changed, so that a run that was stopped can go on.",
        {
            "article_id": "The article.",
            "stage": "`attribution`, or `links` for links and chains.",
            "signature": "The settings and code that ran over it; for links also a digest of what they were made from.",
        },
    ),
    "articles": (
        "One row an article. Other tables refer to it by its integer key; `id` is what users see.",
        {
            "article_id": "Integer key.",
            "id": "The path relative to the folder given, or the record's own id.",
            "version_id": "The current version.",
        },
    ),
    "versions": (
        (
            "Every text an article was added with. Metadata is that of the last time the text was added: where only "
            "metadata changes, the row is updated and no version is added."
        ),
        {
            "version_id": "Integer key.",
            "article_id": "The article.",
            "number": "1 for the first text of the article.",
            "sha256": "Of the text in UTF-8, in hexadecimal.",
            "added": "When it was stored, ISO 8601 in UTC.",
            "title": "Title, where one is known.",
            "outlet": "Who published it, as the input says.",
            "url": "Address.",
            "author": "Author or byline.",
            "published_start": "First possible moment of publication, ISO 8601 in UTC; NULL where nothing dates it.",
            "published_end": "First moment that is no longer possible.",
            "published_precision": "How fine the date was given: `second`, `minute`, `day`, `month` or `year`.",
            "published_origin": "Where it was found: `metadata`, `dateline` or `text`.",
            "language": "Language code.",
            "credits": "What the page says of its origin outside the text: JSON, a list of [kind, text, name, url].",
            "unspaced": "1 where title or text holds a script without spaces between words (Chinese, Japanese, Thai, "
            "Lao, Khmer, Burmese): the article is then in `character_search`, otherwise in `word_search`.",
            "text": "The text exactly as it came, after decoding.",
        },
    ),
    "matches": (
        "Passages that two articles share, one row a pair. Those of changed articles are replaced.",
        {
            "match_id": "Integer key.",
            "a_id": "The article whose id comes first.",
            "a_start": _SPAN,
            "a_end": _SPAN,
            "b_id": "The other article.",
            "b_start": _SPAN,
            "b_end": _SPAN,
            "similarity": "Share of the words of the longer side that the other has in the same order, 0 to 1.",
            "kind": "`copy`, `passage`, `quotation` or `furniture`.",
            "cluster": "The passage cluster; -1 for none.",
            "alignment": "What the next detection goes on from: 32-bit integers, least byte first. First and last "
            "word (exclusive) in a, the same in b, 1 where it was found by its words in their order, the number of "
            "its kind before anything was counted; then, between an article and the one that stands for its family of "
            "whole copies, the runs of equal words as first word in a, in b, and length. NULL or empty where detection "
            "does not go on from it.",
        },
    ),
    "word_index": (
        (
            "What detection keeps of the articles that it has compared. Only articles without a row of the present "
            "scheme are compared anew; the table can be emptied at any time."
        ),
        {
            "article_id": "The article.",
            "scheme": "The settings and code that made the row.",
            "representative_id": "The article that stands for its family of whole copies; itself where there is none.",
            "sampled": "Groups of words in a row that went into the signature.",
            "sketch": "MinHash signature: unsigned 32-bit integers, least byte first.",
            "words": "A hash of each word: unsigned 64-bit integers, least byte first.",
        },
    ),
    "outlet_traces": (
        (
            "What each article contributes to the outlets of the collection, by whose names attributions are read. An "
            "article has one of its present version where `document_stages` has a row of stage `outlets`."
        ),
        {
            "article_id": "The article.",
            "outlet": "Its own outlet; empty where it has none.",
            "host": "The host of its address, without `www.`; empty where it has none.",
            "names_itself": "Whether its outlet's initials stand in its text in brackets or between slashes: 0 or 1.",
            "plain": "Whether the full-text index finds every name in its text and title: 0 or 1.",
            "page": "Outlet, address and credits from outside the text, folded as names are looked up.",
        },
    ),
    "outlet_brackets": (
        "Acronyms in brackets or between slashes, which a name before them may define.",
        {
            "article_id": "The article.",
            "place": "Which of the article's it is, from 0.",
            "acronym": "The acronym, in capitals.",
            "preceding": "The words before it.",
        },
    ),
    "passages": (
        "Which text appears where: one row a copy. Rows with the same cluster are copies of one passage.",
        {
            "passage_id": "Integer key.",
            "cluster": "The passage cluster.",
            "article_id": "The article that holds this copy.",
            "start_offset": _SPAN,
            "end_offset": _SPAN,
            "kind": "`copy`, `passage`, `quotation` or `furniture`.",
        },
    ),
    "sources": (
        "The sources that attributions name, each name, kind and outlet once.",
        {
            "source_id": "Integer key.",
            "name": "As the article names it at best; `?` for a relayer that must exist but is not named.",
            "kind": "`agency`, `outlet`, `person`, `organization`, `collective`, `anonymous`, `artefact`, "
            "`statement`, `author` or `unnamed`. Anonymous, collective, artefact and unnamed sources of different "
            "articles are different sources, though they share a row here.",
            "outlet": "The canonical name, for agencies and outlets.",
            "name_key": "The name without case, for looking it up.",
            "outlet_key": "The outlet without case, for looking it up.",
        },
    ),
    "attributions": (
        "Statements that somebody says something, as one article makes them. Replaced only article by article.",
        {
            "attribution_id": "Integer key.",
            "article_id": "The article that makes the statement.",
            "place": "Its place among the attributions of the article, from 0, in the order of the text.",
            "scope": "`document` where it speaks for the whole article, or `passage`.",
            "kind": "The rule family, such as `via-line` or `verb-after`.",
            "stance": "`assert`, `distanced`, `deny`, `conjecture` or `contested`.",
            "source_start": f"Where the words naming the source stand, or NULL. {_SPAN}",
            "source_end": _SPAN,
            "source_text": "Those words.",
            "source_name": "The name they resolve to.",
            "cue_start": f"Where the words stand that say it is said, or NULL. {_SPAN}",
            "cue_end": _SPAN,
            "cue_text": "Those words.",
            "cue_name": "Their dictionary form.",
            "content": "What is said: JSON, a list of [start, end]; empty for the whole article.",
            "confidence": _CONFIDENCE,
            "rule": "The rule that found it.",
        },
    ),
    "attribution_sources": (
        "The chain of sources of an attribution, as far as the article itself says it.",
        {
            "attribution_id": "The attribution.",
            "place": "0 for the nearest relayer; the highest is the ultimate source.",
            "source_id": "The source.",
        },
    ),
    "links": (
        "How one article stands to another, or to a source that is credited and not held. Inferred: rebuilt at will.",
        {
            "link_id": "Integer key; links are listed by the id of the article that took the text, then by this key.",
            "upstream_id": "The article it was taken from; NULL where that is not held or there is no direction.",
            "upstream_name": "The outlet, source or title upstream, or the common source.",
            "downstream_id": "The article that took it.",
            "relation": "`credited-copy`, `uncredited-copy`, `common-source`, `update`, `quotation`, `credit-only` or "
            "`undetermined`.",
            "credited": "1 where the article names its source.",
            "confidence": _CONFIDENCE,
            "clusters": "The passage clusters it rests on: JSON, a list of numbers.",
            "margin": "Log-odds between the choice and the runner-up.",
            "runner_up": "The next best upstream, an article's id or a name; empty for none.",
        },
    ),
    "linked_clusters": (
        "The passage clusters as they were when links were made, so that links can follow when their numbers change.",
        {"cluster": "Its number at that time.", "digest": "Of its copies: a signed 64-bit integer."},
    ),
    "link_documents": (
        "The articles that a link concerns.",
        {"link_id": "The link.", "place": "From 0, sorted by id.", "article_id": "The article."},
    ),
    "chains": (
        "Paths from an article's claim to its ultimate source. Inferred: rebuilt at will.",
        {
            "chain_id": "Integer key; chains are listed by the id of their article, then by this key.",
            "article_id": "The article that makes the claim.",
            "claim_start": f"Where the claim stands; NULL where the chain speaks for the whole article. {_SPAN}",
            "claim_end": _SPAN,
            "claim_text": "What is claimed.",
            "stance": "`assert`, `distanced`, `deny`, `conjecture` or `contested`.",
            "confidence": "The product over the hops, 0 to 1.",
        },
    ),
    "hops": (
        "The steps of a chain.",
        {
            "hop_id": "Integer key.",
            "chain_id": "The chain.",
            "place": "0 for the step nearest to the article.",
            "name": "Who the step leads to.",
            "name_key": "The name without case, for looking it up.",
            "article_id": "The article it leads to, where it is held.",
            "relation": "How the step was made.",
            "kind": "What sort of source it leads to, as in `sources`.",
            "attribution_id": "The attribution whose evidence shows the step; NULL where it has evidence of its own.",
        },
    ),
    "evidence": (
        "The words that show an attribution, a link or a hop; exactly one of the three keys is set.",
        {
            "evidence_id": "Integer key.",
            "attribution_id": "The attribution it shows.",
            "link_id": "The link it shows.",
            "hop_id": "The hop it shows.",
            "place": "From 0, its place among the evidence of the same row.",
            "article_id": "The article that holds the words.",
            "start_offset": f"0 where `found_in` is `page`. {_SPAN}",
            "end_offset": _SPAN,
            "text": "The words, or the markup.",
            "rule": "The rule that read them so.",
            "found_in": "`text`, or `page` for a credit outside the main text.",
            "weight": "Log-odds it adds to a link; 0 where it is not weighed.",
        },
    ),
    "clusters": (
        (
            "Summary: one row a passage that several articles hold. Summaries are made at the end of an analysis, so "
            "that lists need not be counted anew; they are up to date where `stages` has a row `summaries`."
        ),
        {
            "cluster": "The passage cluster.",
            "kind": "The commonest kind among its copies, as in `passages`.",
            "copies": "How many copies there are.",
            "articles": "How many articles hold one.",
            "characters": "Length of the first copy.",
            "article_id": "The article of the first copy, by the ids of the articles.",
            "start_offset": f"Where the first copy stands. {_SPAN}",
            "end_offset": _SPAN,
            "dated": "How many of the articles are dated.",
            "earliest_id": "The dated article that was published before every other dated one was; NULL where none is "
            "or where the dates overlap. An undated one may be earlier.",
        },
    ),
    "uncredited": (
        "Summary: how much each link of relation `uncredited-copy` is about.",
        {
            "link_id": "The link.",
            "words": "Words that the article took.",
            "share": "The part of its words that they make up, 0 to 1.",
            "hours": "From the publication of the source to that of the copy; NULL where one is not dated to the day.",
        },
    ),
    "exchanges": (
        "Summary: what the articles of one outlet have from another, most copies first.",
        {
            "place": "From 1, in the order of the list.",
            "taker": "The outlet whose articles took; empty where it is not known.",
            "source": "The outlet, agency or title upstream; empty where it is not known.",
            "articles": "Articles of the taker that took something.",
            "credited": "Copies of text that name their source.",
            "uncredited": "Copies of text that do not.",
            "mentions": "Articles that credit the source and share no text with an article of it that is held.",
            "hours": "Median delay behind the articles copied; NULL where no pair is dated to the day.",
            "dated": "Copies that the median is over.",
            "held": "Articles of the source that were copied and are held.",
        },
    ),
    "most_credited": (
        "Summary: the sources with a name that most articles credit; `sources` has all names as they are written.",
        {
            "place": "From 1, most articles first.",
            "name": "The outlet's canonical name, or the commonest spelling.",
            "kind": "As in `sources`, agencies among the outlets.",
            "held": "Articles of the collection whose outlet has this name; 0 for other kinds.",
            "articles": "Articles that credit it.",
            "statements": "Attributions that name it.",
        },
    ),
    "published": (
        "Summary: how many articles were published when.",
        {
            "day": "The day; the month or the year where no more is known; empty for undated ones.",
            "articles": "How many.",
        },
    ),
    "counts": (
        "Summary: how much there is of everything.",
        {
            "name": "`articles`, `attributions`, `chains`, `outlets`, or `clusters:` and a kind, or `links:` and a "
            "relation.",
            "number": "How many.",
        },
    ),
    "runs": (
        (
            "What was run on the collection: one row for each time that a command or a program added, analysed or "
            "removed articles. Nothing that is found depends on it. The oldest rows are deleted where there are more "
            "than the setting `runs_kept`."
        ),
        {
            "number": "From 1, in the order in which they began.",
            "command": "`run`, `add`, `analyze`, `update`, `remove`, or what a program calls it.",
            "begun": "When it began, by the clock of the machine, ISO 8601 in UTC.",
            "ended": "When it ended, by the same clock; NULL where it still runs or was killed.",
            "outcome": "`done`, `stopped` (by Ctrl-C) or `failed`; NULL where it still runs or was killed.",
            "message": "Why it failed; empty otherwise.",
            "version": "Of this package.",
            "method": "The number of the method; databases made with another are brought up to date.",
            "engine": "What detection ran on.",
            "python": "The version of Python.",
            "sqlite": "The version of SQLite.",
            "settings": "The settings that differ from the defaults: JSON, by table and name.",
            "counts": "How many articles were `added`, `changed`, `updated`, `unchanged`, `skipped` or `removed`, and "
            "how much the collection held in the end: JSON.",
            "stages": "Seconds that each stage took: JSON, in the order in which they began.",
            "seconds": "How long it took.",
            "cpu_seconds": "Processor time it took, with that of the processes it started where that is known.",
            "peak_bytes": "Most memory that the process held at a time, from its start on; NULL where that is not "
            "known.",
            "child_peak_bytes": "Most memory that one of the processes it started held; NULL where none is known.",
        },
    ),
    "watched": (
        (
            "What `provenance watch` has read from where, so that nothing is read or fetched twice. Nothing that is "
            "found depends on it; the table can be emptied at any time."
        ),
        {
            "kind": "`file`, `feed`, or `page` for one behind an entry of a feed.",
            "name": "Its path or address.",
            "state": "What it was when it was last read: size and times of a file, when an entry last changed.",
            "sha256": "Of the bytes of a file, in hexadecimal; empty for others.",
            "etag": "`ETag` of the last answer, to ask whether there is another one; NULL where there is none.",
            "last_modified": "`Last-Modified` of the last answer.",
            "seen": "When it was last read, by the clock of the machine, ISO 8601 in UTC.",
            "failures": "How often in a row it could not be had.",
            "next_at": "When it may be asked for again, in seconds since 1970 by the same clock; 0 for at once.",
            "error": "Why it could not be had; empty where it could.",
        },
    ),
    "captures": (
        "When the texts of pages from web archives were fetched, so that an older one never replaces a newer one.",
        {
            "article_id": "The article.",
            "captured": "When the archive fetched its present text, as its record says, ISO 8601 in UTC without Z.",
        },
    ),
    "unreported": (
        "Articles that `provenance watch` has added and not yet reported on.",
        {"article_id": "The article."},
    ),
}

VIEWS: dict[str, str] = {
    "documents": "Every article with the text and metadata of its current version; the place to start.",
    "shared_text": "Every passage with its words, article, title and outlet: which text appears where.",
    "readable_chains": "Every chain in a line: who makes the claim, the claim, the path to its source (nearest relayer "
    "first), how many steps it has, who said it in the end, and how sure that is.",
    "readable_hops": "Every step of every chain with the first words that show it: `own_words` where the step has its "
    "own evidence, else those of the attribution that it rests on; `held` is the article it leads to, if held.",
    "earliest": "Every shared passage with the earliest dated article that holds it: none where dates overlap. "
    "`undated` articles hold it too and may be earlier.",
    "uncredited_reuse": "Who printed whose text without saying so: the article that took it (`id`), the one it was "
    "taken from (`taken_from`), how many words, which share of the article, how many hours later, and the confidence.",
    "word_search_content": "What `word_search` indexes; of no use by itself.",
}

SEARCHES: dict[str, str] = {
    "word_search": "FTS5 over title and text of articles whose scripts put spaces between words; case and accents do "
    "not matter. Its rowid is `article_id`.",
    "character_search": "FTS5 over the other articles, every character of such a script a word of its own: ask for "
    '`"中 国"` to find 中国. It keeps no text: join `documents` by rowid.',
}

EXAMPLES: dict[str, str] = {
    "Which text appears in most articles": """
        SELECT cluster, count(*) AS copies, count(DISTINCT outlet) AS outlets, min(passage) AS sample
        FROM shared_text WHERE kind <> 'furniture'
        GROUP BY cluster ORDER BY copies DESC, cluster LIMIT 20""",
    "Where the passages of one article appear elsewhere": """
        SELECT here.start_offset, here.end_offset, there.id, there.outlet, there.start_offset, there.end_offset
        FROM shared_text here JOIN shared_text there ON there.cluster = here.cluster AND there.id <> here.id
        WHERE here.id = 'first.txt' ORDER BY here.start_offset, there.id, there.start_offset""",
    "Articles that took text without saying so": """
        SELECT down.id, down.outlet, up.id AS taken_from, up.outlet AS published_by, confidence
        FROM links JOIN documents down ON down.article_id = downstream_id
        JOIN documents up ON up.article_id = upstream_id
        WHERE relation = 'uncredited-copy' ORDER BY confidence DESC, down.id""",
    "Who is credited by most articles": """
        SELECT ifnull(sources.outlet, sources.name) AS source, count(DISTINCT article_id) AS articles
        FROM sources JOIN attribution_sources USING (source_id) JOIN attributions USING (attribution_id)
        WHERE sources.kind IN ('agency', 'outlet', 'person', 'organization')
        GROUP BY source ORDER BY articles DESC, source LIMIT 20""",
    "What shows an attribution": """
        SELECT documents.id, attributions.rule, evidence.text, evidence.start_offset, evidence.end_offset
        FROM attributions JOIN evidence USING (attribution_id)
        JOIN documents ON documents.article_id = attributions.article_id
        ORDER BY documents.id, attributions.place, evidence.place LIMIT 20""",
    "The steps of every chain": """
        SELECT documents.id, claim_text, place, hops.name, hops.kind, hops.relation
        FROM chains JOIN hops USING (chain_id) JOIN documents ON documents.article_id = chains.article_id
        ORDER BY documents.id, chain_id, place""",
    "Full-text search": """
        SELECT documents.id, documents.title, snippet(word_search, 1, '[', ']', ' … ', 20)
        FROM word_search JOIN documents ON documents.article_id = word_search.rowid
        WHERE word_search MATCH '"ceasefire" "according"' ORDER BY rank, documents.id""",
    "How a text changed between two versions": """
        SELECT number, added, sha256, length(text) AS characters
        FROM versions JOIN articles ON articles.article_id = versions.article_id
        WHERE articles.id = 'first.txt' ORDER BY number""",
    "What was run, how long it took, and whether it ended": """
        SELECT number, command, begun, ifnull(outcome, 'not ended') AS outcome, seconds, peak_bytes / 1048576 AS mib
        FROM runs ORDER BY number DESC LIMIT 20""",
}
