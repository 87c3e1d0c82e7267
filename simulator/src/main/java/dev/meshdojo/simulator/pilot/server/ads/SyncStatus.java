package dev.meshdojo.simulator.pilot.server.ads;

import java.time.Instant;
import java.util.Map;

/**
 * How far a connected proxy has come with its configuration.
 *
 * @param proxy {@code pod.namespace}
 * @param clusterId the cluster it says it runs in
 * @param istioVersion its agent's version; empty when it names none
 * @param types by type URL, those that it asked for
 */
public record SyncStatus(
        String proxy, String clusterId, String istioVersion, Map<String, TypeStatus> types) {

    public SyncStatus {
        types = Map.copyOf(types);
    }

    /**
     * How far it has come with one type.
     *
     * @param sent the nonce of the last response; empty before the first
     * @param acked the nonce of the last response that it took; empty before the first
     * @param sentTime when the last response was sent
     * @param lastError why it refused the last response; empty when it did not
     */
    public record TypeStatus(String sent, String acked, Instant sentTime, String lastError) {

        /** Asked for, nothing sent. */
        static final TypeStatus NONE = new TypeStatus("", "", Instant.EPOCH, "");

        TypeStatus withSent(String nonce, Instant at) {
            return new TypeStatus(nonce, acked, at, lastError);
        }

        TypeStatus withAcked(String nonce) {
            return new TypeStatus(sent, nonce, sentTime, "");
        }

        TypeStatus withError(String error) {
            return new TypeStatus(sent, acked, sentTime, error);
        }
    }
}
