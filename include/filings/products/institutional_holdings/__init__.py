"""Holdings of institutional managers as form 13F reports them."""
