package dev.meshdojo.simulator.conformance;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ApiServer;
import dev.meshdojo.simulator.pilot.model.JsonView;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Writes objects over HTTPS, as kubectl does, so that refusals and warnings are what it sees. */
final class ApiClient implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern WARNING = Pattern.compile("299 \\S+ \"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final int CONFLICT = 409;

    private final HttpClient http;
    private final URI base;
    private final String token;

    ApiClient(ApiServer server) throws GeneralSecurityException, IOException {
        this.base = server.address();
        this.token = server.token();
        this.http = HttpClient.newBuilder().sslContext(trusting(server.authorityPem())).build();
    }

    /**
     * Creates an object, or merges it into the one that is there.
     *
     * @param collection the path of its collection
     */
    ConformanceTarget.Applied apply(String collection, ObjectNode object)
            throws IOException, InterruptedException {
        String query = "?fieldManager=kubectl-client-side-apply&fieldValidation=Strict";
        HttpResponse<String> said =
                send("POST", collection + query, "application/json", object.toString());
        if (said.statusCode() == CONFLICT) {
            String name = object.path("metadata").path("name").asText();
            said =
                    send(
                            "PATCH",
                            collection + "/" + name + query,
                            "application/merge-patch+json",
                            object.toString());
        }
        List<String> warnings = new ArrayList<>();
        for (String header : said.headers().allValues("warning")) {
            Matcher matcher = WARNING.matcher(header);
            while (matcher.find()) {
                warnings.add(matcher.group(1).replaceAll("\\\\(.)", "$1"));
            }
        }
        String error =
                said.statusCode() < 300
                        ? ""
                        : JsonView.of(JSON.readTree(said.body())).text("message");
        return new ConformanceTarget.Applied(error, warnings);
    }

    /** Hands over each line of a pod's log, past ones first, until the pod or this client ends. */
    void follow(String namespace, String pod, Consumer<String> lines) {
        http.sendAsync(
                HttpRequest.newBuilder(
                                base.resolve(
                                        "/api/v1/namespaces/"
                                                + namespace
                                                + "/pods/"
                                                + pod
                                                + "/log?follow=true"))
                        .header("Authorization", "Bearer " + token)
                        .build(),
                BodyHandlers.fromLineSubscriber(new Lines(lines)));
    }

    private static final class Lines implements Flow.Subscriber<String> {
        private final Consumer<String> lines;

        Lines(Consumer<String> lines) {
            this.lines = lines;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String line) {
            lines.accept(line);
        }

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onComplete() {}
    }

    private HttpResponse<String> send(String method, String path, String type, String body)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(base.resolve(path))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", type)
                        .method(method, BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private static SSLContext trusting(String pem) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        int count = 0;
        for (Certificate authority :
                CertificateFactory.getInstance("X.509")
                        .generateCertificates(
                                new ByteArrayInputStream(
                                        pem.getBytes(StandardCharsets.US_ASCII)))) {
            store.setCertificateEntry("ca" + count++, authority);
        }
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
