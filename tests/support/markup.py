"""HTML read strictly: what is opened is closed, in order, and ids stand once."""

from html.parser import HTMLParser

VOID = frozenset(
    {
        *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source"),
        *("track", "wbr"),
    }
)
# Of SVG, where an element may close itself.
DRAWN = frozenset({"path", "circle", "ellipse", "line", "polyline", "polygon", "rect", "use"})
TYPED_IN = frozenset({"input", "select", "textarea", "button"})


class Page(HTMLParser):
    """The elements of a page, ``(name, attributes)``, and its words. Raises for broken markup."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words = ""
        self.scripts: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == [], f"never closed: {self._open}"
        ids = self.values("id")
        assert len(ids) == len(set(ids)), "an id stands twice"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        names = [name for name, _value in attrs]
        assert len(names) == len(set(names)), f"an attribute stands twice in <{tag}>"
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element that closes itself."""
        assert tag in VOID | DRAWN, f"<{tag}/> closes itself"
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        """Close the last one that was opened."""
        assert self._open, f"</{tag}> closes nothing"
        last = self._open.pop()
        assert last == tag, f"</{tag}> closes <{last}>"

    def handle_data(self, data: str) -> None:
        """Collect the words, and apart from them what stands in scripts."""
        if self._open[-1:] == ["script"]:
            self.scripts.append(data)
        else:
            self.words += data

    def all(self, tag: str) -> list[dict[str, str]]:
        """Return the attributes of each element of a name."""
        return [attributes for name, attributes in self.elements if name == tag]

    def values(self, attribute: str) -> list[str]:
        """Return what an attribute says, of all elements."""
        return [given[attribute] for _tag, given in self.elements if attribute in given]

    def forms(self) -> list[tuple[dict[str, str], list[tuple[str, dict[str, str]]]]]:
        """Return each form's attributes with the fields that follow it, ``(element, attributes)``.

        A select's choices are among them, as ``option``.
        """
        found: list[tuple[dict[str, str], list[tuple[str, dict[str, str]]]]] = []
        for tag, given in self.elements:
            if tag == "form":
                found.append((given, []))
            elif found and tag in TYPED_IN | {"option"}:
                found[-1][1].append((tag, given))
        return found
