"""The Blender bench: scenes, cases by operator family, measuring, and reports."""
