"""One page from a template, our own style and script, and data: complete in itself, offline.

The page forbids itself the network, and every script and style but its own, by a Content Security
Policy that names them by their hashes. Data stand in it as JSON that no parser can take for markup;
the script writes every text through `textContent`.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from pathlib import Path
from typing import Any

ASSETS = Path(__file__).parent / "assets"


def assemble(
    template: str, *, title: str, data: dict[str, Any], styles: list[str], scripts: list[str]
) -> str:
    """Fill a template with the texts of asset files.

    Parameters
    ----------
    template : str
        File name of the HTML; it has the fields policy, title, styles, transport, data, script.
    title : str
        Of the window; any text.
    data : dict
        What the script reads, as JSON; NaN and infinity are refused.
    styles, scripts : list of str
        File names, in order.

    Examples
    --------
    >>> page = assemble(
    ...     "film.html", title="<b>", data={"x": "</script>"}, styles=["film.css"], scripts=[]
    ... )
    >>> "<b>" in page, page.count("</script>"), "default-src 'none'" in page
    (False, 2, True)
    """
    style = "\n".join(map(_asset, styles))
    script = "\n".join(map(_asset, scripts))
    fields = {
        "policy": f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'",
        "title": html.escape(title.encode("utf-8", "replace").decode()),
        "styles": style,
        "transport": _asset("transport.html"),
        "data": as_json(data),
        "script": script,
    }
    text = _asset(template)
    # In one pass: a title or a datum that holds "{script}" is not filled in again.
    pieces = []
    while "{" in text:
        before, _, rest = text.partition("{")
        name, _, text = rest.partition("}")
        pieces += [before, fields[name]]
    return "".join([*pieces, text])


def framed(page: str, title: str, height: int = 720) -> str:
    """A page within a notebook: in a frame that may run its own script and nothing else.

    Examples
    --------
    >>> framed("<p>", '"', 100).endswith('title="&quot;" srcdoc="&lt;p&gt;"></iframe>')
    True
    """
    return (
        f'<iframe sandbox="allow-scripts" style="width:100%;height:{height}px;border:0" '
        f'title="{html.escape(title)}" srcdoc="{html.escape(page)}"></iframe>'
    )


def as_json(data: Any) -> str:
    r"""JSON that stays text inside a script element.

    Examples
    --------
    >>> print(as_json({"name": "</script>&"}))
    {"name":"\u003c/script\u003e\u0026"}
    """
    text = json.dumps(data, separators=(",", ":"), allow_nan=False)
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _asset(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
