"""Everything that Dataimp knows about data. Knows no Qt: usable from a notebook, a script and the window alike."""
