package dev.meshdojo.simulator.node;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the kubelet gets the tokens of pods' service accounts. Thread-safe. */
@FunctionalInterface
public interface TokenSource {

    /** Has none. */
    TokenSource NONE = (pod, validity, audiences) -> null;

    /** The pod that asks, with its service account. */
    record Holder(String namespace, String account, String pod, String podUid, String node) {}

    /**
     * A token.
     *
     * @param audiences empty for the API server
     * @return null when there is none
     */
    @Nullable String token(Holder pod, Duration validity, List<String> audiences);
}
