"""Measure what a new program or client costs: its CPU time, most of it as a ratio to plain boto3.

``python tests/benchmarks/starts.py`` prints it with the goals. A script is a new Python process
that imports, makes a client and creates one contact; its time is that of the whole process. The
time of an import is that of a process that only imports, without the time of an empty process.
Each round runs every process once.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median

from calls import REGION, cpu_seconds, show, use_credentials

from ssm_contacts_sdk.local import LocalService

ROUNDS, CLIENTS = 15, 100

PLAIN_SCRIPT = f"""
import boto3
from answers import answer

client = answer(boto3.client("ssm-contacts", region_name={REGION!r}))
client.create_contact(Alias="akuam", Type="PERSONAL", Plan={{"Stages": []}})
"""
TYPED_SCRIPT = f"""
from ssm_contacts_sdk import Contact, ContactsClient
from answers import answer

client = ContactsClient(region_name={REGION!r})
answer(client.boto3_client)
client.contacts.create(Contact(alias="akuam", type="PERSONAL"))
"""


def main() -> None:
    """Print the ratios and times."""
    use_credentials()
    scripts = measure({"plain": PLAIN_SCRIPT, "typed": TYPED_SCRIPT})
    show("script: import, client, one create", ratio(scripts["typed"], scripts["plain"]), 1.03)
    imports = measure({"": "", "boto3": "import boto3", "ours": "import ssm_contacts_sdk"})
    startup = median(imports[""])
    ours, boto3 = (median(imports[name]) - startup for name in ("ours", "boto3"))
    show("import", ours / boto3, 0.10)
    LocalService().client()
    made = [cpu_seconds(lambda: LocalService().client(), 1) for _ in range(CLIENTS)]
    show("an embedded client", 1e3 * median(made), 3, "ms")


def ratio(seconds: list[float], base: list[float]) -> float:
    """Return the median of the ratios of all rounds."""
    return median(a / b for a, b in zip(seconds, base, strict=True))


def measure(scripts: Mapping[str, str]) -> dict[str, list[float]]:
    """Return the CPU times of processes that run these scripts, for each round."""
    seconds: dict[str, list[float]] = {name: [] for name in scripts}
    for script in scripts.values():
        # The first one compiles the modules.
        run(script)
    for _ in range(ROUNDS):
        for name, script in scripts.items():
            seconds[name].append(run(script))
    return seconds


def run(script: str) -> float:
    """Return the CPU time of a new Python process that runs a script."""
    paths = (str(Path(__file__).parent), os.environ.get("PYTHONPATH", ""))
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", script], check=True, env=env)
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
