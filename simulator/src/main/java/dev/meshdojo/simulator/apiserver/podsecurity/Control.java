package dev.meshdojo.simulator.apiserver.podsecurity;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One control of the standards, in the form that it has from one minor version on.
 *
 * @param id its name; controls are looked at in the order of names, baseline ones first
 * @param level where it begins to hold
 * @param since the first minor version of Kubernetes 1
 * @param until the first minor version in which another form holds
 * @param replaces the baseline control that need not be looked at where this one holds, or empty
 * @param check gives what is wrong, or null
 */
record Control(
        String id,
        Level level,
        int since,
        int until,
        String replaces,
        Function<PodView, @Nullable Violation> check) {

    private static final int OPEN = Integer.MAX_VALUE;

    /** A control of baseline that has always been as it is. */
    static Control baseline(String id, Function<PodView, @Nullable Violation> check) {
        return new Control(id, Level.BASELINE, 0, OPEN, "", check);
    }

    /** A control of restricted that has always been as it is. */
    static Control restricted(String id, Function<PodView, @Nullable Violation> check) {
        return new Control(id, Level.RESTRICTED, 0, OPEN, "", check);
    }

    /** The form that holds from a version on. */
    Control since(int minor) {
        return new Control(id, level, minor, until, replaces, check);
    }

    /** The form that holds up to the version before. */
    Control until(int minor) {
        return new Control(id, level, since, minor, replaces, check);
    }

    /** A stricter form of a control of baseline. */
    Control replacing(String baseline) {
        return new Control(id, level, since, until, baseline, check);
    }

    /** Does not look at pods for Windows, whose fields of Linux cannot be set. */
    Control exceptWindows() {
        return new Control(
                id, level, since, until, replaces, pod -> pod.windows() ? null : check.apply(pod));
    }

    /** Does not look at pods with users of their own. */
    Control exceptOwnUsers() {
        return new Control(
                id, level, since, until, replaces, pod -> pod.ownUsers() ? null : check.apply(pod));
    }

    boolean holds(Level wanted, int minor) {
        return wanted.compareTo(level) >= 0 && minor >= since && minor < until;
    }
}
