"""Draw exercises: poses are baked into drawings with numpy; drawings are read without it."""
