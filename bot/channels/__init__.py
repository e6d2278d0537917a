"""Floor 3: mouths and ears. Imported only when configured."""
