package dev.meshdojo.simulator.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One thing a scenario does or a lab checks, as read from its file. Immutable. */
public sealed interface Operation {

    /** One line that says what it does, for reports. */
    String summary();

    /** Applies manifests as {@code kubectl apply -f} does. */
    record Apply(List<String> files, Optional<String> namespace) implements Operation {
        public Apply {
            files = List.copyOf(files);
        }

        @Override
        public String summary() {
            return "apply " + String.join(" ", files);
        }
    }

    /** Deletes what manifests name. */
    record Delete(List<String> files, Optional<String> namespace) implements Operation {
        public Delete {
            files = List.copyOf(files);
        }

        @Override
        public String summary() {
            return "delete " + String.join(" ", files);
        }
    }

    /**
     * Runs a lab-shell script.
     *
     * @param script what to run
     * @param exit the exit code wanted
     */
    record Run(String script, int exit, TextExpectation stdout, TextExpectation stderr)
            implements Operation {
        @Override
        public String summary() {
            return "run " + script.strip();
        }
    }

    /** Sends one HTTP request. */
    record Request(RequestTarget target, HttpRequestSpec request, ResponseExpectation expect)
            implements Operation {
        @Override
        public String summary() {
            return "request " + request.method() + " " + target.describe(request.path());
        }
    }

    /**
     * Compares an object of the cluster with a partial one.
     *
     * @param resource what must be found in it; {@code apiVersion}, {@code kind} and {@code
     *     metadata.name} select it
     */
    record AssertObject(JsonNode resource) implements Operation {
        @Override
        public String summary() {
            return "assert "
                    + resource.path("kind").asText()
                    + " "
                    + resource.path("metadata").path("name").asText();
        }
    }

    /** Where a request goes. */
    sealed interface RequestTarget {

        /** How a report names it. */
        String describe(String path);

        /** A URL, after the lab shell's variables in it were replaced. */
        record Url(String url) implements RequestTarget {
            @Override
            public String describe(String path) {
                return url;
            }
        }

        /** A gateway's Service, reached inside the cluster. */
        record GatewayService(String namespace, String name, int port) implements RequestTarget {
            @Override
            public String describe(String path) {
                return namespace + "/" + name + ":" + port + path;
            }
        }
    }

    /** The request's own parts. Header names are sent as written. */
    record HttpRequestSpec(
            String method,
            String path,
            Optional<String> host,
            Map<String, String> headers,
            String body) {
        public HttpRequestSpec {
            headers = Map.copyOf(headers);
        }
    }

    /** What became of a request at the transport. */
    enum Outcome {
        RESPONSE,
        REFUSED,
        CLOSED
    }

    /**
     * What must come back.
     *
     * @param outcome a response, unless the connection shall fail
     * @param headers exact values by lower-case name
     * @param json values by JSON path, compared as text
     */
    record ResponseExpectation(
            Outcome outcome,
            Optional<Integer> status,
            Map<String, String> headers,
            TextExpectation body,
            Map<String, String> json) {
        public ResponseExpectation {
            headers = Map.copyOf(headers);
            json = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(json));
        }
    }
}
