package dev.meshdojo.simulator.apiserver.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.policy.VersionedRequest;
import dev.meshdojo.simulator.golang.GoText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An AdmissionReview that is sent to a webhook.
 *
 * @param version {@code v1} or {@code v1beta1}
 * @param uid of the request
 * @param body what is sent
 */
record Review(String version, String uid, ObjectNode body) {

    static final String JSON_PATCH = "JSONPatch";
    private static final String GROUP = "admission.k8s.io";

    /**
     * What a webhook answered.
     *
     * @param allowed whether it agrees
     * @param result its reasons, or null
     * @param warnings for the client
     * @param patch the JSON Patch as text; empty for none
     * @param patchType how the patch is meant; {@code JSONPatch} is understood
     */
    record Answer(
            boolean allowed,
            @Nullable ObjectNode result,
            List<String> warnings,
            String patch,
            String patchType) {
        Answer {
            warnings = List.copyOf(warnings);
        }
    }

    /** The review in the first version that the webhook and this server know. */
    static Review of(Webhook webhook, VersionedRequest request) throws WebhookFailure {
        for (JsonNode version : webhook.spec().path("admissionReviewVersions")) {
            if (version.asText().equals("v1") || version.asText().equals("v1beta1")) {
                return make(version.asText(), request);
            }
        }
        throw new WebhookFailure(
                "could not create admission objects: webhook does not accept known AdmissionReview"
                        + " versions (v1, v1beta1)");
    }

    private static Review make(String version, VersionedRequest request) {
        String uid = UUID.randomUUID().toString();
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("kind", "AdmissionReview").put("apiVersion", GROUP + "/" + version);
        ObjectNode asked = body.putObject("request");
        asked.put("uid", uid);
        asked.setAll(request.describe());
        asked.set("object", request.object());
        asked.set("oldObject", request.oldObject());
        asked.put("dryRun", request.request().dryRun());
        ObjectNode options = request.request().options();
        asked.set("options", options.isEmpty() ? null : options);
        return new Review(version, uid, body);
    }

    /**
     * Reads an answer.
     *
     * @param mutating whether it may hold a patch
     * @throws WebhookFailure when it is no answer to this review
     */
    Answer read(JsonNode answer, boolean mutating) throws WebhookFailure {
        JsonNode response = answer.path("response");
        if (!response.isObject()) {
            throw new WebhookFailure("webhook response was absent");
        }
        if (version.equals("v1")) {
            check(answer, response);
            checkPatch(response, mutating);
        }
        List<String> warnings = new ArrayList<>();
        response.path("warnings").forEach(warning -> warnings.add(warning.asText()));
        return new Answer(
                response.path("allowed").asBoolean(),
                response.path("status") instanceof ObjectNode status ? status.deepCopy() : null,
                warnings,
                mutating ? patch(response) : "",
                version.equals("v1") ? response.path("patchType").asText("") : JSON_PATCH);
    }

    /** Why an answer is not one of this version, or null. */
    @Nullable String problem(JsonNode answer) {
        String apiVersion = answer.path("apiVersion").asText("");
        String kind = answer.path("kind").asText("");
        boolean plain = apiVersion.isEmpty() || kind.isEmpty();
        boolean review = kind.equals("AdmissionReview") && apiVersion.startsWith(GROUP + "/v1");
        if (plain || (apiVersion.equals(GROUP + "/" + version) && review)) {
            return null;
        }
        if (!review) {
            return "no kind \""
                    + kind
                    + "\" is registered for version \""
                    + apiVersion
                    + "\" in scheme \"pkg/runtime/scheme.go:111\"";
        }
        return "converting ("
                + apiVersion.substring(GROUP.length() + 1)
                + ".AdmissionReview) to ("
                + version
                + ".AdmissionReview): unknown conversion";
    }

    private void check(JsonNode answer, JsonNode response) throws WebhookFailure {
        String got = response.path("uid").asText("");
        if (!got.equals(uid)) {
            throw new WebhookFailure(
                    "expected response.uid=" + GoText.quote(uid) + ", got " + GoText.quote(got));
        }
        String apiVersion = answer.path("apiVersion").asText("");
        String kind = answer.path("kind").asText("");
        if (!apiVersion.equals(GROUP + "/v1") || !kind.equals("AdmissionReview")) {
            throw new WebhookFailure(
                    "expected webhook response of "
                            + GROUP
                            + "/v1, Kind=AdmissionReview, got "
                            + (apiVersion.contains("/") ? "" : "/")
                            + apiVersion
                            + ", Kind="
                            + kind);
        }
    }

    private static void checkPatch(JsonNode response, boolean mutating) throws WebhookFailure {
        boolean patch = !response.path("patch").asText("").isEmpty();
        boolean type = response.hasNonNull("patchType");
        if (!mutating && (patch || type)) {
            throw new WebhookFailure(
                    "validating webhook may not return response."
                            + (patch ? "patch" : "patchType"));
        }
        if (patch && !type) {
            throw new WebhookFailure("webhook returned response.patch but not response.patchType");
        }
        if (!patch && type) {
            throw new WebhookFailure("webhook returned response.patchType but not response.patch");
        }
        if (type && response.path("patchType").asText().isEmpty()) {
            throw new WebhookFailure("webhook returned invalid response.patchType of \"\"");
        }
    }

    private static String patch(JsonNode response) {
        String encoded = response.path("patch").asText("");
        if (encoded.isEmpty()) {
            return "";
        }
        return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
    }
}
