"""Places by name: the codes of ISO 3166, of the United States and Canada, and EDGAR's own for the rest of the world.

Sources: ISO 3166-1 alpha-2, postal codes, and the SEC's list of state and country codes. One line a place.
"""

from __future__ import annotations

# name | postal code | EDGAR's code where it differs
_STATES = """
alabama|AL|
alaska|AK|
american samoa|AS|
arizona|AZ|
arkansas|AR|
california|CA|
colorado|CO|
connecticut|CT|
delaware|DE|
district of columbia|DC|
florida|FL|
georgia|GA|
guam|GU|
hawaii|HI|
idaho|ID|
illinois|IL|
indiana|IN|
iowa|IA|
kansas|KS|
kentucky|KY|
louisiana|LA|
maine|ME|
maryland|MD|
massachusetts|MA|
michigan|MI|
minnesota|MN|
mississippi|MS|
missouri|MO|
montana|MT|
nebraska|NE|
nevada|NV|
new hampshire|NH|
new jersey|NJ|
new mexico|NM|
new york|NY|
north carolina|NC|
north dakota|ND|
northern mariana islands|MP|
ohio|OH|
oklahoma|OK|
oregon|OR|
pennsylvania|PA|
puerto rico|PR|
rhode island|RI|
south carolina|SC|
south dakota|SD|
tennessee|TN|
texas|TX|
us virgin islands|VI|
utah|UT|
vermont|VT|
virgin islands|VI|
virginia|VA|
washington dc|DC|
washington|WA|
west virginia|WV|
wisconsin|WI|
wyoming|WY|
alberta|AB|A0
british columbia|BC|A1
manitoba|MB|A2
new brunswick|NB|A3
newfoundland|NL|A4
newfoundland and labrador|NL|A4
nova scotia|NS|A5
ontario|ON|A6
prince edward island|PE|A7
quebec|QC|A8
saskatchewan|SK|A9
yukon|YT|B0
northwest territories|NT|
nunavut|NU|
"""

# name | ISO 3166-1 alpha-2 | EDGAR's code
_COUNTRIES = """
afghanistan|AF|B2
aland islands|AX|Y6
albania|AL|B3
algeria|DZ|B4
american samoa|AS|B5
andorra|AD|B6
angola|AO|B7
anguilla|AI|1A
antarctica|AQ|B8
antigua and barbuda|AG|B9
argentina|AR|C1
armenia|AM|1B
aruba|AW|1C
australia|AU|C3
austria|AT|C4
azerbaijan|AZ|1D
bahamas|BS|C5
bahrain|BH|C6
bangladesh|BD|C7
barbados|BB|C8
belarus|BY|1F
belgium|BE|C9
belize|BZ|D1
benin|BJ|G6
bermuda|BM|D0
bhutan|BT|D2
bolivia|BO|D3
bosnia and herzegovina|BA|1E
botswana|BW|B1
bouvet island|BV|D4
brazil|BR|D5
british indian ocean territory|IO|D6
british virgin islands|VG|D8
brunei|BN|D9
brunei darussalam|BN|D9
bulgaria|BG|E0
burkina faso|BF|X2
burundi|BI|E2
cambodia|KH|E3
cameroon|CM|E4
canada|CA|
cape verde|CV|E8
caribbean netherlands|BQ|
cayman islands|KY|E9
central african republic|CF|F0
chad|TD|F2
chile|CL|F3
china|CN|F4
christmas island|CX|F6
cocos (keeling) islands|CC|F7
colombia|CO|F8
comoros|KM|F9
congo|CG|G0
congo - brazzaville|CG|G0
congo - kinshasa|CD|Y3
congo, the democratic republic of the|CD|Y3
cook islands|CK|G1
costa rica|CR|G2
cote d'ivoire|CI|L7
cote divoire|CI|L7
croatia|HR|1M
cuba|CU|G3
curacao|CW|
cyprus|CY|G4
czech republic|CZ|2N
czechia|CZ|2N
denmark|DK|G7
djibouti|DJ|
dominica|DM|G9
dominican republic|DO|G8
ecuador|EC|H1
egypt|EG|H2
el salvador|SV|H3
england|GB|X0
equatorial guinea|GQ|H4
eritrea|ER|1J
estonia|EE|1H
eswatini|SZ|V6
ethiopia|ET|H5
falkland islands|FK|H7
falkland islands (malvinas)|FK|H7
faroe islands|FO|H6
fiji|FJ|H8
finland|FI|H9
france|FR|I0
french guiana|GF|I3
french polynesia|PF|I4
french southern territories|TF|2C
gabon|GA|I5
gambia|GM|I6
georgia|GE|2Q
germany|DE|2M
ghana|GH|J0
gibraltar|GI|J1
great britain|GB|X0
greece|GR|J3
greenland|GL|J4
grenada|GD|J5
guadeloupe|GP|J6
guam|GU|
guatemala|GT|J8
guernsey|GG|Y7
guinea|GN|J9
guinea-bissau|GW|S0
guyana|GY|K0
haiti|HT|K1
heard and mcdonald islands|HM|K4
heard island and mcdonald islands|HM|K4
holy see (vatican city state)|VA|X4
honduras|HN|K2
hong kong|HK|K3
hong kong sar china|HK|K3
hungary|HU|K5
iceland|IS|K6
india|IN|K7
indonesia|ID|K8
iran|IR|K9
iran, islamic republic of|IR|K9
iraq|IQ|L0
ireland|IE|L2
isle of man|IM|Y8
israel|IL|L3
italy|IT|L6
jamaica|JM|L8
japan|JP|M0
jersey|JE|Y9
jordan|JO|M2
kazakhstan|KZ|1P
kenya|KE|M3
kiribati|KI|J2
korea, democratic people's republic of|KP|M4
korea, republic of|KR|M5
kuwait|KW|M6
kyrgyzstan|KG|1N
lao people's democratic republic|LA|M7
laos|LA|M7
latvia|LV|1R
lebanon|LB|M8
lesotho|LS|M9
liberia|LR|N0
libya|LY|N1
libyan arab jamahiriya|LY|N1
liechtenstein|LI|N2
lithuania|LT|1Q
luxembourg|LU|N4
macao|MO|N5
macao sar china|MO|N5
macau|MO|N5
macedonia, the former yugoslav republic of|MK|1U
madagascar|MG|N6
malawi|MW|N7
malaysia|MY|N8
maldives|MV|N9
mali|ML|O0
malta|MT|O1
marshall islands|MH|1T
martinique|MQ|O2
mauritania|MR|O3
mauritius|MU|O4
mayotte|YT|2P
mexico|MX|O5
micronesia|FM|1K
micronesia, federated states of|FM|1K
moldova|MD|1S
moldova, republic of|MD|1S
monaco|MC|O9
mongolia|MN|P0
montenegro|ME|Z5
montserrat|MS|P1
morocco|MA|P2
mozambique|MZ|P3
myanmar|MM|E1
myanmar (burma)|MM|E1
namibia|NA|T6
nauru|NR|P5
nepal|NP|P6
netherlands|NL|P7
netherlands antilles|AN|P8
new caledonia|NC|1W
new zealand|NZ|Q2
nicaragua|NI|Q3
niger|NE|Q4
nigeria|NG|Q5
niue|NU|Q6
norfolk island|NF|Q7
north korea|KP|M4
north macedonia|MK|1U
northern mariana islands|MP|1V
norway|NO|Q8
oman|OM|P4
pakistan|PK|R0
palau|PW|1Y
palestinian territories|PS|1X
palestinian territory, occupied|PS|1X
panama|PA|R1
papua new guinea|PG|R2
paraguay|PY|R4
people's republic of china|CN|F4
peru|PE|R5
philippines|PH|R6
pitcairn|PN|R8
pitcairn islands|PN|R8
poland|PL|R9
portugal|PT|S1
puerto rico|PR|
qatar|QA|S3
republic of ireland|IE|L2
republic of korea|KR|M5
reunion|RE|S4
romania|RO|S5
russia|RU|1Z
russian federation|RU|1Z
rwanda|RW|S6
saint barthelemy|BL|Z0
saint helena|SH|U8
saint kitts and nevis|KN|U7
saint lucia|LC|U9
saint martin|MF|Z1
saint pierre and miquelon|PM|V0
saint vincent and grenadines|VC|
saint vincent and the grenadines||V1
samoa|WS|Y0
san marino|SM|S8
sao tome and principe|ST|S9
saudi arabia|SA|T0
senegal|SN|T1
serbia|RS|Z2
seychelles|SC|T2
sierra leone|SL|T8
singapore|SG|U0
sint maarten|SX|
slovakia|SK|2B
slovenia|SI|2A
solomon islands|SB|D7
somalia|SO|U1
south africa|ZA|T3
south georgia and south sandwich islands|GS|
south georgia and the south sandwich islands||1L
south korea|KR|M5
south sudan|SS|
spain|ES|U3
sri lanka|LK|F1
sudan|SD|V2
suriname|SR|V3
svalbard and jan mayen|SJ|L9
swaziland|SZ|V6
sweden|SE|V7
switzerland|CH|V8
syria|SY|V9
syrian arab republic|SY|V9
taiwan|TW|F5
tajikistan|TJ|2D
tanzania|TZ|W0
tanzania, united republic of|TZ|W0
thailand|TH|W1
timor-leste|TL|Z3
togo|TG|W2
tokelau|TK|W3
tonga|TO|W4
trinidad and tobago|TT|W5
tunisia|TN|W6
turkey|TR|W8
turkiye|TR|W8
turkmenistan|TM|2E
turks and caicos islands|TC|W7
tuvalu|TV|2G
u.s|US|X1
u.s. outlying islands|UM|2J
u.s. virgin islands|VI|
uganda|UG|W9
ukraine|UA|2H
united arab emirates|AE|C0
united kingdom|GB|X0
united states|US|X1
united states minor outlying islands|UM|2J
united states of america|US|X1
uruguay|UY|X3
usa|US|X1
uzbekistan|UZ|2K
vanuatu|VU|2L
vatican city|VA|X4
venezuela|VE|X5
viet nam|VN|Q1
vietnam|VN|Q1
virgin islands, british|VG|D8
wallis and futuna|WF|X8
western sahara|EH|U5
yemen|YE|T7
zambia|ZM|Y4
zimbabwe|ZW|Y5
"""


def _rows(table: str) -> list[list[str]]:
    return [line.split("|") for line in table.split("\n") if line]


STATES: dict[str, str] = {name: postal for name, postal, _ in _rows(_STATES)}
COUNTRIES: dict[str, str] = {name: iso for name, iso, _ in _rows(_COUNTRIES) if iso}
# A name that is both, as Georgia, is the state: filers write "Georgia (country)" or use another format for the country.
EDGAR_PLACES: dict[str, str] = (
    {name: edgar for name, _, edgar in _rows(_COUNTRIES) if edgar}
    | {name: edgar or postal for name, postal, edgar in _rows(_STATES)}
    | {f"{name}, canada": edgar for name, _, edgar in _rows(_STATES) if edgar}
    | {"georgia (country)": "2Q", "canada": "Z4", "canada (federal level)": "Z4"}
)
