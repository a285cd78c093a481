"""A smaller input that fails alike."""

import time
from collections.abc import Callable
from dataclasses import replace

from fuzzing.invariants import Input

SECONDS = 10.0  # of CPU spent on one input


def shrink(given: Input, fails: Callable[[Input], bool], most: int = 600) -> Input:
    """Takes ever smaller spans out of the body as long as it still fails; at most `most` tries."""
    stop = time.process_time() + SECONDS
    span = max(1, len(given.body) // 2)
    while span and most > 0:
        start = 0
        while start < len(given.body) and most > 0 and time.process_time() < stop:
            most -= 1
            shorter = replace(given, body=given.body[:start] + given.body[start + span :])
            if fails(shorter):
                given = shorter
            else:
                start += span
        span //= 2
    return given
