"""Flaws of the installation (exceptions) and the one table of exit codes (contract: exit codes).

A flaw in a submission is never an exception outside `office/`: it is a `Finding`. The exception is `Unreadable`,
which a reader raises for a file that cannot be read at all and which `examine` turns into a finding.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum


class ExitCode(IntEnum):
    """What the command's exit status says."""

    OK = 0
    ATTENTION = 1  # done, some documents returned, doubtful or unreadable
    USAGE = 2
    SETTINGS = 3  # template, spec or settings broken
    STORE = 4  # store or folder not accessible
    DEFECT = 70
    INTERRUPTED = 130


class PipelineError(Exception):
    """A flaw the user can mend; the message is a Chinese sentence that says how."""

    exit_code = ExitCode.DEFECT


class SettingsError(PipelineError):
    """pipeline.toml, a spec.toml or a template is broken: the message names file and line."""

    exit_code = ExitCode.SETTINGS


class StoreError(PipelineError):
    """The registry or a folder cannot be read or written."""

    exit_code = ExitCode.STORE


class UsageError(PipelineError):
    """The command was called with something that does not exist."""

    exit_code = ExitCode.USAGE


class Unreadable(Exception):  # noqa: N818 - a verdict about a file, caught at one place, not a fault of the program
    """A submitted file cannot be read. `code` names the sentence in the catalogue, `facts` what it needs.

    Codes: empty_file, not_office, corrupt, encrypted, too_large, bomb, forbidden_xml, old_format, scan,
    image_not_yet, xfa, ofd, other_archive, nested_archive, archive_empty, strict_ooxml, timeout, memory, no_text.
    """

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.code = code
        self.facts: Mapping[str, str] = facts
