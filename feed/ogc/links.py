"""The links that a document or a page names for itself."""

from feed.ogc.answers import link
from feed.pages.asked import HTML, address_as


def own_links(url: str, media_type: str, is_page: bool) -> list[dict[str, str]]:
    """Return the links to an answer itself and to the same as a page or, from there, as data."""
    if is_page:
        data = link(address_as(url, "json"), "alternate", media_type)
        return [link(url, "self", HTML), data]
    return [link(url, "self", media_type), link(address_as(url, "html"), "alternate", HTML, "html")]
