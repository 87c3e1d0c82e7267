package dev.meshdojo.simulator.pilot.gatewayapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.meshdojo.simulator.pilot.MeshSnapshot;
import dev.meshdojo.simulator.pilot.Pilot;
import dev.meshdojo.simulator.pilot.model.KubeObject;
import dev.meshdojo.simulator.pilot.model.MeshConfig;
import dev.meshdojo.simulator.pilot.model.ObjectSet;
import dev.meshdojo.simulator.pilot.model.ObjectStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What becomes of Gateway API objects, in Istio's words")
class GatewayStatusesTest {

    private static final YAMLMapper YAML = new YAMLMapper();

    private static final String WORLD =
            """
            {apiVersion: v1, kind: Namespace, metadata: {name: apps, labels: {team: a}}}
            ---
            {apiVersion: v1, kind: Service, metadata: {name: alpha, namespace: apps},
             spec: {ports: [{name: http, port: 80}, {name: https, port: 443}]}}
            ---
            {apiVersion: v1, kind: ConfigMap, metadata: {name: ca, namespace: apps},
             data: {ca.crt: some}}
            ---
            {apiVersion: v1, kind: ConfigMap, metadata: {name: empty, namespace: apps}, data: {x: y}}
            ---
            {apiVersion: gateway.networking.k8s.io/v1, kind: Gateway,
             metadata: {name: gw, namespace: apps, creationTimestamp: "2026-01-01T00:00:00Z"},
             spec: {gatewayClassName: istio,
              allowedListeners: {namespaces: {from: Same}},
              listeners: [{name: http, port: 80, protocol: HTTP, hostname: a.example.com}]}}
            ---
            """;

    private static MeshSnapshot snapshot(String yaml) {
        Map<String, List<ObjectNode>> objects = new HashMap<>();
        try (MappingIterator<ObjectNode> read =
                YAML.readerFor(ObjectNode.class)
                        .readValues((WORLD + yaml).strip().replaceAll("\n---$", ""))) {
            while (read.hasNext()) {
                ObjectNode object = read.next();
                String kind = object.path("kind").asText().toLowerCase(Locale.ROOT);
                String plural =
                        kind.endsWith("y") && !kind.endsWith("ay")
                                ? kind.substring(0, kind.length() - 1) + "ies"
                                : kind + "s";
                String group = object.path("apiVersion").asText().replaceAll("/?v1$", "");
                objects.computeIfAbsent(
                                group.isEmpty() ? plural : plural + "." + group,
                                key -> new ArrayList<>())
                        .add(object);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(yaml, e);
        }
        return MeshSnapshot.of("1", objects);
    }

    private static JsonNode status(String yaml, String kind, String name) {
        for (ObjectStatus status :
                new GatewayStatuses().of(Pilot.model(snapshot(yaml)), "2026-02-02T00:00:00Z")) {
            if (status.object().kind().equals(kind) && status.object().name().equals(name)) {
                return status.status();
            }
        }
        return YAML.createObjectNode();
    }

    /** {@code Type=Status Reason: message}. */
    private static List<String> conditions(JsonNode holder) {
        List<String> out = new ArrayList<>();
        for (JsonNode condition : holder.path("conditions")) {
            out.add(
                    condition.path("type").asText()
                            + "="
                            + condition.path("status").asText()
                            + " "
                            + condition.path("reason").asText()
                            + ": "
                            + condition.path("message").asText());
        }
        return out;
    }

    private static String listenerSet(String name, String spec) {
        return """
               {apiVersion: gateway.networking.k8s.io/v1, kind: ListenerSet,
                metadata: {name: %s, namespace: apps, creationTimestamp: "2026-01-02T00:00:00Z"},
                spec: {parentRef: {name: gw}, listeners: [%s]}}
               ---
               """
                .formatted(name, spec);
    }

    private static String policy(String name, String targets, String validation) {
        return """
               {apiVersion: gateway.networking.k8s.io/v1, kind: BackendTLSPolicy,
                metadata: {name: %s, namespace: apps},
                spec: {targetRefs: [%s], validation: {hostname: alpha.example.com, %s}}}
               ---
               """
                .formatted(name, targets, validation);
    }

    @Test
    @DisplayName("a ListenerSet adds listeners to its Gateway, which counts it and its routes")
    void listenerSet() {
        String yaml =
                listenerSet("more", "{name: b, port: 80, protocol: HTTP, hostname: b.example.com}")
                        + """
                          {apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute,
                           metadata: {name: r, namespace: apps},
                           spec: {parentRefs: [{kind: ListenerSet, name: more}],
                            rules: [{backendRefs: [{name: alpha, port: 80}]}]}}
                          """;
        JsonNode set = status(yaml, "ListenerSet", "more");
        assertThat(conditions(set).getFirst())
                .isEqualTo("Accepted=True Accepted: Resource accepted");
        assertThat(set.path("listeners").path(0).path("attachedRoutes").asInt()).isOne();
        assertThat(status(yaml, "Gateway", "gw").path("attachedListenerSets").asInt()).isOne();
        assertThat(
                        new GatewayApi()
                                .convert(snapshot(yaml), MeshConfig.DEFAULT).gateways().stream()
                                        .map(KubeObject::name))
                .containsExactly(
                        "gw~istio-autogenerated-k8s-gateway~http",
                        "more~istio-autogenerated-k8s-gateway~b");
    }

    @Test
    @DisplayName("listeners of a ListenerSet yield to the Gateway's and to older sets'")
    void conflicts() {
        String yaml =
                listenerSet("a", "{name: x, port: 80, protocol: HTTP, hostname: a.example.com}")
                        + listenerSet("b", "{name: y, port: 80, protocol: TCP}");
        assertThat(conditions(status(yaml, "ListenerSet", "a").path("listeners").path(0)))
                .anyMatch(text -> text.startsWith("Conflicted=True HostnameConflict"));
        assertThat(conditions(status(yaml, "ListenerSet", "b").path("listeners").path(0)))
                .anyMatch(text -> text.startsWith("Conflicted=True ProtocolConflict"));
        assertThat(conditions(status(yaml, "ListenerSet", "b")).getFirst())
                .isEqualTo(
                        "Accepted=False ListenersNotValid: None of the ListenerSet's listeners are"
                                + " valid");
    }

    @Test
    @DisplayName("a ListenerSet of a namespace that the Gateway does not admit is refused")
    void notAdmitted() {
        String yaml =
                listenerSet("far", "{name: x, port: 80, protocol: HTTP}")
                        .replace("namespace: apps", "namespace: other")
                        .replace("name: gw", "name: gw, namespace: apps");
        assertThat(conditions(status(yaml, "ListenerSet", "far")))
                .containsExactly(
                        "Accepted=False NotAllowed: The parent Gateway does not allow this"
                                + " reference; check the 'spec.allowedRoutes'",
                        "Programmed=False NotAllowed: The parent Gateway does not allow this"
                                + " reference; check the 'spec.allowedRoutes'");
    }

    @Test
    @DisplayName("a BackendTLSPolicy becomes a DestinationRule, by port where it names one")
    void backendTls() {
        String yaml =
                policy(
                        "p",
                        "{group: '', kind: Service, name: alpha, sectionName: https}",
                        "caCertificateRefs: [{group: '', kind: ConfigMap, name: ca}]");
        KubeObject rule =
                new GatewayApi()
                        .convert(snapshot(yaml), MeshConfig.DEFAULT)
                        .destinationRules()
                        .getFirst();
        assertThat(rule.spec().text("host")).isEqualTo("alpha.apps.svc.cluster.local");
        assertThat(rule.spec().at("trafficPolicy").node().toString())
                .isEqualTo(
                        "{\"portLevelSettings\":[{\"port\":{\"number\":443},\"tls\":{\"mode\":"
                                + "\"SIMPLE\",\"sni\":\"alpha.example.com\",\"credentialName\":"
                                + "\"configmap://apps/ca\"}}]}");
        assertThat(conditions(status(yaml, "BackendTLSPolicy", "p").path("ancestors").path(0)))
                .containsExactly(
                        "Accepted=True Accepted: Configuration is valid",
                        "ResolvedRefs=True ResolvedRefs: Configuration is valid");
    }

    @Test
    @DisplayName("a BackendTLSPolicy says what is wrong with targets and authorities")
    void backendTlsErrors() {
        String service = "{group: '', kind: Service, name: %s}";
        String none = "wellKnownCACertificates: System";
        assertThat(first(policy("p", service.formatted("beta"), none)))
                .isEqualTo(
                        "Accepted=False TargetNotFound: targetRefs invalid: reference apps/beta (of"
                                + " kind Service) not found");
        assertThat(
                        first(
                                policy(
                                        "p",
                                        service.formatted("alpha"),
                                        "caCertificateRefs: [{group: '', kind: ConfigMap, name:"
                                                + " empty}]")))
                .isEqualTo(
                        "Accepted=False NoValidCACertificate: Certificate reference invalid: found"
                                + " secret, but didn't have expected keys cacert or ca.crt; found:"
                                + " x");
        assertThat(
                        first(
                                policy("a", service.formatted("alpha"), none)
                                        + policy("p", service.formatted("alpha"), none)))
                .isEqualTo(
                        "Accepted=False Conflicted: Conflicts with BackendTLSPolicy \"a\" targeting"
                                + " the same backend");
    }

    private static String first(String yaml) {
        return conditions(status(yaml, "BackendTLSPolicy", "p").path("ancestors").path(0))
                .getFirst();
    }

    @Test
    @DisplayName("routes for Services get a status too")
    void meshRoutes() {
        String yaml =
                """
                {apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute,
                 metadata: {name: r, namespace: apps},
                 spec: {parentRefs: [{group: '', kind: Service, name: nothing}],
                  rules: [{backendRefs: [{name: alpha, port: 80}]}]}}
                """;
        assertThat(conditions(status(yaml, "HTTPRoute", "r").path("parents").path(0)))
                .containsExactly(
                        "Accepted=False NoMatchingParent: parent service: \"nothing\" not found",
                        "ResolvedRefs=True ResolvedRefs: All references resolved");
    }

    @Test
    @DisplayName("an HTTPRoute and a GRPCRoute of one host share a VirtualService")
    void sharedHost() {
        String yaml =
                """
                {apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute,
                 metadata: {name: h, namespace: apps},
                 spec: {parentRefs: [{name: gw}], hostnames: [a.example.com],
                  rules: [{matches: [{path: {type: PathPrefix, value: /api}}],
                   backendRefs: [{name: alpha, port: 80}]}]}}
                ---
                {apiVersion: gateway.networking.k8s.io/v1, kind: GRPCRoute,
                 metadata: {name: g, namespace: apps},
                 spec: {parentRefs: [{name: gw}], hostnames: [a.example.com],
                  rules: [{matches: [{method: {service: s, method: m}}],
                   backendRefs: [{name: alpha, port: 80}]}]}}
                """;
        List<KubeObject> written =
                new GatewayApi().convert(snapshot(yaml), MeshConfig.DEFAULT).virtualServices();
        assertThat(written).hasSize(1);
        assertThat(written.getFirst().spec().list("http"))
                .extracting(rule -> rule.text("name"))
                .containsExactly("apps.g.0", "apps.h.0");
    }

    @Test
    @DisplayName("what a change does not touch stays the same object")
    void incremental() {
        String route =
                """
                {apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute,
                 metadata: {name: %s, namespace: apps},
                 spec: {parentRefs: [{name: gw}], hostnames: [a.example.com, %s.example.com],
                  rules: [{backendRefs: [{name: alpha, port: 80}]}]}}
                ---
                """;
        String gateways =
                listenerSet("open", "{name: x, port: 81, protocol: HTTP}")
                        + route.formatted("one", "one")
                                .replace("name: gw", "kind: ListenerSet, name: open")
                        + route.formatted("two", "two");
        String kind = "httproutes.gateway.networking.k8s.io";
        MeshSnapshot first = snapshot(gateways);
        GatewayApi converter = new GatewayApi();
        List<KubeObject> before = converter.convert(first, MeshConfig.DEFAULT).virtualServices();
        Map<String, ObjectSet> sets = new HashMap<>(first.kinds());
        sets.put(kind, first.all(kind).next(List.of(first.all(kind).byKey().getFirst().raw())));
        List<KubeObject> after =
                converter
                        .convert(new MeshSnapshot("2", sets), MeshConfig.DEFAULT)
                        .virtualServices();
        assertThat(before).hasSize(4);
        assertThat(after).hasSize(2).isSubsetOf(before);
    }
}
