"""Financial statements from XBRL, as the SEC's financial statement data sets have them."""
