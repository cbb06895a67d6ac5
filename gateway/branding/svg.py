"""SVG logos: read strictly, and written anew from a list of what draws. Nothing that runs, loads or styles is on it.

What could do harm refuses the whole file, so that nobody wonders why it looks different; what drawing programs note
for themselves is left out.
"""

import re
from typing import Final, NoReturn
from xml.etree.ElementTree import Element, ParseError, SubElement, register_namespace, tostring

from defusedxml import DefusedXmlException, ElementTree

NAMESPACE: Final = "http://www.w3.org/2000/svg"
MOST_ELEMENTS: Final = 2000
DEEPEST: Final = 40

_DRAWS: Final = frozenset(
    {"circle", "clipPath", "defs", "desc", "ellipse", "g", "line", "linearGradient", "path", "polygon", "polyline"}
    | {"radialGradient", "rect", "stop", "svg", "text", "title", "tspan"}
)
_LEFT_OUT: Final = frozenset({"metadata"})
_GEOMETRY: Final = frozenset(
    {"clipPathUnits", "cx", "cy", "d", "dx", "dy", "fx", "fy", "gradientTransform", "gradientUnits"}
    | {"height", "id", "offset", "pathLength", "points", "preserveAspectRatio", "r", "rx", "ry", "spreadMethod"}
    | {"transform", "viewBox", "width", "x", "x1", "x2", "y", "y1", "y2"}
)
_LOOKS: Final = frozenset(
    {"clip-path", "clip-rule", "color", "display", "fill", "fill-opacity", "fill-rule", "font-family", "font-size"}
    | {
        "font-style",
        "font-weight",
        "letter-spacing",
        "opacity",
        "stop-color",
        "stop-opacity",
        "stroke",
        "stroke-dasharray",
        "stroke-dashoffset",
    }
    | {"stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "stroke-opacity", "stroke-width", "text-anchor", "visibility"}
)
_ATTRIBUTES: Final = _GEOMETRY | _LOOKS
_VALUE: Final = re.compile(r"[\w\s#%(),.'+\-/]*\Z")
_HERE: Final = re.compile(r"url\(\s*['\"]?(#[\w.-]+)['\"]?\s*\)")
_GRADIENTS: Final = frozenset({"linearGradient", "radialGradient"})

register_namespace("", NAMESPACE)


def cleaned_svg(raw: bytes) -> bytes:
    """Return the drawing with only what draws left in it.

    Raises:
        ValueError: it is no SVG, or holds what a logo may not; the message ends a sentence that begins with "Logo:".
    """
    try:
        root = ElementTree.fromstring(raw, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except DefusedXmlException:
        raise ValueError("this SVG defines entities or a document type. Save it again as plain SVG.") from None
    except (ParseError, ValueError, LookupError):
        raise ValueError("use a PNG or an SVG.") from None
    if root.tag != f"{{{NAMESPACE}}}svg":
        raise ValueError("use a PNG or an SVG.")
    drawing = Element("svg", {"xmlns": NAMESPACE, **_attributes(root, "svg")})
    if "viewBox" not in drawing.attrib and not {"width", "height"} <= drawing.attrib.keys():
        raise ValueError("this SVG does not say how large it is. Save it with a viewBox.")
    _Copier().copy_inside(root, drawing, 1)
    written: bytes = tostring(drawing, encoding="utf-8")
    return written


class _Copier:
    """Copies what draws, and counts it."""

    def __init__(self) -> None:
        self._count = 0

    def copy_inside(self, given: Element, kept: Element, depth: int) -> None:
        """Copy text and children of ``given`` into ``kept``."""
        self._count += 1
        if self._count > MOST_ELEMENTS or depth > DEEPEST:
            raise ValueError(f"this SVG has too many parts. Use one of at most {MOST_ELEMENTS}.")
        if kept.tag in {"text", "tspan", "title", "desc"}:
            kept.text = given.text
        for child in given:
            name = _name(child)
            if name is None:
                continue
            copy = SubElement(kept, name, _attributes(child, name))
            copy.tail = child.tail if kept.tag in {"text", "tspan"} else None
            self.copy_inside(child, copy, depth + 1)


def _name(element: Element) -> str | None:
    """Return the name of an element that draws; None for one that is to be left out."""
    namespace, _, name = element.tag.rpartition("}")
    if namespace != f"{{{NAMESPACE}":
        return None if namespace and name.lower() not in {"script", "foreignobject"} else _refuse(f"<{name}>")
    if name in _LEFT_OUT or (name.endswith("namedview")):
        return None
    return name if name in _DRAWS else _refuse(f"<{name}>")


def _attributes(element: Element, name: str) -> dict[str, str]:
    """Return the attributes that draw; those of a style among them.

    Raises:
        ValueError: one could run or load something.
    """
    kept: dict[str, str] = {}
    for key, value in element.attrib.items():
        plain = key.rpartition("}")[2]
        if plain.lower().startswith("on"):
            _refuse(f"the attribute {plain}")
        elif plain == "style" and key == plain:
            kept |= _styles(value)
        elif plain == "href":
            kept |= _href(name, value)
        elif key in _ATTRIBUTES:
            kept[key] = _value(key, value)
    return kept


def _styles(style: str) -> dict[str, str]:
    """Return the declarations of a style attribute as attributes of their own."""
    pairs = (declaration.partition(":") for declaration in style.split(";"))
    named = {name.strip().lower(): value.strip() for name, _, value in pairs}
    for value in named.values():
        _value("style", value)
    return {name: _value(name, value) for name, value in named.items() if name in _LOOKS}


def _href(name: str, value: str) -> dict[str, str]:
    """Let one gradient name another; nothing else refers to anything."""
    if name not in _GRADIENTS or not re.fullmatch(r"#[\w.-]+", value):
        _refuse(f"a link in <{name}>")
    return {"href": value}


def _value(key: str, value: str) -> str:
    """Return a value in which nothing but a part of this very drawing is referred to."""
    local = _HERE.sub(r"url(\1)", value)
    without = _HERE.sub("", value)
    if "url" in without.lower() or "://" in value or not _VALUE.match(without.replace('"', "'")):
        _refuse(f"something from elsewhere in {key}")
    return local


def _refuse(what: str) -> NoReturn:
    raise ValueError(f"this SVG holds {what}, which a logo may not. Save it again as plain shapes.")
