"""Say in the file itself what it is: PDF/UA-1 and PDF/A-2a (or 3a) at once, or PDF/A-2u (ISO 14289-1, ISO 19005)."""

from __future__ import annotations

from functools import cache
from html import escape
from typing import TYPE_CHECKING, Final

from PIL import ImageCms

from planmaker.pdf.file import ENDSTREAM, stream, text_string

if TYPE_CHECKING:
    from planmaker.pdf.file import File

__all__ = ["write"]

# A file that is to be the same each time cannot tell when it was made.
_DATE: Final = "2000-01-01T00:00:00+00:00"
_MAKER: Final = "planmaker"
_BEGIN: Final = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{maker}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<xmp:CreatorTool>{maker}</xmp:CreatorTool><pdf:Producer>{maker}</pdf:Producer>
<xmp:CreateDate>{date}</xmp:CreateDate><xmp:ModifyDate>{date}</xmp:ModifyDate>
<pdfaid:part>{part}</pdfaid:part>"""
# Tagged, and so for those who hear it too; the schema of PDF/UA has to be told where PDF/A is claimed.
_TAGGED: Final = """<pdfaid:conformance>A</pdfaid:conformance><pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>PDF/UA version identifier</pdfaProperty:description>
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>"""
# Not tagged, but each character known.
_PLAIN: Final = """<pdfaid:conformance>U</pdfaid:conformance>
</rdf:Description>"""
_END: Final = """</rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""
_XMP: Final = _BEGIN + _TAGGED + _END
_XMP_PLAIN: Final = _BEGIN + _PLAIN + _END


def write(file: File, title: str, language: str, *, part: int = 2, tagged: bool = True, viewer: str = "") -> str:
    """Put the metadata and the colour space that RGB means here into a file; return the catalogue's entries.

    ``part`` is that of ISO 19005: 3 for a file with an attachment. A file that is not ``tagged`` claims PDF/A-2u only.
    ``viewer`` are further preferences for whatever shows or prints it (ISO 32000-1 12.2).
    """
    text = (_XMP if tagged else _XMP_PLAIN).format(
        title=escape(title, quote=False), maker=_MAKER, language=language, date=_DATE, part=part
    )
    data = text.encode()
    plain = f"<</Type/Metadata/Subtype/XML/Length {len(data)}>>\nstream\n".encode()
    metadata = file.add(plain + data + ENDSTREAM)  # not compressed, so that any program finds it
    profile = file.add(stream("/N 3", _srgb()))
    intent = file.add(
        f"<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/Info(sRGB)/DestOutputProfile {profile} 0 R>>"
    )
    return (
        f"/Metadata {metadata} 0 R/OutputIntents[{intent} 0 R]/Lang{text_string(language)}"
        f"/ViewerPreferences<</DisplayDocTitle true{viewer}>>"
    )


@cache
def _srgb() -> bytes:
    """Return the profile of sRGB, without the date at which it is made."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    data[24:36] = (2000).to_bytes(2) + (1).to_bytes(2) + (1).to_bytes(2) + bytes(6)
    data[84:100] = bytes(16)  # the id is a hash that would hold the date
    return bytes(data)
