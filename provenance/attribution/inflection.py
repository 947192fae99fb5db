"""The forms of the verbs that a cue file lists by their lemmas."""

from __future__ import annotations


def english_forms(lemma: str) -> dict[str, str]:
    """Past, past participle, third person and -ing of a regular English verb."""
    stem = lemma
    if lemma.endswith("e"):
        return {"past": f"{stem}d", "participle": f"{stem}d", "third": f"{stem}s", "gerund": f"{stem[:-1]}ing"}
    if lemma.endswith("y") and lemma[-2] not in "aeiou":
        return {
            "past": f"{stem[:-1]}ied",
            "participle": f"{stem[:-1]}ied",
            "third": f"{stem[:-1]}ies",
            "gerund": f"{stem}ing",
        }
    third = f"{stem}es" if lemma.endswith(("s", "x", "z", "ch", "sh", "o")) else f"{stem}s"
    doubled = lemma in {"admit", "rebut", "purport"} and lemma[-1] == "t" and lemma != "purport"
    root = f"{stem}{stem[-1]}" if doubled else stem
    return {"past": f"{root}ed", "participle": f"{root}ed", "third": third, "gerund": f"{root}ing"}


def inflected(entry: str, language: str) -> tuple[str, dict[str, str]]:
    """A lemma of a cue file with its forms: regular ones made, irregular ones as they stand behind colons."""
    lemma, *irregular = entry.split(":")
    forms = english_forms(lemma) if language == "en" else {}
    for name, form in zip(("past", "participle", "third", "gerund"), irregular, strict=False):
        if form:
            forms[name] = form
    if irregular and len(irregular) == 1:
        forms["participle"] = irregular[0]
    return lemma, forms
