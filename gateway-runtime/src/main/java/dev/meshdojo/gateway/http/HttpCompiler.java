package dev.meshdojo.gateway.http;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshdojo.gateway.codec.HeadLimits;
import dev.meshdojo.gateway.filter.registry.FilterCatalog;
import dev.meshdojo.gateway.http.HttpConfig.ClientCertRules;
import dev.meshdojo.gateway.http.HttpConfig.Codec;
import dev.meshdojo.gateway.http.HttpConfig.EscapedSlashes;
import dev.meshdojo.gateway.http.HttpConfig.ForwardClientCert;
import dev.meshdojo.gateway.http.HttpConfig.HostRules;
import dev.meshdojo.gateway.http.HttpConfig.PathRules;
import dev.meshdojo.gateway.http.HttpConfig.RequestIdRules;
import dev.meshdojo.gateway.http.HttpConfig.ServerHeader;
import dev.meshdojo.gateway.route.RouteTable;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.stream.UnbuiltFields;
import dev.meshdojo.gateway.telemetry.AccessLog;
import dev.meshdojo.gateway.telemetry.HttpStats;
import dev.meshdojo.gateway.telemetry.Stats;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Compiles HTTP connection managers. */
public final class HttpCompiler {

    private final FilterCatalog filters;
    private final Stats stats;

    /** A compiler that takes filters from {@code filters}; its managers count in {@code stats}. */
    public HttpCompiler(FilterCatalog filters, Stats stats) {
        this.filters = filters;
        this.stats = stats;
    }

    /**
     * Compiles {@code any}.
     *
     * @param outbound whether the listener's traffic direction is outbound
     * @throws InvalidConfigException when it cannot be run
     */
    public HttpConfig compile(Any any, boolean outbound) {
        HttpConnectionManager proto;
        try {
            proto = any.unpack(HttpConnectionManager.class);
        } catch (InvalidProtocolBufferException e) {
            throw new InvalidConfigException("Unable to unpack as HttpConnectionManager");
        }
        refuseUnbuilt(proto);
        var common = proto.getCommonHttpProtocolOptions();
        int kilobytes =
                proto.hasMaxRequestHeadersKb() ? proto.getMaxRequestHeadersKb().getValue() : 60;
        int lines = common.hasMaxHeadersCount() ? common.getMaxHeadersCount().getValue() : 100;
        return new HttpConfig(
                proto.getStatPrefix(),
                codec(proto),
                proto.hasRds() ? proto.getRds().getRouteConfigName() : null,
                proto.hasRouteConfig() ? RouteTable.compile(proto.getRouteConfig(), filters) : null,
                filters.compileChain(proto.getHttpFiltersList()),
                AccessLog.compileAll(proto.getAccessLogList()),
                proto.getServerName().isEmpty() ? "envoy" : proto.getServerName(),
                switch (proto.getServerHeaderTransformation()) {
                    case APPEND_IF_ABSENT -> ServerHeader.APPEND_IF_ABSENT;
                    case PASS_THROUGH -> ServerHeader.PASS_THROUGH;
                    case OVERWRITE, UNRECOGNIZED -> ServerHeader.OVERWRITE;
                },
                new HeadLimits(kilobytes * 1024, lines),
                proto.getUseRemoteAddress().getValue(),
                proto.getXffNumTrustedHops(),
                proto.getSkipXffAppend(),
                new PathRules(
                        proto.getNormalizePath().getValue(),
                        proto.getMergeSlashes(),
                        switch (proto.getPathWithEscapedSlashesAction()) {
                            case REJECT_REQUEST -> EscapedSlashes.REJECT;
                            case UNESCAPE_AND_REDIRECT -> EscapedSlashes.UNESCAPE_AND_REDIRECT;
                            case UNESCAPE_AND_FORWARD -> EscapedSlashes.UNESCAPE_AND_FORWARD;
                            case KEEP_UNCHANGED, IMPLEMENTATION_SPECIFIC_DEFAULT, UNRECOGNIZED ->
                                    EscapedSlashes.KEEP;
                        }),
                hostRules(proto),
                new RequestIdRules(
                        !proto.hasGenerateRequestId() || proto.getGenerateRequestId().getValue(),
                        proto.getPreserveExternalRequestId(),
                        proto.getAlwaysSetRequestIdInResponse()),
                new ClientCertRules(
                        switch (proto.getForwardClientCertDetails()) {
                            case FORWARD_ONLY -> ForwardClientCert.FORWARD_ONLY;
                            case APPEND_FORWARD -> ForwardClientCert.APPEND_FORWARD;
                            case SANITIZE_SET -> ForwardClientCert.SANITIZE_SET;
                            case ALWAYS_FORWARD_ONLY -> ForwardClientCert.ALWAYS_FORWARD_ONLY;
                            case SANITIZE, UNRECOGNIZED -> ForwardClientCert.SANITIZE;
                        },
                        proto.getSetCurrentClientCertDetails().getSubject().getValue(),
                        proto.getSetCurrentClientCertDetails().getCert(),
                        proto.getSetCurrentClientCertDetails().getChain(),
                        proto.getSetCurrentClientCertDetails().getDns(),
                        proto.getSetCurrentClientCertDetails().getUri()),
                upgrades(proto),
                proto.getVia(),
                proto.hasTracing() && outbound,
                proto.getHttpProtocolOptions().getAcceptHttp10(),
                proto.getProxy100Continue(),
                HttpTimeouts.compile(proto),
                HttpStats.of(stats, proto.getStatPrefix()));
    }

    private static void refuseUnbuilt(HttpConnectionManager proto) {
        UnbuiltFields.refuse(
                proto,
                "http_connection_manager",
                "scoped_routes",
                "add_user_agent",
                "original_ip_detection_extensions",
                "early_header_mutation_extensions",
                "local_reply_config",
                "path_normalization_options",
                "proxy_status_config",
                "typed_header_validation_config");
        UnbuiltFields.refuse(
                proto.getHttpProtocolOptions(),
                "http_protocol_options",
                "default_host_for_http_10",
                "enable_trailers",
                "allow_chunked_length",
                "send_fully_qualified_url",
                "allow_custom_methods");
        UnbuiltFields.refuse(
                proto.getCommonHttpProtocolOptions(),
                "common_http_protocol_options",
                "headers_with_underscores_action");
        UnbuiltFields.refuse(
                proto.getSchemeHeaderTransformation(),
                "scheme_header_transformation",
                "match_upstream");
    }

    private static HostRules hostRules(HttpConnectionManager proto) {
        return new HostRules(
                proto.getStripAnyHostPort(),
                proto.getStripMatchingHostPort(),
                proto.getStripTrailingHostDot(),
                proto.getSchemeHeaderTransformation().getSchemeToOverwrite(),
                proto.getAppendXForwardedPort());
    }

    private static Codec codec(HttpConnectionManager proto) {
        return switch (proto.getCodecType()) {
            case AUTO -> Codec.AUTO;
            case HTTP1 -> Codec.HTTP1;
            case HTTP2 -> Codec.HTTP2;
            case HTTP3, UNRECOGNIZED ->
                    throw new InvalidConfigException(
                            "HTTP/3 codec configured on non-QUIC listener.");
        };
    }

    private static Set<String> upgrades(HttpConnectionManager proto) {
        Set<String> types = new HashSet<>();
        for (var upgrade : proto.getUpgradeConfigsList()) {
            if (!upgrade.hasEnabled() || upgrade.getEnabled().getValue()) {
                types.add(upgrade.getUpgradeType().toLowerCase(Locale.ROOT));
            }
        }
        return types;
    }
}
