"""A killed server loses no completed request, and leaves no other files behind."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from random import Random
from threading import Event, Lock, Thread, Timer
from typing import Any
from urllib.parse import urlsplit

import pytest
from amounts import amount
from attrs import define, field

ROOT = Path(__file__).parents[2]
KILLS = amount(quick=1, long=10)
WORKERS = 4
PATIENCE = 60.0
PLAN: dict[str, Any] = {"Stages": [{"DurationInMinutes": 5, "Targets": []}]}

# The real command, but it rewrites its file far more often, when a kill could do most damage.
PROGRAM = """
import sys
from ssm_contacts_sdk.local._persistence import state_file
from ssm_contacts_sdk.local._command import main

state_file._LEAST_RECORDS = 4000
sys.exit(main(sys.argv[1:]))
"""


@define
class Server:
    """A server in its own process."""

    process: subprocess.Popen[str]
    host: str
    port: int

    def call(self, connection: HTTPConnection, operation: str, **members: object) -> Any:
        """Return the members of the response, which must be a success."""
        headers = {"X-Amz-Target": f"SSMContacts.{operation}"}
        connection.request("POST", "/", json.dumps(members), headers)
        response = connection.getresponse()
        body = response.read()
        assert response.status == 200, body
        return json.loads(body)

    def all(self, operation: str, member: str, **members: object) -> list[Any]:
        """Return the items of all pages of a list."""
        connection = HTTPConnection(self.host, self.port, timeout=PATIENCE)
        found: list[Any] = []
        token: dict[str, str] = {}
        while True:
            page = self.call(connection, operation, MaxResults=1024, **members, **token)
            found += page[member]
            if "NextToken" not in page:
                connection.close()
                return found
            token = {"NextToken": page["NextToken"]}

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        self.process.communicate()
        return self.process.returncode


@pytest.fixture
def start() -> Iterator[Callable[[Path], Server]]:
    begun: list[subprocess.Popen[str]] = []

    def started(state: Path) -> Server:
        arguments = ["--port", "0", "--state", str(state), "--quiet"]
        process = subprocess.Popen(  # noqa: S603 - our own code
            [sys.executable, "-c", PROGRAM, *arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        begun.append(process)
        watch = Timer(PATIENCE, process.kill)
        watch.start()
        assert process.stdout is not None
        line: str = next(each for each in process.stdout if "AWS_ENDPOINT_URL" in each)
        watch.cancel()
        url = urlsplit(line.strip().partition("=")[2])
        assert url.hostname is not None
        assert url.port is not None
        return Server(process, url.hostname, url.port)

    yield started
    for process in begun:
        process.kill()
        with process:
            pass


@define
class Load:
    """Threads that send changes until the server is killed, and the responses."""

    server: Server
    round: int
    enough: int
    """The number of responses after which the server is killed."""
    responses: int = 0
    reached: Event = field(factory=Event)
    lock: Lock = field(factory=Lock)
    names: dict[str, set[str]] = field(factory=dict[str, "set[str]"])
    """The possible display names of a contact, by its ARN."""
    created: set[str] = field(factory=set[str])
    deleted: set[str] = field(factory=set[str])
    attempted: set[str] = field(factory=set[str])
    """The ARNs of possibly deleted contacts."""
    tagged: dict[str, str] = field(factory=dict[str, str])
    engagements: set[str] = field(factory=set[str])
    tokens: dict[str, dict[str, Any]] = field(factory=dict[str, "dict[str, Any]"])
    """The requests that created contacts, by ARN."""

    def run(self) -> None:
        """Start all threads, kill the server, and wait until they end."""
        threads = [Thread(target=self._work, args=(number,)) for number in range(WORKERS)]
        for thread in threads:
            thread.start()
        assert self.reached.wait(PATIENCE)
        assert self.server.end(signal.SIGKILL) == -signal.SIGKILL
        for thread in threads:
            thread.join()

    def _work(self, worker: int) -> None:
        connection = HTTPConnection(self.server.host, self.server.port, timeout=PATIENCE)
        number = 0
        # The server has been killed.
        with closing(connection), suppress(OSError, HTTPException):
            while True:
                self._change(connection, f"r{self.round}w{worker}n{number}", number)
                number += 1

    def _change(self, connection: HTTPConnection, alias: str, number: int) -> None:
        def call(operation: str, **members: object) -> Any:
            response = self.server.call(connection, operation, **members)
            with self.lock:
                self.responses += 1
                if self.responses == self.enough:
                    self.reached.set()
            return response

        arguments: dict[str, Any] = {
            "Alias": alias,
            "Type": "PERSONAL",
            "Plan": PLAN,
            "IdempotencyToken": alias,
        }
        arn = call("CreateContact", **arguments)["ContactArn"]
        self.created.add(arn)
        self.tokens[arn] = arguments
        self.names[arn] = {"", "new"}
        call("UpdateContact", ContactId=arn, DisplayName="new")
        self.names[arn] = {"new"}
        call("TagResource", ResourceARN=arn, Tags=[{"Key": "alias", "Value": alias}])
        self.tagged[arn] = alias
        texts = {"Sender": "test", "Subject": "s", "Content": "c"}
        self.engagements.add(call("StartEngagement", ContactId=arn, **texts)["EngagementArn"])
        if number % 3:
            # Most, because there can be only 1,000 at a time.
            self.attempted.add(arn)
            call("DeleteContact", ContactId=arn)
            self.deleted.add(arn)

    def check(self, server: Server) -> None:
        """Check that another server has the results of all responses."""
        contacts = server.all("ListContacts", "Contacts")
        names = {each["ContactArn"]: each.get("DisplayName", "") for each in contacts}
        assert self.created - self.attempted <= names.keys()
        assert not self.deleted & names.keys()
        for arn in self.created & names.keys():
            assert names[arn] in self.names[arn]
        engagements = server.all("ListEngagements", "Engagements")
        assert self.engagements <= {each["EngagementArn"] for each in engagements}
        connection = HTTPConnection(server.host, server.port, timeout=PATIENCE)
        for arn, arguments in self.tokens.items():
            assert server.call(connection, "CreateContact", **arguments) == {"ContactArn": arn}
        for arn in self.tagged.keys() - self.attempted:
            tags = server.call(connection, "ListTagsForResource", ResourceARN=arn)["Tags"]
            assert tags == [{"Key": "alias", "Value": self.tagged[arn]}]
        connection.close()


def test_completed_requests_survive_kills_under_load(
    start: Callable[[Path], Server], tmp_path: Path
) -> None:
    state = tmp_path / "state.json"
    random = Random(11)  # noqa: S311 - the same in every run
    server = start(state)
    loads: list[Load] = []
    for number in range(KILLS):
        load = Load(server, number, enough=random.randrange(20, 200))
        load.run()
        loads.append(load)
        server = start(state)
        # Neither a lock nor an incomplete file is left.
        assert list(tmp_path.iterdir()) == [state]
        load.check(server)
    for load in loads:
        load.check(server)
    assert server.end(signal.SIGTERM) == 0
    assert list(tmp_path.iterdir()) == [state]
    print(f"{KILLS} kills, {sum(each.responses for each in loads)} responses")  # noqa: T201


@pytest.mark.parametrize(
    "number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.long)]
)
def test_a_stopped_server_leaves_a_file_like_a_saved_one(
    start: Callable[[Path], Server], tmp_path: Path, number: int
) -> None:
    state = tmp_path / "state.json"
    server = start(state)
    connection = HTTPConnection(server.host, server.port, timeout=PATIENCE)
    server.call(connection, "CreateContact", Alias="akuam", Type="PERSONAL", Plan=PLAN)
    connection.close()
    assert server.end(number) == 0
    assert list(tmp_path.iterdir()) == [state]
    assert "akuam" in json.loads(state.read_text())["kept"]
