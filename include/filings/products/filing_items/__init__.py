"""Items of current, annual and quarterly reports: which there are, where their text begins and ends."""
