"""Turns lines of `implementation, job, nanoseconds, output` into one table.

Ratios say how many times as fast this crate is as each implementation, for its text built from scratch (`ours`) and
for its quickest way (`ours, …`). Below 1 it is slower, as against the floor. `same` tells whether the text is ours, byte
for byte.
"""

import sys

WIDTHS = (12, 22, 12, 10, 12, 12, 6)
HEADINGS = ("job", "implementation", "ops/s", "ns", "ours / it", "best / it", "same")


def line(cells):
    first = "".join(str(cell).ljust(width) for cell, width in zip(cells[:2], WIDTHS[:2]))
    return first + "".join(str(cell).rjust(width) for cell, width in zip(cells[2:], WIDTHS[2:]))


jobs = {}
for row in sys.stdin.read().splitlines():
    implementation, job, nanoseconds, output = row.split("\t")
    jobs.setdefault(job, []).append((implementation, float(nanoseconds), output))

print(line(HEADINGS))
for job, rows in jobs.items():
    times = {implementation: nanoseconds for implementation, nanoseconds, _ in rows}
    ours = times["ours"]
    best = min(time for implementation, time in times.items() if implementation.startswith("ours"))
    expected = next(output for implementation, _, output in rows if implementation == "ours")
    for implementation, nanoseconds, output in rows:
        same = "yes" if output == expected else "no"
        ratios = f"{nanoseconds / ours:.2f}", f"{nanoseconds / best:.2f}"
        print(line((job, implementation, f"{1e9 / nanoseconds:,.0f}", f"{nanoseconds:,.0f}", *ratios, same)))
    print()
