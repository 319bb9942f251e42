"""Financial statements of a filing from its XBRL: submission, numbers, tags and the presentation of the statements.

Of a filing that presents statements the numbers are those of its cover page and primary statements, as in the SEC's
sets. An instance whose concepts no linkbase of the filing presents, such as a fee exhibit or one that lies alone, is
taken whole: which of its facts are of a statement is then not said anywhere.
"""

from __future__ import annotations

from filings.edgar import xbrl, xbrl_cover
from filings.edgar.sgml import Submission
from filings.edgar.xbrl_documents import instances
from filings.edgar.xbrl_linkbase import Concept
from filings.edgar.xbrl_model import Fact
from filings.edgar.xbrl_taxonomy import CUSTOM, version_of
from filings.products import NothingHere, Rows, Unusable, problem
from filings.products.fundamentals.numbers import Numbers, concept_of
from filings.products.fundamentals.reports import Reports, pre_rows, reports
from filings.products.fundamentals.sources import sources
from filings.products.fundamentals.submissions import sub_rows
from filings.products.fundamentals.tags import Use, tag_rows, uses

_NO_XBRL = "it has no XBRL"


def parse(submission: Submission) -> Rows:
    """The rows of a filing. Raises `NothingHere` for one without XBRL, `Unusable` for one whose XBRL has no fact."""
    documents = instances(submission)
    if not documents:
        if exhibits := [d.filename for d in submission.documents if d.type.upper().startswith("EX-101")]:
            raise Unusable(f"it has XBRL exhibits ({', '.join(exhibits[:5])}) and no instance with facts among them")
        raise NothingHere(_NO_XBRL)
    read = Submission(submission.accession, submission.form, submission.header, documents)
    try:
        content = xbrl.xbrl_json(read)
    except xbrl.XbrlEmpty as error:
        raise Unusable(str(error)) from error
    if content is None:
        raise NothingHere(_NO_XBRL)
    facts: list[Fact] = content["facts"]
    contexts, units = content["contexts"], content["units"]
    for document in content["documents"]:
        for said in document["problems"]:
            yield problem(str(document["filename"]), document["kind"], said)
    beside = sources(submission)
    for name, type, wrong in beside.problems:
        yield problem(name, type, wrong)

    adsh = submission.accession
    versions: dict[Concept, str] = {}
    for fact in facts:
        concept = concept_of(fact)
        if concept not in versions:
            versions[concept] = adsh if concept[0] == CUSTOM else version_of(fact.get("namespace")) or concept[0]
    used = uses(facts, contexts, units)
    presented = reports(beside)
    cover = xbrl_cover.covers(facts, contexts)[0]
    instance = str(max(content["documents"], key=lambda document: document["facts"])["filename"])
    yield from sub_rows(submission, cover, instance, _detail(presented, used))

    numbers = Numbers(contexts, units, content["footnotes"], versions)
    numbers.add(_of_statements(facts, presented))
    named: dict[tuple[object, object], None] = {}
    for table, row in numbers.rows():
        if table == "num":
            named.setdefault((row["tag"], row["version"]))
        yield table, row
    for pre in pre_rows(presented, beside, versions):
        named.setdefault((pre["tag"], pre["version"]))
        yield "pre", pre
    tags = [concept for concept, version in versions.items() if (concept[1], version) in named or not presented.shown]
    for tag in tag_rows(tags, used, versions, beside):
        yield "tag", tag


def _of_statements(facts: list[Fact], presented: Reports) -> list[Fact]:
    """The facts of what the statements show; of a document that no linkbase presents, all."""
    if not presented.shown:
        return facts
    concepts: dict[str, set[Concept]] = {}
    for fact in facts:
        concepts.setdefault(fact["document"], set()).add(concept_of(fact))
    known = presented.shown | presented.elsewhere
    whole = {document for document, its in concepts.items() if not _mostly(its, known)}
    return [fact for fact in facts if fact["document"] in whole or concept_of(fact) in presented.shown]


def _mostly(concepts: set[Concept], known: set[Concept]) -> bool:
    """Whether linkbases present a document's concepts: a fee exhibit shares only the registrant's name and CIK."""
    return 2 * len(concepts & known) > len(concepts)


def _detail(presented: Reports, used: dict[Concept, Use]) -> bool | None:
    """Whether notes and schedules are tagged amount by amount; None where no linkbase presents the filing."""
    if not presented.shown:
        return None
    return any(use.unit and concept not in presented.shown for concept, use in used.items())
