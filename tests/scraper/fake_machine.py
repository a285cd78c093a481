"""A machine for `susta schedule`: it notes what it is asked, and keeps a crontab."""

from collections.abc import Mapping, Sequence

from scraper.installing import Said


class FakeMachine:
    """Answers commands; `refuses` names words of those that fail."""

    def __init__(
        self, *, refuses: Sequence[str] = (), crontab: str | None = None, answers: Mapping[str, str] | None = None
    ) -> None:
        self.refuses, self.crontab, self.answers = tuple(refuses), crontab, answers or {}
        self.asked: list[list[str]] = []

    def has(self, program: str) -> bool:
        return program != "loginctl"

    def run(self, words: Sequence[str], text: str = "") -> Said:
        self.asked.append(list(words))
        if any(word in words for word in self.refuses):
            return Said(1, "", f"{words[0]} says no")
        for word, text_of_it in self.answers.items():
            if word in words:
                return Said(0, text_of_it, "")
        if list(words) == ["crontab", "-l"]:
            return Said(0, self.crontab, "") if self.crontab is not None else Said(1, "", "no crontab for archive")
        if list(words) == ["crontab", "-"]:
            self.crontab = text
        return Said(0, "", "")
