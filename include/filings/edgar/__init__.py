"""The SEC's side: its index files, its SGML submissions, its headers, its XBRL, and a client that stays polite."""
