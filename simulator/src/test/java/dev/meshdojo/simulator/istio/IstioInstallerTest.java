package dev.meshdojo.simulator.istio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.controller.TestCluster;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IstioInstallerTest {

    private TestCluster cluster;
    private IstioInstaller installer;
    private final List<String> lines = new ArrayList<>();
    private final InstallProgress progress =
            new InstallProgress() {
                @Override
                public void status(String text) {}

                @Override
                public void line(String text) {
                    lines.add(text);
                }
            };

    @BeforeEach
    void start() {
        cluster = TestCluster.with(new IstioPresence());
        installer =
                new IstioInstaller(
                        new ApiInstallTarget(cluster.api()), IstioRelease.CURRENT, List.of());
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private ObjectNode get(String group, String plural, String namespace, String name) {
        return cluster.api().get(new ResourceKey(group, plural, namespace, name));
    }

    private static InstallOptions file(String yaml) {
        return new InstallOptions(
                List.of(yaml), List.of(), "", false, false, Duration.ofSeconds(20));
    }

    @Test
    void demoInstallsBothGatewaysAndTellsSoInOrder() throws Exception {
        installer.install(InstallOptions.profile("demo"), progress);
        assertThat(lines)
                .containsExactly(
                        "✔ Istio core installed ⛵️",
                        "✔ Istiod installed 🧠",
                        "✔ Egress gateways installed 🛫",
                        "✔ Ingress gateways installed 🛬",
                        "✔ Installation complete");
        ObjectNode service = get("", "services", "istio-system", "istio-ingressgateway");
        assertThat(Fields.objects(service, "spec", "ports"))
                .extracting(port -> Fields.text(port, "name") + ":" + Fields.number(port, "port"))
                .containsExactly(
                        "status-port:15021", "http2:80", "https:443", "tcp:31400", "tls:15443");
        assertThat(Fields.strings(service, "spec", "selector"))
                .containsEntry("app", "istio-ingressgateway")
                .containsEntry("istio", "ingressgateway");
        ObjectNode deployment = get("apps", "deployments", "istio-system", "istio-ingressgateway");
        assertThat(deployment.at("/spec/template/spec/containers/0/image").asText())
                .isEqualTo("docker.io/istio/proxyv2:" + IstioRelease.CURRENT.version());
        assertThat(deployment.at("/spec/template/metadata/labels/chart").asText())
                .isEqualTo("gateways");
    }

    @Test
    void aFileReplacesTheGatewayListAndItsNamespaceIsMade() throws Exception {
        installer.install(InstallOptions.profile("minimal"), progress);
        installer.install(
                file(
                        """
                        apiVersion: install.istio.io/v1alpha1
                        kind: IstioOperator
                        spec:
                          profile: minimal
                          components:
                            ingressGateways:
                            - name: istio-ingressgateway
                              namespace: istio-ingress
                              enabled: true
                              label: {istio: custom}
                              k8s:
                                service:
                                  ports:
                                  - {name: http2, port: 80, targetPort: 8080}
                                env:
                                - {name: EXTRA, value: "1"}
                                overlays:
                                - kind: Deployment
                                  name: istio-ingressgateway
                                  patches:
                                  - path: spec.template.spec.containers.[name:istio-proxy].lifecycle
                                    value: {preStop: {exec: {command: [sleep, "5"]}}}
                        """),
                progress);
        ObjectNode service = get("", "services", "istio-ingress", "istio-ingressgateway");
        assertThat(Fields.objects(service, "spec", "ports")).hasSize(1);
        assertThat(Fields.text(service, "spec", "selector", "istio")).isEqualTo("custom");
        ObjectNode deployment = get("apps", "deployments", "istio-ingress", "istio-ingressgateway");
        assertThat(
                        deployment
                                .at(
                                        "/spec/template/spec/containers/0/lifecycle/preStop/exec/command/0")
                                .asText())
                .isEqualTo("sleep");
        assertThat(Fields.objects(deployment.at("/spec/template/spec/containers/0"), "env"))
                .anyMatch(env -> Fields.text(env, "name").equals("EXTRA"));
        assertThat(get("", "namespaces", "", "istio-ingress")).isNotNull();
    }

    @Test
    void whatTheInputNoLongerAsksForIsPruned() throws Exception {
        installer.install(InstallOptions.profile("demo"), progress);
        installer.install(InstallOptions.profile("minimal"), progress);
        assertThat(
                        cluster.api()
                                .find(
                                        new ResourceKey(
                                                "apps",
                                                "deployments",
                                                "istio-system",
                                                "istio-ingressgateway")))
                .isNull();
        assertThat(get("apps", "deployments", "istio-system", "istiod")).isNotNull();
        installer.uninstall("", true, progress);
        assertThat(lines.getLast()).isEqualTo("✔ Uninstall complete");
        assertThat(cluster.api().list("apps", "deployments", "istio-system", "").items()).isEmpty();
    }

    @Test
    void wrongInputIsRefusedBeforeAnythingChanges() {
        assertThatThrownBy(() -> installer.install(InstallOptions.profile("nope"), progress))
                .isInstanceOf(InstallException.class)
                .hasMessageContaining("unknown profile \"nope\"");
        assertThatThrownBy(
                        () ->
                                installer.install(
                                        file("spec: {components: {ingressGateway: []}}"), progress))
                .hasMessageContaining("unknown field \"ingressGateway\"");
        assertThat(cluster.api().find(new ResourceKey("", "namespaces", "", "istio-system")))
                .isNull();
    }

    @Test
    void podsInLabelledNamespacesGetASidecar() throws Exception {
        String pod =
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, namespace: mesh, labels: {app: web, version: v2%s}}
                spec: {containers: [{name: web, image: "nginx:1.27"}]}
                """;
        cluster.create(
                "{apiVersion: v1, kind: Namespace, metadata: {name: mesh, labels: {istio-injection: enabled}}}");
        ObjectNode before = cluster.create(pod.formatted("before", ""));
        installer.install(InstallOptions.profile("minimal"), progress);
        ObjectNode injected = cluster.create(pod.formatted("injected", ""));
        ObjectNode optedOut =
                cluster.create(pod.formatted("out", ", sidecar.istio.io/inject: \"false\""));
        assertThat(names(before)).containsExactly("web");
        assertThat(names(injected)).containsExactly("web", "istio-proxy");
        assertThat(names(optedOut)).containsExactly("web");
        assertThat(injected.at("/spec/initContainers/0/name").asText()).isEqualTo("istio-init");
        assertThat(Meta.labels(injected))
                .containsEntry("service.istio.io/canonical-name", "web")
                .containsEntry("service.istio.io/canonical-revision", "v2")
                .containsEntry("security.istio.io/tlsMode", "istio");
        ObjectNode gateway =
                cluster.create(
                        """
                        apiVersion: v1
                        kind: Pod
                        metadata:
                          name: gateway
                          namespace: default
                          labels: {sidecar.istio.io/inject: "true", istio: gateway}
                          annotations: {inject.istio.io/templates: gateway}
                        spec: {containers: [{name: istio-proxy, image: auto}]}
                        """);
        assertThat(gateway.at("/spec/containers/0/image").asText()).contains("/proxyv2:");
        assertThat(gateway.at("/spec/containers/0/args/1").asText()).isEqualTo("router");
        assertThat(gateway.at("/spec/securityContext/sysctls/0/name").asText())
                .isEqualTo("net.ipv4.ip_unprivileged_port_start");
    }

    private static List<String> names(ObjectNode pod) {
        return Fields.objects(pod, "spec", "containers").stream()
                .map(container -> Fields.text(container, "name"))
                .toList();
    }
}
