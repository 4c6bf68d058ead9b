"""The application behind a socket: in this thread for the command line, in another for everybody else."""
