package dev.meshdojo.gateway.filter.authz;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import dev.meshdojo.gateway.filter.FilterContext;
import dev.meshdojo.gateway.filter.SideResponse;
import dev.meshdojo.gateway.route.match.StringMatch;
import dev.meshdojo.gateway.stream.AddressText;
import dev.meshdojo.gateway.stream.CertificateFields;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.stream.StreamInfo;
import dev.meshdojo.gateway.stream.TlsInfo;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.core.v3.QueryParameter;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.CheckSettings;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthz;
import io.envoyproxy.envoy.service.auth.v3.AttributeContext;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.envoyproxy.envoy.service.auth.v3.OkHttpResponse;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks a gRPC service with {@code envoy.service.auth.v3.Authorization/Check}. Source: Envoy's
 * GrpcClientImpl and CheckRequestUtils.
 */
final class GrpcAuthz implements AuthzService {

    private static final int PREFIX = 5;

    private final String filterName;
    private final String cluster;
    private final String authority;
    private final Duration timeout;
    private final List<StringMatch> sent;
    private final List<StringMatch> withheld;
    private final boolean certificate;
    private final boolean session;

    GrpcAuthz(String filterName, ExtAuthz proto) {
        this.filterName = filterName;
        var service = proto.getGrpcService();
        if (!service.hasEnvoyGrpc()) {
            throw new InvalidConfigException(
                    "ext_authz: only envoy_grpc services are supported here, not google_grpc");
        }
        cluster = service.getEnvoyGrpc().getClusterName();
        authority =
                service.getEnvoyGrpc().getAuthority().isEmpty()
                        ? cluster
                        : service.getEnvoyGrpc().getAuthority();
        timeout =
                service.hasTimeout() ? Durations.of(service.getTimeout()) : Duration.ofMillis(200);
        sent = StringMatch.compileAll(proto.getAllowedHeaders().getPatternsList());
        withheld = StringMatch.compileAll(proto.getDisallowedHeaders().getPatternsList());
        certificate = proto.getIncludePeerCertificate();
        session = proto.getIncludeTlsSession();
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
        byte[] message = check(context, body).toByteArray();
        ByteBuffer framed = ByteBuffer.allocate(PREFIX + message.length);
        framed.put((byte) 0).putInt(message.length).put(message);
        HeaderMap headers = new HeaderMap();
        headers.add("te", "trailers");
        if (timeout.isPositive()) {
            headers.add("grpc-timeout", timeout.toMillis() + "m");
        }
        headers.add("content-type", "application/grpc");
        headers.add(
                "x-forwarded-for",
                AddressText.host(context.streamInfo().downstreamLocalAddress().getAddress()));
        return new Question(
                new RequestHead(
                        "POST",
                        "http",
                        authority,
                        "/envoy.service.auth.v3.Authorization/Check",
                        headers),
                framed.array());
    }

    private CheckRequest check(FilterContext context, @Nullable AuthzBody body) {
        StreamInfo info = context.streamInfo();
        AttributeContext.Builder attributes = AttributeContext.newBuilder();
        attributes.setSource(peer(info.downstreamRemoteAddress()));
        attributes.setDestination(peer(info.downstreamLocalAddress()));
        TlsInfo tls = info.tls();
        if (tls != null) {
            principals(attributes, tls);
            if (session && info.requestedServerName() != null) {
                attributes.getTlsSessionBuilder().setSni(info.requestedServerName());
            }
        }
        Instant start = info.startTime();
        attributes
                .getRequestBuilder()
                .setTime(
                        Timestamp.newBuilder()
                                .setSeconds(start.getEpochSecond())
                                .setNanos(start.getNano()));
        http(attributes.getRequestBuilder().getHttpBuilder(), context, body);
        if (context.routeConfig(filterName) instanceof CheckSettings own) {
            attributes.putAllContextExtensions(own.getContextExtensionsMap());
        }
        attributes
                .setMetadataContext(Metadata.getDefaultInstance())
                .setRouteMetadataContext(Metadata.getDefaultInstance());
        return CheckRequest.newBuilder().setAttributes(attributes).build();
    }

    private void principals(AttributeContext.Builder attributes, TlsInfo tls) {
        X509Certificate client = tls.peerCertificate();
        if (client != null) {
            attributes.getSourceBuilder().setPrincipal(principal(client));
            if (certificate) {
                attributes
                        .getSourceBuilder()
                        .setCertificate(CertificateFields.urlEncodedPem(client));
            }
        }
        if (tls.localCertificate() != null) {
            attributes.getDestinationBuilder().setPrincipal(principal(tls.localCertificate()));
        }
    }

    private static String principal(X509Certificate leaf) {
        List<String> uris = CertificateFields.uriSans(leaf);
        if (!uris.isEmpty()) {
            return uris.getFirst();
        }
        List<String> names = CertificateFields.dnsSans(leaf);
        return names.isEmpty() ? CertificateFields.subject(leaf) : names.getFirst();
    }

    private static AttributeContext.Peer.Builder peer(InetSocketAddress address) {
        AttributeContext.Peer.Builder peer = AttributeContext.Peer.newBuilder();
        Address.Builder to = peer.getAddressBuilder();
        to.getSocketAddressBuilder()
                .setAddress(address.getAddress().getHostAddress())
                .setPortValue(address.getPort());
        return peer;
    }

    private void http(
            AttributeContext.HttpRequest.Builder http,
            FilterContext context,
            @Nullable AuthzBody body) {
        RequestHead request = context.request();
        http.setId(Long.toUnsignedString(context.random()))
                .setMethod(request.method())
                .setPath(request.path())
                .setHost(request.authority())
                .setScheme(request.scheme())
                .setSize(context.streamInfo().bytesReceived());
        String protocol = context.streamInfo().protocol();
        if (protocol != null) {
            http.setProtocol(protocol);
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(":authority", request.authority());
        headers.put(":path", request.path());
        headers.put(":method", request.method());
        headers.put(":scheme", request.scheme());
        request.headers()
                .forEach((name, value) -> headers.merge(name, value, (a, b) -> a + "," + b));
        headers.keySet()
                .removeIf(
                        name ->
                                (!sent.isEmpty() && sent.stream().noneMatch(m -> m.matches(name)))
                                        || withheld.stream().anyMatch(m -> m.matches(name)));
        if (body != null) {
            if (body.raw()) {
                http.setRawBody(com.google.protobuf.ByteString.copyFrom(body.bytes()));
            } else {
                http.setBody(new String(body.bytes(), StandardCharsets.UTF_8));
            }
            headers.put("x-envoy-auth-partial-body", Boolean.toString(body.partial()));
        }
        http.putAllHeaders(headers);
    }

    @Override
    public AuthzDecision decide(@Nullable SideResponse answer) {
        if (answer == null || answer.status() != 200 || answer.body().size() < PREFIX) {
            return new AuthzDecision.Failed();
        }
        CheckResponse response;
        try {
            response = CheckResponse.parseFrom(answer.body().substring(PREFIX));
        } catch (InvalidProtocolBufferException e) {
            return new AuthzDecision.Failed();
        }
        Struct metadata = response.getDynamicMetadata();
        if (response.getStatus().getCode() == 0) {
            return allowed(response.getOkResponse(), metadata);
        }
        var denied = response.getDeniedResponse();
        HeaderMap headers = new HeaderMap();
        for (HeaderValueOption option : denied.getHeadersList()) {
            headers.add(
                    option.getHeader().getKey().toLowerCase(Locale.ROOT),
                    option.getHeader().getValue());
        }
        int status = denied.getStatus().getCodeValue();
        return new AuthzDecision.Denied(
                status == 0 ? 403 : status, headers, denied.getBody(), metadata);
    }

    private static AuthzDecision allowed(OkHttpResponse ok, Struct metadata) {
        Map<String, String> query = new LinkedHashMap<>();
        for (QueryParameter parameter : ok.getQueryParametersToSetList()) {
            query.put(parameter.getKey(), parameter.getValue());
        }
        return new AuthzDecision.Allowed(
                lines(ok.getHeadersList(), AuthzDecision.Join.JOIN_IF_PRESENT),
                ok.getHeadersToRemoveList().stream()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .toList(),
                lines(ok.getResponseHeadersToAddList(), AuthzDecision.Join.ADD),
                query,
                ok.getQueryParametersToRemoveList(),
                metadata);
    }

    @SuppressWarnings("deprecation") // services still answer with append
    private static List<AuthzDecision.Line> lines(
            List<HeaderValueOption> options, AuthzDecision.Join appended) {
        List<AuthzDecision.Line> lines = new ArrayList<>();
        for (HeaderValueOption option : options) {
            AuthzDecision.Join join;
            if (option.hasAppend()) {
                join = option.getAppend().getValue() ? appended : AuthzDecision.Join.SET;
            } else {
                join =
                        switch (option.getAppendAction()) {
                            case ADD_IF_ABSENT -> AuthzDecision.Join.ADD_IF_ABSENT;
                            case OVERWRITE_IF_EXISTS_OR_ADD -> AuthzDecision.Join.SET;
                            case OVERWRITE_IF_EXISTS ->
                                    appended == AuthzDecision.Join.JOIN_IF_PRESENT
                                            ? AuthzDecision.Join.SET
                                            : AuthzDecision.Join.SET_IF_PRESENT;
                            case APPEND_IF_EXISTS_OR_ADD, UNRECOGNIZED ->
                                    appended == AuthzDecision.Join.JOIN_IF_PRESENT
                                            ? AuthzDecision.Join.SET
                                            : appended;
                        };
            }
            lines.add(
                    new AuthzDecision.Line(
                            option.getHeader().getKey().toLowerCase(Locale.ROOT),
                            option.getHeader().getValue(),
                            join));
        }
        return lines;
    }
}
