"""Have an office program that listens merge a document with a table of people, to one PDF each; print the seconds.

Run by the Python that has ``uno``, as ``python3 mail_merge.py FOLDER PIPE``: FOLDER holds data/people.csv, with a
column id, and document.fodt, whose fields name the data source ``people``.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import uno

_TRIES = 300
_TO_FILES = 2  # com.sun.star.text.MailMergeType.FILE
_FLAT = {"Extension": "csv", "HeaderLine": True, "FieldDelimiter": ",", "StringDelimiter": '"', "CharSet": "UTF-8"}


def listening(pipe: str) -> object:
    """Return the context of the program that listens at a pipe, once it does."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(_TRIES):
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except uno.getClass("com.sun.star.connection.NoConnectException"):
            time.sleep(0.2)
    sys.exit("nobody listens")


def merged(context: object, folder: Path) -> float:
    """Register the table, merge, and return how many seconds the merge took."""
    made = context.ServiceManager.createInstanceWithContext
    known = made("com.sun.star.sdb.DatabaseContext", context)
    table = known.createInstance()
    table.URL = f"sdbc:flat:{(folder / 'data').as_uri()}"
    table.Info = tuple(_property(name, value) for name, value in _FLAT.items())
    table.DatabaseDocument.storeAsURL((folder / "people.odb").as_uri(), ())
    known.registerObject("people", table)
    merge = made("com.sun.star.text.MailMerge", context)
    merge.DataSourceName = merge.Command = "people"
    merge.DocumentURL = (folder / "document.fodt").as_uri()
    merge.OutputType = _TO_FILES
    merge.OutputURL = (folder / "out").as_uri()
    merge.FileNameFromColumn, merge.FileNamePrefix = True, "id"
    merge.SaveFilter = "writer_pdf_Export"
    begun = time.perf_counter()
    merge.execute(())
    return time.perf_counter() - begun


def _property(name: str, value: object) -> object:
    found = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
    found.Name, found.Value = name, value
    return found


if __name__ == "__main__":
    sys.stdout.write(f"{merged(listening(sys.argv[2]), Path(sys.argv[1]))}\n")
