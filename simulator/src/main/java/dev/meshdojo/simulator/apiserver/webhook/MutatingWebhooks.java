package dev.meshdojo.simulator.apiserver.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.AdmissionPlugin;
import dev.meshdojo.simulator.apiserver.AdmissionRequest;
import dev.meshdojo.simulator.apiserver.DecodeException;
import dev.meshdojo.simulator.apiserver.Reinvocation;
import dev.meshdojo.simulator.apiserver.ResourceStrategy;
import dev.meshdojo.simulator.apiserver.ScalePaths;
import dev.meshdojo.simulator.apiserver.Statuses;
import dev.meshdojo.simulator.apiserver.builtin.GoJson;
import dev.meshdojo.simulator.apiserver.operation.ApiCore;
import dev.meshdojo.simulator.apiserver.patch.JsonPatch;
import dev.meshdojo.simulator.apiserver.policy.VersionedRequest;
import dev.meshdojo.simulator.golang.GoText;
import java.util.ArrayList;

/**
 * The webhooks of MutatingWebhookConfigurations, one after the other; each sees what those before
 * it made of the object. Thread-safe.
 */
final class MutatingWebhooks implements AdmissionPlugin {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final WebhookDispatch dispatch;

    MutatingWebhooks(WebhookDispatch dispatch) {
        this.dispatch = dispatch;
    }

    @Override
    public String name() {
        return "MutatingAdmissionWebhook";
    }

    @Override
    public Stage stage() {
        return Stage.WEBHOOK;
    }

    @Override
    public void mutate(AdmissionRequest request) {
        Reinvocation round = request.reinvocation();
        round.compare(request.object());
        try {
            for (Webhook webhook : dispatch.webhooks(request)) {
                VersionedRequest versioned = dispatch.wanted(webhook, request);
                if (versioned != null && round.takesPart(webhook.uid())) {
                    call(webhook, versioned, round);
                }
            }
        } finally {
            round.seen(request.object());
        }
    }

    private void call(Webhook webhook, VersionedRequest versioned, Reinvocation round) {
        Review.Answer answer = dispatch.ask(webhook, versioned, true);
        if (answer != null && !answer.patch().isEmpty() && patch(webhook, versioned, answer)) {
            round.changed();
        }
        if (webhook.reinvocable()) {
            round.called(webhook.uid());
        }
    }

    /** Applies a patch; whether it changed something. */
    private static boolean patch(
            Webhook webhook, VersionedRequest versioned, Review.Answer answer) {
        JsonNode operations;
        try {
            operations = operations(answer.patch());
        } catch (WebhookFailure e) {
            if (webhook.failsOpen()) {
                return false;
            }
            throw WebhookDispatch.failed(webhook, e);
        }
        if (operations.isEmpty()) {
            return false;
        }
        ObjectNode object = versioned.request().object();
        ObjectNode shown = versioned.object();
        if (object == null || shown == null) {
            throw Statuses.internal(
                    "admission webhook "
                            + GoText.quote(webhook.name())
                            + " attempted to modify the object, which is not supported for this"
                            + " operation");
        }
        if (!answer.patchType().equals(Review.JSON_PATCH)) {
            throw WebhookDispatch.failed(
                    webhook,
                    new WebhookFailure(
                            "unsupported patch type " + GoText.quote(answer.patchType())));
        }
        if (!versioned.isPlain()) {
            return patchOther(versioned, object, shown, patched(shown, operations));
        }
        ObjectNode patched = decode(versioned, patched(shown, operations));
        boolean changed = !patched.equals(decode(versioned, shown.deepCopy()));
        ObjectNode back =
                ApiCore.convert(
                        versioned.definition(),
                        patched,
                        versioned.type().version(),
                        versioned.request().type().version());
        object.removeAll();
        object.setAll(back);
        return changed;
    }

    /** Of a scale only what it wants goes back to the workload. */
    private static boolean patchOther(
            VersionedRequest versioned, ObjectNode object, ObjectNode shown, ObjectNode patched) {
        if (versioned.request().subresource().equals("scale")) {
            int replicas = patched.path("spec").path("replicas").asInt(0);
            ScalePaths paths =
                    versioned.definition().strategy().scalePaths(versioned.type().version());
            if (paths == null) {
                object.withObject("/spec").put("replicas", replicas);
            } else {
                paths.write(object, replicas);
            }
        } else {
            object.removeAll();
            object.setAll(patched);
        }
        return !patched.equals(shown);
    }

    private static JsonNode operations(String patch) throws WebhookFailure {
        String problem = GoJson.problem(patch);
        try {
            JsonNode read = problem == null ? JSON.readTree(patch) : null;
            if (read != null && read.isArray()) {
                return read;
            }
        } catch (JsonProcessingException e) {
            problem = "invalid JSON";
        }
        throw new WebhookFailure(
                "received undecodable patch in webhook response: "
                        + (problem == null
                                ? "json: cannot unmarshal object into Go value of type"
                                        + " jsonpatch.Patch"
                                : problem));
    }

    private static ObjectNode patched(ObjectNode object, JsonNode operations) {
        try {
            if (JsonPatch.apply(object, operations) instanceof ObjectNode patched) {
                return patched;
            }
            throw Statuses.internal("a patched object must be an object");
        } catch (JsonPatch.Failed e) {
            throw Statuses.internal(String.valueOf(e.getMessage()));
        }
    }

    /** What a webhook made is read as what a client sent, without complaints of unknown fields. */
    private static ObjectNode decode(VersionedRequest versioned, ObjectNode object) {
        ResourceStrategy strategy = versioned.definition().strategy();
        try {
            ObjectNode decoded = strategy.decode(object, versioned.type(), new ArrayList<>());
            strategy.dropNulls(decoded, versioned.type());
            strategy.applyDefaults(decoded, versioned.type());
            return decoded;
        } catch (DecodeException e) {
            throw Statuses.internal(String.valueOf(e.getMessage()));
        }
    }
}
