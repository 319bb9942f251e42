"""The cloud on one machine: stand-ins for AWS, R2, EDGAR, MySQL and Slack, so that everything runs with no account.

Nothing here is part of the deployed system, and nothing here imports it: the stand-ins are independent judges of it.
"""
