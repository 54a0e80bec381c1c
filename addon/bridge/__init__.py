# SPDX-License-Identifier: GPL-3.0-or-later
"""RNA <-> arrays: what the operators read from Blender and write back; no mathematics."""
