package dev.meshdojo.simulator.apps;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The sample applications by image repository. */
public final class SampleApps {

    private static final Map<String, Workload> BY_REPOSITORY =
            Map.ofEntries(Map.entry("meshdojo/echo", new EchoWorkload()));

    private SampleApps() {}

    /** The program of an image, or null when the image is none of them. */
    public static @Nullable Workload find(String repository) {
        return BY_REPOSITORY.get(repository);
    }

    /** The program that stands in for images nobody knows. */
    public static Workload generic() {
        return new EchoWorkload();
    }
}
