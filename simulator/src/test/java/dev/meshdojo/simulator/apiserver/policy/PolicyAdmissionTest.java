package dev.meshdojo.simulator.apiserver.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.ApiServer;
import dev.meshdojo.simulator.apiserver.ApiServerOptions;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PolicyAdmissionTest {

    private static final YAMLMapper YAML = new YAMLMapper();

    private ApiServer server;
    private ResourceApi api;

    @BeforeEach
    void start() {
        server = ApiServer.start(ApiServerOptions.defaults().with(new PolicyAdmission(List.of())));
        api = server.api("test");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void a_bound_policy_refuses_with_its_message_and_reason() throws IOException {
        policy(
                """
                variables: [{name: size, expression: object.data.size()}]
                validations:
                - {expression: variables.size < 2, messageExpression: "'has ' + string(variables.size) + ' keys'"}
                """,
                "Deny");
        create("few", "{a: '1'}");
        assertThatThrownBy(() -> create("many", "{a: '1', b: '2'}"))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(422);
                            assertThat(e.reason()).isEqualTo("Invalid");
                        })
                .hasMessage(
                        "configmaps \"many\" is forbidden: ValidatingAdmissionPolicy 'p' with"
                                + " binding 'b' denied request: has 2 keys");
    }

    @Test
    void conditions_and_actions_decide_whether_it_denies() throws IOException {
        policy(
                """
                matchConditions: [{name: not-free, expression: "!object.metadata.name.startsWith('free')"}]
                validations: [{expression: "false", reason: Forbidden}]
                """,
                "Deny");
        create("free", "{}");
        assertThatThrownBy(() -> create("other", "{}"))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo(403))
                .hasMessageEndingWith("denied request: failed expression: false");
    }

    @Test
    void a_failing_expression_denies() throws IOException {
        policy("validations: [{expression: object.data.missing == 'x'}]", "Deny");
        assertThatThrownBy(() -> create("a", "{k: v}"))
                .hasMessageEndingWith(
                        "denied request: expression 'object.data.missing == 'x'' resulted in error:"
                                + " no such key: missing");
    }

    @Test
    void a_policy_may_ignore_its_failures() throws IOException {
        policy(
                """
                failurePolicy: Ignore
                validations: [{expression: object.data.missing == 'x'}]
                """,
                "Deny");
        create("a", "{k: v}");
    }

    @Test
    void a_warning_lets_the_write_pass() throws IOException {
        policy("validations: [{expression: 'false'}]", "Warn");
        create("a", "{}");
    }

    private void policy(String spec, String action) throws IOException {
        ObjectNode policy =
                object("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy", "p");
        ObjectNode body = (ObjectNode) YAML.readTree(spec);
        body.set(
                "matchConstraints",
                YAML.readTree(
                        "resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: [CREATE],"
                                + " resources: [configmaps]}]"));
        policy.set("spec", body);
        api.create(policy);
        ObjectNode binding =
                object("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicyBinding", "b");
        binding.putObject("spec").put("policyName", "p").putArray("validationActions").add(action);
        api.create(binding);
    }

    private void create(String name, String data) throws IOException {
        ObjectNode map = object("v1", "ConfigMap", name);
        map.withObject("/metadata").put("namespace", "default");
        map.set("data", YAML.readTree(data));
        api.create(map);
    }

    private static ObjectNode object(String apiVersion, String kind, String name) {
        ObjectNode object = YAML.createObjectNode().put("apiVersion", apiVersion).put("kind", kind);
        object.putObject("metadata").put("name", name);
        return object;
    }
}
