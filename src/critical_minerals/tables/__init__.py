"""The processed tables: one module per topic, each table with its schema, key and units."""
