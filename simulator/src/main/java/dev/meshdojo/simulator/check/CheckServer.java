package dev.meshdojo.simulator.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.admission.IstioValidationPlugin;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.ApiServer;
import dev.meshdojo.simulator.apiserver.ApiServerOptions;
import dev.meshdojo.simulator.apiserver.ResourceDefinition;
import dev.meshdojo.simulator.apiserver.policy.PolicyAdmission;
import dev.meshdojo.simulator.apiserver.schema.CustomDefinition;
import dev.meshdojo.simulator.apiserver.schema.CustomResources;
import dev.meshdojo.simulator.apiserver.schema.Preinstalled;
import dev.meshdojo.simulator.apiserver.surface.KubernetesSurface;
import dev.meshdojo.simulator.shell.command.kubectl.rest.TrustMaterial;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An API server with Istio's and the Gateway API's kinds and istiod's validation, and nothing that
 * acts on objects. Objects are judged by strict creates that are not carried out; only namespaces
 * and definitions of kinds stay, since others need them.
 */
final class CheckServer implements AutoCloseable {

    /**
     * An answer.
     *
     * @param code the HTTP status; 201 when the object would have been created
     * @param status the Status object of a refusal, else the object
     * @param warnings in order
     */
    record Answer(int code, JsonNode status, List<String> warnings) {
        Answer {
            warnings = List.copyOf(warnings);
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern WARNING = Pattern.compile("299 \\S+ \"((?:[^\"\\\\]|\\\\.)*)\"");

    private final ApiServer server;
    private final HttpClient http;

    CheckServer() throws IOException, GeneralSecurityException {
        List<CustomDefinition> kinds = new ArrayList<>(Preinstalled.istio());
        kinds.addAll(Preinstalled.gatewayApi());
        server =
                ApiServer.start(
                        ApiServerOptions.defaults()
                                .with(new KubernetesSurface(Clock.systemUTC(), "127.0.0.1:6443"))
                                .with(new CustomResources(kinds, Clock.systemUTC()))
                                .with(new PolicyAdmission(Preinstalled.gatewayApiPolicies()))
                                .with(
                                        points ->
                                                points.admission(
                                                        new IstioValidationPlugin(() -> true))));
        http =
                HttpClient.newBuilder()
                        .sslContext(
                                TrustMaterial.context(
                                        server.authorityPem().getBytes(StandardCharsets.US_ASCII),
                                        null,
                                        null,
                                        false))
                        .build();
    }

    /** Makes sure that a namespace is there. */
    void namespace(String name) {
        ObjectNode namespace = JSON.createObjectNode();
        namespace.put("apiVersion", "v1").put("kind", "Namespace");
        namespace.putObject("metadata").put("name", name);
        try {
            server.api().create(namespace);
        } catch (ApiException e) {
            if (e.code() != HttpStatus.CONFLICT && e.code() != HttpStatus.INVALID) {
                throw e;
            }
        }
    }

    /** Serves a kind that one of the files defines. */
    void define(ObjectNode definition) {
        server.registry().add(List.of(CustomDefinition.of(definition).resource()));
    }

    /** What a strict create says; null when no kind of that name and version is served. */
    @Nullable Answer create(ObjectNode object) throws IOException, InterruptedException {
        String apiVersion = object.path("apiVersion").asText();
        int slash = apiVersion.indexOf('/');
        String group = slash < 0 ? "" : apiVersion.substring(0, slash);
        ResourceDefinition kind = server.registry().findKind(group, object.path("kind").asText());
        if (kind == null || kind.version(apiVersion.substring(slash + 1)) == null) {
            return null;
        }
        String namespace = object.path("metadata").path("namespace").asText("");
        String path =
                (slash < 0 ? "/api/" : "/apis/")
                        + apiVersion
                        + (kind.namespaced()
                                ? "/namespaces/" + (namespace.isEmpty() ? "default" : namespace)
                                : "")
                        + "/"
                        + kind.plural()
                        + "?fieldValidation=Strict&dryRun=All";
        HttpResponse<String> response =
                http.send(
                        HttpRequest.newBuilder(server.address().resolve(URI.create(path)))
                                .header("Authorization", "Bearer " + server.token())
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(object.toString()))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        List<String> warnings = new ArrayList<>();
        for (String header : response.headers().allValues("warning")) {
            Matcher matcher = WARNING.matcher(header);
            while (matcher.find()) {
                warnings.add(matcher.group(1).replaceAll("\\\\(.)", "$1"));
            }
        }
        return new Answer(response.statusCode(), JSON.readTree(response.body()), warnings);
    }

    @Override
    public void close() {
        http.close();
        server.close();
    }
}
