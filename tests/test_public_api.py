from __future__ import annotations

import inspect
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from doctest import DocTestFinder, DocTestRunner
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from make_stub import STUB, public_names, stub

import ssm_contacts_sdk
import ssm_contacts_sdk.local

ROOT = Path(__file__).parents[1]
NAMES = ssm_contacts_sdk.__all__
MODULES = public_names()
PLACES = [(name, module) for module, names in MODULES.items() for name in names]


def run(code: str, *options: str) -> str:
    """Return what `code` prints in a process that has loaded nothing yet."""
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, *options, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_names_are_sorted_and_each_is_listed_once() -> None:
    assert sorted(set(NAMES)) == NAMES
    assert sorted(name for name, _ in PLACES) == NAMES


def test_type_checkers_read_the_same_names() -> None:
    """If this fails, run docs/make_stub.py."""
    assert STUB.read_text(encoding="utf-8") == stub(MODULES)


def test_a_name_is_the_one_that_its_module_defines() -> None:
    for name, module in PLACES:
        at_home = getattr(import_module(f"ssm_contacts_sdk.{module}"), name)
        assert getattr(ssm_contacts_sdk, name) is at_home
        assert getattr(ssm_contacts_sdk, name) is at_home


def test_a_public_class_or_function_names_its_public_module() -> None:
    for name in NAMES:
        value = getattr(ssm_contacts_sdk, name)
        if inspect.isclass(value) or inspect.isfunction(value):
            assert (value.__module__, value.__qualname__) == ("ssm_contacts_sdk", name)


@pytest.mark.parametrize("name", ["Plann", "plan", "nothing", "", "_Plan", "__path_to_nowhere__"])
def test_an_unknown_name_is_a_plain_attribute_error_that_names_it(name: str) -> None:
    assert not hasattr(ssm_contacts_sdk, name)
    with pytest.raises(AttributeError) as caught:
        getattr(ssm_contacts_sdk, name)
    assert type(caught.value) is AttributeError
    assert str(caught.value) == f"module 'ssm_contacts_sdk' has no attribute {name!r}"


def test_an_unknown_name_cannot_be_imported() -> None:
    assert "cannot import name 'Plann' from 'ssm_contacts_sdk'" in run(
        "try:\n"
        "    from ssm_contacts_sdk import Plann\n"
        "except ImportError as error:\n"
        "    print(error)\n"
    )


def test_all_names_are_shown() -> None:
    shown = dir(ssm_contacts_sdk)
    assert set(NAMES) <= set(shown)
    assert shown == sorted(set(shown))


def test_all_names_can_be_imported_at_once() -> None:
    code = (
        "from ssm_contacts_sdk import *\n"
        "import ssm_contacts_sdk\n"
        "print(set(ssm_contacts_sdk.__all__) - set(globals()))\n"
    )
    assert run(code) == "set()"


def test_each_module_can_be_the_first_to_be_imported(tmp_path: Path) -> None:
    # Each module is compiled once, also if the environment says that Python keeps nothing.
    code = (
        "import sys\n"
        "sys.dont_write_bytecode = False\n"
        f"for name, module in {[(names[0], module) for module, names in MODULES.items()]}:\n"
        "    for loaded in [each for each in sys.modules if each.startswith('ssm_contacts_sdk')]:\n"
        "        del sys.modules[loaded]\n"
        "    import ssm_contacts_sdk\n"
        "    getattr(ssm_contacts_sdk, name)\n"
        "    print(module)\n"
    )
    assert run(code, "-X", f"pycache_prefix={tmp_path}").splitlines() == list(MODULES)


def documented() -> Iterator[tuple[str, object]]:
    """Yield the public classes and functions, and the public methods and properties of classes."""
    for name in NAMES:
        value = getattr(ssm_contacts_sdk, name)
        if inspect.isfunction(value):
            yield name, value
        if inspect.isclass(value):
            yield from members(name, value)


def members(name: str, kind: type) -> Iterator[tuple[str, object]]:
    # Only members of the class itself, and not those of a base class.
    yield name, vars(kind)["__doc__"] or ""
    for base in kind.__mro__:
        if not base.__module__.startswith("ssm_contacts_sdk"):
            continue
        for each, value in vars(base).items():
            method = inspect.isroutine(value) or isinstance(value, (property, cached_property))
            if method and not each.startswith("_"):
                yield f"{name}.{each}", getattr(kind, each)


def test_what_is_public_is_documented() -> None:
    texts = {
        name: value if isinstance(value, str) else inspect.getdoc(value) or ""
        for name, value in documented()
    }
    assert [name for name, text in texts.items() if not re.match(r"\s*([A-Z]|``)", text)] == []


def test_the_methods_of_a_client_are_among_what_is_documented() -> None:
    """This proves that the test above examines more than names."""
    found = {name for name, _ in documented()}
    assert {"Plan.on_call", "Channel.sms", "EngagementStage.stage", "Plan.engagement"} <= found
    assert {"ChannelType.is_known", "to_kwargs", "ContactsClient.local"} <= found


def annotated(value: Any) -> Iterator[Any]:
    """Return a public class or function, and what users call or read of a class."""
    yield value
    if not inspect.isclass(value):
        return
    if value.__name__ not in ONLY_CONSTRUCTED_HERE:
        yield value.__init__
    bases = [base for base in value.__mro__ if base.__module__.startswith("ssm_contacts_sdk")]
    for member in (member for base in bases for member in public_members(base)):
        inner = [getattr(member, each, None) for each in ("__func__", "fget", "func")]
        yield next((each for each in inner if each is not None), member)


def public_members(kind: type) -> list[Any]:
    return [member for name, member in vars(kind).items() if not name.startswith("_")]


def mentioned_types(value: Any) -> Iterator[type]:
    """Return every class in the annotations of a public class or function."""
    for each in annotated(value):
        if inspect.isclass(each) or inspect.isfunction(each):
            for name, hint in get_type_hints(each).items():
                if not name.startswith("_"):
                    yield from classes(hint)


def classes(hint: Any) -> Iterator[type]:
    if isinstance(hint, type):
        yield hint
    parts = get_args(hint)
    if get_origin(hint) is Callable and parts[0] is not Ellipsis:
        parts = (*parts[0], parts[1])
    for part in parts:
        yield from classes(part)


# Users get these from a client.
ONLY_CONSTRUCTED_HERE = {
    "Channels",
    "Contacts",
    "Engagements",
    "Following",
    "Overrides",
    "Pages",
    "Rotations",
    "Tags",
}
PUBLIC_MODULES = (ssm_contacts_sdk, ssm_contacts_sdk.local)
PUBLIC = [(module.__name__, name) for module in PUBLIC_MODULES for name in module.__all__]


def test_what_is_public_mentions_no_private_type() -> None:
    public = {f"{home}.{name}" for home, name in PUBLIC}
    for module, name in PUBLIC:
        value = getattr(import_module(module), name)
        ours = {each for each in mentioned_types(value) if "ssm_contacts_sdk" in each.__module__}
        homes = {f"{each.__module__}.{each.__qualname__}" for each in ours}
        assert homes - public == set(), name


def test_the_types_of_methods_and_attributes_are_among_those_mentioned() -> None:
    """This proves that the test above examines more than a few names."""
    mentioned = set(mentioned_types(ssm_contacts_sdk.ContactsClient))
    assert {ssm_contacts_sdk.Contacts, ssm_contacts_sdk.Timeline} <= mentioned
    assert ssm_contacts_sdk.RetryPolicy in mentioned


@pytest.mark.parametrize(("module", "name"), PUBLIC)
def test_the_examples_of_what_is_public_run(module: str, name: str) -> None:
    """They use only public names. pytest does not find them, because it reads `__module__`."""
    value = getattr(import_module(module), name)
    if not (inspect.isclass(value) or inspect.isfunction(value)):
        return
    public = import_module(module)
    names: dict[str, object] = {each: getattr(public, each) for each in public.__all__}
    runner = DocTestRunner()
    for example in DocTestFinder().find(value, name, module=False, globs=names):
        runner.run(example)
    assert runner.failures == 0
