"""Portfolios of registered funds as form N-PORT reports them."""
