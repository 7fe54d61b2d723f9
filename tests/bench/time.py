# SPDX-License-Identifier: GPL-3.0-or-later
"""time.py OUTPUT COMMAND...: prints 'SECONDS PEAK_KB STATUS'."""
import re
import subprocess
import sys
import time

begin, peak = time.monotonic(), 0
with open(sys.argv[1], "wb") as out:
    p = subprocess.Popen(sys.argv[2:], stdin=subprocess.DEVNULL, stdout=out,
                         stderr=subprocess.STDOUT)
    while p.poll() is None:
        try:
            with open("/proc/%d/status" % p.pid, encoding="utf-8") as f:
                m = re.search(r"VmHWM:\s*(\d+)", f.read())
            peak = max(peak, int(m.group(1)) if m else 0)
        except OSError:
            pass
        time.sleep(0.005)
print("%.2f %d %d" % (time.monotonic() - begin, peak, p.returncode))
