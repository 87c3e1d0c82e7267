package dev.meshdojo.simulator.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.AdmissionPlugin;
import dev.meshdojo.simulator.apiserver.AdmissionRequest;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.apiserver.Statuses;
import dev.meshdojo.simulator.apiserver.storage.EventLog;
import dev.meshdojo.simulator.apiserver.storage.ResourceStore;
import dev.meshdojo.simulator.apiserver.storage.StoreEvent;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What pods get when they are created: their service account with its token volume, tolerations of
 * failing nodes, a priority. Source: the plugins ServiceAccount, DefaultTolerationSeconds and
 * Priority.
 */
public final class PodAdmission implements AdmissionPlugin {

    private static final String MOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
    private static final int SUFFIX = 5;
    private static final long WAIT_MILLIS = 1000;

    private final ResourceApi api;
    private final ResourceStore store;

    /**
     * @param api to look up accounts and priorities
     * @param store to wait for an account that a controller is about to make
     */
    public PodAdmission(ResourceApi api, ResourceStore store) {
        this.api = api;
        this.store = store;
    }

    @Override
    public String name() {
        return "ServiceAccount";
    }

    @Override
    public void mutate(AdmissionRequest request) {
        boolean create = request.isFor("", "pods", List.of(AdmissionRequest.Operation.CREATE));
        boolean update = request.isFor("", "pods", List.of(AdmissionRequest.Operation.UPDATE));
        if ((!create && !update)
                || request.object() == null
                || !(request.object().get("spec") instanceof ObjectNode spec)) {
            return;
        }
        if (update) {
            tolerate(spec);
            return;
        }
        account(request, spec);
        tolerate(spec);
        prioritize(request, spec);
    }

    private void account(AdmissionRequest request, ObjectNode spec) {
        String account = spec.path("serviceAccountName").asText("");
        if (account.isEmpty()) {
            account = "default";
            spec.put("serviceAccountName", account);
        }
        spec.put("serviceAccount", account);
        ObjectNode found = await(request.namespace(), account);
        if (found == null) {
            throw Statuses.forbidden(
                    "",
                    "pods",
                    request.shownName(),
                    "error looking up service account "
                            + request.namespace()
                            + "/"
                            + account
                            + ": serviceaccount \""
                            + account
                            + "\" not found");
        }
        JsonNode own = spec.path("automountServiceAccountToken");
        boolean mount =
                own.isBoolean()
                        ? own.asBoolean()
                        : found.path("automountServiceAccountToken").asBoolean(true);
        if (mount) {
            mountToken(spec);
        }
        if (spec.path("imagePullSecrets").isEmpty() && !found.path("imagePullSecrets").isEmpty()) {
            spec.set("imagePullSecrets", found.path("imagePullSecrets").deepCopy());
        }
    }

    /** A new namespace gets its account a moment later; Kubernetes waits up to a second, too. */
    private @Nullable ObjectNode await(String namespace, String account) {
        ResourceKey key = new ResourceKey("", "serviceaccounts", namespace, account);
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT_MILLIS);
        EventLog.Cursor changes = store.follow("serviceaccounts", store.revision());
        ObjectNode found = api.find(key);
        try {
            while (found == null && changes != null) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                List<StoreEvent> events = left <= 0 ? null : changes.poll(left);
                if (events == null) {
                    return null;
                }
                found = api.find(key);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return found;
    }

    private static void mountToken(ObjectNode spec) {
        String volume = null;
        for (JsonNode each : spec.path("volumes")) {
            if (each.path("name").asText().startsWith("kube-api-access-")) {
                volume = each.path("name").asText();
            }
        }
        boolean needed = false;
        String name = volume == null ? "kube-api-access-" + suffix() : volume;
        for (String list : List.of("containers", "initContainers")) {
            for (JsonNode container : spec.path(list)) {
                boolean mounted = false;
                for (JsonNode mount : container.path("volumeMounts")) {
                    mounted |= mount.path("mountPath").asText().equals(MOUNT);
                }
                if (!mounted && container instanceof ObjectNode object) {
                    object.withArray("/volumeMounts")
                            .addObject()
                            .put("name", name)
                            .put("readOnly", true)
                            .put("mountPath", MOUNT);
                    needed = true;
                }
            }
        }
        if (needed && volume == null) {
            addVolume(spec, name);
        }
    }

    private static String suffix() {
        Random random = ThreadLocalRandom.current();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < SUFFIX; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }

    private static void addVolume(ObjectNode spec, String name) {
        ObjectNode projected =
                spec.withArray("/volumes").addObject().put("name", name).putObject("projected");
        ArrayNode sources = projected.putArray("sources");
        sources.addObject()
                .putObject("serviceAccountToken")
                .put("expirationSeconds", 3607)
                .put("path", "token");
        ObjectNode authority = sources.addObject().putObject("configMap");
        authority.put("name", "kube-root-ca.crt");
        authority.putArray("items").addObject().put("key", "ca.crt").put("path", "ca.crt");
        ObjectNode item =
                sources.addObject().putObject("downwardAPI").putArray("items").addObject();
        item.put("path", "namespace");
        item.putObject("fieldRef").put("apiVersion", "v1").put("fieldPath", "metadata.namespace");
        projected.put("defaultMode", 420);
    }

    private static void tolerate(ObjectNode spec) {
        for (String key : List.of("not-ready", "unreachable")) {
            String taint = "node.kubernetes.io/" + key;
            boolean known = false;
            for (JsonNode toleration : spec.path("tolerations")) {
                String effect = toleration.path("effect").asText("");
                String tolerated = toleration.path("key").asText("");
                known |=
                        (tolerated.equals(taint) || tolerated.isEmpty())
                                && (effect.isEmpty() || effect.equals("NoExecute"));
            }
            if (!known) {
                spec.withArray("/tolerations")
                        .addObject()
                        .put("key", taint)
                        .put("operator", "Exists")
                        .put("effect", "NoExecute")
                        .put("tolerationSeconds", 300);
            }
        }
    }

    private void prioritize(AdmissionRequest request, ObjectNode spec) {
        String name = spec.path("priorityClassName").asText("");
        if (name.isEmpty()) {
            prioritize(request, spec, 0, "PreemptLowerPriority");
            return;
        }
        ObjectNode found =
                api.find(new ResourceKey("scheduling.k8s.io", "priorityclasses", "", name));
        if (found == null) {
            throw Statuses.forbidden(
                    "",
                    "pods",
                    request.shownName(),
                    "no PriorityClass with name " + name + " was found");
        }
        prioritize(
                request,
                spec,
                found.path("value").asInt(),
                found.path("preemptionPolicy").asText("PreemptLowerPriority"));
    }

    private static void prioritize(
            AdmissionRequest request, ObjectNode spec, int priority, String policy) {
        JsonNode given = spec.path("priority");
        if (given.isNumber() && given.asInt() != priority) {
            throw Statuses.forbidden(
                    "",
                    "pods",
                    request.name(),
                    "the integer value of priority ("
                            + given.asInt()
                            + ") must not be provided in pod spec; priority admission controller"
                            + " computed "
                            + priority
                            + " from the given PriorityClass name");
        }
        spec.put("priority", priority);
        String preemption = spec.path("preemptionPolicy").asText(policy);
        if (!preemption.equals(policy)) {
            throw Statuses.forbidden(
                    "",
                    "pods",
                    request.name(),
                    "the string value of PreemptionPolicy ("
                            + preemption
                            + ") must not be provided in pod spec; priority admission controller"
                            + " computed "
                            + policy
                            + " from the given PriorityClass name");
        }
        spec.put("preemptionPolicy", policy);
    }
}
