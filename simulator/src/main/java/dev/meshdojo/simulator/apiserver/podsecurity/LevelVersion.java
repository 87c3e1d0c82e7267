package dev.meshdojo.simulator.apiserver.podsecurity;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A level as some version of Kubernetes defined it.
 *
 * @param level the level
 * @param minor the minor version of Kubernetes 1, or {@link #LATEST}
 */
record LevelVersion(Level level, int minor) {

    static final int LATEST = Integer.MAX_VALUE;
    private static final Pattern VERSION = Pattern.compile("v1\\.([0-9]|[1-9][0-9]{1,8})");

    /** The version that a label names, or null. */
    static @Nullable Integer version(String label) {
        if (label.equals("latest")) {
            return LATEST;
        }
        Matcher version = VERSION.matcher(label);
        return version.matches() ? Integer.valueOf(version.group(1)) : null;
    }

    LevelVersion withLevel(Level wanted) {
        return new LevelVersion(wanted, minor);
    }

    LevelVersion withMinor(int wanted) {
        return new LevelVersion(level, wanted);
    }

    @Override
    public String toString() {
        return level + ":" + (minor == LATEST ? "latest" : "v1." + minor);
    }
}
