package dev.meshdojo.simulator.cluster.fake;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.ApiServer;
import dev.meshdojo.simulator.apiserver.rest.TokenIssuer;
import dev.meshdojo.simulator.node.TokenSource;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tokens that a cluster's parts hand out for service accounts. */
record ClusterTokens(ApiServer server) {

    /** A pod's own token; null when its service account is gone. */
    @Nullable String ofPod(TokenSource.Holder pod, Duration validity, List<String> audiences) {
        try {
            return server.serviceAccountToken(
                    pod.namespace(),
                    pod.account(),
                    validity,
                    audiences,
                    new TokenIssuer.BoundPod(pod.pod(), pod.podUid(), pod.node()));
        } catch (ApiException e) {
            return null;
        }
    }

    /** The token of a Secret of type {@code kubernetes.io/service-account-token}. */
    String ofSecret(ObjectNode account, ObjectNode secret) {
        return server.serviceAccountToken(
                account.at("/metadata/namespace").asText(),
                account.at("/metadata/name").asText(),
                null,
                List.of(),
                null);
    }
}
