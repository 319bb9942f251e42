"""Where the items of some real filings begin and end, read by eye: the first words behind the heading, and the last.

A line has part, item, first words, last words, parted by `|`; an item with nothing behind its heading has no first
words.
The filings were chosen for their age and make: ASCII text, HTML by hand and by Word, inline XBRL; contents with and
without links; combined items; headings without a title; parts; items that are all "none".
"""

from __future__ import annotations

EXPECTED = {
    # 10-K, ASCII of 1994, no contents
    "0000950131-94-000440": """
        I|1|GENERAL WMX Technologies, Inc. (formerly named|"International Waste Management and Related Services."
        I|2|The principal property and equipment of|operates 20 other solid waste landfills.
        I|3|Some of the businesses in which|financial statements for any potential recoveries.
        I|4|No matters were submitted to the|employed by the Company since 1979.
        II|5|The Company's common stock is traded|of its common stock under this program.
        II|6|The following selected consolidated financial information|ratios are incorporated herein by reference.
        II|7|Reference is made to Management's Discussion|this report and incorporated herein by reference.
        II|8|(a) The Consolidated Balance Sheets as|above and incorporated herein by reference.
        II|9|None.|FINANCIAL DISCLOSURE. None.
        III|10|Reference is made to the information|above under "Executive Officers of the Registrant."
        III|11|Reference is made to the information|information, is incorporated herein by reference.
        III|12|Reference is made to the information,|information is incorporated herein by reference.
        III|13|Reference is made to the first|paragraphs are incorporated herein by reference.
        IV|14|(a) Financial Statements, Schedules and Exhibits.|& CO. Chicago, Illinois, February 16, 1994
    """,
    # 10-K, ASCII of 1994, headings that go over two lines, a table of contents of the statements only
    "0000320193-94-000016": """
        I|1|General Apple Computer, Inc. ("Apple" or|regulations, including tariffs and anti-dumping penalties.
        I|2|The Company's headquarters are located in|information is hereby incorporated by reference.
        I|3|Information regarding legal proceedings is set|information is hereby incorporated by reference.
        I|4|No matters were submitted to a|information is hereby incorporated by reference.
        II|5|The Company's common stock is traded|information is hereby incorporated by reference.
        II|6|The following selected financial information has|$ 610,803 $ 509,870 $ 501,832
        II|7|The following discussion should be read|requirements on a short- and long-term basis.
        II|8|INDEX TO CONSOLIDATED FINANCIAL STATEMENTS Page|or $ 1.72 per share, after taxes).
        II|9|Not applicable.|Financial Disclosure Not applicable.
        III|10|Information regarding directors of the Registrant|incorporated by reference into this Item 10.
        III|11|Information regarding executive compensation is set|information is hereby incorporated by reference.
        III|12|Information regarding security ownership of certain|information is hereby incorporated by reference.
        III|13|Information regarding certain relationships and related|information is hereby incorporated by reference.
        IV|14|(a) Items Filed as Part of|LLP San Jose, California December 8, 1994
    """,
    # 10-K, ASCII of 1995, contents with dotted lines; the statements stand behind item 9, which says "none"
    "0000891020-95-000433": """
        I|1|GENERAL Microsoft Corporation (the "Company" or|relations with its employees are excellent.
        I|2|The Company's corporate offices consist of|United States and many other countries.
        I|3|See Notes to Financial Statements|to Financial Statements -- Contingencies.
        I|4|No matters were submitted to a|during the fourth quarter of fiscal 1995.
        I|E.O.|The executive officers of Microsoft as|Deloitte & Touche, Microsoft's independent auditors.
        II|5|The Company's common stock is traded|53 7/8 58 1/4 68 3/4 46 7/8
        II|6|FINANCIAL HIGHLIGHTS (IN MILLIONS, EXCEPT EARNINGS|1,351 2,193 3,242 4,450 5,333
        II|7|RESULTS OF OPERATIONS FOR 1993, 1994,|along with other general corporate legal risks.
        II|9|None.|FINANCIAL DISCLOSURES None.
        III|10|Information with respect to Directors may|caption "Executive Officers of the Registrant."
        III|11|The information in the Proxy Statement|on page 2 is incorporated herein by reference.
        III|12|The information set forth under the|Proxy Statement is incorporated herein by reference.
        III|13|The information set forth under the|Proxy Statement is incorporated herein by reference.
        IV|14|(a) Financial Statements and Schedules|$ 76 $ 92 $139
    """,
    # 10-K, ASCII of 1997; lines that begin with "Part II, Item 8 of this Form 10-K"
    "0001047469-97-006960": """
        I|1|GENERAL Apple Computer, Inc. ("Apple" or|regulations, including tariffs and anti-dumping penalties.
        I|2|The Company's headquarters are located in|information is hereby incorporated by reference.
        I|3|Information regarding legal proceedings is set|information is hereby incorporated by reference.
        I|4|No matters were submitted to a|Company's fiscal year ended September 26, 1997.
        II|5|The Company's common stock is traded|information is hereby incorporated by reference.
        II|6|The following selected financial information has|$ 2,058 $ 2,901 $ 2,383 $ 2,026
        II|7|THIS SECTION AND OTHER PARTS OF|that may result from tax examinations.
        II|8|INDEX TO CONSOLIDATED FINANCIAL STATEMENTS PAGE|off against the allowance, net of recoveries.
        II|9|Not applicable.|FINANCIAL DISCLOSURE Not applicable.
        III|10|Information regarding directors of the Registrant|information is hereby incorporated by reference.
        III|11|Information regarding executive compensation will be|and is hereby incorporated by reference.
        III|12|Information regarding security ownership of certain|and is hereby incorporated by reference.
        III|13|Information regarding certain relationships and related|and is hereby incorporated by reference.
        IV|14|(a) ITEMS FILED AS PART OF|See Item 14(a)(2) of this Form 10-K.
    """,
    # 10-K, HTML of 2010; contents with numbers only ("1." in one cell), most items incorporated by reference
    "0000950123-10-019392": """
        I|1|General Johnson & Johnson and its subsidiaries|a written request, as provided above.
        I|1A|Not applicable. Some important factors that|Exhibit 99 to this Report on Form 10-K.
        I|1B|Not applicable.|STAFF COMMENTS Not applicable.
        I|2|Johnson & Johnson and its subsidiaries|Exhibit 13 to this Report on Form 10-K.
        I|3|The information set forth in Note|flows or financial position of the Company.
        I|4|Not applicable. EXECUTIVE OFFICERS OF THE|she became Worldwide Chairman, Pharmaceuticals Group.
        II|5|As of February 8, 2010, there|December 31, 2009 of $64.41 per share.
        II|6|The information called for by this|Exhibit 13 to this Report on Form 10-K.
        II|7|The information called for by this|Exhibit 13 to this Report on Form 10-K.
        II|7A|The information called for by this|Exhibit 13 to this Report on Form 10-K.
        II|8|The information called for by this|Exhibit 13 to this Report on Form 10-K.
        II|9|Not applicable.|FINANCIAL DISCLOSURE Not applicable.
        II|9A|Disclosure Controls and Procedures. At the|Company’s internal control over financial reporting.
        II|9B|Not applicable.|OTHER INFORMATION Not applicable.
        III|10|The information called for by this|on the Web site for at least one year).
        III|11|The information called for by this|Registrant specifically incorporates it by reference.
        III|12|Additional information called for by this|Exercise of Outstanding Options, Warrants and Rights.”
        III|13|The information called for by this|— Director Independence” in the Proxy Statement.
        III|14|The information called for by this|Public Accounting Firm” in the Proxy Statement.
        IV|15|(a) The following documents are filed|to previously estimated accrued sales reserve.
    """,
    # 10-K, HTML of 2010 made of lines, no contents, "ITEM 2 Properties." without a stop
    "0001010412-10-000078": """
        I|1|Form and Year of Organization The|electronically with the SEC at (http://www.sec.gov.)
        I|1A|As a smaller reporting company, we|are not required to provide risk factors.
        I|2|The company leases approximately 900 square|requires monthly lease payments of $905.
        I|3|In the normal course of business,|claims asserted or threatened against the Company.
        I|4||ITEM 4 RESERVED.
        II|5|The Company's common shares trade on|for two shares of Common Stock basis.
        II|6|Not required for smaller reporting issuers.|Not required for smaller reporting issuers.
        II|7|The following discussion should be read|potential volatility of the Company's common stock.
        II|7A|Not required for smaller reporting companies.|Not required for smaller reporting companies.
        II|8|The Consolidated Financial Statements are filed|Marni Gaer, who resigned with no disputes.
        II|9|None|Financial Disclosure. None
        II|9A|Management’s annual report on internal control|over financial reporting as of December 31, 2009.
        II|9B|None|Other Information. None
        III|10|Directors and executive officers The names,|the incurrence of debt or equity, etc.
        III|11|The following table sets forth certain|amounts paid in settlement of such actions.
        III|12|The following table sets forth as|current officer or director of the Company.
        III|13|None|Director Independence None
        III|14|AUDIT AND NON-AUDIT FEES Aggregate fees|(c) (7) (i) (C) under Regulation S-X.
        IV|15|(a)(1)(2) Financial Statements. See our audited|section 906 of the Sarbanes-Oxley Act of 2002
    """,
    # 10-Q/A of 1997: one item of part II, without a heading of the part
    "0000320193-97-000021": """
        II|4|a) The annual meeting of shareholders|Meeting of Shareholders held on February 5, 1997.
    """,
    # 10-Q of 1998: item 1 of part I and of part II
    "0000320193-98-000006": """
        I|1|APPLE COMPUTER, INC. CONDENSED CONSOLIDATED STATEMENTS|supporting collateral would have to be reestablished.
        I|2|This section and other parts of|Condition" in the Company's 1997 Form 10-K.
        II|1|The Company is subject to various|its financial condition or results of operations.
        II|4|a) The annual meeting of shareholders|Meeting of Shareholders held on April 22, 1998.
        II|6|(a) Exhibits|net profits for its fiscal 1998 first quarter.
    """,
    # 10-Q of 1999, "Item 1 - Financial Statements", contents without the word item
    "0000732715-99-000042": """
        I|1|CONDENSED STATEMENTS OF INCOME AND REINVESTED|most capitalized software over five years.
        I|2|The following is a discussion and|retirements are charged against the accumul
    """,
    # 10-Q of 2000, a heading that runs into its first paragraph
    "0000912057-00-003201": """
        I|1|CONDENSED CONSOLIDATED STATEMENTS OF OPERATIONS (Unaudited)|Macintosh computers sold in the United States.
        I|2|THIS SECTION AND OTHER PARTS OF|Condition" in the Company's 1999 Form 10-K.
        I|3|THE INFORMATION PRESENTED BELOW REGARDING MARKET|since the date of the 1999 Form 10-K.
        II|1|The Company is subject to various|its financial condition or results of operations.
        II|6|(a) EXHIBITS|(b) REPORTS ON FORM 8-K None
    """,
    # 8-K of 1994
    "0000950144-94-000277": """
        |2|On January 28, 1994, Turner Broadcasting|hereto and is incorporated herein by reference.
        |7|2.1 Agreement and Plan of Merger,|1993, and incorporated herein by reference).
    """,
    # 8-K of 1996: numbers without titles, an "Item 2" at the begin of a line within item 7
    "0001004963-96-000010": """
        |2|On September 30, 1996, Cotelligent Group,|which was consummated on September 30, 1996.
        |5|On October 7, 1996, the Company|the Company's existing St. Louis operations.
        |7|(a) It is impracticable to provide|of Florida, Inc. and Judi Jaskiel.
    """,
    # 8-K of 1996: several items in one line; the header names only item 7
    "0000320193-96-000027": """
        |1||1 through 4, 6 and 8 Not Applicable.
        |2||1 through 4, 6 and 8 Not Applicable.
        |4||1 through 4, 6 and 8 Not Applicable.
        |8||1 through 4, 6 and 8 Not Applicable.
        |5|(i) Reference is made to the|events reported pursuant to this Form 8-K.
        |7|(c) Exhibits|Text of press release dated December 20, 1996.
    """,
    # 8-K of 2000: every item of the form, most of them "none"
    "0000084581-00-500009": """
        |1|None.|CONTROL OF REGISTRANT. None.
        |2|None.|DISPOSITION OF ASSETS. None.
        |3|None.|BANKRUPTCY OR RECEIVERSHIP. None.
        |4|None.|CERTIFYING ACCOUNTANT. None.
        |5|On September 26, 2000, the Registrant|press release is incorporated herein by reference.
        |6|None.|RESIGNATIONS OF REGISTRANT'S DIRECTORS. None.
        |7|None.|STATEMENTS AND EXHIBITS. None.
        |8|Not applicable.|FISCAL YEAR. Not applicable.
    """,
    # 8-K of 2003: items 9 and 12 named within item 9
    "0000891092-03-001810": """
        |7|(c) Exhibits. The exhibit listed below|Pericom Semiconductor Corporation dated July 29, 2003.
        |9|This information, furnished under this "Item|press release is attached as Exhibit 99.1.
    """,
    # 8-K of 2008: two items under one heading, press release in the same document
    "0000939057-08-000013": """
        |1.01|Salary Continuation Agreement On January 23,|report and is incorporated herein by reference.
        |5.02|Salary Continuation Agreement On January 23,|report and is incorporated herein by reference.
        |9.01|(c) Exhibits|Richard P. Jacobson, as amended January 23, 2008
    """,
    # 8-K of 2015: number and title in two cells
    "0001193125-15-410853": """
        |5.03|On December 21, 2015, the Board|3.2 and is incorporated herein by reference.
        |9.01|(d) Exhibits. Exhibit Number Exhibit Description|of Apple Inc., effective as of December 21, 2015.
    """,
    # 8-K of 2019: "Section 9 - Financial Statements and Exhibits" between items
    "0001193125-19-191922": """
        |5.02|The Board of Directors (the “Board”)|actions taken in her capacity as a director.
        |9.01|(d) Exhibits|to the Board of Directors, dated July 10, 2019
    """,
    # 8-K of 2025: an item whose text begins with the name of another
    "0001213900-25-032135": """
        |2.02|On April 15, 2025, ABVC BioPharma,|Securities Act and applicable state securities laws.
        |4.02|On April 10, 2025, the Board|10-K for the year ended December 31, 2024.
        |7.01|Item 2.02 of this Current Report|Form 8-K is incorporated herein by reference.
        |9.01|(d) Exhibits|Interactive Data File, formatted in Inline XBRL
    """,
    # 8-K of 2026
    "0001045810-26-000024": """
        |5.02|Adoption of Fiscal Year 2027 Variable|10.1 and is incorporated herein by reference.
        |9.01|(d) Exhibits|in inline XBRL (included as Exhibit 101)
    """,
    # 8-K of 2026: the header names item 5.02 only
    "0000019617-26-000241": """
        |5.02|On June 25, 2026, JPMorgan Chase|2026 for additional information on this measure.
        |9.01|(d) Exhibit|Inline XBRL document and included in Exhibit 101).
    """,
}

# Reports whose items only an index of pages names, by the begin of the document's name: part, item, first words, last.
EXPECTED_BY_PAGE = {
    # 10-Q of 2023
    "1533093efe": """
        I|1|STATEMENT OF EARNINGS (LOSS) (UNAUDITED)|filed on April 25, 2023.
        I|2|MANAGEMENT’S DISCUSSION AND ANALYSIS OF FINANCIAL|generate free cash flows.
        I|4|CONTROLS AND PROCEDURES. Under the direction|internal control over financial reporting.
        II|1|NOTE 23. COMMITMENTS, GUARANTEES, PRODUCT WARRANTIES|filed on April 25, 2023.
        II|2|PURCHASES OF EQUITY SECURITIES BY THE ISSUER|$102.41 2,988 $1,443
        II|6|EXHIBITS Exhibit 10(a).|*Filed electronically herewith
    """,
    # 10-K of 2024
    "06d8097c8d": """
        I|1A|RISK FACTORS. The following discussion|legal proceedings and other loss contingencies.
        I|1C|CYBERSECURITY. The description in this section|inform our cybersecurity technologies and processes.
        I|3|LEGAL PROCEEDINGS. Refer to Legal Matters|information relating to legal proceedings.
        II|7|MANAGEMENT’S DISCUSSION AND ANALYSIS OF FINANCIAL|incentive plan for 2023.
        II|9A|MANAGEMENT AND AUDITOR’S REPORTS|internal control over financial reporting.
        III|10|DIRECTORS, EXECUTIVE OFFICERS AND CORPORATE GOVERNANCE|(the 2024 Proxy Statement).
        IV|15|EXHIBITS AND FINANCIAL STATEMENT SCHEDULES|Earnings Per Share.
    """,
    # 10-K of 2024, whose titles look like words of the text and whose pages' feet are tables
    "5c40d6301c": """
        I|1|Availability of Company Information|$63,054 $79,024
        I|1A|Risk Factors The following summarizes|changes to our current ESG goals.
        I|2|Manufacturing Capital As the guardians|Notes to Consolidated Financial Statements.
        I|3|Legal Proceedings We are regularly|reduction of cost of sales.
        II|7A|Quantitative and Qualitative Disclosures About Market Risk|for our key commodities.
        II|9A|Controls and Procedures Inherent Limitations|Financial Statements and Supplemental Details.
    """,
    # 10-Q of 2023, likewise; five items on one page
    "67eb46bd03": """
        I|1|Consolidated Condensed Statements of Income|VLSI VLSI Technology LLC
        I|3|Quantitative and Qualitative Disclosures About Market Risk|in our 2022 Form 10-K.
        I|4|Controls and Procedures Inherent Limitations|our internal control over financial reporting.
        II|1A|Risk Factors The risks described|and Supplemental Details sections.
        II|2|Issuer Purchases of Equity Securities|our authorized common stock repurchase program.
        II|5|Rule 10b5-1 Trading Arrangements|terms and conditions of the OFAC license.
    """,
}
