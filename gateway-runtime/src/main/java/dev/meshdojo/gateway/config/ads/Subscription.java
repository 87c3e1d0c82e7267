package dev.meshdojo.gateway.config.ads;

import com.google.rpc.Status;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What was said about one type on the stream. Not thread-safe. */
final class Subscription {

    private static final int INTERNAL = 13;
    private static final int LONGEST_MESSAGE = 4096;

    private final ResourceType type;
    private String version = "";
    private String nonce = "";
    private Set<String> asked = Set.of();
    private boolean begun;
    private boolean onStream;

    Subscription(ResourceType type) {
        this.type = type;
    }

    /** Whether it was ever asked for. */
    boolean begun() {
        return begun;
    }

    /** Whether the names asked for on this stream are others. */
    boolean differs(Set<String> names) {
        return !onStream || !asked.equals(names);
    }

    /** A new stream knows nothing of this one. */
    void streamLost() {
        nonce = "";
        onStream = false;
    }

    /** A response came; {@code accepted} makes its version the one in force. */
    void answered(String newNonce, String newVersion, boolean accepted) {
        nonce = newNonce;
        if (accepted) {
            version = newVersion;
        }
    }

    /**
     * The request that asks for {@code names} and answers the last response.
     *
     * @param refusal why the last response was refused; null when it was not
     */
    DiscoveryRequest request(Set<String> names, @Nullable Node node, @Nullable String refusal) {
        begun = true;
        onStream = true;
        asked = Set.copyOf(names);
        DiscoveryRequest.Builder request =
                DiscoveryRequest.newBuilder()
                        .setTypeUrl(type.url())
                        .setVersionInfo(version)
                        .setResponseNonce(nonce)
                        .addAllResourceNames(names);
        if (node != null) {
            request.setNode(node);
        }
        if (refusal != null) {
            request.setErrorDetail(
                    Status.newBuilder().setCode(INTERNAL).setMessage(truncated(refusal)));
        }
        return request.build();
    }

    private static String truncated(String message) {
        return message.length() <= LONGEST_MESSAGE
                ? message
                : message.substring(0, LONGEST_MESSAGE) + "...(truncated)";
    }
}
