"""Our pages as HTML: Jinja templates that escape every value; JSON within a page by `tojson`. A test holds that."""

from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from archive.browse import charts, texts

FOLDER = Path(__file__).parent
LANGUAGE_COOKIE = "lang"


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates of our own pages; a name that is not given is an error, not an empty text."""
    made = Environment(
        loader=FileSystemLoader(FOLDER / "templates" / "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    return made


def helpers(language: str) -> dict[str, Callable[..., Any] | str]:
    """What every template may use: `t` for texts of the page, days, numbers, and names of things."""
    return {
        "lang": language,
        "other": "en" if language == "vi" else "vi",
        "t": partial(texts.say, language),
        "day": partial(texts.day_said, language),
        "number": partial(texts.number_said, language),
        "thing": partial(texts.thing, language),
        "note": partial(texts.note_said, language),
        "changes": partial(texts.changes_said, language),
        "shade": charts.shade,
    }


def page(template: str, language: str, **values: Any) -> str:
    """A page as HTML. `values` needs what base.html needs: `sources`, and `here`, the address of the page itself."""
    return environment().get_template(template).render(helpers(language) | values)


def language_of(cookies: dict[str, str]) -> str:
    """The language that was chosen; Vietnamese until one was."""
    wanted = cookies.get(LANGUAGE_COOKIE, "")
    return wanted if wanted in texts.LANGUAGES else texts.LANGUAGES[0]


def is_local(path: str) -> bool:
    """Whether a path leads to a page of this very server, whatever a browser makes of it."""
    return path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and "\\" not in path
