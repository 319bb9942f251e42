"""Filing entities: the people and companies that structured documents name, with their roles."""
