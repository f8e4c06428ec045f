"""Forks: a child uses no connection of its parent, and waits for no thread of its parent."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from ipaddress import ip_address
from pathlib import Path

import pytest
from amounts import amount
from programs import Interpreter
from sentinels import phone_number

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks here")

# What takes most of the time of these programs.
PREPARATION = """
import http.server
import boto3
from ssm_contacts_sdk import *
from ssm_contacts_sdk.local import *
# It loads the service model, and botocore's modules for clients.
LocalService().client()
"""

FRAME = """
import json, os, signal, sys, threading, time, warnings
# The warning about a fork with threads: these tests fork with threads.
warnings.simplefilter("ignore", DeprecationWarning)
# Python ignores an error of what is called at a fork: here it is a line that no test expects.
sys.unraisablehook = lambda ignored: print(repr(ignored.exc_value))
os.environ.update(AWS_ACCESS_KEY_ID="x", AWS_SECRET_ACCESS_KEY="y", AWS_DEFAULT_REGION="us-east-2")
os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull
from ssm_contacts_sdk import Contact, ContactsClient, ContactType, RetryPolicy

def in_child(work):
    '''Return a file with the result of `work` in a fork of this process.'''
    read, write = os.pipe()
    if not os.fork():
        signal.alarm(20)
        result = None
        try:
            result = work()
        except BaseException as error:
            result = repr(error)
        finally:
            os.write(write, json.dumps(result).encode())
            os._exit(0)
    os.close(write)
    return os.fdopen(read)

def result_of(file):
    with file:
        return json.loads(file.read() or '"the child hung"')

def person(alias):
    return Contact(alias=alias, type=ContactType.PERSONAL)
"""

# A server whose only contact has the client's port as its alias, which identifies the connection.
PORTS = """
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
import ssl

class Port(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def log_message(self, *_):
        pass
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        contact = {"ContactArn": "x", "Alias": str(self.client_address[1]), "Type": "PERSONAL"}
        body = json.dumps({"Contacts": [contact]}).encode()
        self.send_response(200)
        self.send_header("x-amzn-RequestId", "1")
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

server = ThreadingHTTPServer(("127.0.0.1", 0), Port)
scheme = "http"
if sys.argv[1] not in ("http", "proxy"):
    scheme = "https"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1])
    server.socket = context.wrap_socket(server.socket, server_side=True)
    os.environ["AWS_CA_BUNDLE"] = sys.argv[1]
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"{scheme}://127.0.0.1:{server.server_port}"
if sys.argv[1] == "proxy":
    os.environ["HTTP_PROXY"], url = url, "http://contacts.invalid"

def port(client):
    (contact,) = client.contacts.list()
    return contact.alias

def plain_client():
    from botocore.config import Config
    from botocore.session import Session
    config = Config(retries={"total_max_attempts": 1})
    return Session().create_client("ssm-contacts", endpoint_url=url, config=config)
"""

OWN_CONNECTIONS = """
client = ContactsClient(endpoint_url=url, retry=RetryPolicy.none())
if sys.argv[2] == "passed":
    client = ContactsClient(boto3_client=plain_client(), retry=RetryPolicy.none())
short = client.with_options(read_timeout=7)
ours, ours_short = port(client), port(short)

def work():
    # The client, a copy of it, and its boto3 client have the same connections.
    copy = client.with_options(retry=RetryPolicy.none())
    direct = client.boto3_client.list_contacts()["Contacts"][0]["Alias"]
    mine = [port(client), port(copy), direct]
    # A copy with another timeout has connections of its own.
    of_copies = [port(short), port(client.with_options(read_timeout=7))]
    return mine, result_of(in_child(lambda: [port(client), port(client)])), of_copies

(children, grandchildren, of_copies) = zip(*[result_of(in_child(work)) for _ in range(3)])
after = [port(client) for _ in range(3)]
# Each process has one connection of its own, and that of the parent has not changed.
print([len(set(ports)) for ports in (*children, *grandchildren, *of_copies)])
print(len({ours, ours_short, *sum(children, []), *sum(grandchildren, []), *sum(of_copies, [])}))
print(set(after) == {ours}, port(short) == ours_short)
"""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a self-signed certificate for 127.0.0.1 with its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(timezone.utc)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "certificate.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


Run = Callable[..., list[str]]


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    """Return a function that returns the output of a process that runs these parts of a program."""
    with Interpreter(PREPARATION) as interpreter:

        def output(*parts: str, way: str = "http", whose: str = "ours") -> list[str]:
            ended = interpreter.run("\n".join((FRAME, *parts)), [way, whose])
            assert ended.code == 0, ended.error
            return ended.out.splitlines()

        yield output


@pytest.mark.parametrize("whose", ["ours", "passed"])
@pytest.mark.parametrize("scheme", ["http", "https", "proxy"])
def test_each_process_has_connections_of_its_own(
    run: Run, certificate: Path, scheme: str, whose: str
) -> None:
    way = str(certificate) if scheme == "https" else scheme
    assert run(PORTS, OWN_CONNECTIONS, way=way, whose=whose) == [
        "[1, 1, 1, 1, 1, 1, 1, 1, 1]",
        # The parent's two, three children's two each, and three grandchildren's.
        "11",
        "True True",
    ]


def test_a_boto3_client_that_is_passed_after_the_fork_opens_new_connections(run: Run) -> None:
    work = """
raw = plain_client()
ours = raw.list_contacts()["Contacts"][0]["Alias"]

def work():
    client = ContactsClient(boto3_client=raw)
    return [port(client), port(client)]

mine = result_of(in_child(work))
print(len(set(mine)), ours in mine)
"""
    assert run(PORTS, work) == ["1 False"]


CHILDREN = """
from ssm_contacts_sdk.local import LocalService
service = LocalService()
server = service.serve()
client = ContactsClient(endpoint_url=server.url)
arns = [client.contacts.create(person(f"own{number}")).arn for number in range(4)]

def work(number):
    wrong = []
    for call in range(15):
        alias = client.contacts.get(arns[number]).alias
        arn = client.contacts.create(person(f"new{number}-{call}")).arn
        if alias != f"own{number}" or not arn.endswith(f"/new{number}-{call}"):
            wrong.append((alias, arn))
    return wrong

print([result_of(file) for file in [in_child(lambda n=number: work(n)) for number in range(4)]])
print(len(list(client.contacts.list())))
"""


@pytest.mark.parametrize("number", range(amount(quick=1, long=10)))
def test_children_that_call_at_the_same_time_get_their_own_responses(run: Run, number: int) -> None:
    assert run(CHILDREN) == ["[[], [], [], []]", "64"]


CONTINUED = """
service = LocalService()
server = service.serve()
client = ContactsClient(endpoint_url=server.url, clock=service.clock)
for number in range(6):
    client.contacts.create(person(f"a{number}"))
listing = client.contacts.list(page_size=2)
items, pages = iter(listing), listing.by_page()
next(items), next(pages)
akua = client.contacts.create(person("akuam"))
engagement = client.engagements.start(akua, sender="x", subject="x", content="x")
following = client.engagements.follow(engagement, interval=60)

def work():
    events = [type(event).__name__ for event in following]
    rest = [contact.alias for contact in items]
    return [rest, [len(page.items) for page in pages], events[-1], len(list(listing))]

mine, other = result_of(in_child(work)), result_of(in_child(work))
print(mine == other == work(), mine)
"""


def test_lists_and_following_continue_in_a_child_from_their_position(run: Run) -> None:
    (line,) = run("from ssm_contacts_sdk.local import LocalService", CONTINUED)
    assert line == ("True [['a1', 'a2', 'a3', 'a4', 'a5', 'akuam'], [2, 2, 1], 'FollowEnded', 7]")


EMBEDDED = """
from ssm_contacts_sdk.local import LocalService
service = LocalService()
client = service.client()
client.contacts.create(person("before"))
busy = threading.Event()

def use_all_the_time(name):
    for number in range(10**9):
        client.contacts.delete(client.contacts.create(person(f"{name}{number}")))
        service.clock.sleep(1)
        busy.set()

threads = [threading.Thread(target=use_all_the_time, args=(name,), daemon=True) for name in "ab"]
for thread in threads:
    thread.start()
busy.wait()

def work():
    before = sum(1 for _ in client.contacts.list())
    client.contacts.create(person("mine"))
    service.clock.sleep(1)
    # A copy of the whole service, and the contacts that are created here.
    return sum(1 for _ in client.contacts.list()) - before

print([result_of(in_child(work)) for _ in range({forks})])
# The parent has none of the children's contacts.
print("mine" in {contact.alias for contact in client.contacts.list()})
sys.stdout.flush()
os._exit(0)
"""


def test_a_child_has_a_consistent_copy_of_an_embedded_service_that_threads_use(run: Run) -> None:
    forks = amount(quick=15, long=50)
    assert run(EMBEDDED.replace("{forks}", str(forks))) == [str([1] * forks), "False"]


BUSY = """
from ssm_contacts_sdk.local import LocalService
service = LocalService()
client = service.client()
inside, leave = threading.Event(), threading.Event()

def use():
    with {busy_lock}:
        inside.set()
        leave.wait()

threading.Thread(target=use, daemon=True).start()
inside.wait()
os.register_at_fork(before=leave.set)

def work():
    service.faults.add(throttle(retry_after_seconds=2))
    akua = client.contacts.create(person("akuam"))
    sms = client.channels.create(akua, Channel.sms("sms", "{phone}"))
    service.delivery.fail(sms)
    return [contact.alias for contact in client.contacts.list()]

from ssm_contacts_sdk import Channel
from ssm_contacts_sdk.local import throttle
print(result_of(in_child(work)))
"""


@pytest.mark.parametrize(
    "busy_lock",
    [
        "service._core.state()",
        "service.clock._lock",
        "service.faults._lock",
        "service.delivery._lock",
    ],
)
def test_a_child_does_not_wait_for_a_thread_that_used_an_embedded_service(
    run: Run, busy_lock: str
) -> None:
    code = BUSY.replace("{busy_lock}", busy_lock).replace("{phone}", phone_number(101))
    assert run(code) == ["['akuam']"]


HELD = """
from ssm_contacts_sdk._locks import fork_safe_lock
import ssm_contacts_sdk._locks as forking
forking._TIMEOUT = 0.2
first, second = fork_safe_lock(), fork_safe_lock()
holds = threading.Event()

def hold():
    with {held}:
        holds.set()
        time.sleep(3600)

threading.Thread(target=hold, daemon=True).start()
holds.wait()

def work():
    return [lock.acquire(timeout=0) for lock in (first, second)]

print(result_of(in_child(work)))
# In the parent, one is still held and the other one is free.
print(sorted(lock.acquire(timeout=0) for lock in (first, second)))
"""


@pytest.mark.parametrize("held", ["first", "second"])
def test_a_fork_waits_for_a_lock_only_for_a_limited_time(run: Run, held: str) -> None:
    assert run(HELD.replace("{held}", held)) == ["[True, True]", "[False, True]"]


RELEASED = """
import ssm_contacts_sdk._locks as forking
lock = forking.fork_safe_lock()
result_of(in_child(lambda: 1))
acquired = []

def acquire():
    acquired.extend(each.acquire(timeout=0) for each in (lock, forking._locks._own))

# The locks are re-entrant: only another thread can see who holds them.
other = threading.Thread(target=acquire)
other.start()
other.join()
print(acquired)
"""


def test_after_a_fork_the_parent_holds_no_lock(run: Run) -> None:
    assert run(RELEASED) == ["[True, True]"]


CONSISTENT = """
from ssm_contacts_sdk._locks import fork_safe_lock
inner, outer = fork_safe_lock(), fork_safe_lock()
changing, leave = threading.Event(), threading.Event()
data = [0, 0]

def change():
    with outer:
        data[0] = 1
        changing.set()
        leave.wait()
        with inner:
            data[1] = 1

threading.Thread(target=change, daemon=True).start()
changing.wait()
# The last registered function is called first, when the fork begins.
os.register_at_fork(before=leave.set)

def work():
    with outer, inner:
        return data

print(result_of(in_child(work)))
"""


def test_a_fork_waits_until_data_behind_locks_is_consistent(run: Run) -> None:
    assert run(CONSISTENT) == ["[1, 1]"]


def test_a_child_does_not_wait_for_a_thread_that_created_a_client(run: Run) -> None:
    work = """
import ssm_contacts_sdk._botocore as botocore_clients
holds = threading.Event()

def hold():
    with botocore_clients._creating:
        holds.set()
        time.sleep(0.3)

threading.Thread(target=hold, daemon=True).start()
holds.wait()
print(result_of(in_child(lambda: ContactsClient().boto3_client.meta.region_name)))
"""
    assert run(work) == ["us-east-2"]


def test_a_child_does_not_wait_for_a_thread_that_renewed_credentials(run: Run) -> None:
    work = """
client = ContactsClient(endpoint_url=url)
port(client)
credentials = client.boto3_client._request_signer._credentials
lock = credentials._refresh_lock = threading.Lock()
lock.acquire()
print(result_of(in_child(lambda: (port(client) != "", credentials._refresh_lock.locked()))))
print(credentials._refresh_lock is lock)
"""
    assert run(PORTS, work) == ["[True, False]", "True"]
