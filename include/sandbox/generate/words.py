"""Names and prose, all invented here. Nothing is taken from a filing."""

from __future__ import annotations

from random import Random

FIRST = (
    "Ada", "Bela", "Cosmo", "Dora", "Edwin", "Fern", "Gideon", "Hattie", "Ivo", "June", "Kester", "Lena", "Milo",
    "Nell", "Orson", "Petra", "Quill", "Rhoda", "Silas", "Tess", "Ulric", "Vera", "Wystan", "Xenia", "Yorick",
    "Zelda",
)  # fmt: skip
LAST = (
    "Alderbrook", "Barrowby", "Cindermoor", "Dunnock", "Eskdale", "Fenwright", "Garthwaite", "Hollowell", "Inkpen",
    "Jessamine", "Kettlewell", "Larkfield", "Marrowstone", "Netherby", "Oakenshaw", "Pennifold", "Quarrington",
    "Ravelston", "Saltmarsh", "Thistlewood", "Underhay", "Vellacott", "Wherwell", "Yarrowdale",
)  # fmt: skip
ADJECTIVES = (
    "Amber", "Brindle", "Copper", "Dappled", "Eastern", "Fallow", "Granite", "Hazel", "Indigo", "Juniper", "Kindred",
    "Lantern", "Maple", "Northern", "Opal", "Paper", "Quiet", "Russet", "Silver", "Timber", "Upland", "Velvet",
    "Willow", "Yonder",
)  # fmt: skip
NOUNS = (
    "Anvil", "Beacon", "Cistern", "Delta", "Engine", "Foundry", "Gantry", "Harbor", "Islet", "Junction", "Kiln",
    "Ledger", "Mill", "Nozzle", "Orchard", "Pulley", "Quarry", "Rivet", "Spindle", "Turbine", "Umbrella", "Valve",
    "Wharf", "Yardarm",
)  # fmt: skip
SUFFIXES = ("Corp", "Inc", "Holdings Inc", "Co", "Group Ltd", "Systems Inc", "Partners LP", "Trust")
STREETS = ("Cobbler", "Ferry", "Granary", "Lime Kiln", "Mill Race", "Orchard", "Rope Walk", "Signal", "Tannery")
TOWNS = (
    ("Marlow Falls", "NY", "10988"),
    ("Port Ember", "CA", "94987"),
    ("Saint Quill", "TX", "75988"),
    ("Cedar Hinge", "DE", "19988"),
    ("Lower Anvil", "MA", "02988"),
    ("Kestrel Bay", "FL", "33988"),
    ("Dry Ford", "NV", "89988"),
    ("Toller's Reach", "IL", "60988"),
)

_SENTENCES = (
    "The {noun} works at {town} ran for {n} days without a stop.",
    "We count {n} customers, of whom the ten largest took {p} percent of what we made.",
    "Prices of copper wire rose by {p} percent, and we passed on about half of that.",
    "The board looked at the plan twice and asked for {n} changes, all of which were made.",
    "No single supplier of {noun} parts is one that we could not do without.",
    "A storm closed the road to {town} for {n} hours; deliveries were late but whole.",
    "We own {n} buildings and rent the rest by the year.",
    "Our people number {n}, and {p} percent of them have been here for more than five years.",
    "The loan from the bank at {town} falls due in {n} months and bears {p} percent a year.",
    "Should demand for each {noun} fall, we would have to write down what lies in store.",
    "The insurer paid {n} thousand dollars for the broken {noun}, less what we bear ourselves.",
    "We do not expect that the matter will be of weight for the year as a whole.",
    "Orders on hand came to {n} thousand dollars, against {p} percent fewer a year before.",
    "The new hall beside the {noun} shed should open before the winter.",
    "Two of our patents on the {noun} end within {n} months; we have asked for others.",
    "Of the shares voted, {p} percent were for the proposal and the rest against or withheld.",
    "What we say here of days to come is what we think today, and we may be wrong.",
    "The figures for the {noun} line are now shown apart, so that they can be compared.",
)


def prose(rng: Random, sentences: int) -> str:
    """So many sentences, as one paragraph."""
    town = rng.choice(TOWNS)[0]
    said = [
        sentence.format(noun=rng.choice(NOUNS).lower(), town=town, n=rng.randint(3, 900), p=rng.randint(2, 60))
        for sentence in rng.choices(_SENTENCES, k=sentences)
    ]
    return " ".join(said)


def wrapped(text: str, width: int = 76, indent: str = "") -> str:
    """Text in lines of at most `width` characters, as typed filings have it."""
    lines, line = [], indent
    for word in text.split():
        if len(line) + len(word) + 1 > width and line.strip():
            lines.append(line.rstrip())
            line = ""
        line += word + " "
    return "\n".join([*lines, line.rstrip()])


def paragraphs(rng: Random, count: int, sentences: int = 5) -> str:
    """Typed paragraphs, a blank line between them."""
    return "\n\n".join(wrapped(prose(rng, sentences), indent="     ") for _ in range(count))


def html(title: str, body: str) -> str:
    """A page as filers' software writes it."""
    return (
        "<!DOCTYPE html>\n<html><head>\n"
        f"<title>{title}</title></head>\n<body style=\"font-family:'Times New Roman';font-size:10pt\">\n"
        f"{body}\n</body></html>"
    )


def html_paragraphs(rng: Random, count: int, sentences: int = 5) -> str:
    """Paragraphs of a page."""
    return "\n".join(f'<p style="margin:6pt 0">{prose(rng, sentences)}</p>' for _ in range(count))
