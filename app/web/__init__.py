"""What every page shares: access guard, headers, errors, language, health."""
