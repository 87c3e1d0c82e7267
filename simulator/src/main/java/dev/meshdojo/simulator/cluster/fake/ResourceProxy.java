package dev.meshdojo.simulator.cluster.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ApiRequest;
import dev.meshdojo.simulator.apiserver.ApiResponse;
import dev.meshdojo.simulator.apiserver.HttpExtension;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.apiserver.Statuses;
import dev.meshdojo.simulator.apps.http.HttpApp;
import dev.meshdojo.simulator.apps.http.HttpClient;
import dev.meshdojo.simulator.apps.shell.TrustAll;
import dev.meshdojo.simulator.network.ClusterNetwork;
import java.io.IOException;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code pods/NAME/proxy} and {@code services/NAME/proxy}: sends HTTP requests on to pods and
 * rewrites absolute paths of the answer, as the API server does. Source: {@code ResourceLocation}
 * of both kinds and {@code k8s.io/apimachinery/pkg/util/proxy}. Upgrades are not passed on.
 */
final class ResourceProxy implements HttpExtension {

    private static final Pattern PATH =
            Pattern.compile("(/api/v1/namespaces/([^/]+)/(pods|services)/([^/]+)/proxy)(/.*)?");
    private static final Pattern LINK =
            Pattern.compile(
                    "(\\s(?:href|src|action|cite|data|poster|background|formaction)=\")(/(?!/)[^\"]*)");
    private static final Set<String> OWN_REQUEST_HEADERS =
            Set.of(
                    "authorization",
                    "connection",
                    "keep-alive",
                    "transfer-encoding",
                    "upgrade",
                    "te",
                    "host",
                    "content-length",
                    "accept-encoding");
    private static final Set<String> OWN_ANSWER_HEADERS =
            Set.of(
                    "connection",
                    "keep-alive",
                    "transfer-encoding",
                    "content-length",
                    "content-type");

    private final ResourceApi api;
    private final ClusterNetwork network;

    ResourceProxy(ResourceApi api, ClusterNetwork network) {
        this.api = api;
        this.network = network;
    }

    /** Where a request goes. */
    private record Target(boolean tls, String host, int port) {
        String authority() {
            return host + ":" + port;
        }
    }

    /** {@code NAME}, {@code NAME:PORT} or {@code SCHEME:NAME:PORT}. */
    private record Id(String scheme, String name, String port) {
        static Id parse(String text, String kind) {
            String[] parts = text.split(":", -1);
            boolean schemed =
                    parts.length == 3
                            && (parts[0].equals("http")
                                    || parts[0].equals("https")
                                    || parts[0].isEmpty());
            if (parts.length > 3 || (parts.length == 3 && !schemed)) {
                throw Statuses.badRequest("invalid " + kind + " request \"" + text + "\"");
            }
            return switch (parts.length) {
                case 1 -> new Id("", parts[0], "");
                case 2 -> new Id("", parts[0], parts[1]);
                default -> new Id(parts[0], parts[1], parts[2]);
            };
        }
    }

    @Override
    public @Nullable ApiResponse answer(ApiRequest request) {
        Matcher path = PATH.matcher(request.path());
        if (!path.matches()) {
            return null;
        }
        Target target =
                path.group(3).equals("pods")
                        ? pod(path.group(2), path.group(4))
                        : service(path.group(2), path.group(4));
        if (path.group(5) == null && Set.of("GET", "HEAD").contains(request.method())) {
            return ApiResponse.bytes(301, "", new byte[0])
                    .with("Location", List.of(request.path() + "/" + query(request)));
        }
        String inner = path.group(5) == null ? "/" : path.group(5);
        return pass(request, target, path.group(1), inner);
    }

    private Target pod(String namespace, String text) {
        Id id = Id.parse(text, "pod");
        ObjectNode pod = find("pods", namespace, id.name());
        String port = id.port();
        if (port.isEmpty()) {
            port = pod.at("/spec/containers").findPath("containerPort").asText("");
        }
        String ip = pod.at("/status/podIP").asText("");
        if (ip.isEmpty()) {
            throw Statuses.badRequest("address not allowed");
        }
        boolean tls = id.scheme().equals("https");
        int number = port.matches("\\d{1,5}") ? Integer.parseInt(port) : tls ? 443 : 80;
        return new Target(tls, ip, number);
    }

    private Target service(String namespace, String text) {
        Id id = Id.parse(text, "service");
        String port = id.port();
        if (port.matches("\\d+")) {
            port = nameOf(find("services", namespace, id.name()), port);
        }
        ObjectNode endpoints = find("endpoints", namespace, id.name());
        for (JsonNode subset : endpoints.path("subsets")) {
            for (JsonNode offered : subset.path("ports")) {
                if (!offered.path("name").asText("").equals(port)) {
                    continue;
                }
                for (JsonNode address : subset.path("addresses")) {
                    if (address.path("targetRef").path("kind").asText().equals("Pod")) {
                        return new Target(
                                id.scheme().equals("https"),
                                address.path("ip").asText(),
                                offered.path("port").asInt());
                    }
                }
            }
        }
        throw unavailable(
                "no endpoints available for service \""
                        + (endpoints.path("subsets").isEmpty() ? id.name() : text)
                        + "\"");
    }

    private static String nameOf(ObjectNode service, String number) {
        for (JsonNode port : service.at("/spec/ports")) {
            if (port.path("port").asText().equals(number)) {
                return port.path("name").asText("");
            }
        }
        throw unavailable(
                "no service port "
                        + number
                        + " found for service \""
                        + service.at("/metadata/name").asText()
                        + "\"");
    }

    private ObjectNode find(String plural, String namespace, String name) {
        ObjectNode found = api.find(new ResourceKey("", plural, namespace, name));
        if (found == null) {
            throw Statuses.notFound("", plural, name);
        }
        return found;
    }

    private static RuntimeException unavailable(String message) {
        return Statuses.failure(503, "ServiceUnavailable", message, null);
    }

    private ApiResponse pass(ApiRequest request, Target target, String prefix, String inner) {
        List<HttpApp.Header> headers = new ArrayList<>();
        headers.add(new HttpApp.Header("Host", target.authority()));
        request.headers()
                .forEach(
                        header -> {
                            String name = header.getKey().toLowerCase(Locale.ROOT);
                            if (!OWN_REQUEST_HEADERS.contains(name)
                                    && !name.startsWith("x-http2-")
                                    && !name.startsWith("impersonate-")) {
                                headers.add(new HttpApp.Header(header.getKey(), header.getValue()));
                            }
                        });
        headers.add(new HttpApp.Header("X-Forwarded-For", "127.0.0.1"));
        headers.add(new HttpApp.Header("X-Forwarded-Uri", prefix + encoded(inner)));
        try (Socket socket = connect(target)) {
            HttpClient.Answer answer =
                    HttpClient.exchange(
                            socket,
                            request.method(),
                            encoded(inner) + query(request),
                            headers,
                            request.body());
            return rewritten(answer, target, prefix);
        } catch (IOException e) {
            throw unavailable("error trying to reach service: " + cause(e, target));
        }
    }

    private static String cause(IOException e, Target target) {
        return e instanceof java.net.ConnectException
                ? "dial tcp " + target.authority() + ": connect: connection refused"
                : e instanceof java.io.EOFException ? "EOF" : String.valueOf(e.getMessage());
    }

    private Socket connect(Target target) throws IOException {
        Socket socket = network.connect(null, target.host(), target.port());
        return target.tls() ? TrustAll.wrap(socket, target.host(), target.port()) : socket;
    }

    private static ApiResponse rewritten(HttpClient.Answer answer, Target target, String prefix) {
        Map<String, List<String>> headers = new TreeMap<>();
        for (HttpApp.Header header : answer.headers()) {
            if (!OWN_ANSWER_HEADERS.contains(header.name().toLowerCase(Locale.ROOT))) {
                boolean location = header.name().equalsIgnoreCase("location");
                headers.computeIfAbsent(header.name(), _ -> new ArrayList<>())
                        .add(location ? location(header.value(), target, prefix) : header.value());
            }
        }
        String type = answer.header("content-type");
        byte[] body = answer.body();
        if (type != null && type.split(";", 2)[0].strip().equals("text/html")) {
            String html = new String(body, StandardCharsets.UTF_8);
            body =
                    LINK.matcher(html)
                            .replaceAll(
                                    link ->
                                            Matcher.quoteReplacement(
                                                    link.group(1) + prefix + link.group(2)))
                            .getBytes(StandardCharsets.UTF_8);
        }
        return new ApiResponse(
                answer.status(), type == null ? "" : type, headers, new ApiResponse.Bytes(body));
    }

    private static String location(String value, Target target, String prefix) {
        String path =
                value.replaceFirst(
                        "^https?://" + Pattern.quote(target.authority()) + "(?=/|$)", "");
        return path.startsWith("/") && !path.startsWith("//") && !path.startsWith(prefix)
                ? prefix + path
                : value;
    }

    private static String encoded(String path) {
        List<String> parts = new ArrayList<>();
        for (String part : path.split("/", -1)) {
            parts.add(URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"));
        }
        return String.join("/", parts);
    }

    private static String query(ApiRequest request) {
        List<String> pairs = new ArrayList<>();
        request.query()
                .forEach(
                        (name, values) ->
                                values.forEach(
                                        value ->
                                                pairs.add(
                                                        URLEncoder.encode(
                                                                        name,
                                                                        StandardCharsets.UTF_8)
                                                                + "="
                                                                + URLEncoder.encode(
                                                                        value,
                                                                        StandardCharsets.UTF_8))));
        return pairs.isEmpty() ? "" : "?" + String.join("&", pairs);
    }
}
