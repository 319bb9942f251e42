"""A cloud of SEC filings: what EDGAR disseminates, archived, turned into tables and kept in step.

Imports no Airflow: the same code runs in a container, in the instant service and in a shell.
"""
