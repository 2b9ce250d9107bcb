"""What is durable: the SQLite database with the journal, Parquet columns, content-addressed objects, the lock."""
