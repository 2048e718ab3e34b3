#!/usr/bin/env python3
"""Writes the table of media types that MimeTypes reads.

    server-http/src/mime/update.py MIME_TYPES DB_JSON

MIME_TYPES is Debian's /etc/mime.types (package media-types, in the public domain), DB_JSON is db.json
of the npm package mime-db. Neither is part of Torc. An extension is taken if both give it the same
type, unless that is a vendor's (vnd.) which is in none of KEPT. What they disagree on, what is too
new for them and what browsers treat otherwise is in own.types beside this script, which has the last
word.
"""
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).parent
TARGET = HERE.parent / "main/resources/dev/torc/http/mime.types"
OCTETS = "application/octet-stream"
KEPT = (
    "vnd.adobe.", "vnd.amazon.", "vnd.android.", "vnd.apple.", "vnd.debian.", "vnd.djvu",
    "vnd.dwg", "vnd.dxf", "vnd.gml", "vnd.google-earth.", "vnd.iccprofile", "vnd.microsoft.",
    "vnd.mozilla.", "vnd.ms-", "vnd.oasis.", "vnd.openxmlformats", "vnd.rar", "vnd.sqlite3",
    "vnd.tcpdump.", "vnd.usdz", "vnd.visio", "vnd.collada", "vnd.graphviz")


def table(path):
    """{extension: {types}} of a file in the format of mime.types."""
    types = {}
    for line in path.read_text().splitlines():
        media_type, *extensions = line.split("#")[0].split() or [""]
        for extension in extensions:
            types.setdefault(extension.lower(), set()).add(media_type.lower())
    return types


def mime_db(path):
    types = {}
    for media_type, entry in json.loads(path.read_text()).items():
        for extension in entry.get("extensions", []):
            types.setdefault(extension.lower(), set()).add(media_type.lower())
    return types


def is_common(media_type):
    subtype = media_type.split("/")[1]
    return not subtype.startswith("vnd.") or subtype.startswith(KEPT)


def main(debian, db):
    first, second = table(pathlib.Path(debian)), mime_db(pathlib.Path(db))
    chosen = {}
    for extension in sorted(first.keys() & second.keys()):
        common = sorted(t for t in first[extension] & second[extension] if is_common(t))
        if len(common) == 1 and extension.isalnum():
            chosen[extension] = common[0]
    for extension, types in table(HERE / "own.types").items():
        (chosen[extension],) = types
    rows = {}
    for extension, media_type in chosen.items():
        if media_type != OCTETS:
            rows.setdefault(media_type, []).append(extension)
    lines = [f"{t} {' '.join(sorted(e))}" for t, e in sorted(rows.items())]
    TARGET.write_text("# Written by src/mime/update.py: change own.types there.\n"
                      + "\n".join(lines) + "\n")
    print(f"{len(lines)} types, {sum(map(len, rows.values()))} extensions")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
