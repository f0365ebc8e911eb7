"""Cases of what models write, made from the commits of any git repository; nothing here knows the engine."""
