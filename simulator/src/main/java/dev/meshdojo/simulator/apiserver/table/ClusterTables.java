package dev.meshdojo.simulator.apiserver.table;

import static dev.meshdojo.simulator.apiserver.table.Texts.NONE;
import static dev.meshdojo.simulator.apiserver.table.Texts.at;
import static dev.meshdojo.simulator.apiserver.table.Texts.name;
import static dev.meshdojo.simulator.apiserver.table.Texts.number;
import static dev.meshdojo.simulator.apiserver.table.Texts.or;
import static dev.meshdojo.simulator.apiserver.table.Texts.present;
import static dev.meshdojo.simulator.apiserver.table.Texts.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.golang.HumanDuration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Tables of namespaces, nodes, events, leases, certificates and what limits use. */
final class ClusterTables {

    private static final String UNKNOWN = "<unknown>";
    private static final String ROLE_PREFIX = "node-role.kubernetes.io/";

    static final Map<String, KindTable> TABLES =
            Map.ofEntries(
                    Map.entry(
                            "Namespace",
                            KindTable.of(
                                    (o, ages) ->
                                            Arrays.asList(
                                                    name(o),
                                                    text(o, "status", "phase"),
                                                    ages.of(o)),
                                    Column.NAME,
                                    Column.text("Status", "Phase of the namespace."),
                                    Column.AGE)),
                    Map.entry(
                            "Node",
                            KindTable.of(
                                    ClusterTables::node,
                                    Column.NAME,
                                    Column.text("Status", "Whether the node is ready."),
                                    Column.text("Roles", "Roles by the node's labels."),
                                    Column.AGE,
                                    Column.text("Version", "Version of the kubelet."),
                                    Column.wide("Internal-IP", "Address in the cluster."),
                                    Column.wide("External-IP", "Address outside."),
                                    Column.wide("OS-Image", "Operating system."),
                                    Column.wide("Kernel-Version", "Kernel."),
                                    Column.wide("Container-Runtime", "Container runtime."))),
                    Map.entry("Event", eventTable()),
                    Map.entry("Event.events.k8s.io", eventTable()),
                    Map.entry(
                            "Lease.coordination.k8s.io",
                            KindTable.of(
                                    (o, ages) ->
                                            Arrays.asList(
                                                    name(o),
                                                    text(o, "spec", "holderIdentity"),
                                                    ages.of(o)),
                                    Column.NAME,
                                    Column.text("Holder", "Who holds the lease."),
                                    Column.AGE)),
                    Map.entry(
                            "ResourceQuota",
                            KindTable.of(
                                    ClusterTables::quota,
                                    Column.NAME,
                                    Column.text("Request", "Used and allowed requests."),
                                    Column.text("Limit", "Used and allowed limits."),
                                    Column.AGE)),
                    Map.entry(
                            "ComponentStatus",
                            KindTable.of(
                                    ClusterTables::componentStatus,
                                    Column.NAME,
                                    Column.text("Status", "Whether it is healthy."),
                                    Column.text("Message", "What it says."),
                                    Column.text("Error", "What went wrong."))),
                    Map.entry(
                            "PriorityClass.scheduling.k8s.io",
                            KindTable.of(
                                    (o, ages) ->
                                            Arrays.asList(
                                                    name(o),
                                                    number(o, "value"),
                                                    o.path("globalDefault").asBoolean(),
                                                    ages.of(o),
                                                    text(o, "preemptionPolicy")),
                                    Column.NAME,
                                    Column.number("Value", "Priority of its pods."),
                                    Column.flag("Global-Default", "Whether others get it."),
                                    Column.AGE,
                                    Column.text("PreemptionPolicy", "Whether pods preempt."))),
                    Map.entry(
                            "RuntimeClass.node.k8s.io",
                            KindTable.of(
                                    (o, ages) ->
                                            Arrays.asList(name(o), text(o, "handler"), ages.of(o)),
                                    Column.NAME,
                                    Column.text("Handler", "Runtime configuration."),
                                    Column.AGE)),
                    Map.entry(
                            "CertificateSigningRequest.certificates.k8s.io",
                            KindTable.of(
                                    ClusterTables::signingRequest,
                                    Column.NAME,
                                    Column.AGE,
                                    Column.text("SignerName", "Who shall sign."),
                                    Column.text("Requestor", "Who asks."),
                                    Column.text("RequestedDuration", "Wanted validity."),
                                    Column.text("Condition", "What has been decided."))),
                    Map.entry(
                            "APIService.apiregistration.k8s.io",
                            KindTable.of(
                                    ClusterTables::apiService,
                                    Column.NAME,
                                    Column.text("Service", "Service that serves the group."),
                                    Column.text("Available", "Whether it can be reached."),
                                    Column.AGE)),
                    Map.entry(
                            "FlowSchema.flowcontrol.apiserver.k8s.io",
                            KindTable.of(
                                    ClusterTables::flowSchema,
                                    Column.NAME,
                                    Column.text("PriorityLevel", "Level of its requests."),
                                    Column.text("MatchingPrecedence", "Lower goes first."),
                                    Column.text("DistinguisherMethod", "What tells flows apart."),
                                    Column.AGE,
                                    Column.text("MissingPL", "Whether the level is missing."))),
                    Map.entry(
                            "PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io",
                            KindTable.of(
                                    ClusterTables::priorityLevel,
                                    Column.NAME,
                                    Column.text("Type", "Whether requests are limited."),
                                    Column.text("NominalConcurrencyShares", "Share of seats."),
                                    Column.text("Queues", "Number of queues."),
                                    Column.text("HandSize", "Queues a flow may use."),
                                    Column.text("QueueLengthLimit", "Requests in a queue."),
                                    Column.AGE)));

    private ClusterTables() {}

    private static List<@Nullable Object> node(ObjectNode o, Ages ages) {
        String ready = Texts.condition(o, "Ready");
        String status = ready.isEmpty() ? "Unknown" : ready.equals("True") ? "Ready" : "NotReady";
        TreeSet<String> roles = new TreeSet<>();
        at(o, "metadata", "labels")
                .properties()
                .forEach(
                        label -> {
                            String key = label.getKey();
                            if (key.startsWith(ROLE_PREFIX)) {
                                roles.add(key.substring(ROLE_PREFIX.length()));
                            } else if (key.equals("kubernetes.io/role")) {
                                roles.add(label.getValue().asText());
                            }
                        });
        roles.remove("");
        JsonNode info = at(o, "status", "nodeInfo");
        return Arrays.asList(
                name(o),
                status + (at(o, "spec", "unschedulable").asBoolean() ? ",SchedulingDisabled" : ""),
                or(String.join(",", roles), NONE),
                ages.of(o),
                text(info, "kubeletVersion"),
                address(o, "InternalIP"),
                address(o, "ExternalIP"),
                or(text(info, "osImage"), UNKNOWN),
                or(text(info, "kernelVersion"), UNKNOWN),
                or(text(info, "containerRuntimeVersion"), UNKNOWN));
    }

    private static String address(ObjectNode node, String type) {
        for (JsonNode address : at(node, "status", "addresses")) {
            if (type.equals(text(address, "type"))) {
                return text(address, "address");
            }
        }
        return NONE;
    }

    private static KindTable eventTable() {
        return KindTable.of(
                ClusterTables::event,
                Column.text("Last Seen", "Time since it last happened."),
                Column.text("Type", "Normal or Warning."),
                Column.text("Reason", "One word on why."),
                Column.text("Object", "What it happened to."),
                Column.wide("Subobject", "Which part of the object."),
                Column.wide("Source", "Who reports it."),
                Column.text("Message", "What happened."),
                Column.wide("First Seen", "Time since it first happened."),
                Column.wide("Count", "How often it happened."),
                new Column("Name", "string", "name", Column.NAME.description(), 1));
    }

    /** Events of both groups: fields of events.k8s.io bear other names. */
    private static List<@Nullable Object> event(ObjectNode o, Ages ages) {
        JsonNode about = first(o, "involvedObject", "regarding");
        JsonNode firstTime = first(o, "firstTimestamp", "deprecatedFirstTimestamp");
        JsonNode lastTime = first(o, "lastTimestamp", "deprecatedLastTimestamp");
        JsonNode source = first(o, "source", "deprecatedSource");
        String firstSeen = ages.since(present(firstTime) ? firstTime : o.path("eventTime"));
        String lastSeen = present(lastTime) ? ages.since(lastTime) : firstSeen;
        int count = first(o, "count", "deprecatedCount").asInt(0);
        JsonNode series = o.path("series");
        if (present(series)) {
            lastSeen = ages.since(series.path("lastObservedTime"));
            count = number(series, "count");
        } else if (count == 0) {
            count = 1;
        }
        String kind = text(about, "kind").toLowerCase(Locale.ROOT);
        String target = text(about, "name").isEmpty() ? kind : kind + "/" + text(about, "name");
        String component =
                or(
                        text(source, "component"),
                        or(text(o, "reportingComponent"), text(o, "reportingController")));
        String host = or(text(source, "host"), text(o, "reportingInstance"));
        return Arrays.asList(
                lastSeen,
                text(o, "type"),
                text(o, "reason"),
                target,
                text(about, "fieldPath"),
                host.isEmpty() ? component : component + ", " + host,
                or(text(o, "message"), text(o, "note")).strip(),
                firstSeen,
                count,
                name(o));
    }

    private static JsonNode first(ObjectNode object, String field, String otherwise) {
        JsonNode value = object.path(field);
        return present(value) ? value : object.path(otherwise);
    }

    private static List<@Nullable Object> quota(ObjectNode o, Ages ages) {
        List<String> requests = new ArrayList<>();
        List<String> limits = new ArrayList<>();
        JsonNode hard = at(o, "status", "hard");
        for (String resource : new TreeSet<>(fieldNames(hard))) {
            String used = or(text(o, "status", "used", resource), "0");
            String shown = resource + ": " + used + "/" + text(hard, resource);
            (resource.startsWith("limits.") ? limits : requests).add(shown);
        }
        return Arrays.asList(
                name(o), String.join(", ", requests), String.join(", ", limits), ages.of(o));
    }

    private static List<String> fieldNames(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static List<@Nullable Object> componentStatus(ObjectNode o, Ages ages) {
        for (JsonNode condition : o.path("conditions")) {
            if ("Healthy".equals(text(condition, "type"))) {
                return Arrays.asList(
                        name(o),
                        "True".equals(text(condition, "status")) ? "Healthy" : "Unhealthy",
                        text(condition, "message"),
                        text(condition, "error"));
            }
        }
        return Arrays.asList(name(o), "Unknown", "", "");
    }

    private static List<@Nullable Object> signingRequest(ObjectNode o, Ages ages) {
        boolean denied = !Texts.condition(o, "Denied").isEmpty();
        boolean approved = !Texts.condition(o, "Approved").isEmpty();
        String status = denied ? "Denied" : approved ? "Approved" : "Pending";
        status += Texts.condition(o, "Failed").isEmpty() ? "" : ",Failed";
        status += text(o, "status", "certificate").isEmpty() ? "" : ",Issued";
        JsonNode seconds = at(o, "spec", "expirationSeconds");
        return Arrays.asList(
                name(o),
                ages.of(o),
                or(text(o, "spec", "signerName"), NONE),
                text(o, "spec", "username"),
                present(seconds) ? HumanDuration.text(Duration.ofSeconds(seconds.asLong())) : NONE,
                status);
    }

    private static List<@Nullable Object> apiService(ObjectNode o, Ages ages) {
        JsonNode service = at(o, "spec", "service");
        String available = "Unknown";
        for (JsonNode condition : at(o, "status", "conditions")) {
            if ("Available".equals(text(condition, "type"))) {
                String reason = text(condition, "reason");
                available = text(condition, "status");
                if (!available.equals("True") && !reason.isEmpty()) {
                    available += " (" + reason + ")";
                }
            }
        }
        return Arrays.asList(
                name(o),
                present(service)
                        ? text(service, "namespace") + "/" + text(service, "name")
                        : "Local",
                available,
                ages.of(o));
    }

    private static List<@Nullable Object> flowSchema(ObjectNode o, Ages ages) {
        return Arrays.asList(
                name(o),
                text(o, "spec", "priorityLevelConfiguration", "name"),
                number(o, "spec", "matchingPrecedence"),
                or(text(o, "spec", "distinguisherMethod", "type"), NONE),
                ages.of(o),
                or(Texts.condition(o, "Dangling"), "?"));
    }

    private static List<@Nullable Object> priorityLevel(ObjectNode o, Ages ages) {
        JsonNode limited = at(o, "spec", "limited");
        JsonNode queuing = at(limited, "limitResponse", "queuing");
        return Arrays.asList(
                name(o),
                text(o, "spec", "type"),
                numberOrNone(limited, "nominalConcurrencyShares"),
                numberOrNone(queuing, "queues"),
                numberOrNone(queuing, "handSize"),
                numberOrNone(queuing, "queueLengthLimit"),
                ages.of(o));
    }

    private static Object numberOrNone(JsonNode holder, String field) {
        return present(holder) ? (Object) number(holder, field) : NONE;
    }
}
