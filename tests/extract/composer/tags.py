"""Tags as careless hands write them: capitals, quotes or none, class names without meaning."""

from random import Random

from composer.style import Style

_WORDS = ("khung", "hop", "noi-dung", "box1", "wrap", "cot-giua", "mo-ta", "nd", "item", "left", "clearfix", "tin")
_NO_QUOTES_NEEDED = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:/%()")


class Tags:
    """Writes tags in one style; each tag draws its names anew."""

    def __init__(self, style: Style, chance: Random) -> None:
        self.style = style
        self.chance = chance

    def open(self, name: str, /, **attributes: str | None) -> str:
        """`<name ...>`; an attribute that is None is left out, `klass` stands for class."""
        said = {key.replace("klass", "class").replace("_", "-"): value for key, value in attributes.items()}
        end = " />" if self.style.doctype == "xhtml" and name in ("br", "img", "input") else ">"
        return "<" + self._case(name) + "".join(self._attribute(k, v) for k, v in said.items() if v is not None) + end

    def close(self, name: str) -> str:
        return f"</{self._case(name)}>"

    def wrap(self, name: str, inner: str, /, **attributes: str | None) -> str:
        return self.open(name, **attributes) + inner + self.close(name)

    def named(self, name: str, inner: str) -> str:
        """Wrapped in a tag with whatever name this style gives to things."""
        return self.open_named(name) + inner + self.close(name)

    def open_named(self, name: str) -> str:
        match self.style.names:
            case "hashed":
                return self.open(name, klass=f"_{self.chance.randrange(16**6):06x}")
            case "words":
                return self.open(name, klass=" ".join(self.chance.sample(_WORDS, self.chance.choice((1, 1, 2)))))
            case "ids":
                return self.open(name, id=f"ctl{self.chance.randrange(100):02}_{self.chance.choice(_WORDS)}")
        return self.open(name)

    def _case(self, name: str) -> str:
        case = self.style.case
        return name.upper() if case == "upper" or (case == "mixed" and self.chance.random() < 0.4) else name

    def _attribute(self, name: str, value: str) -> str:
        bare = self.style.quotes == "none" and value and set(value) <= _NO_QUOTES_NEEDED
        if bare and not value.endswith("/"):
            return f" {self._case(name)}={value}"
        mark = "'" if self.style.quotes == "single" else '"'
        value = value.replace("&", "&amp;").replace(mark, "&#39;" if mark == "'" else "&quot;")
        return f" {self._case(name)}={mark}{value}{mark}"
