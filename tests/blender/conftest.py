"""Set-up of all Blender tests: one Blender process, ended by force when the tests are over."""

from __future__ import annotations

import os
import sys

import pytest
import session  # before any test imports bpy

import differential  # isort: skip

_status = 0


def pytest_configure(config) -> None:
    session.new_file()


@pytest.fixture(scope="session")
def addon() -> str:
    """The add-on, installed and enabled; gives its module name."""
    session.install()
    return session.MODULE


@pytest.fixture
def empty_file() -> None:
    """A new empty file; the add-on stays enabled."""
    session.new_file()


def pytest_sessionfinish(session, exitstatus) -> None:
    global _status
    _status = int(exitstatus)


def pytest_report_header() -> str:
    return f"Blender {session.bpy.app.version_string}"


def pytest_terminal_summary(terminalreporter) -> None:
    if differential.STATISTICS:
        terminalreporter.section("stock against Limber, mean of one call")
        for line in differential.STATISTICS:
            terminalreporter.write_line(line)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config) -> None:
    """Ends without Blender's own clean-up, which hangs in 4.5 when something is left registered.

    That nothing is left is the business of the installation tests, which end normally.
    """
    import shutil

    shutil.rmtree(session.FOLDER, ignore_errors=True)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(_status)
