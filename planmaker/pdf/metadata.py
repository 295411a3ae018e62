"""Say in the file itself what it is: PDF/UA-1 and PDF/A-2a at once (ISO 14289-1, ISO 19005-2)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import escape

from PIL import ImageCms
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFStream, PDFString

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

__all__ = ["write"]

# reportlab dates a file so when it is to be the same each time.
_DATE: Final = "2000-01-01T00:00:00+00:00"
_MAKER: Final = "planmaker"
_XMP: Final = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
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
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance><pdfuaid:part>1</pdfuaid:part>
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
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


def write(canvas: Canvas, title: str, language: str) -> None:
    """Add the metadata, the colour space that RGB means here, and the language to a file about to be saved."""
    document: Any = canvas._doc  # noqa: SLF001 - reportlab opens no other way to its objects
    text = _XMP.format(title=escape(title), maker=_MAKER, language=language, date=_DATE)
    kind = PDFDictionary({"Type": PDFName("Metadata"), "Subtype": PDFName("XML")})
    document.Catalog.Metadata = document.Reference(PDFStream(dictionary=kind, content=text.encode()), "metadata")
    profile = PDFStream(dictionary=PDFDictionary({"N": 3}), content=_srgb())
    intent = {
        "Type": PDFName("OutputIntent"),
        "S": PDFName("GTS_PDFA1"),
        "OutputConditionIdentifier": PDFString("sRGB"),
        "Info": PDFString("sRGB"),
        "DestOutputProfile": document.Reference(profile, "srgb"),
    }
    document.Catalog.OutputIntents = PDFArray([document.Reference(PDFDictionary(intent), "intent")])
    document.Catalog.Lang = PDFString(language)
    canvas.setViewerPreference("DisplayDocTitle", "true")


@cache
def _srgb() -> bytes:
    """Return the profile of sRGB, without the date at which it is made."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    data[24:36] = (2000).to_bytes(2) + (1).to_bytes(2) + (1).to_bytes(2) + bytes(6)
    data[84:100] = bytes(16)  # the id is a hash that would hold the date
    return bytes(data)
