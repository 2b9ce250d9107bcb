"""What happens to sound before a model hears it."""
