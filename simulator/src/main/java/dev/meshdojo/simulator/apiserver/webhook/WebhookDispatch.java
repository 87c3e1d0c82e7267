package dev.meshdojo.simulator.apiserver.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.AdmissionRequest;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.ResourceRegistry;
import dev.meshdojo.simulator.apiserver.ResourceType;
import dev.meshdojo.simulator.apiserver.Statuses;
import dev.meshdojo.simulator.apiserver.authorization.PolicyAuthorizer;
import dev.meshdojo.simulator.apiserver.policy.MatchConditions;
import dev.meshdojo.simulator.apiserver.policy.RuleMatcher;
import dev.meshdojo.simulator.apiserver.policy.VersionedRequest;
import dev.meshdojo.simulator.apiserver.schema.PolicyExpressions;
import dev.meshdojo.simulator.golang.GoText;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What mutating and validating webhooks have in common: which are asked, and what becomes of a
 * failure or a refusal. Source: {@code k8s.io/apiserver/pkg/admission/plugin/webhook}. Thread-safe.
 */
final class WebhookDispatch {

    private static final int LEAST_REFUSAL = 400;

    private final ResourceApi api;
    private final ResourceRegistry registry;
    private final WebhookClient client;
    private final String plural;

    /**
     * @param plural the resource of the configurations
     */
    WebhookDispatch(
            ResourceApi api, ResourceRegistry registry, WebhookClient client, String plural) {
        this.api = api;
        this.registry = registry;
        this.client = client;
        this.plural = plural;
    }

    /** All webhooks that could be asked about the request, in order. */
    List<Webhook> webhooks(AdmissionRequest request) {
        return RuleMatcher.exempt(request) ? List.of() : Webhook.all(api, plural);
    }

    /** The request as a webhook wants to see it; null when it does not. */
    @Nullable VersionedRequest wanted(Webhook webhook, AdmissionRequest request) {
        RuleMatcher matcher = RuleMatcher.of(request, api, registry);
        if (!matcher.selected(webhook.spec())) {
            return null;
        }
        ResourceType type =
                matcher.covered(webhook.spec().path("rules"), webhook.matchesEquivalent());
        if (type == null) {
            return null;
        }
        VersionedRequest versioned = VersionedRequest.of(request, type, registry);
        JsonNode conditions = webhook.spec().path("matchConditions");
        if (conditions.isEmpty()) {
            return versioned;
        }
        Map<String, Object> values = new HashMap<>(versioned.values());
        values.putAll(
                PolicyExpressions.authorizer(
                        new PolicyAuthorizer(api, request.user()),
                        VersionedRequest.question(request)));
        MatchConditions.Outcome outcome = MatchConditions.evaluate(conditions, values);
        if (!outcome.errors().isEmpty() && !webhook.failsOpen()) {
            throw Statuses.forbidden(
                    request.type().group(),
                    request.type().plural(),
                    request.name(),
                    outcome.error());
        }
        return outcome.matches() ? versioned : null;
    }

    /**
     * Asks a webhook.
     *
     * @return its answer when it agrees; null when the request goes on without it
     * @throws ApiException when it refuses, or cannot be asked and must be
     */
    Review.@Nullable Answer ask(Webhook webhook, VersionedRequest versioned, boolean mutating) {
        AdmissionRequest request = versioned.request();
        if (request.dryRun() && !webhook.dryRunnable()) {
            throw Statuses.badRequest(
                    "admission webhook "
                            + GoText.quote(webhook.name())
                            + " does not support dry run");
        }
        try {
            Review review = Review.of(webhook, versioned);
            JsonNode reply = client.ask(webhook, review);
            if (reply == null) {
                return null;
            }
            Review.Answer answer;
            try {
                answer = review.read(reply, mutating);
            } catch (WebhookFailure e) {
                throw new WebhookFailure("received invalid webhook response: " + e.why());
            }
            answer.warnings().forEach(request::warn);
            if (!answer.allowed()) {
                throw refusal(webhook, answer.result());
            }
            return answer;
        } catch (WebhookFailure e) {
            if (webhook.failsOpen()) {
                return null;
            }
            throw failed(webhook, e);
        }
    }

    /** 500, as when a webhook could not be asked. */
    static ApiException failed(Webhook webhook, WebhookFailure failure) {
        return Statuses.internal(
                "failed calling webhook " + GoText.quote(webhook.name()) + ": " + failure.why());
    }

    private static ApiException refusal(Webhook webhook, @Nullable ObjectNode result) {
        String by = "admission webhook " + GoText.quote(webhook.name()) + " denied the request";
        String message = result == null ? "" : result.path("message").asText("");
        String reason = result == null ? "" : result.path("reason").asText("");
        int code = result == null ? 0 : result.path("code").asInt();
        String said = message.isEmpty() ? reason : message;
        return Statuses.failure(
                Math.max(code, LEAST_REFUSAL),
                reason,
                said.isEmpty() ? by + " without explanation" : by + ": " + said,
                result != null && result.path("details") instanceof ObjectNode details
                        ? details
                        : null);
    }
}
