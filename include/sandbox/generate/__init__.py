"""Makes submissions that are like EDGAR's in form and in nothing else: invented filers, own wording, valid files.

Each filing depends only on the seed, its number and the days to choose from, so a folder can be made again, and a
part of it too. `manifest.json` says what is true of each; tests of the parser ask it.
"""
