package dev.meshdojo.simulator.apiserver.schema;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A semantic version in expressions.
 *
 * @param major first number
 * @param minor second number
 * @param patch third number
 * @param before what stands behind a dash; empty for a release
 */
record CelVersion(long major, long minor, long patch, String before)
        implements Comparable<CelVersion> {

    private static final Pattern FORM =
            Pattern.compile(
                    "(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)"
                            + "(?:-([0-9A-Za-z.-]+))?(?:\\+[0-9A-Za-z.-]+)?");

    static boolean valid(String text) {
        return FORM.matcher(text).matches();
    }

    static CelVersion of(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new CelFailure("No Major.Minor.Patch elements found");
        }
        return new CelVersion(
                Long.parseLong(form.group(1)),
                Long.parseLong(form.group(2)),
                Long.parseLong(form.group(3)),
                form.group(4) == null ? "" : form.group(4));
    }

    @Override
    public int compareTo(CelVersion other) {
        int order = Long.compare(major, other.major);
        order = order == 0 ? Long.compare(minor, other.minor) : order;
        order = order == 0 ? Long.compare(patch, other.patch) : order;
        if (order != 0 || before.equals(other.before)) {
            return order;
        }
        if (before.isEmpty() || other.before.isEmpty()) {
            return before.isEmpty() ? 1 : -1;
        }
        return comparePre(before.split("\\."), other.before.split("\\."));
    }

    private static int comparePre(String[] one, String[] other) {
        for (int i = 0; i < Math.min(one.length, other.length); i++) {
            boolean number = one[i].matches("\\d{1,18}");
            boolean otherNumber = other[i].matches("\\d{1,18}");
            int order =
                    number && otherNumber
                            ? Long.compare(Long.parseLong(one[i]), Long.parseLong(other[i]))
                            : number == otherNumber
                                    ? Integer.signum(one[i].compareTo(other[i]))
                                    : number ? -1 : 1;
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(one.length, other.length);
    }
}
