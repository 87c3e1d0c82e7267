package dev.meshdojo.simulator.shell.command.kubectl.describe;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What describers look up besides the object itself. */
public interface DescribeSource {

    /** All objects of a path such as {@code /api/v1/namespaces/x/pods?labelSelector=…}. */
    List<JsonNode> list(String path) throws InterruptedException;

    /** One object; null when it is absent. */
    @Nullable JsonNode find(String path) throws InterruptedException;

    /** The present. */
    Instant now();

    /** Whether events are wanted. */
    boolean showsEvents();
}
