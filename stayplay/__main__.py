"""`python -m stayplay`, for images that hold no installed command."""

from stayplay.cli import main

main()
