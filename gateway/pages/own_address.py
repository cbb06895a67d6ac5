"""Where to go on to: an address of our own, whatever somebody wrote into a link."""

from urllib.parse import urlsplit


def own_address(where: str) -> str:
    """Return ``where`` if it is a path on this site; nothing for any other, however it is disguised."""
    if not where.startswith("/") or where.startswith("//") or "\\" in where or not where.isprintable():
        return ""
    try:
        address = urlsplit(where)
    except ValueError:
        return ""
    return "" if address.netloc or address.scheme else where
