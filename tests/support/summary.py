"""summary.py RESULTS.xml: what ctest's JUnit file says, as one closing line; QtTest programs count by their functions."""
import re
import sys
import xml.etree.ElementTree as ElementTree

passed = failed = skipped = 0
for case in ElementTree.parse(sys.argv[1]).getroot().iter("testcase"):
    output = case.findtext("system-out") or ""
    if case.get("status") == "disabled":
        skipped += 1
        print("skipped:", case.get("name"), "is disabled in its CMakeLists.txt, where the reason stands")
        continue
    ok = case.get("status") == "run"
    # A test that skips itself as a whole, by its exit code, was "not run" to ctest; a program that is not there was as well.
    if case.get("status") == "notrun" and "SKIP:" in output:
        skipped += 1
        print("skipped:", case.get("name"), output.split("SKIP:", 1)[1].splitlines()[0])
        continue
    totals = re.findall(r"^Totals: (\d+) passed, (\d+) failed, (\d+) skipped", output, re.MULTILINE)
    for line in re.findall(r"^SKIP\s*: (.*(?:\n   .*)?)", output, re.MULTILINE):
        print("skipped:", " ".join(line.split()))
    if not totals:
        if ok and "SKIP:" in output:
            skipped += 1
            print("skipped:", case.get("name"), output.split("SKIP:", 1)[1].splitlines()[0])
        else:
            passed, failed = passed + ok, failed + (not ok)
        continue
    passed += sum(int(total[0]) for total in totals)
    skipped += sum(int(total[2]) for total in totals)
    in_totals = sum(int(total[1]) for total in totals)
    failed += in_totals if in_totals or ok else 1
print(f"{passed} passed, {failed} failed, {skipped} skipped")
