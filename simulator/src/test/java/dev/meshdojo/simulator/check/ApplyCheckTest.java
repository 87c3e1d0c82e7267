package dev.meshdojo.simulator.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApplyCheckTest {

    @TempDir private Path folder;

    private static Sources stdin(String text) throws IOException {
        Sources sources = new Sources();
        sources.read("-", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        return sources;
    }

    private static List<String> check(Sources sources) throws IOException, InterruptedException {
        List<Finding> findings = new ArrayList<>(sources.findings());
        findings.addAll(ApplyCheck.check(sources.objects()));
        return findings.stream()
                .map(
                        finding ->
                                finding.line()
                                        + " "
                                        + finding.level().word()
                                        + " "
                                        + finding.code()
                                        + " "
                                        + finding.path()
                                        + " | "
                                        + finding.message())
                .toList();
    }

    @Test
    void tellsTheLineOfEveryVerdict() throws IOException, InterruptedException {
        assertThat(
                        check(
                                stdin(
                                        """
                                        apiVersion: networking.istio.io/v1
                                        kind: VirtualService
                                        metadata: {name: schema, namespace: shop}
                                        spec:
                                          hosts: [a.example.test]
                                          http:
                                          - timeout: 0.1ms
                                            redirect: {}
                                        ---
                                        apiVersion: networking.istio.io/v1
                                        kind: VirtualService
                                        metadata: {name: unknown, namespace: shop}
                                        spec:
                                          hosts: [b.example.test]
                                          bogus: 1
                                        ---
                                        apiVersion: networking.istio.io/v1
                                        kind: VirtualService
                                        metadata: {name: denied, namespace: shop}
                                        spec:
                                          hosts:
                                          - c.example.test
                                          - c.example.test
                                          http: [{redirect: {uri: /}}]
                                        """)))
                .contains(
                        "7 Error invalid spec.http[0].timeout | spec.http[0].timeout: Invalid value:"
                                + " \"0.1ms\": must be a valid duration greater than 1ms",
                        "15 Error badRequest spec.bogus | VirtualService in version \"v1\" cannot be"
                                + " handled as a VirtualService: strict decoding error: unknown"
                                + " field \"spec.bogus\"",
                        "22 Error denied spec.hosts[0] | admission webhook"
                                + " \"rev.validation.istio.io\" denied the request: configuration"
                                + " is invalid: duplicate hosts in virtual service: c.example.test &"
                                + " c.example.test");
    }

    @Test
    void wordsBadYamlAsKubectlDoes() throws IOException, InterruptedException {
        assertThat(
                        check(
                                stdin(
                                        """
                                        apiVersion: v1
                                        kind: ConfigMap
                                        metadata: {name: fine}
                                        data: {a: '1', a: '2'}
                                        ---
                                        apiVersion: v1
                                        kind: [ConfigMap
                                        ---
                                        just words
                                        ---
                                        kind: ConfigMap
                                        """)))
                .containsExactly(
                        "4 Warning syntax data.a | key \"a\" is set twice in one mapping",
                        "7 Error syntax  | error parsing -: error converting YAML to JSON: yaml: line"
                                + " 2: did not find expected ',' or ']'",
                        "9 Error syntax  | error validating \"-\": error validating data: invalid"
                                + " object to validate; if you choose to ignore these errors, turn"
                                + " validation off with --validate=false",
                        "11 Error syntax  | error validating \"-\": error validating data: apiVersion"
                                + " not set; if you choose to ignore these errors, turn validation"
                                + " off with --validate=false");
    }

    @Test
    void readsListsFoldersAndKindsThatTheFilesDefine() throws IOException, InterruptedException {
        Files.writeString(
                folder.resolve("a-list.yaml"),
                """
                apiVersion: v1
                kind: List
                items:
                - apiVersion: example.test/v1
                  kind: Lamp
                  metadata: {name: desk}
                  spec: {watts: many}
                - apiVersion: example.test/v1
                  kind: Chair
                  metadata: {name: one}
                """);
        Files.writeString(
                folder.resolve("b-kind.json"),
                """
                {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
                 "metadata": {"name": "lamps.example.test"},
                 "spec": {"group": "example.test", "scope": "Namespaced",
                  "names": {"kind": "Lamp", "plural": "lamps", "singular": "lamp",
                   "listKind": "LampList"},
                  "versions": [{"name": "v1", "served": true, "storage": true, "schema":
                   {"openAPIV3Schema": {"type": "object", "properties": {"spec":
                    {"type": "object", "properties": {"watts": {"type": "integer"}}}}}}}]}}
                """);
        Sources sources = new Sources();
        sources.read(folder.toString(), new ByteArrayInputStream(new byte[0]));
        assertThat(check(sources))
                .containsExactly(
                        "7 Error invalid spec.watts | spec.watts: Invalid value: \"string\":"
                                + " spec.watts in body must be of type integer: \"string\"",
                        "9 Error invalid kind | resource mapping not found for name: \"one\""
                                + " namespace: \"\" from \""
                                + folder.resolve("a-list.yaml")
                                + "\": no matches for kind \"Chair\" in version"
                                + " \"example.test/v1\"");
    }

    @Test
    void saysWhatIsMissingOnlyWhenTheFilesCanTell() throws IOException, InterruptedException {
        String route =
                """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: web, namespace: shop}
                spec:
                  hosts: [web.example.test]
                  http:
                  - route: [{destination: {host: cart}}]
                """;
        String service =
                """
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: other, namespace: shop}
                spec: {ports: [{name: http, port: 80}]}
                """;
        assertThat(check(stdin(route))).isEmpty();
        assertThat(check(stdin(route + service)))
                .containsExactly(
                        "7 Error IST0101 spec.http[0].route[0].destination.host | Referenced host not"
                                + " found: \"cart\"");
    }

    @Test
    void namesTheFileThatIsNotThere() {
        assertThatThrownBy(
                        () ->
                                new Sources()
                                        .read(
                                                folder.resolve("none.yaml").toString(),
                                                new ByteArrayInputStream(new byte[0])))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("none.yaml\" does not exist");
    }
}
