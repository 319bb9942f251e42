"""What kind of company files: its industry, its status as a filer, its listed securities."""
