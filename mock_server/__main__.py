"""``python -m mock_server`` is ``lipflap``."""

from mock_server.cli.entry import main

if __name__ == "__main__":
    main()
