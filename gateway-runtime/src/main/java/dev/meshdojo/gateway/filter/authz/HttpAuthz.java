package dev.meshdojo.gateway.filter.authz;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.meshdojo.gateway.filter.FilterContext;
import dev.meshdojo.gateway.filter.SideResponse;
import dev.meshdojo.gateway.route.match.StringMatch;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.stream.format.FormatContext;
import dev.meshdojo.gateway.stream.format.SubstitutionFormat;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthz;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.HttpService;
import io.envoyproxy.envoy.type.matcher.v3.ListStringMatcher;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Asks an HTTP service: it gets the request's method, path and chosen headers, and its status is
 * the answer. Source: Envoy's RawHttpClientImpl.
 */
final class HttpAuthz implements AuthzService {

    private static final Set<String> CLIENT_ALWAYS = Set.of("path", "www-authenticate", "location");

    private record Extra(String name, SubstitutionFormat value) {}

    private final String cluster;
    private final Duration timeout;
    private final String pathPrefix;
    private final List<StringMatch> sent;
    private final List<StringMatch> withheld;
    private final List<Extra> extras = new ArrayList<>();
    private final List<StringMatch> upstream;
    private final List<StringMatch> upstreamAppended;
    private final List<StringMatch> client;
    private final List<StringMatch> clientOnSuccess;
    private final List<StringMatch> metadata;

    HttpAuthz(ExtAuthz proto) {
        HttpService service = proto.getHttpService();
        cluster = service.getServerUri().getCluster();
        timeout = Durations.of(service.getServerUri().getTimeout());
        pathPrefix = service.getPathPrefix();
        if (!pathPrefix.isEmpty() && !pathPrefix.startsWith("/")) {
            throw new InvalidConfigException("path_prefix should start with \"/\".");
        }
        sent = compile(proto.hasAllowedHeaders() ? proto.getAllowedHeaders() : old(service));
        withheld = compile(proto.getDisallowedHeaders());
        for (HeaderValue extra : service.getAuthorizationRequest().getHeadersToAddList()) {
            extras.add(
                    new Extra(
                            extra.getKey().toLowerCase(Locale.ROOT),
                            SubstitutionFormat.compile(extra.getValue())));
        }
        var answer = service.getAuthorizationResponse();
        upstream = compile(answer.getAllowedUpstreamHeaders());
        upstreamAppended = compile(answer.getAllowedUpstreamHeadersToAppend());
        client = compile(answer.getAllowedClientHeaders());
        clientOnSuccess = compile(answer.getAllowedClientHeadersOnSuccess());
        metadata = compile(answer.getDynamicMetadataFromHeaders());
    }

    @SuppressWarnings("deprecation") // control planes still send it
    private static ListStringMatcher old(HttpService service) {
        return service.getAuthorizationRequest().getAllowedHeaders();
    }

    private static List<StringMatch> compile(ListStringMatcher matchers) {
        return StringMatch.compileAll(matchers.getPatternsList());
    }

    private static boolean any(List<StringMatch> matchers, String name) {
        return matchers.stream().anyMatch(matcher -> matcher.matches(name));
    }

    @Override
    public String cluster() {
        return cluster;
    }

    @Override
    public Duration timeout() {
        return timeout;
    }

    @Override
    public Question ask(FilterContext context, @Nullable AuthzBody body) {
        RequestHead request = context.request();
        byte[] bytes = body == null ? new byte[0] : body.bytes();
        HeaderMap headers = new HeaderMap();
        headers.add("content-length", Integer.toString(bytes.length));
        request.headers()
                .forEach(
                        (name, value) -> {
                            boolean wanted = name.equals("authorization") || any(sent, name);
                            if (wanted
                                    && !any(withheld, name)
                                    && !name.equals("content-length")
                                    && !name.equals("transfer-encoding")) {
                                headers.add(name, value);
                            }
                        });
        if (body != null) {
            headers.set("x-envoy-auth-partial-body", Boolean.toString(body.partial()));
        }
        for (Extra extra : extras) {
            FormatContext values = new FormatContext(request, null, null, context.streamInfo());
            headers.add(extra.name, extra.value.omitEmpty(values));
        }
        return new Question(
                new RequestHead(
                        request.method(),
                        request.scheme(),
                        request.authority(),
                        pathPrefix + request.path(),
                        headers),
                bytes);
    }

    @Override
    public AuthzDecision decide(@Nullable SideResponse answer) {
        if (answer == null || answer.status() >= 500) {
            return new AuthzDecision.Failed();
        }
        if (answer.status() == 200) {
            return allowed(answer);
        }
        HeaderMap headers = new HeaderMap();
        answer.headers()
                .forEach(
                        (name, value) -> {
                            if (toClient(name)) {
                                headers.add(name, value);
                            }
                        });
        return new AuthzDecision.Denied(
                answer.status(),
                headers,
                answer.body().toString(StandardCharsets.UTF_8),
                Struct.getDefaultInstance());
    }

    private boolean toClient(String name) {
        if (name.equals("host") || name.equals("content-length")) {
            return false;
        }
        return client.isEmpty() || CLIENT_ALWAYS.contains(name) || any(client, name);
    }

    private AuthzDecision allowed(SideResponse answer) {
        List<AuthzDecision.Line> request = new ArrayList<>();
        List<AuthzDecision.Line> response = new ArrayList<>();
        List<String> removed = new ArrayList<>();
        Struct.Builder kept = Struct.newBuilder();
        answer.headers()
                .forEach(
                        (name, value) -> {
                            if (name.equals("x-envoy-auth-headers-to-remove")) {
                                for (String each : value.split(",", -1)) {
                                    removed.add(each.trim().toLowerCase(Locale.ROOT));
                                }
                                return;
                            }
                            if (any(upstream, name)) {
                                request.add(line(name, value, AuthzDecision.Join.SET));
                            }
                            if (any(upstreamAppended, name)) {
                                request.add(line(name, value, AuthzDecision.Join.ADD));
                            }
                            if (any(clientOnSuccess, name)) {
                                response.add(line(name, value, AuthzDecision.Join.ADD));
                            }
                            if (any(metadata, name)) {
                                kept.putFields(
                                        name, Value.newBuilder().setStringValue(value).build());
                            }
                        });
        return new AuthzDecision.Allowed(
                request, removed, response, Map.of(), List.of(), kept.build());
    }

    private static AuthzDecision.Line line(String name, String value, AuthzDecision.Join join) {
        return new AuthzDecision.Line(name, value, join);
    }
}
