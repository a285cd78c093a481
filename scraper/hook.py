"""The operator's own command, told of every change of health: its words from the config, no shell, facts as JSON on its
standard input."""

import contextlib
import json
import os
import signal
import subprocess
from collections.abc import Sequence
from typing import Any

_MOST_SAID = 300


def run_hook(command: Sequence[str], facts: dict[str, Any], timeout: float) -> str:
    """Runs the command and waits for it; returns what went wrong, in words, or "". Its output goes to our standard
    error; after the timeout it is ended, with whatever it started. It may read its input or not."""
    text = json.dumps(facts, ensure_ascii=False)
    try:
        process = subprocess.Popen(
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        return f"the hook {command[0]} cannot be run: {getattr(error, 'strerror', None) or error}"
    try:
        _, said = process.communicate(text.encode(), timeout=timeout)
    except subprocess.TimeoutExpired:
        _end(process)
        return f"the hook {command[0]} took longer than {timeout:g} s and was ended"
    if process.returncode:
        words = said.decode("utf-8", "replace").strip()[-_MOST_SAID:]
        return f"the hook {command[0]} ended with {process.returncode}" + (f": {words}" if words else "")
    return ""


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Ends a command and what it started: they are a group of their own."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for stream in (process.stdin, process.stderr):
        if stream:
            stream.close()
