"""Votes at shareholder meetings as form N-PX reports them."""
