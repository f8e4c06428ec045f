"""One vocabulary: the words that this package does not use, and what it uses in their place.

docs/glossary.md explains the words that it does use.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
WORDS = {
    r"\bfor who\b": "for callers that",
    r"\bso many words\b": "explicitly",
    r"\b(its|their) kin\b": "its subclasses",
    r"\bcomes? on top\b": "in addition",
    r"\bcome to\b": "reached",
    r"\bas ever\b": "unchanged",
    r"\bfor good\b": "permanently",
    r"\bhands are changed\b": "hand-off",
    r"\bmust be a text\b": "must be a str",
    r"\bno text\b": "not a str",
    r"\ba whole number\b": "an int",
    r"\bmust be a function\b": "must be callable",
    r"\bmay hold\b": "may contain",
    r"\bcannot stand\b": "cannot be combined",
    r"\bnobody outside\b": "undocumented by AWS",
    r"\bforesight\b": "queries",
    r"\bis told\b": "is reported",
    r"\bsays so\b": "reports it",
    r"\blook(s)? into\b": "inspect",
    r"\bpast the checks\b": "without validation",
    r"\bat hand\b": "current",
    r"\bmean(s)? no\b": "say plainly what it is",
    r"\bwhat is there\b": "name the thing",
    r"\bgoes without saying\b": "is implied",
    r"\bstumble\b": "fail",
    r"\bfront door\b": "public API",
    r"\bthis house\b": "this package",
    r"\btelephone\b": "phone",
    r"\bmailbox\b": "e-mail address",
    r"\brooms\b": "modules",
    r"\bwhoever\b": "the person who, everybody who",
    r"\brefus(e|es|ed|al|als|ing)\b": "reject",
    r"\b(tells|told)\b": "report, return",
    r"\bdut(y|ies)\b": "on-call assignment",
    r"\bnouns?\b": "resource",
    r"\bcarriers?\b": "delivery",
    r"\bkeeping\b": "persistence",
}
FOLDERS = ("ssm_contacts_sdk", "tests", "docs", "examples")
PAGES = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "pyproject.toml", ".ci/run")
ENDINGS = {".py", ".pyi", ".md", ".mjs", ".js"}


def texts() -> list[Path]:
    """Return the files of the repository that contain words, except the history of changes."""
    found = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*")]
    texts = [path for path in found if path.suffix in ENDINGS and "node_modules" not in path.parts]
    return [*texts, *(ROOT / page for page in PAGES)]


TEXTS = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8").lower()
    for path in texts()
    if path != Path(__file__)
}


@pytest.mark.parametrize(("pattern", "better"), WORDS.items())
def test_a_word_is_not_used(pattern: str, better: str) -> None:
    word = re.compile(pattern)
    # Python finds a pattern that begins with letters much faster than one that begins with \\b.
    candidate = re.compile(pattern.removeprefix(r"\b"))
    found = [
        f"{path}:{len(text[: use.end()].splitlines())}: {use.group()}"
        for path, text in TEXTS.items()
        for use in candidate.finditer(text)
        if word.match(text, use.start())
    ]
    assert found == [], f"better: {better}"


def test_all_files_are_read_in_lower_case() -> None:
    assert [pattern for pattern in WORDS if pattern != pattern.lower()] == []
    assert {"README.md", "docs/errors.md", "ssm_contacts_sdk/_client.py", ".ci/run"} <= set(TEXTS)
    assert {"examples/quickstart.py", "tests/conftest.py"} <= set(TEXTS)


GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
ENTRIES = [
    word
    for row in re.findall(r"^\| ([a-z].*?) \| ", GLOSSARY, re.MULTILINE)
    for word in row.split(", ")
    if row != "word"
]


def test_every_entry_of_the_glossary_is_a_word_of_the_package_or_its_docs() -> None:
    used = "\n".join(
        path.read_text(encoding="utf-8")
        for path in texts()
        if path.name != "glossary.md" and path.relative_to(ROOT).parts[0] != "tests"
    )
    for entry in ENTRIES:
        # account snapshot, account_snapshot or AccountSnapshot
        pattern = entry.replace(" ", r"[\s_]*")
        assert re.search(rf"(?i)(?<![a-z]){pattern}", used), entry
    assert ENTRIES
    assert len(ENTRIES) == len(set(ENTRIES))


def test_words_in_italics_have_an_entry() -> None:
    for word in re.findall(r"\*([a-z-][a-z -]*)\*", GLOSSARY.partition("## ")[2]):
        assert word in ENTRIES or word.removesuffix("s") in ENTRIES, word


def test_the_entries_of_the_glossary_are_sorted() -> None:
    tables = re.split(r"^## ", GLOSSARY, flags=re.MULTILINE)[1:]
    for table in tables:
        rows = re.findall(r"^\| ([a-z].*?) \| ", table, re.MULTILINE)[1:]
        assert rows == sorted(rows)
