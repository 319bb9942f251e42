"""The numbers of Form 8-K items from the words that a submission's header has for them.

The text header names items in words, the dissemination header by number. The list was renumbered on 23 August 2004
(SEC release 33-8400); before that date items had one number from 1 to 12.
"""

from __future__ import annotations

from functools import lru_cache

_RENUMBERED = "20040823"
_LONGEST = 256  # letters; the longest item has 137

_BEFORE = {
    "changes in control of registrant": "1",
    "acquisition or disposition of assets": "2",
    "bankruptcy or receivership": "3",
    "changes in registrant's certifying accountant": "4",
    "other events": "5",
    "resignations of registrant's directors": "6",
    "financial statements and exhibits": "7",
    "change in fiscal year": "8",
    "regulation fd disclosure": "9",
    "amendments to the registrant's code of ethics": "10",
    "temporary suspension of trading under registrant's employee benefit plans": "11",
    "results of operations and financial condition": "12",
}

_SINCE = {
    "entry into a material definitive agreement": "1.01",
    "termination of a material definitive agreement": "1.02",
    "bankruptcy or receivership": "1.03",
    "mine safety - reporting of shutdowns and patterns of violations": "1.04",
    "material cybersecurity incidents": "1.05",
    "completion of acquisition or disposition of assets": "2.01",
    "results of operations and financial condition": "2.02",
    "creation of a direct financial obligation or an obligation under an off-balance sheet arrangement"
    " of a registrant": "2.03",
    "triggering events that accelerate or increase a direct financial obligation or an obligation under"
    " an off-balance sheet arrangement": "2.04",
    "cost associated with exit or disposal activities": "2.05",
    "costs associated with exit or disposal activities": "2.05",
    "material impairments": "2.06",
    "notice of delisting or failure to satisfy a continued listing rule or standard; transfer of listing": "3.01",
    "unregistered sales of equity securities": "3.02",
    "material modifications to rights of security holders": "3.03",
    "material modification to rights of security holders": "3.03",
    "changes in registrant's certifying accountant": "4.01",
    "non-reliance on previously issued financial statements or a related audit report or completed interim"
    " review": "4.02",
    "changes in control of registrant": "5.01",
    "departure of directors or principal officers; election of directors; appointment of principal officers": "5.02",
    "departure of directors or certain officers; election of directors; appointment of certain officers:"
    " compensatory arrangements of certain officers": "5.02",
    "departure of directors or certain officers; election of directors; appointment of certain officers;"
    " compensatory arrangements of certain officers": "5.02",
    "amendments to articles of incorporation or bylaws; change in fiscal year": "5.03",
    "temporary suspension of trading under registrant's employee benefit plans": "5.04",
    "amendments to the registrant's code of ethics, or waiver of a provision of the code of ethics": "5.05",
    "change in shell company status": "5.06",
    "submission of matters to a vote of security holders": "5.07",
    "shareholder director nominations": "5.08",
    "shareholder nominations pursuant to exchange act rule 14a-11": "5.08",
    "abs informational and computational material": "6.01",
    "change of servicer or trustee": "6.02",
    "change in credit enhancement or other external support": "6.03",
    "failure to make a required distribution": "6.04",
    "securities act updating disclosure": "6.05",
    "regulation fd disclosure": "7.01",
    "other events": "8.01",
    "financial statements and exhibits": "9.01",
}


def item_number(words: str, filed: str) -> str:
    """The item's number for its words, or the words unchanged when they are none of the known ones.

    Args:
        words: as in `ITEM INFORMATION:`; already a number in some filings of 1994 and 2000.
        filed: the filing date, `YYYYMMDD`.
    """
    if len(words) > _LONGEST:
        return words
    return (_SINCE if filed >= _RENUMBERED else _BEFORE).get(_plain(words), words)


@lru_cache(1024)
def _plain(words: str) -> str:
    return " ".join(words.lower().split())
