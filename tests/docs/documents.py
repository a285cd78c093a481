"""Reading the documentation: its pages, code blocks, links, and the `susta` commands it shows."""

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
PAGES = [README, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
FOLLOWED = [ROOT / "docs" / "tutorial.md", ROOT / "docs" / "how-to.md"]  # from top to bottom (test_walkthroughs.py)

_BLOCK = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.M | re.S)
_GENERATED = re.compile(r"<!-- generated: [a-z-]+ -->.*?<!-- end -->", re.S)


@dataclass(frozen=True)
class Block:
    """A fenced code block."""

    page: Path
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.name}: {self.text.strip().splitlines()[0][:60]}"


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def written_by_hand(page: Path) -> str:
    return _GENERATED.sub("", text_of(page))


def blocks(language: str, *, pages: list[Path] = PAGES) -> list[Block]:
    """The code blocks of a language, in all parts of the pages."""
    return [
        Block(page, match["language"], match["text"])
        for page in pages
        for match in _BLOCK.finditer(text_of(page))
        if match["language"] == language
    ]


def without_code(text: str) -> str:
    return _BLOCK.sub("", text)


def words_of(line: str) -> list[str] | None:
    """The words after `susta` in a shell line, up to a redirection or pipe; None for a line of another kind."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="<>|&;")
    lexer.whitespace_split = True
    words = list(lexer)
    if words[:1] != ["susta"]:
        return None
    end = next((place for place, word in enumerate(words) if set(word) <= set("<>|&;")), len(words))
    return words[1:end]


def shell_commands(*, pages: list[Path] = PAGES) -> list[list[str]]:
    """Each `susta …` line of the shell blocks, as words."""
    lines = [line for block in blocks("sh", pages=pages) for line in block.text.splitlines()]
    return [words for line in lines if (words := words_of(line)) is not None]


def help_examples() -> list[list[str]]:
    """Each `susta …` line under `Examples:` in the help texts; a remark stands after two or more spaces."""
    lines = [line.strip() for block in blocks("text", pages=[README]) for line in block.text.splitlines()]
    bare = [re.split(r"\s{2,}", line)[0] for line in lines if line.startswith("susta ")]
    return [words for line in bare if (words := words_of(line)) is not None]
