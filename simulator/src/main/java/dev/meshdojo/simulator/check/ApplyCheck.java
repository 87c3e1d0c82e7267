package dev.meshdojo.simulator.check;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.analysis.Analysis;
import dev.meshdojo.simulator.analysis.Level;
import dev.meshdojo.simulator.analysis.Message;
import dev.meshdojo.simulator.analysis.MessageType;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks objects as a cluster with Istio would on {@code kubectl apply}, and then all of them
 * together as {@code istioctl analyze} does.
 */
public final class ApplyCheck {

    private static final Pattern UNKNOWN_FIELD =
            Pattern.compile("(?:unknown|duplicate) field \"([^\"]+)\"");
    private static final Set<MessageType> VALIDATION =
            Set.of(
                    MessageType.SCHEMA_VALIDATION_ERROR,
                    MessageType.SCHEMA_WARNING,
                    MessageType.UNREACHABLE_RULE,
                    MessageType.INEFFECTIVE_MATCH);

    private ApplyCheck() {}

    /**
     * What there is to say, by file and line.
     *
     * @throws IOException when the in-process API server cannot be reached
     */
    public static List<Finding> check(List<SourceObject> objects)
            throws IOException, InterruptedException {
        List<Finding> findings = new ArrayList<>();
        try (CheckServer server = new CheckServer()) {
            prepare(objects, server);
            for (SourceObject object : objects) {
                judge(object, server, findings);
            }
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot trust the in-process API server: " + e.getMessage(), e);
        }
        analyze(objects, findings);
        findings.sort(
                Comparator.comparing(Finding::file)
                        .thenComparingInt(Finding::line)
                        .thenComparing(Finding::level)
                        .thenComparing(Finding::code));
        return List.copyOf(findings);
    }

    /** Namespaces and kinds may stand anywhere in the files, or be on the cluster already. */
    private static void prepare(List<SourceObject> objects, CheckServer server) {
        Set<String> namespaces = new HashSet<>();
        for (SourceObject object : objects) {
            namespaces.add(object.json().path("metadata").path("namespace").asText());
            if (object.json().path("kind").asText().equals("CustomResourceDefinition")) {
                server.define(object.json());
            }
        }
        namespaces.remove("");
        namespaces.forEach(server::namespace);
    }

    private static void judge(SourceObject object, CheckServer server, List<Finding> findings)
            throws IOException, InterruptedException {
        CheckServer.Answer answer = server.create(object.json());
        if (answer == null) {
            findings.add(
                    finding(
                            object,
                            Level.ERROR,
                            "invalid",
                            "kind",
                            unknownKind(object),
                            "apply the CustomResourceDefinition first, or mend apiVersion and"
                                    + " kind"));
            return;
        }
        for (String warning : answer.warnings()) {
            findings.add(
                    finding(
                            object,
                            Level.WARNING,
                            "warning",
                            Places.find(object, warning),
                            warning,
                            Remedies.of("warning")));
        }
        String message = answer.status().path("message").asText();
        switch (answer.code()) {
            case HttpStatus.CREATED, HttpStatus.CONFLICT -> {}
            case HttpStatus.INVALID -> invalid(object, answer.status(), findings);
            case HttpStatus.BAD_REQUEST -> {
                boolean denied = message.startsWith("admission webhook");
                String code = denied ? "denied" : "badRequest";
                Matcher field = UNKNOWN_FIELD.matcher(message);
                findings.add(
                        finding(
                                object,
                                Level.ERROR,
                                code,
                                !denied && field.find()
                                        ? field.group(1)
                                        : Places.find(object, message),
                                message,
                                Remedies.of(code)));
            }
            default ->
                    findings.add(
                            finding(
                                    object,
                                    Level.ERROR,
                                    "refused",
                                    "",
                                    message,
                                    Remedies.of("refused")));
        }
    }

    private static String unknownKind(SourceObject object) {
        JsonNode metadata = object.json().path("metadata");
        return "resource mapping not found for name: \""
                + metadata.path("name").asText()
                + "\" namespace: \""
                + metadata.path("namespace").asText()
                + "\" from \""
                + object.file()
                + "\": no matches for kind \""
                + object.json().path("kind").asText()
                + "\" in version \""
                + object.json().path("apiVersion").asText()
                + "\"";
    }

    /** One finding for each cause; the whole message when there are none. */
    private static void invalid(SourceObject object, JsonNode status, List<Finding> findings) {
        List<JsonNode> causes = new ArrayList<>();
        status.path("details").path("causes").forEach(causes::add);
        causes.removeIf(cause -> cause.path("message").asText().contains("were not checked"));
        if (causes.isEmpty()) {
            findings.add(
                    finding(
                            object,
                            Level.ERROR,
                            "invalid",
                            "",
                            status.path("message").asText(),
                            Remedies.of("invalid")));
        }
        for (JsonNode cause : causes) {
            String field = cause.path("field").asText();
            String path = field.equals("<nil>") ? "" : field;
            String message = cause.path("message").asText();
            findings.add(
                    finding(
                            object,
                            Level.ERROR,
                            "invalid",
                            path.isEmpty() ? Places.find(object, message) : path,
                            field + ": " + message,
                            Remedies.of(cause.path("reason").asText())));
        }
    }

    private static void analyze(List<SourceObject> objects, List<Finding> findings) {
        Map<String, SourceObject> byOrigin = new HashMap<>();
        for (SourceObject object : objects) {
            byOrigin.put(key(object.json()), object);
        }
        OfflineScope scope = new OfflineScope(objects.stream().map(SourceObject::json).toList());
        for (Message message : new Analysis(Clock.systemUTC()).analyze(scope.objects())) {
            SourceObject object = byOrigin.get(key(message.subject().json()));
            if (object == null || VALIDATION.contains(message.type()) || !scope.canTell(message)) {
                continue;
            }
            findings.add(
                    finding(
                            object,
                            message.type().level(),
                            message.code(),
                            Places.find(object, message.text()),
                            message.text(),
                            Remedies.of(message.code())));
        }
    }

    private static String key(JsonNode json) {
        String namespace = json.path("metadata").path("namespace").asText();
        return json.path("apiVersion").asText().replaceFirst("/.*", "")
                + "|"
                + json.path("kind").asText()
                + "|"
                + (namespace.isEmpty() ? "default" : namespace)
                + "|"
                + json.path("metadata").path("name").asText();
    }

    private static Finding finding(
            SourceObject object,
            Level level,
            String code,
            String path,
            String message,
            String remedy) {
        return new Finding(
                level,
                code,
                object.file(),
                object.line(path),
                path,
                object.origin(),
                message,
                remedy);
    }
}
