package dev.meshdojo.simulator.apiserver.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.meshdojo.simulator.apiserver.FieldError;
import dev.meshdojo.simulator.apiserver.ResourceDefinition;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PreinstalledTest {

    private static final YAMLMapper YAML = new YAMLMapper();

    static Stream<Arguments> versions() {
        return Stream.concat(Preinstalled.istio().stream(), Preinstalled.gatewayApi().stream())
                .flatMap(
                        definition ->
                                YAML
                                        .<List<JsonNode>>convertValue(
                                                definition.object().at("/spec/versions"),
                                                YAML.getTypeFactory()
                                                        .constructCollectionType(
                                                                List.class, JsonNode.class))
                                        .stream()
                                        .map(
                                                version ->
                                                        Arguments.of(
                                                                definition.resource().kind(),
                                                                version.path("name").asText(),
                                                                version.at(
                                                                        "/schema/openAPIV3Schema"))));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("versions")
    void every_pattern_and_rule_compiles(String kind, String version, JsonNode source) {
        Schema schema = SchemaCompiler.compile(source);
        assertThat(schema.properties()).as("%s %s", kind, version).containsKey("spec");
        compileRules(schema);
    }

    private static void compileRules(Schema schema) {
        for (CelRule rule : schema.extensions().rules()) {
            assertThatCode(() -> CelPrograms.program(rule.rule()))
                    .as(rule.rule())
                    .doesNotThrowAnyException();
        }
        schema.properties().values().forEach(PreinstalledTest::compileRules);
        if (schema.additional() != null) {
            compileRules(schema.additional());
        }
        if (schema.items() != null) {
            compileRules(schema.items());
        }
    }

    static Stream<Arguments> objects() {
        return Stream.of(
                Arguments.of("HTTPRoute", "spec: {}", List.of()),
                Arguments.of(
                        "HTTPRoute",
                        """
                        spec:
                          parentRefs: [{name: a}, {name: a, namespace: other}]
                          rules:
                          - backendRefs: [{name: web, port: 80}]
                            filters:
                            - {type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /v2}}}
                            timeouts: {request: 2s, backendRequest: 500ms}
                        """,
                        List.of()),
                Arguments.of(
                        "HTTPRoute",
                        """
                        spec:
                          rules:
                          - filters: [{type: RequestRedirect, requestRedirect: {statusCode: 307}}]
                          - filters: [{type: RequestRedirect, requestRedirect: {port: 8443}}]
                        """,
                        List.of()),
                Arguments.of(
                        "HTTPRoute",
                        """
                        spec:
                          parentRefs: [{name: a, namespace: b}, {name: a, namespace: b}]
                        """,
                        List.of(
                                "spec.parentRefs: Invalid value: sectionName or port must be unique"
                                        + " when parentRefs includes 2 or more references to the"
                                        + " same parent")),
                Arguments.of(
                        "HTTPRoute",
                        """
                        spec:
                          parentRefs: [{name: a, sectionName: x}, {name: a}]
                        """,
                        List.of(
                                "spec.parentRefs: Invalid value: sectionName or port must be"
                                        + " specified when parentRefs includes 2 or more"
                                        + " references to the same parent")),
                Arguments.of(
                        "HTTPRoute",
                        """
                        spec:
                          rules:
                          - name: one
                            matches: [{path: {value: no-slash}}]
                            timeouts: {request: 1s, backendRequest: 2s}
                            filters: [{type: CORS}]
                          - name: one
                            backendRefs: [{name: web}]
                        """,
                        List.of(
                                "spec.rules: Invalid value: Rule name must be unique within the"
                                        + " route",
                                "spec.rules[0].matches[0].path: Invalid value: value must be an"
                                        + " absolute path and start with '/' when type one of"
                                        + " ['Exact', 'PathPrefix']",
                                "spec.rules[0].timeouts: Invalid value: backendRequest timeout"
                                        + " cannot be longer than request timeout",
                                "spec.rules[0].filters[0]: Invalid value: filter.cors must be"
                                        + " specified for CORS filter.type",
                                "spec.rules[1].backendRefs[0]: Invalid value: Must have port for"
                                        + " Service reference")),
                Arguments.of(
                        "HTTPRoute",
                        """
                        spec:
                          rules:
                          - filters:
                            - {type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: x, value: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa "}]}}
                        """,
                        List.of(
                                "spec.rules[0].filters[0].requestHeaderModifier.set[0].value:"
                                        + " Invalid value:"
                                        + " \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa \":"
                                        + " spec.rules[0].filters[0].requestHeaderModifier.set[0].value"
                                        + " in body should match '^[!-~]+([\\t ]?[!-~]+)*$'")),
                Arguments.of(
                        "Gateway",
                        """
                        spec:
                          gatewayClassName: istio
                          addresses: [{value: 10.0.0.1}, {type: Hostname, value: lb.example.com}]
                          infrastructure: {annotations: {example.com/a: b}}
                          listeners:
                          - {name: a, port: 80, protocol: HTTP}
                          - {name: b, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: c}]}}
                          - {name: c, port: 443, protocol: TLS, hostname: c.example.com, tls: {mode: Passthrough}}
                        """,
                        List.of()),
                Arguments.of(
                        "Gateway",
                        """
                        spec:
                          gatewayClassName: istio
                          listeners:
                          - {name: a, port: 80, protocol: HTTP, tls: {certificateRefs: [{name: c}]}}
                          - {name: b, port: 443, protocol: HTTPS, tls: {mode: Terminate}}
                        """,
                        List.of(
                                "spec.listeners: Invalid value: tls must not be specified for"
                                        + " protocols ['HTTP', 'TCP', 'UDP']",
                                "spec.listeners[1].tls: Invalid value: \"object\": no such key:"
                                        + " certificateRefs evaluating rule: certificateRefs or"
                                        + " options must be specified when mode is Terminate")),
                Arguments.of(
                        "Gateway",
                        """
                        spec:
                          gatewayClassName: istio
                          infrastructure: {labels: {-a: b}}
                          listeners: [{name: a, port: 80, protocol: HTTP}]
                        """,
                        List.of(
                                "spec.infrastructure.labels: Invalid value: Label keys must be in"
                                        + " the form of an optional DNS subdomain prefix followed"
                                        + " by a required name segment of up to 63 characters.")),
                Arguments.of(
                        "GRPCRoute",
                        """
                        spec:
                          rules: [{matches: [{method: {service: "a/b"}}]}]
                        """,
                        List.of(
                                "spec.rules[0].matches[0].method: Invalid value: service must only"
                                        + " contain valid characters (matching"
                                        + " ^(?i)\\.?[a-z_][a-z_0-9]*(\\.[a-z_][a-z_0-9]*)*$)")),
                Arguments.of(
                        "TLSRoute",
                        """
                        spec:
                          hostnames: [10.0.0.1, a.example.com, "*.example.com"]
                          rules: [{backendRefs: [{name: web, port: 443}]}]
                        """,
                        List.of("spec.hostnames: Invalid value: Hostnames cannot contain an IP")),
                Arguments.of(
                        "BackendTLSPolicy",
                        """
                        spec:
                          targetRefs: [{group: "", kind: Service, name: web}]
                          validation: {hostname: web.example.com}
                        """,
                        List.of(
                                "spec.validation: Invalid value: must specify either"
                                        + " CACertificateRefs or WellKnownCACertificates")));
    }

    @ParameterizedTest
    @MethodSource("objects")
    void gateway_api_objects_are_judged_in_the_api_servers_words(
            String kind, String object, List<String> messages) throws IOException {
        ResourceDefinition resource =
                Preinstalled.gatewayApi().stream()
                        .map(CustomDefinition::resource)
                        .filter(each -> each.kind().equals(kind))
                        .findFirst()
                        .orElseThrow();
        ObjectNode node = (ObjectNode) YAML.readTree(object);
        node.put("apiVersion", resource.group() + "/v1").put("kind", kind);
        node.putObject("metadata").put("name", "a");
        resource.strategy().applyDefaults(node, resource.type("v1"));
        assertThat(resource.strategy().validate(node))
                .extracting(FieldError::toString)
                .containsExactlyElementsOf(messages);
    }
}
