"""What was last said of an archive's health, in `health.json` beside it: so that a change is told once, and an alarm
that stands knows since when. Written whole or not at all; a file that cannot be read is as none."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from archive.health import Health
from archive.health_terms import Level, Standing, moment, stamp
from archive.writing import write_whole

STATE_NAME = "health.json"
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Told:
    """What was last told of one rule: its level, since when, and (`begun`) from when on it was so."""

    level: Level
    since: datetime
    begun: datetime | None = None


@dataclass(frozen=True, slots=True)
class State:
    """What was told of each rule, and what a person accepted when."""

    told: Mapping[str, Told] = field(default_factory=dict)
    accepted: Mapping[str, datetime] = field(default_factory=dict)

    def standing(self) -> dict[str, Standing]:
        """As the rules want to know it."""
        names = {*self.told, *self.accepted}
        return {name: self._standing(name) for name in names}

    def _standing(self, name: str) -> Standing:
        told, accepted = self.told.get(name), self.accepted.get(name)
        if told is None or (accepted and accepted >= told.since):
            return Standing(accepted=accepted)
        return Standing(told.level, told.begun or told.since, accepted)

    def accept(self, rule: str, at: datetime) -> "State":
        """A person has seen what a rule says, and takes it as the new usual."""
        return State(self.told, {**self.accepted, rule: at})

    def after(self, health: Health) -> "State":
        """What will have been told once this is."""
        told = dict(self.told) if health.level is Level.UNKNOWN else {}  # what nobody could see has not changed
        for each in health.findings:
            before = self.told.get(each.rule)
            begun = moment(str(each.figures["from"])) if each.figures.get("from") else None
            same = before is not None and before.level is each.level
            told[each.rule] = Told(each.level, before.since if same and before else health.at, begun)
        return State(told, self.accepted)


@dataclass(frozen=True, slots=True)
class Change:
    """A rule that says something else than before."""

    rule: str
    before: Level
    now: Level
    since: datetime
    reason: str
    advice: str

    def as_dict(self) -> dict[str, Any]:
        return {
            "rule": self.rule,
            "before": self.before.word,
            "now": self.now.word,
            "since": stamp(self.since),
            "reason": self.reason,
            "advice": self.advice,
        }


def changes(state: State, health: Health) -> list[Change]:
    """What is to be told. A rule never heard of was well; that one was well then and is now is no news."""
    found = []
    for each in health.findings:
        before = state.told.get(each.rule)
        was = before.level if before else Level.OK
        if was is not each.level:
            found.append(Change(each.rule, was, each.level, health.at, each.reason, each.advice))
    present = {each.rule for each in health.findings}
    if health.level is Level.UNKNOWN:
        return found
    for rule, told in state.told.items():
        if rule not in present and told.level is not Level.OK:
            found.append(Change(rule, told.level, Level.OK, health.at, "over, or no longer looked at", ""))
    return found


def read_state(path: Path) -> State:
    """The state that was kept; an empty one where there is none, or nothing that makes sense."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        told = {
            str(rule): Told(
                Level[str(each["level"]).upper()],
                moment(each["since"]),
                moment(each["begun"]) if each.get("begun") else None,
            )
            for rule, each in data["told"].items()
        }
        return State(told, {str(rule): moment(at) for rule, at in data["accepted"].items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return State()


def write_state(path: Path, state: State, at: datetime) -> None:
    """Keeps the state, whole or not at all. Raises OSError."""
    told = {
        rule: {"level": each.level.word, "since": stamp(each.since), "begun": stamp(each.begun) if each.begun else None}
        for rule, each in state.told.items()
    }
    accepted = {rule: stamp(when) for rule, when in state.accepted.items()}
    data = {"version": _VERSION, "at": stamp(at), "told": told, "accepted": accepted}
    write_whole(path, json.dumps(data, indent=1) + "\n")
