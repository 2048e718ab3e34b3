"""One page with everything in it: results, chart library, style and script. It loads nothing."""

import json
import re
from pathlib import Path

PAGE = Path(__file__).resolve().parent / "page"
SCRIPTS = ("numbers.js", "charts.js", "figures.js", "tables.js")
NO_LIBRARY = "/* the chart library was not built: tables only */"


def in_script(text):
    """So that it cannot end the script element that it is in."""
    return text.replace("</", "<\\/").replace("<!--", "<\\!--")


def slim(results):
    """Without what the page does not show."""
    kept = {name: value for name, value in results.items() if name not in ("turns",)}
    kept["threads"] = [
        {"server": turn["server"], "round": turn["round"], "threads": turn["threads"]}
        for turn in results["turns"]
        if turn["profile"] == "balance"
    ]
    return kept


def page(results, library, version):
    """The chart library may be empty: then there are tables only, and a note."""
    results = slim(results)
    results["chartLibrary"] = f"ECharts {version}" if library else ""
    if not library:
        note = "The chart library could not be built, so there are only tables."
        results["notes"] = [*results["notes"], note]
    if not results["complete"]:
        results["notes"] = [*results["notes"], "The run was ended early: this is what there was."]
    parts = {
        "STYLE": (PAGE / "style.css").read_text(),
        "RESULTS": json.dumps(results).replace("<", "\\u003c"),
        "LIBRARY": in_script(library or NO_LIBRARY),
        "SCRIPT": in_script("".join((PAGE / name).read_text() for name in SCRIPTS)),
    }
    template = (PAGE / "page.html").read_text()
    return re.sub(r"/\*([A-Z]+)\*/", lambda mark: parts[mark[1]], template)
