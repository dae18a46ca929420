"""The project as it lies on the disk: its folders, parameters and declaration, and its files."""
