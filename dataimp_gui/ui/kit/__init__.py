"""Qt parts that know no dataset."""
