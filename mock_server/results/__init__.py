"""The files that lipflap itself serves: samples, uploads, finished videos, stills."""
