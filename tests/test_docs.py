from __future__ import annotations

import re
from importlib import import_module
from inspect import getmembers, ismethod
from pathlib import Path

import make_modules
import make_operations
import pytest

import ssm_contacts_sdk
from ssm_contacts_sdk import ContactsClient, ServiceError
from ssm_contacts_sdk._resources.resource import Resource

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
CODE = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
ERROR = re.compile(r"^\| `(\w+Error)`(?: \(an? `(\w+)`\))? \|", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)")
FENCE = re.compile(r"^[ >]*(?:```|~~~)[ `~]*(.*)$", re.MULTILINE)
STATEMENT = re.compile(r"^(from \S+ import|import|client\.|>>>) ?", re.MULTILINE)
# Names of files, and private modules of the package with or without a member.
FILE = re.compile(r"`([\w./-]+\.(?:pyi?|mjs|md|toml|yml))`")
MODULE = re.compile(r"`(_[a-z]\w*(?:\.(?!pyi?`)\w+)*)`")
MAP = re.compile(r"<!-- modules -->.*<!-- end of modules -->", re.DOTALL)
OUTPUT = re.compile(r"^```(?:text)?\n(.*?)^```", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
COMMANDS = [
    "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/python examples/quickstart.py",
    'python3 -m venv .venv && .venv/bin/pip install -e ".[test]" && .venv/bin/python -m pytest',
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_code_of_a_page_runs_from_its_top_to_its_end(page: Path) -> None:
    blocks = CODE.findall(page.read_text())
    if page.name not in ("architecture.md", "glossary.md", "operations.md"):
        assert blocks
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, str(page), "exec"), names)  # noqa: S102 - our own pages


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_block_of_python_is_marked_as_such(page: Path) -> None:
    """Otherwise it is not run."""
    text = page.read_text(encoding="utf-8")
    opened, closed = FENCE.findall(text)[::2], FENCE.findall(text)[1::2]
    assert set(opened) <= {"python", "text", "console", ""}
    assert set(closed) <= {""}
    assert opened.count("python") == len(CODE.findall(text))
    others = OUTPUT.findall(CODE.sub("", text))
    assert [each for each in others if STATEMENT.search(each)] == []


# These are described in words.
NOT_SHOWN = {
    "channels.deactivate",
    "channels.delete",
    "channels.update",
    "engagements.list",
    "pages.describe",
    "pages.list_by_contact",
    "rotations.delete",
}


def test_the_code_of_the_docs_calls_each_method_of_a_client() -> None:
    code = "".join(block for page in PAGES for block in CODE.findall(page.read_text("utf-8")))
    client = ContactsClient.local()
    resources = getmembers(client, lambda each: isinstance(each, Resource))
    owners = {"": client, **{f"{name}.": each for name, each in resources}}
    public = {
        f"{prefix}{name}"
        for prefix, owner in owners.items()
        for name, _ in getmembers(owner, ismethod)
        if not name.startswith("_")
    }
    assert len(resources) == 7
    assert {name for name in public if f".{name}(" not in code} == NOT_SHOWN


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CONTRIBUTING.md"], ids=lambda page: page.name)
def test_the_files_and_modules_that_a_page_names_are_there(page: Path) -> None:
    # Another test compares the map.
    text = MAP.sub("", page.read_text(encoding="utf-8"))
    package = [f"/{path}" for path in (ROOT / "ssm_contacts_sdk").rglob("*.py*")]
    missing = [
        name
        for name in FILE.findall(text)
        if not any((folder / name).exists() for folder in (ROOT, ROOT / "docs"))
        and not any(path.endswith(f"/{name}") for path in package)
    ]
    assert missing == []
    modules = MODULE.findall(text)
    assert [each for each in modules if not is_in_the_package(each)] == []


def is_in_the_package(name: str) -> bool:
    """Return whether the package has a module, or a module with a member, of this name."""
    module, _, member = name.rpartition(".")
    try:
        import_module(f"ssm_contacts_sdk.{name}")
    except ModuleNotFoundError:
        return bool(module) and hasattr(import_module(f"ssm_contacts_sdk.{module}"), member)
    return True


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CONTRIBUTING.md"], ids=lambda page: page.name)
def test_what_a_page_links_to_is_there(page: Path) -> None:
    for name, anchor in LINK.findall(page.read_text(encoding="utf-8")):
        target = page.parent / name if name else page
        assert target.exists(), name
        if anchor:
            assert anchor in anchors_of(target), f"{name}#{anchor}"


def anchors_of(page: Path) -> set[str]:
    """Return the anchors of the headings of a page, as GitHub creates them."""
    headings = HEADING.findall(page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_begins_with_a_paragraph_that_describes_its_purpose(page: Path) -> None:
    title, first, *_ = page.read_text(encoding="utf-8").split("\n\n")
    assert title.startswith("# ")
    assert re.match(r"[A-Z*]|`(?!``)", first), first


def test_the_readme_has_the_two_commands_word_for_word() -> None:
    lines = (ROOT / "README.md").read_text().splitlines()
    assert [line for line in lines if line.startswith("python3 -m venv")] == COMMANDS


def test_the_table_of_modules_matches_their_docstrings() -> None:
    written = make_modules.PAGE.read_text(encoding="utf-8")
    assert written == make_modules.page(), "run python docs/make_modules.py"


def test_the_table_of_operations_matches_the_code() -> None:
    written = make_operations.PAGE.read_text(encoding="utf-8")
    assert written == make_operations.page(), "run python docs/make_operations.py"


def test_the_changelog_knows_this_version() -> None:
    assert f"\n## {ssm_contacts_sdk.__version__} " in (ROOT / "CHANGELOG.md").read_text()


def test_the_table_of_errors_has_each_error_once_with_its_base_class() -> None:
    rows = ERROR.findall((ROOT / "docs" / "errors.md").read_text(encoding="utf-8"))
    errors = {name for name in ssm_contacts_sdk.__all__ if name.endswith("Error")}
    assert sorted(name for name, _ in rows) == sorted(errors - {"ContactsError", "ServiceError"})
    for name, base in rows:
        error = getattr(ssm_contacts_sdk, name)
        assert not base or base in {each.__name__ for each in error.__mro__}, name
    assert [issubclass(getattr(ssm_contacts_sdk, name), ServiceError) for name, _ in rows] == (
        [False] * (len(rows) - 9) + [True] * 9
    )


@pytest.mark.parametrize("name", ["audit.md", "on-call.md", "retries.md"])
def test_the_output_that_a_page_shows_is_what_its_code_prints_or_logs(
    name: str, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    page = (ROOT / "docs" / name).read_text(encoding="utf-8")
    names: dict[str, object] = {}
    with caplog.at_level("INFO", "ssm_contacts_sdk"):
        for block in CODE.findall(page):
            exec(compile(block, name, "exec"), names)  # noqa: S102 - our own pages
    printed = capsys.readouterr().out + "".join(f"{line}\n" for line in caplog.messages)
    shown = OUTPUT.findall(CODE.sub("", page))
    assert shown
    assert [each for each in shown if each not in printed] == []
