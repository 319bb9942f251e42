"""Inline XBRL and what EDGAR makes of it: schema, linkbases, extracted instance, R files, summary, workbook, ZIP."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta

from sandbox.generate import binary
from sandbox.generate.cast import Party
from sandbox.generate.filing import Draft, Part
from sandbox.generate.xml import Xml, document, tag

_GAAP = "http://fasb.org/us-gaap/2025"
_DEI = "http://xbrl.sec.gov/dei/2025"
_NAMESPACES = {
    "xmlns__xbrli": "http://www.xbrl.org/2003/instance",
    "xmlns__link": "http://www.xbrl.org/2003/linkbase",
    "xmlns__xlink": "http://www.w3.org/1999/xlink",
    "xmlns__iso4217": "http://www.xbrl.org/2003/iso4217",
    "xmlns__us-gaap": _GAAP,
    "xmlns__dei": _DEI,
}
_CONCEPTS = (
    ("Revenues", True),
    ("CostOfRevenue", True),
    ("OperatingIncomeLoss", True),
    ("NetIncomeLoss", True),
    ("Assets", False),
    ("Liabilities", False),
    ("StockholdersEquity", False),
    ("CashAndCashEquivalentsAtCarryingValue", False),
)


@dataclass(frozen=True)
class Fact:
    """A fact: `context` is its id; `unit` and `decimals` only for numbers; `scale` of what the page shows."""

    name: str
    context: str
    value: str
    unit: str | None = None
    decimals: str | None = None
    scale: int = 0


class Report:
    """The XBRL of one report: facts of the cover, and with `statements` those of two periods."""

    def __init__(self, draft: Draft, filer: Party, form: str, period: date, days: int, statements: bool) -> None:
        self.filer, self.form, self.period = filer, form, period
        self.base = f"{filer.ticker.lower()}-{period:%Y%m%d}"
        self.contexts = {
            "c-1": (period - timedelta(days=days), period),
            "c-2": (None, period),
        }
        self.facts = [
            Fact("dei:DocumentType", "c-1", form),
            Fact("dei:EntityRegistrantName", "c-1", filer.name),
            Fact("dei:EntityCentralIndexKey", "c-1", filer.cik10),
            Fact("dei:DocumentPeriodEndDate", "c-1", period.isoformat()),
            Fact("dei:AmendmentFlag", "c-1", "false"),
            Fact("dei:TradingSymbol", "c-1", filer.ticker),
        ]
        if statements:
            self.contexts |= {
                "c-3": (period - timedelta(days=days + 365), period - timedelta(days=365)),
                "c-4": (None, period - timedelta(days=365)),
            }
            for concept, flows in _CONCEPTS:
                for context in ("c-1", "c-3") if flows else ("c-2", "c-4"):
                    value = f"{draft.rng.randint(-20, 900) * 1_000_000}"
                    self.facts.append(Fact(f"us-gaap:{concept}", context, value, "usd", "-6", 6))
            shares = f"{draft.rng.randint(1, 900) * 1000}"
            self.facts.append(Fact("dei:EntityCommonStockSharesOutstanding", "c-2", shares, "shares", "0"))

    def page(self, content: str) -> bytes:
        """The inline document, with HTML below its facts."""
        hidden = [fact for fact in self.facts if fact.name in ("dei:EntityCentralIndexKey", "dei:AmendmentFlag")]
        shown = [fact for fact in self.facts if fact not in hidden]
        header = tag(
            "ix:header",
            tag("ix:hidden", *map(_inline, hidden)),
            tag("ix:references", tag("link:schemaRef", xlink__type="simple", xlink__href=f"{self.base}.xsd")),
            tag("ix:resources", *self._contexts("xbrli:"), *_units("xbrli:")),
        )
        rows = [tag("tr", tag("td", fact.name.partition(":")[2]), tag("td", _inline(fact))) for fact in shown]
        body = tag(
            "body",
            tag("div", header, style="display:none"),
            tag("h1", self.filer.name),
            tag("table", *rows),
            Xml(content),
        )
        root = tag(
            "html",
            tag("head", tag("title", self.base)),
            body,
            xmlns="http://www.w3.org/1999/xhtml",
            xmlns__ix="http://www.xbrl.org/2013/inlineXBRL",
            xmlns__ixt="http://www.xbrl.org/inlineXBRL/transformation/2020-02-12",
            **_NAMESPACES,
        )
        return document(root)

    def filed(self) -> list[Part]:
        """What the filer sends beside the page."""
        return [
            Part("EX-101.SCH", self._schema(), f"{self.base}.xsd", "XBRL TAXONOMY EXTENSION SCHEMA DOCUMENT", "XBRL"),
            Part("EX-101.LAB", self._labels(), f"{self.base}_lab.xml", "XBRL LABEL LINKBASE DOCUMENT", "XBRL"),
            Part("EX-101.PRE", self._order(), f"{self.base}_pre.xml", "XBRL PRESENTATION LINKBASE DOCUMENT", "XBRL"),
        ]

    def rendered(self, accession: str, files: dict[str, bytes]) -> list[Part]:
        """What EDGAR makes of it."""
        said = "IDEA: XBRL DOCUMENT"
        instance = document(
            tag(
                "xbrl",
                tag("link:schemaRef", xlink__type="simple", xlink__href=f"{self.base}.xsd"),
                *self._contexts(""),
                *_units(""),
                *map(_plain, self.facts),
                xmlns=_NAMESPACES["xmlns__xbrli"],
                **{key: value for key, value in _NAMESPACES.items() if key != "xmlns__xbrli"},
            )
        )
        rows = "\n".join(f"<tr><td>{fact.name}</td><td>{fact.value}</td></tr>" for fact in self.facts)
        view = f'<html>\n<head>\n<title></title>\n<link rel="stylesheet" href="report.css">\n</head>\n<body>\n<table class="report">\n{rows}\n</table>\n</body>\n</html>'  # noqa: E501
        reports = tag("Report", tag("IsDefault", "false"), tag("HtmlFileName", "R1.htm"), tag("ShortName", "Cover"))
        summary = tag("FilingSummary", tag("Version", "3.25"), tag("ReportFormat", "html"), tag("MyReports", reports))
        links = {"version": "2.2", "instance": {f"{self.base}.htm": {"report": {"R1": {"shortName": "Cover"}}}}}
        numbers = [(fact.name, float(fact.value)) for fact in self.facts if fact.unit]
        return [
            Part("XML", view.encode(), "R1.htm", said),
            Part("XML", instance, f"{self.base}_htm.xml", said, "XML"),
            Part("EXCEL", binary.xlsx(numbers), "Financial_Report.xlsx", said, uuencoded=True),
            Part("XML", b".report { border: 1px solid }", "report.css", said),
            Part("XML", document(summary), "FilingSummary.xml", said, "XML"),
            Part("JSON", json.dumps(links, indent=1).encode(), "MetaLinks.json", said),
            Part("ZIP", binary.zipped(files), f"{accession}-xbrl.zip", said, uuencoded=True),
        ]

    def _contexts(self, prefix: str) -> list[Xml]:
        contexts = []
        for name, (start, end) in self.contexts.items():
            entity = tag(f"{prefix}identifier", self.filer.cik10, scheme="http://www.sec.gov/CIK")
            if start is None:
                period = [tag(f"{prefix}instant", end)]
            else:
                period = [tag(f"{prefix}startDate", start), tag(f"{prefix}endDate", end)]
            contexts.append(
                tag(f"{prefix}context", tag(f"{prefix}entity", entity), tag(f"{prefix}period", *period), id=name)
            )
        return contexts

    def _schema(self) -> bytes:
        root = tag(
            "xsd:schema",
            tag("xsd:import", namespace=_GAAP, schemaLocation=f"{_GAAP}/us-gaap-2025.xsd"),
            xmlns__xsd="http://www.w3.org/2001/XMLSchema",
            targetNamespace=f"http://example.org/{self.base}",
        )
        return document(root)

    def _labels(self) -> bytes:
        labels = [
            tag("link:label", name.partition(":")[2], xlink__type="resource", xlink__label=name)
            for name in dict.fromkeys(fact.name for fact in self.facts)
        ]
        return document(_linkbase(tag("link:labelLink", *labels, xlink__type="extended", xlink__role="default")))

    def _order(self) -> bytes:
        arcs = [
            tag("link:presentationArc", xlink__type="arc", xlink__to=name, order=order)
            for order, name in enumerate(dict.fromkeys(fact.name for fact in self.facts), 1)
        ]
        return document(_linkbase(tag("link:presentationLink", *arcs, xlink__type="extended", xlink__role="cover")))


def _linkbase(link: Xml) -> Xml:
    return tag("link:linkbase", link, xmlns__link=_NAMESPACES["xmlns__link"], xmlns__xlink=_NAMESPACES["xmlns__xlink"])


def _units(prefix: str) -> list[Xml]:
    return [
        tag(f"{prefix}unit", tag(f"{prefix}measure", measure), id=name)
        for name, measure in (("usd", "iso4217:USD"), ("shares", "xbrli:shares" if prefix else "shares"))
    ]


def _inline(fact: Fact) -> Xml:
    if fact.unit is None:
        return tag("ix:nonNumeric", fact.value, name=fact.name, contextRef=fact.context)
    number = int(fact.value) // 10**fact.scale
    sign = {"sign": "-"} if number < 0 else {}
    given = {"name": fact.name, "contextRef": fact.context, "unitRef": fact.unit, "decimals": fact.decimals}
    shape = {"scale": str(fact.scale), "format": "ixt:num-dot-decimal"}
    return tag("ix:nonFraction", f"{abs(number):,}", **given, **shape, **sign)


def _plain(fact: Fact) -> Xml:
    number = {"unitRef": fact.unit, "decimals": fact.decimals} if fact.unit else {}
    return tag(fact.name, fact.value, contextRef=fact.context, **number)
