package dev.meshdojo.simulator.pilot.route;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.UInt32Value;
import dev.meshdojo.simulator.pilot.model.JsonView;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy;
import io.envoyproxy.envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate;
import io.envoyproxy.envoy.extensions.retry.priority.previous_priorities.v3.PreviousPrioritiesConfig;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Istio's {@code HTTPRetry} as Envoy's {@code RetryPolicy}. */
final class RetryPolicies {

    private static final String DEFAULT_RETRY_ON =
            "connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes";
    private static final int DEFAULT_RETRIES = 2;
    private static final int HOST_SELECTION_ATTEMPTS = 5;
    private static final RetryPolicy.RetryHostPredicate PREVIOUS_HOSTS =
            RetryPolicy.RetryHostPredicate.newBuilder()
                    .setName("envoy.retry_host_predicates.previous_hosts")
                    .setTypedConfig(Any.pack(PreviousHostsPredicate.getDefaultInstance()))
                    .build();
    private static final RetryPolicy.RetryPriority PREVIOUS_PRIORITIES =
            RetryPolicy.RetryPriority.newBuilder()
                    .setName("envoy.retry_priorities.previous_priorities")
                    .setTypedConfig(
                            Any.pack(
                                    PreviousPrioritiesConfig.newBuilder()
                                            .setUpdateFrequency(2)
                                            .build()))
                    .build();

    private RetryPolicies() {}

    /**
     * The policy, or null when retries are switched off.
     *
     * @param retries absent for Istio's default
     * @param consistentHash whether the destination is chosen by hash, so that another host will
     *     not be tried
     */
    static @Nullable RetryPolicy of(JsonView retries, boolean consistentHash) {
        RetryPolicy.Builder out =
                RetryPolicy.newBuilder()
                        .setNumRetries(UInt32Value.of(DEFAULT_RETRIES))
                        .setRetryOn(DEFAULT_RETRY_ON)
                        .setHostSelectionRetryMaxAttempts(HOST_SELECTION_ATTEMPTS);
        if (!consistentHash) {
            out.addRetryHostPredicate(PREVIOUS_HOSTS);
        }
        if (!retries.present()) {
            return out.build();
        }
        int attempts = retries.integer("attempts");
        if (attempts <= 0) {
            return null;
        }
        out.setNumRetries(UInt32Value.of(attempts));
        if (!retries.text("retryOn").isEmpty()) {
            conditions(out, retries.text("retryOn"));
        }
        Duration perTry = retries.duration("perTryTimeout");
        if (perTry != null) {
            out.setPerTryTimeout(perTry);
        }
        if (retries.has("retryIgnorePreviousHosts")) {
            out.clearRetryHostPredicate();
            if (retries.flag("retryIgnorePreviousHosts")) {
                out.addRetryHostPredicate(PREVIOUS_HOSTS);
            }
        }
        if (retries.flag("retryRemoteLocalities")) {
            out.setRetryPriority(PREVIOUS_PRIORITIES);
        }
        Duration backoff = retries.duration("backoff");
        if (backoff != null) {
            out.setRetryBackOff(RetryPolicy.RetryBackOff.newBuilder().setBaseInterval(backoff));
        }
        return out.build();
    }

    private static void conditions(RetryPolicy.Builder out, String written) {
        List<String> words = new ArrayList<>();
        for (String part : written.split(",")) {
            String word = part.strip();
            if (word.isEmpty()) {
                continue;
            }
            Integer status = statusCode(word);
            if (status == null) {
                words.add(word);
            } else {
                out.addRetriableStatusCodes(status);
            }
        }
        String joined = String.join(",", words);
        if (out.getRetriableStatusCodesCount() > 0 && !joined.contains("retriable-status-codes")) {
            joined += ",retriable-status-codes";
        }
        out.setRetryOn(joined);
    }

    private static @Nullable Integer statusCode(String word) {
        if (!word.chars().allMatch(Character::isDigit) || word.length() != 3) {
            return null;
        }
        int code = Integer.parseInt(word);
        return HttpStatusCodes.known(code) ? code : null;
    }
}
