"""``python -m tests.support.call DOTTED.PATH [ARGUMENT…]``: call one function under Django."""

import sys

import django


def main() -> None:
    django.setup()
    from django.utils.module_loading import import_string

    result = import_string(sys.argv[1])(*sys.argv[2:])
    if result is not None:
        sys.stdout.write(f"{result}\n")


if __name__ == "__main__":
    main()
