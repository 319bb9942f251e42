"""One module per container task; the module's name is the task's name (`python -m filings NAME`)."""
