"""Write the tables of fields in the pages of docs/, from the declarations of the values.

``python docs/make_fields.py`` writes them again; a test compares them with the code. A table is
between ``<!-- fields: Contact -->`` and ``<!-- end -->``.
"""

from __future__ import annotations

import re
from pathlib import Path

import ssm_contacts_sdk
from ssm_contacts_sdk._schema.descriptions import describe

DOCS = Path(__file__).parent
TABLE = re.compile(r"(?s)<!-- fields: (\w+) -->\n(.*?)<!-- end -->")
HEAD = "| field | type | rule | required |\n|---|---|---|---|\n"


def pages() -> list[Path]:
    """Return the pages that have a table of fields."""
    found = sorted(DOCS.glob("*.md"))
    return [page for page in found if TABLE.search(page.read_text(encoding="utf-8"))]


def written(page: str) -> str:
    """Return the text of a page with the tables that the declarations give."""
    return TABLE.sub(lambda found: _marked(found[1]), page)


def _marked(name: str) -> str:
    rows = (
        f"| `{field.name}` | {field.type} | {field.rule} | {_yes_or_no(field.is_required)} |\n"
        for field in describe(getattr(ssm_contacts_sdk, name))
    )
    return f"<!-- fields: {name} -->\n{HEAD}{''.join(rows)}<!-- end -->"


def _yes_or_no(answer: object) -> str:
    return "yes" if answer else "no"


if __name__ == "__main__":
    for path in pages():
        path.write_text(written(path.read_text(encoding="utf-8")), encoding="utf-8")
