"""Where a client plays a story: one story in, one judged cell out."""
