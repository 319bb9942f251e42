"""getcurrent: the newest filings as Atom, one entry per CIK and role."""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

from sandbox.edgar.content import Content, Unreadable
from sandbox.edgar.filing import Entity, Filing
from sandbox.edgar.folder import Entry, Folder
from sandbox.edgar.labels import ITEMS
from sandbox.edgar.quirks import EASTERN

_DEEPEST = 5_000
_LARGEST = 100
_OWNERSHIP = {"3", "4", "5", "3/A", "4/A", "5/A"}
_FEED = "https://www.sec.gov/cgi-bin/browse-edgar?action=getcurrent"


def page(folder: Folder, query: Mapping[str, str]) -> Content:
    """One page, as `type`, `CIK`, `owner`, `start` and `count` ask."""
    start = _number(query.get("start"), 0)
    count = min(_LARGEST, _number(query.get("count"), 40) or 40)
    entries = sorted(folder.entries(), key=lambda entry: (entry.filing.accepted, entry.filing.accession), reverse=True)
    wanted = [entry for entry in entries if _matches(entry.filing, query)]
    listed = [(entry, entity) for entry in wanted for entity in _roles(entry.filing)]
    shown = [] if start > _DEEPEST else listed[start : start + count]
    now = folder.now().astimezone(EASTERN)
    text = (
        '<?xml version="1.0" encoding="ISO-8859-1" ?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f"<title>Latest Filings - {now:%a, %d %b %Y %H:%M:%S %Z}</title>\n"
        '<link rel="alternate" href="/cgi-bin/browse-edgar?action=getcurrent"/>\n'
        '<link rel="self" href="/cgi-bin/browse-edgar?action=getcurrent"/>\n'
        f"<id>{_FEED}</id>\n"
        "<author><name>Webmaster</name><email>webmaster@sec.gov</email></author>\n"
        f"<updated>{now.isoformat(timespec='seconds')}</updated>\n"
        + "".join(_entry(folder, entry, entity) for entry, entity in shown)
        + "</feed>\n"
    )
    return Content.of(text.encode("latin-1", "xmlcharrefreplace"), "application/atom+xml", now.timestamp())


def _entry(folder: Folder, entry: Entry, entity: Entity) -> str:
    filing = entry.filing
    accession, bare = filing.accession, filing.accession.replace("-", "")
    link = f"https://www.sec.gov/Archives/edgar/data/{entity.cik}/{bare}/{accession}-index.htm"
    items = "".join(f"\n&lt;br&gt;Item {escape(item)}: {escape(ITEMS.get(item, ''))}" for item in filing.items)
    accepted = filing.accepted.replace(tzinfo=EASTERN).isoformat(timespec="seconds")
    return (
        "<entry>\n"
        f"<title>{escape(filing.form)} - {escape(entity.name)} ({entity.cik:0>10}) ({entity.shown_role})</title>\n"
        f'<link rel="alternate" type="text/html" href={quoteattr(link)}/>\n'
        '<summary type="html">\n'
        f" &lt;b&gt;Filed:&lt;/b&gt; {filing.filed} &lt;b&gt;AccNo:&lt;/b&gt; {accession} "
        f"&lt;b&gt;Size:&lt;/b&gt; {_size(folder, entry)}{items}\n"
        "</summary>\n"
        f"<updated>{accepted}</updated>\n"
        f'<category scheme="https://www.sec.gov/" label="form type" term={quoteattr(filing.form)}/>\n'
        f"<id>urn:tag:sec.gov,2008:accession-number={accession}</id>\n"
        "</entry>\n"
    )


def _roles(filing: Filing) -> list[Entity]:
    return list({(entity.cik, entity.role): entity for entity in filing.entities}.values())


def _matches(filing: Filing, query: Mapping[str, str]) -> bool:
    form, cik, owner = query.get("type", ""), query.get("CIK", ""), query.get("owner", "include")
    return (
        filing.form.startswith(form)
        and (not cik.isdigit() or str(int(cik)) in filing.ciks)
        and (owner != "only" or filing.form in _OWNERSHIP)
        and (owner != "exclude" or filing.form not in _OWNERSHIP)
    )


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdigit() else otherwise


def _size(folder: Folder, entry: Entry) -> str:
    try:
        size = folder.content(entry).size
    except Unreadable:  # the folder says so; the others are listed
        size = 0
    return f"{size // 1_048_576} MB" if size >= 1_048_576 else f"{max(1, size // 1024)} KB"
