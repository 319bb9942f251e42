"""sec.gov on one machine: its paths, its limits and its quirks, over a folder of submissions.

Everything it says of a filing comes from the submission's own header, read here in a simple way of its own, so that
the system's parser is judged by something else than itself.
"""
