"""Tag soup: random markup for tests of what depends on how a parser repairs it."""

from random import Random

_OPENINGS = (
    "div", "p", "ul", "li", "b", "b", "i", "span", "a href='/x'", "a href='/y'", "table", "tr", "td", "tbody", "h2",
    "h3", "section", "nav", "dl", "dt", "dd", "center", "font color=red", "em class='m'", "header", "th", "caption",
    "footer", "ol", "aside", "blockquote", "small",
)  # fmt: skip
_RARE = (
    "select", "option", "button", "form", "textarea", "svg", "math", "mi", "template", "title", "object", "marquee",
    "nobr", "noscript", "script", "style", "iframe", "xmp", "frameset", "body", "head", "html", "colgroup", "col",
    "input", "thead", "foreignObject", "applet", "optgroup", "plaintext", "label", "fieldset", "legend", "rt", "main",
    "image",
)  # fmt: skip
_ALONE = ("<br>", "<img src=/a.jpg>", "<hr>", "<!-- ghi -->", "<wbr>", "<!-- <p>ghi</p> -->", "<script>a = 1</script>")
_ODD = (
    "<!--", "-->", "</", "<p title='", "'>", "<a b", "</br>", "</p>", "<div/>", "<!x>", "<?y>", '<i x="', '">', "\0",
)  # fmt: skip
_SPACES = ("", "", "", " ", "\n")


def soup(random: Random, length: int, *, rare: float = 0.0, odd: float = 0.0, nested: float = 0.9) -> str:
    """Some markup of about `length` tags. `rare` and `odd` are the shares of elements that change how the parser reads
    on, and of pieces that are no whole tags; `nested` is the share of end tags that close what was opened last."""
    found: list[str] = []
    opened: list[str] = []
    for number in range(length):
        found.append(random.choice(_SPACES))
        chance = random.random()
        if chance < odd:
            found.append(random.choice(_ODD))
        elif chance < 0.3:
            found.append(f"chữ {number}" if random.random() < 0.8 else random.choice(_ALONE))
        elif chance < 0.65:
            tag = random.choice(_RARE if random.random() < rare else _OPENINGS)
            opened.append(tag.partition(" ")[0])
            found.append(f"<{tag}>")
        elif opened and random.random() < nested:
            found.append(f"</{opened.pop()}>")
        elif random.random() < 0.5:
            found.append(f"</{random.choice(_OPENINGS).partition(' ')[0]}>")
    while opened and random.random() < nested:
        found.append(f"</{opened.pop()}>")
    return "".join(found)


def tidy(random: Random, depth: int, *, optional: float = 0.2) -> str:
    """Markup that nests as written, `optional` the share of end tags that may be left out and are."""
    name = random.choice(("div", "ul", "table", "ol", "section", "dl", "p", "h3", "header"))
    return _of(random, name, depth, optional)


def _of(random: Random, name: str, depth: int, optional: float) -> str:
    def end(tag: str) -> str:
        return "" if random.random() < optional else f"</{tag}>"

    def inner(tag: str) -> str:
        return "".join(f"<{tag}>{_flow(random, depth - 1, optional)}{end(tag)}" for _ in range(random.randint(1, 4)))

    if name in ("ul", "ol"):
        return f"<{name}>{inner('li')}</{name}>"
    if name == "dl":
        return f"<dl>{inner('dt')}{inner('dd')}</dl>"
    if name == "table":
        rows = "".join(f"<tr>{inner('td')}{end('tr')}" for _ in range(random.randint(1, 3)))
        return f"<table>{'<tbody>' if random.random() < 0.5 else ''}{rows}</table>"
    if name in ("p", "h3"):
        return f"<{name}>{_line(random)}</{name}>"
    return f"<{name}>{_flow(random, depth - 1, optional)}{_flow(random, depth - 1, optional)}</{name}>"


def _flow(random: Random, depth: int, optional: float) -> str:
    if depth <= 0 or random.random() < 0.3:
        return _line(random)
    return "".join(tidy(random, depth, optional=optional) for _ in range(random.randint(1, 3)))


def _line(random: Random) -> str:
    text = f"chữ {random.randrange(100)}"
    for tag in random.sample(("b", "i", "a href='/x'", "span", "font color=red", "b"), random.randint(0, 3)):
        text = f"<{tag}>{text}</{tag.partition(' ')[0]}>"
    return f"{text}{random.choice(_ALONE) if random.random() < 0.2 else ''} "
